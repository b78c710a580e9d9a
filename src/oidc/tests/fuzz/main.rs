//! Whatever strangers send is read, or refused for a reason; nothing panics.

#![expect(clippy::unwrap_used, reason = "a test may")]

mod authorization;
mod claims_request;
mod jwt;
mod pkce;
mod redirect_uri;
mod scope;
