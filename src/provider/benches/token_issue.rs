//! How long a token takes from the request to the written answer, without the
//! network: `cargo bench -p provider`.
//!
//! The real router, a database on disk, and one thread; what the network, the
//! layers of the server and several clients at once add, `cargo xtask load`
//! measures.

#![expect(clippy::unwrap_used, reason = "a benchmark may fail")]

use axum::{Router, body::Body};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use criterion::{BatchSize, Criterion};
use form_urlencoded::Serializer;
use http::{Request, StatusCode, header};
use oidc::{
    authorization::AuthorizationRequest,
    pkce::CodeVerifier,
    time::{Clock, ManualClock, UnixTime},
};
use policy::client::Client;
use provider::{Provider, Seed, Settings};
use serde_json::Value;
use std::sync::Arc;
use store::Store;
use tower::ServiceExt as _;

const PUBLIC_URL: &str = "http://127.0.0.1:3000";
const CALLBACK: &str = "http://127.0.0.1:3000/callback";

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("bench.db").display());
    let world = runtime.block_on(World::new(&url));
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("token");
    for (name, signed) in [("opaque", false), ("RS256", true)] {
        runtime.block_on(world.sign_administrative_tokens(signed));
        group.bench_function(format!("client_credentials/{name}"), |b| {
            b.iter(|| runtime.block_on(world.administrative()));
        });
    }
    group.bench_function("authorization_code", |b| {
        b.iter_batched(
            || runtime.block_on(world.code()),
            |code| runtime.block_on(world.redeem(&code)),
            BatchSize::SmallInput,
        );
    });
    group.finish();
    criterion.final_summary();
}

/// A provider with the demo customer, and somebody signed in there.
struct World {
    router: Router,
    store: Store,
    seed: Seed,
    cookie: String,
}

impl World {
    async fn new(url: &str) -> Self {
        let store = Store::open(url).await.unwrap();
        let settings = Settings {
            public_url: PUBLIC_URL.to_owned(),
            demo: true,
            ..Settings::default()
        };
        let clock = Arc::new(ManualClock::new(UnixTime(1_800_000_000))) as Arc<dyn Clock>;
        let provider = Provider::open(store.clone(), clock, settings)
            .await
            .unwrap();
        let seed = Seed::demo(PUBLIC_URL);
        let person = &seed.people[0].profile.uuid;
        let cookie = provider.sign_in(&seed.customer_id, person).await.unwrap();
        let cookie = cookie.unwrap().split(';').next().unwrap().to_owned();
        Self {
            router: provider.router(),
            store,
            seed,
            cookie,
        }
    }

    fn configuration_client(&self) -> &Client {
        &self.seed.clients[2]
    }

    async fn sign_administrative_tokens(&self, signed: bool) {
        let customer = &self.seed.customer_id;
        let id = &self.configuration_client().token_policy;
        let policy = self.store.token_policy(customer, id).await.unwrap();
        let mut policy = policy.unwrap();
        policy.use_access_jwt = signed;
        let replaced = self.store.replace_token_policy(customer, &policy).await;
        assert!(replaced.unwrap());
    }

    async fn administrative(&self) -> Value {
        let client = self.configuration_client();
        let pair = format!("{}:{}", client.id, client.secret.as_ref().unwrap());
        let authorization = format!("Basic {}", STANDARD.encode(pair));
        let form = [
            ("grant_type", "client_credentials"),
            ("scope", "*:config/**"),
        ];
        self.token(&form, Some(&authorization)).await
    }

    async fn code(&self) -> String {
        let verifier = verifier();
        let request = AuthorizationRequest {
            client_id: Some(self.seed.clients[0].id.clone()),
            redirect_uri: Some(CALLBACK.to_owned()),
            response_type: Some("code".to_owned()),
            scope: Some("openid profile".to_owned()),
            code_challenge: Some(verifier.challenge().as_str().to_owned()),
            code_challenge_method: Some("S256".to_owned()),
            ..AuthorizationRequest::default()
        };
        let address = request.url(&format!("/{}/login/authorize", self.seed.customer_id));
        let request = Request::get(address).header(header::COOKIE, &self.cookie);
        let response = self
            .router
            .clone()
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap();
        let location = response.headers()[header::LOCATION].to_str().unwrap();
        let (_, query) = location.split_once('?').unwrap();
        form_urlencoded::parse(query.as_bytes())
            .find(|(name, _)| name == "code")
            .unwrap()
            .1
            .into_owned()
    }

    async fn redeem(&self, code: &str) -> Value {
        let verifier = verifier();
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", &self.seed.clients[0].id),
            ("redirect_uri", CALLBACK),
            ("code", code),
            ("code_verifier", verifier.as_str()),
        ];
        self.token(&form, None).await
    }

    async fn token(&self, form: &[(&str, &str)], authorization: Option<&str>) -> Value {
        let body = Serializer::new(String::new()).extend_pairs(form).finish();
        let mut request = Request::post(format!("/{}/login/token", self.seed.customer_id))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(value) = authorization {
            request = request.header(header::AUTHORIZATION, value);
        }
        let response = self
            .router
            .clone()
            .oneshot(request.body(Body::from(body)).unwrap())
            .await
            .unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await;
        serde_json::from_slice(&body.unwrap()).unwrap()
    }
}

fn verifier() -> CodeVerifier {
    CodeVerifier::new("a-verifier-of-forty-three-characters-or-more").unwrap()
}
