//! What goes wrong on request, and what does not.

mod catalogue;
mod counts;
mod journey;
mod transport;
mod who;

use crate::world::{Reply, World};
use axum::body::Body;
use http::{Method, Request, header};
use serde_json::{Value, json};

/// Whoever switches faults on and off at the demo customer.
struct Switches<'w> {
    world: &'w World,
    authorization: String,
}

impl<'w> Switches<'w> {
    async fn new(world: &'w World) -> Self {
        let token = world.administrative("*:**").await;
        Self {
            world,
            authorization: format!("Bearer {}", token["access_token"].as_str().unwrap()),
        }
    }

    async fn call(&self, method: Method, rest: &str, body: &Value) -> Reply {
        let request = Request::builder()
            .method(method)
            .uri(self.world.path(rest))
            .header(header::AUTHORIZATION, &self.authorization)
            .header(header::CONTENT_TYPE, "application/json");
        let request = request.body(Body::from(body.to_string())).unwrap();
        self.world.send(request).await
    }

    /// Switches a fault on and returns its id.
    async fn on(&self, fault: &Value) -> String {
        let reply = self.call(Method::POST, "config/faults", fault).await;
        assert_eq!(reply.status.as_u16(), 201, "{}", reply.body);
        reply.json()["id"].as_str().unwrap().to_owned()
    }

    async fn off(&self, id: &str) {
        let path = format!("config/faults/{id}");
        let reply = self.call(Method::DELETE, &path, &json!({})).await;
        assert_eq!(reply.status.as_u16(), 204, "{}", reply.body);
    }

    async fn all_off(&self) {
        let reply = self.call(Method::DELETE, "config/faults", &json!({})).await;
        assert_eq!(reply.status.as_u16(), 204, "{}", reply.body);
    }

    async fn hits(&self, id: &str) -> u64 {
        let path = format!("config/faults/{id}");
        let reply = self.call(Method::GET, &path, &json!({})).await;
        reply.json()["hits"].as_u64().unwrap()
    }
}

/// What an answer says of faults.
fn announced(reply: &Reply) -> Option<&str> {
    reply.header("oidc-playground-faults")
}
