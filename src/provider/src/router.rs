//! Which address leads where.

use crate::{
    config_api, cors,
    endpoint::{
        authorize, discovery, end_session, introspect, jwk, register, revoke, token, userinfo,
    },
    fault,
    interaction::{
        account_created, forgot_password, logout, new_password, profile, registration, sign_in,
    },
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
    pub fn router(&self) -> Router {
        self.endpoints().merge(self.screens())
    }

    /// What a person is shown, for whoever draws it: answers that carry a
    /// [`Screen`](crate::Screen) are to be replaced by a page.
    pub fn screens(&self) -> Router {
        Router::new()
            .route(
                "/{customer}/auth-ui/login",
                get(sign_in::get).post(sign_in::post),
            )
            .route(
                "/{customer}/auth-ui/registration",
                get(registration::get).post(registration::post),
            )
            .route(
                "/{customer}/auth-ui/account-created",
                get(account_created::get).post(account_created::post),
            )
            .route(
                "/{customer}/auth-ui/forgot-password",
                get(forgot_password::get).post(forgot_password::post),
            )
            .route(
                "/{customer}/auth-ui/reset-password",
                get(new_password::get).post(new_password::post),
            )
            .route(
                "/{customer}/auth-ui/profile",
                get(profile::get).post(profile::post),
            )
            .route(
                "/{customer}/auth-ui/logout",
                get(logout::get).post(logout::post),
            )
            .route(
                "/{customer}/login/end_session",
                get(end_session::get).post(end_session::post),
            )
            .route_layer(middleware::from_fn_with_state(self.clone(), fault::attend))
            .layer(DefaultBodyLimit::max(MAX_BODY))
            .with_state(self.clone())
    }

    /// What programs call, and where they send browsers.
    pub fn endpoints(&self) -> Router {
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
            .route_layer(middleware::from_fn_with_state(self.clone(), fault::attend))
            .route_layer(middleware::from_fn(cors::open));
        let closed = Router::new()
            .route(
                "/{customer}/login/authorize",
                get(authorize::get).post(authorize::post),
            )
            .route("/{customer}/login/register", post(register::post))
            .route("/{customer}/login/register/{client_id}", get(register::get))
            .merge(config_api::routes())
            .route_layer(middleware::from_fn_with_state(self.clone(), fault::attend));
        open.merge(closed)
            .layer(DefaultBodyLimit::max(MAX_BODY))
            .with_state(self.clone())
    }
}
