//! From a draft to a verdict: begins, completes, keeps and repeats runs.
//!
//! Invariants: every step of a run is a real request, sent by `relying_party`
//! and recorded; of the provider's functions only those are called that make a
//! sandbox and sign a person in, as its own pages do, and two that no request can
//! do: to let a token expire before its time, and to put the configuration client
//! back for who locked themselves out. A run is shown to the holder of its
//! sandbox's key and to nobody else. Reading writes nothing.
//!
//! Start at [`Playground::begin`]; the run goes on in [`Playground::callback`]
//! and is read with [`Playground::run`].
//!
//! ```no_run
//! use playground::{BeginError, Link, Playground};
//! use provider::SandboxKey;
//!
//! /// What the button on the first page does: the address to redirect to.
//! async fn press_run(playground: &Playground, key: &SandboxKey) -> Result<String, BeginError> {
//!     let sandbox = playground.sandbox(key).await?;
//!     let draft = playground.default_draft(&sandbox);
//!     let begun = playground.begin(key, draft, Link::default()).await?;
//!     Ok(begun.location)
//! }
//! ```

mod admin_tokens;
mod begin;
mod callback;
mod console;
mod error;
mod fix;
mod fresh;
mod records;
mod runs;
mod sandbox;
mod steps;
mod transfer;

pub use admin_tokens::{
    AdminTokenError, AdminTokenView, Answered, CallPlace, LabView, PlaceCall, TokenStep, Trial,
    Tried, Widening,
};
pub use begin::{BeginError, Begun, Link};
pub use callback::{CallbackError, Way};
pub use console::{ADMIN_SCOPE, Change, ConsoleError, Method, Wish};
pub use error::PlaygroundError;
pub use fix::FixError;
pub use records::Kept;
pub use runs::{RunError, RunSummary};
pub use sandbox::SandboxView;
pub use steps::{LogoutError, Pressed, StepError, StepTaken};
pub use transfer::{ImportError, Imported};

use oidc::time::{Clock, UnixTime};
use provider::Provider;
use relying_party::flow::RelyingParty;
use std::{
    future::pending,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    panic::resume_unwind,
    sync::Arc,
};
use store::Store;
use tokio::{
    sync::{Mutex, MutexGuard},
    task::JoinError,
};

/// How long a run is kept, in seconds: a day.
pub const RUN_LIFETIME: i64 = 86_400;

/// How many callbacks and steps can be worked on without waiting for each other.
const LANES: usize = 64;

/// The playground. Cloning it is cheap; all clones are one.
#[derive(Clone)]
pub struct Playground(Arc<Inner>);

struct Inner {
    store: Store,
    provider: Provider,
    relying_party: RelyingParty,
    clock: Arc<dyn Clock>,
    public_url: String,
    lanes: [Mutex<()>; LANES],
}

impl Playground {
    /// Puts the parts together. `public_url` is where browsers find the
    /// playground, and the provider below it.
    #[must_use]
    pub fn new(
        store: Store,
        provider: Provider,
        relying_party: RelyingParty,
        clock: Arc<dyn Clock>,
        mut public_url: String,
    ) -> Self {
        public_url.truncate(public_url.trim_end_matches('/').len());
        Self(Arc::new(Inner {
            store,
            provider,
            relying_party,
            clock,
            public_url,
            lanes: std::array::from_fn(|_| Mutex::new(())),
        }))
    }

    /// Does the work also when nobody waits for it any more, so that a browser
    /// that reloads leaves nothing half done.
    async fn to_the_end<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
        match tokio::spawn(work).await.map_err(JoinError::try_into_panic) {
            Ok(done) => done,
            Err(Ok(panic)) => resume_unwind(panic),
            // Nobody cancels it but a runtime that ends, and this with it.
            Err(Err(_)) => pending().await,
        }
    }

    /// The present moment, as everything here is dated.
    #[must_use]
    pub fn now(&self) -> UnixTime {
        self.0.clock.now()
    }

    /// Where the provider sends browsers back to.
    fn redirect_uri(&self) -> String {
        format!("{}/callback", self.0.public_url)
    }

    /// Keeps two callbacks with the same `state` from being worked on at once:
    /// the second would redeem the code again, which revokes the first one's
    /// tokens. The same of two steps of one run and its refresh token.
    async fn lane(&self, customer: &str, name: &str) -> MutexGuard<'_, ()> {
        let mut hasher = DefaultHasher::new();
        (customer, name).hash(&mut hasher);
        let lane = usize::try_from(hasher.finish() % LANES as u64).unwrap_or(0);
        self.0.lanes[lane].lock().await
    }
}
