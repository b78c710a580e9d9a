//! Words for the error answers of the provider.

use super::{
    Words,
    prose::{STOPS, code, joined},
};
use oidc::error::OAuthError;

/// What to say about an error answer at the redirect URI.
pub(crate) fn refused(error: &OAuthError) -> Words {
    let (headline, advice) = match error.error.as_str() {
        "access_denied" => (
            "Sign-in was cancelled.",
            "Nothing is broken. Run again and sign in to go on.",
        ),
        "login_required"
        | "interaction_required"
        | "account_selection_required"
        | "consent_required" => (
            "The provider had to ask, and was not allowed to.",
            "`prompt=none` forbids every question. Leave `prompt` out, or choose a person: then \
             somebody is signed in.",
        ),
        "invalid_scope" => (
            "The provider refused the scope.",
            "A login asks for `openid`, and scopes are separated by single spaces.",
        ),
        "unauthorized_client" => (
            "This client may not ask.",
            "Choose a client that is registered for signing people in.",
        ),
        "unsupported_response_type" => (
            "The response type is not allowed.",
            "The client's login policy lists what it allows in `allowedResponseTypes`.",
        ),
        "request_not_supported" | "request_uri_not_supported" => (
            "The provider takes no request object.",
            "Send plain parameters in place of `request` and `request_uri`.",
        ),
        "registration_not_supported" => (
            "The provider takes no description of the client.",
            "Leave `registration` out: the client is registered already.",
        ),
        "unmet_authentication_requirements" => (
            "Nobody can sign in as strongly as the client demands.",
            "The parameter `claims` makes an `acr` essential that the provider does not have.",
        ),
        "server_error" | "temporarily_unavailable" => (
            "The provider could not answer.",
            "The request may be fine. Run again in a moment.",
        ),
        "invalid_request" if names_pkce(error) => (
            "The provider refused the request.",
            "Tick PKCE and run again.",
        ),
        "invalid_request" => (
            "The provider refused the request.",
            "A parameter is missing, malformed or there twice. The answer names it.",
        ),
        _ => {
            return Words {
                id: "refused.other".to_owned(),
                headline: "The provider refused the request.".to_owned(),
                detail: refusal(error, "The code is none the specifications name."),
            };
        }
    };
    Words {
        id: format!("refused.{}", error.error.replace('_', "-")),
        headline: headline.to_owned(),
        detail: refusal(error, advice),
    }
}

fn refusal(error: &OAuthError, advice: &str) -> String {
    joined([
        format!("The provider answered {}", answer(error)),
        "No code and no token was issued.".to_owned(),
        advice.to_owned(),
    ])
}

/// Whether the provider misses a code challenge.
fn names_pkce(error: &OAuthError) -> bool {
    description(error).is_some_and(|text| text.contains("code_challenge") || text.contains("PKCE"))
}

/// `code`: “description”.
pub(super) fn answer(error: &OAuthError) -> String {
    match description(error) {
        Some(text) => format!("{}: {}", code(&error.error), quoted(text)),
        None => format!("{}.", code(&error.error)),
    }
}

pub(super) fn description(error: &OAuthError) -> Option<&str> {
    let text = error.error_description.as_deref()?.trim();
    (!text.is_empty()).then_some(text)
}

/// The end of a sentence, in somebody else's words.
pub(super) fn quoted(text: &str) -> String {
    let stop = if text.ends_with(STOPS) { "" } else { "." };
    format!("“{text}”{stop}")
}

#[cfg(test)]
mod tests {
    use super::refused;
    use oidc::error::{ErrorCode, OAuthError};

    #[test]
    fn every_refusal_is_told_with_its_code_and_its_description() {
        for (code, id, headline) in [
            (
                ErrorCode::AccessDenied,
                "refused.access-denied",
                "Sign-in was cancelled.",
            ),
            (
                ErrorCode::LoginRequired,
                "refused.login-required",
                "The provider had to ask, and was not allowed to.",
            ),
            (
                ErrorCode::InvalidScope,
                "refused.invalid-scope",
                "The provider refused the scope.",
            ),
            (
                ErrorCode::InvalidRequest,
                "refused.invalid-request",
                "The provider refused the request.",
            ),
            (
                ErrorCode::UnauthorizedClient,
                "refused.unauthorized-client",
                "This client may not ask.",
            ),
            (
                ErrorCode::UnsupportedResponseType,
                "refused.unsupported-response-type",
                "The response type is not allowed.",
            ),
            (
                ErrorCode::RequestNotSupported,
                "refused.request-not-supported",
                "The provider takes no request object.",
            ),
            (
                ErrorCode::RegistrationNotSupported,
                "refused.registration-not-supported",
                "The provider takes no description of the client.",
            ),
            (
                ErrorCode::UnmetAuthenticationRequirements,
                "refused.unmet-authentication-requirements",
                "Nobody can sign in as strongly as the client demands.",
            ),
            (
                ErrorCode::ServerError,
                "refused.server-error",
                "The provider could not answer.",
            ),
            (
                ErrorCode::InvalidToken,
                "refused.other",
                "The provider refused the request.",
            ),
        ] {
            let words = refused(&OAuthError::new(code, "so it is"));
            assert_eq!((words.id.as_str(), words.headline.as_str()), (id, headline));
            let answer = format!(
                "The provider answered `{code}`: “so it is”. No code and no token was issued."
            );
            assert!(words.detail.starts_with(&answer), "{}", words.detail);
        }
        let silent = OAuthError {
            error: "odd".to_owned(),
            error_description: None,
        };
        assert!(
            refused(&silent)
                .detail
                .starts_with("The provider answered `odd`. No code")
        );
    }

    #[test]
    fn a_missing_code_challenge_is_mended_with_one_tick() {
        for (description, advice) in [
            (
                "code_challenge is missing: a public client must use PKCE",
                "Tick PKCE and run again.",
            ),
            (
                "prompt has a value that is not supported",
                "A parameter is missing, malformed or there twice. The answer names it.",
            ),
        ] {
            let words = refused(&OAuthError::new(ErrorCode::InvalidRequest, description));
            assert_eq!(
                words.detail,
                format!(
                    "The provider answered `invalid_request`: “{description}”. No code and no \
                     token was issued. {advice}"
                )
            );
        }
    }

    #[test]
    fn who_may_not_be_asked_has_to_be_chosen() {
        let words = refused(&OAuthError::new(
            ErrorCode::LoginRequired,
            "Nobody is there.",
        ));
        assert_eq!(
            words.detail,
            "The provider answered `login_required`: “Nobody is there.” No code and no token was \
             issued. `prompt=none` forbids every question. Leave `prompt` out, or choose a person: \
             then somebody is signed in."
        );
    }
}
