//! One application that uses everything, and notes whatever is not as it should
//! be: much as an application does that is right about faults.

use super::announced;
use crate::{
    authorization_response::Told,
    response_types::request,
    world::{Browser, CALLBACK, PUBLIC_URL, Reply, World, encode},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{Jwk, JwkSet},
};
use oidc::{jwt::Jwt, response_type::ResponseType, time::Clock as _};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

pub(super) struct Journey<'w> {
    world: &'w World,
    /// What is in the header of every answer.
    announced: Option<&'w str>,
    notes: Vec<String>,
    keys: Option<JwkSet>,
}

/// What an ID token must fit.
#[derive(Clone, Copy, Default)]
struct Beside<'a> {
    nonce: bool,
    access_token: Option<&'a str>,
    code: Option<&'a str>,
}

impl<'w> Journey<'w> {
    /// Goes all the way, as far as it is let, and returns the notes.
    pub(super) async fn go(world: &'w World, announced: Option<&'w str>) -> Vec<String> {
        let mut journey = Self {
            world,
            announced,
            notes: Vec::new(),
            keys: None,
        };
        journey.read_documents().await;
        if let Some(told) = journey.authorize().await {
            journey.check_front_channel(&told).await;
            journey.exchange(&told.parameters["code"]).await;
        }
        journey.sign_out().await;
        journey.notes
    }

    fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    fn note_unless(&mut self, right: bool, note: &str) {
        if !right {
            self.note(note);
        }
    }

    fn seen(&self, reply: Reply) -> Reply {
        assert_eq!(announced(&reply), self.announced, "{reply:?}");
        reply
    }

    async fn read_documents(&mut self) {
        let path = self.world.path("login/.well-known/openid-configuration");
        let document = self.seen(self.world.get(&path).await).json();
        self.note_unless(
            document["issuer"] == self.world.issuer(),
            "discovery: another issuer",
        );
        let jwks = document["jwks_uri"].as_str().unwrap().to_owned();
        let reply = self.world.get(jwks.strip_prefix(PUBLIC_URL).unwrap()).await;
        if reply.status.as_u16() == 200 {
            self.keys = serde_json::from_str(&self.seen(reply).body).unwrap();
        } else {
            self.note(format!("keys: {}", reply.status.as_u16()));
        }
    }

    /// Signs in for everything at once.
    async fn authorize(&mut self) -> Option<Told> {
        let mut asked = request(self.world, ResponseType::CodeIdTokenToken, None);
        asked.scope = Some("openid profile address".to_owned());
        let browser = Browser::new(self.world);
        let mut reply = self.seen(browser.authorize(&asked).await);
        if reply.location().contains("/auth-ui/login?") {
            let interaction = reply.interaction();
            let uuid = &self.world.seed.people[0].profile.uuid;
            let form = [("interaction", interaction.as_str()), ("person", uuid)];
            reply = self.seen(browser.submit(&form).await);
        }
        let told = reply.told(CALLBACK);
        self.note_unless(
            told.parameters.get("state").map(String::as_str) == Some("state-1"),
            &format!("response: state is {:?}", told.parameters.get("state")),
        );
        let issuer = self.world.issuer();
        self.note_unless(
            told.parameters.get("iss") == Some(&issuer),
            &format!("response: iss is {:?}", told.parameters.get("iss")),
        );
        if let Some(error) = told.parameters.get("error") {
            self.note(format!("response: {error}"));
            return None;
        }
        Some(told)
    }

    async fn check_front_channel(&mut self, told: &Told) {
        let access_token = told.parameters["access_token"].clone();
        self.check_access_token("front", &access_token, told.parameters.get("scope"))
            .await;
        let beside = Beside {
            nonce: true,
            access_token: Some(&access_token),
            code: Some(&told.parameters["code"]),
        };
        let id_token = told.parameters["id_token"].clone();
        self.check_id_token("front", &id_token, beside).await;
    }

    async fn exchange(&mut self, code: &str) {
        let reply = self.seen(self.world.redeem(code).await);
        let Some(refresh_token) = self.check_tokens("code", &reply, true).await else {
            return;
        };
        let reply = self.seen(self.world.refresh(&refresh_token).await);
        self.check_tokens("refresh", &reply, false).await;
    }

    async fn check_tokens(&mut self, from: &str, reply: &Reply, nonce: bool) -> Option<String> {
        let tokens = reply.json();
        let text = |name: &str| tokens[name].as_str().map(str::to_owned);
        if let Some(error) = text("error") {
            self.note(format!("{from}: {} {error}", reply.status.as_u16()));
            return None;
        }
        assert_eq!(tokens["expires_in"], 3600);
        let access_token = text("access_token").unwrap();
        self.check_access_token(from, &access_token, text("scope").as_ref())
            .await;
        let beside = Beside {
            nonce,
            access_token: Some(&access_token),
            code: None,
        };
        self.check_id_token(from, &text("id_token").unwrap(), beside)
            .await;
        text("refresh_token")
    }

    /// What it is good for at userinfo, and what is said of it.
    async fn check_access_token(&mut self, from: &str, token: &str, scope: Option<&String>) {
        self.note_unless(
            scope.map(String::as_str) == Some("openid profile"),
            &format!("{from}: scope is {scope:?}"),
        );
        // Of a token that is over, nobody can tell whose it was.
        let reply = self.world.userinfo(token).await;
        if reply.status.as_u16() != 200 {
            self.note(format!("{from}: userinfo says {}", reply.status.as_u16()));
            return;
        }
        let claims = self.seen(reply).json();
        let sub = &self.world.seed.people[0].profile.uuid;
        self.note_unless(
            claims.get("sub") == Some(&json!(sub)),
            &format!("{from}: userinfo's sub is {:?}", claims.get("sub")),
        );
        self.note_unless(
            claims["given_name"] == "Alice",
            &format!("{from}: userinfo has no given_name"),
        );
    }

    async fn check_id_token(&mut self, from: &str, token: &str, beside: Beside<'_>) {
        let jwt = Jwt::decode(token).unwrap();
        for problem in self.signature_problems(token, &jwt).await {
            self.note(format!("{from}: {problem}"));
        }
        for problem in self.claim_problems(&jwt.payload, beside) {
            self.note(format!("{from}: {problem}"));
        }
    }

    async fn signature_problems(&mut self, token: &str, jwt: &Jwt) -> Vec<String> {
        let alg = jwt.header["alg"].as_str().unwrap();
        let (message, signature) = token.rsplit_once('.').unwrap();
        let verifies = |key: &DecodingKey, algorithm| {
            jsonwebtoken::crypto::verify(signature, message.as_bytes(), key, algorithm).unwrap()
        };
        match alg {
            "none" => {
                assert!(signature.is_empty());
                return vec!["it is not signed".to_owned()];
            }
            "HS256" => {
                // The public client has no secret.
                let key = DecodingKey::from_secret(self.world.seed.clients[0].id.as_bytes());
                assert!(verifies(&key, Algorithm::HS256));
                return vec!["it is signed with HS256".to_owned()];
            }
            other => assert_eq!(other, "RS256"),
        }
        let mut problems = Vec::new();
        let key = if let Some(kid) = jwt.header.get("kid") {
            self.find_key(kid.as_str().unwrap(), &mut problems).await
        } else {
            problems.push("it names no key".to_owned());
            self.keys.as_ref().and_then(|keys| rsa(keys).cloned())
        };
        match key {
            None => problems.push("its key is unknown".to_owned()),
            Some(key) if !verifies(&DecodingKey::from_jwk(&key).unwrap(), Algorithm::RS256) => {
                problems.push("its signature is wrong".to_owned());
            }
            Some(_) => {}
        }
        problems
    }

    /// Fetches the keys once more if it is not among them.
    async fn find_key(&mut self, kid: &str, problems: &mut Vec<String>) -> Option<Jwk> {
        let keys = self.keys.as_ref()?;
        if let Some(key) = keys.find(kid) {
            return Some(key.clone());
        }
        let jwks = self.world.get(&self.world.path("login/jwk")).await.body;
        let keys: JwkSet = serde_json::from_str(&jwks).unwrap();
        let key = keys.find(kid).cloned();
        if key.is_some() {
            problems.push("its key is new".to_owned());
            self.keys = Some(keys);
        }
        key
    }

    fn claim_problems(&self, claims: &Map<String, Value>, beside: Beside<'_>) -> Vec<String> {
        let mut problems = Vec::new();
        let hash = |text: &str| URL_SAFE_NO_PAD.encode(&Sha256::digest(text)[..16]);
        let right = [
            ("iss", Some(self.world.issuer())),
            ("aud", Some(self.world.seed.clients[0].id.clone())),
            ("sub", Some(self.world.seed.people[0].profile.uuid.clone())),
            ("nonce", beside.nonce.then(|| "nonce-1".to_owned())),
            ("at_hash", beside.access_token.map(hash)),
            ("c_hash", beside.code.map(hash)),
        ];
        for (name, right) in right {
            match (claims.get(name), right) {
                (None, Some(_)) => problems.push(format!("no {name}")),
                (Some(own), right) if own.as_str() != right.as_deref() => {
                    problems.push(format!("wrong {name}"));
                }
                _ => {}
            }
        }
        let now = self.world.clock.now().0;
        for (name, right) in [("iat", now), ("exp", now + 3600), ("auth_time", now)] {
            match claims.get(name).map(|own| own.as_i64().ok_or(own)) {
                None => problems.push(format!("no {name}")),
                Some(Err(own)) => problems.push(format!("{name} is {own}")),
                Some(Ok(own)) if own != right => problems.push(format!("{name} {:+}", own - right)),
                Some(Ok(_)) => {}
            }
        }
        for name in ["nbf", "filler"] {
            if let Some(value) = claims.get(name) {
                let size = value.as_str().map_or(0, str::len);
                problems.push(format!("there is {name} of {size} bytes"));
            }
        }
        problems
    }

    async fn sign_out(&mut self) {
        let client = &self.world.seed.clients[0].id;
        let sent = [
            ("client_id", client.as_str()),
            ("redirect_uri", CALLBACK),
            ("state", "out-1"),
        ];
        let path = format!("auth-ui/logout?{}", encode(&sent));
        let reply = self.seen(self.world.get(&self.world.path(&path)).await);
        let back = reply.location().strip_prefix(CALLBACK).unwrap();
        self.note_unless(back == "?state=out-1", &format!("signed out: {back:?}"));
    }
}

fn rsa(keys: &JwkSet) -> Option<&Jwk> {
    let is_rsa = |key: &&Jwk| {
        key.common
            .key_algorithm
            .is_some_and(|own| own.to_string() == "RS256")
    };
    keys.keys.iter().find(is_rsa)
}
