//! Answers that come late, broken or not at all.

use super::Active;
use crate::{oauth_error::ErrorResponse, page::PageError};
use axum::{
    body::{Body, Bytes, HttpBody},
    extract::Request,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, StatusCode, header};
use http_body::Frame;
use oidc::error::ErrorCode;
use policy::fault::{Endpoint, Fault, FaultName};
use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::time::sleep;

/// Answers a request as late and as broken as it should be.
pub(super) async fn through(
    active: &Active<'_>,
    endpoint: Endpoint,
    request: Request,
    next: Next,
) -> Response {
    let take = async |name| {
        let wanted = |fault: &Fault| fault.name == name && fault.covers(endpoint);
        active.take_any(wanted).await
    };
    if let Some(slow) = take(FaultName::Slow).await {
        let milliseconds = u64::try_from(slow.amount()).unwrap_or_default();
        sleep(Duration::from_millis(milliseconds)).await;
    }
    let outage = |fault: &Fault| outage(fault.name).is_some() && fault.covers(endpoint);
    if let Some(fault) = active.take_any(outage).await {
        return out_of_order(&fault, endpoint, active.customer());
    }
    let mut response = next.run(request).await;
    if !is_json(&response) {
        return response;
    }
    if take(FaultName::WrongContentType).await.is_some() {
        let html = HeaderValue::from_static("text/html; charset=utf-8");
        response.headers_mut().insert(header::CONTENT_TYPE, html);
    }
    if take(FaultName::TruncatedJson).await.is_some() {
        cut(response, |half, _| Body::from(half)).await
    } else if take(FaultName::ConnectionLost).await.is_some() {
        cut(response, |half, whole| {
            Body::new(Lost {
                half: Some(half),
                whole,
            })
        })
        .await
    } else {
        response
    }
}

/// The status that the fault answers everything with.
const fn outage(name: FaultName) -> Option<StatusCode> {
    match name {
        FaultName::Http429 => Some(StatusCode::TOO_MANY_REQUESTS),
        FaultName::Http500 => Some(StatusCode::INTERNAL_SERVER_ERROR),
        FaultName::Http503 => Some(StatusCode::SERVICE_UNAVAILABLE),
        _ => None,
    }
}

/// For programs in JSON, and as a page where a person is on the way.
fn out_of_order(fault: &Fault, endpoint: Endpoint, customer: &str) -> Response {
    let status = outage(fault.name).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let problem = format!("The fault {} is switched on", fault.name.as_str());
    let mut response = if matches!(endpoint, Endpoint::Authorize | Endpoint::EndSession) {
        let text = [
            "The provider fails on request",
            &format!("{problem} for this customer, so that applications can be tested."),
            "Switch it off over the configuration API, at `config/faults`.",
        ];
        PageError::new(status, "fault", customer, text).into_response()
    } else {
        let code = match status {
            StatusCode::INTERNAL_SERVER_ERROR => ErrorCode::ServerError,
            _ => ErrorCode::TemporarilyUnavailable,
        };
        ErrorResponse::new(status, code, &problem).into_response()
    };
    if fault.name.amount().is_some() {
        let seconds = fault.amount().into();
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    response
}

fn is_json(response: &Response) -> bool {
    let media_type = response.headers().get(header::CONTENT_TYPE);
    media_type.is_some_and(|value| value.as_bytes().starts_with(b"application/json"))
}

/// The response with a body made of the first half of its own and of how many
/// bytes there were.
async fn cut(response: Response, body: impl Fn(Bytes, usize) -> Body) -> Response {
    let (mut parts, whole) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    match axum::body::to_bytes(whole, usize::MAX).await {
        Ok(whole) => Response::from_parts(parts, body(whole.slice(..whole.len() / 2), whole.len())),
        Err(error) => {
            tracing::error!(%error, "an answer could not be cut");
            ErrorResponse::server_error().into_response()
        }
    }
}

/// A body that breaks off although it promised to be whole.
struct Lost {
    half: Option<Bytes>,
    /// In bytes.
    whole: usize,
}

impl HttpBody for Lost {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let frame = match self.half.take() {
            Some(half) => Ok(Frame::data(half)),
            None => Err(io::ErrorKind::ConnectionReset.into()),
        };
        Poll::Ready(Some(frame))
    }

    fn size_hint(&self) -> http_body::SizeHint {
        http_body::SizeHint::with_exact(self.whole as u64)
    }
}
