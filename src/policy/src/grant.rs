//! From a requested scope to a granted one.

use crate::{release::StandardScope, token_policy::TokenPolicy};
use oidc::scope::{Scope, ScopeToken};
use serde::{Deserialize, Serialize};

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
    grant(requested, |token| {
        if StandardScope::parse(token.as_str()).is_none() {
            Err(DropReason::UnknownToProvider)
        } else {
            allowed(token, policy)
        }
    })
}

/// Grants an administrative token: exact membership in `allowedScopes`, without
/// one scope containing another.
// Inferred: exact strings, although one page suggests that `*:**` would also
// cover `*:config/**` (domain notes, sections 3.2 and 10).
#[must_use]
pub fn grant_administrative(requested: &Scope, policy: &TokenPolicy) -> Granted {
    grant(requested, |token| allowed(token, policy))
}

fn allowed(token: &ScopeToken, policy: &TokenPolicy) -> Result<(), DropReason> {
    if policy.allowed_scopes.contains(token.as_str()) {
        Ok(())
    } else {
        Err(DropReason::NotInAllowedScopes)
    }
}

fn grant(
    requested: &Scope,
    decide: impl Fn(&ScopeToken) -> Result<(), DropReason>,
) -> Granted {
    let mut granted = Granted::default();
    for token in requested {
        match decide(token) {
            Ok(()) => {
                granted.scope.insert(token.clone());
            }
            Err(reason) => granted.dropped.push(Dropped {
                token: token.clone(),
                reason,
            }),
        }
    }
    granted
}
