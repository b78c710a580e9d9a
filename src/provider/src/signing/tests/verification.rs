//! What is taken for a token of ours, and what is not.

use super::{ALICE, Program};
use crate::{insecure_keys::insecure_keys, signing::key::PrivateKey};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey};
use oidc::signing_algorithm::SigningAlgorithm::{self, Rs256};
use serde_json::{Value, json};

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
