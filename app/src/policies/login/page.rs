//! A login policy's page, and the page for a new one.

use super::{fields::LoginFields, sub_resources::SubResources};
use crate::{
    build::page::sandbox_id,
    components::field::{FormProblem, TextArea, TextInput},
    layout::Layout,
    policies::{
        api::{Policies, load_policies, no_such_policy, users_of_login_policy},
        clients::{Choice, Clients},
        conflict::{ConflictView, conflict},
        editor::{BASE, SEEN, pretty},
        editor_view::{Carried, FollowEditor, GoneNotice, SentSide, Shown},
        list::Users,
        made::{Made, Others},
    },
    problem_page::ProblemPage,
    ssr,
    submitted::{Submitted, submitted},
};
use diagnosis::{json_text::Flaw, put};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use policy::{
    body::PropertyError,
    client::ClientKind,
    login_policy::{IdentityStoreDetails, LoginPolicy},
};
use provider::versions;
use serde_json::{Map, Value};

#[component]
pub fn LoginPolicyPage() -> impl IntoView {
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
                let policies = &loaded.sandbox.login_policies;
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
pub fn NewLoginPolicyPage() -> impl IntoView {
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
    policy: LoginPolicy,
    loaded: Policies,
    #[prop(optional_no_strip)] form: Option<Submitted>,
) -> impl IntoView {
    let Policies { sandbox, change } = loaded;
    let document = put::login_policy_body(&policy);
    let version = versions::login_policy(&sandbox.customer_id, &policy);
    let shown = Shown::new(&document, form.as_ref(), |body| {
        put::login_policy(Some(&policy), body)
    });
    let was = shown.edited.was.clone();
    let after = shown.after().map(put::login_policy_body);
    let form = form.unwrap_or_default();
    // The small forms on the page have versions of their own.
    let is_main = form.value("about").is_none();
    let conflict = conflict(&form, &document, &version, after.as_ref()).filter(|_| is_main);
    let carried = |name: &str, fresh: String| {
        let carried = form
            .value(name)
            .filter(|value| !value.is_empty() && is_main);
        carried.map_or(fresh, str::to_owned)
    };
    let (base, seen) = (
        carried(BASE, pretty(&document)),
        carried(SEEN, version.clone()),
    );
    let users = users_of_login_policy(&sandbox.clients, &policy.id);
    let others: Vec<_> = sandbox
        .clients
        .iter()
        .filter(|client| client.kind() != ClientKind::Configuration)
        .filter(|client| client.login_policy.as_deref() != Some(&policy.id))
        .map(Into::into)
        .collect();
    let choices: Vec<Choice> = sandbox
        .login_policies
        .iter()
        .filter(|other| other.id != policy.id)
        .map(|other| Choice {
            id: other.id.clone(),
            title: other.title.clone(),
        })
        .collect();
    let address = format!("/policies/login/{}", policy.id);
    let preview = format!("{address}/preview");
    let is_used = !users.is_empty();
    let details = policy.identity_store_details.clone();
    view! {
        <Title text=policy.title.clone()/>
        <Layout sandbox=sandbox_id(&sandbox.issuer)>
            <main id="main" class="page policy-page">
                <header class="policy-head">
                    <p class="eyebrow"><a href="/policies">"Policies"</a> " · Login policy"</p>
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
                    <Sides shown new=false preview=preview.clone()/>
                </form>
                <SubResources policy=policy.clone() address=address.clone() form/>
                <Store details/>
                <Clients
                    action=format!("{address}/assign") policy=policy.id.clone()
                    users others choices ask_sure=false
                />
                <Others address copy=format!("{ADDRESS}?copy={}", policy.id) version is_used/>
                <FollowEditor/>
            </main>
        </Layout>
    }
}

/// Fields at one side; at the other the JSON, and what it will change.
#[component]
fn Sides(shown: Shown<LoginFields, LoginPolicy>, new: bool, preview: String) -> impl IntoView {
    let fields = shown.edited.fields.clone();
    let error = shown.error();
    view! {
        <div class="sides">
            <section class="side" aria-labelledby="fields-title">
                <h2 id="fields-title">"Fields"</h2>
                <LoginPolicyFields fields error/>
                {new
                    .then(|| {
                        view! {
                            <p class="hint">
                                "Where the people are is said in the JSON, under " <code>"identityStoreDetails"</code>
                                ". It cannot be changed later. Nothing is connected to here: people are always those of the sandbox."
                            </p>
                        }
                    })}
            </section>
            <SentSide shown warnings=Vec::new() sure=false new preview/>
        </div>
    }
}

#[component]
fn LoginPolicyFields(
    fields: LoginFields,
    #[prop(optional_no_strip)] error: Option<PropertyError>,
) -> impl IntoView {
    let problem = |place: &str| {
        error
            .as_ref()
            .filter(|error| error.place().starts_with(place))
            .map(|error| {
                Flaw {
                    at: None,
                    problem: error.problem.clone(),
                }
                .to_string()
            })
    };
    view! {
        <div id="region-title" data-region>
            <TextInput
                name=LoginFields::TITLE label="Title" value=fields.title problem=problem("title")
            />
        </div>
        <div id="region-url" data-region>
            <TextInput
                name=LoginFields::URL label="Address of the sign-in page" value=fields.url
                problem=problem("loginURL") keyboard="url"
                hint="`loginURL`: kept and shown, not followed. There is one sign-in page here."
            />
        </div>
        <div id="region-userinfo" data-region>
            <TextArea
                name=LoginFields::USERINFO label="Custom claims at userinfo" value=fields.userinfo
                problem=problem("customClaims.userinfo") rows=4
                hint="One in each line: `claim = attribute`, for example `tier = loyalty.tier`. They come without being asked for."
            />
        </div>
        <div id="region-id-token" data-region>
            <TextArea
                name=LoginFields::ID_TOKEN label="Custom claims in the ID token" value=fields.id_token
                problem=problem("customClaims.id_token") rows=4
            />
        </div>
    }
}

/// Where the people are kept.
#[component]
fn Store(details: IdentityStoreDetails) -> impl IntoView {
    let connection = details.connection_details;
    let rows = [
        ("type", details.store_type),
        ("domain", connection.domain),
        ("applicationId", connection.application_id),
        ("entityType", connection.entity_type),
        ("clientId", connection.client_id),
    ]
    .into_iter()
    .map(|(name, value)| {
        let value = if value.is_empty() {
            view! { <span class="hint">"not said"</span> }.into_any()
        } else {
            view! { <code>{value}</code> }.into_any()
        };
        view! { <div><dt><code>{name}</code></dt><dd>{value}</dd></div> }
    })
    .collect_view();
    view! {
        <section aria-labelledby="store-title">
            <h2 id="store-title">"Where the people are"</h2>
            <p class="hint">
                "Said when the policy was made; the API refuses to change it. Nothing is connected to here: people are always those of the sandbox."
            </p>
            <dl class="details">{rows}</dl>
        </section>
    }
}

/// Where a new policy is made.
const ADDRESS: &str = "/policies/login/new";

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
        .login_policies
        .iter()
        .find(|policy| Some(&policy.id) == source.as_ref());
    let document = source.map_or_else(fresh, copy_of);
    let shown = Shown::new(&document, form.as_ref(), |body| {
        put::login_policy(None, body)
    });
    let was = shown.edited.was.clone();
    let form = form.unwrap_or_default();
    let preview = format!("{ADDRESS}/preview");
    view! {
        <Title text="New login policy"/>
        <Layout sandbox=sandbox_id(&sandbox.issuer)>
            <main id="main" class="page policy-page">
                <header class="policy-head">
                    <p class="eyebrow"><a href="/policies">"Policies"</a> " · Login policy"</p>
                    <h1>"New login policy"</h1>
                </header>
                {gone.then(|| view! { <GoneNotice/> })}
                {(!gone).then(|| view! { <FormProblem problem=form.problem("")/> })}
                {change.map(|change| view! { <Made change/> })}
                <form id="policy" class="editor" method="post" action=ADDRESS data-preview=preview.clone()>
                    <Carried was base=String::new() seen=String::new()/>
                    <Sides shown new=true preview=preview.clone()/>
                </form>
                <FollowEditor/>
            </main>
        </Layout>
    }
}

/// What a new policy begins with.
fn fresh() -> Map<String, Value> {
    put::login_policy_body(&LoginPolicy::new(String::new(), String::new()))
}

fn copy_of(policy: &LoginPolicy) -> Map<String, Value> {
    let mut document = put::login_policy_body(policy);
    let title: String = format!("Copy of {}", policy.title)
        .chars()
        .take(200)
        .collect();
    document.insert("title".to_owned(), title.into());
    document
}
