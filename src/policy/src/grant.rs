//! From a requested scope to a granted one.

use crate::{release::StandardScope, token_policy::TokenPolicy};
use oidc::scope::{Scope, ScopeToken};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// What a token carries, and what was asked for in vain.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Granted {
    /// Requested and allowed, in the order of the request.
    pub scope: Scope,
    /// Requested and not granted, in the order of the request. Never an error.
    pub dropped: Vec<Dropped>,
}

/// A requested scope that was not granted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dropped {
    /// The scope.
    pub token: ScopeToken,
    /// Why.
    pub reason: DropReason,
}

/// Why a requested scope was not granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DropReason {
    /// The provider's discovery document does not list it, so that no policy
    /// can bring it into a login.
    UnknownToProvider,
    /// The token policy's `allowedScopes` does not list it.
    NotInAllowedScopes,
}

/// Grants a login: what is requested, known to the provider and allowed.
///
/// The token policy outranks the request, and nothing of this is an error.
// Inferred: a policy may list a scope that discovery does not know; it is
// stored and has no effect on logins (domain notes, section 10).
#[must_use]
pub fn grant_login(requested: &Scope, policy: &TokenPolicy) -> Granted {
    grant(requested, policy, |token| {
        StandardScope::parse(token.as_str()).is_some()
    })
}

/// Grants an administrative token: exact membership in `allowedScopes`, without
/// one scope containing another.
// Inferred: exact strings, although one page suggests that `*:**` would also
// cover `*:config/**` (domain notes, sections 3.2 and 10).
#[must_use]
pub fn grant_administrative(requested: &Scope, policy: &TokenPolicy) -> Granted {
    grant(requested, policy, |_| true)
}

fn grant(requested: &Scope, policy: &TokenPolicy, known: impl Fn(&ScopeToken) -> bool) -> Granted {
    // A set, because both lists come from outside and may be long.
    let allowed: HashSet<&ScopeToken> = policy.allowed_scopes.iter().collect();
    let mut dropped = Vec::new();
    let scope = requested
        .iter()
        .filter(|token| {
            let reason = if !known(token) {
                DropReason::UnknownToProvider
            } else if !allowed.contains(token) {
                DropReason::NotInAllowedScopes
            } else {
                return true;
            };
            dropped.push(Dropped {
                token: (*token).clone(),
                reason,
            });
            false
        })
        .cloned()
        .collect();
    Granted { scope, dropped }
}

#[cfg(test)]
mod tests {
    use super::{DropReason, Dropped, Granted, grant_administrative, grant_login};
    use crate::token_policy::TokenPolicy;
    use oidc::scope::{Scope, ScopeToken};

    fn scope(text: &str) -> Scope {
        Scope::parse(text).scope
    }

    fn check(
        grant: impl Fn(&Scope, &TokenPolicy) -> Granted,
        (requested, allowed): (&str, &str),
        granted: &str,
        dropped: &[(&str, DropReason)],
    ) {
        let policy = TokenPolicy {
            id: String::new(),
            title: String::new(),
            access_token_lifetime: 60,
            refresh_token_lifetime: 60,
            allowed_scopes: scope(allowed),
            use_access_jwt: false,
        };
        let dropped = dropped
            .iter()
            .map(|(token, reason)| Dropped {
                token: ScopeToken::new(token).unwrap(),
                reason: *reason,
            })
            .collect();
        assert_eq!(
            grant(&scope(requested), &policy),
            Granted {
                scope: scope(granted),
                dropped
            },
            "{requested:?} out of {allowed:?}"
        );
    }

    #[test]
    fn a_login_gets_what_is_requested_known_and_allowed() {
        use DropReason::{NotInAllowedScopes, UnknownToProvider};
        let not_allowed = ("address", NotInAllowedScopes);
        for (case, granted, dropped) in [
            (("", "openid"), "", vec![]),
            (("openid", ""), "", vec![("openid", NotInAllowedScopes)]),
            (
                ("profile openid", "openid profile email"),
                "profile openid",
                vec![],
            ),
            (
                ("openid address", "openid profile"),
                "openid",
                vec![not_allowed],
            ),
            (
                ("openid Openid", "openid Openid"),
                "openid",
                vec![("Openid", UnknownToProvider)],
            ),
            (
                ("shoe_size openid", "shoe_size openid"),
                "openid",
                vec![("shoe_size", UnknownToProvider)],
            ),
            (("*:**", "*:**"), "", vec![("*:**", UnknownToProvider)]),
            (
                ("x address", "openid"),
                "",
                vec![("x", UnknownToProvider), not_allowed],
            ),
        ] {
            check(grant_login, case, granted, &dropped);
        }
    }

    #[test]
    fn an_administrative_token_gets_exact_strings_only() {
        let dropped = |token| (token, DropReason::NotInAllowedScopes);
        for (case, granted, dropped) in [
            (
                (".:** *:config/**", "*:config/** .:**"),
                ".:** *:config/**",
                vec![],
            ),
            (("*:config/**", "*:**"), "", vec![dropped("*:config/**")]),
            (("XXXXX", "*:**"), "", vec![dropped("XXXXX")]),
            (("openid", "openid"), "openid", vec![]),
        ] {
            check(grant_administrative, case, granted, &dropped);
        }
    }
}
