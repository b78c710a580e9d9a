//! People: their attributes, and the claims those feed.

pub mod api;
pub mod fields;
mod form;
pub mod list;
pub mod new;
pub mod page;
