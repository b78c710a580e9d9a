//! Why a flow ended early.

use crate::http::{SendError, SendErrorKind};
use oauth2::{RequestTokenError, StandardErrorResponse, basic::BasicErrorResponseType};
use oidc::{
    error::OAuthError,
    exchange::{CapturedResponse, Step},
};

/// A step that failed. Its exchange is in the transcript.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// The step.
    pub step: Step,
    /// What happened, in one sentence.
    pub message: String,
    /// The error answer, if the provider gave one.
    pub error: Option<OAuthError>,
    /// What to do about it, in one sentence.
    pub advice: String,
}

impl Failure {
    pub(crate) fn new(step: Step, message: impl Into<String>, advice: &str) -> Self {
        Self {
            step,
            message: message.into(),
            error: None,
            advice: advice.to_owned(),
        }
    }

    /// No answer came.
    pub(crate) fn unanswered(step: Step, error: &SendError) -> Self {
        let advice = match error.kind {
            SendErrorKind::Blocked => "Only the bundled provider can be called.",
            SendErrorKind::Connect => "Check that the provider is running and reachable.",
            SendErrorKind::Timeout => "Try again. If it happens again, the provider is overloaded.",
            SendErrorKind::TooLarge | SendErrorKind::Other => "Look at the provider's logs.",
        };
        Self::new(
            step,
            format!("{} got no answer: {error}.", place(step)),
            advice,
        )
    }

    /// An answer came that cannot be read as what it should be.
    pub(crate) fn unreadable(step: Step, what_is_wrong: &str) -> Self {
        Self::new(
            step,
            format!(
                "{} answered with something unreadable: {what_is_wrong}.",
                place(step)
            ),
            "Look at the answer in the transcript.",
        )
    }

    /// An answer with a status that means failure.
    pub(crate) fn status(step: Step, response: &CapturedResponse) -> Self {
        let error = challenge(response).or_else(|| error_body(&response.body));
        let message = match &error {
            Some(error) => format!(
                "{} answered {} {}.",
                place(step),
                response.status,
                error.error
            ),
            None => match configuration_errors(&response.body) {
                Some(errors) => format!("{} answered {}: {errors}.", place(step), response.status),
                None => format!("{} answered {}.", place(step), response.status),
            },
        };
        Self {
            step,
            message,
            advice: error
                .as_ref()
                .map_or("Look at the answer in the transcript.", |error| {
                    advice(&error.error)
                })
                .to_owned(),
            error,
        }
    }

    /// What the token endpoint's failure means.
    pub(crate) fn token(
        step: Step,
        error: &RequestTokenError<SendError, StandardErrorResponse<BasicErrorResponseType>>,
    ) -> Self {
        match error {
            RequestTokenError::Request(error) => Self::unanswered(step, error),
            RequestTokenError::ServerResponse(answer) => {
                let error = OAuthError {
                    error: answer.error().as_ref().to_owned(),
                    error_description: answer.error_description().cloned(),
                };
                Self {
                    step,
                    message: format!("{} answered {}.", place(step), error.error),
                    advice: advice(&error.error).to_owned(),
                    error: Some(error),
                }
            }
            RequestTokenError::Parse(error, _) => Self::unreadable(step, &error.to_string()),
            RequestTokenError::Other(problem) => Self::unreadable(step, problem),
        }
    }
}

/// The endpoint a step calls, as a sentence begins with it.
const fn place(step: Step) -> &'static str {
    match step {
        Step::Discovery => "The discovery document",
        Step::Authorize => "The authorization endpoint",
        Step::Callback => "The callback",
        Step::Token | Step::AdminToken | Step::Refresh => "The token endpoint",
        Step::Jwks => "The key set",
        Step::UserInfo => "Userinfo",
        Step::ConfigRead | Step::ConfigWrite => "The configuration API",
        Step::Introspection => "The introspection endpoint",
        Step::Revocation => "The revocation endpoint",
        Step::Logout => "The end_session endpoint",
    }
}

fn advice(code: &str) -> &'static str {
    match code {
        "invalid_grant" => {
            "A code works once, for a short time, for one client, one redirect URI and one code \
             verifier. Start a new run."
        }
        "invalid_client" => "Check the client's id and secret.",
        "unauthorized_client" => "This client may not use this grant. Choose another client.",
        "invalid_request" => "Look at the request in the transcript and at the description.",
        "invalid_scope" => "Check the scopes of the request.",
        "unsupported_grant_type" => "The discovery document lists the grants there are.",
        "invalid_token" => "The access token has expired or was revoked. Start a new run.",
        "insufficient_scope" => {
            "The access token was granted too little for this. Compare the scope of the token \
             response with what is needed."
        }
        _ => "Look at the answer in the transcript.",
    }
}

/// Reads the `error` of a `WWW-Authenticate` header.
/// [RFC 6750 section 3](https://www.rfc-editor.org/rfc/rfc6750#section-3)
fn challenge(response: &CapturedResponse) -> Option<OAuthError> {
    let (_, value) = response
        .headers
        .iter()
        .find(|(name, _)| name == "www-authenticate")?;
    Some(OAuthError {
        error: quoted(value, "error=\"")?,
        error_description: quoted(value, "error_description=\""),
    })
}

fn quoted(text: &str, opening: &str) -> Option<String> {
    let start = text.find(opening)? + opening.len();
    let rest = &text[start..];
    Some(rest[..rest.find('"')?].to_owned())
}

fn error_body(body: &str) -> Option<OAuthError> {
    serde_json::from_str(body).ok()
}

/// The `errors` of an answer of the configuration API, as one text.
fn configuration_errors(body: &str) -> Option<String> {
    let body: serde_json::Value = serde_json::from_str(body).ok()?;
    match body.get("errors")? {
        serde_json::Value::String(errors) => Some(errors.clone()),
        errors => Some(errors.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_is_read_with_its_description() {
        let response = CapturedResponse {
            status: 401,
            headers: vec![(
                "www-authenticate".to_owned(),
                "Bearer realm=\"x\", error=\"invalid_token\", error_description=\"expired\""
                    .to_owned(),
            )],
            body: String::new(),
        };
        let failure = Failure::status(Step::UserInfo, &response);
        assert_eq!(failure.message, "Userinfo answered 401 invalid_token.");
        let error = failure.error.unwrap();
        assert_eq!(error.error_description.as_deref(), Some("expired"));
    }

    #[test]
    fn the_errors_of_the_configuration_api_are_repeated() {
        let response = CapturedResponse {
            status: 403,
            headers: Vec::new(),
            body: "{\"errors\":\"Forbidden\"}".to_owned(),
        };
        let failure = Failure::status(Step::ConfigWrite, &response);
        assert_eq!(
            failure.message,
            "The configuration API answered 403: Forbidden."
        );
    }

    #[test]
    fn a_challenge_that_breaks_off_is_no_error() {
        assert_eq!(quoted("Bearer error=\"inval", "error=\""), None);
    }
}
