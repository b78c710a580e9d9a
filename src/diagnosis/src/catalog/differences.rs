//! Words for what changed from one run to the next.

use super::prose::code;
use crate::{
    compare::{Changed, Difference},
    evidence::Outcome,
};
use oidc::{exchange::Step, scope::Scope};

/// How a run ended, to be told from another end.
pub(crate) fn ended(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Completed => "completed".to_owned(),
        Outcome::Refused(error) => format!("refused with {}", code(&error.error)),
        Outcome::Failed { step, .. } => format!("failed at {}", step_name(*step)),
    }
}

/// What changed from one run to the next, a sentence each.
pub(crate) fn differences(difference: &Difference) -> Vec<String> {
    if difference.is_empty() {
        return vec!["Nothing: the same request, the same scopes, the same claims.".to_owned()];
    }
    let all = |label: &str, names: Vec<String>| {
        (!names.is_empty()).then(|| format!("{label}: {}.", names.join(", ")))
    };
    let scopes = |label, scope: &Scope| all(label, scope.iter().map(code).collect());
    let texts = |label, names: &[String]| all(label, names.iter().map(code).collect());
    let instead = |label: &str, changed: &Option<Changed>| {
        let Changed { before, now } = changed.as_ref()?;
        Some(if before == now {
            format!("{label}: {now} again, for another reason.")
        } else {
            format!("{label}: {} instead of {}.", named(now), named(before))
        })
    };
    [
        scopes("Asked for now", &difference.asked_gained),
        scopes("No longer asked for", &difference.asked_lost),
        texts("Sent now", &difference.sent_gained),
        texts("No longer sent", &difference.sent_lost),
        instead("Client", &difference.client),
        instead("Signed in", &difference.person),
        instead("Ended", &difference.outcome),
        scopes("Granted now", &difference.scopes_gained),
        scopes("No longer granted", &difference.scopes_lost),
        texts("Claims that came", &difference.claims_gained),
        texts("Claims that are gone", &difference.claims_lost),
        texts("Claims with another value", &difference.claims_changed),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn named(name: &str) -> &str {
    if name.is_empty() { "nobody" } else { name }
}

const fn step_name(step: Step) -> &'static str {
    match step {
        Step::Discovery => "discovery",
        Step::Authorize => "the authorization request",
        Step::Callback => "the callback",
        Step::Token => "the token request",
        Step::Jwks => "fetching the signing keys",
        Step::UserInfo => "the userinfo request",
        Step::AdminToken => "the request for an administrative token",
        Step::ConfigRead => "reading the configuration",
        Step::ConfigWrite => "writing the configuration",
        Step::Refresh => "the refresh request",
        Step::Introspection => "the introspection request",
        Step::Revocation => "the revocation request",
        Step::Logout => "the logout",
    }
}
