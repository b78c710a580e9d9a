//! A page in the place of an answer that says what it should show.

use crate::{
    pages::{self, Instead},
    state::AppState,
    visitor,
};
use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{
    HeaderMap, Method,
    header::{ALLOW, RETRY_AFTER, SET_COOKIE, WWW_AUTHENTICATE},
};
use provider::{FAULTS_HEADER, SandboxKey, Screen};

/// What is still needed of a request after it was answered.
pub(crate) struct Asked {
    method: Method,
    uri: http::Uri,
    headers: HeaderMap,
}

impl Asked {
    pub(crate) fn of(request: &Request) -> Self {
        Self {
            method: match *request.method() {
                Method::HEAD => Method::HEAD,
                _ => Method::GET,
            },
            uri: request.uri().clone(),
            headers: request.headers().clone(),
        }
    }

    /// The same, as if another page had been asked for.
    pub(crate) fn at(self, page: &str) -> Self {
        let uri = page.parse().unwrap_or(self.uri);
        Self { uri, ..self }
    }
}

/// The page, with the answer's status, its cookies, and the headers that belong
/// to the status.
pub(crate) async fn page(
    state: &AppState,
    asked: Asked,
    answer: Response,
    instead: Instead,
) -> Response {
    // Its body is not needed, and could not be kept while the page is made.
    let (answer, _) = answer.into_parts();
    // Who came without a key got one with the answer.
    let given = answer.extensions.get::<SandboxKey>().cloned();
    let key = given.or_else(|| visitor::known(state, &asked.headers));
    let mut request = Request::new(Body::empty());
    *request.method_mut() = asked.method;
    *request.uri_mut() = asked.uri;
    *request.headers_mut() = asked.headers;
    if let Some(key) = key {
        request.extensions_mut().insert(key);
    }
    let mut page = pages::render(state, request, Some(instead)).await;
    *page.status_mut() = answer.status;
    let names = [
        SET_COOKIE,
        RETRY_AFTER,
        WWW_AUTHENTICATE,
        ALLOW,
        FAULTS_HEADER,
    ];
    for name in names {
        for value in answer.headers.get_all(&name) {
            page.headers_mut().append(&name, value.clone());
        }
    }
    page
}

/// Draws the provider's screens, for programs too: the forms on them are there
/// to be filled in by test tools.
pub(crate) async fn draw_screens(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let asked = Asked::of(&request);
    let answer = next.run(request).await;
    match answer.extensions().get::<Screen>().cloned() {
        Some(screen) => page(&state, asked, answer, Instead::Screen(screen)).await,
        None => answer,
    }
}
