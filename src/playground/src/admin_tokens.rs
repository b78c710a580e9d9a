//! The administrative token lab: tokens asked for, looked into, and tried on
//! every call.

mod again;
mod calls;
mod places;
mod view;

pub use again::Widening;
pub use calls::{Trial, Tried};
pub use places::{CallPlace, PlaceCall};
pub use view::{AdminTokenView, LabView};

use crate::{
    ConsoleError, Playground, PlaygroundError,
    records::{Keepable, Kept},
};
use diagnosis::admin::{AdminToken, CallMade, TokenAnswer, TokenState};
use oidc::{exchange::RecordedExchange, scope::Scope, time::UnixTime};
use policy::client::{Client, ClientKind};
use provider::sandbox::SandboxKey;
use relying_party::{
    administration::AdminFlow,
    tokens::{Asked, ClientCredentials},
};
use serde::{Deserialize, Serialize};
use store::TokenKind;

/// What was done with a token after it was issued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TokenStep {
    /// The provider was asked what it is.
    Introspected(Answered),
    /// It was taken back.
    Revoked(Answered),
    /// Its time was made to run out, with no request.
    Expired,
    /// A call of the configuration API was made with it.
    Called(CallMade),
    /// Before it was asked for, its token policy was widened by this change.
    Widened {
        /// The id of the change.
        change: String,
        /// What was added.
        scope: String,
    },
}

/// What came of a request about a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The status; `None` when no answer came.
    pub status: Option<u16>,
    /// The body, or why no answer came.
    pub body: String,
    /// What went over the wire.
    pub exchanges: Vec<RecordedExchange>,
}

impl Keepable for AdminToken {
    const KIND: &'static str = "admin-token";
}

impl Keepable for TokenStep {
    const KIND: &'static str = "admin-token-step";
}

/// Why something cannot be done in the token lab.
#[derive(Debug, thiserror::Error)]
pub enum AdminTokenError {
    /// The sandbox has no such configuration client, or not any more.
    #[error("There is no such configuration client in your sandbox.")]
    UnknownClient,
    /// The visitor asked for no such token, or it is not kept any more.
    #[error("There is no such administrative token in your sandbox.")]
    Unknown,
    /// The token endpoint refused, so that there is nothing to go on with.
    #[error("No token was issued.")]
    NotIssued,
    /// There is no such call, or nothing at its path any more.
    #[error("There is no such call.")]
    UnknownCall,
    /// What is to be added is no scope.
    #[error("This is no scope.")]
    NoScope,
    /// The policy was not widened: the API said no. It is kept as this change.
    #[error("The configuration API answered {status}: {answer}")]
    NotWidened {
        /// The status.
        status: u16,
        /// The body.
        answer: String,
    },
    /// It takes a token of the console's own, and there is none.
    #[error(transparent)]
    Console(#[from] ConsoleError),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] PlaygroundError),
}

impl Playground {
    /// Asks the token endpoint for an administrative token with these words as
    /// its scope, introspects it, and keeps what came, also when it is refused.
    ///
    /// # Errors
    /// When the sandbox has no such configuration client, or the store fails.
    pub async fn ask_admin_token(
        &self,
        key: &SandboxKey,
        client: &str,
        words: Vec<String>,
    ) -> Result<Kept<AdminToken>, AdminTokenError> {
        let customer = self.0.provider.ensure_sandbox(key).await;
        let customer = customer.map_err(PlaygroundError::from)?.id;
        let client = self.admin_client(&customer, client).await?;
        let token = self.issue(&customer, &client, words).await?;
        let kept = self.keep(&customer, "", token).await?;
        if let TokenAnswer::Issued { access_token, .. } = &kept.what.answer {
            let step = self.introspected(&customer, &client, access_token).await;
            self.keep(&customer, &kept.id, step).await?;
        }
        Ok(kept)
    }

    async fn issue(
        &self,
        customer: &str,
        client: &Client,
        words: Vec<String>,
    ) -> Result<AdminToken, AdminTokenError> {
        let policy = self
            .0
            .store
            .token_policy(customer, &client.token_policy)
            .await
            .map_err(PlaygroundError::from)?
            .ok_or(PlaygroundError::Missing("the token policy of a client"))?;
        let flow = AdminFlow {
            scope: words.join(" "),
            ..self.admin_flow(customer, client)
        };
        let asked_at = self.0.clock.now();
        let mut administration = self.0.relying_party.administration();
        let answer = match administration.sign_in(&flow).await {
            Ok(token) => {
                let lifetime = token.expires_in.and_then(|seconds| seconds.try_into().ok());
                TokenAnswer::Issued {
                    scope: Scope::parse(token.scope.as_deref().unwrap_or_default()).scope,
                    access_token: token.access_token,
                    expires_at: asked_at
                        .plus(lifetime.unwrap_or(policy.access_token_lifetime.into())),
                }
            }
            Err(failure) => TokenAnswer::Refused {
                message: failure.message,
                advice: failure.advice,
            },
        };
        Ok(AdminToken {
            client: client.id.clone(),
            client_name: client.name.clone(),
            policy,
            requested: words,
            answer,
            exchanges: administration.exchanges(),
        })
    }

    /// Asks what a token is, as its client, and keeps the answer.
    ///
    /// # Errors
    /// When there is no such token, its client is gone, or the store fails.
    pub async fn introspect_admin_token(
        &self,
        key: &SandboxKey,
        id: &str,
    ) -> Result<Kept<TokenStep>, AdminTokenError> {
        let held = self.held(key, id).await?;
        let client = self.admin_client(&held.customer, &held.token.client);
        let client = client.await?;
        let step = self.introspected(&held.customer, &client, &held.access_token);
        Ok(self.keep(&held.customer, id, step.await).await?)
    }

    /// Takes a token back, as its client, and keeps the answer.
    /// [RFC 7009](https://www.rfc-editor.org/rfc/rfc7009)
    ///
    /// # Errors
    /// When there is no such token, its client is gone, or the store fails.
    pub async fn revoke_admin_token(
        &self,
        key: &SandboxKey,
        id: &str,
    ) -> Result<Kept<TokenStep>, AdminTokenError> {
        let held = self.held(key, id).await?;
        let client = self.admin_client(&held.customer, &held.token.client);
        let client = credentials(&client.await?);
        let metadata = self.0.provider.metadata(&held.customer);
        let endpoint = metadata.revocation_endpoint.unwrap_or_default();
        let asked = self
            .0
            .relying_party
            .revoke(&endpoint, &client, &held.access_token);
        let step = TokenStep::Revoked(answered(asked.await));
        Ok(self.keep(&held.customer, id, step).await?)
    }

    /// Lets a token expire without waiting for it, and keeps that it was done.
    ///
    /// # Errors
    /// When there is no such token, or the store fails.
    pub async fn expire_admin_token(
        &self,
        key: &SandboxKey,
        id: &str,
    ) -> Result<Kept<TokenStep>, AdminTokenError> {
        let held = self.held(key, id).await?;
        let provider = &self.0.provider;
        let expired = provider.expire_token(&held.customer, &held.access_token);
        expired.await.map_err(PlaygroundError::from)?;
        Ok(self.keep(&held.customer, id, TokenStep::Expired).await?)
    }

    async fn introspected(&self, customer: &str, client: &Client, token: &str) -> TokenStep {
        let metadata = self.0.provider.metadata(customer);
        let endpoint = metadata.introspection_endpoint.unwrap_or_default();
        let client = credentials(client);
        let asked = self.0.relying_party.introspect(&endpoint, &client, token);
        TokenStep::Introspected(answered(asked.await))
    }

    /// A token that was issued to the visitor.
    async fn held(&self, key: &SandboxKey, id: &str) -> Result<Held, AdminTokenError> {
        let customer = self.customer(key).await?.ok_or(AdminTokenError::Unknown)?;
        let kept = self.kept::<AdminToken>(key, id).await?;
        let token = kept.ok_or(AdminTokenError::Unknown)?.what;
        let TokenAnswer::Issued { access_token, .. } = &token.answer else {
            return Err(AdminTokenError::NotIssued);
        };
        Ok(Held {
            customer,
            access_token: access_token.clone(),
            token,
        })
    }

    async fn admin_client(&self, customer: &str, id: &str) -> Result<Client, AdminTokenError> {
        let client = self.0.store.client(customer, id).await;
        client
            .map_err(PlaygroundError::from)?
            .filter(|client| client.kind() == ClientKind::Configuration)
            .ok_or(AdminTokenError::UnknownClient)
    }

    /// What has become of a token, as the provider would see it, and when it
    /// expires, if it is still known.
    async fn token_state(
        &self,
        customer: &str,
        access_token: &str,
    ) -> Result<(TokenState, Option<UnixTime>), PlaygroundError> {
        let token = self.0.store.token(customer, access_token).await?;
        let Some(token) = token.filter(|token| token.kind == TokenKind::Access) else {
            return Ok((TokenState::Gone, None));
        };
        let state = if token.revoked {
            TokenState::Revoked
        } else if token.expires_at <= self.0.clock.now() {
            TokenState::Expired
        } else {
            TokenState::Live
        };
        Ok((state, Some(token.expires_at)))
    }
}

/// A token that was issued, and whose it is.
struct Held {
    customer: String,
    access_token: String,
    token: AdminToken,
}

fn credentials(client: &Client) -> ClientCredentials {
    ClientCredentials {
        id: client.id.clone(),
        secret: client.secret.clone(),
    }
}

fn answered(asked: Asked) -> Answered {
    let (status, body) = match asked.answer {
        Ok(response) => (Some(response.status), response.body),
        Err(failure) => (None, failure.to_string()),
    };
    Answered {
        status,
        body,
        exchanges: asked.exchanges,
    }
}
