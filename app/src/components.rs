//! Parts that more than one page uses.

pub mod copy;
#[cfg(feature = "ssr")]
pub mod field;
#[cfg(feature = "ssr")]
pub mod hint;
#[cfg(feature = "ssr")]
pub mod http_message;
pub mod json;
pub mod prose;
#[cfg(feature = "ssr")]
pub mod transcript;
