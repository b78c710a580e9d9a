//! The lab: the form, what it will bring, and the tokens asked for so far.

use super::{
    api::{Asked, load_lab},
    ask::{AskForm, FORM, RequestBody, Slips},
    form::AskFields,
    scopes::ScopeRows,
};
use crate::{
    build::page::sandbox_id,
    components::{field::FormProblem, live_form::LiveForm, prose::Prose},
    explain::verdict::{VerdictView, tone_signs},
    layout::Layout,
    problem_page::ProblemPage,
    ssr,
    submitted::{Submitted, submitted},
};
use diagnosis::{
    admin::{self, Typed, predicted},
    verdict::{Tone, Verdict},
};
use leptos::prelude::*;
use leptos_meta::Title;
use playground::LabView;

#[component]
pub fn AdminTokensPage() -> impl IntoView {
    let sent = submitted();
    let restored = ssr::query_value("restored").is_some();
    let reset = ssr::query_value("reset").is_some();
    view! {
        <Suspense>
            {Suspend::new(async move {
                match load_lab().await {
                    Ok((lab, tokens)) => view! { <Lab lab tokens sent restored reset/> }.into_any(),
                    Err(problem) => view! { <ProblemPage problem/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Lab(
    lab: LabView,
    tokens: Vec<Asked>,
    #[prop(optional_no_strip)] sent: Option<Submitted>,
    restored: bool,
    reset: bool,
) -> impl IntoView {
    let fields = match &sent {
        Some(sent) => AskFields::sent(sent),
        None => AskFields::first(&lab),
    };
    let sent = sent.unwrap_or_default();
    let typed = fields.typed(&lab).unwrap_or_default();
    let content = if lab.clients.is_empty() {
        ().into_any()
    } else {
        view! {
            <div class="workbench">
                <div class="region" id="admin-verdict" data-region>
                    <VerdictView verdict=forecast(&lab, &fields, &typed) eyebrow="Prediction">
                        <p class="actions">
                            <button class="button primary" type="submit" form=FORM>"Ask for it and see"</button>
                            <span class="hint">"A real request to the token endpoint."</span>
                        </p>
                    </VerdictView>
                </div>
                <AskForm lab=lab.clone() fields=fields.clone() sent=sent.clone() title="Ask for a token" live=true/>
                <div class="evidence">
                    <div class="region stack" id="admin-preview" data-region>
                        <Preview lab=lab.clone() fields typed/>
                    </div>
                    <Tokens tokens/>
                </div>
            </div>
        }
        .into_any()
    };
    let way_in = lab.has_way_in();
    view! {
        <Title text="Administrative tokens"/>
        <Layout sandbox=sandbox_id(&lab.sandbox.issuer)>
            <main id="main" class="page admin-tokens">
                <p class="intro">
                    "An administrative token opens the configuration API. What it may do is decided by its scopes, and which scopes it gets by the token policy of its client."
                </p>
                {restored.then(|| view! { <Notice text="The configuration client and its token policy are as they were at first."/> })}
                {reset.then(|| view! { <Notice text="The call was answered 204: the sandbox is as it was at first. The token and what was done with it are gone."/> })}
                <FormProblem problem=sent.problem("")/>
                {(!way_in).then(|| view! { <LockedOut/> })}
                {content}
                {way_in.then(|| view! { <WayBack/> })}
                <LiveForm form=FORM.to_owned()/>
            </main>
        </Layout>
    }
}

#[component]
fn Notice(text: &'static str) -> impl IntoView {
    view! {
        <p class="notice" role="status">
            <span class="sign" aria-hidden="true">"✓"</span>
            <span>{text}</span>
        </p>
    }
}

/// What will come, or what keeps the form from being sent.
fn forecast(lab: &LabView, fields: &AskFields, typed: &Typed) -> Verdict {
    let problems = fields.problems(lab);
    match fields.policy(lab) {
        Some(policy) if problems.is_empty() => admin::forecast(&typed.words, policy),
        _ => Verdict {
            id: "admin.not-sendable".to_owned(),
            tone: Tone::Failed,
            headline: "This cannot be sent yet.".to_owned(),
            detail: problems
                .into_iter()
                .map(|problem| problem.text)
                .collect::<Vec<_>>()
                .join(" "),
            missing: Vec::new(),
        },
    }
}

#[component]
fn Preview(lab: LabView, fields: AskFields, typed: Typed) -> impl IntoView {
    let rows = fields
        .policy(&lab)
        .map(|policy| predicted(&typed.words, policy));
    view! {
        <Slips slips=typed.slips/>
        <ScopeRows
            rows=rows.unwrap_or_default()
            title="What will be granted"
            none="Nothing is asked for. That is no error: the token will come without a scope."
        />
        <RequestBody words=typed.words/>
    }
}

#[component]
fn Tokens(tokens: Vec<Asked>) -> impl IntoView {
    let content = if tokens.is_empty() {
        view! {
            <p class="hint">"None yet. A token you ask for stays here for 24 hours, and only you can look at it."</p>
        }
        .into_any()
    } else {
        let lines = tokens
            .into_iter()
            .map(|token| view! { <Line token/> })
            .collect_view();
        view! { <ol class="runs">{lines}</ol> }.into_any()
    };
    view! {
        <section class="tokens" aria-labelledby="tokens-title">
            <h2 id="tokens-title">"Tokens so far"</h2>
            {content}
        </section>
    }
}

#[component]
fn Line(token: Asked) -> impl IntoView {
    let (token, state) = token;
    let verdict = admin::verdict(&token.what, state);
    let (class, sign, word) = tone_signs(verdict.tone);
    let asked = token.what.requested.join(" ");
    view! {
        <li class=format!("run-line {class}")>
            <span class="sign" aria-hidden="true">{sign}</span>
            <div>
                <a href=format!("/admin-tokens/{}", token.id)><Prose text=verdict.headline/></a>
                <p class="hint">
                    <span class="sr">{word}". "</span>
                    {token.what.client_name}" asked for "
                    {if asked.is_empty() { view! { "no scope" }.into_any() } else { view! { <code>{asked}</code> }.into_any() }}
                </p>
            </div>
            <time class="hint">{token.at.to_string()}</time>
        </li>
    }
}

/// The way back for who locked themselves out.
#[component]
fn LockedOut() -> impl IntoView {
    view! {
        <section class="verdict fail" aria-labelledby="locked-title">
            <div>
                <h1 id="locked-title">
                    <span class="sign" aria-hidden="true">"✕"</span>
                    <span>"You are locked out of the configuration"</span>
                </h1>
                <p class="lead">
                    "No configuration client of your sandbox gets a token with "<code>"*:config/**"</code>
                    " any more, so neither you nor this page can change the configuration. At Akamai only their support could help; keep a spare client. Here it is one click."
                </p>
            </div>
            <RestoreForm/>
        </section>
    }
}

#[component]
fn WayBack() -> impl IntoView {
    view! {
        <details class="quiet way-back">
            <summary>"Put the configuration client back"</summary>
            <p class="hint">
                "If you change or delete the configuration client or its token policy, this puts the two back to how they were at first. Everything else stays as it is."
            </p>
            <RestoreForm/>
        </details>
    }
}

#[component]
fn RestoreForm() -> impl IntoView {
    view! {
        <form method="post" action="/admin-tokens/restore">
            <p class="actions">
                <button class="button" type="submit">"Put client and policy back as they were at first"</button>
            </p>
        </form>
    }
}
