//! The token endpoint: which bodies it reads.

use crate::world::{CALLBACK, Reply, World, encode};
use axum::body::Body;
use http::{Request, StatusCode, header};

#[tokio::test]
async fn a_repeated_parameter_is_refused() {
    let world = World::new().await;
    let form = [
        ("grant_type", "client_credentials"),
        ("scope", "a"),
        ("scope", "b"),
    ];
    let reply = world.token(&form, None).await;
    assert_eq!(
        reply.error(400, "invalid_request"),
        "The parameter scope is there more than once"
    );
}

fn multipart(fields: &[(&str, &str)]) -> String {
    let mut body = String::new();
    for (name, value) in fields {
        body.push_str("--x\r\nContent-Disposition: form-data; name=\"");
        body.push_str(name);
        body.push_str("\"\r\n\r\n");
        body.push_str(value);
        body.push_str("\r\n");
    }
    body + "--x--\r\n"
}

const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data; boundary=x";

async fn send(
    world: &World,
    rest: &str,
    content_type: &str,
    body: String,
    authorization: &str,
) -> Reply {
    let request = Request::post(world.path(rest))
        .header(header::CONTENT_TYPE, content_type)
        .header(header::AUTHORIZATION, authorization)
        .body(Body::from(body))
        .unwrap();
    world.send(request).await
}

#[tokio::test]
async fn multipart_forms_are_taken_and_json_is_not() {
    let world = World::new().await;
    let authorization = world.server_authorization();
    let code = world.code_for(&world.server_request("openid")).await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("redirect_uri", CALLBACK),
        ("code", code.as_str()),
    ];
    let json = r#"{"grant_type":"authorization_code"}"#.to_owned();
    let reply = send(
        &world,
        "login/token",
        "application/json",
        json,
        &authorization,
    )
    .await;
    reply.error(400, "invalid_request");
    let reply = send(
        &world,
        "login/token",
        MULTIPART,
        multipart(&fields),
        &authorization,
    )
    .await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    let twice = multipart(&[("scope", "a"), ("scope", "b")]);
    let reply = send(&world, "login/token", MULTIPART, twice, &authorization).await;
    reply.error(400, "invalid_request");
    let broken = multipart(&fields).replace("--x--", "");
    let reply = send(&world, "login/token", MULTIPART, broken, &authorization).await;
    reply.error(400, "invalid_request");
}

const ENDPOINTS: [&str; 3] = [
    "login/token",
    "login/token/introspect",
    "login/token/revoke",
];

#[tokio::test]
async fn huge_bodies_and_endless_fields_are_refused() {
    let world = World::new().await;
    let authorization = world.server_authorization();
    let huge = "x".repeat(5_000_000);
    let fields: Vec<String> = (0..10_000).map(|n| format!("f{n}")).collect();
    let pairs: Vec<(&str, &str)> = fields.iter().map(|name| (name.as_str(), "")).collect();
    for rest in ENDPOINTS {
        for (content_type, body, status) in [
            (FORM, format!("code={huge}"), 413),
            (FORM, huge.clone(), 413),
            (MULTIPART, multipart(&[("code", &huge)]), 413),
            (FORM, fields.join("&"), 400),
            // Larger than any body may be, before it is too many.
            (MULTIPART, multipart(&pairs), 413),
            (MULTIPART, multipart(&pairs[..500]), 400),
            (FORM, "&".repeat(10_000), 400),
        ] {
            let reply = send(&world, rest, content_type, body, &authorization).await;
            let code = reply.json()["error"].as_str().unwrap().to_owned();
            assert_eq!(
                (reply.status.as_u16(), code.as_str()),
                (status, "invalid_request")
            );
        }
    }
    for rest in ["auth-ui/login", "login/authorize"] {
        let path = world.path(rest);
        let reply = world.post_form(&path, &[("state", &huge)], None).await;
        reply.page(413, "bad_form");
    }
}

#[tokio::test]
async fn introspection_and_revocation_take_multipart_forms_and_no_json() {
    let world = World::new().await;
    let authorization = world.server_authorization();
    let code = world.code_for(&world.server_request("openid")).await;
    let token = world.redeem_as_server(&code).await.json();
    let fields = [("token", token["access_token"].as_str().unwrap())];
    let json = serde_json::json!({"token": fields[0].1}).to_string();
    for rest in &ENDPOINTS[1..] {
        let reply = send(
            &world,
            rest,
            "application/json",
            json.clone(),
            &authorization,
        )
        .await;
        reply.error(400, "invalid_request");
        let reply = send(&world, rest, MULTIPART, multipart(&fields), &authorization).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
        assert_eq!(
            reply.body.contains(r#""active":true"#),
            rest.ends_with("introspect")
        );
    }
    let introspect = ENDPOINTS[1];
    let reply = send(
        &world,
        introspect,
        MULTIPART,
        multipart(&fields),
        &authorization,
    )
    .await;
    assert_eq!(reply.body, r#"{"active":false}"#);
}

#[tokio::test]
async fn parameters_in_the_address_are_refused_and_change_nothing() {
    let world = World::new().await;
    let token = world.login("openid").await;
    let access_token = token["access_token"].as_str().unwrap();
    let client = world.seed.clients[0].id.as_str();
    for rest in ENDPOINTS {
        for (name, value) in [
            ("token", access_token),
            ("token_type_hint", "access_token"),
            ("refresh_token", token["refresh_token"].as_str().unwrap()),
            ("client_id", client),
            ("client_secret", "x"),
            ("grant_type", "refresh_token"),
            ("code", "x"),
            ("code_verifier", "x"),
            ("redirect_uri", CALLBACK),
            ("scope", "openid"),
        ] {
            let path = format!("{}?{}", world.path(rest), encode(&[(name, value)]));
            let form = [("token", access_token), ("client_id", client)];
            let reply = world.post_form(&path, &form, None).await;
            assert_eq!(
                reply.error(400, "invalid_request"),
                "Parameters belong into the body, not into the address"
            );
        }
    }
    assert_eq!(world.userinfo(access_token).await.status, StatusCode::OK);
    // What means nothing is ignored.
    let path = format!("{}?cache=1", world.path("login/token/revoke"));
    let form = [("token", access_token), ("client_id", client)];
    assert_eq!(
        world.post_form(&path, &form, None).await.status,
        StatusCode::OK
    );
}
