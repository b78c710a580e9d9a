//! The visitor's runs.

use super::api::{RunLine, load_runs};
use crate::{
    build::page::sandbox_id, components::prose::Prose, explain::verdict::tone_signs,
    layout::Layout, problem_page::ProblemPage,
};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn RunsPage() -> impl IntoView {
    view! {
        <Suspense>
            {Suspend::new(async move {
                match load_runs().await {
                    Ok((lines, issuer)) => view! { <Runs lines issuer/> }.into_any(),
                    Err(problem) => view! { <ProblemPage problem/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Runs(lines: Vec<RunLine>, issuer: String) -> impl IntoView {
    let content = if lines.is_empty() {
        view! {
            <p class="lead">"No runs yet. A run is kept for 24 hours, and only you can open it."</p>
            <p class="actions"><a class="button primary" href="/">"Make the first one"</a></p>
        }
        .into_any()
    } else {
        let items = lines
            .into_iter()
            .map(|line| view! { <Line line/> })
            .collect_view();
        view! {
            <p class="hint">"Newest first. Kept for 24 hours; only you can open them."</p>
            <ol class="runs">{items}</ol>
        }
        .into_any()
    };
    view! {
        <Title text="Runs"/>
        <Layout sandbox=sandbox_id(&issuer)>
            <main id="main" class="page narrow">
                <h1>"Your runs"</h1>
                {content}
            </main>
        </Layout>
    }
}

#[component]
fn Line(line: RunLine) -> impl IntoView {
    let (class, sign, word) = tone_signs(line.tone);
    view! {
        <li class=format!("run-line {class}")>
            <span class="sign" aria-hidden="true">{sign}</span>
            <div>
                <a href=format!("/runs/{}", line.id)><Prose text=line.headline/></a>
                <p class="hint">
                    <span class="sr">{word} ". "</span>
                    {line.client} " asked for " <code>{line.scope}</code>
                </p>
            </div>
            <time class="hint">{line.started}</time>
        </li>
    }
}
