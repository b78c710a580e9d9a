//! Which address leads where.

use crate::{
    config_api::token_policies,
    cors,
    endpoint::{authorize, discovery, introspect, jwk, revoke, token, userinfo},
    interaction,
    provider::{MAX_BODY, Provider},
};
use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{get, post},
};

impl Provider {
    /// Everything below `/{customer}`, without a fallback. HEAD is answered like
    /// GET, other methods with 405.
    ///
    /// The form at `/{customer}/auth-ui/login` is taken here; the page at the
    /// same address is whoever's who mounts the router. Axum wants the same
    /// parameter name on both sides: `{customer}`.
    pub fn router(&self) -> Router {
        let open = Router::new()
            .route(
                "/{customer}/login/.well-known/openid-configuration",
                get(discovery::get),
            )
            .route("/{customer}/login/jwk", get(jwk::get))
            .route("/{customer}/login/token", post(token::post))
            .route("/{customer}/login/token/introspect", post(introspect::post))
            .route("/{customer}/login/token/revoke", post(revoke::post))
            .route(
                "/{customer}/profiles/oidc/userinfo",
                get(userinfo::get).post(userinfo::post),
            )
            .route_layer(middleware::from_fn(cors::open));
        let closed = Router::new()
            .route(
                "/{customer}/login/authorize",
                get(authorize::get).post(authorize::post),
            )
            .route("/{customer}/auth-ui/login", post(interaction::post))
            .route(
                "/{customer}/config/tokenPolicies",
                get(token_policies::list),
            )
            .route(
                "/{customer}/config/tokenPolicies/{id}",
                get(token_policies::get).put(token_policies::put),
            );
        open.merge(closed)
            .layer(DefaultBodyLimit::max(MAX_BODY))
            .with_state(self.clone())
    }
}
