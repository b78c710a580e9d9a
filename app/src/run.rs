//! A run: what happened, step by step, and what came of it.

pub mod api;
pub mod checks;
pub mod compare;
pub mod list;
pub mod next;
pub mod page;
pub mod since;
pub mod steps;
pub mod tokens;
