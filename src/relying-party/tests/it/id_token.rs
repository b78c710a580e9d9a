use crate::script::{
    CLIENT, ISSUER, KID, NOW, Script, answer_json, claims, claims_with, code_flow, failed, header,
    public_key, sign, steps, unsigned,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use oidc::{exchange::Step, verification::CheckName};
use openidconnect::{
    PrivateSigningKey as _,
    core::{CoreHmacKey, CoreJwsSigningAlgorithm},
};
use serde_json::{Value, json};

/// Hands out an ID token, expects these checks alone to fail, and no userinfo
/// request after it.
async fn check(id_token: &str, expected: &[CheckName]) {
    let completion = Script::with_id_token(id_token).complete().await;
    assert_eq!(failed(&completion.checks), expected, "{id_token}");
    assert!(completion.checks.len() >= 6, "every check is listed");
    let failure = completion.failure.as_ref().unwrap();
    assert_eq!(failure.step, Step::Token);
    assert!(failure.message.starts_with("The ID token was refused."));
    assert_eq!(
        steps(&completion),
        [Step::Discovery, Step::Token, Step::Jwks]
    );
}

async fn check_claim(name: &str, value: Value, expected: CheckName) {
    check(&sign(&header(), &claims_with(name, value)), &[expected]).await;
}

#[tokio::test]
async fn another_issuer_fails_the_issuer_check() {
    for value in [json!("https://evil.example"), json!(1), Value::Null] {
        check_claim("iss", value, CheckName::Issuer).await;
    }
    // Equal but for a slash is not equal.
    check_claim("iss", json!(format!("{ISSUER}/")), CheckName::Issuer).await;
}

#[tokio::test]
async fn another_audience_fails_the_audience_check() {
    for value in [
        json!("somebody-else"),
        json!(["somebody-else"]),
        json!([CLIENT, "somebody-else"]),
        json!([]),
        json!({}),
        Value::Null,
    ] {
        check_claim("aud", value, CheckName::Audience).await;
    }
    check_claim("azp", json!("somebody-else"), CheckName::Audience).await;
}

#[tokio::test]
async fn an_expired_token_fails_the_expiry_check() {
    for value in [
        json!(NOW.0),
        json!(NOW.0 - 1),
        json!(i64::MIN),
        json!("tomorrow"),
        json!(1e300),
        Value::Null,
    ] {
        check_claim("exp", value, CheckName::Expiry).await;
    }
}

#[tokio::test]
async fn a_token_of_another_time_fails_the_issued_at_check() {
    for value in [
        json!(NOW.0 + 301),
        json!(NOW.0 - 301),
        json!(i64::MAX),
        json!(i64::MIN),
        json!("now"),
        Value::Null,
    ] {
        check_claim("iat", value, CheckName::IssuedAt).await;
    }
    check_claim("nbf", json!(NOW.0 + 3000), CheckName::IssuedAt).await;
}

#[tokio::test]
async fn another_nonce_fails_the_nonce_check() {
    for value in [json!("another"), json!(["n"]), Value::Null] {
        check_claim("nonce", value, CheckName::Nonce).await;
    }
}

#[tokio::test]
async fn a_nonce_that_was_not_sent_fails_the_nonce_check() {
    let mut flow = code_flow();
    flow.nonce = None;
    let completion = Script::honest().complete_with(&flow).await;
    assert_eq!(failed(&completion.checks), [CheckName::Nonce]);
}

#[tokio::test]
async fn without_a_nonce_on_either_side_the_nonce_check_passes() {
    let mut flow = code_flow();
    flow.nonce = None;
    let id_token = sign(&header(), &claims_with("nonce", Value::Null));
    let completion = Script::with_id_token(&id_token).complete_with(&flow).await;
    assert_eq!(completion.failure, None);
}

#[tokio::test]
async fn another_access_token_fails_the_hash_check() {
    for value in [json!("AAAAAAAAAAAAAAAAAAAAAA"), json!(7)] {
        check_claim("at_hash", value, CheckName::AccessTokenHash).await;
    }
}

#[tokio::test]
async fn a_token_without_at_hash_is_not_checked_for_it() {
    let id_token = sign(&header(), &claims_with("at_hash", Value::Null));
    let completion = Script::with_id_token(&id_token).complete().await;
    assert_eq!(completion.failure, None);
    assert!(
        !completion
            .checks
            .iter()
            .any(|check| check.name == CheckName::AccessTokenHash)
    );
}

#[tokio::test]
async fn a_subject_that_is_none_fails_the_subject_check() {
    for value in [
        json!(""),
        json!(5),
        json!("x".repeat(256)),
        json!("Ünal"),
        Value::Null,
    ] {
        check_claim("sub", value, CheckName::Subject).await;
    }
}

#[tokio::test]
async fn changed_claims_fail_the_signature_check() {
    let honest = sign(&header(), &claims());
    let (_, signature) = honest.rsplit_once('.').unwrap();
    let forged = unsigned(&header(), &claims_with("sub", json!("mallory")));
    check(&format!("{forged}.{signature}"), &[CheckName::Signature]).await;
}

#[tokio::test]
async fn a_token_without_signature_fails_the_signature_check() {
    for alg in [
        json!("none"),
        json!("nOnE"),
        json!(""),
        json!(1),
        Value::Null,
    ] {
        let header = json!({ "alg": alg, "kid": KID });
        check(
            &format!("{}.", unsigned(&header, &claims())),
            &[CheckName::Signature],
        )
        .await;
    }
    check(
        &format!("{}.", unsigned(&header(), &claims())),
        &[CheckName::Signature],
    )
    .await;
}

#[tokio::test]
async fn the_public_key_as_a_shared_secret_fails_the_signature_check() {
    let header = json!({ "alg": "HS256", "kid": KID });
    let input = unsigned(&header, &claims());
    for secret in [
        public_key().to_string().into_bytes(),
        URL_SAFE_NO_PAD
            .decode(public_key()["n"].as_str().unwrap())
            .unwrap(),
    ] {
        let signature = CoreHmacKey::new(secret)
            .sign(&CoreJwsSigningAlgorithm::HmacSha256, input.as_bytes())
            .unwrap();
        let id_token = format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature));
        check(&id_token, &[CheckName::Signature]).await;
    }
}

#[tokio::test]
async fn headers_that_bring_or_name_other_keys_fail_the_signature_check() {
    for (name, value) in [
        ("kid", json!("another")),
        ("kid", json!(["key-1"])),
        ("kid", json!("k".repeat(4096))),
        ("crit", json!(["b64"])),
        ("crit", json!([])),
        ("typ", json!("at+jwt")),
    ] {
        let mut header = header();
        header[name] = value;
        check(&sign(&header, &claims()), &[CheckName::Signature]).await;
    }
}

#[tokio::test]
async fn addresses_of_keys_in_the_header_are_not_looked_at() {
    let mut header = header();
    header["jku"] = json!("https://evil.example/keys");
    header["jwk"] = public_key();
    header["x5u"] = json!("https://evil.example/certificate");
    let completion = Script::with_id_token(&sign(&header, &claims()))
        .complete()
        .await;
    assert_eq!(completion.failure, None);
}

#[tokio::test]
async fn several_things_wrong_are_all_listed() {
    let mut claims = claims();
    claims["iss"] = json!("https://evil.example");
    claims["aud"] = json!("somebody-else");
    claims["exp"] = json!(1);
    check(
        &format!("{}.AAAA", unsigned(&header(), &claims)),
        &[
            CheckName::Signature,
            CheckName::Issuer,
            CheckName::Audience,
            CheckName::Expiry,
        ],
    )
    .await;
}

#[tokio::test]
async fn a_token_that_cannot_be_taken_apart_fails_every_check() {
    for garbage in [
        "",
        "a.b",
        "a.b.c",
        "a.b.c.d.e",
        "%%%.%%%.%%%",
        "e30.W10.e30",
    ] {
        let completion = Script::with_id_token(garbage).complete().await;
        assert_eq!(failed(&completion.checks).len(), 6, "{garbage}");
        assert_eq!(completion.id_token, None);
    }
}

#[tokio::test]
async fn key_sets_that_do_not_help_fail_the_signature_check() {
    let public = public_key();
    let with = |name: &str, value: Value| {
        let mut key = public.clone();
        key[name] = value;
        key
    };
    for keys in [
        json!([]),
        json!([1, null, "key", {}]),
        json!([with("kid", json!("another"))]),
        json!([with("kty", json!("oct"))]),
        json!([with("kty", json!("EC"))]),
        json!([with("use", json!("enc"))]),
        // Too short.
        json!([with("n", json!("AQAB"))]),
        // Not base64url, not a number, not there.
        json!([with("n", json!("%%%"))]),
        json!([with("n", json!(5))]),
        json!([with("e", json!("AA"))]),
        // Twice the same name.
        json!([public, public]),
    ] {
        let mut script = Script::honest();
        script.jwks = answer_json(&json!({ "keys": keys }));
        let completion = script.complete().await;
        assert_eq!(failed(&completion.checks), [CheckName::Signature], "{keys}");
    }
}
