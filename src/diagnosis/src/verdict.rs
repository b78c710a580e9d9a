//! The run in one headline.

use crate::{evidence::Run, funnel::FunnelRow};
use oidc::scope::ScopeToken;
use policy::token_policy::TokenPolicy;
use serde::{Deserialize, Serialize};

/// The colour of a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Tone {
    /// Everything that was asked for came through.
    LetThrough,
    /// Something was dropped without an error.
    Dropped,
    /// The run ended early.
    Failed,
}

/// What came of a run, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// The stable id of the finding the headline is about.
    pub id: String,
    /// The colour.
    pub tone: Tone,
    /// One sentence.
    pub headline: String,
    /// Why, in a few sentences. Names are set in backticks.
    pub detail: String,
    /// The scopes that adding to `allowedScopes` brings into the token.
    pub missing: Vec<ScopeToken>,
}

/// What came of the run.
#[must_use]
pub fn verdict(_run: &Run) -> Verdict {
    stub()
}

/// What will come of a run, from the rows of [`crate::funnel::predicted`].
#[must_use]
pub fn forecast(_rows: &[FunnelRow], _policy: &TokenPolicy) -> Verdict {
    stub()
}

fn stub() -> Verdict {
    Verdict {
        id: String::new(),
        tone: Tone::LetThrough,
        headline: String::new(),
        detail: String::new(),
        missing: Vec::new(),
    }
}
