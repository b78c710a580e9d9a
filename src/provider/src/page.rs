//! Problems that are told to the person, because there is no client to tell.

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};

/// Whether the answer is for a person: browsers name `text/html`; who names
/// nothing gets the page, too.
#[must_use]
pub fn wants_html(headers: &HeaderMap) -> bool {
    let mut accepts = headers.get_all(header::ACCEPT).iter().peekable();
    accepts.peek().is_none()
        || accepts.any(|value| {
            value
                .to_str()
                .is_ok_and(|value| value.contains("text/html"))
        })
}

/// A problem that never redirects. The answer is a short text and carries this
/// value as a response extension, so that whoever mounts the router can put a
/// real page in its place.
///
/// [RFC 6749 section 4.1.2.1](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1)
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{title}. {explanation} {hint}")]
pub struct PageError {
    /// The HTTP status.
    pub status: u16,
    /// A stable name for the problem.
    pub code: &'static str,
    /// The problem in a few words.
    pub title: String,
    /// What happened, with the documented wording where there is one. Text in
    /// backquotes is code.
    pub explanation: String,
    /// What to do about it.
    pub hint: String,
    /// The customer in the address.
    pub customer: String,
}

impl PageError {
    pub(crate) fn new(
        status: StatusCode,
        code: &'static str,
        customer: &str,
        [title, explanation, hint]: [&str; 3],
    ) -> Self {
        Self {
            status: status.as_u16(),
            code,
            title: title.to_owned(),
            explanation: explanation.to_owned(),
            hint: hint.to_owned(),
            customer: customer.to_owned(),
        }
    }

    pub(crate) fn unknown_customer(customer: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "unknown_customer",
            customer,
            [
                "There is no such customer",
                "No customer has this id, or its sandbox was removed because nobody used it. Identity Cloud says `404 page not found`.",
                "Check the first part of the address, or start again on the playground's first page.",
            ],
        )
    }

    pub(crate) fn server_error(customer: &str) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "server_error",
            customer,
            [
                "Something went wrong",
                "The provider could not read or write its data.",
                "Try again in a moment.",
            ],
        )
    }

    pub(crate) fn cross_site(customer: &str) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "cross_site",
            customer,
            [
                "The form came from another site",
                "Forms are only taken from the provider's own pages.",
                "Go back to the application and start again.",
            ],
        )
    }

    pub(crate) fn interaction_gone(customer: &str) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "interaction_gone",
            customer,
            [
                "This page is no longer open",
                "It was finished already, it is older than 30 minutes, or it began in another browser.",
                "Go back to the application and start again.",
            ],
        )
    }

    /// Hosted Login's screen for a logout that names no client, and ours for
    /// whatever else cannot be read.
    pub(crate) fn bad_request(customer: &str) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "bad_request",
            customer,
            [
                "Bad request",
                "The address lacks a parameter that it needs, or has one more than once.",
                "Logout and the account page need `client_id`, the id of a login client.",
            ],
        )
    }

    pub(crate) fn wrong_client(customer: &str) -> Self {
        Self::something_went_wrong(
            "invalid_client_id",
            customer,
            [
                "This customer has no login client with this `client_id`, or the ID token is for another one.",
                "Use the id of a login client, which is a UUID.",
            ],
        )
    }

    pub(crate) fn wrong_redirect_uri(customer: &str) -> Self {
        Self::something_went_wrong(
            "invalid_redirect_uri",
            customer,
            [
                "The client does not list this `redirect_uri` in its `redirectURIs`. They are compared character by character.",
                "Add the address to the client's `redirectURIs`, or send one that is listed.",
            ],
        )
    }

    pub(crate) fn wrong_post_logout_redirect_uri(customer: &str) -> Self {
        Self::something_went_wrong(
            "invalid_post_logout_redirect_uri",
            customer,
            [
                "The client does not list this `post_logout_redirect_uri` in its `postLogoutRedirectURIs`, or the request names no client. Nobody was signed out.",
                "Add the address to the client, and send `client_id` or `id_token_hint`.",
            ],
        )
    }

    pub(crate) fn wrong_id_token_hint(customer: &str) -> Self {
        Self::something_went_wrong(
            "invalid_id_token_hint",
            customer,
            [
                "The `id_token_hint` is no ID token that this issuer signed. Nobody was signed out.",
                "Send an ID token from the token response. It may have expired.",
            ],
        )
    }

    /// Hosted Login's screen for a logout or an account page that cannot be.
    // Inferred: the status (domain notes, section 1.8).
    fn something_went_wrong(
        code: &'static str,
        customer: &str,
        [explanation, hint]: [&str; 2],
    ) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            code,
            customer,
            ["Something went wrong", explanation, hint],
        )
    }

    /// A form of a session that is over, or of another person's.
    pub(crate) fn other_sign_in(customer: &str) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "other_sign_in",
            customer,
            [
                "This page belongs to another sign-in",
                "Somebody has signed in in this browser since the page was opened. Nothing was saved.",
                "Open the page again and repeat what you did.",
            ],
        )
    }

    pub(crate) fn bad_form(customer: &str, status: StatusCode) -> Self {
        Self::new(
            status,
            "bad_form",
            customer,
            [
                "The form could not be read",
                "The request is too large, or its fields are not as the page sends them.",
                "Go back and send the form again.",
            ],
        )
    }

    pub(crate) fn too_many_parameters(customer: &str) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "too_many_parameters",
            customer,
            [
                "Too many parameters",
                "The authorization request has more parameters than any request needs.",
                "Go back to the application and start again.",
            ],
        )
    }

    /// For programs; a person is sent back to the sign-in page, which says it.
    pub(crate) fn slow_down(customer: &str) -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "slow_down",
            customer,
            [
                "Too many attempts",
                "There were too many wrong passwords for this account, or from this address, within a minute.",
                "Wait a minute and try again. The sign-in stays open.",
            ],
        )
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        let mut response = (
            status,
            [
                (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
                (header::CACHE_CONTROL, "no-store"),
            ],
            format!("{self}\n"),
        )
            .into_response();
        if status == StatusCode::TOO_MANY_REQUESTS {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, http::HeaderValue::from_static("60"));
        }
        response.extensions_mut().insert(self);
        response
    }
}
