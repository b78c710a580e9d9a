//! The server that is killed.

use super::CrashOptions;
use crate::{
    failure::Failure,
    http_client::{Address, Connection},
};
use anyhow::{Context as _, bail};
use http::{HeaderMap, StatusCode};
use std::{
    process::{Child, Command, Stdio},
    time::Duration,
};
use tokio::time::{Instant, sleep};

/// How long a start may take before something must be wrong.
const START: Duration = Duration::from_secs(30);
/// How long to wait before asking again whether it is there.
const PAUSE: Duration = Duration::from_millis(5);

/// Our child; it ends when this is dropped.
pub(super) struct Server {
    command: Command,
    health: Address,
    child: Child,
}

impl Server {
    /// Starts it where the issuer says, on this machine.
    pub(super) async fn new(options: &CrashOptions, issuer: &str) -> anyhow::Result<Self> {
        let issuer = Address::parse(issuer)?;
        let mut command = Command::new(&options.server);
        // Settings meant for the person's own server.
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("OIDC_PLAYGROUND_") {
                command.env_remove(name);
            }
        }
        command
            .args(["serve", "--listen", &issuer.authority])
            .args(["--database-url", &options.database_url])
            .args(["--log-level", "error"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        // Somebody else's answers must not be taken for ours.
        let health = issuer.join("/healthz")?;
        if is_up(&health).await.is_ok() {
            bail!("something listens on {} already", issuer.authority);
        }
        let child = spawn(&mut command)?;
        let mut server = Self {
            command,
            health,
            child,
        };
        server.wait().await?;
        Ok(server)
    }

    /// Starts it again after it was killed.
    pub(super) async fn start(&mut self) -> anyhow::Result<()> {
        self.child = spawn(&mut self.command)?;
        self.wait().await
    }

    /// Ends it at once, as `kill -9` does.
    pub(super) fn kill(&mut self) -> anyhow::Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!("the server ended by itself ({status})");
        }
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    async fn wait(&mut self) -> anyhow::Result<()> {
        let begin = Instant::now();
        while is_up(&self.health).await.is_err() {
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended before it answered ({status})");
            }
            if begin.elapsed() > START {
                bail!(
                    "the server did not answer within {} seconds",
                    START.as_secs()
                );
            }
            sleep(PAUSE).await;
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail when it has ended already, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(command: &mut Command) -> anyhow::Result<Child> {
    command
        .spawn()
        .with_context(|| format!("{} cannot be started", command.get_program().display()))
}

async fn is_up(health: &Address) -> Result<(), Failure> {
    let mut connection = Connection::new(&health.authority);
    let answer = connection.get(health, &HeaderMap::new()).await?;
    crate::failure::ensure(answer.status == StatusCode::OK, "the server is not well")
}
