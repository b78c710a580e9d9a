//! Discovery and keys.

use crate::world::{PUBLIC_URL, World};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{Method, Request, StatusCode};
use jsonwebtoken::{
    DecodingKey,
    jwk::{JwkSet, ThumbprintHash},
};
use serde_json::{Value, json};
use std::collections::HashSet;

#[tokio::test]
async fn the_issuer_is_the_address_the_document_was_found_below() {
    let world = World::new().await;
    let reply = world
        .get(&world.path("login/.well-known/openid-configuration"))
        .await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.header("content-type"), Some("application/json"));
    let base = format!("{PUBLIC_URL}/{}", world.seed.customer_id);
    let document = reply.json();
    assert_eq!(document["issuer"], format!("{base}/login"));
    assert_eq!(
        document["authorization_endpoint"],
        format!("{base}/login/authorize")
    );
    assert_eq!(document["token_endpoint"], format!("{base}/login/token"));
    assert_eq!(
        document["introspection_endpoint"],
        format!("{base}/login/token/introspect")
    );
    assert_eq!(
        document["revocation_endpoint"],
        format!("{base}/login/token/revoke")
    );
    // oidcc-rp-initiated-logout-discovery-endpoint-verification
    assert_eq!(
        document["end_session_endpoint"],
        format!("{base}/login/end_session")
    );
    assert_eq!(
        document["userinfo_endpoint"],
        format!("{base}/profiles/oidc/userinfo")
    );
    assert_eq!(document["jwks_uri"], format!("{base}/login/jwk"));
}

#[tokio::test]
async fn the_document_lists_what_is_implemented_and_nothing_else() {
    let world = World::new().await;
    let path = world.path("login/.well-known/openid-configuration");
    let document = world.get(&path).await.json();
    // A member per line, so that each stands by itself when it changes.
    let lines: Vec<String> = document
        .as_object()
        .unwrap()
        .iter()
        .filter(|(name, _)| name.ends_with("_supported"))
        .map(|(name, value)| format!("{name} {value}"))
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    scopes_supported ["openid","profile","email","address","phone"]
    response_types_supported ["code","id_token","id_token token","code id_token","code token","code id_token token"]
    response_modes_supported ["query","fragment","form_post"]
    grant_types_supported ["authorization_code","refresh_token","client_credentials","implicit"]
    subject_types_supported ["public"]
    id_token_signing_alg_values_supported ["RS256","ES256","EdDSA"]
    token_endpoint_auth_methods_supported ["client_secret_basic","client_secret_post","none"]
    introspection_endpoint_auth_methods_supported ["client_secret_basic","client_secret_post"]
    revocation_endpoint_auth_methods_supported ["client_secret_basic","client_secret_post","none"]
    claims_supported ["iss","aud","exp","iat","jti","auth_time","acr","nonce","sid","at_hash","c_hash","global_sub","sub","name","given_name","family_name","middle_name","nickname","preferred_username","gender","birthdate","updated_at","email","email_verified","address","phone_number","phone_number_verified"]
    code_challenge_methods_supported ["S256"]
    prompt_values_supported ["none","login","select_account","create"]
    display_values_supported ["page","popup","touch"]
    acr_values_supported ["urn:akamai-ic:nist:800-63-3:aal:1"]
    ui_locales_supported ["en"]
    claims_parameter_supported true
    request_parameter_supported false
    request_uri_parameter_supported false
    authorization_response_iss_parameter_supported true
    "#);
}

#[tokio::test]
async fn the_host_header_cannot_change_the_issuer() {
    let world = World::new().await;
    let request = Request::get(world.path("login/.well-known/openid-configuration"))
        .header("host", "evil.example")
        .header("x-forwarded-host", "evil.example")
        .body(axum::body::Body::empty())
        .unwrap();
    assert!(!world.send(request).await.body.contains("evil"));
}

#[tokio::test]
async fn the_key_set_shows_public_members_only() {
    let world = World::new().await;
    let reply = world.get(&world.path("login/jwk")).await;
    assert_eq!(reply.header("content-type"), Some("application/json"));
    let document = reply.json();
    let members = |value: &Value| -> Vec<String> {
        let members = value.as_object().unwrap();
        members.keys().map(ToOwned::to_owned).collect()
    };
    assert_eq!(members(&document), ["keys"]);
    let keys = document["keys"].as_array().unwrap();
    let expected: [(&str, &str, &[&str]); 3] = [
        ("RS256", "RSA", &["n", "e"]),
        ("ES256", "EC", &["crv", "x", "y"]),
        ("EdDSA", "OKP", &["crv", "x"]),
    ];
    assert_eq!(keys.len(), expected.len());
    for (key, (alg, kty, own)) in keys.iter().zip(expected) {
        assert_eq!(members(key), [&["use", "kty", "kid", "alg"], own].concat());
        assert_eq!(key["use"], "sig");
        assert_eq!((&key["alg"], &key["kty"]), (&json!(alg), &json!(kty)));
    }
    assert_eq!(keys[0]["e"], "AQAB");
    assert_eq!(keys[1]["crv"], "P-256");
    assert_eq!(keys[2]["crv"], "Ed25519");
    let again = world.get(&world.path("login/jwk")).await;
    assert_eq!(again.body, reply.body);
}

#[tokio::test]
async fn neither_document_is_kept_while_it_may_have_changed() {
    let world = World::new().await;
    for path in ["login/.well-known/openid-configuration", "login/jwk"] {
        let reply = world.get(&world.path(path)).await;
        assert_eq!(reply.header("cache-control"), Some("no-cache"), "{path}");
    }
}

#[tokio::test]
async fn every_key_has_a_name_of_its_own_that_follows_from_the_key() {
    let world = World::new().await;
    let jwks = world.get(&world.path("login/jwk")).await.body;
    let jwks: JwkSet = serde_json::from_str(&jwks).unwrap();
    let mut kids = HashSet::new();
    for key in &jwks.keys {
        let kid = key.common.key_id.as_deref().unwrap();
        assert!(kid.len() == 40 && kid.bytes().all(|b| b.is_ascii_hexdigit()));
        let thumbprint = key.thumbprint(ThumbprintHash::SHA256).unwrap();
        let thumbprint = URL_SAFE_NO_PAD.decode(thumbprint).unwrap();
        let bytes: Vec<u8> = (0..40)
            .step_by(2)
            .map(|at| u8::from_str_radix(&kid[at..at + 2], 16).unwrap())
            .collect();
        assert_eq!(bytes, thumbprint[..20]);
        assert!(kids.insert(kid));
        // Every key can be used, says another implementation.
        DecodingKey::from_jwk(key).unwrap();
    }
}

#[tokio::test]
async fn an_unknown_customer_is_not_found_in_the_shape_of_each_endpoint() {
    let world = World::new().await;
    let path = |rest: &str| format!("/11111111-1111-4111-8111-111111111111/{rest}");
    for rest in [
        "login/.well-known/openid-configuration",
        "login/jwk",
        "profiles/oidc/userinfo",
    ] {
        let reply = world.get(&path(rest)).await;
        reply.error(404, "invalid_request");
    }
    for rest in [
        "login/token",
        "login/token/introspect",
        "login/token/revoke",
    ] {
        let reply = world.post_form(&path(rest), &[], None).await;
        reply.error(404, "invalid_request");
    }
    let reply = world.get(&path("login/authorize")).await;
    let page = reply.page(404, "unknown_customer");
    assert_eq!(page.title, "There is no such customer");
    assert!(page.explanation.contains("`404 page not found`"), "{page}");
    let reply = world.post_form(&path("auth-ui/login"), &[], None).await;
    reply.page(404, "unknown_customer");
    let reply = world.get(&path("config/tokenPolicies")).await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
    assert_eq!(reply.body, r#"{"errors":"Not Found"}"#);
}

#[tokio::test]
async fn head_is_answered_like_get_and_other_methods_are_not_allowed() {
    let world = World::new().await;
    let send = |method: Method, rest: &str| {
        let request = Request::builder().method(method).uri(world.path(rest));
        world.send(request.body(axum::body::Body::empty()).unwrap())
    };
    let reply = send(Method::HEAD, "login/jwk").await;
    assert_eq!((reply.status, reply.body.as_str()), (StatusCode::OK, ""));
    for (method, rest) in [
        (Method::POST, "login/jwk"),
        (Method::GET, "login/token"),
        (Method::PUT, "login/authorize"),
        (Method::DELETE, "profiles/oidc/userinfo"),
        (Method::PATCH, "config/tokenPolicies/x"),
    ] {
        let reply = send(method.clone(), rest).await;
        assert_eq!(
            reply.status,
            StatusCode::METHOD_NOT_ALLOWED,
            "{method} {rest}"
        );
        assert!(reply.header("allow").is_some(), "{method} {rest}");
    }
}
