//! Every address of the site.

use crate::{
    forms, health,
    logging::log_request,
    pages,
    problem::{after_panic, explain},
    security::{protect, refuse_cross_site, refuse_without_path, to_public_origin},
    site,
    state::AppState,
    visitor,
};
use axum::{
    Router, middleware,
    response::Redirect,
    routing::{get, post},
};
use tower_http::{
    CompressionLevel, catch_panic::CatchPanicLayer, compression::CompressionLayer,
    limit::RequestBodyLimitLayer,
};

/// The largest body that is read. The provider's own limits are smaller.
const MAX_BODY: usize = 256 * 1024;

/// Pages are made for one visitor and compressed once, so quickly.
const COMPRESSION: CompressionLevel = CompressionLevel::Precise(5);

/// Pages, forms, the provider and the files of the site.
pub fn router(state: AppState) -> Router {
    let with_state = || state.clone();
    let own = pages::routes(&state)
        .merge(form_routes())
        .layer(middleware::from_fn_with_state(
            with_state(),
            visitor::identify,
        ))
        .layer(middleware::from_fn_with_state(
            with_state(),
            refuse_cross_site,
        ))
        .layer(middleware::from_fn_with_state(
            with_state(),
            to_public_origin,
        ));
    // The provider guards itself: its sign-in form asks for the same origin, and
    // its other endpoints are there for foreign sites and programs.
    own.merge(state.context.provider.router().with_state(()))
        .route("/healthz", get(health::get))
        // What browsers ask for unasked, beside pages that are not ours.
        .route("/favicon.ico", get(async || Redirect::to("/favicon.svg")))
        .fallback_service(site::fallback(&state))
        .layer(CatchPanicLayer::custom(after_panic))
        .layer(RequestBodyLimitLayer::new(MAX_BODY))
        .layer(middleware::from_fn_with_state(with_state(), explain))
        .layer(CompressionLayer::new().quality(COMPRESSION))
        .layer(middleware::from_fn(refuse_without_path))
        .layer(middleware::from_fn(protect))
        .layer(middleware::from_fn(log_request))
        .with_state(state)
}

/// Where forms are sent. Who opens such an address, from the history or after a
/// reload, is led to the page the form is on.
fn form_routes() -> Router<AppState> {
    let start = || get(async || Redirect::to("/"));
    Router::new()
        .route("/callback", get(forms::callback::get))
        .route("/runs", post(forms::run::begin))
        .route(
            "/runs/{id}/add-scopes",
            get(forms::run::of_add_scopes).post(forms::run::add_scopes),
        )
        .route("/draft", start().post(forms::draft::post))
        .route("/sandbox/reset", start().post(forms::sandbox::reset))
        .route("/theme", start().post(forms::theme::post))
}
