//! The provider's sign-in page, Hosted Login's in spirit.

pub mod api;
pub mod page;
