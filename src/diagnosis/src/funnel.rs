//! The way of each scope from the request to its claims, and where it stopped.

use crate::{catalog, evidence::Run};
use oidc::scope::{OPENID, Scope, ScopeToken};
use policy::{
    Prediction,
    release::{Claims, Facts, StandardScope},
    token_policy::TokenPolicy,
};
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
    /// No token was issued at all: nobody asked the token policy.
    NothingIssued,
    /// The token policy's `allowedScopes` does not list it.
    NotInAllowedScopes,
    /// Known and allowed, and yet the token does not carry it.
    NotGranted,
    /// Granted, but without `openid` userinfo is closed to the token.
    UserInfoClosed,
    /// Granted, but the person has none of its values.
    NoValue,
    /// Granted and there is a value, and yet userinfo did not answer with it.
    ClaimsMissing,
}

impl FirstStop {
    /// Every stop, in the order a scope meets them.
    pub const ALL: [Self; 7] = [
        Self::UnknownToProvider,
        Self::NothingIssued,
        Self::NotInAllowedScopes,
        Self::NotGranted,
        Self::UserInfoClosed,
        Self::NoValue,
        Self::ClaimsMissing,
    ];

    /// A stable id, for tests, links and style sheets.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::UnknownToProvider => "scope.unknown-to-provider",
            Self::NotInAllowedScopes => "scope.not-in-allowed-scopes",
            Self::NothingIssued => "scope.nothing-issued",
            Self::NotGranted => "scope.not-granted",
            Self::UserInfoClosed => "claims.userinfo-closed",
            Self::NoValue => "claims.no-value",
            Self::ClaimsMissing => "claims.missing",
        }
    }

    /// The stage at which a scope stops for this reason.
    #[must_use]
    pub const fn stage(self) -> Stage {
        match self {
            Self::UnknownToProvider => Stage::Known,
            // Nobody knows what the policy would have said.
            Self::NothingIssued | Self::NotInAllowedScopes => Stage::Allowed,
            Self::NotGranted => Stage::Granted,
            Self::UserInfoClosed | Self::NoValue => Stage::ClaimsExpected,
            Self::ClaimsMissing => Stage::ClaimsReceived,
        }
    }

    /// A few words for the cell of the stage.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        catalog::reason(self)
    }
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

impl FunnelRow {
    /// What came of one stage.
    #[must_use]
    pub fn stage(&self, stage: Stage) -> StageResult {
        self.stages[stage as usize]
    }

    /// The claims that were to come and did not.
    #[must_use]
    pub fn missing(&self) -> Vec<&str> {
        self.expected
            .iter()
            .filter(|name| !self.received.contains(name) && !self.empty.contains(name))
            .map(String::as_str)
            .collect()
    }
}

/// The way of every requested scope, in the order of the request.
#[must_use]
pub fn funnel(run: &Run) -> Vec<FunnelRow> {
    let requested = Scope::parse(run.request.scope.as_deref().unwrap_or_default()).scope;
    let facts = run.profile.as_ref().map(|profile| Facts::of(profile, None));
    Evidence {
        policy: &run.policy,
        granted: run.granted.as_ref(),
        facts: facts.as_ref(),
        userinfo: run.userinfo.as_ref(),
    }
    .rows(&requested)
}

/// The same rows before a run, as they will be.
#[must_use]
pub fn predicted(
    requested: &Scope,
    policy: &TokenPolicy,
    facts: &Facts,
    prediction: &Prediction,
) -> Vec<FunnelRow> {
    Evidence {
        policy,
        granted: Some(&prediction.granted.scope),
        facts: Some(facts),
        userinfo: prediction.userinfo.as_ref(),
    }
    .rows(requested)
}

/// What rows are made of, learnt or predicted.
struct Evidence<'a> {
    policy: &'a TokenPolicy,
    granted: Option<&'a Scope>,
    facts: Option<&'a Facts>,
    userinfo: Option<&'a Claims>,
}

impl Evidence<'_> {
    fn rows(&self, requested: &Scope) -> Vec<FunnelRow> {
        requested.iter().map(|scope| self.row(scope)).collect()
    }

    fn row(&self, scope: &ScopeToken) -> FunnelRow {
        let expected: Vec<String> = StandardScope::parse(scope.as_str())
            .map_or(&[][..], StandardScope::claims)
            .iter()
            .map(|name| (*name).to_owned())
            .collect();
        let (received, rest): (Vec<String>, Vec<String>) =
            expected.iter().cloned().partition(|name| {
                self.userinfo
                    .is_some_and(|claims| claims.contains_key(name))
            });
        let empty = rest
            .into_iter()
            .filter(|name| {
                self.facts
                    .is_some_and(|facts| !facts.claims.contains_key(name))
            })
            .collect();
        let mut row = FunnelRow {
            scope: scope.clone(),
            stages: [StageResult::Passed; 6],
            first_stop: None,
            expected,
            received,
            empty,
        };
        row.first_stop = self.first_stop(&row);
        if let Some(stop) = row.first_stop {
            let at = stop.stage() as usize;
            row.stages[at] = StageResult::Stopped;
            row.stages[at + 1..].fill(StageResult::NotReached);
        }
        row
    }

    /// The token is the better witness: what it carries was known and allowed,
    /// whatever the policy says by now.
    fn first_stop(&self, row: &FunnelRow) -> Option<FirstStop> {
        let scope = row.scope.as_str();
        if self.granted.is_some_and(|granted| granted.contains(scope)) {
            self.stop_after_grant(row)
        } else if StandardScope::parse(scope).is_none() {
            Some(FirstStop::UnknownToProvider)
        } else if self.granted.is_none() {
            Some(FirstStop::NothingIssued)
        } else if !self.policy.allowed_scopes.contains(scope) {
            Some(FirstStop::NotInAllowedScopes)
        } else {
            Some(FirstStop::NotGranted)
        }
    }

    fn stop_after_grant(&self, row: &FunnelRow) -> Option<FirstStop> {
        let open = self.granted.is_some_and(|granted| granted.contains(OPENID));
        if row.expected.is_empty() {
            None
        } else if !open {
            Some(FirstStop::UserInfoClosed)
        } else if row.empty.len() == row.expected.len() {
            Some(FirstStop::NoValue)
        } else if self.facts.is_some() {
            (!row.missing().is_empty()).then_some(FirstStop::ClaimsMissing)
        } else {
            // Without the person's attributes, a claim that is left out may as
            // well have no value.
            row.received.is_empty().then_some(FirstStop::ClaimsMissing)
        }
    }
}

#[cfg(test)]
mod tests;
