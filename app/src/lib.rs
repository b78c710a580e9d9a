//! The pages: Build, Run, Explain, and the provider's sign-in page.
//!
//! Invariant: components hold no decisions. What is granted is decided by
//! `policy`, what it means is said by `diagnosis`; here it is shown. Without
//! features the crate compiles, so that what the browser shares stays honest.
//!
//! Start at [`App`], which lists the pages. A page lives in a folder with its
//! loader (`api`) and its parts.
#![recursion_limit = "512"]
#![expect(
    missing_docs,
    clippy::must_use_candidate,
    clippy::needless_pass_by_value,
    clippy::module_name_repetitions,
    reason = "the macros of leptos write functions that these lints do not fit"
)]

pub mod build;
pub mod components;
pub mod explain;
pub mod interaction;
pub mod layout;
pub mod not_found;
pub mod problem;
pub mod run;
#[cfg(feature = "ssr")]
pub mod ssr;
pub mod storage;

use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags, Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{FlatRoutes, Route, Router},
    path,
};

/// The document around every page.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    #[cfg(feature = "ssr")]
    let theme = ssr::theme();
    #[cfg(not(feature = "ssr"))]
    let theme: Option<String> = None;
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta
                    name="description"
                    content="Ask for scopes, sign in for real, and see what the token policy let through."
                />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <HashedStylesheet options=options.clone() id="leptos"/>
                <AutoReload options=options.clone()/>
                <HydrationScripts options islands=cfg!(feature = "islands")/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// Every page, or the problem that stands in its place.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let problem = use_context::<problem::Problem>();
    view! {
        <Title formatter=|title: String| {
            if title.is_empty() { "OIDC Playground".to_owned() } else { format!("{title} · OIDC Playground") }
        }/>
        {match problem {
            Some(problem) => view! { <problem::ProblemPage problem/> }.into_any(),
            None => view! { <Pages/> }.into_any(),
        }}
    }
}

#[component]
fn Pages() -> impl IntoView {
    view! {
        <Router>
            <FlatRoutes fallback=not_found::NotFoundPage>
                <Route path=path!("/") view=build::page::StartPage ssr=SsrMode::Async/>
                <Route path=path!("/runs") view=run::list::RunsPage ssr=SsrMode::Async/>
                <Route path=path!("/runs/:id") view=run::page::RunPage ssr=SsrMode::Async/>
                <Route
                    path=path!("/:customer/auth-ui/login")
                    view=interaction::page::SignInPage
                    ssr=SsrMode::Async
                />
            </FlatRoutes>
        </Router>
    }
}
