//! The token endpoint: which bodies it reads.

use crate::world::{CALLBACK, Reply, World};
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

async fn send(world: &World, content_type: &str, body: String, authorization: &str) -> Reply {
    let request = Request::post(world.path("login/token"))
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
    let reply = send(&world, "application/json", json, &authorization).await;
    reply.error(400, "invalid_request");
    let reply = send(
        &world,
        "multipart/form-data; boundary=x",
        multipart(&fields),
        &authorization,
    )
    .await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    let twice = multipart(&[("scope", "a"), ("scope", "b")]);
    let reply = send(
        &world,
        "multipart/form-data; boundary=x",
        twice,
        &authorization,
    )
    .await;
    reply.error(400, "invalid_request");
    let broken = multipart(&fields).replace("--x--", "");
    let reply = send(
        &world,
        "multipart/form-data; boundary=x",
        broken,
        &authorization,
    )
    .await;
    reply.error(400, "invalid_request");
}

#[tokio::test]
async fn huge_bodies_and_endless_fields_are_refused() {
    let world = World::new().await;
    let authorization = world.server_authorization();
    let huge = "x".repeat(5_000_000);
    let form = "application/x-www-form-urlencoded";
    let reply = send(&world, form, format!("code={huge}"), &authorization).await;
    reply.error(413, "invalid_request");
    let body = multipart(&[("code", &huge)]);
    let reply = send(
        &world,
        "multipart/form-data; boundary=x",
        body,
        &authorization,
    )
    .await;
    reply.error(413, "invalid_request");
    let fields: Vec<String> = (0..10_000).map(|n| format!("f{n}")).collect();
    let reply = send(&world, form, fields.join("&"), &authorization).await;
    reply.error(400, "invalid_request");
    let path = world.path("auth-ui/login");
    let reply = world.post_form(&path, &[("email", &huge)], None).await;
    reply.page(413, "bad_form");
    let reply = world
        .post_form(&world.path("login/authorize"), &[("state", &huge)], None)
        .await;
    reply.page(413, "bad_form");
}
