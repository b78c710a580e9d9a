//! Checks of who is to answer, and how.

use super::SafeRedirect;
use crate::{
    authorization::{
        answer::RedirectError, expected::Expected, known_client::KnownClient, prompt::Prompt,
    },
    id_token_hint::IdTokenHint,
    token::ACR,
};
use oidc::{claims_request::ClaimsRequest, error::ErrorCode};
use serde_json::json;

impl SafeRedirect<'_> {
    pub(super) fn check_prompt(&self) -> Result<Prompt, RedirectError> {
        let text = self.known.request.prompt.as_deref().unwrap_or_default();
        Prompt::parse(text).map_err(|problem| self.invalid(problem))
    }

    pub(super) fn check_max_age(&self) -> Result<Option<i64>, RedirectError> {
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
    pub(super) fn check_claims(&self) -> Result<ClaimsRequest, RedirectError> {
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
    pub(super) async fn check_hint(&self, expected: Expected) -> Result<Expected, RedirectError> {
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
