//! Build: the request, composed.

#[cfg(feature = "ssr")]
pub mod api;
pub mod fields;
#[cfg(feature = "ssr")]
pub mod form;
#[cfg(feature = "hydrate")]
pub mod live;
pub mod notes;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod parameters;
pub mod prediction;
pub mod request_url;
pub mod workbench;
pub mod workspace;
