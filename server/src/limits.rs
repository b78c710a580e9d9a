//! How often one address, and one customer, may ask.
//!
//! Only what costs something is counted: not the files of the site, health,
//! discovery and keys, which clients ask for as they like, and no preflights.
//! What comes from this machine has no address to count, since it is our own
//! relying party that asks for everybody.

mod bucket;
mod refusal;
mod sandboxes;

pub(crate) use sandboxes::count_new as count_new_sandboxes;

use crate::{client::FromHere, state::AppState};
use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use bucket::{Buckets, Rate, Wait};
use http::Method;
use oidc::time::UnixTime;
use percent_encoding::percent_decode_str;
use provider::ClientAddress;
use std::{
    borrow::Cow,
    hash::{BuildHasher as _, RandomState},
    net::IpAddr,
};

/// Requests of one address. A run is four of them, so that five runs a second go
/// on and on; a test suite or a company behind one address may come in bursts.
const PER_ADDRESS: Rate = Rate {
    every: 50,
    at_once: 200,
};
/// Requests to one customer, from wherever: twenty busy programs. One core
/// answers many times as many, so that a hundred customers get their turn.
const PER_CUSTOMER: Rate = Rate {
    every: 10,
    at_once: 1000,
};
/// Sandboxes that one address makes. Each is kept for days, and one too many
/// costs somebody else theirs.
const NEW_SANDBOXES: Rate = Rate {
    every: 5000,
    at_once: 20,
};
/// Pages about a limit that one address is shown. Rendering one costs as much as
/// any page, which a flood must not get; then a sentence is enough.
const PAGES: Rate = Rate {
    every: 1000,
    at_once: 10,
};

/// What answers to nobody but these two.
const FREE: [&str; 2] = [
    "/{customer}/login/.well-known/openid-configuration",
    "/{customer}/login/jwk",
];

/// What everybody has left.
#[derive(Debug)]
pub struct Limits {
    addresses: Buckets<IpAddr>,
    /// By hash, so that no text of anybody's length is kept.
    customers: Buckets<u64>,
    hasher: RandomState,
    new_sandboxes: Buckets<IpAddr>,
    pages: Buckets<IpAddr>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            addresses: Buckets::new(PER_ADDRESS),
            customers: Buckets::new(PER_CUSTOMER),
            hasher: RandomState::new(),
            new_sandboxes: Buckets::new(NEW_SANDBOXES),
            pages: Buckets::new(PAGES),
        }
    }
}

impl Limits {
    fn admit(&self, request: &Request, now: UnixTime) -> Result<(), Wait> {
        if let Some(address) = counted(request) {
            self.addresses.take(address, now)?;
        }
        match customer(request) {
            Some(customer) => self.customers.take(self.hasher.hash_one(customer), now),
            None => Ok(()),
        }
    }

    /// Whether somebody may be shown a page about their limit.
    fn has_page(&self, request: &Request, now: UnixTime) -> bool {
        counted(request).is_none_or(|address| self.pages.take(address, now).is_ok())
    }
}

/// Refuses whoever asks too often.
pub(crate) async fn count(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let Some(limits) = &state.limits else {
        return next.run(request).await;
    };
    let free = request.method() == Method::OPTIONS
        || matched(&request).is_some_and(|path| FREE.contains(&path));
    if free {
        return next.run(request).await;
    }
    let now = state.clock.now();
    match limits.admit(&request, now) {
        Ok(()) => next.run(request).await,
        Err(wait) => refusal::of(&request, wait, limits.has_page(&request, now)),
    }
}

/// Whom a request counts for; nobody when it comes from this machine, or from
/// nowhere known.
fn counted(request: &Request) -> Option<IpAddr> {
    if request.extensions().get::<FromHere>().is_some() {
        return None;
    }
    ClientAddress::of(request.extensions()).map(ClientAddress::subscriber)
}

/// The pattern of the request's route.
fn matched(request: &Request) -> Option<&str> {
    request
        .extensions()
        .get::<MatchedPath>()
        .map(MatchedPath::as_str)
}

/// The customer a request is for, however it is spelled in the address.
fn customer(request: &Request) -> Option<Cow<'_, str>> {
    matched(request)?.strip_prefix("/{customer}/")?;
    let segment = request.uri().path().split('/').nth(1)?;
    percent_decode_str(segment).decode_utf8().ok()
}
