//! One token policy.

pub mod fields;
pub mod form;
pub mod page;
