//! The fourth stage: nothing is wrong, and the person may have to be asked.

use super::{
    answer::{Answer, RedirectError},
    interacted::Interacted,
};
use crate::provider::{Provider, ProviderError};
use oidc::{
    authorization::AuthorizationRequest, error::ErrorCode, pkce::CodeChallenge, scope::Scope,
};
use policy::client::Client;
use store::{Customer, Session};

/// What `prompt` asks for.
/// [Core section 3.1.2.1](https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Prompt {
    /// A session will do, else the person is asked.
    WhenNeeded,
    /// Nobody is asked.
    None,
    /// The person is asked, session or not.
    Always,
}

/// A request nothing is wrong with.
pub(crate) struct Checked<'p> {
    pub(super) provider: &'p Provider,
    pub(crate) customer: Customer,
    pub(crate) client: Client,
    pub(crate) request: AuthorizationRequest,
    pub(super) answer: Answer,
    pub(super) requested: Scope,
    pub(super) nonce: Option<String>,
    pub(super) code_challenge: Option<CodeChallenge>,
    pub(super) prompt: Prompt,
    pub(super) max_age: Option<i64>,
}

/// Whether the person has to be asked.
pub(crate) enum Turn<'p> {
    /// No: the session is good enough.
    Interacted(Interacted<'p>),
    /// Yes.
    Ask(Checked<'p>),
}

impl<'p> Checked<'p> {
    /// Looks whether the session, if there is one, is good enough.
    /// [Core section 3.1.2.3](https://openid.net/specs/openid-connect-core-1_0.html#Authenticates)
    pub(crate) fn interact(self, session: Option<Session>) -> Result<Turn<'p>, RedirectError> {
        let now = self.provider.now();
        let fresh = session.filter(|session| {
            self.max_age
                .is_none_or(|seconds| seconds > 0 && now.since(session.auth_time) <= seconds)
        });
        match (self.prompt, fresh) {
            (Prompt::None, None) => Err(self.answer.refuse(
                ErrorCode::LoginRequired,
                "prompt is none and nobody is signed in recently enough",
            )),
            (Prompt::None | Prompt::WhenNeeded, Some(session)) => {
                Ok(Turn::Interacted(self.signed_in(session)))
            }
            (Prompt::WhenNeeded, None) | (Prompt::Always, _) => Ok(Turn::Ask(self)),
        }
    }

    /// The person has just signed in.
    pub(crate) fn signed_in(self, session: Session) -> Interacted<'p> {
        Interacted {
            checked: self,
            session,
        }
    }

    /// The person does not want to.
    pub(crate) fn cancelled(&self) -> RedirectError {
        self.answer
            .refuse(ErrorCode::AccessDenied, "The person cancelled the sign-in")
    }

    /// Logs a failure once and turns it into the redirect it becomes.
    pub(crate) fn failed(&self, error: &ProviderError) -> RedirectError {
        tracing::error!(customer = self.customer.id, %error, "the provider failed");
        self.answer.refuse(
            ErrorCode::ServerError,
            "The provider could not read or write its data",
        )
    }
}
