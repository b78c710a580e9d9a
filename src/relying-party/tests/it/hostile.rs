use crate::script::{Answer, Script, answer_json, metadata, token_response};
use oidc::exchange::Step;
use relying_party::{flow::Completion, http::SendErrorKind};
use serde_json::{Value, json};

/// Answers that no endpoint should give.
fn answers() -> Vec<Answer> {
    let json = "application/json";
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    vec![
        Ok((200, json, Vec::new())),
        Ok((200, json, b"<html>sorry</html>".to_vec())),
        Ok((200, "text/html", b"<html>sorry</html>".to_vec())),
        Ok((200, json, b"{\"access_token\":\"a".to_vec())),
        Ok((200, json, b"\xff\xfe\x00".to_vec())),
        Ok((200, json, b"null".to_vec())),
        Ok((200, json, b"[]".to_vec())),
        Ok((200, json, b"{}".to_vec())),
        Ok((200, json, deep.into_bytes())),
        Ok((200, json, vec![b' '; 1_000_000])),
        Ok((204, json, Vec::new())),
        Ok((302, json, Vec::new())),
        Ok((400, json, b"{}".to_vec())),
        Ok((400, json, b"{\"error\":[1]}".to_vec())),
        Ok((500, "text/plain", b"panic at line 1".to_vec())),
        Err(SendErrorKind::Blocked),
        Err(SendErrorKind::Connect),
        Err(SendErrorKind::Timeout),
        Err(SendErrorKind::TooLarge),
        Err(SendErrorKind::Other),
    ]
}

/// The flow ended at this step, said so, and its last exchange is recorded.
fn ended_at(step: Step, completion: &Completion) {
    let failure = completion.failure.as_ref().unwrap();
    assert_eq!(failure.step, step, "{failure}");
    assert!(!failure.message.is_empty());
    assert!(!failure.advice.is_empty());
    assert_eq!(completion.exchanges.last().unwrap().step, step);
}

#[tokio::test]
async fn no_discovery_answer_leads_to_a_panic() {
    for answer in answers() {
        let mut script = Script::honest();
        script.discovery = answer;
        ended_at(Step::Discovery, &script.complete().await);
    }
}

#[tokio::test]
async fn no_token_answer_leads_to_a_panic() {
    for answer in answers() {
        let mut script = Script::honest();
        script.token = answer;
        ended_at(Step::Token, &script.complete().await);
    }
}

#[tokio::test]
async fn no_key_set_leads_to_a_panic() {
    for answer in answers() {
        let mut script = Script::honest();
        script.jwks = answer;
        ended_at(Step::Jwks, &script.complete().await);
    }
}

#[tokio::test]
async fn no_userinfo_answer_leads_to_a_panic() {
    for answer in answers() {
        let mut script = Script::honest();
        script.userinfo = answer;
        ended_at(Step::UserInfo, &script.complete().await);
    }
}

/// Every member of a document in every wrong type.
fn bent(document: &Value) -> Vec<Value> {
    let mut variants = Vec::new();
    for name in document.as_object().unwrap().keys() {
        for value in [
            json!(null),
            json!(-1),
            json!(""),
            json!("\u{0}\n\r not an address"),
            json!([]),
            json!({}),
            json!(1e300),
        ] {
            let mut variant = document.clone();
            variant[name] = value;
            variants.push(variant);
        }
    }
    variants
}

#[tokio::test]
async fn no_member_of_a_wrong_type_in_discovery_leads_to_a_panic() {
    for variant in bent(&metadata()) {
        let mut script = Script::honest();
        script.discovery = answer_json(&variant);
        script.complete().await;
    }
}

#[tokio::test]
async fn no_member_of_a_wrong_type_in_the_token_response_leads_to_a_panic() {
    for variant in bent(&token_response("a.b.c")) {
        let mut script = Script::honest();
        script.token = answer_json(&variant);
        assert!(script.complete().await.failure.is_some(), "{variant}");
    }
}

#[tokio::test]
async fn an_access_token_that_cannot_stand_in_a_header_is_refused() {
    for token in ["two words", "line\nbreak", "nul\u{0}", "ünicode", ""] {
        let mut script = Script::honest();
        let mut response = token_response("a.b.c");
        response["access_token"] = json!(token);
        script.token = answer_json(&response);
        ended_at(Step::Token, &script.complete().await);
    }
}
