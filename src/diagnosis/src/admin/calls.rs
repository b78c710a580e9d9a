//! Which calls a token may make, and what came of those that were made.

use super::token::TokenState;
use oidc::{
    exchange::RecordedExchange,
    scope::{Scope, ScopeToken},
};
use policy::admin_scope;
use serde::{Deserialize, Serialize};

/// Whether a call is let through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Permission {
    /// It is, by this scope.
    Allowed(ScopeToken),
    /// It is not.
    Refused(Refusal),
}

/// Why a call is not let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// The token does not count any more.
    Dead(TokenState),
    /// It carries no scope.
    NoScope,
    /// None of its scopes covers the method on the path.
    NotCovered,
}

impl Permission {
    /// Whether the call is let through.
    #[must_use]
    pub const fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed(_))
    }
}

/// Whether a token may make a call; the path is relative to `/{customerId}/`.
#[must_use]
pub fn permission(state: TokenState, granted: &Scope, method: &str, path: &str) -> Permission {
    if state != TokenState::Live {
        return Permission::Refused(Refusal::Dead(state));
    }
    match admin_scope::allowing(granted, method, path).next() {
        Some(scope) => Permission::Allowed(scope.clone()),
        None if granted.is_empty() => Permission::Refused(Refusal::NoScope),
        None => Permission::Refused(Refusal::NotCovered),
    }
}

/// Why a call is refused, in a few words.
#[must_use]
pub const fn refusal(why: Refusal) -> &'static str {
    match why {
        Refusal::Dead(TokenState::Expired) => "the token has expired",
        Refusal::Dead(TokenState::Revoked) => "the token is revoked",
        Refusal::Dead(_) => "the token is gone with its client",
        Refusal::NoScope => "the token has no scope",
        Refusal::NotCovered => "no scope covers it",
    }
}

/// A call that was made with a token, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallMade {
    /// The method.
    pub method: String,
    /// The path relative to `/{customerId}/`.
    pub path: String,
    /// What was expected.
    pub expected: Permission,
    /// The status of the answer; `None` when none came.
    pub status: Option<u16>,
    /// The body of the answer, or why none came.
    pub answer: String,
    /// What was sent to prepare it, with a token of the console's own.
    pub prepared: Vec<RecordedExchange>,
    /// The call itself.
    pub exchanges: Vec<RecordedExchange>,
}

impl CallMade {
    /// Whether the API let the call through. What is wrong beyond the token, such
    /// as an id that is not there, is another matter. `None` without an answer.
    #[must_use]
    pub fn was_allowed(&self) -> Option<bool> {
        self.status.map(|status| !matches!(status, 401 | 403))
    }

    /// Whether it was answered as expected; `None` without an answer.
    #[must_use]
    pub fn agrees(&self) -> Option<bool> {
        let allowed = self.was_allowed()?;
        Some(allowed == self.expected.is_allowed())
    }
}

/// What was expected and what came, in a sentence.
#[must_use]
pub fn agreement(call: &CallMade) -> String {
    let expected = match &call.expected {
        Permission::Allowed(scope) => format!("`{scope}` allows it"),
        Permission::Refused(why) => refusal(*why).to_owned(),
    };
    match (call.status, call.was_allowed(), call.agrees()) {
        (Some(status), Some(true), Some(true)) if (200..300).contains(&status) => {
            format!("As predicted: {expected}, and it was done.")
        }
        (_, Some(true), Some(true)) => format!(
            "As predicted: {expected}, so it was let through. That it was not done has another reason, which the answer names."
        ),
        (_, Some(false), Some(true)) => format!("As predicted: {expected}."),
        (_, _, Some(_)) => format!(
            "Not as predicted: {expected}, it was thought. Something changed meanwhile, or this table is wrong."
        ),
        _ => "There was no answer, so nothing can be compared.".to_owned(),
    }
}

/// What making a call does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It reads.
    Reads,
    /// It sends back what is there, so that nothing changes.
    SendsBack,
    /// It makes something new, which can be removed again.
    Makes(&'static str),
    /// Something is lost or changed for good; what, in a sentence.
    Changes(&'static str),
}

impl Effect {
    /// Whether a person is asked before.
    #[must_use]
    pub const fn is_asked_about(self) -> bool {
        matches!(self, Self::Makes(_) | Self::Changes(_))
    }
}

/// What the call does that the provider knows by this name.
#[must_use]
pub fn effect(method: &str, name: &str) -> Effect {
    match (method, name) {
        ("GET" | "HEAD", _) => Effect::Reads,
        ("PUT", _) => Effect::SendsBack,
        (_, "createTokenPolicy") => Effect::Makes("a token policy that nobody uses"),
        (_, "createLoginPolicy") => Effect::Makes("a login policy that nobody uses"),
        (_, "createClient") => Effect::Makes("a client with the policies of the first one"),
        (_, "createPerson") => Effect::Makes("a person with a password nobody knows"),
        (_, "createFault") => Effect::Makes(
            "a fault: the next answer of userinfo in this sandbox comes a second late",
        ),
        (_, "resetClientSecret") => Effect::Changes(
            "The client gets another secret at once. Whoever still has the former one is refused from then on.",
        ),
        (_, "rotateKeys") => Effect::Changes(
            "ID tokens and JWTs are signed with new keys from then on. The former keys stay published until the last token they signed has expired.",
        ),
        (_, "resetCustomer") => Effect::Changes(
            "Everything in your sandbox goes back to how it was at first. This token, this page, your runs and everything you changed are gone.",
        ),
        (_, "deleteClient") => Effect::Changes(
            "The client is deleted, and every token it was given with it. Its secret cannot be had again.",
        ),
        (_, "deletePerson") => {
            Effect::Changes("The person is deleted, with their sessions and tokens.")
        }
        (_, "deleteTokenPolicy" | "deleteLoginPolicy") => Effect::Changes(
            "The policy is deleted. While a client uses it, the API refuses with 409 and names the clients.",
        ),
        (_, "deleteFault") => Effect::Changes("The fault is switched off."),
        (_, "deleteFaults") => Effect::Changes("All faults are switched off."),
        ("DELETE", _) => Effect::Changes("It is deleted."),
        _ => Effect::Changes("Something changes; the sandbox can be reset afterwards."),
    }
}

#[cfg(test)]
mod tests {
    use super::{CallMade, Effect, Permission, Refusal, agreement, effect, permission};
    use crate::admin::TokenState;
    use oidc::scope::{Scope, ScopeToken};

    #[test]
    fn a_call_is_allowed_by_the_first_scope_that_covers_it_while_the_token_lives() {
        let granted = Scope::parse("openid .:** *:config/clients").scope;
        let ask = |state, method| permission(state, &granted, method, "config/clients");
        let scope = |text| Permission::Allowed(ScopeToken::new(text).unwrap());
        assert_eq!(ask(TokenState::Live, "GET"), scope(".:**"));
        assert_eq!(ask(TokenState::Live, "POST"), scope("*:config/clients"));
        for dead in [TokenState::Expired, TokenState::Revoked, TokenState::Gone] {
            assert_eq!(ask(dead, "GET"), Permission::Refused(Refusal::Dead(dead)));
        }
        let nothing = permission(TokenState::Live, &Scope::default(), "GET", "config/clients");
        assert_eq!(nothing, Permission::Refused(Refusal::NoScope));
        let other = permission(TokenState::Live, &granted, "POST", "config/people");
        assert_eq!(other, Permission::Refused(Refusal::NotCovered));
    }

    fn made(expected: Permission, status: Option<u16>) -> CallMade {
        CallMade {
            method: "GET".to_owned(),
            path: "config/clients".to_owned(),
            expected,
            status,
            answer: String::new(),
            prepared: Vec::new(),
            exchanges: Vec::new(),
        }
    }

    #[test]
    fn only_forbidden_is_a_refusal_of_the_token() {
        let allowed = || Permission::Allowed(ScopeToken::new("*:**").unwrap());
        let refused = || Permission::Refused(Refusal::NotCovered);
        for (expected, status, agrees, says) in [
            (allowed(), Some(200), Some(true), "it was done"),
            (allowed(), Some(409), Some(true), "another reason"),
            (allowed(), Some(403), Some(false), "Not as predicted"),
            (refused(), Some(403), Some(true), "As predicted"),
            (refused(), Some(404), Some(false), "Not as predicted"),
            (refused(), None, None, "no answer"),
        ] {
            let call = made(expected, status);
            assert_eq!(call.agrees(), agrees, "{status:?}");
            assert!(agreement(&call).contains(says), "{}", agreement(&call));
        }
    }

    #[test]
    fn whatever_changes_something_is_asked_about_first() {
        assert_eq!(effect("GET", "listClients"), Effect::Reads);
        assert_eq!(effect("PUT", "replaceClient"), Effect::SendsBack);
        for (method, name) in [
            ("POST", "createClient"),
            ("POST", "resetCustomer"),
            ("POST", "somethingNew"),
            ("DELETE", "somethingElse"),
        ] {
            assert!(effect(method, name).is_asked_about(), "{name}");
        }
    }
}
