//! Rendering the pages of `app`.

use crate::{problem::Explained, security::ContentSecurityPolicy, state::AppState};
use app::{problem::Problem, submitted::Submitted};
use axum::{
    extract::{Request, State},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use http::{
    HeaderValue, Uri,
    header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY},
};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_axum::{AxumRouteListing, LeptosRoutes, ResponseOptions};
use provider::{Screen, screen};

/// What is drawn in the place of the page at an address.
#[derive(Clone, Debug)]
pub(crate) enum Instead {
    /// What went wrong.
    Problem(Problem),
    /// What the provider wants a person to see.
    Screen(Screen),
    /// The page itself, with what was typed into its form.
    Form(Submitted),
}

/// The routes of the pages. A slash too many at the end leads to the page, also
/// where the provider says what it shows.
pub(crate) fn routes(state: &AppState) -> axum::Router<AppState> {
    let leptos = state.leptos.clone();
    let shell = move || app::shell(leptos.clone());
    let paths = leptos_axum::generate_route_list(app::App);
    let slashed = paths
        .iter()
        .map(AxumRouteListing::path)
        .filter(|path| *path != "/")
        .chain(screen::PATHS)
        .fold(axum::Router::new(), |router, path| {
            router.route(&format!("{path}/"), get(without_slash))
        });
    slashed.leptos_routes_with_context(state, paths, contexts(state, None), shell)
}

/// Leads to the same address without the slash at its end.
async fn without_slash(uri: Uri) -> Response {
    let path = uri.path().trim_end_matches('/');
    let location = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    // `//host` and `/\host` would lead to another host.
    if path[1..].starts_with(['/', '\\']) || HeaderValue::from_str(&location).is_err() {
        return Explained(Problem::not_found()).into_response();
    }
    Redirect::permanent(&location).into_response()
}

/// The page for an address that nothing is found at.
pub(crate) async fn not_found(State(state): State<AppState>, request: Request) -> Response {
    let problem = Instead::Problem(Problem::not_found());
    render(&state, request, Some(problem)).await
}

/// Renders the page for a request, or another in its place.
pub(crate) async fn render(
    state: &AppState,
    request: Request,
    instead: Option<Instead>,
) -> Response {
    let leptos = state.leptos.clone();
    let handler = leptos_axum::render_app_async_with_context(contexts(state, instead), move || {
        app::shell(leptos.clone())
    });
    handler(request).await
}

/// What a page may use, and the headers it is sent with.
fn contexts(
    state: &AppState,
    instead: Option<Instead>,
) -> impl Fn() + Clone + Send + Sync + 'static {
    let context = state.context.clone();
    move || {
        provide_context(context.clone());
        let leads_away = match instead.clone() {
            Some(Instead::Problem(problem)) => {
                provide_context(problem);
                false
            }
            Some(Instead::Screen(screen)) => {
                let leads_away = screen.leads_away();
                provide_context(screen);
                leads_away
            }
            Some(Instead::Form(submitted)) => {
                provide_context(submitted);
                false
            }
            None => false,
        };
        let Some(response) = use_context::<ResponseOptions>() else {
            return;
        };
        response.insert_header(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        // Files of the site come this way, too, and have no nonce.
        let Some(nonce) = use_nonce() else {
            return;
        };
        let policy = ContentSecurityPolicy {
            nonce: &nonce,
            own_forms_only: !leads_away,
            reloads: std::env::var_os("LEPTOS_WATCH").is_some(),
        };
        if let Ok(policy) = HeaderValue::from_str(&policy.to_string()) {
            response.insert_header(CONTENT_SECURITY_POLICY, policy);
        }
    }
}
