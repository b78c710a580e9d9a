//! Pages that explain what went wrong and lead on.

use crate::{components::prose::Prose, layout::Layout, problem::Problem, ssr};
use leptos::prelude::*;
use leptos_meta::Title;

/// Shows a problem in place of the page.
#[component]
pub fn ProblemPage(problem: Problem) -> impl IntoView {
    ssr::set_status(problem.status);
    let mut steps = problem.steps.into_iter();
    let best = steps
        .next()
        .map(|step| view! { <a class="button primary" href=step.href>{step.label}</a> });
    let others = steps
        .map(|step| view! { <a class="button" href=step.href>{step.label}</a> })
        .collect_view();
    view! {
        <Title text=problem.title.clone()/>
        <Layout>
            <main id="main" class="page narrow">
                <p class="eyebrow">{problem.status} " · " {problem.code}</p>
                <h1>{problem.title}</h1>
                <p class="lead">
                    <Prose text=problem.explanation/>
                </p>
                <p class="actions">{best} {others}</p>
            </main>
        </Layout>
    }
}

/// The page for an address that leads nowhere.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! { <ProblemPage problem=Problem::not_found()/> }
}
