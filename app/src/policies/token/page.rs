//! A token policy's page: what it is, and the PUT that replaces it.

use crate::{
    build::page::sandbox_id,
    components::field::{FormProblem, TextArea},
    console::change::ChangeMade,
    layout::Layout,
    policies::{
        api::{User, load_sandbox, no_such_policy, users_of_token_policy},
        list::Users,
    },
    problem::Problem,
    problem_page::ProblemPage,
    ssr,
    submitted::{Submitted, submitted},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use playground::{Change, Kept};
use policy::token_policy::TokenPolicy;

/// What the page is made of.
struct Loaded {
    policy: TokenPolicy,
    users: Vec<User>,
    issuer: String,
    change: Option<Kept<Change>>,
}

async fn load(id: String, change: Option<String>) -> Result<Loaded, Problem> {
    let (context, key) = ssr::visitor()?;
    let sandbox = load_sandbox().await?;
    let mut policies = sandbox.token_policies.into_iter();
    let policy = policies
        .find(|policy| policy.id == id)
        .ok_or_else(no_such_policy)?;
    let change = match change {
        Some(change) => context.playground.change_made(&key, &change).await?,
        None => None,
    };
    Ok(Loaded {
        users: users_of_token_policy(&sandbox.clients, &policy.id),
        policy,
        issuer: sandbox.issuer,
        change,
    })
}

#[component]
pub fn TokenPolicyPage() -> impl IntoView {
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
                match load(id, change).await {
                    Ok(loaded) => view! { <Policy loaded sent/> }.into_any(),
                    Err(problem) => view! { <ProblemPage problem/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Policy(loaded: Loaded, #[prop(optional_no_strip)] sent: Option<Submitted>) -> impl IntoView {
    let Loaded {
        policy,
        users,
        issuer,
        change,
    } = loaded;
    let sent = sent.unwrap_or_default();
    let json = sent
        .value("json")
        .map_or_else(|| as_json(&policy), str::to_owned);
    view! {
        <Title text=policy.title.clone()/>
        <Layout sandbox=sandbox_id(&issuer)>
            <main id="main" class="page narrow">
                <p class="eyebrow"><a href="/policies">"Policies"</a> " · Token policy"</p>
                <h1>{policy.title.clone()}</h1>
                <Users users/>
                <FormProblem problem=sent.problem("")/>
                {change
                    .map(|change| {
                        let headline = if change.what.is_done() {
                            "The policy is changed."
                        } else {
                            "The policy is as it was."
                        };
                        view! { <ChangeMade change headline/> }
                    })}
                <form method="post" action=format!("/policies/token/{}", policy.id)>
                    <TextArea
                        name="json" label="Body of the PUT" value=json rows=14
                        problem=sent.problem("json")
                        hint="PUT replaces all of it: what you leave out gets its default."
                    />
                    <p class="actions">
                        <button class="button primary" type="submit">"Send the PUT"</button>
                    </p>
                </form>
            </main>
        </Layout>
    }
}

/// The body of a PUT that changes nothing.
fn as_json(policy: &TokenPolicy) -> String {
    let mut document = serde_json::to_value(policy).unwrap_or_default();
    if let Some(members) = document.as_object_mut() {
        members.shift_remove("id");
    }
    serde_json::to_string_pretty(&document).unwrap_or_default()
}
