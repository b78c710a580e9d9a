//! How a server puts the provider to use.

use crate::world::{INSECURE_KEY, PUBLIC_URL, START, World};
use axum::{Router, body::Body, extract::Path, routing::get};
use http::{Request, StatusCode};
use oidc::time::{Clock, ManualClock};
use provider::{Provider, Settings};
use std::sync::Arc;
use store::{SigningKey, Store};
use tower::ServiceExt as _;

#[tokio::test]
async fn the_sign_in_page_is_mounted_beside_the_form() {
    let world = World::new().await;
    let page = get(|Path(customer): Path<String>| async move { format!("page of {customer}") });
    let pages = Router::new()
        .route("/", get(|| async { "start" }))
        .route("/{customer}/auth-ui/login", page);
    let router = pages.merge(world.provider.router());
    let send = |request: http::request::Builder| {
        let request = request.body(Body::empty()).unwrap();
        router.clone().oneshot(request)
    };
    let path = world.path("auth-ui/login");
    let reply = send(Request::get(&path)).await.unwrap();
    assert_eq!(reply.status(), StatusCode::OK);
    let reply = send(Request::post(&path)).await.unwrap();
    assert_eq!(reply.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_kept_key_is_used_again_and_the_demo_exists_only_when_wanted() {
    crate::log::keep();
    let store = Store::open("sqlite::memory:").await.unwrap();
    let kept = SigningKey {
        kid: "kept".to_owned(),
        algorithm: "RS256".to_owned(),
        pkcs8: INSECURE_KEY.to_vec(),
        created_at: START,
    };
    store.insert_signing_key(&kept).await.unwrap();
    let open = |demo| {
        let clock: Arc<dyn Clock> = Arc::new(ManualClock::new(START));
        let settings = Settings {
            public_url: PUBLIC_URL.to_owned(),
            demo,
        };
        Provider::open(store.clone(), clock, settings)
    };
    let jwks = |provider: Provider| async move {
        let path = format!("/{}/login/jwk", provider::seed::DEMO_CUSTOMER);
        let request = Request::get(path).body(Body::empty()).unwrap();
        let reply = provider.router().oneshot(request).await.unwrap();
        let status = reply.status();
        let body = axum::body::to_bytes(reply.into_body(), 10_000)
            .await
            .unwrap();
        (status, body)
    };
    let (status, _) = jwks(open(false).await.unwrap()).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (status, first) = jwks(open(true).await.unwrap()).await;
    assert_eq!(status, StatusCode::OK);
    let (_, again) = jwks(open(true).await.unwrap()).await;
    assert_eq!(first, again);
    // The database still holds the demo, with secrets that everybody knows.
    let (status, _) = jwks(open(false).await.unwrap()).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(store.signing_keys().await.unwrap(), [kept]);
}

#[tokio::test]
async fn a_broken_kept_key_stops_the_start() {
    crate::log::keep();
    let store = Store::open("sqlite::memory:").await.unwrap();
    let broken = SigningKey {
        kid: "broken".to_owned(),
        algorithm: "RS256".to_owned(),
        pkcs8: vec![1, 2, 3],
        created_at: START,
    };
    store.insert_signing_key(&broken).await.unwrap();
    let clock: Arc<dyn Clock> = Arc::new(ManualClock::new(START));
    let settings = Settings {
        public_url: PUBLIC_URL.to_owned(),
        demo: false,
    };
    let error = Provider::open(store, clock, settings).await.unwrap_err();
    assert!(error.to_string().contains("signing key"), "{error}");
}
