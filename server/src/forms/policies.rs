//! Changing policies.

pub(crate) mod token;
