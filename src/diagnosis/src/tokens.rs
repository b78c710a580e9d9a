//! The tokens of a run, each with how long it counts and what ended it.

use crate::{
    evidence::Run,
    steps::{Action, FurtherStep, Which},
};
use oidc::{scope::Scope, time::UnixTime, token::TokenResponse, verification::Check};

/// The tokens that came with one answer of the token endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generation {
    /// Which step brought it, counted from 0; `None` for the run itself.
    pub step: Option<usize>,
    /// When it came.
    pub issued_at: UnixTime,
    /// The answer.
    pub response: TokenResponse,
    /// What the access token carries.
    pub granted: Scope,
    /// The checks of the ID token.
    pub checks: Vec<Check>,
    /// The access token's life.
    pub access: Life,
    /// The refresh token's life, if one came.
    pub refresh: Option<Life>,
}

/// How long a token counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Life {
    /// The first moment it no longer counts, as far as is known.
    pub until: Option<UnixTime>,
    /// What ended it before.
    pub ended: Option<Ended>,
}

/// What ended a token before its time, and in which step, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// A refresh token was exchanged.
    Exchanged(usize),
    /// It was revoked itself.
    Revoked(usize),
    /// The refresh token of its login was revoked, and it with it.
    RevokedWithRefresh(usize),
    /// A refresh token of its login was used twice.
    Replayed(usize),
}

/// Whether a token counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It counts.
    Live,
    /// Its time is over.
    Expired(UnixTime),
    /// Something ended it.
    Ended(Ended),
}

impl Life {
    const fn until(until: Option<UnixTime>) -> Self {
        Self { until, ended: None }
    }

    /// Whether it counts at a moment, as far as the steps tell.
    #[must_use]
    pub fn state(&self, now: UnixTime) -> State {
        match (self.ended, self.until) {
            (Some(ended), _) => State::Ended(ended),
            (None, Some(until)) if until <= now => State::Expired(until),
            (None, _) => State::Live,
        }
    }

    fn end(&mut self, ended: Ended) {
        // What ends a whole login outweighs that a token was exchanged.
        if matches!(self.ended, None | Some(Ended::Exchanged(_))) {
            self.ended = Some(ended);
        }
    }
}

/// Every token of the run, the oldest first. The last one is the current one.
#[must_use]
pub fn generations(run: &Run, steps: &[FurtherStep]) -> Vec<Generation> {
    let mut all: Vec<Generation> = first(run).into_iter().collect();
    for (index, step) in steps.iter().enumerate() {
        follow(&mut all, index, step);
    }
    all
}

/// The newest generation that has a refresh token.
#[must_use]
pub fn refreshable(generations: &[Generation]) -> Option<&Generation> {
    let mut newest = generations.iter().rev();
    newest.find(|generation| generation.refresh.is_some())
}

/// The newest refresh token that was exchanged already.
#[must_use]
pub fn exchanged(generations: &[Generation]) -> Option<&Generation> {
    let over = |one: &&Generation| {
        one.refresh
            .as_ref()
            .is_some_and(|life| life.ended.is_some())
    };
    let (_, earlier) = generations.split_last()?;
    earlier.iter().rev().find(over)
}

fn first(run: &Run) -> Option<Generation> {
    let issued = run.id_token.as_ref();
    let issued = issued.and_then(|claims| claims.get("iat")?.as_i64());
    Some(generation(
        None,
        issued.map_or(run.started_at, UnixTime),
        run.token.clone()?,
        run.granted.clone().unwrap_or_default(),
        run.checks.clone(),
        Some(run.policy.refresh_token_lifetime),
    ))
}

fn generation(
    step: Option<usize>,
    issued_at: UnixTime,
    response: TokenResponse,
    granted: Scope,
    checks: Vec<Check>,
    refresh_lifetime: Option<u32>,
) -> Generation {
    let lifetime = response.expires_in.and_then(|s| i64::try_from(s).ok());
    let refresh = response
        .refresh_token
        .as_ref()
        .map(|_| Life::until(refresh_lifetime.map(|seconds| issued_at.plus(i64::from(seconds)))));
    Generation {
        step,
        issued_at,
        access: Life::until(lifetime.map(|seconds| issued_at.plus(seconds))),
        refresh,
        granted,
        checks,
        response,
    }
}

/// What a step did to the tokens there were.
fn follow(all: &mut Vec<Generation>, index: usize, step: &FurtherStep) {
    let status = step.answer().map(|answer| answer.status);
    match (&step.action, &step.token) {
        (Action::Refresh(_) | Action::Replay, Some(token)) => {
            let used = all.iter_mut().rev().find_map(|one| one.refresh.as_mut());
            // Without a new refresh token the old one goes on.
            // https://www.rfc-editor.org/rfc/rfc6749#section-6
            if let Some(used) = used.filter(|_| token.refresh_token.is_some()) {
                used.end(Ended::Exchanged(index));
            }
            let new = refreshed(all, index, step, token.clone());
            all.push(new);
        }
        (Action::Refresh(_) | Action::Replay, None) if was_replayed(step) => {
            end_all(all, Ended::Replayed(index));
        }
        (Action::Revoke(Which::Access), _) if status == Some(200) => {
            if let Some(newest) = all.last_mut() {
                newest.access.end(Ended::Revoked(index));
            }
        }
        (Action::Revoke(Which::Refresh), _) if status == Some(200) => {
            let used = all.iter_mut().rev().find_map(|one| one.refresh.as_mut());
            if let Some(used) = used {
                used.end(Ended::Revoked(index));
            }
            end_all(all, Ended::RevokedWithRefresh(index));
        }
        _ => {}
    }
}

fn refreshed(
    all: &[Generation],
    index: usize,
    step: &FurtherStep,
    token: TokenResponse,
) -> Generation {
    let asked = match &step.action {
        Action::Refresh(Some(scope)) => Some(scope.clone()),
        _ => all.first().map(|first| first.granted.clone()),
    };
    // https://www.rfc-editor.org/rfc/rfc6749#section-5.1
    let granted = token.scope.as_deref().map(|text| Scope::parse(text).scope);
    let lifetime = step.policy.as_ref();
    generation(
        Some(index),
        step.at,
        token,
        granted.or(asked).unwrap_or_default(),
        step.checks.clone(),
        lifetime.map(|policy| policy.refresh_token_lifetime),
    )
}

/// Whether the provider saw a refresh token for the second time.
/// [RFC 9700 section 4.14.2](https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2)
pub(crate) fn was_replayed(step: &FurtherStep) -> bool {
    let invalid_grant = step
        .answer()
        .is_some_and(|answer| answer.status == 400 && answer.body.contains("\"invalid_grant\""));
    // Elsewhere, with a copied request for example, it may have been used, too:
    // then only the provider's own words tell.
    let told = || {
        step.answer()
            .is_some_and(|answer| answer.body.contains("used before"))
    };
    invalid_grant && (step.action == Action::Replay || told())
}

fn end_all(all: &mut [Generation], ended: Ended) {
    for generation in all {
        generation.access.end(ended);
        if let Some(refresh) = &mut generation.refresh {
            refresh.end(ended);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Ended, Life, State, exchanged, generations, refreshable};
    use crate::{
        evidence::Run,
        fixture::{any_run, run, scope},
        steps::{Action, FurtherStep, Which, effects},
    };
    use oidc::{
        exchange::{CapturedRequest, CapturedResponse, HttpExchange, RecordedExchange, Step},
        time::UnixTime,
        token::TokenResponse,
    };
    use proptest::prelude::*;

    const NOW: UnixTime = UnixTime(100);

    fn response(number: usize) -> TokenResponse {
        let text = format!(
            r#"{{"access_token":"a{number}","token_type":"Bearer","expires_in":3600,"refresh_token":"r{number}"}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    fn with_tokens() -> Run {
        let mut run = run("openid email", "openid email");
        run.token = Some(response(0));
        run
    }

    /// A step that was answered with this status and body.
    fn step(action: Action, status: u16, body: &str) -> FurtherStep {
        let answered = match action {
            Action::Refresh(_) | Action::Replay => Step::Refresh,
            Action::Introspect(_) => Step::Introspection,
            Action::Revoke(_) => Step::Revocation,
            Action::UserInfo | Action::LoggedOut => Step::UserInfo,
            Action::LogOut(_) => Step::Logout,
        };
        FurtherStep {
            token: serde_json::from_str(body).ok(),
            at: NOW,
            run: "r-1".to_owned(),
            seen: String::new(),
            asked_by: None,
            policy: Some(crate::fixture::policy("openid email")),
            exchanges: vec![RecordedExchange {
                step: answered,
                exchange: HttpExchange {
                    request: CapturedRequest {
                        method: "POST".to_owned(),
                        url: "https://a.test/".to_owned(),
                        headers: Vec::new(),
                        body: String::new(),
                    },
                    response: Some(CapturedResponse {
                        status,
                        headers: Vec::new(),
                        body: body.to_owned(),
                    }),
                    failure: None,
                    elapsed_micros: 0,
                },
            }],
            checks: Vec::new(),
            action,
        }
    }

    fn refresh(number: usize) -> FurtherStep {
        let body = serde_json::to_string(&response(number)).unwrap();
        step(Action::Refresh(None), 200, &body)
    }

    #[test]
    fn each_refresh_brings_a_generation_and_uses_up_the_token_before() {
        let all = generations(&with_tokens(), &[refresh(1), refresh(2)]);
        let came: Vec<Option<usize>> = all.iter().map(|one| one.step).collect();
        assert_eq!(came, [None, Some(0), Some(1)]);
        let ended = |place: usize| all[place].refresh.as_ref().unwrap().ended;
        assert_eq!(ended(0), Some(Ended::Exchanged(0)));
        assert_eq!(ended(1), Some(Ended::Exchanged(1)));
        assert_eq!(ended(2), None);
        assert_eq!(refreshable(&all).unwrap().step, Some(1));
        assert_eq!(exchanged(&all).unwrap().step, Some(0));
        // Without a scope in the answer, it is what was asked for.
        assert_eq!(all[2].granted, scope("openid email"));
    }

    #[test]
    fn what_ends_a_login_outweighs_what_came_before() {
        let replayed = step(Action::Replay, 400, r#"{"error":"invalid_grant"}"#);
        let revoked = step(Action::Revoke(Which::Access), 200, "");
        let steps = [refresh(1), revoked, replayed];
        let all = generations(&with_tokens(), &steps);
        assert_eq!(
            all[0].refresh.as_ref().unwrap().ended,
            Some(Ended::Replayed(2))
        );
        assert_eq!(all[0].access.ended, Some(Ended::Replayed(2)));
        assert_eq!(all[1].access.ended, Some(Ended::Revoked(1)));
        assert_eq!(
            all[1].refresh.as_ref().unwrap().ended,
            Some(Ended::Replayed(2))
        );
    }

    #[test]
    fn what_is_refused_ends_nothing() {
        let steps = [
            step(
                Action::Revoke(Which::Refresh),
                400,
                r#"{"error":"invalid_grant"}"#,
            ),
            step(Action::Refresh(None), 400, r#"{"error":"invalid_grant"}"#),
            step(Action::Refresh(None), 500, "used before"),
            step(Action::UserInfo, 401, ""),
        ];
        let all = generations(&with_tokens(), &steps);
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].access.state(NOW), State::Live);
    }

    #[test]
    fn a_life_is_over_at_its_end_and_not_before() {
        let life = Life::until(Some(NOW));
        assert_eq!(life.state(UnixTime(99)), State::Live);
        assert_eq!(life.state(NOW), State::Expired(NOW));
        assert_eq!(Life::until(None).state(UnixTime(i64::MAX)), State::Live);
    }

    fn any_step() -> impl Strategy<Value = FurtherStep> {
        let action = prop::sample::select(vec![
            Action::Refresh(None),
            Action::Refresh(Some(scope("openid"))),
            Action::Replay,
            Action::Introspect(Which::Access),
            Action::Introspect(Which::Refresh),
            Action::Revoke(Which::Access),
            Action::Revoke(Which::Refresh),
            Action::UserInfo,
            Action::LogOut(true),
            Action::LogOut(false),
            Action::LoggedOut,
        ]);
        let token = serde_json::to_string(&response(9)).unwrap();
        let body = prop::sample::select(vec![
            token,
            r#"{"error":"invalid_grant","error_description":"used before"}"#.to_owned(),
            r#"{"error":"invalid_client"}"#.to_owned(),
            r#"{"active":true,"scope":"openid","exp":9e99}"#.to_owned(),
            r#"{"active":false}"#.to_owned(),
            r#"{"active":"yes"}"#.to_owned(),
            r#"{"sub":"a-1"}"#.to_owned(),
            "[]".to_owned(),
            String::new(),
        ]);
        let status = prop::sample::select(vec![200_u16, 204, 400, 401, 403, 500]);
        let answered = prop::bool::weighted(0.9);
        (action, status, body, answered).prop_map(|(action, status, body, answered)| {
            let mut step = step(action, status, &body);
            if !answered {
                step.token = None;
                step.exchanges[0].exchange.response = None;
                step.exchanges[0].exchange.failure = Some("the network is cut".to_owned());
            }
            step
        })
    }

    proptest! {
        #[test]
        fn every_step_has_an_effect_in_sentences(
            run in any_run(), tokens in any::<bool>(), steps in prop::collection::vec(any_step(), 0..12)
        ) {
            let run = if tokens { with_tokens() } else { run };
            let told = effects(&run, &steps);
            prop_assert_eq!(told.len(), steps.len());
            for effect in told {
                prop_assert!(effect.text.ends_with('.'), "{}", effect.text);
                prop_assert_eq!(effect.text.matches('`').count() % 2, 0, "{}", effect.text);
            }
        }

        #[test]
        fn a_token_that_ended_stays_ended(steps in prop::collection::vec(any_step(), 1..12)) {
            let run = with_tokens();
            let before = generations(&run, &steps[..steps.len() - 1]);
            let after = generations(&run, &steps);
            prop_assert!(before.len() <= after.len());
            for (then, now) in before.iter().zip(&after) {
                prop_assert!(then.access.ended.is_none() || now.access.ended.is_some());
            }
        }
    }
}
