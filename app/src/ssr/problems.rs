//! What the playground and the provider say goes wrong, as pages that explain.

use crate::problem::{NextStep, Problem};
use playground::{
    BeginError, CallbackError, FixError, LogoutError, PlaygroundError, RunError, StepError,
};
use provider::page::PageError;

impl From<PlaygroundError> for Problem {
    fn from(error: PlaygroundError) -> Self {
        tracing::error!(%error, "a page could not be made");
        Self::internal()
    }
}

impl From<PageError> for Problem {
    fn from(error: PageError) -> Self {
        let explanation = format!("{} {}", error.explanation, error.hint);
        Self::new(error.status, error.code, &error.title, explanation.trim())
    }
}

impl From<RunError> for Problem {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Unknown => Self::new(
                404,
                "run-unknown",
                "There is no such run here",
                "A run can be opened only by the browser that made it. This one is not among yours: it was made elsewhere, it was removed with a reset, or the address is mistyped.",
            )
            .first_step(runs()),
            RunError::Expired => Self::new(
                410,
                "run-expired",
                "This run has expired",
                "A run is kept for 24 hours, because it holds tokens. Then it is removed with everything in it.",
            ),
            RunError::Pending => Self::new(
                409,
                "run-pending",
                "This run is not finished",
                "The browser was sent to the provider and has not come back yet. Finish the sign-in in the other tab, or begin anew.",
            ),
            RunError::Internal(error) => error.into(),
        }
    }
}

impl From<BeginError> for Problem {
    fn from(error: BeginError) -> Self {
        match error {
            BeginError::UnknownClient => Self::new(
                422,
                "client-unknown",
                "This client is not in your sandbox",
                "The form names a client that your sandbox does not have. That happens when the form was opened before a reset, or in another browser.",
            ),
            BeginError::UnknownPerson => Self::new(
                422,
                "person-unknown",
                "This person is not in your sandbox",
                "The form names a person that your sandbox does not have. That happens when the form was opened before a reset, or in another browser.",
            ),
            BeginError::TooLong => Self::new(
                422,
                "request-too-long",
                "This request is too long",
                "The authorization request travels in an address, and an address of more than 8000 bytes is not carried everywhere (RFC 9110, section 4.1). Ask for fewer scopes, or shorten what you typed.",
            ),
            BeginError::Internal(error) => error.into(),
        }
    }
}

impl From<FixError> for Problem {
    fn from(error: FixError) -> Self {
        match error {
            FixError::Run(error) => error.into(),
            FixError::Begin(error) => error.into(),
            FixError::Internal(error) => error.into(),
            FixError::Refused { failure, .. } => Self::new(
                502,
                "fix-refused",
                "The token policy was not changed",
                &format!(
                    "{} {} The policy is as it was.",
                    failure.message, failure.advice
                ),
            )
            .first_step(runs()),
        }
    }
}

impl From<CallbackError> for Problem {
    fn from(error: CallbackError) -> Self {
        match error {
            CallbackError::StateMissing => Self::new(
                400,
                "callback-state-missing",
                "The answer has no state",
                "Without `state` nobody can tell which request this answer belongs to, or whether there was one. The playground does not use such an answer. If you emptied `state` on purpose: this is why an app must send it.",
            ),
            CallbackError::StateUnknown => Self::new(
                400,
                "callback-state-unknown",
                "Wrong state: no request of yours has it",
                "The `state` in this answer was never sent from your sandbox. It is mistyped, it comes from another browser, or somebody forged the answer. That is the attack `state` is there to stop, so the code was not used.",
            ),
            CallbackError::AlreadyUsed { run } => Self::new(
                400,
                "callback-already-used",
                "This answer was already used",
                "A code works once. The run it belongs to is finished, and its result is kept. Sent to the token endpoint a second time, the code would be refused with `invalid_grant`, and the tokens made from it would die.",
            )
            .first_step(NextStep::new("Open the run it belongs to", &format!("/runs/{run}"))),
            CallbackError::Expired => Self::new(
                400,
                "callback-expired",
                "This run waited for too long",
                "The answer belongs to a run that has expired. The code was not used.",
            ),
            CallbackError::Repeated(name) => Self::new(
                400,
                "callback-repeated-parameter",
                "A parameter is there more than once",
                &format!("The answer has `{name}` more than once, so it is unclear which one counts. It was not used."),
            ),
            CallbackError::IssuerMismatch { expected, found } => Self::new(
                400,
                "callback-issuer-mismatch",
                "The answer comes from another issuer",
                &format!(
                    "The request went to `{expected}`, the answer says it is from {}. The code was not used (RFC 9207).",
                    found.map_or_else(|| "nobody".to_owned(), |found| format!("`{found}`"))
                ),
            ),
            CallbackError::CodeMissing => Self::new(
                400,
                "callback-code-missing",
                "The answer has neither a code nor an error",
                "A provider answers an authorization request with one of the two. There is nothing to go on with.",
            ),
            CallbackError::Internal(error) => error.into(),
        }
    }
}

impl From<StepError> for Problem {
    fn from(error: StepError) -> Self {
        match error {
            StepError::Run(error) => error.into(),
            StepError::Internal(error) => error.into(),
            StepError::Unknown => Self::new(
                422,
                "step-unknown",
                "There is no such step",
                "The form asks for something that is not on offer under a run. Nothing was done. Open the run and use its buttons.",
            ),
            StepError::NoToken(name) => Self::new(
                409,
                "step-without-token",
                "There is no token to do this with",
                &format!(
                    "The run brought no {name}, so nothing was sent. Make a run that goes on to its end."
                ),
            ),
            StepError::TooLong => Self::new(
                422,
                "step-scope-too-long",
                "This scope is too long",
                "It is longer than a refresh ever needs to ask for. Nothing was sent. Tick scopes on the page of the run.",
            ),
            StepError::TooMany => Self::new(
                409,
                "steps-too-many",
                "This run has too many steps",
                "Of a run, 100 further steps are kept, because each holds tokens. Begin a new run to go on.",
            ),
        }
    }
}

impl From<LogoutError> for Problem {
    fn from(error: LogoutError) -> Self {
        match error {
            LogoutError::Step(error) => error.into(),
            LogoutError::Unknown => Self::new(
                400,
                "logout-unknown",
                "Nobody was sent to log out with this state",
                "The provider leads here after a logout that a run of yours asked for, with the `state` that was sent along. This one was never sent from your sandbox, or it is a day old.",
            )
            .first_step(runs()),
        }
    }
}

fn runs() -> NextStep {
    NextStep::new("Your runs", "/runs")
}
