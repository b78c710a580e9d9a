//! Words before a run that will not come to its scopes.

use super::{NOBODY_SIGNED_IN, OPENID_NOT_REQUESTED, PKCE_MISSING, STATE_MISSING, Words};

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
