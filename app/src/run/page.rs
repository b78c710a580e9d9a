//! A run's page: the verdict, what supports it, and the form for the next run.

use super::{
    api::{RunData, load_run},
    next::NextSteps,
    since::ChangedSince,
    steps::Steps,
    tokens::Tokens,
};
use crate::{
    build::{page::sandbox_id, workbench::Workbench},
    components::{prose::Prose, transcript::Transcript},
    explain::{
        funnel::{FunnelTable, Tense},
        panes::Panes,
        verdict::VerdictView,
    },
    layout::Layout,
    problem_page::ProblemPage,
};
use diagnosis::{
    catalog, compare,
    evidence::{PolicyChange, Run},
    funnel, panes, verdict,
    verdict::Verdict,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use oidc::scope::ScopeToken;
use policy::token_policy::TokenPolicy;

#[component]
pub fn RunPage() -> impl IntoView {
    let params = use_params_map();
    let id = params.read_untracked().get("id").unwrap_or_default();
    view! {
        <Suspense>
            {Suspend::new(async move {
                match load_run(id).await {
                    Ok(data) => view! { <RunResult data/> }.into_any(),
                    Err(problem) => view! { <ProblemPage problem/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn RunResult(data: RunData) -> impl IntoView {
    let RunData {
        run,
        previous,
        workspace,
        further,
        repeated,
        tokens,
        now,
        since,
        reveal,
    } = data;
    let verdict = verdict::verdict(&run);
    let rows = funnel::funnel(&run);
    let title = verdict.headline.replace('`', "");
    let sandbox = sandbox_id(&workspace.issuer);
    let userinfo_note = match (&run.userinfo, &run.signed_in) {
        (Some(_), Some(person)) => format!("What the provider said about {}.", person.name),
        (Some(_), None) => "What the provider said.".to_owned(),
        (None, _) => "There was no userinfo answer in this run.".to_owned(),
    };
    let fix_verdict = verdict.clone();
    let policy_now = workspace
        .policies
        .iter()
        .find(|policy| policy.id == run.policy.id)
        .cloned();
    let fixed_run = run.clone();
    view! {
        <Title text=title/>
        <Layout sandbox>
            <main id="main" class="page">
                <div class="workbench">
                    <VerdictView verdict eyebrow="Result" focused=true>
                        <Fix run=fixed_run verdict=fix_verdict policy_now/>
                    </VerdictView>
                    <Workbench workspace forecast=false/>
                    <div class="evidence">
                        <Changes run=run.clone() previous reveal/>
                        {since.map(|since| view! { <ChangedSince since/> })}
                        <FunnelTable rows tense=Tense::Done/>
                        <p class="hint learnt"><Prose text=catalog::how_learnt(run.learnt)/></p>
                        <Panes
                            userinfo=panes::userinfo_lines(&run)
                            userinfo_note
                            policy=panes::policy_lines(&run)
                            policy_note=format!("“{}”, as it was at this run.", run.policy.title)
                        />
                        <Tokens tokens now reveal/>
                        <Steps run=run.clone() further=further.clone() repeated reveal/>
                        <NextSteps run further/>
                    </div>
                </div>
            </main>
        </Layout>
    }
}

/// The one click that adds what is missing.
#[component]
fn Fix(
    run: Run,
    verdict: Verdict,
    /// The token policy as it stands by now.
    policy_now: Option<TokenPolicy>,
) -> impl IntoView {
    let listed_now = |token: &ScopeToken| {
        policy_now
            .as_ref()
            .is_some_and(|policy| policy.allowed_scopes.contains(token.as_str()))
    };
    if verdict.missing.iter().all(listed_now) {
        let by_now = (!verdict.missing.is_empty()).then(|| {
            view! {
                <p>
                    "The token policy lists "<code>{listed(&verdict.missing)}</code>
                    " in "<code>"allowedScopes"</code>" by now."
                </p>
            }
        });
        return view! {
            {by_now}
            <p class="actions">
                <button class="button" type="submit" form="build">"Run again"</button>
            </p>
        }
        .into_any();
    }
    let names = listed(&verdict.missing);
    let inputs = verdict
        .missing
        .iter()
        .map(|token| view! { <input type="hidden" name="scope" value=token.to_string()/> })
        .collect_view();
    let policy_path = format!("config/tokenPolicies/{}", run.policy.id);
    view! {
        <form class="fix" method="post" action=format!("/runs/{}/add-scopes", run.id)>
            {inputs}
            <p class="actions">
                <button class="button primary" type="submit">
                    <span>"Add " <code>{names}</code> " to allowedScopes and run again"</span>
                </button>
            </p>
            <details class="quiet">
                <summary>"What will this do?"</summary>
                <ol>
                    <li>
                        <code>"POST login/token"</code>
                        ": an administrative token for the sandbox's configuration client, scope "
                        <code>"*:config/**"</code> "."
                    </li>
                    <li><code>"GET "{policy_path.clone()}</code> ": the token policy as it is."</li>
                    <li>
                        <code>"PUT "{policy_path}</code>
                        ": the whole policy with the addition. PUT replaces every property, so every property is sent."
                    </li>
                    <li>"The same authorization request again, with a new state, nonce and code challenge."</li>
                </ol>
            </details>
        </form>
    }
    .into_any()
}

fn listed(tokens: &[ScopeToken]) -> String {
    let names: Vec<&str> = tokens.iter().map(ScopeToken::as_str).collect();
    match names[..] {
        [] => String::new(),
        [one] => one.to_owned(),
        [ref all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}

/// What was changed to get here, and what came of it.
#[component]
fn Changes(run: Run, previous: Option<Run>, reveal: bool) -> impl IntoView {
    let change = run
        .change
        .clone()
        .map(|change| view! { <ChangeMade change reveal/> });
    let effects = previous.map(|previous| {
        let href = format!("/runs/{}", previous.id);
        let beside = format!("/runs/compare?a={}&b={}", previous.id, run.id);
        let items = compare::diff(&previous, &run)
            .lines()
            .into_iter()
            .map(|text| view! { <li><Prose text/></li> })
            .collect_view();
        view! {
            <p>"Compared with "<a href=href>"the run before"</a>":"</p>
            <ul class="effects">{items}</ul>
            <p><a href=beside>"Both side by side"</a></p>
        }
    });
    if change.is_none() && effects.is_none() {
        return ().into_any();
    }
    view! {
        <section class="changes" aria-labelledby="changes-title">
            <h2 id="changes-title">"What changed"</h2>
            {effects}
            {change}
        </section>
    }
    .into_any()
}

#[component]
fn ChangeMade(change: PolicyChange, reveal: bool) -> impl IntoView {
    let added: Vec<ScopeToken> = change.added.iter().cloned().collect();
    view! {
        <p>
            "To get here, "<code>{listed(&added)}</code>
            " was added to the token policy with these calls of the configuration API:"
        </p>
        <Transcript exchanges=change.exchanges prefix="change" reveal/>
    }
}
