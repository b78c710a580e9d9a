//! The configuration API. Whatever is answered here is held against the OpenAPI
//! document.

mod access;
mod bodies;
mod clients;
mod contract;
mod faults;
mod keys;
mod login_policies;
mod openapi;
mod people;
mod reset;
mod token_policies;
mod versions;

use crate::world::{Reply, World};
use axum::body::Body;
use contract::Contract;
use http::{Method, Request, header};
use serde_json::{Value, json};

/// A caller with one token.
struct Caller<'w> {
    world: &'w World,
    contract: Contract,
    authorization: String,
}

impl<'w> Caller<'w> {
    /// With a fresh administrative token of this scope.
    async fn new(world: &'w World, scope: &str) -> Self {
        let token = world.administrative(scope).await;
        Self::with(world, token["access_token"].as_str().unwrap()).await
    }

    /// With this token, whatever it is.
    async fn with(world: &'w World, token: &str) -> Self {
        Self {
            world,
            contract: Contract::of(world).await,
            authorization: format!("Bearer {token}"),
        }
    }

    async fn send(&self, method: Method, rest: &str, body: &str) -> Reply {
        self.send_if(method, rest, body, &[]).await
    }

    /// The same with these lines of `If-Match`.
    async fn send_if(&self, method: Method, rest: &str, body: &str, seen: &[&str]) -> Reply {
        let mut request = Request::builder()
            .method(method.clone())
            .uri(self.world.path(rest))
            .header(header::AUTHORIZATION, &self.authorization)
            .header(header::CONTENT_TYPE, "application/json");
        for line in seen {
            request = request.header(header::IF_MATCH, *line);
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let reply = self.world.send(request).await;
        self.contract.check(&method, rest, body, &reply);
        reply
    }

    async fn get(&self, rest: &str) -> Reply {
        self.send(Method::GET, rest, "").await
    }

    async fn post(&self, rest: &str, body: &Value) -> Reply {
        self.send(Method::POST, rest, &body.to_string()).await
    }

    async fn put(&self, rest: &str, body: &Value) -> Reply {
        self.send(Method::PUT, rest, &body.to_string()).await
    }

    async fn delete(&self, rest: &str) -> Reply {
        self.send(Method::DELETE, rest, "").await
    }

    /// Makes something whose answer is its id.
    async fn made(&self, list: &str, body: &Value) -> String {
        let reply = self.post(list, body).await;
        assert_eq!(reply.status.as_u16(), 201, "{}", reply.body);
        reply.json().as_str().unwrap().to_owned()
    }

    /// Makes something whose answer is itself.
    async fn made_whole(&self, list: &str, body: &Value) -> Value {
        let reply = self.post(list, body).await;
        assert_eq!(reply.status.as_u16(), 201, "{}", reply.body);
        reply.json()
    }
}

fn refused(reply: &Reply, status: u16, errors: &str) {
    assert_eq!(reply.status.as_u16(), status, "{}", reply.body);
    assert_eq!(reply.json(), json!({"errors": errors}));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
}

fn ok(reply: &Reply) -> Value {
    assert_eq!(reply.status.as_u16(), 200, "{}", reply.body);
    reply.json()
}

fn gone(reply: &Reply) {
    assert_eq!(reply.status.as_u16(), 204, "{}", reply.body);
    assert_eq!(reply.body, "");
}

/// A refusal of any body.
fn text_of(reply: &Reply, status: u16) -> String {
    assert_eq!(reply.status.as_u16(), status, "{}", reply.body);
    reply.json()["errors"].as_str().unwrap().to_owned()
}
