//! The page about the sandbox: what it is, back to the start, out and in.

use super::api::{SandboxData, load};
use crate::{
    components::{
        field::{FormProblem, TextArea, TextInput},
        prose::Prose,
        transcript::Transcript,
    },
    layout::{DataList, Layout},
    problem_page::ProblemPage,
    submitted::submitted,
};
use leptos::prelude::*;
use leptos_meta::Title;
use playground::{Change, Kept};

#[component]
pub fn SandboxPage() -> impl IntoView {
    view! {
        <Suspense>
            {Suspend::new(async move {
                match load().await {
                    Ok(data) => view! { <Sandbox data/> }.into_any(),
                    Err(problem) => view! { <ProblemPage problem/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Sandbox(data: SandboxData) -> impl IntoView {
    let SandboxData {
        sandbox,
        changes,
        imported,
    } = data;
    let counts = format!(
        "{} token policies, {} clients and {} people",
        sandbox.token_policies.len(),
        sandbox.clients.len(),
        sandbox.people.len()
    );
    view! {
        <Title text="Your sandbox"/>
        <Layout sandbox=Some(sandbox.customer_id.clone())>
            <main id="main" class="page narrow sections">
                <div>
                    <h1>"Your sandbox"</h1>
                    <p class="lead">
                        {counts} ", yours alone. What you change here, nobody else sees."
                    </p>
                </div>
                {imported
                    .then(|| {
                        view! {
                            <p class="notice" role="status">
                                <span class="sign" aria-hidden="true">"✓"</span>
                                "The file has filled your sandbox: " {counts_of(&sandbox)} "."
                            </p>
                        }
                    })}
                <dl class="facts">
                    <dt>"Customer id"</dt>
                    <dd><code class="wrap">{sandbox.customer_id}</code></dd>
                    <dt>"Issuer"</dt>
                    <dd><code class="wrap">{sandbox.issuer}</code></dd>
                    <dt>"Everybody's password"</dt>
                    <dd><code>{sandbox.password}</code> " at first; sign-up and imported files set their own."</dd>
                </dl>
                <Reset/>
                <Export/>
                <Import/>
                <Changes changes/>
                <section aria-labelledby="data-title">
                    <h2 id="data-title">"Where your data goes"</h2>
                    <DataList/>
                </section>
            </main>
        </Layout>
    }
}

fn counts_of(sandbox: &playground::SandboxView) -> String {
    format!(
        "{} token policies, {} clients, {} people",
        sandbox.token_policies.len(),
        sandbox.clients.len(),
        sandbox.people.len()
    )
}

#[component]
fn Reset() -> impl IntoView {
    view! {
        <section aria-labelledby="reset-title">
            <h2 id="reset-title">"Back to the start"</h2>
            <p>
                "Puts policies, clients, secrets and people back as they were at first, switches faults off, and forgets your runs and tokens. This is also the way back when no token may change the configuration any more."
            </p>
            <form method="post" action="/sandbox/reset" class="actions">
                <button class="button danger" type="submit">"Reset the sandbox"</button>
            </form>
        </section>
    }
}

#[component]
fn Export() -> impl IntoView {
    view! {
        <section aria-labelledby="export-title">
            <h2 id="export-title">"Take it away"</h2>
            <p>
                "A fixture file makes the same policies, clients and people anywhere: keep it in your repository and start your own provider with "
                <code>"oidc-playground --fixture sandbox.toml"</code>
                ". It holds the clients' secrets."
            </p>
            <p class="actions">
                <a class="button" href="/sandbox/export.toml" download="sandbox.toml" rel="external">
                    "Download as TOML"
                </a>
                <a class="button" href="/sandbox/export.json" download="sandbox.json" rel="external">
                    "Download as JSON"
                </a>
            </p>
        </section>
    }
}

#[component]
fn Import() -> impl IntoView {
    let sent = submitted().unwrap_or_default();
    let value = |name: &str| sent.value(name).unwrap_or_default().to_owned();
    view! {
        <section aria-labelledby="import-title">
            <h2 id="import-title">"Fill it from a file"</h2>
            <p>
                "Policies, clients and people of the file take the place of those in your sandbox. Its address stays, and so do your runs. "
                <a href="/fixture.schema.json" rel="external">"The format as JSON Schema"</a>"."
            </p>
            <FormProblem problem=sent.problem("")/>
            <form method="post" action="/sandbox/import" enctype="multipart/form-data" class="stack">
                <div class="field">
                    <label for="file">"File"</label>
                    <input id="file" name="file" type="file" accept=".toml,.json"/>
                </div>
                <TextArea
                    name="text" label="Or its text, TOML or JSON" rows=6
                    value=value("text") problem=sent.problem("text")
                />
                <TextInput
                    name="customer" label="Which customer" code=true
                    value=value("customer") problem=sent.problem("customer")
                    hint="By name or id; needed only when the file has several."
                />
                <p class="actions">
                    <button class="button primary" type="submit">"Fill the sandbox"</button>
                </p>
            </form>
        </section>
    }
}

#[component]
fn Changes(changes: Vec<Kept<Change>>) -> impl IntoView {
    let content = if changes.is_empty() {
        view! {
            <p class="hint">
                "Nothing yet. Change a token policy, a client or a person, and the calls it took are listed here for 24 hours."
            </p>
        }
        .into_any()
    } else {
        let items = changes
            .into_iter()
            .map(|change| view! { <li><ChangeLine change/></li> })
            .collect_view();
        view! { <ol class="changes-list">{items}</ol> }.into_any()
    };
    view! {
        <section aria-labelledby="changes-title">
            <h2 id="changes-title">"What you changed lately"</h2>
            {content}
        </section>
    }
}

#[component]
fn ChangeLine(change: Kept<Change>) -> impl IntoView {
    let Kept { id, at, what, .. } = change;
    let (sign, word) = if what.is_done() {
        ("✓", "done")
    } else {
        ("✕", "refused")
    };
    let line = format!("`{} {}`", what.method.as_str(), what.path);
    view! {
        <details class="quiet">
            <summary>
                <span class="sign" aria-hidden="true">{sign}</span>
                <span class="sr">{word} ": "</span>
                <Prose text=line/>
                " "
                <span class="hint">{what.status} ", " <time>{at.to_string()}</time></span>
            </summary>
            <Transcript exchanges=what.exchanges prefix=id reveal=false/>
        </details>
    }
}
