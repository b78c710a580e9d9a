//! The fourth stage: nothing is wrong, and the person may have to be asked.

use super::{
    answer::{Answer, RedirectError},
    interacted::Interacted,
    prompt::{Prompt, Screen},
    response::AuthorizationResponse,
};
use crate::provider::{Provider, ProviderError};
use oidc::{
    authorization::AuthorizationRequest, error::ErrorCode, pkce::CodeChallenge,
    response_type::ResponseType, scope::Scope,
};
use policy::{client::Client, login_policy::LoginPolicy};
use store::{Customer, Session};

/// A request nothing is wrong with.
pub(crate) struct Checked<'p> {
    pub(crate) provider: &'p Provider,
    pub(crate) customer: Customer,
    pub(crate) client: Client,
    pub(super) login_policy: LoginPolicy,
    pub(crate) request: AuthorizationRequest,
    pub(super) answer: Answer,
    pub(super) response_type: ResponseType,
    pub(super) requested: Scope,
    pub(super) code_challenge: Option<CodeChallenge>,
    pub(super) prompt: Prompt,
    pub(super) max_age: Option<i64>,
}

/// Whether the person has to be asked.
pub(crate) enum Turn<'p> {
    /// No: this is what the session is good for.
    Answer(Interacted<'p>),
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
                Ok(Turn::Answer(self.signed_in(session)))
            }
            (Prompt::WhenNeeded, None) | (Prompt::Login | Prompt::Create, _) => Ok(Turn::Ask(self)),
        }
    }

    /// What the person is to see first.
    #[expect(dead_code, reason = "for whoever has more than one screen")]
    pub(crate) const fn first_screen(&self) -> Screen {
        match self.prompt {
            Prompt::Create => Screen::Registration,
            Prompt::WhenNeeded | Prompt::None | Prompt::Login => Screen::SignIn,
        }
    }

    /// The person has just signed in. What the client is told.
    pub(crate) async fn answer(self, session: Session) -> AuthorizationResponse {
        self.signed_in(session)
            .issue()
            .await
            .unwrap_or_else(RedirectError::into_response)
    }

    fn signed_in(self, session: Session) -> Interacted<'p> {
        Interacted {
            checked: self,
            session,
        }
    }

    /// The person does not want to. What the client is told.
    pub(crate) fn cancelled(&self) -> AuthorizationResponse {
        self.answer
            .refuse(ErrorCode::AccessDenied, "The person cancelled the sign-in")
            .into_response()
    }

    /// Logs a failure once and turns it into what the client is told.
    pub(crate) fn failed(&self, error: &ProviderError) -> RedirectError {
        tracing::error!(customer = self.customer.id, %error, "the provider failed");
        self.answer.refuse(
            ErrorCode::ServerError,
            "The provider could not read or write its data",
        )
    }
}
