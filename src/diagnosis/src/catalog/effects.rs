//! Words for what a further step did to scopes, claims and tokens.

use super::prose::{code, joined, list, sentence};
use crate::{
    steps::{Action, Effect, Mark, Situation, Which},
    tokens::{Ended, Generation, Life, State, refreshable},
    words::from_now,
};
use oidc::{
    error::OAuthError,
    exchange::CapturedResponse,
    jwt::Jwt,
    scope::{OPENID, Scope, ScopeToken},
    time::UnixTime,
};
use policy::release::Claims;
use serde_json::Value;

/// What a step did.
pub(crate) fn effect(situation: &Situation<'_>) -> Effect {
    let told = match (&situation.step.action, situation.step.answer()) {
        (Action::LogOut(back), _) => logging_out(*back),
        (action, None) => unanswered(situation, action),
        (Action::Refresh(_) | Action::Replay, Some(answer)) => refreshed(situation, answer),
        (Action::Introspect(which), Some(answer)) => introspected(situation, *which, answer),
        (Action::Revoke(which), Some(answer)) => revoked(situation, *which, answer),
        (Action::UserInfo, Some(answer)) => userinfo(situation, answer),
        (Action::LoggedOut, Some(answer)) => logged_out(situation, answer),
    };
    let asked_by = situation.step.asked_by.as_deref().map(|name| {
        format!("Asked by the client “{name}”: a public client has no secret, and introspection demands one.")
    });
    Effect {
        mark: told.mark,
        text: joined([told.text].into_iter().chain(asked_by)),
    }
}

fn told(mark: Mark, sentences: impl IntoIterator<Item = String>) -> Effect {
    Effect {
        mark,
        text: joined(sentences),
    }
}

fn unanswered(situation: &Situation<'_>, action: &Action) -> Effect {
    if matches!(action, Action::LoggedOut) && situation.before.is_empty() {
        return told(
            Mark::Done,
            ["The session at the provider has ended.".to_owned()],
        );
    }
    let why = situation.step.failure().map_or_else(String::new, sentence);
    told(
        Mark::Refused,
        [
            "No answer came.".to_owned(),
            why,
            "The tokens are as they were, as far as is known. Try again.".to_owned(),
        ],
    )
}

// ---- Refresh ----------------------------------------------------------------

fn refreshed(situation: &Situation<'_>, answer: &CapturedResponse) -> Effect {
    let (Some(former), Some(new)) = (situation.before.last(), situation.after.last()) else {
        return refused(situation, answer);
    };
    if situation.step.token.is_none() {
        return refused(situation, answer);
    }
    let shift = Shift::between(situation, former, new);
    let mut sentences = shift.sentences(situation, new);
    sentences.extend(claims_change(
        &situation.claims_of(&former.granted),
        &situation.claims_of(&new.granted),
        ("At userinfo will be missing", "Userinfo will add"),
    ));
    let failed: Vec<_> = new.checks.iter().filter(|check| !check.passed).collect();
    if let Some(check) = failed.first() {
        let problem = format!(
            "The new ID token did not pass. {}: {}",
            check.name.title(),
            check.detail
        );
        return told(Mark::Refused, [problem].into_iter().chain(sentences));
    }
    let used_up = new
        .refresh
        .as_ref()
        .map(|_| "The old refresh token is used up, a new one has taken its place.".to_owned());
    told(shift.mark(), sentences.into_iter().chain(used_up))
}

/// From the scope of one access token to that of the next.
struct Shift {
    /// Asked for and had before, and not granted any more.
    dropped: Scope,
    /// Asked for, and granted neither before nor now.
    still_missing: Scope,
    /// Had before and not asked for.
    left_out: Scope,
    /// Not had before.
    gained: Scope,
}

impl Shift {
    fn between(situation: &Situation<'_>, former: &Generation, new: &Generation) -> Self {
        let whole = situation.before.first().map(|first| &first.granted);
        let asked = match &situation.step.action {
            Action::Refresh(Some(scope)) => scope.clone(),
            _ => whole.cloned().unwrap_or_default(),
        };
        let lost = without(&former.granted, &new.granted);
        let left_out = without(&lost, &asked);
        Self {
            dropped: without(&lost, &left_out),
            still_missing: without(&without(&asked, &new.granted), &former.granted),
            left_out,
            gained: without(&new.granted, &former.granted),
        }
    }

    fn mark(&self) -> Mark {
        if self.dropped.is_empty() && self.still_missing.is_empty() && self.left_out.is_empty() {
            Mark::Done
        } else {
            Mark::Less
        }
    }

    fn sentences(&self, situation: &Situation<'_>, new: &Generation) -> Vec<String> {
        let policy = situation.step.policy.as_ref();
        let policy = policy.map_or("of the client", |policy| policy.title.as_str());
        let about = |scope: &Scope, words: &dyn Fn(String, (&str, &str)) -> String| {
            let names: Vec<_> = scope.iter().collect();
            let number = if names.len() == 1 {
                ("is", "it")
            } else {
                ("are", "them")
            };
            (!names.is_empty()).then(|| words(list(&names), number))
        };
        let nothing =
            (self.dropped.is_empty() && self.left_out.is_empty() && self.gained.is_empty())
                .then(|| format!("New tokens with the same scopes: {}.", scopes(&new.granted)));
        [
            about(&self.dropped, &|names, (_, it)| {
                format!("Token policy “{policy}” no longer lists {names}: the new token lost {it}.")
            }),
            about(&self.left_out, &|names, (is, it)| {
                format!("Narrowed: {names} {is} gone, because this refresh did not ask for {it}. The refresh token keeps {it}.")
            }),
            about(&self.gained, &|names, (is, _)| format!("{names} {is} back.")),
            nothing,
            about(&self.still_missing, &|names, _| {
                format!("Token policy “{policy}” still does not list {names}.")
            }),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// The claims that go and those that come, a sentence each.
fn claims_change(before: &Claims, now: &Claims, labels: (&str, &str)) -> Vec<String> {
    let beyond = |some: &Claims, other: &Claims| -> Vec<String> {
        let names = some.keys().filter(|name| !other.contains_key(*name));
        names.cloned().collect()
    };
    [
        (labels.0, beyond(before, now)),
        (labels.1, beyond(now, before)),
    ]
    .into_iter()
    .filter(|(_, names)| !names.is_empty())
    .map(|(label, names)| format!("{label}: {}.", list(&names)))
    .collect()
}

/// An error answer of the token, introspection or revocation endpoint.
fn refused(situation: &Situation<'_>, answer: &CapturedResponse) -> Effect {
    let error: Option<OAuthError> = serde_json::from_str(&answer.body).ok();
    let said = match &error {
        Some(OAuthError {
            error,
            error_description: Some(text),
        }) => {
            format!("The answer is {} {}: “{text}”.", answer.status, code(error))
        }
        Some(OAuthError { error, .. }) => {
            format!("The answer is {} {}.", answer.status, code(error))
        }
        None => format!("The answer is {}.", answer.status),
    };
    let killed = situation
        .after
        .iter()
        .any(|one| matches!(one.access.ended, Some(Ended::Replayed(_))));
    let why = match error.as_ref().map(|error| error.error.as_str()) {
        Some("invalid_grant") if killed => Some(
            "A refresh token that comes twice may be stolen, so every token of this login is dead now: nobody knows who of the two is the thief.".to_owned(),
        ),
        Some("invalid_grant") => Some(refresh_reason(situation)),
        Some("invalid_scope") => Some(
            "A refresh can ask for what the login was granted, and for nothing more.".to_owned(),
        ),
        Some("invalid_client") => Some(
            "The provider does not take the client: it was deleted, or has another secret by now.".to_owned(),
        ),
        _ => None,
    };
    told(Mark::Refused, [said].into_iter().chain(why))
}

fn refresh_reason(situation: &Situation<'_>) -> String {
    let life = refreshable(&situation.before).and_then(|one| one.refresh.as_ref());
    format!(
        "{} A new run gets new ones.",
        reason("refresh token", life, situation.step.at)
    )
}

// ---- Introspection ----------------------------------------------------------

fn introspected(situation: &Situation<'_>, which: Which, answer: &CapturedResponse) -> Effect {
    let body: Option<Value> = serde_json::from_str(&answer.body).ok();
    let active = body.as_ref().and_then(|body| body.get("active")?.as_bool());
    let (Some(body), Some(active), 200) = (&body, active, answer.status) else {
        return refused(situation, answer);
    };
    let (name, life) = named(situation, which);
    if !active {
        let why = reason(name, life, situation.step.at);
        let note = "Of a token that does not count, introspection says nothing else.".to_owned();
        return told(Mark::Less, [format!("Not active. {why}"), note]);
    }
    let scope = match body.get("scope").and_then(Value::as_str) {
        Some(scope) => format!("It carries {}.", scopes(&Scope::parse(scope).scope)),
        None => "It carries no scope: valid, and good for nothing.".to_owned(),
    };
    let left = body
        .get("exp")
        .and_then(Value::as_i64)
        .map(|exp| format!("It ends {}.", from_now(UnixTime(exp), situation.step.at)));
    let sentences = [format!("Active: the {name} counts."), scope];
    told(Mark::Done, sentences.into_iter().chain(left))
}

// ---- Revocation -------------------------------------------------------------

fn revoked(situation: &Situation<'_>, which: Which, answer: &CapturedResponse) -> Effect {
    if answer.status != 200 {
        return refused(situation, answer);
    }
    let now = situation.step.at;
    let (name, life) = named(situation, which);
    if life.is_some_and(|life| life.state(now) != State::Live) {
        let why = reason(name, life, now);
        let note = "Revoking is answered with 200 all the same (RFC 7009, section 2.2).".to_owned();
        return told(Mark::Less, [format!("Nothing changed. {why}"), note]);
    }
    let text = match which {
        Which::Refresh => {
            let counts = |one: &&Generation| one.access.state(now) == State::Live;
            let dead = situation.before.iter().filter(counts).count();
            let dead = match dead {
                0 => "the refresh token is".to_owned(),
                1 => "the refresh token and 1 access token are".to_owned(),
                more => format!("the refresh token and {more} access tokens are"),
            };
            format!("Revoked: {dead} dead.")
        }
        Which::Access => {
            let on = refreshable(&situation.before)
                .and_then(|one| one.refresh.as_ref())
                .is_some_and(|life| life.state(now) == State::Live);
            let on = if on {
                " The refresh token lives on and can fetch another."
            } else {
                ""
            };
            format!("Revoked: the access token is dead.{on}")
        }
    };
    let newest = situation.before.last();
    let jwt = newest.is_some_and(|one| Jwt::decode(&one.response.access_token).is_ok());
    let jwt = jwt.then(|| {
        "The access token is a JWT: an API that only checks its signature goes on taking it until it expires.".to_owned()
    });
    told(Mark::Done, [text].into_iter().chain(jwt))
}

// ---- Userinfo and logout ----------------------------------------------------

fn userinfo(situation: &Situation<'_>, answer: &CapturedResponse) -> Effect {
    match situation.step.userinfo() {
        Some(now) => {
            let before = situation.said.clone().unwrap_or_default();
            let labels = ("Gone", "There now");
            let mut changes = claims_change(&before, &now, labels);
            let differs = |name: &&String| {
                before
                    .get(*name)
                    .is_some_and(|value| Some(value) != now.get(*name))
            };
            let other: Vec<&String> = now.keys().filter(differs).collect();
            if !other.is_empty() {
                changes.push(format!("With another value: {}.", list(&other)));
            }
            let less = before.keys().any(|name| !now.contains_key(name));
            let mark = if less { Mark::Less } else { Mark::Done };
            let first = match (changes.is_empty(), situation.said.is_some()) {
                (true, true) => "Userinfo answers with the same claims.",
                (_, true) => "Userinfo answers, with other claims than before.",
                (_, false) => "Userinfo answers.",
            };
            told(mark, [first.to_owned()].into_iter().chain(changes))
        }
        None => told(Mark::Refused, [userinfo_refused(situation, answer)]),
    }
}

fn userinfo_refused(situation: &Situation<'_>, answer: &CapturedResponse) -> String {
    let life = situation.before.last().map(|one| &one.access);
    match answer.status {
        200 => "Userinfo answered with something that is no JSON object.".to_owned(),
        401 => format!(
            "Userinfo now answers 401 `invalid_token`. {}",
            reason("access token", life, situation.step.at)
        ),
        403 => format!(
            "Userinfo answers 403 `insufficient_scope`: the access token carries no `{OPENID}`."
        ),
        other => format!("Userinfo answers {other}."),
    }
}

fn logging_out(back: bool) -> Effect {
    let first = "The browser was sent to the provider's end_session endpoint.".to_owned();
    let no_way_back = (!back).then(|| {
        "The client lists no address of the playground in `postLogoutRedirectURIs`, so the provider does not lead back here.".to_owned()
    });
    told(Mark::Done, [first].into_iter().chain(no_way_back))
}

fn logged_out(situation: &Situation<'_>, answer: &CapturedResponse) -> Effect {
    if situation.step.userinfo().is_some() {
        return told(
            Mark::Done,
            ["Logging out ended the session, not the tokens: userinfo still answers. Revoke the refresh token to end them, too.".to_owned()],
        );
    }
    let ended = "The session at the provider has ended.".to_owned();
    told(Mark::Done, [ended, userinfo_refused(situation, answer)])
}

// ---- Words ------------------------------------------------------------------

fn named<'a>(situation: &'a Situation<'_>, which: Which) -> (&'static str, Option<&'a Life>) {
    match which {
        Which::Access => (
            "access token",
            situation.before.last().map(|one| &one.access),
        ),
        Which::Refresh => {
            let newest = refreshable(&situation.before);
            ("refresh token", newest.and_then(|one| one.refresh.as_ref()))
        }
    }
}

/// Why a token does not count, as far as the steps tell.
fn reason(name: &str, life: Option<&Life>, now: UnixTime) -> String {
    match life.map(|life| life.state(now)) {
        Some(State::Expired(at)) => format!("The {name} expired at {at}."),
        Some(State::Ended(Ended::Exchanged(step))) => {
            format!("The {name} was exchanged in step {}.", step + 1)
        }
        Some(State::Ended(Ended::Revoked(step))) => {
            format!("The {name} was revoked in step {}.", step + 1)
        }
        Some(State::Ended(Ended::RevokedWithRefresh(step))) => {
            format!(
                "The {name} was revoked with the refresh token of its login in step {}.",
                step + 1
            )
        }
        Some(State::Ended(Ended::Replayed(step))) => format!(
            "The {name} was revoked when a refresh token of its login came twice, in step {}.",
            step + 1
        ),
        Some(State::Live) | None => format!(
            "The {name} was ended elsewhere: the provider does not take it any more, though its time is not over. A deleted client, a reset or a request of your own does that."
        ),
    }
}

fn scopes(scope: &Scope) -> String {
    if scope.is_empty() {
        "no scope".to_owned()
    } else {
        code(scope)
    }
}

fn without(scope: &Scope, other: &Scope) -> Scope {
    let keep = |token: &&ScopeToken| !other.contains(token.as_str());
    scope.iter().filter(keep).cloned().collect()
}
