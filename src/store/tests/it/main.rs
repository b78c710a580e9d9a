//! The store as its callers see it.

#![expect(
    clippy::unwrap_used,
    reason = "Clippy does not take a helper of tests for a test"
)]

mod changing;
mod codes;
mod customers;
mod durability;
mod faults;
mod fixture;
mod fixtures;
mod limits;
mod logins;
mod opening;
mod records;
mod refreshing;
mod remembering;
mod runs;
mod sandboxes;
mod secrecy;
mod seeds;
mod signing_keys;
mod sweeping;
mod together;
