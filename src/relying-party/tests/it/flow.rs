use crate::script::{
    ACCESS_TOKEN, CLIENT, ISSUER, Script, answer_json, code_flow, failed, metadata, refuse, steps,
    token_response,
};
use oidc::{exchange::Step, verification::CheckName};
use relying_party::http::SendErrorKind;
use serde_json::json;

#[tokio::test]
async fn an_honest_provider_passes_every_check() {
    let completion = Script::honest().complete().await;
    assert_eq!(completion.failure, None);
    assert_eq!(failed(&completion.checks), []);
    // No code came with this ID token.
    let due = CheckName::ALL
        .into_iter()
        .filter(|name| *name != CheckName::CodeHash);
    assert!(completion.checks.iter().map(|c| c.name).eq(due));
    assert_eq!(
        steps(&completion),
        [Step::Discovery, Step::Token, Step::Jwks, Step::UserInfo]
    );
    assert_eq!(completion.userinfo.unwrap()["name"], "Alice");
    assert_eq!(completion.id_token.unwrap()["iss"], ISSUER);
    assert_eq!(
        completion.token.unwrap().scope.as_deref(),
        Some("openid profile")
    );
}

#[tokio::test]
async fn the_signature_check_names_algorithm_and_key() {
    let completion = Script::honest().complete().await;
    assert_eq!(
        completion.checks[0].detail,
        "The RS256 signature fits the key `key-1`."
    );
}

#[tokio::test]
async fn a_public_client_sends_its_id_and_its_code_verifier() {
    let completion = Script::honest().complete().await;
    let request = &completion.exchanges[1].exchange.request;
    assert_eq!(request.method, "POST");
    assert_eq!(
        request.body,
        format!(
            "grant_type=authorization_code&code=the-code&code_verifier={}&client_id={CLIENT}\
             &redirect_uri=https%3A%2F%2Fapp.example%2Fcallback",
            "v".repeat(43)
        )
    );
    assert!(
        !request
            .headers
            .iter()
            .any(|(name, _)| name == "authorization")
    );
}

#[tokio::test]
async fn a_confidential_client_proves_itself_with_basic() {
    let mut flow = code_flow();
    flow.client_secret = Some("s3cret".to_owned());
    let completion = Script::honest().complete_with(&flow).await;
    let request = &completion.exchanges[1].exchange.request;
    assert!(request.headers.contains(&(
        "authorization".to_owned(),
        "Basic c3RvcmVmcm9udDpzM2NyZXQ=".to_owned()
    )));
    assert!(!request.body.contains("s3cret"));
}

#[tokio::test]
async fn the_secret_goes_into_the_body_when_the_provider_takes_it_nowhere_else() {
    let mut script = Script::honest();
    let mut metadata = metadata();
    metadata["token_endpoint_auth_methods_supported"] = json!(["client_secret_post"]);
    script.discovery = answer_json(&metadata);
    let mut flow = code_flow();
    flow.client_secret = Some("s3cret".to_owned());
    let completion = script.complete_with(&flow).await;
    assert!(
        completion.exchanges[1]
            .exchange
            .request
            .body
            .contains("client_secret=s3cret")
    );
}

#[tokio::test]
async fn the_transcript_holds_what_was_sent_and_received() {
    let completion = Script::honest().complete().await;
    let recorded = &completion.exchanges[3].exchange;
    assert_eq!(recorded.request.url, format!("{ISSUER}/userinfo"));
    let sent = |name: &str| {
        let found = recorded.request.headers.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.as_str())
    };
    assert_eq!(sent("host"), Some("op.example"));
    assert_eq!(sent("authorization"), Some("Bearer opaque-access-token"));
    assert!(sent("user-agent").is_some());
    let response = recorded.response.as_ref().unwrap();
    assert_eq!(response.status, 200);
    assert_eq!(response.body, r#"{"sub":"alice","name":"Alice"}"#);
    assert_eq!(ACCESS_TOKEN, completion.token.unwrap().access_token);
}

#[tokio::test]
async fn discovery_of_another_issuer_is_refused_before_the_code_leaves() {
    let mut script = Script::honest();
    let mut metadata = metadata();
    metadata["issuer"] = json!("https://evil.example");
    script.discovery = answer_json(&metadata);
    let completion = script.complete().await;
    let failure = completion.failure.as_ref().unwrap();
    assert_eq!(failure.step, Step::Discovery);
    assert!(failure.message.contains("https://evil.example"));
    assert_eq!(steps(&completion), [Step::Discovery]);
    assert!(completion.metadata.is_some());
}

#[tokio::test]
async fn a_refused_code_is_told_with_the_providers_error() {
    let mut script = Script::honest();
    script.token = refuse(
        400,
        &json!({ "error": "invalid_grant", "error_description": "The code was used" }),
    );
    let completion = script.complete().await;
    let failure = completion.failure.as_ref().unwrap();
    assert_eq!(failure.step, Step::Token);
    assert_eq!(
        failure.message,
        "The token endpoint answered invalid_grant."
    );
    let error = failure.error.as_ref().unwrap();
    assert_eq!(
        error.error_description.as_deref(),
        Some("The code was used")
    );
    assert_eq!(steps(&completion), [Step::Discovery, Step::Token]);
    assert_eq!(completion.token, None);
}

#[tokio::test]
async fn another_subject_at_userinfo_is_refused_and_shown() {
    let mut script = Script::honest();
    script.userinfo = answer_json(&json!({ "sub": "mallory" }));
    let completion = script.complete().await;
    assert_eq!(completion.failure.unwrap().step, Step::UserInfo);
    assert_eq!(failed(&completion.checks), [CheckName::Subject]);
    assert_eq!(completion.userinfo.unwrap()["sub"], "mallory");
}

#[tokio::test]
async fn userinfo_without_a_subject_is_refused() {
    let mut script = Script::honest();
    script.userinfo = answer_json(&json!({ "name": "Alice" }));
    assert_eq!(
        failed(&script.complete().await.checks),
        [CheckName::Subject]
    );
}

#[tokio::test]
async fn a_provider_that_does_not_grant_openid_ends_the_flow_without_failure() {
    let mut script = Script::honest();
    script.token = answer_json(&json!({
        "access_token": ACCESS_TOKEN, "token_type": "Bearer", "scope": "profile",
    }));
    script.userinfo = refuse(403, &json!({ "error": "insufficient_scope" }));
    let completion = script.complete().await;
    assert_eq!(completion.failure, None);
    assert_eq!(completion.checks, []);
    assert_eq!(completion.userinfo, None);
    assert_eq!(
        steps(&completion),
        [Step::Discovery, Step::Token, Step::UserInfo]
    );
}

#[tokio::test]
async fn openid_without_an_id_token_is_the_providers_fault() {
    let mut script = Script::honest();
    script.token = answer_json(&json!({ "access_token": ACCESS_TOKEN, "token_type": "Bearer" }));
    let completion = script.complete().await;
    assert_eq!(
        completion.failure.unwrap().message,
        "openid was granted, but the token response has no id_token."
    );
}

#[tokio::test]
async fn missing_keys_fail_the_signature_and_leave_the_other_checks() {
    let mut script = Script::honest();
    script.jwks = Err(SendErrorKind::Timeout);
    let completion = script.complete().await;
    assert_eq!(completion.failure.as_ref().unwrap().step, Step::Jwks);
    assert_eq!(failed(&completion.checks), [CheckName::Signature]);
    assert!(completion.checks.len() > 5);
    let last = &completion.exchanges.last().unwrap().exchange;
    assert_eq!(last.failure.as_deref(), Some("nobody is there"));
}

#[tokio::test]
async fn a_closed_userinfo_is_told_with_its_challenge() {
    let mut script = Script::honest();
    script.userinfo = refuse(401, &json!({ "error": "invalid_token" }));
    let failure = script.complete().await.failure.unwrap();
    assert_eq!(failure.message, "Userinfo answered 401 invalid_token.");
    assert_eq!(failure.error.unwrap().error, "invalid_token");
}

#[tokio::test]
async fn a_refused_connection_is_in_the_transcript() {
    let mut script = Script::honest();
    script.discovery = Err(SendErrorKind::Connect);
    let completion = script.complete().await;
    let failure = completion.failure.unwrap();
    assert_eq!(
        failure.message,
        "The discovery document got no answer: nobody is there."
    );
    assert_eq!(completion.exchanges.len(), 1);
    assert_eq!(completion.exchanges[0].exchange.response, None);
}

#[tokio::test]
async fn a_token_type_other_than_bearer_is_refused() {
    let mut script = Script::honest();
    let mut token = token_response("a.b.c");
    token["token_type"] = json!("mac");
    script.token = answer_json(&token);
    assert_eq!(script.complete().await.failure.unwrap().step, Step::Token);
}
