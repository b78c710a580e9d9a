//! Runs that are over.

use crate::{Playground, PlaygroundError};
use diagnosis::{
    evidence::Run,
    verdict::{Tone, verdict},
};
use oidc::time::UnixTime;
use provider::sandbox::SandboxKey;
use store::RunStatus;

/// How many runs a list shows.
const LISTED: u32 = 50;

/// Why a run cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The visitor has no such run. Perhaps somebody else has; nobody is told.
    #[error("There is no such run in your sandbox.")]
    Unknown,
    /// It was kept for a day and is gone.
    #[error("The run has expired. Runs are kept for a day, because they hold tokens.")]
    Expired,
    /// The browser has not come back from the provider yet.
    #[error("The run waits for the browser to come back from the provider.")]
    Pending,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] PlaygroundError),
}

/// A line in the list of runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunSummary {
    /// The run's id.
    pub id: String,
    /// When it began.
    pub started_at: UnixTime,
    /// Its verdict.
    pub headline: String,
    /// The verdict's colour.
    pub tone: Tone,
    /// The scope that was asked for, as it was sent.
    pub scope: String,
    /// The client's name.
    pub client: String,
}

impl Playground {
    /// A finished run of the sandbox this key opens.
    ///
    /// # Errors
    /// When the visitor has no such run, or it cannot be shown yet or any more.
    pub async fn run(&self, key: &SandboxKey, id: &str) -> Result<Run, RunError> {
        let customer = self.customer(key).await?.ok_or(RunError::Unknown)?;
        let stored = self
            .0
            .store
            .run(&customer, id)
            .await
            .map_err(PlaygroundError::from)?
            .ok_or(RunError::Unknown)?;
        if stored.expires_at <= self.0.clock.now() {
            return Err(RunError::Expired);
        }
        match stored.status {
            RunStatus::Pending => Err(RunError::Pending),
            RunStatus::Finished => {
                Ok(serde_json::from_str(&stored.body).map_err(PlaygroundError::from)?)
            }
        }
    }

    /// The visitor's finished runs, the newest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn runs(&self, key: &SandboxKey) -> Result<Vec<RunSummary>, PlaygroundError> {
        let Some(customer) = self.customer(key).await? else {
            return Ok(Vec::new());
        };
        let now = self.0.clock.now();
        let stored = self.0.store.runs(&customer, LISTED).await?;
        Ok(stored
            .into_iter()
            .filter(|stored| now < stored.expires_at)
            .filter_map(|stored| match serde_json::from_str(&stored.body) {
                Ok(run) => Some(summary(run)),
                Err(error) => {
                    tracing::error!(run = stored.id, %error, "a kept run cannot be read");
                    None
                }
            })
            .collect())
    }
}

fn summary(run: Run) -> RunSummary {
    let verdict = verdict(&run);
    RunSummary {
        id: run.id,
        started_at: run.started_at,
        headline: verdict.headline,
        tone: verdict.tone,
        scope: run.request.scope.unwrap_or_default(),
        client: run.client.name,
    }
}
