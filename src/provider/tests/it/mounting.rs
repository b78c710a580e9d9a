//! How a server puts the provider to use.

use crate::{
    insecure_keys::insecure_keys,
    world::{PUBLIC_URL, START, World},
};
use axum::{Router, body::Body, routing::get};
use http::{Request, StatusCode};
use oidc::{
    signing_algorithm::SigningAlgorithm,
    time::{Clock, ManualClock},
};
use provider::{Provider, ProviderError, Settings};
use std::sync::Arc;
use store::{SigningKey, Store};
use tower::ServiceExt as _;

#[tokio::test]
async fn the_screens_may_be_mounted_apart_from_what_programs_call() {
    let world = World::new().await;
    let start = Router::new().route("/", get(|| async { "start" }));
    let send = |router: Router, path: String| {
        let request = Request::get(path).body(Body::empty()).unwrap();
        router.merge(start.clone()).oneshot(request)
    };
    let statuses = async |path: &str| {
        let (screens, endpoints) = (world.provider.screens(), world.provider.endpoints());
        let screens = send(screens, world.path(path)).await.unwrap().status();
        let endpoints = send(endpoints, world.path(path)).await.unwrap().status();
        (screens, endpoints)
    };
    assert_eq!(
        statuses("auth-ui/login").await,
        (StatusCode::BAD_REQUEST, StatusCode::NOT_FOUND)
    );
    assert_eq!(
        statuses("login/authorize").await,
        (StatusCode::NOT_FOUND, StatusCode::BAD_REQUEST)
    );
}

async fn open(store: &Store, demo: bool) -> Result<Provider, ProviderError> {
    let clock: Arc<dyn Clock> = Arc::new(ManualClock::new(START));
    let settings = Settings {
        public_url: PUBLIC_URL.to_owned(),
        demo,
        ..Settings::default()
    };
    Provider::open(store.clone(), clock, settings).await
}

/// A store with the RSA key an earlier version left, so that none is made.
async fn earlier_store(pkcs8: Vec<u8>) -> Store {
    crate::log::keep();
    let store = Store::open("sqlite::memory:").await.unwrap();
    let kept = SigningKey {
        kid: "kept".to_owned(),
        algorithm: SigningAlgorithm::Rs256,
        pkcs8,
        created_at: START,
        published_until: None,
    };
    store.add_deployment_keys(&[kept]).await.unwrap();
    store
}

#[tokio::test]
async fn kept_keys_are_used_again_and_the_demo_exists_only_when_wanted() {
    let store = earlier_store(insecure_keys()(SigningAlgorithm::Rs256)).await;
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
    let (status, _) = jwks(open(&store, false).await.unwrap()).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    // What the earlier version lacked was added, and once.
    let kept = store.signing_keys(None).await.unwrap();
    let algorithms: Vec<_> = kept.iter().map(|key| key.algorithm).collect();
    assert_eq!(algorithms, SigningAlgorithm::ALL);
    assert_eq!(kept[0].kid, "kept");

    let (status, first) = jwks(open(&store, true).await.unwrap()).await;
    assert_eq!(status, StatusCode::OK);
    let (_, again) = jwks(open(&store, true).await.unwrap()).await;
    assert_eq!(first, again);
    // The database still holds the demo, with secrets that everybody knows.
    let (status, _) = jwks(open(&store, false).await.unwrap()).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(store.signing_keys(None).await.unwrap(), kept);
}

#[tokio::test]
async fn a_broken_kept_key_stops_the_start() {
    let store = earlier_store(vec![1, 2, 3]).await;
    let error = open(&store, false).await.unwrap_err();
    assert!(error.to_string().contains("signing key"), "{error}");
}
