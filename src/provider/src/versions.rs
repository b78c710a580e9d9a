//! Versions of what a customer has, as the configuration API names them in
//! `ETag`. For pages, which show documents without asking the API.

use crate::config_api::version::etag;
use crate::config_api::{clients, login_policies, people, token_policies};
use policy::{
    client::Client, login_policy::LoginPolicy, profile::Person, token_policy::TokenPolicy,
};

/// The version of a token policy.
#[must_use]
pub fn token_policy(customer: &str, policy: &TokenPolicy) -> String {
    etag(&token_policies::linked(customer, policy.clone())).unwrap_or_default()
}

/// The version of a login policy, without what has an address of its own.
#[must_use]
pub fn login_policy(customer: &str, policy: &LoginPolicy) -> String {
    etag(&login_policies::linked(customer, policy.clone())).unwrap_or_default()
}

/// The version of a login policy's `allowedResponseTypes`.
#[must_use]
pub fn response_types(policy: &LoginPolicy) -> String {
    etag(&login_policies::response_types(policy)).unwrap_or_default()
}

/// The version of a login policy's `pushClaims`.
#[must_use]
pub fn push_claims(policy: &LoginPolicy) -> String {
    etag(&login_policies::push_claims(policy)).unwrap_or_default()
}

/// The version of a client; its secret is no part of it.
#[must_use]
pub fn client(customer: &str, client: &Client) -> String {
    etag(&clients::linked(customer, client.clone())).unwrap_or_default()
}

/// The version of a person; their password is no part of it.
#[must_use]
pub fn person(customer: &str, person: &Person) -> String {
    etag(&people::linked(customer, person.clone())).unwrap_or_default()
}
