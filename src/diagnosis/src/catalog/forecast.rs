//! Words before a run that will not come to its scopes.

use super::{
    NOBODY_SIGNED_IN, OPENID_NOT_REQUESTED, PARAMETER_REFUSED, PKCE_MISSING, RESPONSE_TYPE_REFUSED,
    STATE_MISSING, Words,
    prose::{code, list},
};

/// What to say before a request without `openid`.
pub(crate) fn openid_not_requested() -> Words {
    Words {
        id: OPENID_NOT_REQUESTED.to_owned(),
        headline: "The provider will refuse this request.".to_owned(),
        detail: "A login asks for `openid`. Without it the provider answers `invalid_scope`: \
                 “Scope must include 'openid'”."
            .to_owned(),
    }
}

/// What to say before a request for what the login policy does not allow.
pub(crate) fn response_type_refused(response_type: &str, allowed: &[String]) -> Words {
    let allowed = if allowed.is_empty() {
        "no response type".to_owned()
    } else {
        list(allowed)
    };
    Words {
        id: RESPONSE_TYPE_REFUSED.to_owned(),
        headline: "The request will be refused.".to_owned(),
        detail: format!(
            "The login policy of this client allows {allowed}, and not {}. The provider answers \
             `unsupported_response_type`.",
            code(response_type)
        ),
    }
}

/// What to say before a request with a parameter that the provider refuses.
pub(crate) fn parameter_refused(name: &str, problem: &str) -> Words {
    Words {
        id: PARAMETER_REFUSED.to_owned(),
        headline: "The request will be refused.".to_owned(),
        detail: format!("{} {problem}.", code(name)),
    }
}

/// What to say of a claim that nobody can be told.
pub(crate) fn unknown_claim(name: &str) -> String {
    format!(
        "The provider does not know the claim {}: it will not come.",
        code(name)
    )
}

/// What to say before a public client asks without PKCE.
pub(crate) fn pkce_missing() -> Words {
    Words {
        id: PKCE_MISSING.to_owned(),
        headline: "The request will be refused.".to_owned(),
        detail: "A public client must use PKCE. Tick PKCE.".to_owned(),
    }
}

/// What to say before a request that forbids to ask whom nobody knows.
pub(crate) fn nobody_signed_in() -> Words {
    Words {
        id: NOBODY_SIGNED_IN.to_owned(),
        headline: "The sign-in will fail.".to_owned(),
        detail: "`prompt=none` forbids asking, and nobody is signed in. Choose a person, or leave \
                 `prompt` out."
            .to_owned(),
    }
}

/// What to say before a request without `state`.
pub(crate) fn state_missing() -> Words {
    Words {
        id: STATE_MISSING.to_owned(),
        headline: "The answer will be refused.".to_owned(),
        detail: "It will have no `state`, so it cannot be told from a forged one. Fill in `state`."
            .to_owned(),
    }
}
