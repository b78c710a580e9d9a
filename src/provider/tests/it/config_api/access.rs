//! Who may make which call.

use super::{Caller, Contract, refused, text_of};
use crate::world::{Reply, World, basic};
use axum::body::Body;
use http::{Method, Request, StatusCode, header};
use oidc::scope::Scope;
use policy::admin_scope;
use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::json;

const LIST: &str = "config/tokenPolicies";

/// Lets the configuration client have these scopes, and asks for them.
async fn caller_with<'w>(world: &'w World, scope: &str) -> Caller<'w> {
    let mut policy = world.seed.token_policies[2].clone();
    policy.allowed_scopes = Scope::parse(scope).scope;
    let customer = &world.seed.customer_id;
    assert!(
        world
            .store
            .replace_token_policy(customer, &policy)
            .await
            .unwrap()
    );
    Caller::new(world, scope).await
}

/// The table of the domain notes, section 3.3: each row makes six calls, with
/// two policies that nobody uses.
#[tokio::test]
async fn scopes_allow_the_calls_of_the_table() {
    let table = [
        ("*:**", "yyyyyy"),
        (".:**", "y-y---"),
        ("*:config/**", "yyyyyy"),
        ("*:config/tokenPolicies", "yy----"),
        ("-:config/tokenPolicies/{id}", "----y-"),
        (".:config/** *:config/tokenPolicies/**", "yyyyyy"),
        (".:config/** =:config/tokenPolicies/*", "y-yy--"),
        ("*.**", "------"),
        ("", "------"),
    ];
    let world = World::new().await;
    for (scope, expected) in table {
        let admin = caller_with(&world, "*:**").await;
        let body = json!({"title": "New"});
        let id = admin.made(LIST, &body).await;
        let other = admin.made(LIST, &body).await;
        let caller = caller_with(&world, &scope.replace("{id}", &id)).await;
        let (item, other) = (format!("{LIST}/{id}"), format!("{LIST}/{other}"));
        let replies = [
            caller.get(LIST).await,
            caller.post(LIST, &body).await,
            caller.get(&item).await,
            caller.put(&item, &body).await,
            caller.delete(&item).await,
            caller.delete(&other).await,
        ];
        let answers: String = replies.iter().map(allowed).collect();
        assert_eq!(answers, expected, "{scope}");
    }
}

/// What the API said, as the table writes it.
fn allowed(reply: &Reply) -> char {
    if reply.status.is_success() {
        return 'y';
    }
    refused(reply, 403, "Forbidden");
    '-'
}

/// Any scopes, most of them about paths that there are.
fn some_scopes() -> impl Strategy<Value = String> {
    let segment = || {
        prop::sample::select(vec![
            "**",
            "*",
            "config",
            "tokenPolicies",
            "loginPolicies",
            "clients",
            "people",
            "secret",
            "pushClaims",
            "allowedResponseTypes",
            "keys",
            "rotate",
            "reset",
            "none",
            "other",
        ])
    };
    let path = prop::collection::vec(segment(), 1..4).prop_map(|segments| segments.join("/"));
    let below_config = path.clone().prop_map(|path| format!("config/{path}"));
    let action = prop::sample::select(vec!["*", ".", "+", "=", "-", "!", ""]);
    let scope = (action, prop_oneof![2 => below_config, 1 => path])
        .prop_map(|(action, path)| format!("{action}:{path}"));
    let slip = prop::sample::select(vec!["openid", "XXXXX", "*.**"]).prop_map(str::to_owned);
    let one = prop_oneof![8 => scope, 1 => slip];
    prop::collection::vec(one, 0..4).prop_map(|scopes| scopes.join(" "))
}

/// Nothing but the scopes decides, on any operation there is.
#[test]
fn every_operation_is_allowed_exactly_when_the_scopes_say_so() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let world = runtime.block_on(World::new());
    let mut runner = TestRunner::new(ProptestConfig::with_cases(48));
    let agrees = |scope: String| {
        runtime.block_on(check_every_operation(&world, &scope));
        Ok(())
    };
    runner.run(&some_scopes(), agrees).unwrap();
}

async fn check_every_operation(world: &World, scope: &str) {
    let caller = caller_with(world, scope).await;
    let granted = Scope::parse(scope).scope;
    for (path, method, _) in caller.contract.administrative() {
        let path = path.trim_start_matches('/').replace("{id}", "none");
        let expected = admin_scope::allows(&granted, method.as_str(), &path);
        // What would end the token, and with it the test.
        if expected && path == "config/reset" {
            continue;
        }
        let reply = caller.send(method.clone(), &path, "").await;
        let refused = reply.status == StatusCode::FORBIDDEN;
        assert_eq!(
            refused, !expected,
            "{scope:?} {method} {path}: {}",
            reply.body
        );
    }
}

#[tokio::test]
async fn without_a_bearer_token_every_call_is_unauthorized() {
    let world = World::new().await;
    let contract = Contract::of(&world).await;
    let broken = ["Bearer", "Bearer ", "Bearer a b", "Token abc", "abc"].map(str::to_owned);
    let authorizations = broken
        .into_iter()
        .chain([world.configuration_authorization()]);
    let authorizations: Vec<_> = authorizations.map(Some).chain([None]).collect();
    for (path, method, _) in contract.administrative() {
        for authorization in &authorizations {
            let rest = path.trim_start_matches('/').replace("{id}", "none");
            let mut request = Request::builder().method(&method).uri(world.path(&rest));
            if let Some(value) = authorization {
                request = request.header(header::AUTHORIZATION, value);
            }
            let reply = world.send(request.body(Body::empty()).unwrap()).await;
            refused(&reply, 401, "Unauthorized");
            contract.check(&method, &rest, "", &reply);
            let challenge = reply.header("www-authenticate").unwrap();
            assert!(challenge.starts_with("Bearer"), "{challenge}");
        }
    }
}

#[tokio::test]
async fn every_token_that_is_no_live_administrative_one_is_forbidden() {
    let world = World::new().await;
    let person = world.login("openid").await;
    for text in [
        "unknown",
        person["access_token"].as_str().unwrap(),
        person["id_token"].as_str().unwrap(),
        person["refresh_token"].as_str().unwrap(),
    ] {
        let caller = Caller::with(&world, text).await;
        refused(&caller.get(LIST).await, 403, "Forbidden");
    }
    let caller = Caller::new(&world, "*:**").await;
    world.clock.advance(3599);
    assert_eq!(caller.get(LIST).await.status, StatusCode::OK);
    world.clock.advance(1);
    refused(&caller.get(LIST).await, 403, "Forbidden");
}

#[tokio::test]
async fn a_token_can_be_made_to_expire_and_is_forbidden_then() {
    let world = World::new().await;
    let token = world.administrative("*:**").await;
    let token = token["access_token"].as_str().unwrap();
    let caller = Caller::with(&world, token).await;
    let customer = world.seed.customer_id.as_str();
    for (customer, token) in [("another", token), (customer, "unknown")] {
        let expired = world.provider.expire_token(customer, token).await;
        assert!(!expired.unwrap());
    }
    assert_eq!(caller.get(LIST).await.status, StatusCode::OK);
    for expected in [true, false] {
        let expired = world.provider.expire_token(customer, token).await;
        assert_eq!(expired.unwrap(), expected);
        refused(&caller.get(LIST).await, 403, "Forbidden");
    }
}

/// The list for others has every operation that takes a token, and only those.
#[tokio::test]
async fn the_list_of_calls_is_the_one_the_document_describes() {
    let world = World::new().await;
    let contract = Contract::of(&world).await;
    let mut described: Vec<(String, String)> = contract
        .administrative()
        .map(|(path, method, _)| (path.trim_start_matches('/').to_owned(), method.to_string()))
        .collect();
    let mut listed: Vec<(String, String)> = provider::configuration_calls()
        .into_iter()
        .map(|call| (call.path.to_owned(), call.method.to_string()))
        .collect();
    described.sort();
    listed.sort();
    assert_eq!(listed, described);
}

/// A person's token is no key, even where the policy lists such scopes.
#[tokio::test]
async fn a_persons_token_is_forbidden_whatever_its_scopes() {
    let world = World::new().await;
    let mut policy = world.seed.token_policies[1].clone();
    policy.allowed_scopes = Scope::parse("openid *:** *:config/**").scope;
    let customer = &world.seed.customer_id;
    assert!(
        world
            .store
            .replace_token_policy(customer, &policy)
            .await
            .unwrap()
    );
    let request = world.server_request("openid *:** *:config/**");
    let token = world
        .redeem_as_server(&world.code_for(&request).await)
        .await;
    let token = token.json()["access_token"].as_str().unwrap().to_owned();
    let caller = Caller::with(&world, &token).await;
    refused(&caller.get(LIST).await, 403, "Forbidden");
    // Nor does a client that signs people in get an administrative one.
    let form = [("grant_type", "client_credentials"), ("scope", "*:**")];
    let reply = world
        .token(&form, Some(&world.server_authorization()))
        .await;
    reply.error(400, "unauthorized_client");
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
    // Nor is what is the other's found with the own token.
    let store = &world.store;
    let of = &other.id;
    let (policies, logins) = (
        store.token_policies(of).await.unwrap(),
        store.login_policies(of).await.unwrap(),
    );
    let (clients, people) = (
        store.clients(of).await.unwrap(),
        store.people(of).await.unwrap(),
    );
    for path in [
        format!("config/tokenPolicies/{}", policies[0].id),
        format!("config/loginPolicies/{}", logins[0].id),
        format!("config/loginPolicies/{}/pushClaims", logins[0].id),
        format!("config/clients/{}", clients[1].id),
        format!("config/clients/{}/secret", clients[1].id),
        format!("config/people/{}", people[0].profile.uuid),
    ] {
        refused(&caller.get(&path).await, 404, "Not Found");
        if !path.ends_with("secret") && !path.ends_with("pushClaims") {
            refused(&caller.delete(&path).await, 404, "Not Found");
        }
    }
    let body = json!({"title": "Mine"});
    let reply = caller
        .put(&format!("{LIST}/{}", policies[0].id), &body)
        .await;
    refused(&reply, 404, "Not Found");
    // And no client is put under the other's policies.
    let body = json!({"name": "Mine", "type": "confidential", "tokenPolicy": policies[2].id});
    let errors = text_of(&caller.post("config/clients", &body).await, 422);
    assert_eq!(errors, "('tokenPolicy',) there is no such token policy");
}

#[tokio::test]
async fn a_secret_that_was_reset_gets_no_more_tokens() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:**").await;
    let client = &world.seed.clients[2];
    let path = format!("config/clients/{}/secret", client.id);
    let reply = caller.send(Method::POST, &path, "").await;
    let secret = reply.json()["secret"].as_str().unwrap().to_owned();
    let form = [("grant_type", "client_credentials"), ("scope", ".:**")];
    let ask = async |secret: &str| world.token(&form, Some(&basic(&client.id, secret))).await;
    ask(client.secret.as_deref().unwrap())
        .await
        .error(401, "invalid_client");
    assert_eq!(ask(&secret).await.status, StatusCode::OK);
    // The token that is there stays.
    assert_eq!(caller.get(LIST).await.status, StatusCode::OK);
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let world = World::new().await;
    let caller = Caller::new(&world, ".:**").await;
    let item = format!("{LIST}/{}", world.seed.token_policies[0].id);
    for path in [LIST, &item, "config/people", "config/openapi.json"] {
        let head = caller.send(Method::HEAD, path, "").await;
        let get = caller.get(path).await;
        assert_eq!(head.status, get.status);
        assert_eq!(head.header("content-length"), get.header("content-length"));
    }
    let none = Caller::new(&world, "+:**").await;
    let head = none.send(Method::HEAD, LIST, "").await;
    assert_eq!(
        (head.status, head.body.as_str()),
        (StatusCode::FORBIDDEN, "")
    );
}

#[tokio::test]
async fn methods_that_are_not_taken_are_refused_in_the_apis_words() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:**").await;
    for (path, methods) in [
        (LIST, "GET,HEAD,POST"),
        ("config/tokenPolicies/none", "GET,HEAD,PUT,DELETE"),
        ("config/clients/none/secret", "GET,HEAD,POST"),
        ("config/keys/rotate", "POST"),
        ("config/reset", "POST"),
        ("config/openapi.json", "GET,HEAD"),
    ] {
        let send = async |method: &str| caller.send(method.parse().unwrap(), path, "").await;
        let other = send("PATCH").await;
        assert_eq!(text_of(&other, 405), "Method Not Allowed");
        assert_eq!(other.header("allow"), Some(methods), "{path}");
        let options = send("OPTIONS").await;
        assert_eq!((options.status.as_u16(), options.body.as_str()), (204, ""));
        assert_eq!(options.header("allow"), Some(methods), "{path}");
    }
}

#[tokio::test]
async fn other_origins_get_no_leave() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:**").await;
    for method in [Method::GET, Method::OPTIONS, Method::POST] {
        for path in [LIST, "config/openapi.json", "config/nothing"] {
            let request = Request::builder()
                .method(&method)
                .uri(world.path(path))
                .header(header::ORIGIN, "https://evil.example")
                .header(header::ACCESS_CONTROL_REQUEST_METHOD, "DELETE")
                .header(header::AUTHORIZATION, &caller.authorization);
            let reply = world.send(request.body(Body::empty()).unwrap()).await;
            let cors = |name: &http::HeaderName| name.as_str().starts_with("access-control-");
            assert!(
                !reply.headers.keys().any(cors),
                "{method} {path}: {reply:?}"
            );
        }
    }
}

#[tokio::test]
async fn what_there_is_not_is_not_found() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:**").await;
    for path in [
        "config",
        "config/nothing",
        "config/clients/a/b/c",
        "config/tokenPolicies/",
        "config/tokenPolicies/none",
        // An encoded slash does not make a path of it, and what is no text names nothing.
        "config/tokenPolicies/a%2Fb",
        "config/tokenPolicies/%FF",
    ] {
        refused(&caller.get(path).await, 404, "Not Found");
    }
    let reply = world
        .get_with("/nobody/config/clients", &caller.authorization)
        .await;
    refused(&reply, 404, "Not Found");
}
