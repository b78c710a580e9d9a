//! Pages, files and what the server itself answers.

use crate::site::{PUBLIC_URL, Site};
use axum::body::Body;
use http::{Request, StatusCode};

#[tokio::test]
async fn health_is_ok_while_the_database_answers() {
    let site = Site::new().await;
    let page = site.get("/healthz").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.body, r#"{"status":"ok"}"#);

    site.store.close().await;
    let page = site.get("/healthz").await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn the_first_page_writes_nothing_and_hands_out_a_key() {
    let site = Site::new().await;
    let mut visitor = site.visitor();
    let page = visitor.get("/").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.is_html());
    let cookie = page.header("set-cookie");
    assert!(cookie.starts_with("sandbox="), "{cookie}");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"));
    let key = &visitor.cookies["sandbox"];
    assert_eq!(site.store.customer_by_key(key).await.unwrap(), None);

    // The key stays the same as long as it comes back.
    let key = key.clone();
    visitor.get("/").await;
    assert_eq!(visitor.cookies["sandbox"], key);
}

#[tokio::test]
async fn on_https_the_key_is_locked_to_the_host() {
    let site = Site::at("https://play.example").await;
    let cookie = site.get("/").await.header("set-cookie").to_owned();
    assert!(cookie.starts_with("__Host-sandbox="), "{cookie}");
    assert!(cookie.contains("; Secure"), "{cookie}");
}

#[tokio::test]
async fn head_answers_as_get_without_a_body() {
    let site = Site::new().await;
    for path in ["/", "/healthz", "/runs"] {
        let page = site
            .send(Request::head(path).body(Body::empty()).unwrap())
            .await;
        assert_eq!((page.status, page.body.as_str()), (StatusCode::OK, ""));
    }
}

#[tokio::test]
async fn an_unknown_address_is_a_page_with_status_404() {
    let site = Site::new().await;
    for path in [
        "/nowhere",
        "/a/b/c/d",
        "/pkg/missing.css",
        "/..%2f..%2fetc%2fpasswd",
    ] {
        let page = site.get(path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert!(page.is_html(), "{path}");
        assert!(page.text().contains("There is no such page"), "{path}");
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
    }
    let page = site
        .send(Request::post("/nowhere").body(Body::empty()).unwrap())
        .await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_the_provider_cannot_redirect_becomes_a_page() {
    let site = Site::new().await;
    let path = "/00000000-0000-4000-8000-000000000001/login/authorize?client_id=nobody";
    let page = site.visitor().get(path).await;
    assert!(page.status.is_client_error(), "{}", page.status);
    assert!(page.is_html());
    assert!(page.body.contains("<h1"), "{}", page.body);
    assert!(page.header("content-security-policy").contains("'nonce-"));

    // A program gets the sentence alone.
    let request = Request::get(path)
        .header("accept", "application/json")
        .body(Body::empty())
        .unwrap();
    let plain = site.send(request).await;
    assert_eq!(plain.status, page.status);
    assert!(!plain.body.contains('<'), "{}", plain.body);
}

#[tokio::test]
async fn files_with_a_hash_are_kept_for_ever_and_others_asked_for_again() {
    let site = Site::new().await;
    let pkg = site.root().join("pkg");
    std::fs::create_dir(&pkg).unwrap();
    let hashed = "oidc-playground.0123456789abcdefABCD_-.css";
    std::fs::write(pkg.join(hashed), "a{}").unwrap();
    std::fs::write(pkg.join(format!("{hashed}.br")), "pretend brotli").unwrap();
    std::fs::write(site.root().join("favicon.svg"), "<svg/>").unwrap();

    let page = site.get(&format!("/pkg/{hashed}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.body, "a{}");
    assert_eq!(
        page.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert!(page.header("set-cookie").is_empty());
    assert!(page.header("content-type").starts_with("text/css"));

    let compressed = Request::get(format!("/pkg/{hashed}"))
        .header("accept-encoding", "gzip, br")
        .body(Body::empty())
        .unwrap();
    let page = site.send(compressed).await;
    assert_eq!(page.header("content-encoding"), "br");
    assert_eq!(page.body, "pretend brotli");

    let page = site.get("/favicon.svg").await;
    assert_eq!(page.header("cache-control"), "no-cache");
}

#[tokio::test]
async fn pages_are_compressed_for_who_can_read_it() {
    let site = Site::new().await;
    for encoding in ["br", "gzip"] {
        let request = Request::get("/")
            .header("accept-encoding", encoding)
            .body(Body::empty())
            .unwrap();
        let page = site.send(request).await;
        assert_eq!(page.header("content-encoding"), encoding);
        assert!(page.header("vary").contains("accept-encoding"));
    }
}

#[tokio::test]
async fn a_chosen_theme_is_remembered_and_can_be_forgotten() {
    let site = Site::new().await;
    let mut visitor = site.visitor();
    let theme = |value: &str| vec![("theme".to_owned(), value.to_owned())];
    let page = visitor.post("/theme", &theme("dark")).await;
    assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/"));
    assert!(visitor.get("/").await.body.contains(r#"data-theme="dark""#));

    visitor.post("/theme", &theme("system")).await;
    assert!(!visitor.cookies.contains_key("theme"));
    assert!(!visitor.get("/").await.body.contains(r#"data-theme="dark""#));
}

#[tokio::test]
async fn who_typed_localhost_is_sent_to_the_public_url() {
    let site = Site::new().await;
    let ask = |host: &str| {
        Request::get("/runs?a=b")
            .header("host", host)
            .body(Body::empty())
            .unwrap()
    };
    let page = site.send(ask("localhost:3000")).await;
    assert_eq!(page.status, StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(page.location(), format!("{PUBLIC_URL}/runs?a=b"));
    assert_eq!(
        site.send(ask("127.0.0.1:3000")).await.status,
        StatusCode::OK
    );
    // A forwarded port or another name may be right, and never decides anything.
    assert_eq!(
        site.send(ask("localhost:8080")).await.status,
        StatusCode::OK
    );
    let page = site.send(ask("evil.example")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("evil.example"));
}
