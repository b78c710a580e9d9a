//! Rendering the pages of `app`.

use crate::{security::ContentSecurityPolicy, state::AppState};
use app::problem::Problem;
use axum::{
    extract::{Request, State},
    response::Response,
};
use http::{
    HeaderValue,
    header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY},
    request::Parts,
};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_axum::{LeptosRoutes, ResponseOptions};

/// The routes of the pages.
pub(crate) fn routes(state: &AppState) -> axum::Router<AppState> {
    let leptos = state.leptos.clone();
    let shell = move || app::shell(leptos.clone());
    let paths = leptos_axum::generate_route_list(app::App);
    axum::Router::new().leptos_routes_with_context(state, paths, contexts(state, None), shell)
}

/// The page for an address that nothing is found at.
pub(crate) async fn not_found(State(state): State<AppState>, request: Request) -> Response {
    render(&state, request, Some(Problem::not_found())).await
}

/// Renders the page for a request, or the page about a problem in its place.
pub(crate) async fn render(
    state: &AppState,
    request: Request,
    problem: Option<Problem>,
) -> Response {
    let leptos = state.leptos.clone();
    let handler = leptos_axum::render_app_async_with_context(contexts(state, problem), move || {
        app::shell(leptos.clone())
    });
    handler(request).await
}

/// What a page may use, and the headers it is sent with.
fn contexts(
    state: &AppState,
    problem: Option<Problem>,
) -> impl Fn() + Clone + Send + Sync + 'static {
    let context = state.context.clone();
    move || {
        provide_context(context.clone());
        if let Some(problem) = problem.clone() {
            provide_context(problem);
        }
        let Some(response) = use_context::<ResponseOptions>() else {
            return;
        };
        response.insert_header(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        // Files of the site come this way, too, and have no nonce.
        let Some(nonce) = use_nonce() else {
            return;
        };
        let is_sign_in = use_context::<Parts>()
            .is_some_and(|parts| parts.uri.path().ends_with("/auth-ui/login"));
        let policy = ContentSecurityPolicy {
            nonce: &nonce,
            own_forms_only: !is_sign_in,
            reloads: std::env::var_os("LEPTOS_WATCH").is_some(),
        };
        if let Ok(policy) = HeaderValue::from_str(&policy.to_string()) {
            response.insert_header(CONTENT_SECURITY_POLICY, policy);
        }
    }
}
