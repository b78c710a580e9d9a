//! The words of the OpenID Connect and OAuth specifications.
//!
//! Invariant: no I/O, no clock, no randomness. Parsing keeps what it can and
//! lists what is wrong; it never panics on foreign bytes.
//!
//! Start at [`scope`], the word everything here is about, then read
//! [`authorization`] for the request a person composes.
//!
//! ```
//! use oidc::scope::Scope;
//!
//! let parsed = Scope::parse("openid profile openid");
//! assert_eq!(parsed.scope.to_string(), "openid profile");
//! assert_eq!(parsed.findings.len(), 1); // `openid` stood there twice.
//! ```

pub mod authorization;
pub mod claims_request;
pub mod error;
pub mod exchange;
pub mod jwt;
pub mod metadata;
pub mod pkce;
pub mod redirect_uri;
pub mod response_type;
pub mod scope;
pub mod signing_algorithm;
pub mod time;
pub mod token;
pub mod verification;
