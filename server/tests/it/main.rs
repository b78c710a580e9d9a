//! The whole site: its router in memory, and its binary as a process.

#![expect(clippy::unwrap_used, reason = "these helpers serve tests only")]

mod admin_tokens;
mod clients;
mod compare;
mod connections;
mod crash;
mod demo;
mod fixtures;
mod fuzzed;
mod html;
#[path = "../../../src/provider/tests/it/insecure_keys.rs"]
mod insecure_keys;
mod limits;
mod log;
mod openidconnect_crate;
mod pages;
mod people;
mod policies;
mod process;
mod sandbox;
mod screens;
mod security;
mod site;
mod steps;
mod story;
