use fuzz::{Corpus, corpus, hold, prop_assert, prop_assert_eq};
use oidc::claims_request::{ClaimsRequest, RequestedClaim};
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

static CORPUS: LazyLock<Corpus> = LazyLock::new(|| corpus!("claims_request"));

/// How many claims userinfo and the ID token are asked for, or why none.
fn class(bytes: &[u8]) -> Result<(usize, usize), String> {
    ClaimsRequest::parse(&String::from_utf8_lossy(bytes))
        .map(|read| (read.userinfo.len(), read.id_token.len()))
        .map_err(|error| error.to_string())
}

#[test]
fn kept_claims_parameters_are_read_as_stated() {
    let no_object = || Err("claims must be a JSON object".to_owned());
    let wrong = |what: &str| Err(format!("claims: {what}"));
    CORPUS.check(
        &[
            ("array", no_object()),
            ("both-null", Ok((0, 0))),
            ("byte-order-mark", no_object()),
            (
                "claim-true",
                wrong("what is said about a claim must be null or an object"),
            ),
            ("comment", no_object()),
            ("deep", no_object()),
            ("deep-below-the-limit", Ok((0, 1))),
            ("documented", Ok((3, 3))),
            // The last counts.
            ("duplicate-members", Ok((0, 1))),
            ("empty", no_object()),
            ("empty-object", Ok((0, 0))),
            ("essential-text", wrong("essential must be a boolean")),
            ("huge-numbers", no_object()),
            ("lone-surrogate", no_object()),
            ("nameless", Ok((1, 0))),
            ("nul", Ok((1, 0))),
            ("number", no_object()),
            ("odd-numbers", Ok((0, 1))),
            ("open", no_object()),
            ("overlong", Ok((1, 0))),
            ("raw-nul", no_object()),
            ("right-to-left", Ok((1, 0))),
            ("spaces", Ok((0, 0))),
            ("surrogate-bytes", Ok((1, 0))),
            ("text", no_object()),
            (
                "too-many",
                Err("claims asks for too many claims".to_owned()),
            ),
            ("trailing", no_object()),
            ("userinfo-list", wrong("userinfo must be an object")),
            ("values-object", wrong("values must be an array")),
        ],
        class,
    );
}

/// The parameter that asks for the same.
fn printed(request: &ClaimsRequest) -> String {
    let members = |claims: &[RequestedClaim]| {
        let said = |claim: &RequestedClaim| {
            let mut said = json!({ "essential": claim.essential });
            if !claim.values.is_empty() {
                said["values"] = json!(claim.values);
            }
            (claim.name.clone(), said)
        };
        claims.iter().map(said).collect::<Map<_, _>>()
    };
    json!({ "userinfo": members(&request.userinfo), "id_token": members(&request.id_token) })
        .to_string()
}

fn check(text: &str) -> fuzz::TestCaseResult {
    if let Ok(read) = ClaimsRequest::parse(text) {
        prop_assert!(read.userinfo.len() + read.id_token.len() <= 200);
        prop_assert!(serde_json::from_str::<Value>(text).unwrap().is_object());
        let printed = printed(&read);
        prop_assert_eq!(ClaimsRequest::parse(&printed), Ok(read));
        prop_assert!(printed.len() <= text.len() * 30 + 100);
    }
    Ok(())
}

#[test]
fn what_is_read_of_a_claims_parameter_reads_back() {
    hold(CORPUS.text(), |text| check(&text));
    hold(CORPUS.json(), |json| check(&json.to_string()));
}
