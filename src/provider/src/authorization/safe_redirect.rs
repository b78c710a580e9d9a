//! The third stage: the redirect URI is safe, everything else is unchecked.

mod issuance;
mod person;

use super::{
    answer::{Answer, RedirectError},
    checked::Checked,
    expected::Expected,
    known_client::{KnownClient, is_text},
};
use crate::fault;
use oidc::{
    error::ErrorCode,
    scope::{OPENID, Scope},
};

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
        self.refuse_scope(&requested).await?;
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

    /// Refuses what would be dropped, on request.
    async fn refuse_scope(&self, requested: &Scope) -> Result<(), RedirectError> {
        let KnownClient {
            provider,
            customer,
            client,
            ..
        } = &self.known;
        let refuses = fault::refuses_scope(provider, &customer.id, client, requested).await;
        if refuses.map_err(|error| self.answer.failed(&customer.id, &error))? {
            let problem = "The token policy does not allow all of the scope, and the fault scope-refused is switched on";
            return Err(self.answer.refuse(ErrorCode::InvalidScope, problem));
        }
        Ok(())
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
}
