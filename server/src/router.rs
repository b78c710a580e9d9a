//! Every address of the site.

use crate::{
    fixtures,
    forms::{self, policies::to_page},
    health, limits,
    logging::log_request,
    pages,
    problem::{after_panic, explain},
    redraw::draw_screens,
    security::{protect, refuse_cross_site, refuse_without_path, to_public_origin},
    site,
    state::AppState,
    visitor,
};
use axum::{
    Router, middleware,
    response::Redirect,
    routing::{MethodRouter, get, post},
};
use tower::ServiceBuilder;
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
    // Where nobody is counted, nobody stands in the way.
    let limited = state.limits.is_some();
    let writing = |router: Router<AppState>| {
        let count = middleware::from_fn_with_state(with_state(), limits::count_new_sandboxes);
        if limited { router.layer(count) } else { router }
    };
    let counted = |router: Router<AppState>| {
        let count = middleware::from_fn_with_state(with_state(), limits::count);
        if limited { router.layer(count) } else { router }
    };
    let own = writing(pages::routes(&state).merge(writing_form_routes()))
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
    // The provider guards itself: its forms ask for the same origin, and its
    // endpoints are there for foreign sites and programs.
    let provider = &state.context.provider;
    let screens = provider
        .screens()
        .with_state(())
        .layer(middleware::from_fn_with_state(with_state(), draw_screens))
        .layer(middleware::from_fn_with_state(
            with_state(),
            to_public_origin,
        ));
    let provider = provider.endpoints().with_state(()).merge(screens);
    counted(own.merge(writing(provider)))
        .route("/healthz", get(health::get))
        .route("/fixture.schema.json", get(fixtures::schema))
        // What browsers ask for unasked, beside pages that are not ours.
        .route("/favicon.ico", get(async || Redirect::to("/favicon.svg")))
        .fallback_service(site::fallback(&state))
        .layer(
            // As one layer: each of its own would copy all that is below it
            // for each request, twice.
            ServiceBuilder::new()
                .layer(middleware::from_fn(log_request))
                .layer(middleware::from_fn_with_state(with_state(), protect))
                .layer(middleware::from_fn(refuse_without_path))
                .layer(CompressionLayer::new().quality(COMPRESSION))
                .layer(middleware::from_fn_with_state(with_state(), explain))
                .layer(RequestBodyLimitLayer::new(MAX_BODY))
                .layer(CatchPanicLayer::custom(after_panic)),
        )
        .with_state(state)
}

/// Where forms are sent that write the visitor's sandbox. Who opens such an
/// address, from the history or after a reload, is led to the page the form is
/// on.
fn writing_form_routes() -> Router<AppState> {
    Router::new()
        .route("/runs", post(forms::run::begin))
        .route(
            "/runs/{id}/add-scopes",
            get(forms::run::of_add_scopes).post(forms::run::add_scopes),
        )
        .merge(client_routes())
        .merge(people_routes())
        .merge(admin_token_routes())
        .merge(policy_form_routes())
        .route("/sandbox/reset", start().post(forms::sandbox::reset))
        .route(
            "/sandbox/import",
            get(async || Redirect::to("/sandbox")).post(forms::sandbox::import),
        )
}

/// The same of clients.
fn client_routes() -> Router<AppState> {
    use forms::clients;
    let of_client = || get(clients::of_client);
    Router::new()
        .route(
            "/clients/{id}/secret",
            of_client().post(clients::reset_secret),
        )
        .route(
            "/clients/{id}/secret/show",
            of_client().post(clients::show_secret),
        )
        .route(
            "/clients/{id}/redirect-uris",
            of_client().post(clients::add_redirect_uri),
        )
        .route("/clients/{id}/delete", of_client().post(clients::delete))
        .route("/clients/new", post(clients::create))
        .route("/clients/{id}", post(clients::put))
}

/// The same of people.
fn people_routes() -> Router<AppState> {
    use forms::people;
    Router::new()
        .route("/people/new", post(people::create))
        .route("/people/{id}", post(people::put))
        .route("/people/{id}/delete", get(to_page).post(people::delete))
}

/// The same of the administrative token lab.
fn admin_token_routes() -> Router<AppState> {
    use forms::admin_tokens as lab;
    let of_token = || get(lab::of_token);
    Router::new()
        .route("/admin-tokens", post(lab::ask))
        .route("/admin-tokens/restore", get(lab::of_lab).post(lab::restore))
        .route(
            "/admin-tokens/{id}/introspect",
            of_token().post(lab::introspect),
        )
        .route("/admin-tokens/{id}/revoke", of_token().post(lab::revoke))
        .route("/admin-tokens/{id}/expire", of_token().post(lab::expire))
        .route("/admin-tokens/{id}/calls", of_token().post(lab::call))
        .route("/admin-tokens/{id}/again", of_token().post(lab::again))
}

/// Where policies are changed.
fn policy_form_routes() -> Router<AppState> {
    use forms::policies::{login, token};
    let at = || get(to_page);
    Router::new()
        .route("/policies/login/new", post(login::create))
        .route("/policies/login/{id}", post(login::put))
        .route("/policies/login/{id}/delete", at().post(login::delete))
        .route("/policies/login/{id}/assign", at().post(login::assign))
        .route(
            "/policies/login/{id}/response-types",
            at().post(login::set_response_types),
        )
        .route(
            "/policies/login/{id}/push-claims",
            at().post(login::set_push_claims),
        )
        .route("/policies/token/new", post(token::create))
        .route("/policies/token/{id}", post(token::put))
        .route("/policies/token/{id}/delete", at().post(token::delete))
        .route("/policies/token/{id}/assign", at().post(token::assign))
}

/// Where forms of policies are looked at without sending them.
fn policy_preview_routes() -> Router<AppState> {
    use forms::policies::{login, token};
    let at = || get(to_page);
    Router::new()
        .route("/policies/login/new/preview", at().post(login::look_at_new))
        .route("/policies/login/{id}/preview", at().post(login::look))
        .route("/policies/token/new/preview", at().post(token::look_at_new))
        .route("/policies/token/{id}/preview", at().post(token::look))
}

/// The same of forms that write no sandbox, and where runs come back to.
fn form_routes() -> Router<AppState> {
    Router::new()
        .route(
            "/callback",
            get(forms::callback::get).post(forms::callback::post),
        )
        .route("/sandbox/export.toml", get(forms::sandbox::export_toml))
        .route("/sandbox/export.json", get(forms::sandbox::export_json))
        .route("/logged-out", get(forms::steps::logged_out))
        .route(
            "/runs/{id}/steps",
            get(forms::steps::of_take).post(forms::steps::take),
        )
        .merge(policy_preview_routes())
        .route(
            "/clients/new/preview",
            get(to_page).post(forms::clients::look_at_new),
        )
        .route(
            "/clients/{id}/preview",
            get(to_page).post(forms::clients::look),
        )
        .route(
            "/people/new/preview",
            get(to_page).post(forms::people::look_at_new),
        )
        .route(
            "/people/{id}/preview",
            get(to_page).post(forms::people::look),
        )
        .route("/draft", start().post(forms::draft::post))
        .route("/hints", start().post(forms::hints::post))
        .route(
            "/admin-tokens/preview",
            get(forms::admin_tokens::of_lab).post(forms::admin_tokens::preview),
        )
        .route("/theme", start().post(forms::theme::post))
}

fn start() -> MethodRouter<AppState> {
    get(async || Redirect::to("/"))
}
