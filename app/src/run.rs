//! A run: what happened, step by step, and what came of it.

pub mod api;
pub mod checks;
pub mod list;
pub mod page;
