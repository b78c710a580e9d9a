//! Parts that more than one page uses.

pub mod copy;
pub mod countdown;
#[cfg(feature = "ssr")]
pub mod field;
#[cfg(feature = "ssr")]
pub mod hint;
#[cfg(feature = "ssr")]
pub mod http_message;
pub mod json;
pub mod live_form;
pub mod prose;
#[cfg(feature = "ssr")]
pub mod transcript;
