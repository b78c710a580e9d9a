//! Says why a scope or a claim is missing.
//!
//! Invariant: no I/O, no clock, no randomness, and no second opinion: what is
//! granted and released is asked of [`policy`].

pub mod compare;
pub mod evidence;
pub mod funnel;
pub mod panes;
pub mod verdict;
