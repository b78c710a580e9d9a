//! What surrounds every endpoint of the provider while faults are switched on.

use super::{asking::Asking, transport};
use crate::provider::Provider;
use axum::{
    RequestExt as _,
    extract::{RawPathParams, Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderName, HeaderValue, header};

/// Names the faults that are switched on, on every answer for their customer:
/// those of other clients are left out where it is known which client asks.
pub const HEADER: HeaderName = HeaderName::from_static("oidc-playground-faults");

/// Lets go wrong what should, and says on the answer that it may have. Where no
/// fault is switched on, the request passes untouched.
pub(crate) async fn attend(
    State(provider): State<Provider>,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(customer) = customer(&mut request).await else {
        return next.run(request).await;
    };
    if provider.active(&customer, None).await.is_empty() {
        return next.run(request).await;
    }
    let (asking, request) = match Asking::read(&provider, &customer, request).await {
        Ok(read) => read,
        Err(refusal) => return refusal,
    };
    let client = asking.client.as_deref();
    let names = provider.fault_names(&customer, client).await;
    let mut response = match asking.endpoint {
        None => next.run(request).await,
        Some(endpoint) => {
            let active = provider.active(&customer, client).await;
            transport::through(&active, endpoint, request, next).await
        }
    };
    announce(&mut response, &names);
    response
}

async fn customer(request: &mut Request) -> Option<String> {
    let parameters = request.extract_parts::<RawPathParams>().await.ok()?;
    let mut parameters = parameters.iter();
    let (_, customer) = parameters.find(|(name, _)| *name == "customer")?;
    Some(customer.to_owned())
}

/// Nobody keeps what may be wrong for longer than it is.
fn announce(response: &mut Response, names: &[&str]) {
    if names.is_empty() {
        return;
    }
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(names) = HeaderValue::try_from(names.join(", ")) {
        headers.insert(HEADER, names);
    }
}
