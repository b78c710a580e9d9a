//! Changing the sandbox as its administrator would: over the configuration API,
//! with an administrative token, and every call kept.

use crate::{
    Playground, PlaygroundError,
    records::{Keepable, Kept},
};
use oidc::{
    exchange::{CapturedResponse, RecordedExchange},
    scope::Scope,
    token::TokenResponse,
};
use policy::client::{Client, ClientKind};
use provider::sandbox::SandboxKey;
use relying_party::{
    administration::{AdminFlow, Administration, Call},
    failure::Failure,
};
use serde::{Deserialize, Serialize};

pub use policy::admin_scope::ADMIN_SCOPE;

/// A change somebody wants to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// `POST`, `PUT` or `DELETE`; `GET` changes nothing and shows what is there.
    pub method: Method,
    /// The path below `/{customerId}/`, for example `config/clients/{id}`.
    pub path: String,
    /// The body, as it is to be sent.
    pub body: Option<String>,
    /// The version that was seen, as its `ETag` named it: what somebody changed
    /// since then is not overwritten. `None` overwrites, as Akamai's plain PUT.
    pub seen: Option<String>,
}

/// How a change is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Shows something.
    Get,
    /// Makes something new.
    Post,
    /// Replaces something.
    Put,
    /// Removes something.
    Delete,
}

impl Method {
    /// As it is sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// What came of a change, with every call it took.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// How it was asked for.
    pub method: Method,
    /// The path below `/{customerId}/`.
    pub path: String,
    /// What was there before, as GET shows it; `None` when something new was to
    /// be made, or nothing was there.
    pub before: Option<String>,
    /// What was sent.
    pub sent: Option<String>,
    /// The status of the answer.
    pub status: u16,
    /// The body of the answer; empty when there was none.
    pub answer: String,
    /// The calls it took: the administrative token, GET, and the change itself.
    pub exchanges: Vec<RecordedExchange>,
}

impl Change {
    /// Whether it was made.
    #[must_use]
    pub fn is_done(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

impl Keepable for Change {
    const KIND: &'static str = "change";
}

/// Why a change could not even be asked for.
#[derive(Debug, thiserror::Error)]
pub enum ConsoleError {
    /// There is no configuration client, or no token that may do it: the way in
    /// was deleted or narrowed. Reset puts it back.
    #[error("No configuration client of this sandbox gets a token with the scope {ADMIN_SCOPE}.")]
    LockedOut {
        /// The requests up to then.
        exchanges: Vec<RecordedExchange>,
    },
    /// A call got no answer.
    #[error("{failure}")]
    Failed {
        /// What went wrong, and at which step.
        failure: Box<Failure>,
        /// The requests up to then.
        exchanges: Vec<RecordedExchange>,
    },
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] PlaygroundError),
}

impl Playground {
    /// Makes a change over the configuration API and keeps what came of it,
    /// also when the API refuses.
    ///
    /// # Errors
    /// When the change could not be asked for.
    pub async fn change(&self, key: &SandboxKey, wish: Wish) -> Result<Kept<Change>, ConsoleError> {
        let customer = self
            .0
            .provider
            .ensure_sandbox(key)
            .await
            .map_err(PlaygroundError::from)?
            .id;
        let administration = self.administer(&customer).await?;
        let address = format!("{}/{}", self.0.provider.base(&customer), wish.path);
        let failed = |failure| ConsoleError::Failed {
            failure: Box::new(failure),
            exchanges: administration.exchanges(),
        };
        let before = match wish.method {
            Method::Get | Method::Post => None,
            Method::Put | Method::Delete => {
                let shown = administration.call(&Call::get(&address)).await;
                shown_document(shown.map_err(failed)?)
            }
        };
        let call = Call {
            method: wish.method.into(),
            body: wish.body.clone(),
            if_match: wish.seen,
            ..Call::get(&address)
        };
        let answer = administration.call(&call).await.map_err(failed)?;
        let change = Change {
            method: wish.method,
            path: wish.path,
            before,
            sent: wish.body,
            status: answer.status,
            answer: answer.body,
            exchanges: administration.exchanges(),
        };
        Ok(self.keep(&customer, "", change).await?)
    }

    /// What came of a change; `None` when the visitor made none of this name, or
    /// it is not kept any more.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn change_made(
        &self,
        key: &SandboxKey,
        id: &str,
    ) -> Result<Option<Kept<Change>>, PlaygroundError> {
        self.kept(key, id).await
    }

    /// Every change the visitor made and that is still kept, the newest first;
    /// what was only looked at is none.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn changes(&self, key: &SandboxKey) -> Result<Vec<Kept<Change>>, PlaygroundError> {
        let mut changes: Vec<Kept<Change>> = self.all_kept(key, "").await?;
        changes.retain(|change| change.what.method != Method::Get);
        changes.reverse();
        Ok(changes)
    }

    /// A token that may do everything, of the first configuration client that
    /// gets one.
    pub(crate) async fn administer(&self, customer: &str) -> Result<Administration, ConsoleError> {
        let clients = self.0.store.clients(customer).await;
        let mut tried = Vec::new();
        for client in clients.map_err(PlaygroundError::from)? {
            if client.kind() != ClientKind::Configuration {
                continue;
            }
            let mut administration = self.0.relying_party.administration();
            let answer = administration
                .sign_in(&self.admin_flow(customer, &client))
                .await;
            match answer {
                Ok(token) if carries(&token, ADMIN_SCOPE) => return Ok(administration),
                // The token endpoint did not answer, or not as it should.
                Err(failure) if failure.error.is_none() => {
                    return Err(ConsoleError::Failed {
                        failure: Box::new(failure),
                        exchanges: administration.exchanges(),
                    });
                }
                Ok(_) | Err(_) => {}
            }
            tried.extend(administration.exchanges());
        }
        Err(ConsoleError::LockedOut { exchanges: tried })
    }

    pub(crate) fn admin_flow(&self, customer: &str, configuration: &Client) -> AdminFlow {
        AdminFlow {
            token_endpoint: self.0.provider.metadata(customer).token_endpoint,
            client_id: configuration.id.clone(),
            client_secret: configuration.secret.clone().unwrap_or_default(),
            scope: ADMIN_SCOPE.to_owned(),
        }
    }
}

impl From<Method> for http::Method {
    fn from(method: Method) -> Self {
        match method {
            Method::Get => Self::GET,
            Method::Post => Self::POST,
            Method::Put => Self::PUT,
            Method::Delete => Self::DELETE,
        }
    }
}

fn carries(token: &TokenResponse, scope: &str) -> bool {
    let granted = token.scope.as_deref().unwrap_or_default();
    Scope::parse(granted).scope.contains(scope)
}

fn shown_document(answer: CapturedResponse) -> Option<String> {
    (answer.status == 200).then_some(answer.body)
}
