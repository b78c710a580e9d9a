//! Build: the request, composed.

#[cfg(feature = "ssr")]
pub mod api;
pub mod builder;
pub mod fields;
#[cfg(feature = "ssr")]
pub mod page;
pub mod request_url;
