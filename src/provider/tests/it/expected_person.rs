//! Requests that say who they are about.

use crate::{
    insecure_keys::insecure_keys,
    request_parameters::{ask, claims, error, id_token, signed_in, silent, with_claims},
    world::{CALLBACK, PUBLIC_URL, World, verifier},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::Request;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use oidc::{authorization::AuthorizationRequest, jwt::Jwt, signing_algorithm::SigningAlgorithm};
use provider::{SandboxKey, Seed};
use serde_json::{Value, json};

// oidcc-id-token-hint
#[tokio::test]
async fn an_id_token_hint_admits_its_person_and_nobody_else() {
    let world = World::new().await;
    let browser = signed_in(&world, 1).await;
    let told = ask(&browser, &world.request("openid")).await;
    let hinted = AuthorizationRequest {
        id_token_hint: Some(id_token(&world, &told).await),
        ..world.request("openid")
    };
    let bo = &world.seed.people[1].profile.uuid;
    // Also long after it has expired. J6
    world.clock.advance(40_000);
    let told = ask(&browser, &silent(&hinted)).await;
    assert_eq!(claims(&id_token(&world, &told).await)["sub"], **bo);

    let other = signed_in(&world, 0).await;
    let told = ask(&other, &silent(&hinted)).await;
    assert_eq!(error(&told).0, "login_required");
    let told = other.sign_in_as(&hinted, 0).await.told(CALLBACK);
    assert_eq!(error(&told).0, "login_required");
    let told = other.sign_in_as(&hinted, 1).await.told(CALLBACK);
    assert_eq!(claims(&id_token(&world, &told).await)["sub"], **bo);
    assert!(ask(&other, &hinted).await.parameters.contains_key("code"));
}

fn tampered(token: &str, part: usize, value: &Value) -> String {
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    parts[part] = URL_SAFE_NO_PAD.encode(value.to_string());
    parts.join(".")
}

fn signed_by_somebody_else(like: &str) -> String {
    let theirs = insecure_keys();
    theirs(SigningAlgorithm::Rs256);
    let key = EncodingKey::from_rsa_der(&pkcs1(&theirs(SigningAlgorithm::Rs256)));
    let mut header = Header::new(Algorithm::RS256);
    let decoded = Jwt::decode(like).unwrap();
    header.kid = Some(decoded.header["kid"].as_str().unwrap().to_owned());
    jsonwebtoken::encode(&header, &decoded.payload, &key).unwrap()
}

/// The key within PKCS#8: what follows 26 bytes, for one of 2048 bits.
fn pkcs1(pkcs8: &[u8]) -> Vec<u8> {
    pkcs8[26..].to_vec()
}

#[tokio::test]
async fn what_is_no_id_token_of_this_issuer_for_this_client_is_no_hint() {
    let world = World::new().await;
    let browser = signed_in(&world, 0).await;
    let told = ask(&browser, &world.request("openid")).await;
    let good = id_token(&world, &told).await;
    let told = ask(&browser, &world.server_request("openid")).await;
    let code = &told.parameters["code"];
    let of_the_server = world.redeem_as_server(code).await.json();
    let of_the_server = |name: &str| of_the_server[name].as_str().unwrap().to_owned();
    let header = Value::Object(Jwt::decode(&good).unwrap().header);
    let mut unsigned = header.clone();
    unsigned["alg"] = json!("none");
    let mut nobody = header;
    nobody["kid"] = json!("nobody");
    let mut other_sub = Value::Object(claims(&good));
    other_sub["sub"] = json!(world.seed.people[1].profile.uuid);
    let without_signature = good.rsplit_once('.').unwrap().0;
    let foreign = "id_token_hint is not an ID token of this issuer";
    for (hint, problem) in [
        ("x".to_owned(), foreign),
        ("a.b.c".to_owned(), foreign),
        ("x".repeat(7000), foreign),
        (format!("{without_signature}."), foreign),
        (
            format!("{}.", tampered(without_signature, 0, &unsigned)),
            foreign,
        ),
        (tampered(&good, 0, &unsigned), foreign),
        (tampered(&good, 0, &nobody), foreign),
        (tampered(&good, 1, &other_sub), foreign),
        (signed_by_somebody_else(&good), foreign),
        (of_another_customer(&world).await, foreign),
        // A JWT, signed with the same key, and no ID token.
        (of_the_server("access_token"), foreign),
        (
            of_the_server("id_token"),
            "id_token_hint is an ID token for another client",
        ),
    ] {
        let request = AuthorizationRequest {
            id_token_hint: Some(hint.clone()),
            ..world.request("openid")
        };
        let told = ask(&browser, &request).await;
        assert_eq!(error(&told), ("invalid_request", problem), "{hint}");
    }
}

/// An ID token from a sandbox, signed with the deployment's key like all others.
async fn of_another_customer(world: &World) -> String {
    let key = SandboxKey::generate();
    world.provider.ensure_sandbox(&key).await.unwrap();
    let seed = Seed::sandbox(&key, PUBLIC_URL);
    let (customer, person) = (&seed.customer_id, &seed.people[0].profile.uuid);
    let cookie = world.provider.sign_in(customer, person).await.unwrap();
    let cookie = cookie.unwrap();
    let request = AuthorizationRequest {
        client_id: Some(seed.clients[0].id.clone()),
        ..world.request("openid")
    };
    let request = Request::get(request.url(&format!("/{customer}/login/authorize")))
        .header("cookie", cookie.split(';').next().unwrap())
        .body(axum::body::Body::empty())
        .unwrap();
    let code = world.send(request).await.callback()["code"].clone();
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", &seed.clients[0].id),
        ("redirect_uri", CALLBACK),
        ("code", &code),
        ("code_verifier", verifier().as_str()),
    ]
    .map(|(name, value)| (name, value.to_owned()));
    let form: Vec<(&str, &str)> = form.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let path = format!("/{customer}/login/token");
    let token = world.post_form(&path, &form, None).await.json();
    token["id_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_sub_that_is_asked_for_by_value_admits_nobody_else() {
    let world = World::new().await;
    let browser = signed_in(&world, 0).await;
    let [alice, bo] = [0, 1].map(|number| world.seed.people[number].profile.uuid.clone());
    let wanted = |sub: &Value| with_claims(&world, &json!({"id_token": {"sub": sub}}).to_string());
    let only_bo = wanted(&json!({ "value": bo }));
    let told = ask(&browser, &silent(&only_bo)).await;
    assert_eq!(error(&told).0, "login_required");
    let told = browser.sign_in_as(&only_bo, 0).await.told(CALLBACK);
    let expected = "Another person signed in than the one the request is about";
    assert_eq!(error(&told), ("login_required", expected));
    let told = browser.sign_in_as(&only_bo, 1).await.told(CALLBACK);
    assert_eq!(claims(&id_token(&world, &told).await)["sub"], bo);
    let both = wanted(&json!({ "values": [alice, bo] }));
    assert!(ask(&browser, &both).await.parameters.contains_key("code"));
    let anybody = wanted(&Value::Null);
    assert!(
        ask(&browser, &anybody)
            .await
            .parameters
            .contains_key("code")
    );
}
