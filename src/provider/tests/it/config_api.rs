//! The configuration API.

use crate::world::{Reply, World};
use axum::body::Body;
use http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};

/// A caller with one scope.
struct Caller<'w> {
    world: &'w World,
    authorization: String,
}

impl<'w> Caller<'w> {
    async fn new(world: &'w World, scope: &str) -> Self {
        let token = world.administrative(scope).await;
        Self {
            world,
            authorization: format!("Bearer {}", token["access_token"].as_str().unwrap()),
        }
    }

    async fn send(&self, method: Method, rest: &str, body: &str) -> Reply {
        let request = Request::builder()
            .method(method)
            .uri(self.world.path(rest))
            .header(header::AUTHORIZATION, &self.authorization)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_owned()))
            .unwrap();
        self.world.send(request).await
    }

    async fn get(&self, rest: &str) -> Reply {
        self.send(Method::GET, rest, "").await
    }

    async fn put(&self, id: &str, body: &Value) -> Reply {
        self.send(Method::PUT, &item(id), &body.to_string()).await
    }
}

const LIST: &str = "config/tokenPolicies";

fn item(id: &str) -> String {
    format!("{LIST}/{id}")
}

fn refused(reply: &Reply, status: u16, errors: &str) {
    assert_eq!(reply.status.as_u16(), status, "{}", reply.body);
    assert_eq!(reply.json(), json!({"errors": errors}));
}

#[tokio::test]
async fn the_list_names_every_policy_and_links_to_it() {
    let world = World::new().await;
    let caller = Caller::new(&world, ".:**").await;
    let reply = caller.get(LIST).await;
    assert_eq!(reply.status, StatusCode::OK);
    insta::assert_snapshot!(reply.body, @r#"{"total":3,"_embedded":{"tokenPolicies":[{"id":"00000000-0000-4000-8000-000000000011","title":"Storefront","_links":{"self":{"href":"/00000000-0000-4000-8000-000000000001/config/tokenPolicies/00000000-0000-4000-8000-000000000011"}}},{"id":"00000000-0000-4000-8000-000000000012","title":"Everything","_links":{"self":{"href":"/00000000-0000-4000-8000-000000000001/config/tokenPolicies/00000000-0000-4000-8000-000000000012"}}},{"id":"00000000-0000-4000-8000-000000000013","title":"Configuration","_links":{"self":{"href":"/00000000-0000-4000-8000-000000000001/config/tokenPolicies/00000000-0000-4000-8000-000000000013"}}}]}}"#);
    for policy in reply.json()["_embedded"]["tokenPolicies"]
        .as_array()
        .unwrap()
    {
        let link = policy["_links"]["self"]["href"].as_str().unwrap();
        let reply = world.get_with(link, &caller.authorization).await;
        assert_eq!(reply.json()["title"], policy["title"]);
    }
}

#[tokio::test]
async fn one_policy_is_shown_whole() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:config/**").await;
    let reply = caller.get(&item(&world.seed.token_policies[0].id)).await;
    insta::assert_snapshot!(reply.body, @r#"{"id":"00000000-0000-4000-8000-000000000011","title":"Storefront","accessTokenLifetime":3600,"refreshTokenLifetime":7776000,"allowedScopes":["openid","profile"],"useAccessJWT":false,"_links":{"self":{"href":"/00000000-0000-4000-8000-000000000001/config/tokenPolicies/00000000-0000-4000-8000-000000000011"}}}"#);
}

#[tokio::test]
async fn put_replaces_all_of_it() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:config/**").await;
    let id = world.seed.token_policies[0].id.clone();
    let body = json!({
        "id": "another", "_links": {}, "unknown": 1,
        "title": "Shop", "accessTokenLifetime": "1800", "refreshTokenLifetime": 36000,
        "allowedScopes": ["openid", "address", "not-in-discovery"], "useAccessJWT": true
    });
    let reply = caller.put(&id, &body).await;
    assert_eq!(reply.status, StatusCode::OK);
    let shown = reply.json();
    assert_eq!(shown["id"], id);
    assert_eq!(shown["title"], "Shop");
    assert_eq!(shown["accessTokenLifetime"], 1800);
    assert_eq!(
        shown["allowedScopes"],
        json!(["openid", "address", "not-in-discovery"])
    );
    assert_eq!(shown["useAccessJWT"], true);
    assert!(
        shown["_links"]["self"]["href"]
            .as_str()
            .unwrap()
            .ends_with(&id)
    );
    assert_eq!(caller.get(&item(&id)).await.json(), shown);
    // What the next body leaves out gets its default, and does not stay.
    let shown = caller.put(&id, &json!({"title": "Shop"})).await.json();
    assert_eq!(shown["accessTokenLifetime"], 3600);
    assert_eq!(shown["refreshTokenLifetime"], 7_776_000);
    assert_eq!(shown["useAccessJWT"], false);
}

#[tokio::test]
async fn leaving_allowed_scopes_out_widens_the_policy_to_every_scope() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:config/**").await;
    let id = world.seed.token_policies[0].id.clone();
    assert_eq!(world.login("openid address").await["scope"], "openid");
    let shown = caller
        .put(&id, &json!({"title": "Storefront"}))
        .await
        .json();
    assert_eq!(
        shown["allowedScopes"],
        json!(["openid", "profile", "email", "address", "phone"])
    );
    assert_eq!(
        world.login("openid address").await["scope"],
        "openid address"
    );
}

#[tokio::test]
async fn adding_a_scope_with_get_and_put_brings_the_claim() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:config/**").await;
    let path = item(&world.seed.token_policies[0].id);
    let mut policy = caller.get(&path).await.json();
    policy["allowedScopes"]
        .as_array_mut()
        .unwrap()
        .push(json!("address"));
    let reply = caller.send(Method::PUT, &path, &policy.to_string()).await;
    assert_eq!(reply.json(), policy);
    let token = world.login("openid profile address").await;
    let claims = world
        .userinfo(token["access_token"].as_str().unwrap())
        .await
        .json();
    assert_eq!(claims["address"]["locality"], "Portland");
}

#[tokio::test]
async fn without_a_bearer_token_a_call_is_unauthorized() {
    let world = World::new().await;
    let path = world.path(LIST);
    let replies = [
        world.get(&path).await,
        world.get_with(&path, "Bearer").await,
        world.get_with(&path, &world.server_authorization()).await,
    ];
    for reply in replies {
        refused(&reply, 401, "Unauthorized");
        assert!(
            reply
                .header("www-authenticate")
                .unwrap()
                .starts_with("Bearer")
        );
    }
}

#[tokio::test]
async fn a_token_that_does_not_cover_the_call_is_forbidden() {
    let world = World::new().await;
    let everything = world.seed.token_policies[1].id.clone();
    let delete_one = format!("-:config/tokenPolicies/{everything}");
    let body = json!({"title": "New"}).to_string();
    // Scope, may list, may read one, may replace one.
    let table = [
        ("*:**", true, true, true),
        ("*:config/**", true, true, true),
        (".:**", true, true, false),
        ("*:config/tokenPolicies", true, false, false),
        (delete_one.as_str(), false, false, false),
        ("openid", false, false, false),
        ("XXXXX", false, false, false),
        ("", false, false, false),
    ];
    for (scope, list, read, replace) in table {
        let caller = Caller::new(&world, scope).await;
        let check = |reply: &Reply, allowed: bool| {
            if allowed {
                assert_eq!(reply.status, StatusCode::OK, "{scope}");
            } else {
                refused(reply, 403, "Forbidden");
            }
        };
        check(&caller.get(LIST).await, list);
        check(&caller.get(&item(&everything)).await, read);
        let reply = caller.send(Method::PUT, &item(&everything), &body).await;
        check(&reply, replace);
        let head = caller.send(Method::HEAD, LIST, "").await;
        assert_eq!(head.status == StatusCode::OK, list, "{scope}");
    }
}

#[tokio::test]
async fn every_token_that_is_no_live_administrative_one_is_forbidden() {
    let world = World::new().await;
    let path = world.path(LIST);
    let person = world.login("openid").await;
    for text in [
        "unknown",
        person["access_token"].as_str().unwrap(),
        person["id_token"].as_str().unwrap(),
    ] {
        let reply = world.get_with(&path, &format!("Bearer {text}")).await;
        refused(&reply, 403, "Forbidden");
    }
    let caller = Caller::new(&world, "*:**").await;
    world.clock.advance(3599);
    assert_eq!(caller.get(LIST).await.status, StatusCode::OK);
    world.clock.advance(1);
    refused(&caller.get(LIST).await, 403, "Forbidden");
}

#[tokio::test]
async fn another_customers_token_is_forbidden() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:**").await;
    let key = provider::SandboxKey::generate();
    let other = world.provider.ensure_sandbox(&key).await.unwrap();
    let path = format!("/{}/{LIST}", other.id);
    let reply = world.get_with(&path, &caller.authorization).await;
    refused(&reply, 403, "Forbidden");
    // Nor are the other's policies found with the own token.
    let policies = world.store.token_policies(&other.id).await.unwrap();
    refused(&caller.get(&item(&policies[0].id)).await, 404, "Not Found");
    let reply = caller.put(&policies[0].id, &json!({"title": "Mine"})).await;
    refused(&reply, 404, "Not Found");
}

#[tokio::test]
async fn a_body_that_cannot_be_stored_is_refused_and_changes_nothing() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:**").await;
    let path = item(&world.seed.token_policies[0].id);
    let before = caller.get(&path).await.body;
    for malformed in [
        "",
        "{",
        "[]",
        "\"title\"",
        // The comma that one documented snippet forgets.
        r#"{"title":"x","allowedScopes":["openid" "profile"]}"#,
    ] {
        let reply = caller.send(Method::PUT, &path, malformed).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{malformed}");
        assert!(reply.json()["errors"].is_string());
    }
    let table = [
        (json!({}), "('title',) field required"),
        (
            json!({"title": "x", "accessTokenLifetime": 3601}),
            "('accessTokenLifetime',) ensure this value is less than or equal to 3600",
        ),
        (
            json!({"title": "x", "accessTokenLifetime": "59"}),
            "('accessTokenLifetime',) ensure this value is greater than or equal to 60",
        ),
        (
            json!({"title": "x", "refreshTokenLifetime": "long"}),
            "('refreshTokenLifetime',) value is not a valid integer",
        ),
        (
            json!({"title": "x", "allowedScopes": "openid"}),
            "('allowedScopes',) value is not a valid list",
        ),
        (
            json!({"title": "x", "useAccessJWT": "yes"}),
            "('useAccessJWT',) value could not be parsed to a boolean",
        ),
    ];
    for (body, errors) in table {
        let reply = caller.send(Method::PUT, &path, &body.to_string()).await;
        refused(&reply, 422, errors);
    }
    let huge = json!({"title": "x".repeat(100_000)}).to_string();
    let reply = caller.send(Method::PUT, &path, &huge).await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(reply.json()["errors"].is_string());
    assert_eq!(caller.get(&path).await.body, before);
}

#[tokio::test]
async fn an_unknown_policy_is_not_found() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:**").await;
    refused(&caller.get(&item("unknown")).await, 404, "Not Found");
    let reply = caller.put("unknown", &json!({"title": "x"})).await;
    refused(&reply, 404, "Not Found");
    // An encoded slash does not make a path of it.
    let reply = caller.get(&item("a%2Fb")).await;
    refused(&reply, 404, "Not Found");
}
