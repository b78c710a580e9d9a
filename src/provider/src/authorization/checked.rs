//! The fourth stage: nothing is wrong, and the person may have to be asked.

use super::{
    answer::{Answer, RedirectError},
    expected::Expected,
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
    /// In seconds.
    pub(super) max_age: Option<i64>,
    pub(super) expected: Expected,
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
        let good = session
            .filter(|session| self.is_recent(session) && self.expected.admits(&session.person_id));
        match (self.prompt, good) {
            (Prompt::None, None) => Err(self.answer.refuse(
                ErrorCode::LoginRequired,
                "prompt is none and nobody who may answer is signed in recently enough",
            )),
            (Prompt::None | Prompt::WhenNeeded, Some(session)) => {
                Ok(Turn::Answer(self.signed_in(session)?))
            }
            (Prompt::WhenNeeded, None) | (Prompt::Login | Prompt::Create, _) => Ok(Turn::Ask(self)),
        }
    }

    fn is_recent(&self, session: &Session) -> bool {
        let age = self.provider.now().since(session.auth_time);
        self.max_age
            .is_none_or(|seconds| seconds > 0 && age <= seconds)
    }

    /// What the person is to see first.
    pub(crate) const fn first_screen(&self) -> Screen {
        match self.prompt {
            Prompt::Create => Screen::Registration,
            Prompt::WhenNeeded | Prompt::None | Prompt::Login => Screen::SignIn,
        }
    }

    /// The person has just signed in. What the client is told.
    pub(crate) async fn answer(self, session: Session) -> AuthorizationResponse {
        let issued = match self.signed_in(session) {
            Ok(interacted) => interacted.issue().await,
            Err(error) => Err(error),
        };
        issued.unwrap_or_else(RedirectError::into_response)
    }

    /// Nobody answers in the name of another.
    /// [Core section 3.1.2.2](https://openid.net/specs/openid-connect-core-1_0.html#AuthRequestValidation)
    fn signed_in(self, session: Session) -> Result<Interacted<'p>, RedirectError> {
        if !self.expected.admits(&session.person_id) {
            return Err(self.answer.refuse(
                ErrorCode::LoginRequired,
                "Another person signed in than the one the request is about",
            ));
        }
        Ok(Interacted {
            checked: self,
            session,
        })
    }

    /// The person does not want to. What the client is told.
    pub(crate) fn cancelled(&self) -> AuthorizationResponse {
        self.answer
            .refuse(ErrorCode::AccessDenied, "The person cancelled the sign-in")
            .into_response()
    }

    /// Logs a failure once and turns it into what the client is told.
    pub(crate) fn failed(&self, error: &ProviderError) -> RedirectError {
        self.answer.failed(&self.customer.id, error)
    }
}
