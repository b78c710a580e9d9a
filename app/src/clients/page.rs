//! A client's page: what it is, what it may do, and changing it.

use super::{
    api::{Loaded, is_last_way_in, load, shown_secret},
    list::PolicyLinks,
    secret::Secret,
    snippets::OwnApplication,
};
use crate::{
    build::page::sandbox_id,
    components::field::FormProblem,
    console::change::ChangeMade,
    layout::Layout,
    policies::list::kind_word,
    problem_page::ProblemPage,
    ssr,
    submitted::{Submitted, submitted},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use playground::{Change, Method};
use policy::client::{Client, ClientKind};

/// The field a person ticks who wants to be locked out.
pub const SURE: &str = "sure";

#[component]
pub fn ClientPage() -> impl IntoView {
    let id = use_params_map()
        .read_untracked()
        .get("id")
        .unwrap_or_default();
    let sent = submitted();
    let change = sent
        .as_ref()
        .and_then(|sent| sent.change.clone())
        .or_else(|| ssr::query_value("change"));
    view! {
        <Suspense>
            {Suspend::new(async move {
                match load(&id, change).await {
                    Ok(loaded) => view! { <Page loaded sent=sent.unwrap_or_default()/> }.into_any(),
                    Err(problem) => view! { <ProblemPage problem/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Page(loaded: Loaded, sent: Submitted) -> impl IntoView {
    let client = loaded.client.clone();
    let sandbox = sandbox_id(&loaded.sandbox.issuer);
    let secret = shown_secret(&client, loaded.change.as_ref());
    let is_last_way_in = is_last_way_in(&loaded.sandbox, &client.id);
    let change = loaded.change.clone().map(|change| {
        let headline = headline(&change.what);
        view! { <ChangeMade change headline/> }
    });
    let facts = view! { <Facts loaded=&loaded/> };
    let own = view! { <OwnApplication loaded=&loaded secret=secret.as_deref() sent=&sent/> };
    let delete = view! { <Delete client=client.clone() is_last_way_in sent=&sent/> };
    view! {
        <Title text=client.name.clone()/>
        <Layout sandbox=sandbox>
            <main id="main" class="page narrow sections">
                <div class="stack">
                    <p class="eyebrow"><a href="/clients">"Clients"</a> " · " {kind_word(client.kind())}</p>
                    <h1>{client.name.clone()}</h1>
                    {facts}
                    <Ways client=client.clone()/>
                    <FormProblem problem=sent.problem("")/>
                    {change}
                    {is_last_way_in
                        .then(|| {
                            view! {
                                <p class="alert warning">
                                    <span class="sign" aria-hidden="true">"▲"</span>
                                    <span>
                                        "The last client whose tokens may change the configuration. Without it, or with a token policy that does not list "
                                        <code>{playground::ADMIN_SCOPE}</code>
                                        ", only a reset of the sandbox leads back."
                                    </span>
                                </p>
                            }
                        })}
                </div>
                <Secret client=client secret/>
                {own}
                {delete}
            </main>
        </Layout>
    }
}

/// What a change did, in a sentence.
fn headline(change: &Change) -> &'static str {
    let is_secret = change.path.ends_with("/secret");
    match (change.is_done(), change.method) {
        (false, _) => "The client is as it was.",
        (true, Method::Get) => "This is its secret.",
        (true, Method::Post) if is_secret => {
            "The client has another secret. The one before is good for nothing."
        }
        (true, Method::Post) => "The client is made.",
        (true, _) => "The client is changed.",
    }
}

#[component]
fn Facts<'a>(loaded: &'a Loaded) -> impl IntoView + use<> {
    let client = loaded.client.clone();
    let registered = loaded.registered.then(|| {
        view! {
            <p class="hint">"It registered itself over dynamic client registration."</p>
        }
    });
    view! {
        <dl class="facts">
            <dt>"Client id"</dt>
            <dd><code class="wrap">{client.id.clone()}</code></dd>
            <PolicyLinks client sandbox=&loaded.sandbox/>
        </dl>
        {registered}
    }
}

/// Where to go with a client.
#[component]
fn Ways(client: Client) -> impl IntoView {
    let (href, label) = match client.kind() {
        ClientKind::Configuration => (
            "/admin-tokens".to_owned(),
            "Ask for an administrative token",
        ),
        _ => (try_it(&client.id), "Try it"),
    };
    view! {
        <p class="actions">
            <a class="button primary" href=href>{label}</a>
        </p>
    }
}

/// The first page with this client chosen, and every scope.
fn try_it(client: &str) -> String {
    format!("/?client={client}&scope=profile&scope=email&scope=address&scope=phone&pkce=on")
}

#[component]
fn Delete<'a>(client: Client, is_last_way_in: bool, sent: &'a Submitted) -> impl IntoView + use<> {
    let problem = sent.problem(SURE);
    let open = problem.is_some();
    let sure = is_last_way_in.then(|| {
        view! {
            <label class="choice">
                <input type="checkbox" name=SURE value="lock-out"/>
                <span>"I know that only a reset of the sandbox leads back"</span>
            </label>
            <FormProblem problem/>
        }
    });
    view! {
        <section aria-labelledby="delete-title">
            <h2 id="delete-title">"Delete it"</h2>
            <details class="quiet" open=open>
                <summary>"What goes with it"</summary>
                <form method="post" action=format!("/clients/{}/delete", client.id) class="stack">
                    <p>
                        "Its codes, tokens and secret are good for nothing from then on. Policies and people stay, and so do the runs you made with it."
                    </p>
                    {sure}
                    <p class="actions">
                        <button class="button danger" type="submit">"Delete " {client.name}</button>
                    </p>
                </form>
            </details>
        </section>
    }
}
