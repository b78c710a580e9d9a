//! Checks of what is to be issued.

use super::SafeRedirect;
use crate::authorization::answer::RedirectError;
use oidc::{
    error::ErrorCode,
    pkce::{CodeChallenge, S256},
    response_type::ResponseType,
};
use policy::client::ClientType;

impl SafeRedirect<'_> {
    pub(super) fn check_response_type(&self) -> Result<ResponseType, RedirectError> {
        let Some(text) = &self.known.request.response_type else {
            return Err(self.invalid("response_type is missing"));
        };
        let unsupported = |why: &str| {
            let problem = format!("unsupported response type: {why}");
            let code = ErrorCode::UnsupportedResponseType;
            Err(self.answer.refuse(code, &problem))
        };
        let Some(response_type) = ResponseType::parse(text) else {
            return unsupported("it is not offered");
        };
        let allowed = &self.known.login_policy.allowed_response_types;
        // In whatever order the words stand there.
        let is_it = |own: &String| ResponseType::parse(own) == Some(response_type);
        if !allowed.iter().any(is_it) {
            return unsupported("the login policy does not allow it");
        }
        match self.mode_problem {
            Some(problem) => Err(self.invalid(problem)),
            None => Ok(response_type),
        }
    }

    /// [Core section 3.2.2.1](https://openid.net/specs/openid-connect-core-1_0.html#ImplicitAuthRequest),
    /// [section 3.3.2.11](https://openid.net/specs/openid-connect-core-1_0.html#HybridIDToken)
    pub(super) fn require_nonce(&self, response_type: ResponseType) -> Result<(), RedirectError> {
        if response_type.has_id_token() && self.known.request.nonce.is_none() {
            let problem = "nonce is missing: an ID token from the authorization endpoint needs it";
            return Err(self.invalid(problem));
        }
        Ok(())
    }

    /// Nothing is said about PKCE where no code is issued.
    /// [RFC 7636 section 4.4.1](https://www.rfc-editor.org/rfc/rfc7636#section-4.4.1),
    /// [RFC 9700 section 2.1.1](https://www.rfc-editor.org/rfc/rfc9700#section-2.1.1)
    pub(super) fn check_pkce(
        &self,
        response_type: ResponseType,
    ) -> Result<Option<CodeChallenge>, RedirectError> {
        let request = &self.known.request;
        let problem = match (&request.code_challenge, &request.code_challenge_method) {
            _ if !response_type.has_code() => return Ok(None),
            (None, None) if self.known.client.client_type == ClientType::Public => {
                "code_challenge is missing: a public client must use PKCE"
            }
            (None, None) => return Ok(None),
            (None, Some(_)) => "code_challenge_method is there without code_challenge",
            (Some(challenge), Some(method)) if method == S256 => {
                match CodeChallenge::parse(challenge) {
                    Some(challenge) => return Ok(Some(challenge)),
                    None => "code_challenge must be 43 characters of base64url",
                }
            }
            (Some(_), _) => "code_challenge_method must be S256",
        };
        Err(self.invalid(problem))
    }
}
