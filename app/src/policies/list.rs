//! Every policy of the sandbox, and who uses it.

use super::api::{self, User, load_policies, users_of_login_policy, users_of_token_policy};
use crate::{
    build::page::sandbox_id, console::change::ChangeMade, layout::Layout, problem_page::ProblemPage,
};
use diagnosis::words::duration;
use leptos::prelude::*;
use leptos_meta::Title;
use playground::SandboxView;
use policy::{client::ClientKind, login_policy::LoginPolicy, token_policy::TokenPolicy};

#[component]
pub fn PoliciesPage() -> impl IntoView {
    view! {
        <Suspense>
            {Suspend::new(async move {
                match load_policies(None).await {
                    Ok(loaded) => view! { <Policies loaded/> }.into_any(),
                    Err(problem) => view! { <ProblemPage problem/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Policies(loaded: api::Policies) -> impl IntoView {
    let api::Policies { sandbox, change } = loaded;
    let SandboxView {
        token_policies,
        login_policies,
        clients,
        issuer,
        ..
    } = sandbox;
    let tokens = token_policies
        .into_iter()
        .map(|policy| {
            let users = users_of_token_policy(&clients, &policy.id);
            view! { <TokenPolicyCard policy users/> }
        })
        .collect::<Vec<_>>();
    let logins = login_policies
        .into_iter()
        .map(|policy| {
            let users = users_of_login_policy(&clients, &policy.id);
            view! { <LoginPolicyCard policy users/> }
        })
        .collect::<Vec<_>>();
    view! {
        <Title text="Policies"/>
        <Layout sandbox=sandbox_id(&issuer)>
            <main id="main" class="page narrow policies">
                <h1>"Policies"</h1>
                <p class="lead">
                    "A token policy says which scopes a client's tokens may carry and how long they live. A login policy says how people sign in."
                </p>
                {change.map(|change| view! { <ChangeMade change headline="The policy is deleted."/> })}
                <section aria-labelledby="token-policies">
                    <div class="section-head">
                        <h2 id="token-policies">"Token policies"</h2>
                        <a class="button" href="/policies/token/new">"New token policy"</a>
                    </div>
                    {cards(tokens, "There is none. Without one no client can be made.")}
                </section>
                <section aria-labelledby="login-policies">
                    <div class="section-head">
                        <h2 id="login-policies">"Login policies"</h2>
                        <a class="button" href="/policies/login/new">"New login policy"</a>
                    </div>
                    {cards(logins, "There is none. Without one no client can sign people in.")}
                </section>
            </main>
        </Layout>
    }
}

/// The cards, or what is said where there is none.
fn cards(cards: Vec<impl IntoView + 'static>, none: &'static str) -> AnyView {
    if cards.is_empty() {
        view! { <p>{none}</p> }.into_any()
    } else {
        view! { <ul class="cards">{cards}</ul> }.into_any()
    }
}

#[component]
fn TokenPolicyCard(policy: TokenPolicy, users: Vec<User>) -> impl IntoView {
    let href = format!("/policies/token/{}", policy.id);
    let scopes = policy
        .allowed_scopes
        .iter()
        .map(|scope| view! { <li><code>{scope.to_string()}</code></li> })
        .collect::<Vec<_>>();
    let kind = if policy.use_access_jwt {
        "JWT"
    } else {
        "opaque"
    };
    view! {
        <li class="card">
            <h3><a href=href>{policy.title}</a></h3>
            {if scopes.is_empty() {
                view! { <p>"Allows no scope: its tokens can do nothing."</p> }.into_any()
            } else {
                view! { <ul class="scope-list" aria-label="Allowed scopes">{scopes}</ul> }.into_any()
            }}
            <p class="hint">
                "Access tokens: " {kind} ", " {duration(policy.access_token_lifetime)}
                ". Refresh tokens: " {duration(policy.refresh_token_lifetime)} "."
            </p>
            <Users users/>
        </li>
    }
}

#[component]
fn LoginPolicyCard(policy: LoginPolicy, users: Vec<User>) -> impl IntoView {
    let types = policy
        .allowed_response_types
        .iter()
        .map(|one| view! { <li><code>{one.clone()}</code></li> })
        .collect_view();
    let href = format!("/policies/login/{}", policy.id);
    let claims = policy.custom_claims.id_token.len() + policy.custom_claims.userinfo.len();
    view! {
        <li class="card">
            <h3><a href=href>{policy.title}</a></h3>
            <ul class="scope-list" aria-label="Allowed response types">{types}</ul>
            <p class="hint">
                {match claims {
                    0 => "No custom claims".to_owned(),
                    1 => "1 custom claim".to_owned(),
                    many => format!("{many} custom claims"),
                }}
                {if policy.push_claims { "; claims are pushed into the ID token." } else { "; claims are not pushed into the ID token." }}
            </p>
            <Users users/>
        </li>
    }
}

/// Who uses a policy.
#[component]
pub fn Users(users: Vec<User>) -> impl IntoView {
    if users.is_empty() {
        return view! { <p class="hint">"No client uses it."</p> }.into_any();
    }
    let links = users
        .into_iter()
        .map(|user| {
            view! {
                <li>
                    <a href=format!("/clients/{}", user.id)>{user.name}</a>
                    <span class="hint">" " {kind_word(user.kind)}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="users">
            <span class="hint">"Used by"</span>
            <ul>{links}</ul>
        </div>
    }
    .into_any()
}

/// What a client is for, in a word.
pub fn kind_word(kind: ClientKind) -> &'static str {
    match kind {
        ClientKind::PublicLogin => "public",
        ClientKind::ConfidentialLogin => "confidential",
        ClientKind::Configuration => "configuration client",
    }
}
