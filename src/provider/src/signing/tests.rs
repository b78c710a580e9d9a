//! Programs with keys, on databases of their own or on one.

mod fuzzed;
mod rotation;
mod verification;

use super::{Keys, TYPE_JWT};
use crate::insecure_keys::insecure_keys;
use jsonwebtoken::{
    DecodingKey, Validation,
    jwk::{Jwk, JwkSet},
};
use oidc::{
    signing_algorithm::SigningAlgorithm,
    time::{Clock as _, ManualClock, UnixTime},
};
use serde_json::{Value, json};
use std::{path::Path, sync::Arc};
use store::{Customer, CustomerKind, NewCustomer, Store};

const NOW: UnixTime = UnixTime(1_800_000_000);
const ALICE: &str = "customer-alice";
const BOB: &str = "customer-bob";

/// One program on a database.
struct Program {
    keys: Keys,
    store: Store,
    clock: Arc<ManualClock>,
}

impl Program {
    /// The first program on a new database in memory.
    async fn first() -> Self {
        let store = Store::open("sqlite::memory:").await.unwrap();
        Self::on(store, Arc::new(ManualClock::new(NOW))).await
    }

    /// A program on a file. They all make the same keys in the same order, so
    /// that only one of them may rotate.
    async fn on_file(path: &Path, clock: &Arc<ManualClock>) -> Self {
        let url = format!("sqlite:{}", path.display());
        Self::on(Store::open(&url).await.unwrap(), Arc::clone(clock)).await
    }

    async fn on(store: Store, clock: Arc<ManualClock>) -> Self {
        for id in [ALICE, BOB] {
            add(&store, id).await;
        }
        let make = insecure_keys();
        let make = Arc::new(move |algorithm| Ok(make(algorithm)));
        let keys = Keys::open(store.clone(), clock.clone(), make);
        Self {
            keys: keys.await.unwrap(),
            store,
            clock,
        }
    }

    fn now(&self) -> UnixTime {
        self.clock.now()
    }

    async fn sign(&self, customer: &str, algorithm: SigningAlgorithm) -> String {
        let claims = json!({"sub": customer});
        let signed = self.keys.sign(customer, algorithm, TYPE_JWT, &claims);
        signed.await.unwrap()
    }

    async fn jwks(&self, customer: &str) -> JwkSet {
        let jwks = self.keys.jwks(customer).await.unwrap();
        serde_json::from_slice(&jwks).unwrap()
    }

    async fn kids(&self, customer: &str) -> Vec<String> {
        let keys = self.jwks(customer).await.keys;
        keys.into_iter()
            .map(|key| key.common.key_id.unwrap())
            .collect()
    }

    /// Whether the provider recognises the token, and whether anybody else does
    /// who looks at the JWKS: the two must agree.
    async fn verifies(&self, customer: &str, token: &str) -> bool {
        let own = self.keys.verify(customer, token).await.unwrap();
        let others = elsewhere(&self.jwks(customer).await, token);
        let own_subject = own.as_ref().map(|token| &token.claims["sub"]);
        assert_eq!(own_subject, others.as_ref().map(|claims| &claims["sub"]));
        own.is_some()
    }
}

async fn add(store: &Store, id: &str) {
    let customer = Customer {
        id: id.to_owned(),
        kind: CustomerKind::Sandbox,
        name: None,
        registration: false,
        one_click: false,
        created_at: NOW,
        last_used_at: NOW,
    };
    let new = NewCustomer {
        customer: &customer,
        key: None,
        token_policies: &[],
        login_policies: &[],
        clients: &[],
        people: &[],
    };
    store.insert_customer(&new).await.unwrap();
}

/// What another implementation makes of a token.
fn elsewhere(jwks: &JwkSet, token: &str) -> Option<Value> {
    let header = jsonwebtoken::decode_header(token).ok()?;
    let jwk: &Jwk = jwks.find(&header.kid?)?;
    let algorithm = jwk.common.key_algorithm.unwrap().to_string();
    let mut validation = Validation::new(algorithm.parse().unwrap());
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    let key = DecodingKey::from_jwk(jwk).unwrap();
    let token = jsonwebtoken::decode::<Value>(token, &key, &validation);
    token.ok().map(|token| token.claims)
}

fn kid(token: &str) -> String {
    jsonwebtoken::decode_header(token).unwrap().kid.unwrap()
}
