//! What a login becomes, whether a code or a refresh token is exchanged for it.

use crate::{
    client_request::ClientRequest,
    fault,
    provider::{Provider, ProviderError},
    token::{self, IdToken, Issue, Made, Subject},
};
use oidc::{
    scope::{OPENID, Scope},
    token::TokenResponse,
};
use policy::{profile::Profile, token_policy::TokenPolicy};
use store::{Login, Token};

/// A login that tokens are to be made of.
pub(super) struct Exchange<'a> {
    pub(super) provider: &'a Provider,
    /// Who asks.
    pub(super) received: &'a ClientRequest,
    /// The client's, as it stands now.
    pub(super) policy: &'a TokenPolicy,
    pub(super) person: &'a Profile,
    pub(super) login: &'a Login,
    pub(super) grant_id: &'a str,
    /// What the access token carries.
    pub(super) scope: &'a Scope,
    /// What the login was granted, and the refresh token therefore keeps.
    pub(super) whole_scope: &'a Scope,
    /// The authorization request's, for the first ID token only.
    pub(super) nonce: Option<&'a str>,
    /// Whether it is a refresh token that is exchanged.
    pub(super) refreshed: bool,
}

/// The tokens of a login, made and not yet kept.
pub(super) struct LoginTokens {
    access: Made,
    refresh: Made,
    id_token: Option<String>,
    /// The access token's, in seconds.
    lifetime: u32,
    /// What is said that the access token carries.
    scope: Option<String>,
}

impl Exchange<'_> {
    pub(super) async fn make(&self) -> Result<LoginTokens, ProviderError> {
        let (customer, client) = (&self.received.customer, &self.received.client.id);
        let scopes = fault::scopes(self.provider, customer, client, self.scope).await;
        let access = token::access_token(self.provider, &self.issue(&scopes.carried)).await?;
        // Without openid it is plain OAuth: no ID token.
        // Inferred: the login succeeds all the same (domain notes, section 10).
        let id_token = if self.scope.contains(OPENID) {
            Some(self.id_token(&access.text).await?)
        } else {
            None
        };
        Ok(LoginTokens {
            access,
            refresh: token::refresh_token(self.provider, &self.issue(self.whole_scope)),
            id_token,
            lifetime: self.policy.access_token_lifetime,
            scope: scopes.told,
        })
    }

    fn issue<'s>(&'s self, scope: &'s Scope) -> Issue<'s> {
        Issue {
            customer: &self.received.customer,
            client: &self.received.client,
            policy: self.policy,
            subject: Subject::Person(self.person),
            scope,
            login: Some(self.login),
            grant_id: self.grant_id,
        }
    }

    async fn id_token(&self, access_token: &str) -> Result<String, ProviderError> {
        let login_policy = self
            .provider
            .login_policy_of(&self.received.customer, &self.received.client)
            .await?
            .ok_or(ProviderError::Dangling("the login policy"))?;
        let id_token = IdToken {
            customer: &self.received.customer,
            client: &self.received.client,
            policy: self.policy,
            login_policy: &login_policy,
            person: self.person,
            scope: self.scope,
            login: self.login,
            nonce: self.nonce,
            access_token: Some(access_token),
            code: None,
            alone: false,
            refreshed: self.refreshed,
        };
        token::id_token(self.provider, &id_token).await
    }
}

impl LoginTokens {
    /// What the store is to keep.
    pub(super) fn kept(&self) -> [(&str, &Token); 2] {
        [&self.access, &self.refresh].map(|made| (made.text.as_str(), &made.kept))
    }

    /// What the client is told.
    pub(super) fn answer(self) -> TokenResponse {
        TokenResponse {
            access_token: self.access.text,
            expires_in: Some(self.lifetime.into()),
            token_type: "Bearer".to_owned(),
            scope: self.scope,
            refresh_token: Some(self.refresh.text),
            id_token: self.id_token,
        }
    }
}
