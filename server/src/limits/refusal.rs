//! What is answered to who asks too often, in the words of whom they asked.

use super::{bucket::Wait, matched};
use crate::problem::Explained;
use app::problem::Problem;
use axum::{
    Json,
    extract::Request,
    response::{IntoResponse, Response},
};
use http::{
    HeaderValue, StatusCode,
    header::{ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, RETRY_AFTER},
};
use oidc::error::{ErrorCode, OAuthError};
use serde_json::json;

const TITLE: &str = "Too many requests";

/// Below a customer, what people and not programs open.
const FOR_PEOPLE: [&str; 3] = [
    "/{customer}/auth-ui/",
    "/{customer}/login/authorize",
    "/{customer}/login/end_session",
];

/// 429, with the time to wait.
/// [RFC 6585 section 4](https://www.rfc-editor.org/rfc/rfc6585#section-4)
pub(super) fn of(request: &Request, Wait(seconds): Wait, as_page: bool) -> Response {
    let path = matched(request).unwrap_or_default();
    let for_people = FOR_PEOPLE.iter().any(|begin| path.starts_with(begin));
    let mut response = if path.starts_with("/{customer}/config") {
        let body = Json(json!({ "errors": TITLE }));
        (StatusCode::TOO_MANY_REQUESTS, body).into_response()
    } else if path.starts_with("/{customer}/") && !for_people {
        oauth()
    } else if as_page {
        Explained(Problem::new(
            StatusCode::TOO_MANY_REQUESTS.as_u16(),
            "too-many-requests",
            TITLE,
            "More requests came from your address, or for this sandbox, than are answered here in so short a time. Nothing was changed. Wait a moment and try again.",
        ))
        .into_response()
    } else {
        (StatusCode::TOO_MANY_REQUESTS, format!("{TITLE}.\n")).into_response()
    };
    response
        .headers_mut()
        .insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// As the token endpoint words it. A browser application may read it, too, where
/// it could have read the answer.
/// [RFC 6749 section 5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2)
fn oauth() -> Response {
    let error = OAuthError::new(
        ErrorCode::TemporarilyUnavailable,
        "Too many requests; see Retry-After",
    );
    let headers = [
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (ACCESS_CONTROL_EXPOSE_HEADERS, "Retry-After"),
    ];
    (StatusCode::TOO_MANY_REQUESTS, headers, Json(error)).into_response()
}
