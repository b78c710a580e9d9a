//! A provider that answers from a script, and a router as a network.

use axum::{Router, body::Body, body::to_bytes};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{Request, Response};
use oidc::{
    exchange::Step,
    pkce::CodeVerifier,
    time::{ManualClock, UnixTime},
    verification::{Check, CheckName},
};
use openidconnect::{
    JsonWebKeyId, PrivateSigningKey as _,
    core::{CoreJwsSigningAlgorithm, CoreRsaPrivateSigningKey},
};
use relying_party::{
    flow::{Beside, CodeFlow, Completion, RelyingParty},
    http::{BoxFuture, HttpClient, SendError, SendErrorKind},
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::sync::{Arc, LazyLock};
use tower::ServiceExt as _;

pub(crate) const ISSUER: &str = "https://op.example";
pub(crate) const CLIENT: &str = "storefront";
pub(crate) const NONCE: &str = "n-0S6_WzA2Mj";
pub(crate) const ACCESS_TOKEN: &str = "opaque-access-token";
pub(crate) const SUBJECT: &str = "alice";
pub(crate) const KID: &str = "key-1";
pub(crate) const NOW: UnixTime = UnixTime(1_700_000_000);

/// A fixed key, so that no test waits for one to be made. It protects nothing.
static KEY: LazyLock<CoreRsaPrivateSigningKey> = LazyLock::new(|| {
    CoreRsaPrivateSigningKey::from_pem(
        include_str!("key-for-tests-only.pem"),
        Some(JsonWebKeyId::new(KID.to_owned())),
    )
    .unwrap()
});

/// What the provider answers, endpoint by endpoint.
#[derive(Clone)]
pub(crate) struct Script {
    pub(crate) discovery: Answer,
    pub(crate) token: Answer,
    pub(crate) jwks: Answer,
    pub(crate) userinfo: Answer,
}

/// One answer, or none.
pub(crate) type Answer = Result<(u16, &'static str, Vec<u8>), SendErrorKind>;

#[expect(
    clippy::unnecessary_wraps,
    reason = "a script also holds answers that never come"
)]
pub(crate) fn answer_json(body: &Value) -> Answer {
    Ok((200, "application/json", body.to_string().into_bytes()))
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "a script also holds answers that never come"
)]
pub(crate) fn refuse(status: u16, body: &Value) -> Answer {
    Ok((status, "application/json", body.to_string().into_bytes()))
}

impl Script {
    /// A provider that does everything right.
    pub(crate) fn honest() -> Self {
        Self::with_id_token(&sign(&header(), &claims()))
    }

    /// A provider that hands out this ID token.
    pub(crate) fn with_id_token(id_token: &str) -> Self {
        Self {
            discovery: answer_json(&metadata()),
            token: answer_json(&token_response(id_token)),
            jwks: answer_json(&json!({ "keys": [public_key()] })),
            userinfo: answer_json(&json!({ "sub": SUBJECT, "name": "Alice" })),
        }
    }

    /// Runs the whole flow against this provider.
    pub(crate) async fn complete(self) -> Completion {
        self.complete_with(&code_flow()).await
    }

    pub(crate) async fn complete_with(self, flow: &CodeFlow) -> Completion {
        RelyingParty::new(Arc::new(self), Arc::new(ManualClock::new(NOW)))
            .complete(flow)
            .await
    }
}

impl HttpClient for Script {
    fn send(
        &self,
        request: Request<Vec<u8>>,
    ) -> BoxFuture<'_, Result<Response<Vec<u8>>, SendError>> {
        let answer = match request.uri().path() {
            "/.well-known/openid-configuration" => &self.discovery,
            "/token" => &self.token,
            "/jwk" => &self.jwks,
            "/userinfo" => &self.userinfo,
            other => panic!("nobody should ask for {other}"),
        };
        let answer = match answer {
            Ok((status, kind, body)) => Ok(Response::builder()
                .status(*status)
                .header("content-type", *kind)
                .body(body.clone())
                .unwrap()),
            Err(kind) => Err(SendError::new(*kind, "nobody is there")),
        };
        Box::pin(async { answer })
    }
}

/// A router in memory as the network.
pub(crate) struct InMemory(pub(crate) Router);

impl HttpClient for InMemory {
    fn send(
        &self,
        request: Request<Vec<u8>>,
    ) -> BoxFuture<'_, Result<Response<Vec<u8>>, SendError>> {
        let router = self.0.clone();
        Box::pin(async move {
            let answer = router.oneshot(request.map(Body::from)).await.unwrap();
            let (parts, body) = answer.into_parts();
            let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
            Ok(Response::from_parts(parts, body))
        })
    }
}

pub(crate) fn code_flow() -> CodeFlow {
    CodeFlow {
        issuer: ISSUER.to_owned(),
        client_id: CLIENT.to_owned(),
        client_secret: None,
        redirect_uri: "https://app.example/callback".to_owned(),
        code: "the-code".to_owned(),
        code_verifier: Some(CodeVerifier::new(&"v".repeat(43)).unwrap()),
        nonce: Some(NONCE.to_owned()),
        expect_openid: true,
        beside: Beside::default(),
    }
}

pub(crate) fn metadata() -> Value {
    json!({
        "issuer": ISSUER,
        "authorization_endpoint": format!("{ISSUER}/authorize"),
        "token_endpoint": format!("{ISSUER}/token"),
        "userinfo_endpoint": format!("{ISSUER}/userinfo"),
        "jwks_uri": format!("{ISSUER}/jwk"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    })
}

pub(crate) fn token_response(id_token: &str) -> Value {
    json!({
        "access_token": ACCESS_TOKEN,
        "token_type": "Bearer",
        "expires_in": 3600,
        "scope": "openid profile",
        "id_token": id_token,
    })
}

pub(crate) fn public_key() -> Value {
    let mut key = serde_json::to_value(KEY.as_verification_key()).unwrap();
    key["alg"] = json!("RS256");
    key
}

pub(crate) fn header() -> Value {
    json!({ "alg": "RS256", "kid": KID, "typ": "JWT" })
}

pub(crate) fn claims() -> Value {
    let digest = Sha256::digest(ACCESS_TOKEN);
    json!({
        "iss": ISSUER,
        "sub": SUBJECT,
        "aud": [CLIENT],
        "exp": NOW.0 + 3600,
        "iat": NOW.0,
        "nonce": NONCE,
        "at_hash": URL_SAFE_NO_PAD.encode(&digest[..16]),
    })
}

/// The claims with one of them replaced; `null` takes it away.
pub(crate) fn claims_with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    if value.is_null() {
        claims.as_object_mut().unwrap().remove(name);
    } else {
        claims[name] = value;
    }
    claims
}

pub(crate) fn unsigned(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", part(header), part(claims))
}

/// Signs with the provider's key, whatever the header says.
pub(crate) fn sign(header: &Value, claims: &Value) -> String {
    let input = unsigned(header, claims);
    let signature = KEY
        .sign(
            &CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
            input.as_bytes(),
        )
        .unwrap();
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// The names of the checks that failed.
pub(crate) fn failed(checks: &[Check]) -> Vec<CheckName> {
    checks
        .iter()
        .filter(|check| !check.passed)
        .map(|check| check.name)
        .collect()
}

pub(crate) fn steps(completion: &Completion) -> Vec<Step> {
    completion
        .exchanges
        .iter()
        .map(|recorded| recorded.step)
        .collect()
}
