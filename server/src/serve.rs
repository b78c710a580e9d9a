//! From options to a running server, and to its end.

use crate::{
    clock::SystemClock,
    config::{Config, ConfigError, PublicUrl, reachable},
    connections::{self, Terms},
    descriptors::room_for_connections,
    fixtures::{self, FixtureFileError},
    logging, router,
    state::{AppState, Parts, leptos_options},
    sweep,
};
use app::ssr::AppContext;
use oidc::time::Clock;
use playground::Playground;
use provider::{Provider, Settings, fixture::Fixture};
use relying_party::{flow::RelyingParty, guard::Guard};
use std::{
    fmt::Display,
    future::Future,
    io::{self, ErrorKind, Write},
    net::SocketAddr,
    sync::Arc,
    time::Duration,
};
use store::Store;
use thiserror::Error;

/// How long requests in flight may take to finish.
const LAST_CALL: Duration = Duration::from_secs(10);

/// How many connections one address may have: a browser opens six, and a
/// company may sit behind one address.
const CONNECTIONS_PER_ADDRESS: usize = 1000;

/// Fewer connections than this are worth a word at the start.
const FEW_CONNECTIONS: usize = 512;

/// Why the server did not start, or ended badly: one sentence for the person
/// who started it.
#[derive(Debug, Error)]
pub enum ServeError {
    /// An option cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Another program listens there.
    #[error(
        "Port {} on {} is already in use: stop the program that uses it, or choose another with --listen.",
        .0.port(), .0.ip()
    )]
    InUse(SocketAddr),
    /// The address cannot be listened on.
    #[error("Cannot listen on {address}: {error}.")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        error: io::Error,
    },
    /// The store did not open, or could not be written.
    #[error("{0}")]
    Database(String),
    /// A fixture cannot be loaded.
    #[error(transparent)]
    Fixture(#[from] FixtureFileError),
    /// A customer cannot be written to a file.
    #[error("Cannot export: {0}.")]
    Export(String),
    /// Something that should not happen.
    #[error("Cannot start: {0}.")]
    Other(String),
}

impl ServeError {
    /// Something between the program and its data.
    pub(crate) fn database(error: impl Display) -> Self {
        Self::Database(sentence(&error.to_string()))
    }
}

/// Listens, puts the parts together and serves until told to stop.
///
/// # Errors
/// When it cannot start.
pub async fn serve(config: Config) -> Result<(), ServeError> {
    logging::start(config.log_level);
    // First of all, since the default public URL is made from what is bound, and
    // the relying party connects to it.
    let listener =
        connections::listen(config.listen).map_err(|error| listen_error(config.listen, error))?;
    let bound = listener
        .local_addr()
        .map_err(|error| listen_error(config.listen, error))?;
    let public_url = config
        .public_url
        .clone()
        .unwrap_or_else(|| PublicUrl::of_address(bound));
    let terms = terms(&config, bound, &public_url);
    // Before the database is touched: nothing is half-loaded.
    let fixtures = fixtures::read(&config.fixtures, &public_url)?;
    let state = build(&config, bound, public_url.clone()).await?;
    let provider = &state.context.provider;
    provider
        .load(&fixtures)
        .await
        .map_err(ServeError::database)?;
    let store = state.store.clone();
    if !config.site_root.is_dir() {
        tracing::warn!(
            "there is no built site in {}: pages will come without style and scripts",
            config.site_root.display()
        );
    }
    let sweeper = tokio::spawn(sweep::for_ever(state.context.provider.clone()));
    // Before anybody is told that the server is there, and may stop it.
    let stop = stop_signal().map_err(|error| ServeError::Other(error.to_string()))?;
    announce(bound, &public_url, &fixtures);
    if !connections::serve(listener, router(state), terms, stop, LAST_CALL).await {
        tracing::warn!("stopped with requests in flight");
    }
    sweeper.abort();
    store.close().await;
    Ok(())
}

/// What connections may do where this is bound and found.
fn terms(config: &Config, bound: SocketAddr, public_url: &PublicUrl) -> Terms {
    let at_once = room_for_connections();
    if at_once < FEW_CONNECTIONS {
        tracing::warn!(
            "only {at_once} connections at once: the limit of open files is low (`ulimit -n`)"
        );
    }
    Terms {
        at_once,
        per_address: if config.limits.are_on(bound, public_url) {
            CONNECTIONS_PER_ADDRESS
        } else {
            usize::MAX
        },
        trusted_proxies: config.trusted_proxies.clone(),
        ..Terms::default()
    }
}

/// Puts the parts of the site together.
async fn build(
    config: &Config,
    bound: SocketAddr,
    public_url: PublicUrl,
) -> Result<AppState, ServeError> {
    let store = Store::open(&config.database_url)
        .await
        .map_err(ServeError::database)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let here_only = public_url.is_only_here(bound);
    let limits = config.limits.are_on(bound, &public_url).then(Arc::default);
    let settings = Settings {
        public_url: public_url.as_str().to_owned(),
        demo: config.demo || here_only,
        loopback: here_only,
        sandboxes: config.sandboxes,
    };
    let provider = Provider::open(store.clone(), clock.clone(), settings)
        .await
        .map_err(ServeError::database)?;
    let guard = Guard::bundled(public_url.as_str(), reachable(bound))
        .map_err(|error| ServeError::Other(error.to_string()))?;
    let relying_party = RelyingParty::new(Arc::new(guard), clock.clone());
    let playground = Playground::new(
        store.clone(),
        provider.clone(),
        relying_party,
        clock.clone(),
        public_url.as_str().to_owned(),
    );
    Ok(AppState::from(Parts {
        leptos: leptos_options(&config.site_root),
        context: AppContext {
            playground,
            provider,
        },
        store,
        clock,
        public_url,
        limits,
    }))
}

fn listen_error(address: SocketAddr, error: io::Error) -> ServeError {
    match error.kind() {
        ErrorKind::AddrInUse => ServeError::InUse(address),
        _ => ServeError::Listen { address, error },
    }
}

/// The text with a capital at its beginning and a full stop at its end.
fn sentence(text: &str) -> String {
    let mut characters = text.trim().trim_end_matches('.').chars();
    let first = characters.next().map(char::to_uppercase);
    first
        .into_iter()
        .flatten()
        .chain(characters)
        .chain(['.'])
        .collect()
}

/// Says where to look, as the last thing on standard output, once connections
/// are taken; and before that what is in the fixtures, whose ids may follow from
/// names.
fn announce(bound: SocketAddr, public_url: &PublicUrl, fixtures: &[Fixture]) {
    let listening = PublicUrl::of_address(bound);
    let mut output = io::stdout().lock();
    // Nobody may be reading; that is no reason to stop.
    for customer in fixtures.iter().flat_map(|fixture| &fixture.customers) {
        let _ = writeln!(
            output,
            "Issuer {public_url}/{}/login ({})",
            customer.id, customer.name
        );
        for client in &customer.clients {
            let _ = writeln!(output, "  Client {} ({})", client.id, client.name);
        }
    }
    if listening != *public_url {
        let _ = writeln!(output, "Public URL {public_url}");
    }
    let _ = writeln!(output, "Listening on {listening}");
    let _ = output.flush();
}

/// Listens for SIGTERM and Ctrl-C from now on; the future waits for one.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Waits for Ctrl-C.
#[cfg(not(unix))]
#[expect(
    clippy::unnecessary_wraps,
    reason = "elsewhere, listening for signals can fail"
)]
fn stop_signal() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_become_sentences() {
        assert_eq!(sentence("no space left"), "No space left.");
        assert_eq!(sentence("Done."), "Done.");
    }

    #[test]
    fn a_port_in_use_is_said_in_one_sentence() {
        let error = ServeError::InUse("127.0.0.1:3000".parse().unwrap());
        assert_eq!(
            error.to_string(),
            "Port 3000 on 127.0.0.1 is already in use: stop the program that uses it, or choose another with --listen."
        );
    }
}
