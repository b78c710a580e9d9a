use super::{FirstStop, FunnelRow, Stage, StageResult, funnel};
use crate::fixture::{any_run, bo, foreseen, policy, run, scope};
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
    let rows = foreseen(
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
        prop_assert_eq!(foreseen(&requested, &run.policy, &profile), funnel(&run));
    }
}
