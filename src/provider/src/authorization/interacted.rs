//! The last stage: somebody signed in, and the client gets what it asked for.

use super::{
    answer::RedirectError,
    checked::Checked,
    front_channel::{self, Issued},
    response::AuthorizationResponse,
};
use crate::{fault, provider::ProviderError, random};
use oidc::{error::ErrorCode, response_type::ResponseType, scope::Scope};
use policy::{grant::grant_login, token_policy::TokenPolicy};
use store::{Code, Login, Session};

/// How long a code lives, in seconds.
// Inferred: "a few minutes" (domain notes, section 10).
const CODE_LIFETIME: i64 = 300;

/// A request and who signed in for it.
pub(crate) struct Interacted<'p> {
    pub(super) checked: Checked<'p>,
    pub(super) session: Session,
}

/// What the person's sign-in gives the client.
pub(super) struct Grant {
    /// Links the code and all tokens, so that replaying the code revokes those
    /// that came with it as well.
    pub(super) id: String,
    pub(super) policy: TokenPolicy,
    pub(super) scope: Scope,
    pub(super) login: Login,
}

impl Interacted<'_> {
    /// Makes what the response type names and says what the client is told.
    pub(crate) async fn issue(self) -> Result<AuthorizationResponse, RedirectError> {
        let mut told = self.issued().await;
        let (Ok(response) | Err(RedirectError { response, .. })) = &mut told;
        let (customer, client) = (&self.checked.customer.id, &self.checked.client.id);
        let provider = self.checked.provider;
        fault::spoil_response(provider, customer, client, &mut response.parameters).await;
        told
    }

    async fn issued(&self) -> Result<AuthorizationResponse, RedirectError> {
        let Checked {
            provider,
            customer,
            client,
            answer,
            ..
        } = &self.checked;
        if fault::refuses_everybody(provider, &customer.id, &client.id).await {
            return Err(answer.refuse(
                ErrorCode::TemporarilyUnavailable,
                "The fault authorization-refused is switched on",
            ));
        }
        let issued = self
            .make()
            .await
            .map_err(|error| self.checked.failed(&error))?;
        if issued.is_empty() {
            // Inferred: without openid a login succeeds and brings no ID token
            // (domain notes, section 10); here nothing else could come.
            return Err(answer.refuse(
                ErrorCode::InvalidScope,
                "The token policy does not allow openid, so that there is no ID token to respond with",
            ));
        }
        Ok(answer.with(issued.into_parameters()))
    }

    async fn make(&self) -> Result<Issued, ProviderError> {
        let kind = self.checked.response_type;
        let grant = self.grant().await?;
        let mut issued = Issued::default();
        if kind.has_code() {
            issued.code = Some(self.code(&grant).await?);
        }
        if kind != ResponseType::Code {
            front_channel::issue(self, &grant, &mut issued).await?;
        }
        tracing::info!(
            customer = self.checked.customer.id,
            client = self.checked.client.id,
            "issued {kind}"
        );
        Ok(issued)
    }

    /// What is granted is decided here, by the token policy as it stands now.
    async fn grant(&self) -> Result<Grant, ProviderError> {
        let Checked {
            provider,
            customer,
            client,
            requested,
            ..
        } = &self.checked;
        let policy = provider.token_policy_of(&customer.id, client).await?;
        Ok(Grant {
            id: provider.grant_id(),
            scope: grant_login(requested, &policy).scope,
            policy,
            login: Login {
                requested: requested.clone(),
                claims: self.checked.request.claims.clone(),
                auth_time: self.session.auth_time,
                sid: Some(self.session.sid.clone()),
            },
        })
    }

    async fn code(&self, grant: &Grant) -> Result<String, ProviderError> {
        let Checked {
            provider,
            customer,
            client,
            ..
        } = &self.checked;
        let now = provider.now();
        let kept = Code {
            customer_id: customer.id.clone(),
            client_id: client.id.clone(),
            person_id: self.session.person_id.clone(),
            redirect_uri: self.checked.answer.redirect_uri.clone(),
            scope: grant.scope.clone(),
            login: grant.login.clone(),
            nonce: self.checked.request.nonce.clone(),
            code_challenge: self
                .checked
                .code_challenge
                .as_ref()
                .map(|challenge| challenge.as_str().to_owned()),
            grant_id: grant.id.clone(),
            issued_at: now,
            expires_at: now.plus(CODE_LIFETIME),
        };
        let code = random::key();
        provider.store().insert_code(&code, &kept).await?;
        Ok(code)
    }
}
