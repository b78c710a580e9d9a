//! Decides what a token may carry and which claims are released.
//!
//! Invariant: no I/O, no clock, no randomness; and the only place that decides
//! this. The provider issues, the browser predicts and the explanation explains
//! by calling the same functions.
//!
//! Start at [`predict`], which is [`grant`] followed by [`release`].

pub mod admin_scope;
pub mod client;
pub mod grant;
pub mod login_policy;
pub mod profile;
pub mod release;
pub mod token_policy;

use oidc::scope::Scope;
use profile::Profile;
use serde::{Deserialize, Serialize};
use token_policy::TokenPolicy;

/// What a login will be granted and what userinfo will then say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prediction {
    /// What the token will carry, and what is dropped on the way.
    pub granted: grant::Granted,
    /// The userinfo answer; `None` when the token may not read it.
    pub userinfo: Option<release::Claims>,
}

/// Predicts a login, with the functions the provider issues with.
#[must_use]
pub fn predict(requested: &Scope, policy: &TokenPolicy, profile: &Profile) -> Prediction {
    let granted = grant::grant_login(requested, policy);
    let userinfo = release::userinfo(&granted.scope, profile).ok();
    Prediction { granted, userinfo }
}
