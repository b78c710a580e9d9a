//! ID tokens signed with ES256 and `EdDSA`.

use crate::script::{
    ACCESS_TOKEN, NOW, Script, answer_json, claims, claims_with, code_flow, failed, metadata,
    public_key, sign, unsigned,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, jwk::Jwk};
use oidc::verification::CheckName;
use relying_party::flow::Completion;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256, Sha512};

/// A key of a provider that signs with more than RSA. It protects nothing.
struct Key {
    private: EncodingKey,
    algorithm: Algorithm,
    public: Value,
}

impl Key {
    fn new(private: EncodingKey, algorithm: Algorithm, kid: &str) -> Self {
        let public = Jwk::from_encoding_key(&private, algorithm).unwrap();
        let mut public = serde_json::to_value(public).unwrap();
        public["kid"] = json!(kid);
        public["use"] = json!("sig");
        Self {
            private,
            algorithm,
            public,
        }
    }

    fn p256() -> Self {
        let pem = include_bytes!("p256-key-for-tests-only.pem");
        let private = EncodingKey::from_ec_pem(pem).unwrap();
        Self::new(private, Algorithm::ES256, "p256")
    }

    fn ed25519() -> Self {
        let pem = include_bytes!("ed25519-key-for-tests-only.pem");
        let private = EncodingKey::from_ed_pem(pem).unwrap();
        Self::new(private, Algorithm::EdDSA, "ed25519")
    }

    fn both() -> [Self; 2] {
        [Self::p256(), Self::ed25519()]
    }

    fn name(&self) -> String {
        format!("{:?}", self.algorithm)
    }

    fn header(&self) -> Value {
        json!({ "alg": self.name(), "kid": self.public["kid"], "typ": "JWT" })
    }

    /// The script's claims with the `at_hash` that belongs to the algorithm.
    fn claims(&self) -> Value {
        let digest = match self.algorithm {
            Algorithm::EdDSA => Sha512::digest(ACCESS_TOKEN).to_vec(),
            _ => Sha256::digest(ACCESS_TOKEN).to_vec(),
        };
        let half = URL_SAFE_NO_PAD.encode(&digest[..digest.len() / 2]);
        claims_with("at_hash", json!(half))
    }

    /// Signs whatever the header says.
    fn sign(&self, header: &Value, claims: &Value) -> String {
        let input = unsigned(header, claims);
        let signature = jsonwebtoken::crypto::sign(input.as_bytes(), &self.private, self.algorithm);
        format!("{input}.{}", signature.unwrap())
    }

    fn honest(&self) -> String {
        self.sign(&self.header(), &self.claims())
    }
}

/// A provider with an RSA, a P-256 and an Ed25519 key that hands out this token.
fn provider(id_token: &str) -> Script {
    let mut keys = vec![public_key()];
    keys.extend(Key::both().map(|key| key.public));
    with_keys(id_token, &keys)
}

fn with_keys(id_token: &str, keys: &[Value]) -> Script {
    let mut metadata = metadata();
    metadata["id_token_signing_alg_values_supported"] = json!(["RS256", "ES256", "EdDSA"]);
    Script {
        discovery: answer_json(&metadata),
        jwks: answer_json(&json!({ "keys": keys })),
        ..Script::with_id_token(id_token)
    }
}

fn detail(completion: &Completion, name: CheckName) -> &str {
    let mut checks = completion.checks.iter();
    &checks.find(|check| check.name == name).unwrap().detail
}

async fn refused(script: Script, expected: &[CheckName]) {
    let completion = script.complete().await;
    assert_eq!(
        failed(&completion.checks),
        expected,
        "{:?}",
        completion.checks
    );
    assert!(completion.failure.is_some());
}

const SIGNATURE: &[CheckName] = &[CheckName::Signature];

#[tokio::test]
async fn id_tokens_of_every_listed_algorithm_are_believed() {
    for key in Key::both() {
        let completion = provider(&key.honest()).complete().await;
        assert_eq!(completion.failure, None);
        assert_eq!(completion.checks.len(), 8);
        assert_eq!(
            detail(&completion, CheckName::Signature),
            format!(
                "The {} signature fits the key `{}`.",
                key.name(),
                key.public["kid"].as_str().unwrap()
            )
        );
    }
    let rsa = sign(&crate::script::header(), &claims());
    assert_eq!(provider(&rsa).complete().await.failure, None);
}

#[tokio::test]
async fn without_kid_the_only_key_of_the_algorithm_is_taken() {
    for key in Key::both() {
        let mut header = key.header();
        header.as_object_mut().unwrap().remove("kid");
        let id_token = key.sign(&header, &key.claims());
        assert_eq!(provider(&id_token).complete().await.failure, None);
        let mut other = key.public.clone();
        other["kid"] = json!("another");
        let two = with_keys(&id_token, &[key.public, other]);
        refused(two, SIGNATURE).await;
    }
}

#[tokio::test]
async fn an_algorithm_that_discovery_does_not_list_is_refused() {
    for key in Key::both() {
        let mut script = provider(&key.honest());
        script.discovery = answer_json(&metadata());
        let completion = script.complete().await;
        assert_eq!(failed(&completion.checks), SIGNATURE);
        assert_eq!(
            detail(&completion, CheckName::Signature),
            format!(
                "`alg` is \"{}\"; the discovery document lists RS256.",
                key.name()
            )
        );
    }
    for listed in [json!(["HS256", "none"]), json!([])] {
        let mut document = metadata();
        document["id_token_signing_alg_values_supported"] = listed;
        let mut script = provider(&Key::p256().honest());
        script.discovery = answer_json(&document);
        let completion = script.complete().await;
        assert_eq!(failed(&completion.checks), SIGNATURE);
    }
}

#[tokio::test]
async fn the_access_token_hash_is_made_with_the_hash_of_the_algorithm() {
    let with = |hash: &[u8]| claims_with("at_hash", json!(URL_SAFE_NO_PAD.encode(hash)));
    let short = Sha256::digest(ACCESS_TOKEN);
    let long = Sha512::digest(ACCESS_TOKEN);
    let ed25519 = Key::ed25519();
    for wrong in [&short[..16], &short[..], &long[..16], &long[32..]] {
        let id_token = ed25519.sign(&ed25519.header(), &with(wrong));
        refused(provider(&id_token), &[CheckName::AccessTokenHash]).await;
    }
    let p256 = Key::p256();
    let id_token = p256.sign(&p256.header(), &with(&long[..32]));
    refused(provider(&id_token), &[CheckName::AccessTokenHash]).await;
}

#[tokio::test]
async fn changed_tokens_are_refused() {
    for key in Key::both() {
        let honest = key.honest();
        let (input, signature) = honest.rsplit_once('.').unwrap();
        let mut claims = key.claims();
        claims["sub"] = json!("mallory");
        let forged = unsigned(&key.header(), &claims);
        for id_token in [
            format!("{forged}.{signature}"),
            format!("{input}."),
            format!("{input}.{}", &signature[..signature.len() - 2]),
            format!("{input}.{}", URL_SAFE_NO_PAD.encode([0; 64])),
            format!("{input}.{}", URL_SAFE_NO_PAD.encode([0xff; 64])),
        ] {
            refused(provider(&id_token), SIGNATURE).await;
        }
        let stale = key.sign(&key.header(), &{
            let mut claims = key.claims();
            claims["exp"] = json!(NOW.0);
            claims
        });
        refused(provider(&stale), &[CheckName::Expiry]).await;
    }
}

#[tokio::test]
async fn an_algorithm_and_a_key_of_another_do_not_go_together() {
    let [p256, ed25519] = Key::both();
    let header = |alg: &str, kid: &str| json!({ "alg": alg, "kid": kid });
    let claims = p256.claims();
    for id_token in [
        p256.sign(&header("EdDSA", "p256"), &ed25519.claims()),
        p256.sign(&header("RS256", "p256"), &claims),
        p256.sign(&header("ES256", "ed25519"), &claims),
        p256.sign(&header("ES256", "key-1"), &claims),
        p256.sign(&header("ES384", "p256"), &claims),
        p256.sign(&header("none", "p256"), &claims),
        ed25519.sign(&header("ES256", "ed25519"), &claims),
        ed25519.sign(&header("EdDSA", "p256"), &ed25519.claims()),
        ed25519.sign(&header("RS256", "ed25519"), &claims),
        sign(&header("ES256", "key-1"), &claims),
        sign(&header("EdDSA", "key-1"), &ed25519.claims()),
    ] {
        refused(provider(&id_token), SIGNATURE).await;
    }
}

#[tokio::test]
async fn public_keys_are_no_shared_secrets() {
    for key in Key::both() {
        let header = json!({ "alg": "HS256", "kid": key.public["kid"] });
        let x = key.public["x"].as_str().unwrap();
        for secret in [
            x.as_bytes().to_vec(),
            URL_SAFE_NO_PAD.decode(x).unwrap(),
            key.public.to_string().into_bytes(),
        ] {
            let hmac = Key {
                private: EncodingKey::from_secret(&secret),
                algorithm: Algorithm::HS256,
                public: key.public.clone(),
            };
            let id_token = hmac.sign(&header, &claims());
            refused(provider(&id_token), SIGNATURE).await;
        }
    }
}

#[tokio::test]
async fn keys_that_are_none_do_not_help() {
    let zeros = |length: usize| json!(URL_SAFE_NO_PAD.encode(vec![0; length]));
    for key in Key::both() {
        let with = |name: &str, value: Value| {
            let mut public = key.public.clone();
            public[name] = value;
            public
        };
        let x = URL_SAFE_NO_PAD.decode(key.public["x"].as_str().unwrap());
        let longer = [&[0], &x.unwrap()[..]].concat();
        for public in [
            with("kty", json!("RSA")),
            with("kty", json!("oct")),
            with("crv", json!("P-384")),
            with("crv", json!("P-521")),
            with("crv", json!("secp256k1")),
            with("crv", json!("X25519")),
            with("crv", json!(null)),
            with("alg", json!("RS256")),
            with("alg", json!("ECDH-ES")),
            with("use", json!("enc")),
            with("kid", json!("another")),
            with("x", zeros(32)),
            with("x", zeros(31)),
            with("x", zeros(0)),
            with("x", json!(URL_SAFE_NO_PAD.encode(longer))),
            with("x", json!("%%%")),
            with("x", json!(5)),
            with("x", json!(null)),
        ] {
            let script = with_keys(&key.honest(), &[public_key(), public]);
            refused(script, SIGNATURE).await;
        }
    }
    // A point that lies beside the curve, and one whose lengths only add up.
    let key = Key::p256();
    let coordinate = |name: &str| {
        let text = key.public[name].as_str().unwrap();
        URL_SAFE_NO_PAD.decode(text).unwrap()
    };
    let point = [coordinate("x"), coordinate("y")].concat();
    let mut beside = coordinate("y");
    beside[31] ^= 1;
    for (x, y) in [(&point[..32], &beside[..]), (&point[..33], &point[33..])] {
        let mut public = key.public.clone();
        public["x"] = json!(URL_SAFE_NO_PAD.encode(x));
        public["y"] = json!(URL_SAFE_NO_PAD.encode(y));
        refused(with_keys(&key.honest(), &[public]), SIGNATURE).await;
    }
}

#[tokio::test]
async fn headers_that_bring_or_name_other_keys_are_refused() {
    for key in Key::both() {
        for (name, value) in [
            ("kid", json!("another")),
            ("kid", json!(["p256"])),
            ("crit", json!(["b64"])),
            ("typ", json!("at+jwt")),
        ] {
            let mut header = key.header();
            header[name] = value;
            let id_token = key.sign(&header, &key.claims());
            refused(provider(&id_token), SIGNATURE).await;
        }
        let mut header = key.header();
        header["jku"] = json!("https://evil.example/keys");
        let id_token = key.sign(&header, &key.claims());
        let completion = provider(&id_token).complete_with(&code_flow()).await;
        assert_eq!(completion.failure, None);
    }
}
