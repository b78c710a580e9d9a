//! Keys over time, for several customers and several programs.

use super::{
    Keys, TYPE_JWT,
    key::PrivateKey,
    keys::{MOST_RETIRED, RotateError, STAYS_PUBLISHED},
};
use crate::insecure_keys::insecure_keys;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Validation,
    jwk::{Jwk, JwkSet},
};
use oidc::{
    signing_algorithm::SigningAlgorithm::{self, EdDsa, Es256, Rs256},
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

#[tokio::test]
async fn another_implementation_verifies_what_each_key_signed() {
    let program = Program::first().await;
    for algorithm in SigningAlgorithm::ALL {
        let token = program.sign(ALICE, algorithm).await;
        let header = jsonwebtoken::decode_header(&token).unwrap();
        assert_eq!(format!("{:?}", header.alg), algorithm.as_str());
        assert_eq!(header.typ.as_deref(), Some("JWT"));
        assert!(program.verifies(ALICE, &token).await);
    }
}

#[tokio::test]
async fn a_new_key_signs_at_once_and_the_old_one_stays_published_until_its_tokens_have_expired() {
    let program = Program::first().await;
    let deployment = program.kids(ALICE).await;
    let mut former = Vec::new();
    for algorithm in SigningAlgorithm::ALL {
        former.push(program.sign(ALICE, algorithm).await);
    }
    program.clock.advance(100);

    let fresh = program.keys.rotate(ALICE).await.unwrap();
    assert_eq!(fresh.len(), 3);
    assert_eq!(
        program.kids(ALICE).await,
        [&fresh[..], &deployment[..]].concat()
    );
    for (algorithm, expected) in SigningAlgorithm::ALL.into_iter().zip(&fresh) {
        let token = program.sign(ALICE, algorithm).await;
        assert_eq!(kid(&token), *expected);
        assert!(program.verifies(ALICE, &token).await);
    }

    // Nothing was asked for in between, so that no reading is fresh by chance.
    program.clock.advance(STAYS_PUBLISHED - 1);
    for token in &former {
        assert!(program.verifies(ALICE, token).await);
    }
    program.clock.advance(1);
    assert_eq!(program.kids(ALICE).await, fresh);
    for token in &former {
        assert!(!program.verifies(ALICE, token).await);
    }
}

#[tokio::test]
async fn keys_of_its_own_are_retired_like_the_deployments() {
    let program = Program::first().await;
    let deployment = program.kids(ALICE).await;
    let first = program.keys.rotate(ALICE).await.unwrap();
    let token = program.sign(ALICE, Es256).await;
    program.clock.advance(1000);
    let second = program.keys.rotate(ALICE).await.unwrap();
    let all = [&second[..], &first[..], &deployment[..]].concat();
    assert_eq!(program.kids(ALICE).await, all);

    program.clock.advance(STAYS_PUBLISHED - 1000);
    assert_eq!(program.kids(ALICE).await, all[..6]);
    assert!(program.verifies(ALICE, &token).await);
    // The sweep takes what is no longer published and nothing else.
    assert_eq!(
        program
            .store
            .sweep(program.now())
            .await
            .unwrap()
            .signing_keys,
        0
    );
    program.clock.advance(1000);
    assert_eq!(program.kids(ALICE).await, second);
    assert_eq!(
        program
            .store
            .sweep(program.now())
            .await
            .unwrap()
            .signing_keys,
        3
    );
    program.clock.advance(60);
    assert_eq!(program.kids(ALICE).await, second);
    assert!(!program.verifies(ALICE, &token).await);
    assert_eq!(program.kids(BOB).await, deployment);
}

#[tokio::test]
async fn a_rotation_concerns_one_customer() {
    let program = Program::first().await;
    let shared = program.sign(BOB, Rs256).await;
    let before = program.keys.jwks(BOB).await.unwrap();
    program.keys.rotate(ALICE).await.unwrap();
    let alices = program.sign(ALICE, Rs256).await;
    assert_eq!(program.keys.jwks(BOB).await.unwrap(), before);
    assert_eq!(kid(&program.sign(BOB, Rs256).await), kid(&shared));
    assert!(program.verifies(BOB, &shared).await);
    assert!(!program.verifies(BOB, &alices).await);

    program.keys.rotate(BOB).await.unwrap();
    let bobs = program.sign(BOB, Rs256).await;
    assert!(!program.verifies(ALICE, &bobs).await);
    program.clock.advance(STAYS_PUBLISHED);
    assert!(!program.verifies(ALICE, &shared).await);
    assert!(!program.verifies(BOB, &shared).await);
    assert!(program.verifies(BOB, &bobs).await);
}

#[tokio::test]
async fn only_so_many_retired_sets_are_published() {
    let program = Program::first().await;
    for _ in 0..MOST_RETIRED {
        program.keys.rotate(ALICE).await.unwrap();
        program.clock.advance(10);
    }
    let published = program.kids(ALICE).await;
    assert_eq!(published.len(), 3 * (1 + MOST_RETIRED));

    let refused = program.keys.rotate(ALICE).await.unwrap_err();
    let RotateError::TooMany { retry_after } = refused else {
        panic!("{refused}");
    };
    assert_eq!(retry_after, STAYS_PUBLISHED - 50);
    assert_eq!(program.kids(ALICE).await, published);
    program.keys.rotate(BOB).await.unwrap();

    program.clock.advance(retry_after - 1);
    assert!(program.keys.rotate(ALICE).await.is_err());
    program.clock.advance(1);
    program.keys.rotate(ALICE).await.unwrap();
    assert_eq!(program.kids(ALICE).await.len(), 3 * (1 + MOST_RETIRED));
}

#[tokio::test]
async fn of_parallel_rotations_no_more_are_done_than_allowed() {
    let program = Arc::new(Program::first().await);
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let program = Arc::clone(&program);
            tokio::spawn(async move { program.keys.rotate(ALICE).await.is_ok() })
        })
        .collect();
    let mut done = 0;
    for task in tasks {
        done += usize::from(task.await.unwrap());
    }
    assert_eq!(done, MOST_RETIRED);
    let token = program.sign(ALICE, EdDsa).await;
    assert_eq!(kid(&token), program.kids(ALICE).await[2]);
}

#[tokio::test]
async fn a_customer_that_is_not_there_has_no_keys_to_rotate() {
    let program = Program::first().await;
    let refused = program.keys.rotate("nobody").await.unwrap_err();
    assert!(matches!(refused, RotateError::UnknownCustomer));
}

#[tokio::test]
async fn a_customer_that_begins_anew_signs_with_the_deployments_keys() {
    let program = Program::first().await;
    let deployment = program.kids(ALICE).await;
    program.keys.rotate(ALICE).await.unwrap();
    let token = program.sign(ALICE, EdDsa).await;
    program.store.delete_customer(ALICE).await.unwrap();
    add(&program.store, ALICE).await;
    program.keys.forget(ALICE);
    assert_eq!(program.kids(ALICE).await, deployment);
    assert!(!program.verifies(ALICE, &token).await);
}

#[tokio::test]
async fn keys_survive_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.db");
    let clock = Arc::new(ManualClock::new(NOW));
    let program = Program::on_file(&path, &clock).await;
    let former = program.sign(ALICE, Rs256).await;
    program.keys.rotate(ALICE).await.unwrap();
    let token = program.sign(ALICE, Es256).await;
    let jwks = [
        program.keys.jwks(ALICE).await.unwrap(),
        program.keys.jwks(BOB).await.unwrap(),
    ];
    program.store.close().await;

    let program = Program::on_file(&path, &clock).await;
    assert_eq!(program.keys.jwks(ALICE).await.unwrap(), jwks[0]);
    assert_eq!(program.keys.jwks(BOB).await.unwrap(), jwks[1]);
    assert!(program.verifies(ALICE, &former).await);
    assert!(program.verifies(ALICE, &token).await);
    assert_eq!(kid(&program.sign(ALICE, Es256).await), kid(&token));
}

#[tokio::test]
async fn programs_that_begin_at_once_agree_on_the_keys() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("keys.db").display());
    let store = Store::open(&url).await.unwrap();
    add(&store, ALICE).await;
    let programs: Vec<_> = (0..4)
        .map(|number| {
            let store = store.clone();
            tokio::spawn(async move {
                let make = insecure_keys();
                // Each makes keys of its own.
                for _ in 0..number {
                    drop(SigningAlgorithm::ALL.map(&make));
                }
                let make = Arc::new(move |algorithm| Ok(make(algorithm)));
                let keys = Keys::open(store, Arc::new(ManualClock::new(NOW)), make);
                keys.await.unwrap().jwks(ALICE).await.unwrap()
            })
        })
        .collect();
    let mut documents = Vec::new();
    for program in programs {
        documents.push(program.await.unwrap());
    }
    documents.dedup();
    assert_eq!(documents.len(), 1);
}

#[tokio::test]
async fn another_program_on_the_same_file_notices_a_rotation() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.db");
    let clock = Arc::new(ManualClock::new(NOW));
    let here = Program::on_file(&path, &clock).await;
    let there = Program::on_file(&path, &clock).await;
    let deployment = there.kids(ALICE).await;
    let fresh = here.keys.rotate(ALICE).await.unwrap();

    // It does not know yet, and what it signs counts all the same.
    clock.advance(9);
    let late = there.sign(ALICE, Rs256).await;
    assert_eq!(kid(&late), deployment[0]);
    assert!(here.verifies(ALICE, &late).await);

    // A token that it cannot know makes it look.
    let token = here.sign(ALICE, EdDsa).await;
    let seen = there.keys.verify(ALICE, &token).await.unwrap();
    assert!(seen.is_some());
    assert_eq!(there.kids(ALICE).await, here.kids(ALICE).await);
    assert_eq!(kid(&there.sign(ALICE, Rs256).await), fresh[0]);

    // So does the time.
    let second = here.keys.rotate(ALICE).await.unwrap();
    clock.advance(10);
    assert_eq!(kid(&there.sign(ALICE, Rs256).await), second[0]);

    // The late token lives for an hour.
    clock.advance(3600 - 10 - 1);
    assert!(here.verifies(ALICE, &late).await);
    assert!(there.verifies(ALICE, &late).await);
    clock.advance(10);
    assert!(!here.verifies(ALICE, &late).await);
}

/// A token with any header, signed with the deployment's key of the algorithm.
fn forged(algorithm: SigningAlgorithm, header: &Value, claims: &Value) -> String {
    let key = PrivateKey::from_pkcs8(algorithm, &insecure_keys()(algorithm)).unwrap();
    let input = unsigned(header, claims);
    let signature = key.sign(input.as_bytes()).unwrap();
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn unsigned(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", part(header), part(claims))
}

#[tokio::test]
async fn an_expired_token_is_recognised() {
    let program = Program::first().await;
    let claims = json!({"sub": "s", "exp": 1, "iat": 0});
    let signed = program.keys.sign(ALICE, Rs256, "at+jwt", &claims);
    let token = signed.await.unwrap();
    let verified = program.keys.verify(ALICE, &token).await.unwrap().unwrap();
    assert_eq!(Value::Object(verified.claims), claims);
    assert_eq!(verified.header["typ"], "at+jwt");
}

#[tokio::test]
async fn what_no_key_of_ours_signed_is_refused() {
    let program = Program::first().await;
    let claims = json!({"sub": "mallory"});
    for (algorithm, name) in SigningAlgorithm::ALL
        .into_iter()
        .zip(program.kids(ALICE).await)
    {
        let honest = program.sign(ALICE, algorithm).await;
        let (input, signature) = honest.rsplit_once('.').unwrap();
        let (header, payload) = input.split_once('.').unwrap();
        let own = json!({"alg": algorithm.as_str(), "kid": name});
        let other = insecure_keys();
        other(algorithm);
        let other = PrivateKey::from_pkcs8(algorithm, &other(algorithm)).unwrap();
        let foreign = |input: &str| {
            let signature = other.sign(input.as_bytes()).unwrap();
            format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
        };
        let mut embedded = own.clone();
        embedded["jwk"] = other.public().jwk().clone();
        let changed = URL_SAFE_NO_PAD.encode(claims.to_string());
        for refused in [
            format!("{header}.{changed}.{signature}"),
            format!("{input}."),
            format!("{input}.{}", &signature[..signature.len() - 4]),
            format!("{input}.{signature}="),
            format!("{honest}.{signature}"),
            format!("{}.{payload}.{signature}", URL_SAFE_NO_PAD.encode("{}")),
            foreign(input),
            foreign(&unsigned(&embedded, &claims)),
            forged(
                algorithm,
                &json!({"alg": algorithm.as_str(), "kid": "0".repeat(40)}),
                &claims,
            ),
        ] {
            assert!(!program.verifies(ALICE, &refused).await, "{refused}");
        }
    }
}

#[tokio::test]
async fn the_algorithm_is_the_keys_and_never_the_tokens() {
    let program = Program::first().await;
    let kids = program.kids(ALICE).await;
    let claims = json!({"sub": "mallory"});
    for kid in &kids {
        for alg in [
            json!("none"),
            json!("nOnE"),
            json!(""),
            json!(1),
            json!(null),
        ] {
            let header = json!({"alg": alg, "kid": kid});
            for signature in ["", "AA", "AAAA"] {
                let token = format!("{}.{signature}", unsigned(&header, &claims));
                assert!(!program.verifies(ALICE, &token).await, "{token}");
            }
        }
    }
    for (algorithm, kid) in SigningAlgorithm::ALL.into_iter().zip(&kids) {
        // Signed well, and still not what the key does.
        for alg in ["RS256", "ES256", "EdDSA", "HS256", "PS256", "none", "rs256"] {
            let token = forged(algorithm, &json!({"alg": alg, "kid": kid}), &claims);
            assert_eq!(
                program.verifies(ALICE, &token).await,
                alg == algorithm.as_str()
            );
        }
        let nameless = forged(algorithm, &json!({"kid": kid}), &claims);
        assert!(!program.verifies(ALICE, &nameless).await);
        // The name of a key of another kind.
        for other in kids.iter().filter(|other| *other != kid) {
            let header = json!({"alg": algorithm.as_str(), "kid": other});
            assert!(
                !program
                    .verifies(ALICE, &forged(algorithm, &header, &claims))
                    .await
            );
        }
    }
}

#[tokio::test]
async fn a_public_key_is_no_shared_secret() {
    let program = Program::first().await;
    let jwks = program.keys.jwks(ALICE).await.unwrap();
    let keys: Value = serde_json::from_slice(&jwks).unwrap();
    let mut header = jsonwebtoken::Header::new(Algorithm::HS256);
    for key in keys["keys"].as_array().unwrap() {
        header.kid = Some(key["kid"].as_str().unwrap().to_owned());
        let member = |name: &str| key[name].as_str().unwrap_or_default().as_bytes().to_vec();
        let raw = |name: &str| URL_SAFE_NO_PAD.decode(member(name)).unwrap();
        let whole = key.to_string().into_bytes();
        for secret in [
            whole,
            member("n"),
            raw("n"),
            member("x"),
            raw("x"),
            Vec::new(),
        ] {
            let secret = EncodingKey::from_secret(&secret);
            let token = jsonwebtoken::encode(&header, &json!({"sub": "mallory"}), &secret);
            assert!(!program.verifies(ALICE, &token.unwrap()).await);
        }
    }
}

#[tokio::test]
async fn headers_that_name_other_keys_or_extensions_do_not_help() {
    let program = Program::first().await;
    let kid = &program.kids(ALICE).await[0];
    let claims = json!({"sub": "s"});
    let with = |name: &str, value: Value| {
        let mut header = json!({"alg": "RS256", "kid": kid});
        header[name] = value;
        forged(Rs256, &header, &claims)
    };
    for (name, value) in [
        ("jku", json!("https://evil.example/keys")),
        ("x5u", json!("https://evil.example/certificate")),
        ("x5c", json!(["AAAA"])),
        ("jwk", json!({"kty": "oct", "k": "AAAA"})),
    ] {
        let seen = program
            .keys
            .verify(ALICE, &with(name, value))
            .await
            .unwrap();
        assert!(seen.is_some(), "{name} is not looked at");
    }
    for (name, value) in [
        ("crit", json!(["exp"])),
        ("crit", json!([])),
        ("crit", json!(null)),
        ("kid", json!(null)),
        ("kid", json!([kid])),
        ("kid", json!(["../../etc/passwd"])),
        ("kid", json!("' OR 1 = 1 --")),
        ("kid", json!("k".repeat(4096))),
    ] {
        let seen = program
            .keys
            .verify(ALICE, &with(name, value))
            .await
            .unwrap();
        assert_eq!(seen, None, "{name}");
    }
}

#[tokio::test]
async fn huge_deep_and_repeated_input_is_refused_or_harmless() {
    let program = Program::first().await;
    let kid = &program.kids(ALICE).await[0];
    let header = json!({"alg": "RS256", "kid": kid});
    // Signed well: a little below the bound, and above it.
    for (length, recognised) in [(10_000, true), (16_000, false)] {
        let token = forged(Rs256, &header, &json!({"sub": "x".repeat(length)}));
        let seen = program.keys.verify(ALICE, &token).await.unwrap();
        assert_eq!(seen.is_some(), recognised, "{length}");
    }
    let key = PrivateKey::from_pkcs8(Rs256, &insecure_keys()(Rs256)).unwrap();
    let raw = |header: &str, claims: &str| {
        let parts = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part));
        let signature = key.sign(parts.join(".").as_bytes()).unwrap();
        format!("{}.{}", parts.join("."), URL_SAFE_NO_PAD.encode(signature))
    };
    let deep = format!("{}{}", "[".repeat(4000), "]".repeat(4000));
    let deep = format!(r#"{{"sub":{deep}}}"#);
    let fine = header.to_string();
    for (header, claims) in [
        (fine.as_str(), deep.as_str()),
        (deep.as_str(), "{}"),
        (fine.as_str(), "[]"),
        (fine.as_str(), "\"text\""),
        (fine.as_str(), ""),
        ("", "{}"),
    ] {
        let seen = program
            .keys
            .verify(ALICE, &raw(header, claims))
            .await
            .unwrap();
        assert_eq!(seen, None, "{claims}");
    }
    // Twice: only the last counts, which names no algorithm of ours.
    let twice = format!(r#"{{"alg":"RS256","kid":"{kid}","alg":"none"}}"#);
    let seen = program
        .keys
        .verify(ALICE, &raw(&twice, "{}"))
        .await
        .unwrap();
    assert_eq!(seen, None);
    for text in [
        "",
        ".",
        "..",
        "a.b.c",
        "....",
        "é.é.é",
        "null",
        &"x".repeat(1 << 20),
    ] {
        assert_eq!(program.keys.verify(ALICE, text).await.unwrap(), None);
    }
}
