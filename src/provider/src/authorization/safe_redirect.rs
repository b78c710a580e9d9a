//! The third stage: the redirect URI is safe, everything else is unchecked.

use super::{
    answer::{Answer, RedirectError},
    checked::{Checked, Prompt},
    known_client::KnownClient,
};
use oidc::{
    error::ErrorCode,
    pkce::{CodeChallenge, S256},
    scope::{OPENID, Scope},
};
use policy::client::ClientType;

/// A request that may be answered at its redirect URI.
pub(crate) struct SafeRedirect<'p> {
    pub(super) known: KnownClient<'p>,
    pub(super) answer: Answer,
}

impl<'p> SafeRedirect<'p> {
    /// The error with this description.
    pub(crate) fn refuse(&self, code: ErrorCode, description: &str) -> RedirectError {
        self.answer.refuse(code, description)
    }

    /// Checks everything else.
    pub(crate) fn check(self) -> Result<Checked<'p>, RedirectError> {
        if let Some(name) = self.known.repeated.first() {
            return Err(self.refuse(
                ErrorCode::InvalidRequest,
                &format!("The parameter {name} is there more than once"),
            ));
        }
        self.refuse_request_objects()?;
        self.check_response_type()?;
        let requested = self.check_scope()?;
        let code_challenge = self.require_pkce()?;
        let prompt = self.check_prompt()?;
        let max_age = self.check_max_age()?;
        Ok(Checked {
            provider: self.known.provider,
            customer: self.known.customer,
            client: self.known.client,
            nonce: self.known.request.nonce.clone(),
            request: self.known.request,
            answer: self.answer,
            requested,
            code_challenge,
            prompt,
            max_age,
        })
    }

    /// [Core section 3.1.2.6](https://openid.net/specs/openid-connect-core-1_0.html#AuthError)
    fn refuse_request_objects(&self) -> Result<(), RedirectError> {
        let request = &self.known.request;
        if request.request.is_some() {
            return Err(self.refuse(
                ErrorCode::RequestNotSupported,
                "The parameter request is not supported",
            ));
        }
        if request.request_uri.is_some() {
            return Err(self.refuse(
                ErrorCode::RequestUriNotSupported,
                "The parameter request_uri is not supported",
            ));
        }
        Ok(())
    }

    fn check_response_type(&self) -> Result<(), RedirectError> {
        let request = &self.known.request;
        let Some(response_type) = &request.response_type else {
            return Err(self.refuse(ErrorCode::InvalidRequest, "response_type is missing"));
        };
        let allowed = &self.known.login_policy.allowed_response_types;
        if response_type != "code" || !allowed.contains(response_type) {
            return Err(self.refuse(
                ErrorCode::UnsupportedResponseType,
                "unsupported response type: the login policy does not allow it",
            ));
        }
        if request
            .response_mode
            .as_deref()
            .is_some_and(|mode| mode != "query")
        {
            return Err(self.refuse(ErrorCode::InvalidRequest, "The only response_mode is query"));
        }
        Ok(())
    }

    /// Only `openid` is demanded. What else is asked for in vain is dropped
    /// later, without an error.
    fn check_scope(&self) -> Result<Scope, RedirectError> {
        let text = self.known.request.scope.as_deref().unwrap_or_default();
        let requested = Scope::parse(text).scope;
        if requested.contains(OPENID) {
            Ok(requested)
        } else {
            Err(self.refuse(ErrorCode::InvalidScope, "Scope must include 'openid'"))
        }
    }

    /// [RFC 7636 section 4.4.1](https://www.rfc-editor.org/rfc/rfc7636#section-4.4.1),
    /// [RFC 9700 section 2.1.1](https://www.rfc-editor.org/rfc/rfc9700#section-2.1.1)
    fn require_pkce(&self) -> Result<Option<CodeChallenge>, RedirectError> {
        let request = &self.known.request;
        let problem = match (&request.code_challenge, &request.code_challenge_method) {
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
        Err(self.refuse(ErrorCode::InvalidRequest, problem))
    }

    fn check_prompt(&self) -> Result<Prompt, RedirectError> {
        let values: Vec<&str> = self
            .known
            .request
            .prompt
            .as_deref()
            .unwrap_or_default()
            .split(' ')
            .filter(|value| !value.is_empty())
            .collect();
        let mut prompt = Prompt::WhenNeeded;
        for value in &values {
            match *value {
                "none" if values.len() > 1 => {
                    return Err(self.refuse(
                        ErrorCode::InvalidRequest,
                        "prompt none cannot stand beside other values",
                    ));
                }
                "none" => prompt = Prompt::None,
                "login" | "select_account" => prompt = Prompt::Always,
                // Inferred: Hosted Login has no OAuth consent screen (domain
                // notes, section 9), so that there is nothing to ask.
                "consent" => {}
                _ => {
                    return Err(self.refuse(
                        ErrorCode::InvalidRequest,
                        "prompt has a value that is not supported",
                    ));
                }
            }
        }
        Ok(prompt)
    }

    fn check_max_age(&self) -> Result<Option<i64>, RedirectError> {
        let Some(text) = &self.known.request.max_age else {
            return Ok(None);
        };
        match text.parse::<u32>() {
            Ok(seconds) => Ok(Some(i64::from(seconds))),
            Err(_) => Err(self.refuse(
                ErrorCode::InvalidRequest,
                "max_age must be a number of seconds",
            )),
        }
    }
}
