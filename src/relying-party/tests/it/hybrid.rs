//! The ID token that comes with the code.

use crate::script::{
    ACCESS_TOKEN, Script, claims, claims_with, code_flow, failed, header, sign, steps,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use oidc::{exchange::Step, verification::CheckName};
use relying_party::flow::{Beside, Completion};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// What the code of [`code_flow`] makes `c_hash`.
fn code_hash() -> Value {
    json!(URL_SAFE_NO_PAD.encode(&Sha256::digest("the-code")[..16]))
}

/// Completes a flow whose answer brought this ID token and the access token.
async fn complete(mut claims: Value, code_hash: Value) -> Completion {
    if !code_hash.is_null() {
        claims["c_hash"] = code_hash;
    }
    let mut flow = code_flow();
    flow.beside = Beside {
        access_token: Some(ACCESS_TOKEN.to_owned()),
        id_token: Some(sign(&header(), &claims)),
    };
    Script::honest().complete_with(&flow).await
}

#[tokio::test]
async fn an_id_token_that_is_bound_to_the_code_lets_the_flow_go_on() {
    let completion = complete(claims(), code_hash()).await;
    assert_eq!(completion.failure, None);
    assert_eq!(failed(&completion.checks), []);
    let hashes = [CheckName::CodeHash, CheckName::AccessTokenHash];
    for (name, times) in hashes.into_iter().zip([1, 2]) {
        let found = completion.checks.iter().filter(|check| check.name == name);
        assert_eq!(found.count(), times, "{name:?}");
    }
}

#[tokio::test]
async fn an_id_token_that_does_not_fit_keeps_the_code_unused() {
    for (claims, hash, expected) in [
        (claims(), Value::Null, CheckName::CodeHash),
        (
            claims(),
            json!("AAAAAAAAAAAAAAAAAAAAAA"),
            CheckName::CodeHash,
        ),
        (claims(), json!(7), CheckName::CodeHash),
        (
            claims_with("at_hash", Value::Null),
            code_hash(),
            CheckName::AccessTokenHash,
        ),
        (
            claims_with("nonce", json!("another")),
            code_hash(),
            CheckName::Nonce,
        ),
    ] {
        let completion = complete(claims, hash).await;
        assert_eq!(failed(&completion.checks), [expected]);
        assert_eq!(completion.failure.as_ref().unwrap().step, Step::Callback);
        assert_eq!(steps(&completion), [Step::Discovery, Step::Jwks]);
    }
}

#[tokio::test]
async fn both_id_tokens_must_speak_of_one_person() {
    let completion = complete(claims_with("sub", json!("mallory")), code_hash()).await;
    let failure = completion.failure.as_ref().unwrap();
    assert_eq!(failure.step, Step::Token);
    assert!(failure.message.contains("different subjects"));
    assert!(completion.userinfo.is_none());
}
