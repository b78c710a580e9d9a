//! What protects a page from others, and others from a page.

use crate::site::Site;
use axum::body::Body;
use http::{Request, StatusCode};

fn nonce(policy: &str) -> &str {
    let (_, rest) = policy.split_once("'nonce-").expect("a nonce");
    rest.split_once('\'').expect("its end").0
}

#[tokio::test]
async fn every_page_has_a_strict_policy_with_a_nonce_of_its_own() {
    let site = Site::new().await;
    let (one, two) = (site.get("/").await, site.get("/").await);
    let policy = one.header("content-security-policy");
    for part in [
        "default-src 'none'",
        "style-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "'wasm-unsafe-eval'",
    ] {
        assert!(policy.contains(part), "{part} in {policy}");
    }
    assert!(!policy.contains("unsafe-inline"));
    let first = nonce(policy);
    assert!(first.len() >= 22, "{first}");
    assert_ne!(first, nonce(two.header("content-security-policy")));
    assert!(one.body.contains(&format!("nonce=\"{first}\"")));
    // Whatever is inline could not run, or style, without the nonce.
    for (start, _) in one.body.match_indices("<script") {
        let tag = &one.body[start..start + one.body[start..].find('>').unwrap()];
        assert!(tag.contains("nonce="), "{tag}");
    }
    assert!(!one.body.contains(" style=\"") && !one.body.contains("<style"));
    assert!(!one.body.contains(" onclick="));
}

#[tokio::test]
async fn every_answer_has_the_protecting_headers() {
    let site = Site::new().await;
    for path in [
        "/",
        "/healthz",
        "/nowhere",
        "/runs",
        "/00000000-0000-4000-8000-000000000001/login/jwk",
        "/00000000-0000-4000-8000-000000000001/login/authorize",
    ] {
        let page = site.get(path).await;
        assert_eq!(page.header("x-frame-options"), "DENY", "{path}");
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(page.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(
            page.header("cross-origin-opener-policy"),
            "same-origin",
            "{path}"
        );
        assert!(!page.header("permissions-policy").is_empty(), "{path}");
        assert!(!page.header("cache-control").is_empty(), "{path}");
        assert!(
            page.header("content-security-policy")
                .contains("default-src 'none'"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn browsers_that_came_over_https_are_told_to_stay_there() {
    for (public_url, told) in [
        ("https://play.example", "max-age=31536000"),
        ("http://play.example", ""),
    ] {
        let site = Site::at(public_url).await;
        for path in ["/", "/healthz", "/nowhere", "/favicon.ico"] {
            let page = site.get(path).await;
            assert_eq!(page.header("strict-transport-security"), told, "{path}");
        }
        let page = site.get("/").await;
        let cookie = page.header("set-cookie");
        assert_eq!(cookie.starts_with("__Host-"), !told.is_empty(), "{cookie}");
    }
}

#[tokio::test]
async fn no_header_of_a_request_changes_an_address_that_is_given_out() {
    let site = Site::at("https://play.example").await;
    let demo = "/00000000-0000-4000-8000-000000000001";
    let authorize = format!(
        "{demo}/login/authorize?client_id=00000000-0000-4000-8000-000000000032\
        &response_type=code&scope=openid&redirect_uri=http%3A%2F%2Flocalhost%3A8080%2Fcallback"
    );
    for path in [
        &format!("{demo}/login/.well-known/openid-configuration"),
        &authorize,
        "/",
        "/nowhere",
    ] {
        let plain = site.get(path).await;
        for (name, value) in [
            ("host", "evil.example"),
            ("x-forwarded-host", "evil.example"),
            ("x-forwarded-proto", "http"),
            ("x-forwarded-port", "6666"),
            ("forwarded", "host=evil.example;proto=http"),
            ("x-original-host", "evil.example"),
            ("x-original-url", "/evil.example"),
        ] {
            let request = Request::get(path).header(name, value);
            let page = site.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(page.status, plain.status, "{path} {name}");
            for text in [&page.body, page.location(), page.header("set-cookie")] {
                assert!(!text.contains("evil.example") && !text.contains("6666"));
            }
            let origin = |page: &crate::site::Page| page.location().get(..21).map(str::to_owned);
            assert_eq!(origin(&page), origin(&plain), "{path} {name}");
        }
    }
}

#[tokio::test]
async fn the_sign_in_page_may_lead_to_a_foreign_client() {
    let site = Site::new().await;
    let mut visitor = site.visitor();
    let asked = "/00000000-0000-4000-8000-000000000001/login/authorize\
        ?client_id=00000000-0000-4000-8000-000000000032&response_type=code&scope=openid\
        &redirect_uri=http%3A%2F%2Flocalhost%3A8080%2Fcallback&state=s";
    let page = visitor.get(asked).await;
    let page = visitor.follow(page).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let policy = page.header("content-security-policy");
    assert!(!policy.contains("form-action"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'"));
}

#[tokio::test]
async fn a_form_of_another_site_changes_nothing() {
    let site = Site::new().await;
    for path in [
        "/theme",
        "/draft",
        "/runs",
        "/sandbox/reset",
        "/runs/x/add-scopes",
    ] {
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "https://evil.example"),
            ("origin", "null"),
        ] {
            let request = Request::post(path)
                .header(name, value)
                .header("accept", "text/html")
                .header("content-type", "application/x-www-form-urlencoded")
                .body(Body::from("theme=dark"))
                .unwrap();
            let page = site.send(request).await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{path} {name}: {value}");
            assert!(page.text().contains("came from another site"));
            assert!(!page.header("set-cookie").contains("theme"));
        }
    }
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused_at_once() {
    let site = Site::new().await;
    let request = Request::post("/theme")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("content-length", "5000000")
        .body(Body::from("a".repeat(5_000_000)))
        .unwrap();
    assert_eq!(
        site.send(request).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
}

#[tokio::test]
async fn a_request_without_a_path_is_refused() {
    let site = Site::new().await;
    let request = Request::builder()
        .method("CONNECT")
        .uri("elsewhere.example:443")
        .body(Body::empty())
        .unwrap();
    assert_eq!(site.send(request).await.status, StatusCode::NOT_IMPLEMENTED);
}
