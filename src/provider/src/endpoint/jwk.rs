//! The key set.
//! [RFC 7517 section 5](https://www.rfc-editor.org/rfc/rfc7517#section-5)

use super::discovery::CACHE;
use crate::{fault, oauth_error::ErrorResponse, provider::Provider};
use axum::{
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, header};

/// The public keys of the customer: what signs, and what signed tokens that may
/// not have expired.
pub(crate) async fn get(
    State(provider): State<Provider>,
    Path(customer): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ErrorResponse> {
    provider.customer_or_error(&customer, &headers).await?;
    let jwks = async {
        let jwks = provider.keys().jwks(&customer).await?;
        fault::spoil_jwks(&provider, &customer, jwks).await
    };
    let jwks = jwks.await.map_err(|error| {
        tracing::error!(customer, %error, "there is no key set");
        ErrorResponse::server_error()
    })?;
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, CACHE),
    ];
    Ok((headers, jwks).into_response())
}
