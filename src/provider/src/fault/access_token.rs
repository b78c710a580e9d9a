//! Access tokens that are not what is said of them.

use crate::{
    provider::Provider,
    token::{Issue, Subject},
};
use oidc::scope::{OPENID, Scope};
use policy::fault::FaultName;
use std::borrow::Cow;
use store::Token;

/// What an access token carries, and what its client is told that it does.
pub(crate) struct Scopes<'a> {
    pub(crate) carried: Cow<'a, Scope>,
    /// Always told: it may be less than what was asked for. Not on request.
    /// [RFC 6749 section 5.1](https://www.rfc-editor.org/rfc/rfc6749#section-5.1)
    pub(crate) told: Option<String>,
}

/// The scopes of an access token for a person who was granted `granted`.
pub(crate) async fn scopes<'a>(
    provider: &Provider,
    customer: &str,
    client: &str,
    granted: &'a Scope,
) -> Scopes<'a> {
    let active = provider.active(customer, Some(client)).await;
    let whole = granted.to_string();
    let narrowed = || {
        let openid = granted.iter().filter(|token| token.as_str() == OPENID);
        Cow::Owned(openid.cloned().collect())
    };
    // Where there is nothing more, nothing can be left out.
    let narrows = granted.iter().any(|token| token.as_str() != OPENID);
    if narrows && active.take(FaultName::ScopeLeftOut).await.is_some() {
        Scopes {
            carried: narrowed(),
            told: None,
        }
    } else if narrows && active.take(FaultName::ScopeOverstated).await.is_some() {
        Scopes {
            carried: narrowed(),
            told: Some(whole),
        }
    } else {
        Scopes {
            carried: Cow::Borrowed(granted),
            told: Some(whole),
        }
    }
}

/// Lets a person's access token be over as soon as it is made.
pub(crate) async fn expire(provider: &Provider, issue: &Issue<'_>, kept: &mut Token) {
    if matches!(issue.subject, Subject::Client) {
        return;
    }
    let active = provider
        .active(issue.customer, Some(&issue.client.id))
        .await;
    if active.take(FaultName::AccessTokenExpired).await.is_some() {
        kept.expires_at = kept.issued_at;
    }
}
