//! The first page: a request ready to go, and what it will bring.

use super::{api::load_start, workbench::Workbench, workspace::Workspace};
use crate::{layout::Layout, problem::ProblemPage};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn StartPage() -> impl IntoView {
    view! {
        <Suspense>
            {Suspend::new(async move {
                match load_start().await {
                    Ok((workspace, composed)) => {
                        view! { <Start workspace composed/> }.into_any()
                    }
                    Err(problem) => view! { <ProblemPage problem/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Start(workspace: Workspace, composed: bool) -> impl IntoView {
    let sandbox = sandbox_id(&workspace.issuer);
    view! {
        <Title text=""/>
        <Layout sandbox>
            <main id="main" class="page">
                <p class="intro">
                    "Ask for scopes, sign in for real, and see what the token policy let through, and why."
                </p>
                <div class="workbench">
                    <Workbench workspace forecast=true restore=!composed/>
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
