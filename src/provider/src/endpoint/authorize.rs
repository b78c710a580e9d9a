//! The authorization endpoint.
//! [Core section 3.1.2](https://openid.net/specs/openid-connect-core-1_0.html#AuthorizationEndpoint)

use crate::{
    authorization::{Received, RedirectError, SafeRedirect, Turn},
    page::PageError,
    parameters::{MAX_FIELDS, form_pairs, query_pairs},
    provider::Provider,
};
use axum::{
    extract::{Path, Request, State},
    response::Response,
};
use http::HeaderMap;

/// Takes the request from the query.
pub(crate) async fn get(
    State(provider): State<Provider>,
    Path(customer): Path<String>,
    request: Request,
) -> Result<Response, PageError> {
    let pairs = query_pairs(request.uri().query());
    answer(&provider, &customer, pairs, request.headers()).await
}

/// Takes the request from a form body; a query beside it is ignored.
/// [Core section 3.1.2.1](https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest)
pub(crate) async fn post(
    State(provider): State<Provider>,
    Path(customer): Path<String>,
    request: Request,
) -> Result<Response, PageError> {
    let headers = request.headers().clone();
    let pairs = form_pairs(request)
        .await
        .map_err(|error| PageError::bad_form(&customer, error.status()))?;
    answer(&provider, &customer, pairs, &headers).await
}

async fn answer(
    provider: &Provider,
    customer: &str,
    pairs: Vec<(String, String)>,
    headers: &HeaderMap,
) -> Result<Response, PageError> {
    // Before they are compared with each other.
    if pairs.len() > MAX_FIELDS {
        return Err(PageError::too_many_parameters(customer));
    }
    let customer = provider.customer_or_page(customer, headers).await?;
    let safe = Received::new(provider, customer, pairs)
        .know_client()
        .await?
        .match_redirect_uri()?;
    Ok(proceed(safe, headers)
        .await
        .unwrap_or_else(|error| error.into_response().deliver(None)))
}

/// Answers at once where a session allows it, or sends the person to the
/// sign-in page.
async fn proceed(safe: SafeRedirect<'_>, headers: &HeaderMap) -> Result<Response, RedirectError> {
    let checked = safe.check().await?;
    let provider = checked.provider;
    let session = provider
        .session(&checked.customer.id, headers)
        .await
        .map_err(|error| checked.failed(&error))?;
    match checked.interact(session)? {
        Turn::Answer(interacted) => Ok(interacted.issue().await?.deliver(None)),
        Turn::Ask(checked) => provider
            .ask(&checked, headers)
            .await
            .map_err(|error| checked.failed(&error)),
    }
}
