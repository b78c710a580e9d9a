//! Who may read answers across origins.

use crate::world::{Reply, World};
use axum::body::Body;
use http::{Method, Request, StatusCode};

async fn send(world: &World, method: Method, rest: &str, headers: &[(&str, &str)]) -> Reply {
    let mut request = Request::builder().method(method).uri(world.path(rest));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    world.send(request.body(Body::empty()).unwrap()).await
}

const ORIGIN: (&str, &str) = ("origin", "https://app.example");

#[tokio::test]
async fn open_endpoints_can_be_read_from_any_origin_without_credentials() {
    let world = World::new().await;
    for (method, rest) in [
        (Method::GET, "login/.well-known/openid-configuration"),
        (Method::GET, "login/jwk"),
        // Errors must be readable too.
        (Method::POST, "login/token"),
        (Method::POST, "login/token/introspect"),
        (Method::POST, "login/token/revoke"),
        (Method::GET, "profiles/oidc/userinfo"),
    ] {
        let reply = send(&world, method, rest, &[ORIGIN]).await;
        assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
        assert_eq!(reply.header("access-control-allow-credentials"), None);
        let preflight = [ORIGIN, ("access-control-request-method", "POST")];
        let reply = send(&world, Method::OPTIONS, rest, &preflight).await;
        assert_eq!(reply.status, StatusCode::NO_CONTENT);
        assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
        assert!(reply.header("access-control-max-age").is_some());
        let allowed = reply.header("access-control-allow-headers").unwrap();
        assert!(allowed.contains("Authorization"));
    }
}

#[tokio::test]
async fn authorize_the_form_and_the_configuration_api_stay_closed() {
    let world = World::new().await;
    for rest in ["login/authorize", "auth-ui/login", "config/tokenPolicies"] {
        for method in [Method::GET, Method::POST, Method::OPTIONS] {
            let headers = [ORIGIN, ("access-control-request-method", "GET")];
            let reply = send(&world, method, rest, &headers).await;
            assert_eq!(reply.header("access-control-allow-origin"), None, "{rest}");
        }
    }
}
