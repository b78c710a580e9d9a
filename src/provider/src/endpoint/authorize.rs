//! The authorization endpoint.
//! [Core section 3.1.2](https://openid.net/specs/openid-connect-core-1_0.html#AuthorizationEndpoint)

use crate::{
    authorization::{Received, RedirectError, Turn},
    page::PageError,
    parameters::{MAX_FIELDS, form_pairs, query_pairs},
    provider::Provider,
    redirect::see_other,
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
    let redirected = async {
        let checked = safe.check()?;
        let session = provider
            .session(&checked.customer.id, headers)
            .await
            .map_err(|error| checked.failed(&error))?;
        match checked.interact(session)? {
            Turn::Interacted(interacted) => Ok(see_other(&interacted.issue().await?, None)),
            Turn::Ask(checked) => provider
                .ask(&checked, headers)
                .await
                .map_err(|error| checked.failed(&error)),
        }
    };
    Ok(redirected.await.unwrap_or_else(|error: RedirectError| {
        tracing::info!(error = error.code(), "refused an authorization request");
        see_other(&error.location(), None)
    }))
}
