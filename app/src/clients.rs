//! Clients: which policies they use, where they may be sent back to, their
//! secrets, and what to paste into an application of one's own.

pub mod api;
pub mod fields;
mod form;
pub mod list;
pub mod new;
pub mod page;
pub mod secret;
pub mod snippets;
