//! What has changed since a run: its client's token policy by now, and what the
//! same request would bring.

use crate::{catalog, evidence::Run};
use oidc::scope::{Scope, ScopeToken};
use policy::{client::Client, grant::grant_login, token_policy::TokenPolicy};

/// What stands in the sandbox by now.
#[derive(Clone, Copy, Debug)]
pub struct Now<'a> {
    /// The run's client; `None` when it is gone.
    pub client: Option<&'a Client>,
    /// The sandbox's token policies.
    pub policies: &'a [TokenPolicy],
}

/// What has changed since a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Since {
    /// What is another thing now, a sentence each. Names are set in backticks.
    pub changes: Vec<String>,
    /// What a new run with the same request would bring; `None` when there
    /// cannot be one.
    pub next: Option<String>,
    /// The id of the policy that counts now.
    pub policy: Option<String>,
}

/// What has changed since the run; `None` when nothing did.
#[must_use]
pub fn since(run: &Run, now: &Now<'_>) -> Option<Since> {
    let Some(client) = now.client else {
        return Some(Since {
            changes: vec![catalog::client_gone(&run.client.name)],
            ..Since::default()
        });
    };
    let find = |id: &str| now.policies.iter().find(|policy| policy.id == id);
    let counts = find(&client.token_policy);
    let mut changes = Vec::new();
    if client.token_policy != run.policy.id {
        let title = counts.map(|policy| policy.title.as_str());
        changes.push(catalog::client_moved(&run.policy.title, title));
        if find(&run.policy.id).is_none() {
            changes.push(catalog::policy_gone(&run.policy.title));
        }
    }
    if let Some(counts) = counts {
        changes.extend(differences(&run.policy, counts));
    }
    (!changes.is_empty()).then(|| Since {
        changes,
        next: counts.map(|counts| next(run, counts)),
        policy: counts.map(|counts| counts.id.clone()),
    })
}

/// What one policy says otherwise than another, a sentence for each property.
fn differences(then: &TokenPolicy, now: &TokenPolicy) -> Vec<String> {
    // Another policy has another title anyway.
    let renamed = then.id == now.id && then.title != now.title;
    [
        catalog::scopes_listed(&beyond(&now.allowed_scopes, &then.allowed_scopes)),
        catalog::scopes_unlisted(&beyond(&then.allowed_scopes, &now.allowed_scopes)),
        catalog::lifetime(
            "accessTokenLifetime",
            then.access_token_lifetime,
            now.access_token_lifetime,
        ),
        catalog::lifetime(
            "refreshTokenLifetime",
            then.refresh_token_lifetime,
            now.refresh_token_lifetime,
        ),
        (then.use_access_jwt != now.use_access_jwt)
            .then(|| catalog::access_tokens(now.use_access_jwt)),
        renamed.then(|| catalog::renamed(&then.title, &now.title)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What the same request would be granted now, by what issues.
fn next(run: &Run, policy: &TokenPolicy) -> String {
    let requested = Scope::parse(run.request.scope.as_deref().unwrap_or_default()).scope;
    let granted = grant_login(&requested, policy).scope;
    let before = run.granted.as_ref();
    let compared = before.map(|before| (beyond(&granted, before), beyond(before, &granted)));
    catalog::next_run(&granted, compared)
}

fn beyond(scope: &Scope, other: &Scope) -> Scope {
    let keep = |token: &&ScopeToken| !other.contains(token.as_str());
    scope.iter().filter(keep).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::{Now, since};
    use crate::fixture::{policy, run, scope};
    use policy::{
        client::{Client, ClientType},
        token_policy::TokenPolicy,
    };

    fn client(token_policy: &str) -> Client {
        Client {
            id: "c-1".to_owned(),
            name: "Storefront".to_owned(),
            client_type: ClientType::Public,
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            id_token_signed_response_alg: None,
            login_policy: None,
            token_policy: token_policy.to_owned(),
            secret: None,
        }
    }

    #[test]
    fn nothing_is_said_while_the_policy_is_the_same() {
        let run = run("openid address", "openid");
        let (client, policies) = (client("p-1"), [policy("openid")]);
        let now = Now {
            client: Some(&client),
            policies: &policies,
        };
        assert_eq!(since(&run, &now), None);
    }

    #[test]
    fn every_property_that_differs_is_told_and_what_a_new_run_would_get() {
        let run = run("openid address email", "openid email");
        let edited = TokenPolicy {
            allowed_scopes: scope("openid address"),
            access_token_lifetime: 60,
            refresh_token_lifetime: 86_400,
            use_access_jwt: true,
            title: "Shop".to_owned(),
            ..policy("")
        };
        let (client, policies) = (client("p-1"), [edited]);
        let now = Now {
            client: Some(&client),
            policies: &policies,
        };
        let told = since(&run, &now).unwrap();
        assert_eq!(
            told.changes,
            [
                "`allowedScopes` lists `address` now.",
                "`allowedScopes` no longer lists `email`.",
                "`accessTokenLifetime` is 1 minute instead of 1 hour.",
                "`refreshTokenLifetime` is 1 day instead of 90 days.",
                "Access tokens are JWTs now.",
                "The policy is called “Shop” instead of “Storefront”.",
            ]
        );
        assert_eq!(
            told.next.as_deref(),
            Some("A new run would be granted `openid address`: `address` more, `email` less.")
        );
        assert_eq!(told.policy.as_deref(), Some("p-1"));
    }

    #[test]
    fn another_policy_a_deleted_one_and_a_deleted_client_are_told() {
        let run = run("openid address", "openid");
        let other = TokenPolicy {
            id: "p-2".to_owned(),
            title: "Everything".to_owned(),
            ..policy("openid")
        };
        let client = client("p-2");
        let told = |policies: &[TokenPolicy]| {
            let now = Now {
                client: Some(&client),
                policies,
            };
            since(&run, &now).unwrap()
        };
        let moved =
            "The client has another token policy by now: “Everything” instead of “Storefront”.";
        let both = told(&[policy("openid"), other.clone()]);
        assert_eq!(both.changes, [moved]);
        assert_eq!(
            both.next.as_deref(),
            Some("A new run would be granted the same: `openid`.")
        );
        let deleted = told(&[other]);
        assert_eq!(
            deleted.changes,
            [moved, "Token policy “Storefront” was deleted."]
        );

        let gone = Now {
            client: None,
            policies: &[],
        };
        let gone = since(&run, &gone).unwrap();
        assert_eq!(
            gone.changes,
            ["The client “Storefront” was deleted: the same request would be refused now."]
        );
        assert_eq!((gone.next, gone.policy), (None, None));
    }
}
