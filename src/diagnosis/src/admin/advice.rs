//! Which scope would allow a call that is refused.

use oidc::scope::{Scope, ScopeToken};
use policy::{
    admin_scope::{self, AdminScope},
    token_policy::TokenPolicy,
};

/// What to ask for, so that a call is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// The scope that allows this call and nothing else; `None` when there is no
    /// sign for the method.
    pub smallest: Option<ScopeToken>,
    /// What the token policy lists that allows it, the narrowest first.
    pub listed: Vec<ScopeToken>,
}

impl Advice {
    /// Whether the policy lists the smallest scope itself.
    #[must_use]
    pub fn lists_smallest(&self) -> bool {
        let smallest = self.smallest.as_ref();
        smallest.is_some_and(|smallest| self.listed.contains(smallest))
    }
}

/// What would allow the call, out of a policy. `calls` are all there are, method
/// and path: of two scopes the one that allows fewer of them is narrower.
#[must_use]
pub fn advice(
    policy: &TokenPolicy,
    (method, path): (&str, &str),
    calls: &[(&str, &str)],
) -> Advice {
    let allowed: &Scope = &policy.allowed_scopes;
    let mut listed: Vec<ScopeToken> = admin_scope::allowing(allowed, method, path)
        .cloned()
        .collect();
    listed.sort_by_cached_key(|scope| width(scope, calls));
    Advice {
        smallest: admin_scope::smallest(method, path),
        listed,
    }
}

fn width(scope: &ScopeToken, calls: &[(&str, &str)]) -> (usize, usize) {
    let allowed = AdminScope::parse(scope.as_str()).map_or(usize::MAX, |scope| {
        let allows = |call: &&(&str, &str)| scope.allows(call.0, call.1);
        calls.iter().filter(allows).count()
    });
    // Among equals the longer text says more of where it ends.
    (allowed, usize::MAX - scope.as_str().len())
}

#[cfg(test)]
mod tests {
    use super::advice;
    use oidc::scope::Scope;
    use policy::token_policy::TokenPolicyDraft;
    use serde_json::json;

    const CALLS: &[(&str, &str)] = &[
        ("GET", "config/tokenPolicies"),
        ("POST", "config/tokenPolicies"),
        ("POST", "config/clients"),
        ("GET", "config/clients/1"),
    ];

    #[test]
    fn the_narrowest_listed_scope_comes_first() {
        let scopes = "openid *:** .:** *:config/** *:config/tokenPolicies";
        let body = json!({ "title": "t", "allowedScopes": Scope::parse(scopes).scope });
        let policy = TokenPolicyDraft::from_json(body.as_object().unwrap())
            .unwrap()
            .with_id("1".to_owned());
        let texts = |call| {
            let found = advice(&policy, call, CALLS);
            let listed: Vec<String> = found.listed.iter().map(ToString::to_string).collect();
            (
                found.smallest.unwrap().to_string(),
                listed.join(" "),
                found.listed.len(),
            )
        };
        assert_eq!(
            texts(("POST", "config/tokenPolicies")),
            (
                "+:config/tokenPolicies".to_owned(),
                "*:config/tokenPolicies *:config/** *:**".to_owned(),
                3
            )
        );
        assert_eq!(
            texts(("GET", "config/clients/1")).1,
            ".:** *:config/** *:**"
        );
        let found = advice(&policy, ("PATCH", "config/clients"), CALLS);
        assert_eq!(
            (found.smallest.clone(), found.lists_smallest()),
            (None, false)
        );
    }

    #[test]
    fn the_policy_may_list_the_smallest_scope_itself() {
        let body = json!({ "title": "t", "allowedScopes": ["+:config/clients"] });
        let policy = TokenPolicyDraft::from_json(body.as_object().unwrap())
            .unwrap()
            .with_id("1".to_owned());
        assert!(advice(&policy, ("POST", "config/clients"), CALLS).lists_smallest());
    }
}
