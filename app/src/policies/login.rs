//! One login policy.

pub mod fields;
pub mod page;
pub mod sub_resources;
