//! The English words of every finding, by its stable id.
//!
//! Short sentences, in the words of the specifications and of Akamai. Names as
//! they stand on the wire are set in backticks, except in headlines.

mod claims;
mod differences;
mod effects;
mod forecast;
mod prose;
mod refusals;
mod scopes;
mod since;
mod slips;
mod steps;

pub use claims::{custom_claim, explained};
pub(crate) use differences::{differences, ended};
pub(crate) use effects::effect;
pub(crate) use forecast::{
    nobody_signed_in, openid_not_requested, parameter_refused, pkce_missing, response_type_refused,
    state_missing, unknown_claim,
};
pub(crate) use prose::joined;
pub(crate) use refusals::refused;
pub use scopes::how_learnt;
pub(crate) use scopes::{Subject, When, reason};
pub(crate) use since::{
    access_tokens, client_gone, client_moved, lifetime, next_run, policy_gone, renamed,
    scopes_listed, scopes_unlisted,
};
pub(crate) use slips::{COMMAS, ignored};
pub(crate) use steps::{checks_failed, failed};

/// Everything came through.
pub const LET_THROUGH: &str = "run.let-through";
/// Everything came through, after scopes were added to the token policy.
pub const FIXED: &str = "run.fixed";
/// `openid` itself was dropped.
pub const OPENID_DROPPED: &str = "scope.openid-dropped";
/// The request does not name `openid`.
pub const OPENID_NOT_REQUESTED: &str = "request.openid-missing";
/// A public client does not use PKCE.
pub const PKCE_MISSING: &str = "forecast.pkce-missing";
/// The provider may not ask, and there is nobody it would not have to ask.
pub const NOBODY_SIGNED_IN: &str = "forecast.nobody-signed-in";
/// The login policy does not allow the response type.
pub const RESPONSE_TYPE_REFUSED: &str = "forecast.response-type-refused";
/// The provider cannot use a parameter as it stands.
pub const PARAMETER_REFUSED: &str = "forecast.parameter-refused";
/// The request has no `state`.
pub const STATE_MISSING: &str = "forecast.state-missing";
/// A check of the ID token failed.
pub const CHECK_FAILED: &str = "failed.check";

/// A headline and what stands below it.
pub(crate) struct Words {
    pub(crate) id: String,
    pub(crate) headline: String,
    pub(crate) detail: String,
}
