//! A token policy's page, and the page for a new one.

use super::{fields::TokenFields, form::TokenPolicyFields};
use crate::{
    build::page::sandbox_id,
    components::field::FormProblem,
    layout::Layout,
    policies::{
        api::{Policies, load_policies, no_such_policy, users_of_token_policy},
        clients::{Choice, Clients},
        conflict::{ConflictView, conflict},
        editor::{BASE, SEEN, pretty},
        editor_view::{Carried, FollowEditor, GoneNotice, SentSide, Shown},
        list::Users,
        made::{Made, Others},
        review::SURE,
    },
    problem_page::ProblemPage,
    ssr,
    submitted::{Submitted, submitted},
};
use diagnosis::{
    consequences::{self, Warning},
    put,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use policy::{client::ClientKind, token_policy::TokenPolicy};
use provider::versions;
use serde_json::{Map, Value, json};

#[component]
pub fn TokenPolicyPage() -> impl IntoView {
    let id = use_params_map()
        .read_untracked()
        .get("id")
        .unwrap_or_default();
    let form = submitted();
    view! {
        <Suspense>
            {Suspend::new(async move {
                let loaded = match load_policies(form.as_ref()).await {
                    Ok(loaded) => loaded,
                    Err(problem) => return view! { <ProblemPage problem/> }.into_any(),
                };
                let policies = &loaded.sandbox.token_policies;
                let policy = policies.iter().find(|policy| policy.id == id).cloned();
                match (policy, form) {
                    (Some(policy), form) => view! { <EditPage policy loaded form/> }.into_any(),
                    (None, Some(form)) => view! { <NewPage loaded form=Some(form) gone=true/> }.into_any(),
                    (None, None) => view! { <ProblemPage problem=no_such_policy()/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
pub fn NewTokenPolicyPage() -> impl IntoView {
    let form = submitted();
    view! {
        <Suspense>
            {Suspend::new(async move {
                match load_policies(form.as_ref()).await {
                    Ok(loaded) => view! { <NewPage loaded form gone=false/> }.into_any(),
                    Err(problem) => view! { <ProblemPage problem/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn EditPage(
    policy: TokenPolicy,
    loaded: Policies,
    #[prop(optional_no_strip)] form: Option<Submitted>,
) -> impl IntoView {
    let Policies { sandbox, change } = loaded;
    let document = put::token_policy_body(&policy);
    let version = versions::token_policy(&sandbox.customer_id, &policy);
    let shown = Shown::new(&document, form.as_ref(), |body| {
        put::token_policy(Some(&policy), body)
    });
    let was = shown.edited.was.clone();
    let after = shown.after().map(put::token_policy_body);
    let form = form.unwrap_or_default();
    let conflict = conflict(&form, &document, &version, after.as_ref());
    let carried = |name: &str, fresh: String| {
        let carried = form.value(name).filter(|value| !value.is_empty());
        carried.map_or(fresh, str::to_owned)
    };
    let (base, seen) = (
        carried(BASE, pretty(&document)),
        carried(SEEN, version.clone()),
    );
    let users = users_of_token_policy(&sandbox.clients, &policy.id);
    let others: Vec<_> = sandbox
        .clients
        .iter()
        .filter(|client| client.token_policy != policy.id)
        .map(Into::into)
        .collect();
    let choices: Vec<Choice> = sandbox
        .token_policies
        .iter()
        .filter(|other| other.id != policy.id)
        .map(|other| Choice {
            id: other.id.clone(),
            title: other.title.clone(),
        })
        .collect();
    let warnings = shown.after().map_or_else(Vec::new, |after| {
        consequences::of_token_policy(after, &sandbox.token_policies, &sandbox.clients)
    });
    let configuration = users
        .iter()
        .any(|user| user.kind == ClientKind::Configuration);
    let address = format!("/policies/token/{}", policy.id);
    let preview = format!("{address}/preview");
    let ask_sure = form.value("client").is_some();
    let is_used = !users.is_empty();
    view! {
        <Title text=policy.title.clone()/>
        <Layout sandbox=sandbox_id(&sandbox.issuer)>
            <main id="main" class="page policy-page">
                <header class="policy-head">
                    <p class="eyebrow"><a href="/policies">"Policies"</a> " · Token policy"</p>
                    <h1>{policy.title.clone()}</h1>
                    <Users users=users.clone()/>
                </header>
                <FormProblem problem=form.problem("")/>
                {change.map(|change| view! { <Made change/> })}
                <div id="region-conflict" data-region>
                    {conflict.map(|conflict| view! { <ConflictView conflict page=address.clone()/> })}
                </div>
                <form id="policy" class="editor" method="post" action=address.clone() data-preview=preview.clone()>
                    <Carried was base seen/>
                    <Sides
                        shown configuration warnings sure=form.value(SURE).is_some() new=false
                        preview=preview.clone()
                    />
                </form>
                <Clients
                    action=format!("{address}/assign") policy=policy.id.clone()
                    users=users others choices ask_sure
                />
                <Others address copy=format!("{ADDRESS}?copy={}", policy.id) version is_used/>
                <FollowEditor/>
            </main>
        </Layout>
    }
}

/// Fields at one side; at the other the JSON, and what it will change.
#[component]
fn Sides(
    shown: Shown<TokenFields, TokenPolicy>,
    configuration: bool,
    warnings: Vec<Warning>,
    sure: bool,
    new: bool,
    preview: String,
) -> impl IntoView {
    let fields = shown.edited.fields.clone();
    let error = shown.error();
    view! {
        <div class="sides">
            <section class="side" aria-labelledby="fields-title">
                <h2 id="fields-title">"Fields"</h2>
                <TokenPolicyFields fields error configuration/>
            </section>
            <SentSide shown warnings sure new preview/>
        </div>
    }
}

/// Where a new policy is made.
const ADDRESS: &str = "/policies/token/new";

#[component]
fn NewPage(
    loaded: Policies,
    #[prop(optional_no_strip)] form: Option<Submitted>,
    /// Whether the policy that was edited is not there any more.
    gone: bool,
) -> impl IntoView {
    let Policies { sandbox, change } = loaded;
    let source = ssr::query_value("copy");
    let source = sandbox
        .token_policies
        .iter()
        .find(|policy| Some(&policy.id) == source.as_ref());
    let document = source.map_or_else(fresh, copy_of);
    let shown = Shown::new(&document, form.as_ref(), |body| {
        put::token_policy(None, body)
    });
    let was = shown.edited.was.clone();
    let form = form.unwrap_or_default();
    let configuration = source.is_some_and(|source| {
        let users = users_of_token_policy(&sandbox.clients, &source.id);
        users
            .iter()
            .any(|user| user.kind == ClientKind::Configuration)
    });
    let preview = format!("{ADDRESS}/preview");
    view! {
        <Title text="New token policy"/>
        <Layout sandbox=sandbox_id(&sandbox.issuer)>
            <main id="main" class="page policy-page">
                <header class="policy-head">
                    <p class="eyebrow"><a href="/policies">"Policies"</a> " · Token policy"</p>
                    <h1>"New token policy"</h1>
                </header>
                {gone.then(|| view! { <GoneNotice/> })}
                {(!gone).then(|| view! { <FormProblem problem=form.problem("")/> })}
                {change.map(|change| view! { <Made change/> })}
                <form id="policy" class="editor" method="post" action=ADDRESS data-preview=preview.clone()>
                    <Carried was base=String::new() seen=String::new()/>
                    <Sides shown configuration warnings=Vec::new() sure=false new=true preview=preview.clone()/>
                </form>
                <FollowEditor/>
            </main>
        </Layout>
    }
}

/// What a new policy begins with: what a person who signs in needs.
fn fresh() -> Map<String, Value> {
    let document = json!({ "title": "", "allowedScopes": ["openid"] });
    let Value::Object(document) = document else {
        return Map::new();
    };
    document
}

fn copy_of(policy: &TokenPolicy) -> Map<String, Value> {
    let mut document = put::token_policy_body(policy);
    let title: String = format!("Copy of {}", policy.title)
        .chars()
        .take(200)
        .collect();
    document.insert("title".to_owned(), title.into());
    document
}
