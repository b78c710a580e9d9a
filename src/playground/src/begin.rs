//! Sending the browser off.

use crate::{Playground, PlaygroundError, RUN_LIFETIME, fresh};
use diagnosis::evidence::{ClientView, Draft, PolicyChange};
use oidc::authorization::AuthorizationRequest;
use provider::{cookie, sandbox::SandboxKey};
use serde::{Deserialize, Serialize};
use std::{fmt, time::Instant};
use store::{RunStatus, StoredRun};

/// Where the browser goes, and what it takes along.
#[derive(Clone, PartialEq, Eq)]
pub struct Begun {
    /// The authorization request, byte for byte.
    pub location: String,
    /// Values for `Set-Cookie`. Secrets.
    pub set_cookies: Vec<String>,
}

impl fmt::Debug for Begun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Begun").finish_non_exhaustive()
    }
}

/// How a run hangs together with what came before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// The run it repeats.
    pub previous: Option<String>,
    /// The change of the token policy that came before it.
    pub change: Option<PolicyChange>,
}

/// Why a run cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum BeginError {
    /// The sandbox has no such client.
    #[error("There is no client with this id in your sandbox.")]
    UnknownClient,
    /// The sandbox has no such person.
    #[error("There is no such person in your sandbox.")]
    UnknownPerson,
    /// The authorization request would not fit into an address.
    #[error(
        "The request is too long: an address of more than {MAX_URL} bytes is not carried everywhere."
    )]
    TooLong,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] PlaygroundError),
}

/// The longest authorization request in bytes, without the endpoint: what
/// recipients of an address are asked to take at least.
/// [RFC 9110 section 4.1](https://www.rfc-editor.org/rfc/rfc9110#section-4.1)
const MAX_URL: usize = 8000;

/// How many runs a sandbox keeps; then the oldest go.
const MAX_RUNS: u32 = 200;

/// What is kept of a run until the browser comes back.
#[derive(Serialize, Deserialize)]
pub(crate) struct PendingRun {
    pub(crate) issuer: String,
    pub(crate) draft: Draft,
    pub(crate) request: AuthorizationRequest,
    pub(crate) authorization_url: String,
    pub(crate) client: ClientView,
    pub(crate) change: Option<PolicyChange>,
    pub(crate) previous: Option<String>,
    pub(crate) server_micros: u64,
}

/// Who is to be signed in when the browser arrives at the provider.
enum SignIn<'a> {
    /// This person.
    Person(&'a str),
    /// Nobody: the sign-in page asks.
    Ask,
}

impl Playground {
    /// Begins the run a draft describes.
    ///
    /// A `state` of ours that was used before comes from a form that was sent
    /// twice, with Back for instance. It gets fresh values instead, so that the
    /// second run is a run of its own. What a person typed is kept.
    ///
    /// # Errors
    /// When the draft names a client or a person that the sandbox does not
    /// have, its request is too long, or the store fails.
    pub async fn begin(
        &self,
        key: &SandboxKey,
        draft: Draft,
        link: Link,
    ) -> Result<Begun, BeginError> {
        self.begin_as(key, draft, link, None).await
    }

    /// The same. When the draft leaves the person open, `by_default` is signed in.
    pub(crate) async fn begin_as(
        &self,
        key: &SandboxKey,
        draft: Draft,
        link: Link,
        by_default: Option<&str>,
    ) -> Result<Begun, BeginError> {
        let begun = Instant::now();
        if draft.request(&self.redirect_uri()).url("").len() > MAX_URL {
            return Err(BeginError::TooLong);
        }
        let Prepared {
            customer,
            client,
            draft,
        } = self.prepare(key, draft).await?;
        let person = draft.person.as_deref().filter(|person| !person.is_empty());
        let sign_in = match person.or(by_default) {
            Some(person) => SignIn::Person(person),
            None => SignIn::Ask,
        };
        let session = self.session_cookie(&customer, sign_in).await?;
        let request = draft.request(&self.redirect_uri());
        let endpoint = self.0.provider.metadata(&customer).authorization_endpoint;
        let location = request.url(&endpoint);
        let now = self.0.clock.now();
        let pending = PendingRun {
            issuer: self.0.provider.issuer(&customer),
            request,
            authorization_url: location.clone(),
            client,
            change: link.change,
            previous: link.previous,
            server_micros: micros(begun),
            draft,
        };
        let run = StoredRun {
            id: fresh::token(),
            customer_id: customer,
            state: pending.request.state.clone().unwrap_or_default(),
            status: RunStatus::Pending,
            body: serde_json::to_string(&pending).map_err(PlaygroundError::from)?,
            created_at: now,
            expires_at: now.plus(RUN_LIFETIME),
        };
        self.0
            .store
            .insert_run(&run)
            .await
            .map_err(PlaygroundError::from)?;
        self.0
            .store
            .trim_runs(&run.customer_id, MAX_RUNS)
            .await
            .map_err(PlaygroundError::from)?;
        Ok(Begun {
            location,
            set_cookies: vec![self.0.provider.sandbox_cookie(key), session],
        })
    }

    /// Makes sure that the sandbox is there and has what the draft names.
    async fn prepare(&self, key: &SandboxKey, mut draft: Draft) -> Result<Prepared, BeginError> {
        let customer = self
            .0
            .provider
            .ensure_sandbox(key)
            .await
            .map_err(PlaygroundError::from)?
            .id;
        let client = self
            .0
            .store
            .client(&customer, &draft.client)
            .await
            .map_err(PlaygroundError::from)?
            .ok_or(BeginError::UnknownClient)?;
        if let Some(state) = draft.state.as_deref().filter(|state| fresh::is_ours(state)) {
            let used = self.0.store.run_by_state(&customer, state).await;
            if used.map_err(PlaygroundError::from)?.is_some() {
                draft = fresh::renewed(draft);
            }
        }
        Ok(Prepared {
            customer,
            client: ClientView {
                id: client.id,
                name: client.name,
                client_type: client.client_type,
                token_policy: client.token_policy,
            },
            draft,
        })
    }

    /// Signs the person in, or ends the session there may be, so that the
    /// sign-in page really asks.
    async fn session_cookie(
        &self,
        customer: &str,
        sign_in: SignIn<'_>,
    ) -> Result<String, BeginError> {
        match sign_in {
            SignIn::Person(person) => self
                .0
                .provider
                .sign_in(customer, person)
                .await
                .map_err(PlaygroundError::from)?
                .ok_or(BeginError::UnknownPerson),
            SignIn::Ask => Ok(cookie::set(
                &cookie::session(customer),
                "",
                self.0.provider.secure(),
                Some(0),
            )),
        }
    }
}

/// What [`Playground::prepare`] found.
struct Prepared {
    customer: String,
    client: ClientView,
    draft: Draft,
}

/// Microseconds since then.
pub(crate) fn micros(begun: Instant) -> u64 {
    u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX)
}
