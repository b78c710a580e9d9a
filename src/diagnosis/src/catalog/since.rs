//! Words for what has changed in the sandbox since a run.

use super::prose::{code, list};
use crate::words::duration;
use oidc::scope::Scope;

pub(crate) fn client_gone(name: &str) -> String {
    format!("The client “{name}” was deleted: the same request would be refused now.")
}

pub(crate) fn client_moved(then: &str, now: Option<&str>) -> String {
    match now {
        Some(now) => {
            format!("The client has another token policy by now: “{now}” instead of “{then}”.")
        }
        None => format!("The client has another token policy by now, not “{then}”."),
    }
}

pub(crate) fn policy_gone(title: &str) -> String {
    format!("Token policy “{title}” was deleted.")
}

pub(crate) fn scopes_listed(scopes: &Scope) -> Option<String> {
    (!scopes.is_empty()).then(|| format!("`allowedScopes` lists {} now.", names(scopes)))
}

pub(crate) fn scopes_unlisted(scopes: &Scope) -> Option<String> {
    (!scopes.is_empty()).then(|| format!("`allowedScopes` no longer lists {}.", names(scopes)))
}

pub(crate) fn lifetime(property: &str, then: u32, now: u32) -> Option<String> {
    (then != now).then(|| {
        let (then, now) = (duration(then), duration(now));
        format!("`{property}` is {now} instead of {then}.")
    })
}

pub(crate) fn access_tokens(jwt: bool) -> String {
    if jwt {
        "Access tokens are JWTs now.".to_owned()
    } else {
        "Access tokens are opaque now.".to_owned()
    }
}

pub(crate) fn renamed(then: &str, now: &str) -> String {
    format!("The policy is called “{now}” instead of “{then}”.")
}

/// What a new run would be granted, and what of it is more and less than in a
/// run that was granted something.
pub(crate) fn next_run(granted: &Scope, compared: Option<(Scope, Scope)>) -> String {
    let all = if granted.is_empty() {
        "no scope".to_owned()
    } else {
        code(granted)
    };
    let Some((more, less)) = compared else {
        return format!("A new run would be granted {all}.");
    };
    let part = |scopes: &Scope, word: &str| {
        (!scopes.is_empty()).then(|| format!("{} {word}", names(scopes)))
    };
    let parts: Vec<String> = [part(&more, "more"), part(&less, "less")]
        .into_iter()
        .flatten()
        .collect();
    if parts.is_empty() {
        format!("A new run would be granted the same: {all}.")
    } else {
        format!("A new run would be granted {all}: {}.", parts.join(", "))
    }
}

fn names(scopes: &Scope) -> String {
    list(&scopes.iter().collect::<Vec<_>>())
}
