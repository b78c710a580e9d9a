//! Answers that come late, broken or not at all.

use super::{Switches, announced};
use crate::world::{Reply, World, encode};
use axum::body::{Body, to_bytes};
use http::{Method, Request, header};
use policy::{
    fault::{Area, Endpoint, FaultName},
    limits,
};
use serde_json::{Value, json};
use std::{
    sync::{Arc, mpsc},
    time::Duration,
};
use tower::ServiceExt as _;

/// A request to an endpoint that is answered with success, and how.
async fn request(world: &World, endpoint: Endpoint) -> Request<Body> {
    let get = |path: &str| Request::get(path).body(Body::empty()).unwrap();
    let post = |rest: &str, form: &[(&str, &str)]| {
        Request::post(world.path(rest))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::AUTHORIZATION, world.server_authorization())
            .body(Body::from(encode(form)))
            .unwrap()
    };
    match endpoint {
        Endpoint::Discovery => get(&world.path("login/.well-known/openid-configuration")),
        Endpoint::Jwk => get(&world.path("login/jwk")),
        Endpoint::Authorize => get(&world.authorize_path(&world.server_request("openid"))),
        Endpoint::Token => {
            let code = world.code_for(&world.server_request("openid")).await;
            let form = [
                ("grant_type", "authorization_code"),
                ("redirect_uri", crate::world::CALLBACK),
                ("code", code.as_str()),
            ];
            post("login/token", &form)
        }
        Endpoint::UserInfo => {
            let code = world.code_for(&world.server_request("openid")).await;
            let token = world.redeem_as_server(&code).await.json();
            let token = token["access_token"].as_str().unwrap().to_owned();
            let request = Request::get(world.path("profiles/oidc/userinfo"));
            let request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
            request.body(Body::empty()).unwrap()
        }
        Endpoint::Introspect => post("login/token/introspect", &[("token", "any")]),
        Endpoint::Revoke => post("login/token/revoke", &[("token", "any")]),
        // Not open here, which is an answer as well.
        Endpoint::Register => post("login/register", &[]),
        Endpoint::EndSession => {
            let client = &world.seed.clients[1].id;
            get(&world.path(&format!("login/end_session?client_id={client}")))
        }
    }
}

/// Which endpoints answer in JSON.
fn answers_json(endpoint: Endpoint) -> bool {
    !matches!(
        endpoint,
        Endpoint::Authorize | Endpoint::EndSession | Endpoint::Revoke
    )
}

/// How an answer came: what is left of it, and whether it broke off.
struct Came {
    reply: Reply,
    broke: bool,
}

async fn send(world: &World, request: Request<Body>) -> Came {
    let response = world.provider.router().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await;
    let broke = body.is_err();
    let body = body.unwrap_or_default().to_vec();
    let reply = Reply {
        status: parts.status,
        page: parts.extensions.get().cloned(),
        screen: parts.extensions.get().cloned(),
        headers: parts.headers,
        body: String::from_utf8(body).unwrap(),
    };
    Came { reply, broke }
}

/// Whether an answer is as wrong as the fault says; `None` where it cannot be.
fn is_wrong(name: FaultName, came: &Came, endpoint: Endpoint) -> Option<bool> {
    let Came { reply, broke } = came;
    let content_type = reply.header("content-type").unwrap_or_default();
    let outage = |status: u16, retry: Option<&str>| {
        let told = if matches!(endpoint, Endpoint::Authorize | Endpoint::EndSession) {
            reply.page.as_ref().is_some_and(|page| page.code == "fault")
        } else {
            reply.body.contains(name.as_str())
        };
        reply.status.as_u16() == status && told && reply.header("retry-after") == retry
    };
    let json = answers_json(endpoint);
    match name {
        FaultName::Http429 => Some(outage(429, Some("2"))),
        FaultName::Http500 => Some(outage(500, None)),
        FaultName::Http503 => Some(outage(503, Some("2"))),
        FaultName::TruncatedJson => json.then(|| {
            content_type == "application/json"
                && !reply.body.is_empty()
                && serde_json::from_str::<Value>(&reply.body).is_err()
        }),
        FaultName::WrongContentType => json.then(|| content_type.starts_with("text/html")),
        FaultName::ConnectionLost => json.then_some(*broke),
        // It needs a clock of its own.
        _ => None,
    }
}

#[tokio::test]
async fn every_endpoint_can_be_out_of_order_in_every_way_and_alone() {
    let world = World::new().await;
    let switches = Switches::new(&world).await;
    let names = FaultName::ALL.iter().copied();
    for name in names.filter(|name| name.area() == Area::Transport && *name != FaultName::Slow) {
        for endpoint in Endpoint::ALL {
            let mut requests = Vec::new();
            for asked in Endpoint::ALL {
                requests.push((asked, request(&world, asked).await));
            }
            let fault = json!({"name": name, "endpoints": [endpoint]});
            let id = switches.on(&fault).await;
            let mut hits = 0;
            for (asked, request) in requests {
                let came = send(&world, request).await;
                let wrong = is_wrong(name, &came, asked);
                let expected = wrong.map(|_| asked == endpoint);
                assert_eq!(wrong, expected, "{fault} at {asked:?}: {:?}", came.reply);
                assert_eq!(announced(&came.reply), Some(name.as_str()));
                assert_eq!(came.reply.header("cache-control"), Some("no-store"));
                hits += u64::from(wrong == Some(true));
            }
            assert_eq!(switches.hits(&id).await, hits, "{fault}");
            switches.off(&id).await;
            let came = send(&world, request(&world, endpoint).await).await;
            assert_ne!(is_wrong(name, &came, endpoint), Some(true));
            assert_eq!(announced(&came.reply), None);
        }
    }
}

#[tokio::test]
async fn an_outage_does_nothing_so_that_trying_again_is_right() {
    let world = World::new().await;
    let switches = Switches::new(&world).await;
    let code = world.code("openid").await;
    let fault = json!({"name": "http-503", "endpoints": ["token"], "times": 1, "value": 17});
    switches.on(&fault).await;
    let reply = world.redeem(&code).await;
    reply.error(503, "temporarily_unavailable");
    assert_eq!(reply.header("retry-after"), Some("17"));
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    assert_eq!(world.redeem(&code).await.status.as_u16(), 200);
}

/// Stops time, which then passes only as it is told: what blocks keeps tokio
/// from skipping whatever nobody is busy in.
fn stop_time() -> mpsc::Sender<()> {
    tokio::time::pause();
    let (running, stopped) = mpsc::channel();
    tokio::task::spawn_blocking(move || stopped.recv());
    running
}

#[tokio::test]
async fn a_slow_answer_comes_when_it_should_and_is_right() {
    let world = Arc::new(World::new().await);
    let switches = Switches::new(&world).await;
    let path = world.path("login/jwk");
    let right = world.get(&path).await.body;
    let _time = stop_time();
    for (value, milliseconds) in [(json!(30_000), 30_000), (json!(null), 3000), (json!(1), 1)] {
        let id = switches.on(&json!({"name": "slow", "value": value})).await;
        let (own, path) = (Arc::clone(&world), path.clone());
        let answer = tokio::spawn(async move { own.get(&path).await });
        // It is counted just before the wait begins.
        for _ in 0..10_000 {
            if switches.hits(&id).await == 1 {
                break;
            }
        }
        for _ in 0..100 {
            switches.hits(&id).await;
        }
        tokio::time::advance(Duration::from_millis(milliseconds - 1)).await;
        for _ in 0..100 {
            switches.hits(&id).await;
        }
        assert!(!answer.is_finished());
        // Timers are late by up to a millisecond.
        tokio::time::advance(Duration::from_millis(2)).await;
        let reply = answer.await.unwrap();
        assert_eq!(reply.body, right);
        assert_eq!(announced(&reply), Some("slow"));
        assert_eq!(switches.hits(&id).await, 1);
        switches.off(&id).await;
    }
}

#[tokio::test]
async fn what_opens_the_configuration_api_is_never_out_of_order() {
    let world = World::new().await;
    let switches = Switches::new(&world).await;
    for names in FaultName::ALL.chunks(limits::FAULTS) {
        for name in names {
            switches.on(&json!({"name": name})).await;
        }
        // With all of these on: a new administrative token, and all is off again.
        let switches = Switches::new(&world).await;
        let listed = switches
            .call(Method::GET, "config/faults", &json!({}))
            .await
            .json();
        for fault in listed["_embedded"]["faults"].as_array().unwrap() {
            assert_eq!(fault["hits"], 0, "{fault}");
        }
        switches.all_off().await;
    }
    assert_eq!(world.login("openid").await["scope"], "openid");
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_refused_as_ever() {
    let world = World::new().await;
    let switches = Switches::new(&world).await;
    switches.on(&json!({"name": "bad-signature"})).await;
    let huge = "x".repeat(100_000);
    let reply = world.token(&[("code", &huge)], None).await;
    reply.error(413, "invalid_request");
    // Nor does what means nothing mean anything.
    for (content_type, body) in [
        ("text/plain", "code=1"),
        ("multipart/form-data; boundary=x", "--y"),
        ("application/x-www-form-urlencoded", "code=1&code=2"),
    ] {
        let request = Request::post(world.path("login/token"))
            .header(header::CONTENT_TYPE, content_type)
            .body(Body::from(body))
            .unwrap();
        world.send(request).await.error(400, "invalid_request");
    }
}
