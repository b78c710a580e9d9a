//! Wires the site together: the pages, the provider, the store and the
//! network, behind one binary.
//!
//! Invariants:
//! - no rules of the business live here: a handler takes its input apart,
//!   calls one function of another crate and turns the answer into a response;
//! - the public URL comes from the configuration, never from a `Host` header;
//! - nothing secret reaches the log: one line per request, without its query.
//!
//! Start reading at [`router`], which is what tests mount, and [`serve`],
//! which puts it behind a socket.
//!
//! ```
//! use server::config::PublicUrl;
//!
//! // Written as browsers write an origin, whatever was typed.
//! let url = PublicUrl::parse("HTTPS://Play.Example:443/")?;
//! assert_eq!(url.as_str(), "https://play.example");
//! # Ok::<(), server::config::ConfigError>(())
//! ```

pub mod cli;
pub mod client;
pub mod clock;
pub mod config;
pub mod connections;
pub mod demo;
mod descriptors;
pub mod fixtures;
mod forms;
mod health;
mod limits;
pub mod logging;
mod pages;
mod problem;
mod redraw;
mod router;
mod security;
pub mod serve;
mod site;
mod state;
mod sweep;
mod visitor;

pub use limits::Limits;
pub use router::router;
pub use security::{ContentSecurityPolicy, is_same_origin};
pub use state::{AppState, Parts, leptos_options};
