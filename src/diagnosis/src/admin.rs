//! Administrative tokens: what was asked for, what was granted, and what a token
//! may do.
//!
//! Start at [`AdminToken`], the evidence: [`verdict`] says it in a sentence,
//! [`rows`] scope by scope, and [`permission`] call by call.

mod advice;
mod calls;
mod gloss;
mod introspection;
mod slips;
mod token;
mod typed;

pub use advice::{Advice, advice};
pub use calls::{CallMade, Effect, Permission, Refusal, agreement, effect, permission, refusal};
pub use gloss::{OUR_READING, gloss, is_our_reading};
pub use introspection::{Member, members};
pub use token::{
    AdminToken, ScopeRow, TokenAnswer, TokenState, forecast, predicted, request_body, rows, verdict,
};
pub use typed::{Known, LONGEST, MOST_SCOPES, Slip, TooMuch, Typed};
