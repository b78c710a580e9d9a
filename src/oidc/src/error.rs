//! Errors as they travel.

use serde::{Deserialize, Serialize};

/// The error codes of the endpoints that exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// [RFC 6749 section 4.1.2.1](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1)
    InvalidRequest,
    /// [RFC 6749 section 4.1.2.1](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1)
    UnauthorizedClient,
    /// [RFC 6749 section 4.1.2.1](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1)
    AccessDenied,
    /// [RFC 6749 section 4.1.2.1](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1)
    UnsupportedResponseType,
    /// [RFC 6749 section 4.1.2.1](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1)
    InvalidScope,
    /// [RFC 6749 section 4.1.2.1](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1)
    ServerError,
    /// [RFC 6749 section 5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2)
    InvalidClient,
    /// [RFC 6749 section 5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2)
    InvalidGrant,
    /// [RFC 6749 section 5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2)
    UnsupportedGrantType,
    /// [RFC 6750 section 3.1](https://www.rfc-editor.org/rfc/rfc6750#section-3.1)
    InvalidToken,
    /// [RFC 6750 section 3.1](https://www.rfc-editor.org/rfc/rfc6750#section-3.1)
    InsufficientScope,
    /// [Core section 3.1.2.6](https://openid.net/specs/openid-connect-core-1_0.html#AuthError)
    LoginRequired,
    /// [Core section 3.1.2.6](https://openid.net/specs/openid-connect-core-1_0.html#AuthError)
    InteractionRequired,
    /// [Core section 3.1.2.6](https://openid.net/specs/openid-connect-core-1_0.html#AuthError)
    RequestNotSupported,
    /// [Core section 3.1.2.6](https://openid.net/specs/openid-connect-core-1_0.html#AuthError)
    RequestUriNotSupported,
    /// [Core section 3.1.2.6](https://openid.net/specs/openid-connect-core-1_0.html#AuthError)
    RegistrationNotSupported,
    /// [RFC 6749 section 4.1.2.1](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1)
    TemporarilyUnavailable,
    /// [RFC 7591 section 3.2.2](https://www.rfc-editor.org/rfc/rfc7591#section-3.2.2)
    InvalidRedirectUri,
    /// [RFC 7591 section 3.2.2](https://www.rfc-editor.org/rfc/rfc7591#section-3.2.2)
    InvalidClientMetadata,
    /// [RFC 7009 section 2.2.1](https://www.rfc-editor.org/rfc/rfc7009#section-2.2.1)
    UnsupportedTokenType,
    /// [Unmet authentication requirements section 2](https://openid.net/specs/openid-connect-unmet-authentication-requirements-1_0.html)
    UnmetAuthenticationRequirements,
}

impl ErrorCode {
    /// The code as it stands on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::AccessDenied => "access_denied",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::ServerError => "server_error",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::InvalidToken => "invalid_token",
            Self::InsufficientScope => "insufficient_scope",
            Self::LoginRequired => "login_required",
            Self::InteractionRequired => "interaction_required",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::RegistrationNotSupported => "registration_not_supported",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::InvalidRedirectUri => "invalid_redirect_uri",
            Self::InvalidClientMetadata => "invalid_client_metadata",
            Self::UnsupportedTokenType => "unsupported_token_type",
            Self::UnmetAuthenticationRequirements => "unmet_authentication_requirements",
        }
    }
}

impl std::fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An error answer, read from a redirect or a JSON body.
///
/// The code stays a text: a provider may send one that no specification names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OAuthError {
    /// The `error` member.
    pub error: String,
    /// The `error_description` member, for a developer to read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_description: Option<String>,
}

impl OAuthError {
    /// An error with its description. `description` keeps to the characters of
    /// [RFC 6749 section 5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2):
    /// printable ASCII without `"` and `\`.
    #[must_use]
    pub fn new(code: ErrorCode, description: &str) -> Self {
        let description = description
            .chars()
            .map(|c| match c {
                '"' => '\'',
                '\x20'..='\x5b' | '\x5d'..='\x7e' => c,
                _ => '?',
            })
            .collect();
        Self {
            error: code.as_str().to_owned(),
            error_description: Some(description),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ErrorCode, OAuthError};

    #[test]
    fn a_description_keeps_to_the_allowed_characters() {
        let error = OAuthError::new(ErrorCode::InvalidScope, "\"a\" \\ \n ö");
        assert_eq!(error.error, "invalid_scope");
        assert_eq!(error.error_description.as_deref(), Some("'a' ? ? ?"));
    }

    #[test]
    fn an_error_without_description_is_read() {
        let error: OAuthError = serde_json::from_str(r#"{"error":"odd","more":1}"#).unwrap();
        assert_eq!(error.error, "odd");
        assert_eq!(error.error_description, None);
    }
}
