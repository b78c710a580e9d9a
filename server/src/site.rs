//! The files of the built site.

use crate::{limits, pages, state::AppState, visitor};
use axum::{
    extract::Request,
    handler::Handler,
    middleware::{self, Next},
    response::Response,
    routing::MethodRouter,
};
use http::{HeaderValue, header::CACHE_CONTROL};
use tower_http::services::ServeDir;

/// Serves the files of the site, as compressed as they lie there; for all else
/// the page that says so.
pub(crate) fn fallback(state: &AppState) -> MethodRouter {
    let not_found = pages::not_found
        .layer(middleware::from_fn_with_state(
            state.clone(),
            visitor::identify,
        ))
        .layer(middleware::from_fn_with_state(state.clone(), limits::count))
        .with_state(state.clone());
    let files = ServeDir::new(state.leptos.site_root.as_ref())
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip()
        .call_fallback_on_method_not_allowed(true)
        .fallback(not_found);
    axum::routing::any_service(files).layer(middleware::from_fn(keep))
}

/// A file with a hash in its name never changes. Any other may; asking again
/// costs little, since it is answered with 304 as long as it has not.
async fn keep(request: Request, next: Next) -> Response {
    let policy = if is_hashed(request.uri().path()) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let mut response = next.run(request).await;
    let status = response.status();
    if status.is_success() || status == http::StatusCode::NOT_MODIFIED {
        response
            .headers_mut()
            .entry(CACHE_CONTROL)
            .or_insert(HeaderValue::from_static(policy));
    }
    response
}

/// Whether a path is `/pkg/NAME.HASH.EXTENSION`, as `cargo leptos` names files:
/// the hash is an MD5 digest in base64url, 22 characters.
fn is_hashed(path: &str) -> bool {
    let Some(name) = path.strip_prefix("/pkg/") else {
        return false;
    };
    let mut parts = name.rsplit('.');
    let (Some(_extension), Some(hash), Some(_name)) = (parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    hash.len() == 22
        && hash
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_a_hash_are_kept_for_ever() {
        assert!(is_hashed("/pkg/oidc-playground.AxCV-_4567890abcdefghi.css"));
        assert!(!is_hashed("/pkg/oidc-playground.css"));
        assert!(!is_hashed("/pkg/oidc-playground.min.css"));
        assert!(!is_hashed("/favicon.svg"));
        assert!(!is_hashed("/oidc-playground.AxCV-_4567890abcdefghi.css"));
    }
}
