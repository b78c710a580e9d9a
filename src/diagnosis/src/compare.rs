//! What changed from one run to the next.

use crate::evidence::Run;
use oidc::scope::Scope;
use policy::release::Claims;
use serde::{Deserialize, Serialize};

/// What a later run has that an earlier one had not, and the other way round.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
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
}

/// Compares two runs.
#[must_use]
pub fn diff(previous: &Run, now: &Run) -> Difference {
    let (no_scope, no_claims) = (Scope::default(), Claims::default());
    let scopes_before = previous.granted.as_ref().unwrap_or(&no_scope);
    let scopes_now = now.granted.as_ref().unwrap_or(&no_scope);
    let before = previous.userinfo.as_ref().unwrap_or(&no_claims);
    let after = now.userinfo.as_ref().unwrap_or(&no_claims);
    Difference {
        scopes_gained: without(scopes_now, scopes_before),
        scopes_lost: without(scopes_before, scopes_now),
        claims_gained: names(after, |name| !before.contains_key(name)),
        claims_lost: names(before, |name| !after.contains_key(name)),
        claims_changed: names(after, |name| {
            before.contains_key(name) && before.get(name) != after.get(name)
        }),
    }
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
    use super::{Difference, diff};
    use crate::fixture::{any_run, bo, issue, run, scope};
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
                claims_lost: vec!["address".to_owned()],
                claims_changed: ["email", "email_verified", "global_sub", "sub"]
                    .map(str::to_owned)
                    .into(),
                ..Difference::default()
            }
        );
    }

    proptest! {
        #[test]
        fn nothing_changes_from_a_run_to_itself(run in any_run()) {
            prop_assert!(diff(&run, &run).is_empty());
        }
    }
}
