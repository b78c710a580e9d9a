//! The OpenAPI document.

use super::{Caller, Contract};
use crate::world::{Reply, World};
use axum::body::Body;
use http::{Method, Request};
use provider::Settings;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use store::Store;

#[tokio::test]
async fn the_document_is_there_for_everybody_and_about_this_customer() {
    let world = World::new().await;
    let reply = world.get(&world.path("config/openapi.json")).await;
    let document = reply.json();
    assert_eq!(document["openapi"], "3.1.1");
    let base = world.provider.base(&world.seed.customer_id);
    assert_eq!(document["servers"], json!([{"url": base}]));
    assert_eq!(reply.header("cache-control"), Some("public, max-age=300"));
    assert_eq!(
        world
            .get("/nobody/config/openapi.json")
            .await
            .status
            .as_u16(),
        404
    );
}

#[tokio::test]
async fn every_reference_leads_somewhere_and_every_schema_is_one() {
    let world = World::new().await;
    let contract = Contract::of(&world).await;
    let mut schemas = 0;
    walk(&contract.document, &mut |name, value| {
        if name == "$ref" {
            let pointer = value.as_str().unwrap().trim_start_matches('#');
            assert!(contract.document.pointer(pointer).is_some(), "{value}");
        }
        if name == "schema" {
            contract.validator(value);
            schemas += 1;
        }
    });
    assert!(schemas > 50, "{schemas}");
}

fn walk(value: &Value, visit: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                visit(name, value);
                walk(value, visit);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| walk(item, visit)),
        _ => {}
    }
}

#[tokio::test]
async fn operations_have_names_of_their_own_and_say_what_they_do() {
    let world = World::new().await;
    let contract = Contract::of(&world).await;
    let mut names = BTreeSet::new();
    for (path, _, operation) in contract.operations() {
        let name = operation["operationId"].as_str().unwrap();
        assert!(names.insert(name.to_owned()), "{name}");
        assert!(operation["summary"].as_str().unwrap().len() > 10, "{name}");
        assert_eq!(
            path.contains('{'),
            operation["parameters"].is_array(),
            "{name}"
        );
        assert!(operation["responses"]["404"].is_object(), "{name}");
    }
    for (path, method, operation) in contract.administrative() {
        let without_body = ["/config/reset", "/config/keys/rotate"].contains(&path)
            || path.ends_with("/secret")
            || matches!(method, Method::GET | Method::DELETE);
        assert_eq!(
            without_body,
            operation["requestBody"].is_null(),
            "{method} {path}"
        );
    }
}

/// Every address that programs call, and its methods, by asking.
#[tokio::test]
async fn what_the_router_answers_is_what_the_document_lists() {
    let world = World::new().await;
    let contract = Contract::of(&world).await;
    let mut documented: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, method, _) in contract.operations() {
        let methods = documented.entry(path.to_owned()).or_default();
        methods.insert(method.to_string());
        if method == Method::GET {
            methods.insert("HEAD".to_owned());
        }
    }
    let mut routed = BTreeMap::new();
    let caller = Caller::new(&world, "*:**").await;
    for path in routes(&world) {
        let asked = asked(&path);
        let reply = caller.send(Method::TRACE, &asked, "").await;
        let methods = reply.header("allow").unwrap_or_default().split(',');
        routed.insert(path, methods.map(str::to_owned).collect::<BTreeSet<_>>());
    }
    assert_eq!(routed, documented);
}

/// One of the paths that a template stands for.
fn asked(template: &str) -> String {
    let template = template.trim_start_matches('/');
    let segments = template.split('/').map(|segment| match segment {
        parameter if parameter.starts_with('{') => "none",
        literal => literal,
    });
    segments.collect::<Vec<_>>().join("/")
}

/// The router's own list, as its `Debug` form prints it, without what browsers
/// are sent to and what refuses everything.
fn routes(world: &World) -> BTreeSet<String> {
    let printed = format!("{:?}", world.provider.endpoints());
    printed
        .split('"')
        .filter_map(|text| text.strip_prefix("/{customer}"))
        .filter(|path| !path.contains("{*"))
        .filter(|path| !["/config", "/login/authorize"].contains(path))
        .map(str::to_owned)
        .collect()
}

/// The links lead from what was made to what can be done with it.
#[tokio::test]
async fn what_is_made_leads_to_its_own_address() {
    let world = World::new().await;
    let contract = Contract::of(&world).await;
    for (list, item) in [
        ("createTokenPolicy", "getTokenPolicy"),
        ("createLoginPolicy", "setPushClaims"),
        ("createClient", "resetClientSecret"),
        ("createPerson", "deletePerson"),
        ("createFault", "deleteFault"),
    ] {
        let (_, _, operation) = contract
            .operations()
            .find(|(_, _, operation)| operation["operationId"] == list)
            .unwrap();
        let links = &operation["responses"]["201"]["links"];
        assert_eq!(links[item]["operationId"], item, "{list}");
    }
}

/// The document says of quoted numbers what the API takes.
#[tokio::test]
async fn lifetimes_in_quotes_have_the_bounds_of_numbers() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:**").await;
    let draft = &caller.contract.document["components"]["schemas"]["TokenPolicyDraft"];
    let described = caller.contract.validator(draft);
    let path = format!("config/tokenPolicies/{}", world.seed.token_policies[0].id);
    for (member, most) in [
        ("accessTokenLifetime", 3600),
        ("refreshTokenLifetime", 31_557_600),
    ] {
        let around = [
            0, 9, 59, 60, 99, 100, 999, 1000, 2999, 3599, 3601, 9_999_999,
        ]
        .into_iter()
        .chain([29_999_999, 31_499_999, 31_549_999, 31_556_999, 31_557_599])
        .chain([
            31_557_601,
            31_557_700,
            31_558_000,
            40_000_000,
            most,
            most + 1,
        ]);
        for seconds in around {
            let body = json!({"title": "t", member: seconds.to_string()});
            let taken = caller.put(&path, &body).await.status.is_success();
            assert_eq!(taken, (60..=most).contains(&seconds), "{member} {seconds}");
            assert_eq!(taken, described.is_valid(&body), "{member} {seconds}");
        }
    }
}

/// The document says of addresses what the API takes, in the usual spellings.
#[tokio::test]
async fn addresses_are_described_as_they_are_taken() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:**").await;
    let draft = &caller.contract.document["components"]["schemas"]["ClientDraft"];
    let described = caller.contract.validator(draft);
    let path = format!("config/clients/{}", world.seed.clients[0].id);
    let mut body = caller.get(&path).await.json();
    for uri in [
        "https://shop.example",
        "https://shop.example/cb?x=%20[1]",
        "https://shop.example?x",
        "https://shop.example:65499/",
        "https://[2001:db8:0:0:0:0:0:1]:8443/cb",
        "https://[::1]/",
        "http://localhost:3001/redirect_uri",
        "http://127.0.0.1",
        "http://[::1]:80?x",
        "aic-demo://auth-callback",
        "com.example.app:/callback",
        "urn:ietf:wg:oauth:2.0:oob",
        "",
        "https",
        "https:",
        "https:/shop.example",
        "https://",
        "https://:443/",
        "https://shop..example/",
        "https://*.example/",
        "https://shop.example:/",
        "https://shop.example:70000/",
        "https://[::g]/",
        "https://me@shop.example/",
        "https://shop.example/#top",
        "https://shop.example/%2",
        "https://shop.example/a b",
        "https://shop.example/é",
        "http://shop.example/",
        "http://localhost.evil.example/",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "/cb",
    ] {
        body["redirectURIs"] = json!([uri]);
        let taken = caller.put(&path, &body).await.status.is_success();
        assert_eq!(taken, described.is_valid(&body), "{uri}");
        // Else the next body would be taken for being there already.
        body["redirectURIs"] = json!([]);
        caller.put(&path, &body).await;
    }
}

/// What else programs call, well and badly.
#[tokio::test]
async fn the_protocol_endpoints_answer_as_documented() {
    let world = World::with(in_memory().await, loopback()).await;
    let contract = Contract::of(&world).await;
    let check = |method: Method, rest: &str, status: u16, reply: &Reply| {
        assert_eq!(reply.status.as_u16(), status, "{rest}: {}", reply.body);
        contract.check(&method, rest, "{}", reply);
    };
    for path in ["login/.well-known/openid-configuration", "login/jwk"] {
        check(Method::GET, path, 200, &world.get(&world.path(path)).await);
        let reply = world.get(&format!("/nobody/{path}")).await;
        check(Method::GET, path, 404, &reply);
    }
    let redeemed = world.redeem(&world.code("openid profile").await).await;
    check(Method::POST, "login/token", 200, &redeemed);
    let token = redeemed.json()["access_token"].as_str().unwrap().to_owned();
    let form = [("grant_type", "client_credentials"), ("scope", "XXXXX")];
    let proof = world.configuration_authorization();
    let reply = world.token(&form, Some(&proof)).await;
    check(Method::POST, "login/token", 200, &reply);
    check(
        Method::POST,
        "login/token",
        401,
        &world.token(&form, None).await,
    );
    check(
        Method::POST,
        "login/token",
        400,
        &world.redeem("none").await,
    );

    let path = "login/token/introspect";
    for (given, proof, status) in [
        (token.as_str(), Some(proof.as_str()), 200),
        ("none", Some(&proof), 200),
        ("none", None, 401),
    ] {
        let form = [("token", given)];
        let reply = world.post_form(&world.path(path), &form, proof).await;
        check(Method::POST, path, status, &reply);
    }
    let path = "profiles/oidc/userinfo";
    check(Method::GET, path, 200, &world.userinfo(&token).await);
    check(Method::GET, path, 401, &world.userinfo("none").await);
    let administrative = world.administrative("*:**").await;
    let administrative = administrative["access_token"].as_str().unwrap();
    check(
        Method::GET,
        path,
        403,
        &world.userinfo(administrative).await,
    );
    let form = [("access_token", token.as_str())];
    let reply = world.post_form(&world.path(path), &form, None).await;
    check(Method::POST, path, 200, &reply);

    let path = "login/token/revoke";
    let form = [
        ("token", token.as_str()),
        ("client_id", &world.seed.clients[0].id),
    ];
    let reply = world.post_form(&world.path(path), &form, None).await;
    check(Method::POST, path, 200, &reply);
    let reply = world.post_form(&world.path(path), &form[..1], None).await;
    check(Method::POST, path, 401, &reply);
}

#[tokio::test]
async fn registration_answers_as_documented() {
    let world = World::with(in_memory().await, loopback()).await;
    let contract = Contract::of(&world).await;
    let path = "login/register";
    let register = async |body: &str| {
        let request = Request::post(world.path(path)).header("content-type", "application/json");
        let reply = world
            .send(request.body(Body::from(body.to_owned())).unwrap())
            .await;
        contract.check(&Method::POST, path, body, &reply);
        reply
    };
    let reply = register(r#"{"redirect_uris":["https://shop.example/cb"]}"#).await;
    assert_eq!(reply.status.as_u16(), 201, "{}", reply.body);
    assert_eq!(
        register(r#"{"redirect_uris":[]}"#).await.status.as_u16(),
        400
    );
    let made = reply.json();
    let rest = format!("{path}/{}", made["client_id"].as_str().unwrap());
    let token = made["registration_access_token"].as_str().unwrap();
    for (token, status) in [(token, 200), ("none", 401)] {
        let reply = world
            .get_with(&world.path(&rest), &format!("Bearer {token}"))
            .await;
        assert_eq!(reply.status.as_u16(), status, "{}", reply.body);
        contract.check(&Method::GET, &rest, "", &reply);
    }
}

async fn in_memory() -> Store {
    Store::open("sqlite::memory:").await.unwrap()
}

/// Where clients register themselves at the demo customer.
fn loopback() -> Settings {
    Settings {
        loopback: true,
        ..Settings::default()
    }
}
