//! The grants, one file each.

pub(crate) mod authorization_code;
pub(crate) mod client_credentials;
