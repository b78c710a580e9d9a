//! From a problem to a page that explains it.

use crate::{
    pages::Instead,
    redraw::{self, Asked},
    state::AppState,
};
use app::{problem::Problem, submitted::Submitted};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header::CONTENT_TYPE};
use provider::page::{PageError, wants_html};

/// A problem as a response. [`explain`] makes a page of it for whoever reads
/// HTML; for others a sentence is enough.
#[derive(Clone, Debug)]
pub(crate) struct Explained(pub(crate) Problem);

impl IntoResponse for Explained {
    fn into_response(self) -> Response {
        let status = status_of(&self.0);
        let text = format!("{}. {}\n", self.0.title, self.0.explanation);
        let mut response = (status, text).into_response();
        response.extensions_mut().insert(self.0);
        response
    }
}

/// A form that is answered with its own page. [`explain`] draws it for whoever
/// reads HTML; for others the problems are enough.
#[derive(Clone, Debug)]
pub(crate) struct Again(pub(crate) Submitted);

impl IntoResponse for Again {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status);
        let problems = self.0.problems.iter();
        let lines: Vec<String> = problems
            .map(|problem| match problem.field.as_str() {
                "" => format!("{}\n", problem.text),
                field => format!("{field}: {}\n", problem.text),
            })
            .collect();
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, lines.concat()).into_response();
        response.extensions_mut().insert(self.0);
        response
    }
}

impl From<Problem> for Explained {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

fn status_of(problem: &Problem) -> StatusCode {
    StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// What stands behind a refusal of axum or tower: a status with a word for
/// programmers, or with nothing. An answer in JSON is for a program and stays.
fn from_refusal(response: &Response) -> Option<Problem> {
    let kind = response.headers().get(CONTENT_TYPE);
    if kind.is_some_and(|kind| !kind.as_bytes().starts_with(b"text/plain")) {
        return None;
    }
    let (code, title, explanation) = match response.status() {
        StatusCode::BAD_REQUEST => (
            "request-unreadable",
            "The request could not be read",
            "Its address or its body is not written as it should be. Nothing was changed.",
        ),
        StatusCode::METHOD_NOT_ALLOWED => (
            "method-not-allowed",
            "This address is not opened that way",
            // Which methods it does answer stands in `Allow`, which axum adds last.
            "It answers other methods than that of this request. It may be where a form or a program sends something.",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => (
            "form-too-large",
            "This form is too large",
            "It holds more than is ever needed here. Nothing was changed. Shorten what you typed and send it again.",
        ),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => (
            "form-of-wrong-type",
            "This is not sent as a form",
            "Forms are taken as `application/x-www-form-urlencoded` only. Nothing was changed.",
        ),
        StatusCode::UNPROCESSABLE_ENTITY => (
            "form-unreadable",
            "This form could not be read",
            "Its fields are not as the page sends them. Nothing was changed. Go back, load the page again and repeat what you did.",
        ),
        _ => return None,
    };
    let status = response.status().as_u16();
    Some(Problem::new(status, code, title, explanation))
}

/// Replaces a response that carries a problem, or refuses without an
/// explanation, by the page that explains it, if the request asks for one.
pub(crate) async fn explain(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    if !wants_html(request.headers()) {
        return next.run(request).await;
    }
    let asked = Asked::of(&request);
    let response = next.run(request).await;
    if let Some(form) = response.extensions().get::<Submitted>().cloned() {
        let asked = asked.at(&form.page);
        return redraw::page(&state, asked, response, Instead::Form(form)).await;
    }
    let problem = response
        .extensions()
        .get::<Problem>()
        .cloned()
        .or_else(|| {
            let error = response.extensions().get::<PageError>().cloned();
            error.map(Problem::from)
        })
        .or_else(|| from_refusal(&response));
    let Some(problem) = problem else {
        return response;
    };
    redraw::page(&state, asked, response, Instead::Problem(problem)).await
}

/// The page for a handler that panicked; the panic itself is in the log.
pub(crate) fn after_panic(_: Box<dyn std::any::Any + Send + 'static>) -> Response {
    Explained(Problem::internal()).into_response()
}
