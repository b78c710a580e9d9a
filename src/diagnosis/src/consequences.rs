//! What a change of policies does to whoever uses them.

use oidc::scope::OPENID;
use policy::{
    admin_scope::{ADMIN_SCOPE, AdminScope},
    client::{Client, ClientKind},
    token_policy::TokenPolicy,
};

/// A warning before something is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// What happens, in a sentence or two. Text in backquotes is code.
    pub text: String,
    /// Whether it locks the person out of changing anything further.
    pub locks_out: bool,
}

impl Warning {
    fn new(text: String) -> Self {
        Self {
            text,
            locks_out: false,
        }
    }
}

/// Whether no configuration client gets a token that may change everything:
/// then the pages of the playground cannot change anything either.
#[must_use]
pub fn is_locked_out(policies: &[TokenPolicy], clients: &[Client]) -> bool {
    let opens = |client: &Client| {
        let policy = policies.iter().find(|one| one.id == client.token_policy);
        client.kind() == ClientKind::Configuration
            && policy.is_some_and(|policy| policy.allowed_scopes.contains(ADMIN_SCOPE))
    };
    !clients.iter().any(opens)
}

/// What is worth a warning when a token policy becomes this.
#[must_use]
pub fn of_token_policy(
    after: &TokenPolicy,
    policies: &[TokenPolicy],
    clients: &[Client],
) -> Vec<Warning> {
    let users: Vec<&Client> = clients
        .iter()
        .filter(|client| client.token_policy == after.id)
        .collect();
    let (configuration, login): (Vec<&Client>, Vec<&Client>) = users
        .into_iter()
        .partition(|client| client.kind() == ClientKind::Configuration);
    let policies_after: Vec<TokenPolicy> = policies
        .iter()
        .map(|policy| if policy.id == after.id { after } else { policy })
        .cloned()
        .collect();
    let locks_out = !is_locked_out(policies, clients) && is_locked_out(&policies_after, clients);
    [
        locks_out.then(lock_out),
        nothing_allowed(after, &configuration, &login),
        no_openid(after, &login),
        never_granted(after, &login),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What is worth a warning when a client gets another token policy.
#[must_use]
pub fn of_assignment(
    client: &Client,
    policy: &TokenPolicy,
    policies: &[TokenPolicy],
    clients: &[Client],
) -> Vec<Warning> {
    let assigned = Client {
        token_policy: policy.id.clone(),
        ..client.clone()
    };
    of_client(&assigned, policies, clients)
}

/// What is worth a warning when a client becomes this.
#[must_use]
pub fn of_client(after: &Client, policies: &[TokenPolicy], clients: &[Client]) -> Vec<Warning> {
    let clients_after: Vec<Client> = clients
        .iter()
        .map(|other| if other.id == after.id { after } else { other })
        .cloned()
        .collect();
    let locks_out = !is_locked_out(policies, clients) && is_locked_out(policies, &clients_after);
    locks_out.then(lock_out).into_iter().collect()
}

fn lock_out() -> Warning {
    Warning {
        text: format!(
            "This locks you out. No configuration client gets a token with `{ADMIN_SCOPE}` any more, so that nothing can be changed from these pages, this policy included. Only a reset of the sandbox brings it back."
        ),
        locks_out: true,
    }
}

fn nothing_allowed(
    after: &TokenPolicy,
    configuration: &[&Client],
    login: &[&Client],
) -> Option<Warning> {
    let users: Vec<&Client> = configuration.iter().chain(login).copied().collect();
    (after.allowed_scopes.is_empty() && !users.is_empty()).then(|| {
        Warning::new(format!(
            "`allowedScopes` is empty: tokens of {} are issued all the same, and can do nothing.",
            names(&users)
        ))
    })
}

fn no_openid(after: &TokenPolicy, login: &[&Client]) -> Option<Warning> {
    let lacks = !after.allowed_scopes.contains(OPENID);
    (lacks && !login.is_empty()).then(|| {
        Warning::new(format!(
            "`openid` is not in `allowedScopes`. People can still sign in to {}, but no ID token is issued and userinfo answers 403 `insufficient_scope`.",
            names(login)
        ))
    })
}

fn never_granted(after: &TokenPolicy, login: &[&Client]) -> Option<Warning> {
    let scopes = after.allowed_scopes.iter();
    let scopes: Vec<String> = scopes
        .filter(|scope| AdminScope::parse(scope.as_str()).is_some())
        .map(|scope| format!("`{scope}`"))
        .collect();
    (!scopes.is_empty() && !login.is_empty()).then(|| {
        Warning::new(format!(
            "{} is stored, but a person’s token never carries it: at sign-in to {} only scopes of the discovery document are granted.",
            scopes.join(", "),
            names(login)
        ))
    })
}

fn names(clients: &[&Client]) -> String {
    let names: Vec<String> = clients
        .iter()
        .map(|one| format!("“{}”", one.name))
        .collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_locked_out, of_assignment, of_token_policy};
    use policy::{
        client::{Client, ClientDraft},
        token_policy::{TokenPolicy, TokenPolicyDraft},
    };
    use serde_json::json;

    fn policy(id: &str, scopes: &[&str]) -> TokenPolicy {
        let body = json!({ "title": id, "allowedScopes": scopes });
        let draft = TokenPolicyDraft::from_json(body.as_object().unwrap());
        draft.unwrap().with_id(id.to_owned())
    }

    fn client(name: &str, token_policy: &str, login_policy: Option<&str>) -> Client {
        let body = json!({ "name": name, "type": "confidential",
            "tokenPolicy": token_policy, "loginPolicy": login_policy });
        let draft = ClientDraft::from_json(body.as_object().unwrap(), &[]).unwrap();
        draft.create(name.to_owned(), Some("s".to_owned()))
    }

    fn sandbox() -> (Vec<TokenPolicy>, Vec<Client>) {
        (
            vec![
                policy("shop", &["openid"]),
                policy("admin", &["*:config/**", ".:**"]),
            ],
            vec![
                client("Shop", "shop", Some("l")),
                client("Admin", "admin", None),
            ],
        )
    }

    #[test]
    fn who_would_be_locked_out_is_warned() {
        let (policies, clients) = sandbox();
        assert!(!is_locked_out(&policies, &clients));
        let warnings = of_token_policy(&policy("admin", &["*:**"]), &policies, &clients);
        assert!(warnings.len() == 1 && warnings[0].locks_out, "{warnings:?}");
        let warnings = of_token_policy(&policy("admin", &["*:config/**"]), &policies, &clients);
        assert_eq!(warnings, []);
        // A second way in.
        let mut more = clients.clone();
        more.push(client("Spare", "spare", None));
        let mut known = policies.clone();
        known.push(policy("spare", &["*:config/**"]));
        assert_eq!(
            of_token_policy(&policy("admin", &[".:**"]), &known, &more),
            []
        );
        // Who is locked out already loses nothing.
        let shut = [policy("shop", &["openid"]), policy("admin", &[".:**"])];
        assert_eq!(
            of_token_policy(&policy("admin", &["+:**"]), &shut, &clients),
            []
        );
    }

    #[test]
    fn giving_the_configuration_client_a_narrow_policy_locks_out_too() {
        let (policies, clients) = sandbox();
        let warnings = of_assignment(&clients[1], &policies[0], &policies, &clients);
        assert!(warnings[0].locks_out);
        assert_eq!(
            of_assignment(&clients[0], &policies[1], &policies, &clients),
            []
        );
    }

    #[test]
    fn sign_ins_that_become_useless_are_named() {
        let (policies, clients) = sandbox();
        let text = |scopes: &[&str]| {
            let warnings = of_token_policy(&policy("shop", scopes), &policies, &clients);
            warnings
                .into_iter()
                .map(|one| one.text)
                .collect::<Vec<_>>()
                .join("\n")
        };
        assert!(
            text(&["profile"])
                .contains("`openid` is not in `allowedScopes`. People can still sign in to “Shop”")
        );
        assert!(text(&[]).contains("can do nothing"));
        assert!(
            text(&["openid", "*:**"])
                .contains("`*:**` is stored, but a person’s token never carries it")
        );
        assert_eq!(text(&["openid", "own"]), "");
        // Nobody uses it.
        assert_eq!(
            of_token_policy(&policy("new", &[]), &policies, &clients),
            []
        );
    }
}
