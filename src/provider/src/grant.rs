//! The grants, one file each, and what two of them make.

pub(crate) mod authorization_code;
pub(crate) mod client_credentials;
mod login_tokens;
pub(crate) mod refresh_token;
