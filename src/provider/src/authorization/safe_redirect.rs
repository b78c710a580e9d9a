//! The third stage: the redirect URI is safe, everything else is unchecked.

use super::{
    answer::{Answer, RedirectError},
    checked::Checked,
    expected::Expected,
    known_client::{KnownClient, is_text},
    prompt::Prompt,
};
use crate::{id_token_hint::IdTokenHint, token::ACR};
use oidc::{
    claims_request::ClaimsRequest,
    error::ErrorCode,
    pkce::{CodeChallenge, S256},
    response_type::ResponseType,
    scope::{OPENID, Scope},
};
use policy::client::ClientType;
use serde_json::json;

/// A request that may be answered at its redirect URI.
pub(crate) struct SafeRedirect<'p> {
    pub(super) known: KnownClient<'p>,
    pub(super) answer: Answer,
    /// What is wrong with the response mode.
    pub(super) mode_problem: Option<&'static str>,
}

impl<'p> SafeRedirect<'p> {
    fn invalid(&self, description: &str) -> RedirectError {
        self.answer.refuse(ErrorCode::InvalidRequest, description)
    }

    /// Checks everything else.
    pub(crate) async fn check(self) -> Result<Checked<'p>, RedirectError> {
        self.refuse_unclear_parameters()?;
        self.refuse_request_objects()?;
        let response_type = self.check_response_type()?;
        let requested = self.check_scope()?;
        self.require_nonce(response_type)?;
        let code_challenge = self.check_pkce(response_type)?;
        let prompt = self.check_prompt()?;
        let max_age = self.check_max_age()?;
        let claims = self.check_claims()?;
        let expected = self.check_hint(Expected::by(&claims)).await?;
        Ok(Checked {
            provider: self.known.provider,
            customer: self.known.customer,
            client: self.known.client,
            login_policy: self.known.login_policy,
            request: self.known.request,
            answer: self.answer,
            response_type,
            requested,
            code_challenge,
            prompt,
            max_age,
            expected,
        })
    }

    fn refuse_unclear_parameters(&self) -> Result<(), RedirectError> {
        if let Some(name) = self.known.repeated.first() {
            let problem = format!("The parameter {name} is there more than once");
            return Err(self.invalid(&problem));
        }
        for (name, value) in self.known.request.parameters() {
            if !is_text(&value) {
                return Err(self.invalid(&format!("The parameter {name} is not UTF-8")));
            }
        }
        Ok(())
    }

    /// [Core section 3.1.2.6](https://openid.net/specs/openid-connect-core-1_0.html#AuthError)
    fn refuse_request_objects(&self) -> Result<(), RedirectError> {
        let request = &self.known.request;
        for (name, value, code) in [
            ("request", &request.request, ErrorCode::RequestNotSupported),
            (
                "request_uri",
                &request.request_uri,
                ErrorCode::RequestUriNotSupported,
            ),
            (
                "registration",
                &request.registration,
                ErrorCode::RegistrationNotSupported,
            ),
        ] {
            if value.is_some() {
                let problem = format!("The parameter {name} is not supported");
                return Err(self.answer.refuse(code, &problem));
            }
        }
        Ok(())
    }

    fn check_response_type(&self) -> Result<ResponseType, RedirectError> {
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

    /// Only `openid` is demanded. What else is asked for in vain is dropped
    /// later, without an error.
    fn check_scope(&self) -> Result<Scope, RedirectError> {
        let text = self.known.request.scope.as_deref().unwrap_or_default();
        let requested = Scope::parse(text).scope;
        if requested.contains(OPENID) {
            Ok(requested)
        } else {
            let problem = "Scope must include 'openid'";
            Err(self.answer.refuse(ErrorCode::InvalidScope, problem))
        }
    }

    /// [Core section 3.2.2.1](https://openid.net/specs/openid-connect-core-1_0.html#ImplicitAuthRequest),
    /// [section 3.3.2.11](https://openid.net/specs/openid-connect-core-1_0.html#HybridIDToken)
    fn require_nonce(&self, response_type: ResponseType) -> Result<(), RedirectError> {
        if response_type.has_id_token() && self.known.request.nonce.is_none() {
            let problem = "nonce is missing: an ID token from the authorization endpoint needs it";
            return Err(self.invalid(problem));
        }
        Ok(())
    }

    /// Nothing is said about PKCE where no code is issued.
    /// [RFC 7636 section 4.4.1](https://www.rfc-editor.org/rfc/rfc7636#section-4.4.1),
    /// [RFC 9700 section 2.1.1](https://www.rfc-editor.org/rfc/rfc9700#section-2.1.1)
    fn check_pkce(
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

    fn check_prompt(&self) -> Result<Prompt, RedirectError> {
        let text = self.known.request.prompt.as_deref().unwrap_or_default();
        Prompt::parse(text).map_err(|problem| self.invalid(problem))
    }

    fn check_max_age(&self) -> Result<Option<i64>, RedirectError> {
        let Some(text) = &self.known.request.max_age else {
            return Ok(None);
        };
        match text.parse::<u64>() {
            Ok(seconds) => Ok(Some(i64::try_from(seconds).unwrap_or(i64::MAX))),
            Err(_) => Err(self.invalid("max_age must be a number of seconds")),
        }
    }

    /// An `acr` the client cannot do without is the one thing that can be asked
    /// for in vain; `acr_values` are wishes.
    /// [Core section 5.5.1.1](https://openid.net/specs/openid-connect-core-1_0.html#acrSemantics)
    fn check_claims(&self) -> Result<ClaimsRequest, RedirectError> {
        let claims = match &self.known.request.claims {
            Some(text) => ClaimsRequest::parse(text),
            None => Ok(ClaimsRequest::default()),
        }
        .map_err(|error| self.invalid(&error.to_string()))?;
        match claims.in_id_token("acr") {
            Some(acr)
                if acr.essential && !acr.values.is_empty() && !acr.values.contains(&json!(ACR)) =>
            {
                let problem = format!("The only way to sign in here is {ACR}");
                let code = ErrorCode::UnmetAuthenticationRequirements;
                Err(self.answer.refuse(code, &problem))
            }
            _ => Ok(claims),
        }
    }

    /// A hint that is none is refused and not ignored: it says who may answer.
    /// [Core section 3.1.2.1](https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest)
    async fn check_hint(&self, expected: Expected) -> Result<Expected, RedirectError> {
        let KnownClient {
            provider,
            customer,
            client,
            request,
            ..
        } = &self.known;
        let Some(text) = &request.id_token_hint else {
            return Ok(expected);
        };
        let hint = IdTokenHint::read(provider, &customer.id, text)
            .await
            .map_err(|error| self.answer.failed(&customer.id, &error))?;
        match hint {
            Some(hint) if hint.client == client.id => Ok(expected.and(hint.sub)),
            Some(_) => Err(self.invalid("id_token_hint is an ID token for another client")),
            None => Err(self.invalid("id_token_hint is not an ID token of this issuer")),
        }
    }
}
