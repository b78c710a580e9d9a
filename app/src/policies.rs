//! Token policies and login policies: who uses them, what they let through, and
//! changing them over the configuration API.

pub mod api;
pub mod list;
pub mod token;
