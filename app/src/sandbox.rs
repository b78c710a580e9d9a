//! The visitor's sandbox as a whole: reset, export, import.

mod api;
pub mod page;
