//! What changed from one run to the next.

use crate::{
    catalog,
    evidence::{Outcome, Run},
};
use oidc::scope::Scope;
use policy::release::Claims;
use serde::{Deserialize, Serialize};

/// Something that is another thing now, both in words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// What it was.
    pub before: String,
    /// What it is.
    pub now: String,
}

/// What a later run has that an earlier one had not, and the other way round.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Asked for now and not before.
    pub asked_gained: Scope,
    /// Asked for before and not now.
    pub asked_lost: Scope,
    /// Other parameters sent now and not before. Of those that are new in
    /// every request, only the name.
    pub sent_gained: Vec<String>,
    /// Other parameters sent before and not now.
    pub sent_lost: Vec<String>,
    /// Who signed in.
    pub person: Option<Changed>,
    /// Who asked.
    pub client: Option<Changed>,
    /// How it ended.
    pub outcome: Option<Changed>,
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

impl Difference {
    /// Whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What changed, one sentence each; one that says so when nothing did.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        catalog::differences(self)
    }
}

/// Compares two runs.
#[must_use]
pub fn diff(previous: &Run, now: &Run) -> Difference {
    let (no_scope, no_claims) = (Scope::default(), Claims::default());
    let scopes_before = previous.granted.as_ref().unwrap_or(&no_scope);
    let scopes_now = now.granted.as_ref().unwrap_or(&no_scope);
    let before = previous.userinfo.as_ref().unwrap_or(&no_claims);
    let after = now.userinfo.as_ref().unwrap_or(&no_claims);
    let (asked_before, asked_now) = (asked(previous), asked(now));
    let (sent_before, sent_now) = (sent(previous), sent(now));
    Difference {
        asked_gained: without(&asked_now, &asked_before),
        asked_lost: without(&asked_before, &asked_now),
        sent_gained: beyond(&sent_now, &sent_before),
        sent_lost: beyond(&sent_before, &sent_now),
        person: person(previous, now),
        client: client(previous, now),
        outcome: outcome(&previous.outcome, &now.outcome),
        scopes_gained: without(scopes_now, scopes_before),
        scopes_lost: without(scopes_before, scopes_now),
        claims_gained: names(after, |name| !before.contains_key(name)),
        claims_lost: names(before, |name| !after.contains_key(name)),
        claims_changed: names(after, |name| {
            before.contains_key(name) && before.get(name) != after.get(name)
        }),
    }
}

fn asked(run: &Run) -> Scope {
    Scope::parse(run.request.scope.as_deref().unwrap_or_default()).scope
}

/// The parameters that are not compared by a property of their own.
fn sent(run: &Run) -> Vec<String> {
    run.request
        .parameters()
        .into_iter()
        .filter_map(|(name, value)| match name.as_str() {
            "client_id" | "scope" => None,
            "state" | "nonce" | "code_challenge" => Some(name),
            _ => Some(format!("{name}={value}")),
        })
        .collect()
}

fn beyond(sent: &[String], other: &[String]) -> Vec<String> {
    let more = sent.iter().filter(|text| !other.contains(text));
    more.cloned().collect()
}

fn person(previous: &Run, now: &Run) -> Option<Changed> {
    let names = |run: &Run| {
        let view = run.signed_in.as_ref()?;
        let given = run.profile.as_ref().map_or("", |own| &own.given_name);
        Some([given, &view.name, &view.email, &view.uuid].map(str::to_owned))
    };
    told_apart(names(previous), names(now))
}

fn client(previous: &Run, now: &Run) -> Option<Changed> {
    let names = |run: &Run| Some([run.client.name.clone(), run.client.id.clone()]);
    told_apart(names(previous), names(now))
}

/// The first names that tell the two apart, unless the last names, their ids,
/// are the same.
fn told_apart<const N: usize>(
    before: Option<[String; N]>,
    now: Option<[String; N]>,
) -> Option<Changed> {
    let first = |names: [String; N]| names.into_iter().find(|name| !name.is_empty());
    match (before, now) {
        (Some(before), Some(now)) if before.last() == now.last() => None,
        (Some(before), Some(now)) => before
            .into_iter()
            .zip(now)
            .find(|(before, now)| before != now && !before.is_empty() && !now.is_empty())
            .map(|(before, now)| Changed { before, now }),
        (None, None) => None,
        (before, now) => {
            let name = |names: Option<_>| names.and_then(first).unwrap_or_default();
            Some(Changed {
                before: name(before),
                now: name(now),
            })
        }
    }
}

fn outcome(before: &Outcome, now: &Outcome) -> Option<Changed> {
    (before != now).then(|| Changed {
        before: catalog::ended(before),
        now: catalog::ended(now),
    })
}

fn without(scope: &Scope, other: &Scope) -> Scope {
    scope
        .iter()
        .filter(|token| !other.contains(token.as_str()))
        .cloned()
        .collect()
}

fn names(claims: &Claims, keep: impl Fn(&str) -> bool) -> Vec<String> {
    claims.keys().filter(|name| keep(name)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::{Changed, Difference, diff};
    use crate::{
        evidence::Outcome,
        fixture::{any_run, bo, issue, run, scope},
    };
    use oidc::{
        error::{ErrorCode, OAuthError},
        exchange::Step,
    };
    use proptest::prelude::*;

    #[test]
    fn an_added_scope_shows_as_gained() {
        let before = run("openid email", "openid");
        let now = run("openid email", "openid email");
        let difference = Difference {
            scopes_gained: scope("email"),
            claims_gained: vec!["email".to_owned(), "email_verified".to_owned()],
            ..Difference::default()
        };
        assert_eq!(diff(&before, &now), difference);
        let back = diff(&now, &before);
        assert_eq!(back.scopes_lost, difference.scopes_gained);
        assert_eq!(back.claims_lost, difference.claims_gained);
    }

    #[test]
    fn another_person_shows_as_changed_claims() {
        let before = run("openid email address", "openid email address");
        let mut now = before.clone();
        issue(&mut now, bo());
        assert_eq!(
            diff(&before, &now),
            Difference {
                person: Some(Changed {
                    before: "Alice".to_owned(),
                    now: "Bo".to_owned()
                }),
                claims_lost: vec!["address".to_owned()],
                claims_changed: ["email", "email_verified", "global_sub", "sub"]
                    .map(str::to_owned)
                    .into(),
                ..Difference::default()
            }
        );
    }

    #[test]
    fn every_difference_is_a_line() {
        let mut before = run("openid email address", "openid email address");
        before.request.prompt = Some("login".to_owned());
        let mut now = run("openid email phone", "openid email");
        issue(&mut now, bo());
        now.request.nonce = Some("n".to_owned());
        now.client.id = "c-2".to_owned();
        now.client.name = "Kiosk".to_owned();
        assert_eq!(
            diff(&before, &now).lines(),
            [
                "Asked for now: `phone`.",
                "No longer asked for: `address`.",
                "Sent now: `nonce`.",
                "No longer sent: `prompt=login`.",
                "Client: Kiosk instead of Storefront.",
                "Signed in: Bo instead of Alice.",
                "No longer granted: `address`.",
                "Claims that are gone: `address`.",
                "Claims with another value: `email`, `email_verified`, `global_sub`, `sub`.",
            ]
        );
    }

    #[test]
    fn what_is_new_in_every_request_is_no_difference() {
        let mut before = run("openid", "openid");
        before.request.state = Some("1".to_owned());
        let mut now = before.clone();
        now.request.state = Some("2".to_owned());
        let difference = diff(&before, &now);
        assert!(difference.is_empty());
        assert_eq!(
            difference.lines(),
            ["Nothing: the same request, the same scopes, the same claims."]
        );
    }

    #[test]
    fn another_end_is_told() {
        let done = run("openid", "openid");
        let ended = |code, description| {
            let mut refused = done.clone();
            (refused.granted, refused.userinfo) = (None, None);
            (refused.signed_in, refused.profile) = (None, None);
            refused.outcome = Outcome::Refused(OAuthError::new(code, description));
            refused
        };
        let cancelled = ended(ErrorCode::AccessDenied, "The person cancelled");
        let lines = diff(&done, &cancelled).lines();
        assert_eq!(
            lines[..2],
            [
                "Signed in: nobody instead of Alice.",
                "Ended: refused with `access_denied` instead of completed."
            ]
        );
        let other = ended(ErrorCode::AccessDenied, "The person is too young");
        assert_eq!(
            diff(&cancelled, &other).lines(),
            ["Ended: refused with `access_denied` again, for another reason."]
        );
        let mut failed = done.clone();
        failed.outcome = Outcome::Failed {
            step: Step::Token,
            message: String::new(),
            error: None,
            advice: String::new(),
        };
        assert_eq!(
            diff(&failed, &done).lines(),
            ["Ended: completed instead of failed at the token request."]
        );
    }

    #[test]
    fn people_of_the_same_name_are_told_apart() {
        let before = run("openid", "openid");
        let mut now = before.clone();
        let view = now.signed_in.as_mut().unwrap();
        view.uuid = "a-2".to_owned();
        view.email = "ash@example.com".to_owned();
        assert_eq!(
            diff(&before, &now).lines(),
            ["Signed in: ash@example.com instead of alice@example.com."]
        );
    }

    proptest! {
        #[test]
        fn a_difference_has_lines_and_the_way_back_has_as_many(a in any_run(), b in any_run()) {
            let (there, back) = (diff(&a, &b), diff(&b, &a));
            prop_assert_eq!(there.is_empty(), back.is_empty());
            prop_assert_eq!(there.lines().len(), back.lines().len());
            prop_assert!(there.lines().iter().all(|line| line.ends_with('.')));
        }

        #[test]
        fn nothing_changes_from_a_run_to_itself(run in any_run()) {
            prop_assert!(diff(&run, &run).is_empty());
        }
    }
}
