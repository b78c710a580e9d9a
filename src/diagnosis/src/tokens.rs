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
