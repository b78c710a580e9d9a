//! A client's page: what it is, what it may do, and changing it.

use super::{
    api::{Found, Loaded, is_last_way_in, load, load_list, no_such_client, shown_secret, version},
    fields::{ClientFields, known},
    form::fields,
    list::PolicyLinks,
    new::NewClient,
    secret::Secret,
    snippets::OwnApplication,
};
use crate::{
    build::page::sandbox_id,
    components::field::FormProblem,
    console::document::{DocumentEditor, DocumentMade, Drafted, Existing, FollowDocument},
    layout::Layout,
    policies::{editor::JSON, list::kind_word},
    problem_page::ProblemPage,
    ssr,
    submitted::{Submitted, submitted},
};
use diagnosis::{consequences, put};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use playground::{Change, Method};
use policy::client::{Client, ClientKind};
use serde_json::{Map, Value};

/// The field a person ticks who wants to be locked out.
pub const SURE: &str = "lock_out";

#[component]
pub fn ClientPage() -> impl IntoView {
    let id = use_params_map()
        .read_untracked()
        .get("id")
        .unwrap_or_default();
    let form = submitted();
    let change = match &form {
        Some(form) => form.change.clone(),
        None => ssr::query_value("change"),
    };
    view! {
        <Suspense>
            {Suspend::new(async move {
                let loaded = match load_list(change).await {
                    Ok(listed) => load(listed, &id),
                    Err(problem) => return view! { <ProblemPage problem/> }.into_any(),
                };
                match (loaded, form) {
                    (Ok(Found::Here(loaded)), form) => {
                        view! { <Page loaded=*loaded form/> }.into_any()
                    }
                    (Ok(Found::Gone(listed)), Some(form)) if form.value(JSON).is_some() => {
                        view! { <NewClient listed=*listed form=Some(form) gone=true/> }.into_any()
                    }
                    (Ok(Found::Gone(_)), _) => {
                        view! { <ProblemPage problem=no_such_client()/> }.into_any()
                    }
                    (Err(problem), _) => view! { <ProblemPage problem/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Page(loaded: Loaded, #[prop(optional_no_strip)] form: Option<Submitted>) -> impl IntoView {
    let client = loaded.client.clone();
    let sandbox = sandbox_id(&loaded.sandbox.issuer);
    let secret = shown_secret(&client, loaded.change.as_ref());
    let is_last_way_in = is_last_way_in(&loaded.sandbox, &client.id);
    let change = loaded.change.clone().map(|change| {
        let headline = headline(&change.what);
        view! { <DocumentMade change headline/> }
    });
    let editor = editor(&loaded, form.as_ref());
    let sent = form.unwrap_or_default();
    let facts = view! { <Facts loaded=&loaded/> };
    let own = view! { <OwnApplication loaded=&loaded secret=secret.as_deref() sent=&sent/> };
    let delete = view! { <Delete client=client.clone() is_last_way_in sent=&sent/> };
    view! {
        <Title text=client.name.clone()/>
        <Layout sandbox=sandbox>
            <main id="main" class="page policy-page">
                <header class="policy-head">
                    <p class="eyebrow"><a href="/clients">"Clients"</a> " · " {kind_word(client.kind())}</p>
                    <h1>{client.name.clone()}</h1>
                    {facts}
                    <Ways client=client.clone()/>
                </header>
                <FormProblem problem=sent.problem("")/>
                {change}
                {is_last_way_in.then(last_way_in)}
                <Secret client=client secret/>
                {own}
                {editor}
                {delete}
                <FollowDocument/>
            </main>
        </Layout>
    }
}

/// The form that replaces the client.
fn editor(loaded: &Loaded, form: Option<&Submitted>) -> AnyView {
    let (client, sandbox) = (&loaded.client, &loaded.sandbox);
    let document = put::client_body(client);
    let known = known(sandbox, Some(client));
    let make = |body: &Map<String, Value>| put::client(Some(client), body, &known);
    let drafted: Drafted<ClientFields, Client> = Drafted::new(&document, form, make);
    let fields = fields(&drafted, sandbox, Some(client));
    let warnings = drafted.after().map_or_else(Vec::new, |after| {
        consequences::of_client(after, &sandbox.token_policies, &sandbox.clients)
    });
    let existing = Some(Existing {
        version: version(sandbox, client),
        after: drafted.after().map(put::client_body),
        document,
    });
    let address = format!("/clients/{}", client.id);
    view! { <DocumentEditor drafted fields address existing warnings/> }.into_any()
}

fn last_way_in() -> AnyView {
    view! {
        <p class="alert warning">
            <span class="sign" aria-hidden="true">"▲"</span>
            <span>
                "The last client whose tokens may change the configuration. Without it, or with a token policy that does not list "
                <code>{playground::ADMIN_SCOPE}</code>
                ", these pages cannot change anything."
            </span>
        </p>
    }
    .into_any()
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
    let copy = format!("/clients/new?copy={}", client.id);
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
            <a class="button" href=copy>"Copy it"</a>
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
                <input type="checkbox" name=SURE value="yes"/>
                <span>"I know that these pages cannot change anything then"</span>
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
