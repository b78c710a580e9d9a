//! The way of each scope from the request to its claims, and where it stopped.

use crate::evidence::Run;
use oidc::scope::{Scope, ScopeToken};
use policy::{profile::Profile, token_policy::TokenPolicy};
use serde::{Deserialize, Serialize};

/// A stage on the way from the request to the claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Stage {
    /// The request names the scope.
    Requested,
    /// The provider's discovery document lists it.
    Known,
    /// The token policy's `allowedScopes` lists it.
    Allowed,
    /// The token carries it.
    Granted,
    /// The person has a value for at least one of its claims.
    ClaimsExpected,
    /// Userinfo answered with them.
    ClaimsReceived,
}

impl Stage {
    /// Every stage, in the order a scope passes them.
    pub const ALL: [Self; 6] = [
        Self::Requested,
        Self::Known,
        Self::Allowed,
        Self::Granted,
        Self::ClaimsExpected,
        Self::ClaimsReceived,
    ];

    /// What the stage is called on the page.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Requested => "Requested",
            Self::Known => "Known",
            Self::Allowed => "Allowed",
            Self::Granted => "Granted",
            Self::ClaimsExpected => "Claims expected",
            Self::ClaimsReceived => "Claims received",
        }
    }
}

/// What came of a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum StageResult {
    /// The scope passed.
    Passed,
    /// The scope stopped here.
    Stopped,
    /// The scope stopped earlier.
    NotReached,
}

/// Where a scope stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FirstStop {
    /// The discovery document does not list it. No policy can help.
    UnknownToProvider,
    /// The token policy's `allowedScopes` does not list it.
    NotInAllowedScopes,
    /// No token was issued at all, so nothing could be granted.
    NothingIssued,
    /// Known and allowed, and yet the token does not carry it.
    NotGranted,
    /// Granted, but without `openid` userinfo is closed to the token.
    UserInfoClosed,
    /// Granted, but the person has none of its values.
    NoValue,
    /// Granted and there is a value, and yet userinfo did not answer with it.
    ClaimsMissing,
}

/// The way of one requested scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunnelRow {
    /// The scope.
    pub scope: ScopeToken,
    /// What came of each stage of [`Stage::ALL`].
    pub stages: [StageResult; 6],
    /// Where it stopped, if it did.
    pub first_stop: Option<FirstStop>,
    /// Every claim the scope asks for.
    pub expected: Vec<String>,
    /// Which of them were received.
    pub received: Vec<String>,
    /// Which of them this person has no value for.
    pub empty: Vec<String>,
}

/// The way of every requested scope, in the order of the request.
#[must_use]
pub fn funnel(_run: &Run) -> Vec<FunnelRow> {
    Vec::new()
}

/// The same rows before a run, as they will be.
#[must_use]
pub fn predicted(_requested: &Scope, _policy: &TokenPolicy, _profile: &Profile) -> Vec<FunnelRow> {
    Vec::new()
}
