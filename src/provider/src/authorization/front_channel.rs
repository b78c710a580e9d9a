//! What the authorization endpoint hands out itself.
//! [Core section 3.2.2.5](https://openid.net/specs/openid-connect-core-1_0.html#ImplicitAuthResponse),
//! [section 3.3.2.5](https://openid.net/specs/openid-connect-core-1_0.html#HybridAuthResponse)

use super::{
    checked::Checked,
    interacted::{Grant, Interacted},
};
use crate::{
    fault,
    provider::ProviderError,
    token::{self, IdToken, Issue, Subject},
};
use oidc::{response_type::ResponseType, scope::OPENID};
use policy::profile::Profile;

/// What a response holds besides `state` and `iss`.
#[derive(Default)]
pub(super) struct Issued {
    pub(super) code: Option<String>,
    pub(super) access_token: Option<AccessToken>,
    pub(super) id_token: Option<String>,
}

/// An access token and what is said about it.
pub(super) struct AccessToken {
    text: String,
    /// In seconds.
    expires_in: u32,
    /// Stated but for a fault: it may be less than what was asked for.
    /// [RFC 6749 section 4.2.2](https://www.rfc-editor.org/rfc/rfc6749#section-4.2.2)
    scope: Option<String>,
}

impl Issued {
    /// Whether there is nothing to respond with.
    pub(super) const fn is_empty(&self) -> bool {
        self.code.is_none() && self.access_token.is_none() && self.id_token.is_none()
    }

    /// As parameters, in the order of the specification's examples.
    pub(super) fn into_parameters(self) -> Vec<(&'static str, String)> {
        let mut parameters = Vec::new();
        parameters.extend(self.code.map(|code| ("code", code)));
        if let Some(access) = self.access_token {
            parameters.extend([
                ("access_token", access.text),
                ("token_type", "Bearer".to_owned()),
                ("expires_in", access.expires_in.to_string()),
            ]);
            parameters.extend(access.scope.map(|scope| ("scope", scope)));
        }
        parameters.extend(self.id_token.map(|id_token| ("id_token", id_token)));
        parameters
    }
}

/// Makes the tokens that the response type names, after the code.
pub(super) async fn issue(
    interacted: &Interacted<'_>,
    grant: &Grant,
    issued: &mut Issued,
) -> Result<(), ProviderError> {
    let Checked {
        provider,
        customer,
        response_type,
        ..
    } = &interacted.checked;
    let person = provider
        .store()
        .person(&customer.id, &interacted.session.person_id)
        .await?
        .ok_or(ProviderError::Dangling("the person"))?
        .profile;
    if response_type.has_token() {
        issued.access_token = Some(access_token(&interacted.checked, grant, &person).await?);
    }
    // Inferred: without openid it is plain OAuth (domain notes, section 10).
    if response_type.has_id_token() && grant.scope.contains(OPENID) {
        issued.id_token = Some(id_token(&interacted.checked, grant, &person, issued).await?);
    }
    Ok(())
}

async fn access_token(
    checked: &Checked<'_>,
    grant: &Grant,
    person: &Profile,
) -> Result<AccessToken, ProviderError> {
    let (customer, client) = (&checked.customer.id, &checked.client.id);
    let scopes = fault::scopes(checked.provider, customer, client, &grant.scope).await;
    let issue = Issue {
        customer: &checked.customer.id,
        client: &checked.client,
        policy: &grant.policy,
        subject: Subject::Person(person),
        scope: &scopes.carried,
        login: Some(&grant.login),
        grant_id: &grant.id,
    };
    let made = token::access_token(checked.provider, &issue).await?;
    let store = checked.provider.store();
    store.insert_tokens(&[(&made.text, &made.kept)]).await?;
    Ok(AccessToken {
        text: made.text,
        expires_in: grant.policy.access_token_lifetime,
        scope: scopes.told,
    })
}

async fn id_token(
    checked: &Checked<'_>,
    grant: &Grant,
    person: &Profile,
    beside: &Issued,
) -> Result<String, ProviderError> {
    let access_token = beside.access_token.as_ref();
    let id_token = IdToken {
        customer: &checked.customer.id,
        client: &checked.client,
        policy: &grant.policy,
        login_policy: &checked.login_policy,
        person,
        scope: &grant.scope,
        login: &grant.login,
        nonce: checked.request.nonce.as_deref(),
        access_token: access_token.map(|access| access.text.as_str()),
        code: beside.code.as_deref(),
        alone: checked.response_type == ResponseType::IdToken,
        refreshed: false,
    };
    token::id_token(checked.provider, &id_token).await
}
