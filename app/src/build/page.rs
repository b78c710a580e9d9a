//! The first page: a request ready to go, and what it will bring.

use super::{
    api::{Start, load_start},
    workbench::Workbench,
};
use crate::{components::hint::Hint, layout::Layout, problem_page::ProblemPage};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn StartPage() -> impl IntoView {
    view! {
        <Suspense>
            {Suspend::new(async move {
                match load_start().await {
                    Ok(start) => view! { <Composer start/> }.into_any(),
                    Err(problem) => view! { <ProblemPage problem/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Composer(start: Start) -> impl IntoView {
    let Start { workspace, reset } = start;
    let sandbox = sandbox_id(&workspace.issuer);
    view! {
        <Title text=""/>
        <Layout sandbox>
            <main id="main" class="page">
                <p class="intro">
                    "Ask for scopes, sign in for real, and see what the token policy let through, and why."
                </p>
                <Hint
                    id="start"
                    text="New here? Everything is filled in: press “Run it and see”. You sign in as Alice at the bundled provider, and the next page says which scopes came through, and why."
                />
                {reset
                    .then(|| {
                        view! {
                            <p class="notice" role="status">
                                <span class="sign" aria-hidden="true">"✓"</span>
                                "The sandbox is as it was at first: policies, clients and people. Your runs are gone."
                            </p>
                        }
                    })}
                <div class="workbench">
                    <Workbench workspace forecast=true/>
                </div>
            </main>
        </Layout>
    }
}

/// The customer id in an issuer: the path segment before `login`.
#[must_use]
pub fn sandbox_id(issuer: &str) -> Option<String> {
    issuer.rsplit('/').nth(1).map(str::to_owned)
}
