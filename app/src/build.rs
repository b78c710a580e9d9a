//! Build: the request, composed.

#[cfg(feature = "ssr")]
pub mod api;
pub mod fields;
pub mod form;
pub mod live;
#[cfg(feature = "ssr")]
pub mod page;
pub mod parameters;
pub mod prediction;
pub mod request_url;
pub mod workbench;
pub mod workspace;
