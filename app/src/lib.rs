//! The pages: Build, Run, Explain, and the provider's screens.
//!
//! Invariant: components hold no decisions. What is granted is decided by
//! `policy`, what it means is said by `diagnosis`; here it is shown.
//!
//! Pages are HTML from the server, and their forms are answered with pages; only
//! islands run in the browser: what [follows the Build form](build::workbench),
//! and [what lets any other form](components::live_form) show on its own page
//! what it would do. Hydrating whole pages was
//! measured once and cost two and a half times the bytes (369 kB against
//! 141 kB of WebAssembly and JavaScript in brotli), so pages are compiled for
//! the server only. Without features the crate compiles, so that what both
//! sides share stays honest.
//!
//! Start at [`build`], the first page; [`App`] lists the others.
//! A page lives in a folder with its loader (`api`) and its parts.
#![recursion_limit = "512"]
#![expect(
    missing_docs,
    clippy::must_use_candidate,
    clippy::needless_pass_by_value,
    clippy::module_name_repetitions,
    reason = "the macros of leptos write functions that these lints do not fit"
)]

#[cfg(feature = "ssr")]
pub mod admin_tokens;
pub mod build;
#[cfg(feature = "ssr")]
pub mod clients;
pub mod components;
#[cfg(feature = "ssr")]
pub mod console;
#[cfg(feature = "ssr")]
pub mod document;
#[cfg(feature = "hydrate")]
pub mod dom;
pub mod explain;
#[cfg(feature = "ssr")]
pub mod interaction;
#[cfg(feature = "ssr")]
pub mod layout;
#[cfg(feature = "ssr")]
pub mod people;
#[cfg(feature = "ssr")]
pub mod policies;
#[cfg(feature = "ssr")]
pub mod problem;
#[cfg(feature = "ssr")]
pub mod problem_page;
#[cfg(feature = "ssr")]
pub mod run;
#[cfg(feature = "ssr")]
pub mod sandbox;
#[cfg(feature = "ssr")]
pub mod ssr;
pub mod storage;
#[cfg(feature = "ssr")]
pub mod submitted;

#[cfg(feature = "ssr")]
pub use document::{App, shell};
