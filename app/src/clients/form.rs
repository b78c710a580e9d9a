//! The fields of a client.

use super::fields::{ClientFields, known};
use crate::{
    components::field::{Select, TextArea, TextInput},
    console::document::Drafted,
};
use leptos::prelude::*;
use oidc::signing_algorithm::SigningAlgorithm;
use playground::SandboxView;
use policy::client::{Client, ClientType};

/// The fields, each a region of the page of its own: the one in use is left
/// alone when the others follow the JSON.
pub(super) fn fields(
    drafted: &Drafted<ClientFields, Client>,
    sandbox: &SandboxView,
    current: Option<&Client>,
) -> AnyView {
    let fields = &drafted.shown.edited.fields;
    let known = known(sandbox, current);
    let problem = |name: &str| {
        fields
            .wrong_lines(name, &known)
            .or_else(|| drafted.problem(name))
    };
    let value = |name: &str| fields.value(name);
    view! {
        <div id="region-name" data-region>
            <TextInput name="name" label="Name" value=value("name") problem=drafted.problem("name")/>
        </div>
        {type_field(drafted, current)}
        {policy_fields(drafted, sandbox)}
        <div id="region-redirectURIs" data-region>
            <TextArea
                name="redirectURIs" label="Redirect URIs" rows=3
                value=value("redirectURIs") problem=problem("redirectURIs")
                hint="One a line, exactly as the application sends them: `https`, `http` on this machine, or a scheme of the application’s own."
            />
        </div>
        <div id="region-postLogoutRedirectURIs" data-region>
            <TextArea
                name="postLogoutRedirectURIs" label="Where to go after signing out" rows=2
                value=value("postLogoutRedirectURIs") problem=problem("postLogoutRedirectURIs")
                hint="One a line. Ours, beyond Akamai: RP-Initiated Logout."
            />
        </div>
        {algorithm_field(drafted)}
    }
    .into_any()
}

/// A type is chosen once.
fn type_field(drafted: &Drafted<ClientFields, Client>, current: Option<&Client>) -> AnyView {
    let value = drafted.shown.edited.fields.value("type");
    let options = match current {
        Some(client) => vec![client.client_type],
        None => ClientType::ALL.to_vec(),
    };
    let options = options
        .into_iter()
        .map(|own| (own.as_str().to_owned(), own.as_str().to_owned()))
        .collect();
    let hint = if current.is_some() {
        "It stays what it was when the client was made."
    } else {
        "A confidential client can keep a secret, and gets one. Afterwards it cannot be changed."
    };
    view! {
        <div id="region-type" data-region>
            <Select name="type" label="Type" value options problem=drafted.problem("type") hint/>
        </div>
    }
    .into_any()
}

fn policy_fields(drafted: &Drafted<ClientFields, Client>, sandbox: &SandboxView) -> AnyView {
    let token_policies = sandbox.token_policies.iter();
    let token: Vec<(String, String)> = token_policies
        .map(|policy| (policy.id.clone(), policy.title.clone()))
        .collect();
    let none = (String::new(), "none: a configuration client".to_owned());
    let login_policies = sandbox.login_policies.iter();
    let login: Vec<(String, String)> = login_policies
        .map(|policy| (policy.id.clone(), policy.title.clone()))
        .chain([none])
        .collect();
    let value = |name: &str| drafted.shown.edited.fields.value(name);
    view! {
        <div id="region-tokenPolicy" data-region>
            <Select
                name="tokenPolicy" label="Token policy" value=value("tokenPolicy") options=token
                problem=drafted.problem("tokenPolicy")
            />
        </div>
        <div id="region-loginPolicy" data-region>
            <Select
                name="loginPolicy" label="Login policy" value=value("loginPolicy") options=login
                problem=drafted.problem("loginPolicy")
            />
        </div>
    }
    .into_any()
}

fn algorithm_field(drafted: &Drafted<ClientFields, Client>) -> AnyView {
    let none = (String::new(), "RS256, unless told otherwise".to_owned());
    let algorithms = SigningAlgorithm::ALL.into_iter();
    let named = algorithms.map(|own| (own.as_str().to_owned(), own.as_str().to_owned()));
    let options: Vec<(String, String)> = [none].into_iter().chain(named).collect();
    let value = drafted
        .shown
        .edited
        .fields
        .value("idTokenSignedResponseAlg");
    view! {
        <div id="region-idTokenSignedResponseAlg" data-region>
            <Select
                name="idTokenSignedResponseAlg" label="Tokens are signed with" value options
                problem=drafted.problem("idTokenSignedResponseAlg")
                hint="Ours, beyond Akamai, which signs with RS256."
            />
        </div>
    }
    .into_any()
}
