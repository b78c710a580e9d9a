//! Says why a scope or a claim is missing.
//!
//! Invariant: no I/O, no clock, no randomness, and no second opinion: what is
//! granted and released is asked of [`policy`].
//!
//! Start at [`evidence::Run`], which [`funnel`] turns into rows, and the rows
//! [`verdict`] turns into words. The words themselves are in [`catalog`].
//!
//! ```
//! use diagnosis::{
//!     evidence::Draft,
//!     funnel,
//!     verdict::{Outlook, forecast},
//! };
//! use oidc::scope::Scope;
//! use policy::{client::ClientType, release::Facts, token_policy::TokenPolicyDraft};
//!
//! let body = serde_json::json!({ "title": "Storefront", "allowedScopes": ["openid"] });
//! let policy = TokenPolicyDraft::from_json(body.as_object().unwrap())?.with_id("1".to_owned());
//! // Somebody without an address.
//! let facts = Facts::default();
//!
//! let draft = Draft {
//!     client: "3".to_owned(),
//!     person: Some("2".to_owned()),
//!     scope: "openid address".to_owned(),
//!     state: Some("4".to_owned()),
//!     nonce: None,
//!     code_verifier: None,
//!     prompt: None,
//!     login_hint: None,
//!     response_type: Some("code".to_owned()),
//!     further: Vec::new(),
//! };
//! let requested = Scope::parse(&draft.scope).scope;
//! let prediction = policy::predict(&requested, None, &policy, &facts);
//! let verdict = forecast(&Outlook {
//!     draft: &draft,
//!     client_type: ClientType::Confidential,
//!     response_types: &["code".to_owned()],
//!     rows: &funnel::predicted(&requested, &policy, &facts, &prediction),
//!     policy: &policy,
//!     person: "Bo",
//! });
//! assert_eq!(verdict.headline, "address will be dropped.");
//! # Ok::<(), policy::token_policy::PropertyError>(())
//! ```

pub mod admin;
pub mod beside;
pub mod catalog;
pub mod compare;
pub mod consequences;
pub mod evidence;
pub mod funnel;
pub mod json_text;
pub mod look;
pub mod panes;
pub mod put;
pub mod since;
pub mod snippets;
pub mod steps;
pub mod tokens;
pub mod verdict;
pub mod words;

#[cfg(test)]
mod fixture;
