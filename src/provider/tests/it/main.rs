//! The provider over HTTP: the real router, a clock that is turned by hand, and
//! a fixed key.

#![expect(clippy::unwrap_used, reason = "these helpers serve tests only")]

mod account;
mod authorization_response;
mod authorize;
mod client_authentication;
mod client_credentials;
mod client_throttling;
mod code_exchange;
mod code_replay;
mod config_api;
mod cors;
mod custom_claims;
mod discovery;
mod end_session;
mod expected_person;
mod faults;
mod fixtures;
mod forgotten_password;
mod fuzzed;
mod insecure_keys;
mod introspect;
mod log;
mod logout;
mod mounting;
mod prediction;
mod races;
mod redirects;
mod refresh;
mod registration;
mod request_parameters;
mod response_types;
mod revoke;
mod sandbox;
mod sign_in;
mod sign_up;
mod signing_algorithm;
mod token;
mod token_body;
mod userinfo;
mod world;
