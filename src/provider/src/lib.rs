//! The bundled OpenID provider and its configuration API.
//!
//! Imitates Akamai Identity Cloud Hosted Login: every customer has its own
//! issuer, clients, policies and people below `/{customerId}`. A visitor's
//! sandbox is such a customer.
//!
//! Invariants:
//! - It has no pages. Where a person must be told or asked something, it
//!   answers with a [`Screen`] or a [`page::PageError`], and whoever mounts
//!   [`Provider::router`] draws the page.
//! - It knows no time but [`oidc::time::Clock`] and no randomness but [`random`].
//! - It decides nothing about scopes and claims: that is `policy`'s.
//! - It never meets the relying party but over HTTP.
//! - Logs hold ids and error codes; never secrets, codes, tokens, or queries.
//!
//! Start at [`Provider::open`] and [`Provider::router`]; then read
//! `authorization.rs` for the chain from a request to a code.
//!
//! ```
//! use provider::{sandbox::SandboxKey, seed::Seed};
//!
//! // A fresh sandbox follows from its key, before anything is stored.
//! let key = SandboxKey::generate();
//! let seed = Seed::sandbox(&key, "https://play.example");
//! assert_eq!(seed, Seed::sandbox(&key, "https://play.example"));
//! assert_eq!(seed.clients[0].redirect_uris, ["https://play.example/callback"]);
//! ```

mod authorization;
mod bearer;
mod client_address;
mod client_auth;
mod client_request;
mod config_api;
pub mod cookie;
mod cors;
mod customer;
mod endpoint;
mod fault;
pub mod fixture;
mod form_post;
#[cfg(test)]
mod fuzzed;
mod grant;
mod grant_id;
mod hex;
mod id_token_hint;
#[cfg(test)]
#[path = "../tests/it/insecure_keys.rs"]
mod insecure_keys;
mod interaction;
mod oauth_error;
mod openapi;
pub mod page;
mod parameters;
mod password;
mod policies;
mod provider;
pub mod random;
mod redirect;
mod remembered;
mod router;
pub mod sandbox;
pub mod screen;
pub mod seed;
mod signing;
mod sweep;
mod tally;
mod token;
mod uuid;
pub mod versions;
mod way_in;

pub use client_address::ClientAddress;
pub use config_api::{ConfigurationCall, configuration_calls};
pub use fault::HEADER as FAULTS_HEADER;
pub use page::PageError;
pub use password::PasswordError;
pub use provider::{MAX_BODY, OpenError, Provider, ProviderError, Settings};
pub use sandbox::{SandboxKey, SandboxLife};
pub use screen::Screen;
pub use seed::Seed;
pub use signing::{SigningError, generate_key};
pub use sweep::Swept;
