//! What is done with the tokens of a run after it, and what came of each step.

use crate::{
    catalog,
    evidence::Run,
    tokens::{self, Generation},
};
use oidc::{
    claims_request::ClaimsRequest,
    exchange::{CapturedResponse, RecordedExchange, Step},
    scope::Scope,
    time::UnixTime,
    token::TokenResponse,
    verification::Check,
};
use policy::{
    release::{Claims, Facts},
    token_policy::TokenPolicy,
};
use serde::{Deserialize, Serialize};

/// Which token of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Which {
    /// The newest access token.
    Access,
    /// The newest refresh token.
    Refresh,
}

/// What is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    /// The refresh token becomes new tokens; `None` asks for all that was
    /// granted at the login.
    Refresh(Option<Scope>),
    /// A refresh token that was exchanged already is sent once more.
    Replay,
    /// The provider is asked what a token is.
    Introspect(Which),
    /// A token is made worthless.
    Revoke(Which),
    /// Userinfo is asked again.
    UserInfo,
    /// The browser is sent to the `end_session` endpoint; `true` when the
    /// provider may lead it back.
    LogOut(bool),
    /// The browser came back from there, and userinfo was asked.
    LoggedOut,
}

impl Action {
    /// What a button stands for, by its name in the form; `ticked` is what a
    /// refresh asks for.
    #[must_use]
    pub fn of_button(name: &str, ticked: Scope) -> Option<Self> {
        Some(match name {
            "refresh" => Self::Refresh(Some(ticked)),
            "replay" => Self::Replay,
            "introspect-access" => Self::Introspect(Which::Access),
            "introspect-refresh" => Self::Introspect(Which::Refresh),
            "revoke-access" => Self::Revoke(Which::Access),
            "revoke-refresh" => Self::Revoke(Which::Refresh),
            "userinfo" => Self::UserInfo,
            "log-out" => Self::LogOut(true),
            _ => return None,
        })
    }

    /// What the step is called on the page.
    #[must_use]
    pub fn title(&self) -> &'static str {
        match self {
            Self::Refresh(None) => "Refresh",
            Self::Refresh(Some(_)) => "Refresh for less",
            Self::Replay => "The used refresh token again",
            Self::Introspect(Which::Access) => "Introspect the access token",
            Self::Introspect(Which::Refresh) => "Introspect the refresh token",
            Self::Revoke(Which::Access) => "Revoke the access token",
            Self::Revoke(Which::Refresh) => "Revoke the refresh token",
            Self::UserInfo => "Userinfo again",
            Self::LogOut(_) => "Log out",
            Self::LoggedOut => "Back from logging out",
        }
    }
}

/// A step taken with the tokens of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FurtherStep {
    /// What was done.
    pub action: Action,
    /// When it was done.
    pub at: UnixTime,
    /// The id of the run.
    pub run: String,
    /// The id of the step that was the last one when the button was pressed;
    /// empty for the first.
    pub seen: String,
    /// The name of the client that asked, when it is not the run's.
    pub asked_by: Option<String>,
    /// The client's token policy at that time; `None` when the client is gone.
    pub policy: Option<TokenPolicy>,
    /// What went over the wire, in order.
    pub exchanges: Vec<RecordedExchange>,
    /// The tokens that came of it.
    pub token: Option<TokenResponse>,
    /// The checks of the ID token that came of it.
    pub checks: Vec<Check>,
}

impl FurtherStep {
    /// The answer to what was done; `None` when none came, or the browser
    /// carried it.
    #[must_use]
    pub fn answer(&self) -> Option<&CapturedResponse> {
        let wanted = match self.action {
            Action::Refresh(_) | Action::Replay => Step::Refresh,
            Action::Introspect(_) => Step::Introspection,
            Action::Revoke(_) => Step::Revocation,
            Action::UserInfo | Action::LoggedOut => Step::UserInfo,
            Action::LogOut(_) => Step::Logout,
        };
        self.exchange(wanted)?.exchange.response.as_ref()
    }

    /// Why no answer came.
    #[must_use]
    pub fn failure(&self) -> Option<&str> {
        let failed = |recorded: &&RecordedExchange| recorded.exchange.failure.is_some();
        let first = self.exchanges.iter().find(failed)?;
        first.exchange.failure.as_deref()
    }

    /// Where the browser is sent to, when it is to log out there.
    #[must_use]
    pub fn leads_away(&self) -> Option<String> {
        let visit = self.exchanges.first()?;
        let leaves = matches!(self.action, Action::LogOut(_));
        leaves.then(|| visit.exchange.request.url.clone())
    }

    fn exchange(&self, wanted: Step) -> Option<&RecordedExchange> {
        let of = |recorded: &&RecordedExchange| recorded.step == wanted;
        self.exchanges.iter().find(of)
    }

    /// The claims of the userinfo answer, if there is one.
    #[must_use]
    pub fn userinfo(&self) -> Option<Claims> {
        let answer = self.answer().filter(|answer| answer.status == 200)?;
        match self.action {
            Action::UserInfo | Action::LoggedOut => serde_json::from_str(&answer.body).ok(),
            _ => None,
        }
    }
}

/// How a step turned out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Mark {
    /// It did what it is there for.
    Done,
    /// It did, and something is less than before.
    Less,
    /// It was refused, or nobody answered.
    Refused,
}

/// What came of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// How it turned out.
    pub mark: Mark,
    /// What it did to scopes, claims and tokens, in a few short sentences.
    /// Names are set in backticks.
    pub text: String,
}

/// What came of each step, in order.
#[must_use]
pub fn effects(run: &Run, steps: &[FurtherStep]) -> Vec<Effect> {
    let effect = |index| Situation::new(run, steps, index).map(|situation| situation.effect());
    (0..steps.len()).filter_map(effect).collect()
}

/// A step with all that was known when it was taken.
pub(crate) struct Situation<'a> {
    pub(crate) run: &'a Run,
    pub(crate) step: &'a FurtherStep,
    /// The tokens there were before.
    pub(crate) before: Vec<Generation>,
    /// The tokens there were afterwards.
    pub(crate) after: Vec<Generation>,
    /// What userinfo said last.
    pub(crate) said: Option<Claims>,
}

impl<'a> Situation<'a> {
    fn new(run: &'a Run, steps: &'a [FurtherStep], index: usize) -> Option<Self> {
        let step = steps.get(index)?;
        let earlier = &steps[..index];
        let said = earlier.iter().rev().find_map(FurtherStep::userinfo);
        Some(Self {
            run,
            step,
            before: tokens::generations(run, earlier),
            after: tokens::generations(run, &steps[..=index]),
            said: said.or_else(|| run.userinfo.clone()),
        })
    }

    fn effect(&self) -> Effect {
        catalog::effect(self)
    }

    /// What userinfo says of a scope, as far as the person is known.
    pub(crate) fn claims_of(&self, scope: &Scope) -> Claims {
        let asked = self.run.request.claims.as_deref();
        let asked = asked.and_then(|text| ClaimsRequest::parse(text).ok());
        let profile = self.run.profile.as_ref();
        profile
            .and_then(|profile| {
                Facts::of(profile, None)
                    .userinfo(scope, asked.as_ref())
                    .ok()
            })
            .unwrap_or_default()
    }
}
