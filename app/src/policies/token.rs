//! One token policy.

pub mod page;
