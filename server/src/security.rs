//! What protects a page from others, and others from a page.

mod headers;
mod origin;
mod target;

pub use headers::ContentSecurityPolicy;
pub(crate) use headers::protect;
pub use origin::is_same_origin;
pub(crate) use origin::{refuse_cross_site, to_public_origin};
pub(crate) use target::refuse_without_path;
