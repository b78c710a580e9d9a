//! A token that was asked for: what it is good for, and every call to try.

use super::{
    api::load_token,
    ask::AskForm,
    call::{AskFirst, Made},
    form::AskFields,
    permissions::Permissions,
    scopes::ScopeRows,
};
use crate::{
    build::page::sandbox_id,
    components::{countdown::Countdown, prose::Prose, transcript::Transcript},
    console::change::ChangeMade,
    explain::verdict::VerdictView,
    layout::Layout,
    problem_page::ProblemPage,
    ssr,
    submitted::Submitted,
};
use diagnosis::admin::{self, TokenAnswer, TokenState, members, rows};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use oidc::exchange::RecordedExchange;
use playground::{AdminTokenView, Answered, Kept, TokenStep};

/// How many steps show their messages.
const SHOWN_STEPS: usize = 20;

#[component]
pub fn AdminTokenPage() -> impl IntoView {
    let id = use_params_map()
        .read_untracked()
        .get("id")
        .unwrap_or_default();
    view! {
        <Suspense>
            {Suspend::new(async move {
                match load_token(id).await {
                    Ok(view) => view! { <Token view/> }.into_any(),
                    Err(problem) => view! { <ProblemPage problem/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Token(view: AdminTokenView) -> impl IntoView {
    let token = view.token.what.clone();
    let verdict = admin::verdict(&token, view.state);
    let title = verdict.headline.replace('`', "");
    let reveal = ssr::query_value("reveal").as_deref() == Some("1");
    let called = ssr::query_value("call").is_some() || ssr::query_value("ask").is_some();
    let issued = matches!(token.answer, TokenAnswer::Issued { .. });
    let lifetime = issued.then(|| view! { <Lifetime view=view.clone()/> });
    let tried = issued.then(|| {
        view! {
            <Calls view=view.clone() reveal/>
            <Introspection view=view.clone()/>
        }
    });
    let widened = view.widened.clone().map(|change| {
        let headline = "The token policy was widened before this token was asked for.";
        view! { <ChangeMade change headline/> }
    });
    let fields = AskFields::again(&token, &view.lab);
    let lab = view.lab.clone();
    view! {
        <Title text=title/>
        <Layout sandbox=sandbox_id(&view.lab.sandbox.issuer)>
            <main id="main" class="page admin-tokens">
                <div class="workbench">
                    <VerdictView verdict eyebrow="Administrative token" focused=!called>
                        {lifetime}
                    </VerdictView>
                    <AskForm lab fields sent=Submitted::default() title="Ask for another"/>
                    <div class="evidence">
                        {widened}
                        <ScopeRows
                            rows=rows(&token)
                            title="Requested and granted"
                            none="Nothing was asked for, and nothing was granted."
                        />
                        {tried}
                        <Steps view reveal/>
                    </div>
                </div>
            </main>
        </Layout>
    }
}

/// How long it still counts, and the ways to end that.
#[component]
fn Lifetime(view: AdminTokenView) -> impl IntoView {
    let Some(until) = view.expires_at else {
        return view! { <p class="lifetime">"The provider does not know it any more."</p> }
            .into_any();
    };
    let words = match view.state {
        TokenState::Revoked => view! { "Revoked before its time." }.into_any(),
        _ => view! { <Countdown until now=view.now/> }.into_any(),
    };
    let id = view.token.id.clone();
    let buttons = (view.state == TokenState::Live).then(|| {
        view! {
            <form method="post" action=format!("/admin-tokens/{id}/revoke")>
                <button class="button small" type="submit">"Revoke"</button>
            </form>
            <form method="post" action=format!("/admin-tokens/{id}/expire")>
                <button class="button small" type="submit" title="Beyond Akamai: its time is over at once">"Expire now"</button>
            </form>
        }
    });
    view! {
        <div class="lifetime">
            <p>{words}</p>
            {buttons}
        </div>
    }
    .into_any()
}

/// The permission table, with the call that is asked about or was made.
#[component]
fn Calls(view: AdminTokenView, reveal: bool) -> impl IntoView {
    let made = ssr::query_value("call").and_then(|id| {
        view.steps.iter().find_map(|step| match &step.what {
            TokenStep::Called(made) if step.id == id => Some(made.clone()),
            _ => None,
        })
    });
    let asked = ssr::query_value("ask");
    let panel = match (made, asked) {
        (Some(made), _) => view! { <Made view=view.clone() made reveal/> }.into_any(),
        (None, Some(call)) => asked_about(&view, &call),
        (None, None) => ().into_any(),
    };
    view! {
        <section class="calls" id="permissions" aria-labelledby="calls-title">
            <h2 id="calls-title">"What it may do"</h2>
            {panel}
            <Permissions view/>
        </section>
    }
}

fn asked_about(view: &AdminTokenView, call: &str) -> AnyView {
    let Some((method, path)) = call.split_once(' ') else {
        return ().into_any();
    };
    let place = view.lab.places.iter().find(|place| place.path == path);
    let name = place
        .and_then(|place| place.calls.iter().find(|call| call.method == method))
        .map(|call| call.name);
    let body = name.and_then(|name| {
        let (context, _) = ssr::visitor().ok()?;
        context.playground.body_to_try(name, &view.lab.sandbox)
    });
    let (view, method, path) = (view.clone(), method.to_owned(), path.to_owned());
    view! { <AskFirst view method path body/> }.into_any()
}

/// What the provider says of the token, member by member.
#[component]
fn Introspection(view: AdminTokenView) -> impl IntoView {
    let last = view.steps.iter().rev().find_map(|step| match &step.what {
        TokenStep::Introspected(answered) => Some((step.at, answered.clone())),
        _ => None,
    });
    let content = last.map(|(at, answered)| {
        view! {
            <p class="hint">"As it was at "<time>{at.to_string()}</time>"."</p>
            <Members answered/>
        }
    });
    view! {
        <section class="introspection" id="introspection" aria-labelledby="introspection-title">
            <div class="section-head">
                <h2 id="introspection-title">"Introspection"</h2>
                <form method="post" action=format!("/admin-tokens/{}/introspect", view.token.id)>
                    <button class="button small" type="submit">"Introspect now"</button>
                </form>
            </div>
            {content}
        </section>
    }
}

#[component]
fn Members(answered: Answered) -> impl IntoView {
    let Answered { status, body, .. } = answered;
    let found = members(&body);
    if status != Some(200) || found.is_empty() {
        let status = status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
        return view! { <p class="failure">"Introspection answered "{status}": "{body}</p> }
            .into_any();
    }
    let items = found
        .into_iter()
        .map(|member| {
            let value = match member.value {
                Some(value) => view! { <code>{value}</code> }.into_any(),
                None => view! { <span class="absent">"not there"</span> }.into_any(),
            };
            view! {
                <div>
                    <dt><code>{member.name}</code></dt>
                    <dd class="value">{value}</dd>
                    <dd class="hint"><Prose text=member.means/></dd>
                </div>
            }
        })
        .collect_view();
    view! { <dl class="members">{items}</dl> }.into_any()
}

/// Every message, in order.
#[component]
fn Steps(view: AdminTokenView, reveal: bool) -> impl IntoView {
    let id = &view.token.id;
    let (href, label) = if reveal {
        (format!("/admin-tokens/{id}#transcript"), "Mask secrets")
    } else {
        (
            format!("/admin-tokens/{id}?reveal=1#transcript"),
            "Show secrets",
        )
    };
    let mut exchanges = view.token.what.exchanges.clone();
    let earlier = view.steps.len().saturating_sub(SHOWN_STEPS);
    exchanges.extend(view.steps.iter().skip(earlier).flat_map(exchanges_of));
    let left_out = (earlier > 0).then(|| {
        view! { <p class="hint">{earlier}" earlier steps are left out here."</p> }
    });
    view! {
        <section class="steps" id="transcript" aria-labelledby="transcript-title">
            <div class="section-head">
                <h2 id="transcript-title">"Step by step"</h2>
                <a class="button small" href=href>{label}</a>
            </div>
            {left_out}
            <Transcript exchanges prefix="step" reveal/>
        </section>
    }
}

fn exchanges_of(step: &Kept<TokenStep>) -> Vec<RecordedExchange> {
    match &step.what {
        TokenStep::Introspected(answered) | TokenStep::Revoked(answered) => {
            answered.exchanges.clone()
        }
        TokenStep::Called(made) => made.exchanges.clone(),
        TokenStep::Expired | TokenStep::Widened { .. } => Vec::new(),
    }
}
