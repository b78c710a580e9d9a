//! Build: the request, composed.

pub mod api;
pub mod builder;
pub mod fields;
pub mod page;
pub mod request_url;
