//! What a login becomes, whether a code or a refresh token is exchanged for it.

use crate::{
    client_request::ClientRequest,
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
}

/// The tokens of a login, made and not yet kept.
pub(super) struct LoginTokens {
    access: Made,
    refresh: Made,
    id_token: Option<String>,
    /// The access token's, in seconds.
    lifetime: u32,
}

impl Exchange<'_> {
    pub(super) async fn make(&self) -> Result<LoginTokens, ProviderError> {
        let access = token::access_token(self.provider, &self.issue(self.scope)).await?;
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
            // Always stated: it may be less than what was asked for.
            // [RFC 6749 section 5.1](https://www.rfc-editor.org/rfc/rfc6749#section-5.1)
            scope: Some(self.access.kept.scope.to_string()),
            refresh_token: Some(self.refresh.text),
            id_token: self.id_token,
        }
    }
}
