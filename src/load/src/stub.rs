//! A provider for tests: right in everything, but for one thing when told so.

use crate::profile::{Algorithm, Login, Machine, Profile, SignIn};
use aws_lc_rs::{
    rand::SystemRandom,
    rsa::KeyPair,
    signature::{KeyPair as _, RSA_PKCS1_SHA256},
};
use axum::{
    Json, Router,
    extract::{Form, Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{delete, get, post},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

/// For tests only: everybody has it.
const INSECURE_KEY: &[u8] = include_bytes!("../../provider/tests/it/insecure_keys/rsa-1.pk8");
const CALLBACK: &str = "http://127.0.0.1/callback";

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lie {
    Nothing,
    Document,
    State,
    Issuer,
    Nonce,
    Subject,
    Opaque,
    Rotation,
    Inactive,
}

struct Stub {
    issuer: String,
    lie: Lie,
    key: KeyPair,
    /// Authorization requests by code.
    codes: Mutex<HashMap<String, HashMap<String, String>>>,
    count: AtomicU32,
    /// What was made over the configuration API and not deleted.
    made: Mutex<Vec<String>>,
}

/// Starts one on a free port. It ends with the test.
pub(crate) async fn start(lie: Lie) -> Profile {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let stub = Arc::new(Stub {
        issuer: issuer.clone(),
        lie,
        key: KeyPair::from_pkcs8(INSECURE_KEY).unwrap(),
        codes: Mutex::default(),
        count: AtomicU32::new(0),
        made: Mutex::default(),
    });
    let router = Router::new()
        .route("/.well-known/openid-configuration", get(discovery))
        .route("/jwks", get(jwks))
        .route("/authorize", get(authorize))
        .route("/sign-in", get(page).post(sign_in))
        .route("/token", post(token))
        .route("/userinfo", get(userinfo))
        .route("/introspect", post(introspect))
        .route("/config/{kind}", post(create))
        .route("/config/{kind}/{id}", delete(remove))
        .route("/config/clients/{id}/secret", get(secret))
        .with_state(stub);
    tokio::spawn(async { axum::serve(listener, router).await });
    profile(&issuer)
}

fn profile(issuer: &str) -> Profile {
    let machine = |id: &str| Machine {
        id: id.to_owned(),
        secret: "s".to_owned(),
        scope: String::new(),
    };
    Profile {
        name: "stub".to_owned(),
        issuer: issuer.to_owned(),
        pid: None,
        machine: Some(machine("opaque")),
        signed: BTreeMap::from([(Algorithm::RS256, machine("signed"))]),
        login: Some(Login {
            client_id: "browser".to_owned(),
            redirect_uri: CALLBACK.to_owned(),
            scope: "openid".to_owned(),
            chosen: Some(SignIn::Press("person".to_owned())),
            password: Some(SignIn::Fill([("email".to_owned(), "a".to_owned())].into())),
        }),
        configuration: Some(format!("{issuer}/config")),
    }
}

impl Stub {
    /// Another text each time, as long as tokens are.
    fn next(&self) -> String {
        format!("{:043}", self.count.fetch_add(1, Ordering::Relaxed))
    }

    fn sign(&self, claims: &Value) -> String {
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let header = encode(&json!({"alg": "RS256", "kid": "1"}));
        let text = format!("{header}.{}", encode(claims));
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                text.as_bytes(),
                &mut signature,
            )
            .unwrap();
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn claims(&self, client: &str, nonce: Option<&str>) -> Value {
        json!({
            "iss": self.issuer, "sub": "alice", "aud": client, "client_id": client,
            "nonce": nonce, "iat": 1, "exp": 4_000_000_000_u64,
        })
    }
}

type Shared = State<Arc<Stub>>;
type Fields = HashMap<String, String>;

async fn discovery(State(stub): Shared) -> Response {
    let issuer = &stub.issuer;
    let salt = (stub.lie == Lie::Document).then(|| stub.next());
    Json(json!({
        "issuer": issuer, "jwks_uri": format!("{issuer}/jwks"), "salt": salt,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "introspection_endpoint": format!("{issuer}/introspect"),
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "authorization_response_iss_parameter_supported": true,
    }))
    .into_response()
}

async fn jwks(State(stub): Shared) -> Response {
    let public = stub.key.public_key();
    let n = URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero());
    let key = json!({"kty": "RSA", "kid": "1", "alg": "RS256", "n": n, "e": "AQAB"});
    Json(json!({"keys": [key]})).into_response()
}

async fn authorize(State(stub): Shared, Query(request): Query<Fields>) -> Response {
    let code = stub.next();
    stub.codes.lock().unwrap().insert(code.clone(), request);
    let cookie = format!("code={code}; Path=/sign-in; HttpOnly");
    ([("set-cookie", cookie)], Redirect::to("/sign-in")).into_response()
}

async fn page() -> Html<&'static str> {
    Html(
        r#"<form method="post" action="/sign-in"><input name="email"></form>
        <form method="post" action=""><button name="person" value="alice">Alice</button></form>"#,
    )
}

async fn sign_in(State(stub): Shared, headers: HeaderMap, Form(form): Form<Fields>) -> Redirect {
    assert!(form.get("person").or(form.get("email")).is_some());
    let code = headers["cookie"].to_str().unwrap().replace("code=", "");
    let codes = stub.codes.lock().unwrap();
    let request = &codes[&code];
    let lied = |lie, right: &str| {
        if stub.lie == lie {
            "wrong".to_owned()
        } else {
            right.to_owned()
        }
    };
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("code", &code)
        .append_pair("state", &lied(Lie::State, &request["state"]))
        .append_pair("iss", &lied(Lie::Issuer, &stub.issuer))
        .finish();
    Redirect::to(&format!("{CALLBACK}?{query}"))
}

async fn token(State(stub): Shared, headers: HeaderMap, Form(form): Form<Fields>) -> Response {
    let mut body = json!({"token_type": "Bearer", "expires_in": 60, "access_token": stub.next()});
    match form["grant_type"].as_str() {
        "authorization_code" => {
            let request = stub.codes.lock().unwrap().remove(&form["code"]).unwrap();
            let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&form["code_verifier"]));
            assert_eq!(request["code_challenge"], challenge);
            let nonce = match stub.lie {
                Lie::Nonce => None,
                _ => Some(request["nonce"].as_str()),
            };
            body["id_token"] = stub.sign(&stub.claims("browser", nonce)).into();
            body["refresh_token"] = stub.next().into();
        }
        "refresh_token" => {
            body["refresh_token"] = match stub.lie {
                Lie::Rotation => form["refresh_token"].clone().into(),
                _ => stub.next().into(),
            }
        }
        _ => {
            // `signed:s` in Basic.
            let signed = headers["authorization"] == "Basic c2lnbmVkOnM=";
            if signed || stub.lie == Lie::Opaque {
                body["access_token"] = stub.sign(&stub.claims("signed", None)).into();
            }
        }
    }
    ([("cache-control", "no-store")], Json(body)).into_response()
}

async fn userinfo(State(stub): Shared) -> Json<Value> {
    let who = if stub.lie == Lie::Subject {
        "bo"
    } else {
        "alice"
    };
    Json(json!({"sub": who}))
}

async fn introspect(State(stub): Shared) -> Json<Value> {
    Json(json!({"active": stub.lie != Lie::Inactive, "client_id": "opaque"}))
}

/// Answers with the id as the kind wants it: a policy's alone, a client's in an
/// object.
async fn create(
    State(stub): Shared,
    Path(kind): Path<String>,
    headers: HeaderMap,
    Json(draft): Json<Value>,
) -> (StatusCode, Json<Value>) {
    assert!(headers["authorization"].as_bytes().starts_with(b"Bearer "));
    let id = stub.next();
    let body = match kind.as_str() {
        "clients" => {
            let made = stub.made.lock().unwrap();
            let policy = draft["tokenPolicy"].as_str().unwrap();
            assert!(made.iter().any(|made| made == policy));
            json!({"id": id})
        }
        _ => json!(id),
    };
    stub.made.lock().unwrap().push(id);
    (StatusCode::CREATED, Json(body))
}

async fn secret() -> Json<Value> {
    Json(json!({"secret": "s"}))
}

/// Only the newest, as a policy in use cannot be deleted.
async fn remove(State(stub): Shared, Path((_, id)): Path<(String, String)>) -> StatusCode {
    match stub.made.lock().unwrap().pop() {
        Some(newest) if newest == id => StatusCode::NO_CONTENT,
        _ => StatusCode::CONFLICT,
    }
}
