//! A token policy's page, and the page for a new one.

use super::{fields::TokenFields, form::TokenPolicyFields};
use crate::{
    build::page::sandbox_id,
    components::field::FormProblem,
    console::change::ChangeMade,
    layout::Layout,
    policies::{
        api::{Policies, load_policies, no_such_policy, users_of_token_policy},
        clients::{Choice, Clients},
        conflict::{ConflictView, conflict},
        editor::{self, BASE, Edited, SEEN, pretty},
        editor_view::{Buttons, Carried, FollowEditor, Json},
        list::Users,
        review::{Lines, Review, SURE},
    },
    problem_page::ProblemPage,
    ssr,
    submitted::{Submitted, submitted},
};
use diagnosis::{
    consequences::{self, Warning},
    put::{self, Outcome},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use playground::{Change, Kept};
use policy::{body::PropertyError, client::ClientKind, token_policy::TokenPolicy};
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

/// What the page of an edited policy shows.
struct Shown {
    edited: Edited<TokenFields>,
    outcome: Option<Result<Outcome<TokenPolicy>, PropertyError>>,
}

impl Shown {
    fn new(
        before: Option<&TokenPolicy>,
        document: &Map<String, Value>,
        form: Option<&Submitted>,
    ) -> Self {
        // A form that was sent for something else on the page.
        let form = form.filter(|form| form.value(editor::JSON).is_some());
        let edited = form.map_or_else(|| editor::untouched(document), editor::edited);
        let body = edited.body.as_ref().ok();
        Self {
            outcome: body.map(|body| put::token_policy(before, body)),
            edited,
        }
    }

    fn error(&self) -> Option<PropertyError> {
        let outcome = self.outcome.as_ref()?;
        outcome.as_ref().err().cloned()
    }

    fn after(&self) -> Option<&TokenPolicy> {
        let outcome = self.outcome.as_ref()?.as_ref().ok()?;
        Some(&outcome.after)
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
    let shown = Shown::new(Some(&policy), &document, form.as_ref());
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
                    <Carried was=shown.edited.was.clone() base seen/>
                    <Sides shown=&shown configuration preview=preview.clone()/>
                    <ReviewRegion shown=&shown warnings sure=form.value(SURE).is_some() new=false/>
                    <Buttons preview=preview.clone() send="Send the PUT"/>
                </form>
                <Clients
                    action=format!("{address}/assign") policy=policy.id.clone()
                    users=users others choices ask_sure
                />
                <Others address id=policy.id version is_used/>
                <FollowEditor/>
            </main>
        </Layout>
    }
}

/// Fields at one side, JSON at the other.
#[component]
fn Sides<'a>(shown: &'a Shown, configuration: bool, preview: String) -> impl IntoView + use<> {
    view! {
        <div class="sides">
            <section class="side" aria-labelledby="fields-title">
                <h2 id="fields-title">"Fields"</h2>
                <TokenPolicyFields fields=shown.edited.fields.clone() error=shown.error() configuration/>
            </section>
            <section class="side" aria-labelledby="json-title">
                <h2 id="json-title">"What is sent"</h2>
                <Json edited=shown.edited.clone() error=shown.error() preview/>
            </section>
        </div>
    }
}

#[component]
fn ReviewRegion<'a>(
    shown: &'a Shown,
    warnings: Vec<Warning>,
    sure: bool,
    new: bool,
) -> impl IntoView + use<> {
    let content = match &shown.outcome {
        Some(Ok(outcome)) => {
            let lines = outcome.lines.clone();
            view! { <Review lines warnings sure new/> }.into_any()
        }
        Some(Err(_)) | None => view! {
            <p class="hint">"That can be said when the body can be stored. What is wrong stands at the field and under the JSON."</p>
        }
        .into_any(),
    };
    let title = if new {
        "What is made"
    } else {
        "What the PUT will change"
    };
    view! {
        <section id="region-review" data-region class="review" aria-labelledby="review-title">
            <h2 id="review-title">{title}</h2>
            {content}
        </section>
    }
}

/// What came of a change that was asked for on this page.
#[component]
fn Made(change: Kept<Change>) -> impl IntoView {
    let headline = match (
        change.what.is_done(),
        change.what.path.contains("/clients/"),
    ) {
        (true, true) => "The client has another policy now.",
        (true, false) if change.what.before.is_none() => "The policy is made.",
        (true, false) => "The policy is changed. The next token is issued by it.",
        (false, _) => "Nothing was changed.",
    };
    let object = |text: &str| {
        let mut document: Map<String, Value> = serde_json::from_str(text).ok()?;
        document.retain(|name, _| !matches!(name.as_str(), "id" | "_links"));
        Some(document)
    };
    let before = change.what.before.as_deref().and_then(object);
    let after = object(&change.what.answer).filter(|_| change.what.is_done());
    let lines = before
        .zip(after)
        .map(|(before, after)| put::changes(&before, &after))
        .filter(|lines| !lines.is_empty())
        .map(|lines| view! { <Lines lines before=true/> });
    view! {
        <div class="made">
            <ChangeMade change headline/>
            {lines}
        </div>
    }
}

/// Copying and deleting.
#[component]
fn Others(address: String, id: String, version: String, is_used: bool) -> impl IntoView {
    view! {
        <section aria-labelledby="more-title">
            <h2 id="more-title">"Copy or delete"</h2>
            {is_used
                .then(|| {
                    view! {
                        <p class="hint">
                            "The API refuses to delete a policy that clients use. Give them another one first."
                        </p>
                    }
                })}
            <form class="actions" method="post" action=format!("{address}/delete")>
                <a class="button" href=format!("/policies/token/new?copy={id}")>"Copy it"</a>
                <input type="hidden" name=SEEN value=version/>
                <button class="button danger" type="submit">"Delete it"</button>
            </form>
        </section>
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
    let shown = Shown::new(None, &document, form.as_ref());
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
                {gone
                    .then(|| {
                        view! {
                            <p class="alert" role="alert">
                                <span class="sign" aria-hidden="true">"✕"</span>
                                <span>
                                    "The policy you edited was deleted meanwhile, or is not of this sandbox. What you typed is here: it can be made as a new one."
                                </span>
                            </p>
                        }
                    })}
                {(!gone).then(|| view! { <FormProblem problem=form.problem("")/> })}
                {change.map(|change| view! { <Made change/> })}
                <form id="policy" class="editor" method="post" action=ADDRESS data-preview=preview.clone()>
                    <Carried was=shown.edited.was.clone() base=String::new() seen=String::new()/>
                    <Sides shown=&shown configuration preview=preview.clone()/>
                    <ReviewRegion shown=&shown warnings=Vec::new() sure=false new=true/>
                    <Buttons preview=preview.clone() send="Create it"/>
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
