//! The configuration API.
//!
//! [`operations`] lists all it can do; the router and the OpenAPI document are
//! both made of that list.

mod answer;
mod call;
mod calls;
mod client_secrets;
pub(crate) mod clients;
mod error;
mod faults;
mod keys;
pub(crate) mod login_policies;
mod operation;
pub(crate) mod people;
mod reset;
pub(crate) mod token_policies;
pub(crate) mod version;

pub use calls::{ConfigurationCall, configuration_calls};
pub(crate) use error::ConfigError;
pub(crate) use operation::Operation;

use crate::{openapi, provider::Provider};
use axum::{
    Router,
    response::{IntoResponse as _, Response},
    routing::{any, get},
};
use http::{Method, StatusCode};

/// Everything that takes an administrative token.
pub(crate) fn operations() -> Vec<Operation> {
    [
        token_policies::operations(),
        clients::operations(),
        client_secrets::operations(),
        login_policies::operations(),
        people::operations(),
        faults::operations(),
        keys::operations(),
        reset::operations(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The configuration API, and a refusal in its words for whatever else is asked
/// for below `config`.
pub(crate) fn routes() -> Router<Provider> {
    operations()
        .into_iter()
        .map(Operation::into_route)
        .fold(Router::new(), |router, (path, handler)| {
            router.route(&path, handler)
        })
        .route(
            &format!("/{{customer}}/{}", openapi::PATH),
            get(openapi::get),
        )
        .method_not_allowed_fallback(other_method)
        .route("/{customer}/config", any(nothing))
        .route("/{customer}/config/{*rest}", any(nothing))
}

/// OPTIONS is told the methods of an address, which axum adds as `Allow`. That
/// is no leave for other origins: without CORS headers browsers stop there.
/// [RFC 9110 section 9.3.7](https://www.rfc-editor.org/rfc/rfc9110#section-9.3.7)
async fn other_method(method: Method) -> Response {
    if method == Method::OPTIONS {
        StatusCode::NO_CONTENT.into_response()
    } else {
        ConfigError::MethodNotAllowed.into_response()
    }
}

async fn nothing() -> ConfigError {
    ConfigError::NotFound
}
