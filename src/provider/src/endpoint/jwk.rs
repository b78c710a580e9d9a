//! The key set.
//! [RFC 7517 section 5](https://www.rfc-editor.org/rfc/rfc7517#section-5)

use super::discovery::CACHE;
use crate::{oauth_error::ErrorResponse, provider::Provider};
use axum::{
    Json,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, header};

/// The public keys. They are the deployment's, the same for every customer.
pub(crate) async fn get(
    State(provider): State<Provider>,
    Path(customer): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ErrorResponse> {
    provider.customer_or_error(&customer, &headers).await?;
    let jwks = provider.0.signer.jwks();
    Ok(([(header::CACHE_CONTROL, CACHE)], Json(jwks)).into_response())
}
