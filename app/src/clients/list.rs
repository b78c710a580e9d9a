//! Every client of the sandbox, and the policies it uses.

use super::api::{Listed, load_list};
use crate::{
    build::page::sandbox_id, console::change::ChangeMade, layout::Layout,
    policies::list::kind_word, problem_page::ProblemPage, ssr,
};
use leptos::prelude::*;
use leptos_meta::Title;
use playground::SandboxView;
use policy::client::{Client, ClientKind};

#[component]
pub fn ClientsPage() -> impl IntoView {
    view! {
        <Suspense>
            {Suspend::new(async move {
                match load_list(ssr::query_value("change")).await {
                    Ok(listed) => view! { <Clients listed/> }.into_any(),
                    Err(problem) => view! { <ProblemPage problem/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Clients(listed: Listed) -> impl IntoView {
    let Listed {
        sandbox,
        registered,
        change,
    } = listed;
    let cards = sandbox
        .clients
        .iter()
        .map(|client| {
            let registered = registered.contains(&client.id);
            view! { <ClientCard client=client.clone() sandbox=&sandbox registered/> }
        })
        .collect_view();
    let content = if sandbox.clients.is_empty() {
        view! {
            <p>
                "There is none, so nobody can sign in, and no token may change the configuration. Make one; if no configuration client is left, reset the sandbox."
            </p>
        }
        .into_any()
    } else {
        view! { <ul class="cards">{cards}</ul> }.into_any()
    };
    view! {
        <Title text="Clients"/>
        <Layout sandbox=sandbox_id(&sandbox.issuer)>
            <main id="main" class="page narrow">
                <h1>"Clients"</h1>
                <p class="lead">
                    "An application that asks for tokens is a client. Its token policy bounds their scopes, its login policy says how people sign in; a client without a login policy is a configuration client."
                </p>
                {change.map(|change| view! { <ChangeMade change headline="The client is deleted."/> })}
                <p class="actions">
                    <a class="button primary" href="/clients/new">"New client"</a>
                </p>
                {content}
            </main>
        </Layout>
    }
}

#[component]
fn ClientCard<'a>(
    client: Client,
    sandbox: &'a SandboxView,
    registered: bool,
) -> impl IntoView + use<> {
    let kind = client.kind();
    let href = format!("/clients/{}", client.id);
    let uris = (kind != ClientKind::Configuration).then(|| uri_count(client.redirect_uris.len()));
    view! {
        <li class="card">
            <h2 class="card-title">
                <a href=href>{client.name.clone()}</a>
                " "
                <span class="kind">{kind_word(kind)}</span>
                {registered.then(|| view! { <span class="kind">" registered itself"</span> })}
            </h2>
            <dl class="facts"><PolicyLinks client sandbox/></dl>
            {uris.map(|uris| view! { <p class="hint">{uris}</p> })}
        </li>
    }
}

fn uri_count(count: usize) -> String {
    match count {
        0 => "No redirect URI: nobody can sign in with it".to_owned(),
        1 => "1 redirect URI".to_owned(),
        many => format!("{many} redirect URIs"),
    }
}

/// The policies of a client, as links in a list of facts.
#[component]
pub fn PolicyLinks<'a>(client: Client, sandbox: &'a SandboxView) -> impl IntoView + use<> {
    let mut policies = sandbox.token_policies.iter();
    let token = policies.find(|policy| policy.id == client.token_policy);
    let token = token.map_or_else(
        || client.token_policy.clone(),
        |policy| policy.title.clone(),
    );
    let login = client.login_policy.map(|id| {
        let mut policies = sandbox.login_policies.iter();
        let policy = policies.find(|policy| policy.id == id);
        let title = policy.map_or_else(|| id.clone(), |policy| policy.title.clone());
        view! {
            <dt>"Login policy"</dt>
            <dd><a href=format!("/policies/login/{id}")>{title}</a></dd>
        }
    });
    view! {
        <dt>"Token policy"</dt>
        <dd><a href=format!("/policies/token/{}", client.token_policy)>{token}</a></dd>
        {login}
    }
}
