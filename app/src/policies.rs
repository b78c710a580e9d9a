//! Token policies and login policies: who uses them, what they let through, and
//! changing them over the configuration API.
//!
//! A policy is edited in fields and as the JSON of the PUT, [`editor`] keeps
//! the two in step, and [`review`] shows what the PUT will change before it is
//! sent.

pub mod api;
pub mod clients;
pub mod conflict;
pub mod editor;
pub mod editor_view;
pub mod list;
pub mod login;
pub mod made;
pub mod review;
pub mod token;
