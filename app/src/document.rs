//! The document around every page, and the list of pages.

use crate::{
    admin_tokens, build, clients, interaction, people, policies, problem, problem_page, run,
    sandbox, ssr,
};
use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags, Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{FlatRoutes, Route, Router},
    path,
};

/// The document around every page.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let theme = ssr::theme();
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
                <HydrationScripts options islands=true/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// Every page, or the problem or the provider's screen that stands in its place.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let problem = use_context::<problem::Problem>();
    let screen = use_context::<provider::Screen>();
    view! {
        <Title formatter=|title: String| {
            if title.is_empty() { "OIDC Playground".to_owned() } else { format!("{title} · OIDC Playground") }
        }/>
        {match (problem, screen) {
            (Some(problem), _) => view! { <problem_page::ProblemPage problem/> }.into_any(),
            (None, Some(screen)) => view! { <interaction::ScreenPage screen/> }.into_any(),
            (None, None) => view! { <Pages/> }.into_any(),
        }}
    }
}

#[component]
fn Pages() -> impl IntoView {
    view! {
        <Router>
            <FlatRoutes fallback=problem_page::NotFoundPage>
                <Route path=path!("/") view=build::page::StartPage ssr=SsrMode::Async/>
                <Route path=path!("/admin-tokens") view=admin_tokens::list::AdminTokensPage ssr=SsrMode::Async/>
                <Route path=path!("/admin-tokens/:id") view=admin_tokens::page::AdminTokenPage ssr=SsrMode::Async/>
                <Route path=path!("/policies") view=policies::list::PoliciesPage ssr=SsrMode::Async/>
                <Route path=path!("/policies/login/new") view=policies::login::page::NewLoginPolicyPage ssr=SsrMode::Async/>
                <Route path=path!("/policies/login/:id") view=policies::login::page::LoginPolicyPage ssr=SsrMode::Async/>
                <Route path=path!("/policies/token/new") view=policies::token::page::NewTokenPolicyPage ssr=SsrMode::Async/>
                <Route path=path!("/policies/token/:id") view=policies::token::page::TokenPolicyPage ssr=SsrMode::Async/>
                <Route path=path!("/clients") view=clients::list::ClientsPage ssr=SsrMode::Async/>
                <Route path=path!("/clients/new") view=clients::new::NewClientPage ssr=SsrMode::Async/>
                <Route path=path!("/clients/:id") view=clients::page::ClientPage ssr=SsrMode::Async/>
                <Route path=path!("/people") view=people::list::PeoplePage ssr=SsrMode::Async/>
                <Route path=path!("/people/new") view=people::new::NewPersonPage ssr=SsrMode::Async/>
                <Route path=path!("/people/:id") view=people::page::PersonPage ssr=SsrMode::Async/>
                <Route path=path!("/runs") view=run::list::RunsPage ssr=SsrMode::Async/>
                <Route path=path!("/runs/compare") view=run::compare::ComparePage ssr=SsrMode::Async/>
                <Route path=path!("/runs/:id") view=run::page::RunPage ssr=SsrMode::Async/>
                <Route path=path!("/sandbox") view=sandbox::page::SandboxPage ssr=SsrMode::Async/>
            </FlatRoutes>
        </Router>
    }
}
