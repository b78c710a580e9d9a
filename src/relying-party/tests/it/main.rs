//! The relying party against providers that answer from a script.

// Clippy lets only tests unwrap, and takes no other hint that these are.
#![cfg(test)]

mod administration;
mod algorithms;
mod flow;
mod guard;
mod hostile;
mod hybrid;
mod id_token;
mod script;
