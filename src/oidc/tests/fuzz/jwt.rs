use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use fuzz::{Corpus, corpus, hold, prop_assert, prop_assert_eq};
use oidc::jwt::Jwt;
use serde_json::{Map, Value};
use std::sync::LazyLock;

static CORPUS: LazyLock<Corpus> = LazyLock::new(|| corpus!("jwt"));

/// How long the signature is, or what cannot be read.
fn class(bytes: &[u8]) -> Result<usize, String> {
    Jwt::decode(&String::from_utf8_lossy(bytes))
        .map(|jwt| jwt.signature.len())
        .map_err(|error| error.to_string())
}

#[test]
fn kept_tokens_are_read_as_stated() {
    let parts = |many: usize| {
        Err(format!(
            "a signed token has three parts, this one has {many}"
        ))
    };
    let no_base64 = |part: &str| Err(format!("the {part} is not base64url"));
    let no_json = |part: &str| Err(format!("the {part} is not a JSON object"));
    CORPUS.check(
        &[
            // Taken apart is not believed: whoever verifies looks at `crit`.
            ("critical", Ok(3)),
            ("deep", no_json("payload")),
            ("dots", no_json("header")),
            ("duplicate-members", Ok(3)),
            ("empty", parts(1)),
            ("five-parts", parts(5)),
            ("header-array", no_json("header")),
            ("huge-number", no_json("payload")),
            ("lone-surrogate", no_json("payload")),
            ("long-kid", Ok(3)),
            ("loose-bits", no_base64("signature")),
            ("newline", no_base64("signature")),
            ("nul", no_base64("signature")),
            ("odd-numbers", Ok(3)),
            ("other-alphabet", no_base64("signature")),
            ("overlong", no_json("payload")),
            ("padded", no_base64("header")),
            ("payload-empty", no_json("payload")),
            ("payload-text", no_json("payload")),
            ("plain", Ok(256)),
            ("space", no_base64("header")),
            ("surrogate-bytes", no_json("payload")),
            ("two-parts", parts(2)),
            ("unicode", no_base64("signature")),
            ("unsigned", Ok(0)),
        ],
        class,
    );
}

#[test]
fn a_token_that_comes_apart_goes_together_again() {
    hold(CORPUS.text(), |token| {
        if let Ok(jwt) = Jwt::decode(&token) {
            let signature = URL_SAFE_NO_PAD.encode(&jwt.signature);
            prop_assert_eq!(format!("{}.{signature}", jwt.signing_input), token);
        }
        Ok(())
    });
}

#[test]
fn whatever_the_parts_hold_is_read_or_refused() {
    hold(
        (CORPUS.bytes(), CORPUS.bytes(), CORPUS.bytes()),
        |(header, payload, signature)| {
            let part = |bytes| URL_SAFE_NO_PAD.encode(bytes);
            let input = format!("{}.{}", part(&header), part(&payload));
            if let Ok(jwt) = Jwt::decode(&format!("{input}.{}", part(&signature))) {
                prop_assert_eq!(jwt.signing_input, input);
                prop_assert_eq!(jwt.signature, signature);
                prop_assert!(jwt.header.len() <= header.len());
            }
            Ok(())
        },
    );
}

#[test]
fn whatever_json_is_in_it_is_kept() {
    let objects = || fuzz::corpus!("claims_request").json();
    hold((objects(), objects()), |(header, payload)| {
        let part = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
        let jwt = Jwt::decode(&format!("{}.{}.", part(&header), part(&payload)));
        // What is nested too deeply is not read as JSON either.
        let is_object =
            |json: &Value| serde_json::from_str::<Map<String, Value>>(&json.to_string()).is_ok();
        prop_assert_eq!(jwt.is_ok(), is_object(&header) && is_object(&payload));
        if let Ok(jwt) = jwt {
            prop_assert_eq!(Value::Object(jwt.header), header);
            prop_assert_eq!(Value::Object(jwt.payload), payload);
        }
        Ok(())
    });
}
