//! What the pages of the configuration have in common.

pub mod change;
pub mod document;
