//! The visitor's runs: those of a client or a verdict, and two to compare.

use super::api::{RunLine, Runs, load_runs};
use crate::{
    build::page::sandbox_id, components::prose::Prose, explain::verdict::tone_signs,
    layout::Layout, problem_page::ProblemPage,
};
use diagnosis::verdict::Tone;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn RunsPage() -> impl IntoView {
    view! {
        <Suspense>
            {Suspend::new(async move {
                match load_runs().await {
                    Ok(runs) => view! { <AllRuns runs/> }.into_any(),
                    Err(problem) => view! { <ProblemPage problem/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn AllRuns(runs: Runs) -> impl IntoView {
    let sandbox = sandbox_id(&runs.issuer);
    let content = if runs.clients.is_empty() {
        view! {
            <p class="lead">"No runs yet. A run is kept for 24 hours, and only you can open it."</p>
            <p class="actions"><a class="button primary" href="/">"Make the first one"</a></p>
        }
        .into_any()
    } else {
        let several = runs.all > 1;
        view! {
            <p class="hint">"Newest first. Kept for 24 hours; only you can open them."</p>
            {several.then(|| view! { <Filter clients=runs.clients client=runs.client tone=runs.tone/> })}
            <Lines lines=runs.lines/>
        }
        .into_any()
    };
    view! {
        <Title text="Runs"/>
        <Layout sandbox>
            <main id="main" class="page narrow">
                <h1>"Your runs"</h1>
                {content}
            </main>
        </Layout>
    }
}

/// Which runs are listed: a plain form that asks for the same page.
#[component]
fn Filter(clients: Vec<String>, client: Option<String>, tone: Option<Tone>) -> impl IntoView {
    let clients = clients
        .into_iter()
        .map(|name| {
            let selected = client.as_deref() == Some(name.as_str());
            view! { <option value=name.clone() selected=selected>{name.clone()}</option> }
        })
        .collect_view();
    let tones = TONES
        .into_iter()
        .map(|one| {
            let (class, _, word) = tone_signs(one);
            view! { <option value=class selected=tone == Some(one)>{word}</option> }
        })
        .collect_view();
    view! {
        <form class="filter" method="get" action="/runs">
            <div class="field">
                <label for="client">"Client"</label>
                <select id="client" name="client">
                    <option value="">"every client"</option>
                    {clients}
                </select>
            </div>
            <div class="field">
                <label for="verdict">"Verdict"</label>
                <select id="verdict" name="verdict">
                    <option value="">"every verdict"</option>
                    {tones}
                </select>
            </div>
            <button class="button" type="submit">"Show"</button>
        </form>
    }
}

/// Every kind of verdict, as the list offers them.
pub const TONES: [Tone; 4] = [Tone::LetThrough, Tone::NoValue, Tone::Dropped, Tone::Failed];

#[component]
fn Lines(lines: Vec<RunLine>) -> impl IntoView {
    if lines.is_empty() {
        return view! {
            <p class="lead">"No run fits this choice."</p>
            <p class="actions"><a class="button" href="/runs">"Show every run"</a></p>
        }
        .into_any();
    }
    let several = lines.len() > 1;
    let items = lines
        .into_iter()
        .enumerate()
        .map(|(place, line)| view! { <Line line place several/> })
        .collect_view();
    let list = view! { <ol class="runs">{items}</ol> };
    if !several {
        return list.into_any();
    }
    view! {
        <form method="get" action="/runs/compare">
            <p class="actions">
                <button class="button" type="submit">"Compare the two that are chosen"</button>
            </p>
            {list}
        </form>
    }
    .into_any()
}

#[component]
fn Line(
    line: RunLine,
    /// Its place in the list, counted from 0.
    place: usize,
    /// Whether there is another to compare it with.
    several: bool,
) -> impl IntoView {
    let (class, sign, word) = tone_signs(line.tone);
    let choice = |name: &'static str, label: &'static str, chosen: usize| {
        view! {
            <label>
                <input type="radio" name=name value=line.id.clone() checked=place == chosen/>
                {label}
                <span class="sr">" side: run of " {line.started.clone()}</span>
            </label>
        }
    };
    // The two newest, the older one at the left.
    let choices = several.then(|| {
        view! { <span class="pick">{choice("a", "left", 1)} {choice("b", "right", 0)}</span> }
    });
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
            <span class="run-end">
                <time class="hint">{line.started.clone()}</time>
                {choices}
            </span>
        </li>
    }
}
