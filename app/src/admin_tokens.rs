//! The administrative token lab: ask for a token, see what it carries, and try
//! it on every call.

pub mod api;
pub mod ask;
pub mod call;
pub mod form;
pub mod list;
pub mod page;
pub mod permissions;
pub mod scopes;
