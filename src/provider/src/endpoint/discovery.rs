//! The discovery document.
//! [Discovery section 4](https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig)

use crate::{fault, oauth_error::ErrorResponse, provider::Provider};
use axum::{
    Json,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, header};

/// Both public documents may change at any moment, and at once new keys sign:
/// a browser that kept the former could not check a single ID token.
/// [RFC 9111 section 5.2.2.4](https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2.4)
pub(crate) const CACHE: &str = "no-cache";

/// The customer's metadata.
pub(crate) async fn get(
    State(provider): State<Provider>,
    Path(customer): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ErrorResponse> {
    let customer = provider.customer_or_error(&customer, &headers).await?;
    let mut metadata = provider.metadata(&customer.id);
    metadata.registration_endpoint = provider
        .registers(&customer)
        .then(|| provider.registration_endpoint(&customer.id));
    fault::spoil_metadata(&provider, &customer.id, &mut metadata).await;
    Ok(([(header::CACHE_CONTROL, CACHE)], Json(metadata)).into_response())
}
