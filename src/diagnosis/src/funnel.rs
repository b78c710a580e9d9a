//! The way of each scope from the request to its claims, and where it stopped.

use crate::{catalog, evidence::Run};
use oidc::scope::{OPENID, Scope, ScopeToken};
use policy::{
    predict,
    profile::Profile,
    release::{Claims, StandardScope, claim},
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
    Evidence {
        policy: &run.policy,
        granted: run.granted.as_ref(),
        profile: run.profile.as_ref(),
        userinfo: run.userinfo.as_ref(),
    }
    .rows(&requested)
}

/// The same rows before a run, as they will be.
#[must_use]
pub fn predicted(requested: &Scope, policy: &TokenPolicy, profile: &Profile) -> Vec<FunnelRow> {
    let prediction = predict(requested, policy, profile);
    Evidence {
        policy,
        granted: Some(&prediction.granted.scope),
        profile: Some(profile),
        userinfo: prediction.userinfo.as_ref(),
    }
    .rows(requested)
}

/// What rows are made of, learnt or predicted.
struct Evidence<'a> {
    policy: &'a TokenPolicy,
    granted: Option<&'a Scope>,
    profile: Option<&'a Profile>,
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
                self.profile
                    .is_some_and(|profile| claim(name, profile).is_none())
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
        } else if self.profile.is_some() {
            (!row.missing().is_empty()).then_some(FirstStop::ClaimsMissing)
        } else {
            // Without the person's attributes, a claim that is left out may as
            // well have no value.
            row.received.is_empty().then_some(FirstStop::ClaimsMissing)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{FirstStop, FunnelRow, Stage, StageResult, funnel, predicted};
    use crate::fixture::{any_run, bo, policy, run, scope};
    use proptest::prelude::*;

    /// Each scope with the id of its first stop; `-` for none.
    fn stops(rows: &[FunnelRow]) -> Vec<String> {
        rows.iter()
            .map(|row| {
                format!(
                    "{} {}",
                    row.scope,
                    row.first_stop.map_or("-", FirstStop::id)
                )
            })
            .collect()
    }

    #[test]
    fn each_reason_is_told_apart() {
        let mut run = run(
            "openid profile address shoe_size",
            "openid profile shoe_size",
        );
        assert_eq!(
            stops(&funnel(&run)),
            [
                "openid -",
                "profile -",
                "address scope.not-in-allowed-scopes",
                "shoe_size scope.unknown-to-provider"
            ]
        );

        run.userinfo.as_mut().unwrap().shift_remove("given_name");
        assert_eq!(stops(&funnel(&run))[1], "profile claims.missing");
        assert_eq!(funnel(&run)[1].missing(), ["given_name"]);

        run.granted = Some(scope("openid"));
        assert_eq!(stops(&funnel(&run))[1], "profile scope.not-granted");

        run.granted = None;
        assert_eq!(
            stops(&funnel(&run)),
            [
                "openid scope.nothing-issued",
                "profile scope.nothing-issued",
                "address scope.nothing-issued",
                "shoe_size scope.unknown-to-provider"
            ]
        );
        // The policy was not asked, so it neither allowed nor dropped anything.
        for row in &funnel(&run)[..3] {
            assert_eq!(row.stage(Stage::Known), StageResult::Passed);
            assert_eq!(row.stage(Stage::Allowed), StageResult::Stopped);
            assert_eq!(row.stage(Stage::Granted), StageResult::NotReached);
        }
    }

    #[test]
    fn without_openid_userinfo_is_closed() {
        let run = run("openid profile", "profile");
        assert_eq!(
            stops(&funnel(&run)),
            [
                "openid scope.not-in-allowed-scopes",
                "profile claims.userinfo-closed"
            ]
        );
    }

    #[test]
    fn a_value_that_is_not_there_is_no_dropped_scope() {
        let rows = predicted(
            &scope("openid email address"),
            &policy("openid email address"),
            &bo(),
        );
        assert_eq!(
            stops(&rows),
            ["openid -", "email -", "address claims.no-value"]
        );
        assert_eq!(rows[2].empty, ["address"]);
        assert_eq!(rows[2].stage(Stage::Granted), StageResult::Passed);
        assert_eq!(rows[2].stage(Stage::ClaimsExpected), StageResult::Stopped);
        assert_eq!(
            rows[2].stage(Stage::ClaimsReceived),
            StageResult::NotReached
        );
    }

    #[test]
    fn single_empty_claims_do_not_stop_a_scope() {
        let run = run("openid profile", "openid profile");
        let row = &funnel(&run)[1];
        assert_eq!(row.first_stop, None);
        assert_eq!((row.expected.len(), row.received.len()), (9, 8));
        assert_eq!(row.empty, ["middle_name"]);
        assert!(row.missing().is_empty());
    }

    #[test]
    fn without_the_persons_attributes_one_claim_is_enough() {
        let mut run = run("openid profile", "openid profile");
        run.profile = None;
        assert_eq!(stops(&funnel(&run)), ["openid -", "profile -"]);
        run.userinfo = None;
        assert_eq!(
            stops(&funnel(&run)),
            ["openid claims.missing", "profile claims.missing"]
        );
    }

    #[test]
    fn the_token_is_believed_over_a_policy_that_was_changed_meanwhile() {
        let mut run = run("openid address", "openid address");
        run.policy = policy("openid");
        assert_eq!(stops(&funnel(&run)), ["openid -", "address -"]);
    }

    #[test]
    fn every_stop_has_an_id_and_a_reason_of_its_own() {
        for stop in FirstStop::ALL {
            let same = FirstStop::ALL
                .iter()
                .filter(|other| other.id() == stop.id() || other.reason() == stop.reason());
            assert_eq!(same.count(), 1, "{stop:?}");
        }
    }

    proptest! {
        #[test]
        fn each_scope_has_one_first_stop_or_none_and_its_stages_agree(run in any_run()) {
            let rows = funnel(&run);
            let requested = scope(run.request.scope.as_deref().unwrap_or_default());
            prop_assert!(rows.iter().map(|row| &row.scope).eq(&requested));
            for row in &rows {
                let stopped: Vec<Stage> = Stage::ALL
                    .into_iter()
                    .filter(|stage| row.stage(*stage) == StageResult::Stopped)
                    .collect();
                let expected: Vec<Stage> = row.first_stop.iter().map(|stop| stop.stage()).collect();
                prop_assert_eq!(stopped, expected);
                // Passed, then at most one stop, then nothing more.
                let order = |result| match result {
                    StageResult::Passed => 0,
                    StageResult::Stopped => 1,
                    StageResult::NotReached => 2,
                };
                prop_assert!(row.stages.map(order).is_sorted());
                prop_assert_eq!(row.stages[0], StageResult::Passed);
                // A claim is received, empty or missing, and never two of them.
                let told = row.received.len() + row.empty.len() + row.missing().len();
                prop_assert_eq!(told, row.expected.len());
                // A policy that was not asked is never the reason.
                let blamed = row.first_stop == Some(FirstStop::NotInAllowedScopes);
                prop_assert!(!blamed || run.granted.is_some());
            }
        }

        #[test]
        fn what_is_predicted_is_what_comes(run in any_run()) {
            prop_assume!(run.granted.is_some());
            let requested = scope(run.request.scope.as_deref().unwrap_or_default());
            let profile = run.profile.clone().unwrap();
            prop_assert_eq!(predicted(&requested, &run.policy, &profile), funnel(&run));
        }
    }
}
