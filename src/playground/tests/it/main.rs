//! Whole runs in memory: the playground, the provider's real router, and a
//! browser that keeps cookies between them.

// Clippy lets only tests unwrap, and takes no other hint that these are.
#![cfg(test)]

mod admin_tokens;
mod callback;
mod console;
mod draft;
mod fix;
mod hybrid;
#[path = "../../../provider/tests/it/insecure_keys.rs"]
mod insecure_keys;
mod put;
mod reading;
mod steps;
mod story;
mod world;
