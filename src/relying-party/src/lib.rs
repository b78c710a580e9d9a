//! Runs an OpenID Connect code flow against any provider and records every byte.
//!
//! Invariant: every request that is sent, and what came of it, is in the
//! transcript, also when it failed; only [`guard::Guard`] opens sockets; an
//! answer, however hostile, ends in a [`failure::Failure`] or in a failed
//! check, never in a panic.
//!
//! Start at [`flow::RelyingParty::complete`], which is the whole login after
//! the browser came back with a code.
//!
//! ```
//! use oidc::time::{ManualClock, UnixTime};
//! use relying_party::flow::{Beside, CodeFlow, RelyingParty};
//! use relying_party::http::{BoxFuture, HttpClient, SendError, SendErrorKind};
//! use std::sync::Arc;
//!
//! /// A network in which nobody answers.
//! struct Silence;
//!
//! impl HttpClient for Silence {
//!     fn send(
//!         &self,
//!         _request: ::http::Request<Vec<u8>>,
//!     ) -> BoxFuture<'_, Result<::http::Response<Vec<u8>>, SendError>> {
//!         Box::pin(async { Err(SendError::new(SendErrorKind::Timeout, "no answer in 8 s")) })
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let relying_party =
//!     RelyingParty::new(Arc::new(Silence), Arc::new(ManualClock::new(UnixTime(0))));
//! let completion = relying_party
//!     .complete(&CodeFlow {
//!         issuer: "https://op.example".to_owned(),
//!         client_id: "app".to_owned(),
//!         client_secret: None,
//!         redirect_uri: "https://app.example/callback".to_owned(),
//!         code: "a-code".to_owned(),
//!         code_verifier: None,
//!         nonce: None,
//!         expect_openid: true,
//!         beside: Beside::default(),
//!     })
//!     .await;
//! assert_eq!(completion.exchanges.len(), 1); // The request for the discovery document …
//! assert!(completion.failure.is_some()); // … to which nobody answered.
//! # }
//! ```

pub mod administration;
pub mod failure;
pub mod flow;
pub mod guard;
pub mod http;
pub mod recorder;
pub mod tokens;
mod verify;
