//! Pages, files and what the server itself answers.

use crate::site::{PUBLIC_URL, Page, Site};
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
async fn an_address_that_only_takes_a_form_leads_to_the_page_of_the_form() {
    let site = Site::new().await;
    for (path, to) in [
        ("/sandbox/reset", "/"),
        ("/hints", "/"),
        ("/theme", "/"),
        ("/runs/r%20n/add-scopes?x=y", "/runs/r%20n"),
        ("/runs/r%20n/steps?x=y", "/runs/r%20n"),
    ] {
        for request in [Request::get(path), Request::head(path)] {
            let page = site.send(request.body(Body::empty()).unwrap()).await;
            let found = (page.status, page.location());
            assert_eq!(found, (StatusCode::SEE_OTHER, to), "{path}");
        }
    }
}

#[tokio::test]
async fn a_slash_at_the_end_leads_to_the_page() {
    let site = Site::new().await;
    for (path, to) in [
        ("/runs/", "/runs"),
        ("/runs/?a=b&c", "/runs?a=b&c"),
        ("/runs/some%20run/", "/runs/some%20run"),
        (
            "/c/auth-ui/login/?interaction=i",
            "/c/auth-ui/login?interaction=i",
        ),
    ] {
        let page = site.get(path).await;
        let found = (page.status, page.location());
        assert_eq!(found, (StatusCode::PERMANENT_REDIRECT, to), "{path}");
    }
    for path in [
        "/nowhere/",
        "/\\evil.example/auth-ui/login/",
        "//evil.example/",
    ] {
        let page = site.get(path).await;
        let found = (page.status, page.location());
        assert_eq!(found, (StatusCode::NOT_FOUND, ""), "{path}");
    }
}

#[tokio::test]
async fn the_icon_that_browsers_ask_for_unasked_is_the_one_there_is() {
    let page = Site::new().await.get("/favicon.ico").await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert_eq!(page.location(), "/favicon.svg");
    assert!(page.header("set-cookie").is_empty());
}

/// A request as a browser makes it, and what a program gets for the same.
async fn both(site: &Site, request: &dyn Fn() -> http::request::Builder, body: &str) -> [Page; 2] {
    let send = |accept| {
        let request = request().header("accept", accept);
        site.send(request.body(Body::from(body.to_owned())).unwrap())
    };
    [
        send("text/html,*/*;q=0.8").await,
        send("application/json").await,
    ]
}

#[tokio::test]
async fn a_method_that_an_address_does_not_answer_is_explained() {
    let site = Site::new().await;
    let token = "/00000000-0000-4000-8000-000000000001/login/token";
    for (method, path, allowed) in [
        ("PUT", "/theme", "GET,HEAD,POST"),
        ("DELETE", "/", "GET,HEAD"),
        ("POST", "/runs/some-run", "GET,HEAD"),
        ("GET", token, "POST"),
    ] {
        let request = || Request::builder().method(method).uri(path);
        let [page, plain] = both(&site, &request, "").await;
        for answer in [&page, &plain] {
            assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
            assert_eq!(answer.header("allow"), allowed, "{path}");
        }
        assert!(page.is_html(), "{path}");
        assert!(page.text().contains("not opened that way"), "{path}");
        assert!(!plain.is_html(), "{path}");
    }
}

#[tokio::test]
async fn a_form_that_cannot_be_read_is_explained() {
    let site = Site::new().await;
    let form = "application/x-www-form-urlencoded";
    let large = format!("a={}", "a".repeat(300 * 1024));
    for (path, kind, body, status) in [
        ("/theme", "application/json", "{}", 415),
        ("/runs", "multipart/form-data; boundary=x", "--x--", 415),
        ("/runs/r/add-scopes", "text/plain", "scope=a", 415),
        ("/runs/%ff/add-scopes", form, "scope=a", 400),
        ("/runs/r/steps", "text/plain", "what=refresh", 415),
        ("/runs/%ff/steps", form, "what=refresh", 400),
        ("/theme", form, &large, 413),
        ("/runs", form, &large, 413),
    ] {
        let request = || Request::post(path).header("content-type", kind);
        let [page, plain] = both(&site, &request, body).await;
        assert_eq!(page.status, status, "{path} {kind}");
        assert_eq!(plain.status, status, "{path} {kind}");
        assert!(page.is_html(), "{path} {kind}");
        let text = page.text();
        assert!(text.contains("Nothing was changed"), "{text}");
        assert!(!text.contains("eserialize"), "{text}");
        assert!(!plain.is_html(), "{path} {kind}");
    }
}

#[tokio::test]
async fn a_form_whose_announced_length_is_too_large_is_explained() {
    let site = Site::new().await;
    let request = || {
        Request::post("/runs")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("content-length", "5000000")
    };
    let [page, plain] = both(&site, &request, "").await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(page.text().contains("This form is too large"));
    assert_eq!(plain.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(!plain.is_html());
}

#[tokio::test]
async fn errors_for_programs_stay_what_they_are() {
    let site = Site::new().await;
    let token = "/00000000-0000-4000-8000-000000000001/login/token";
    let request = || Request::post(token).header("content-type", "application/json");
    for answer in both(&site, &request, "{}").await {
        assert!(
            answer
                .header("content-type")
                .starts_with("application/json")
        );
        assert!(answer.body.contains("invalid_request"), "{}", answer.body);
    }
}

#[tokio::test]
async fn what_the_provider_cannot_redirect_becomes_a_page() {
    let site = Site::new().await;
    let path = "/00000000-0000-4000-8000-000000000001/login/authorize?client_id=nobody";
    let page = site.visitor().get(path).await;
    assert!(page.status.is_client_error(), "{}", page.status);
    assert!(page.is_html());
    assert!(page.body.contains("<h1"), "{}", page.body);
    let text = page.text();
    assert!(text.contains("There is no such client"), "{text}");
    assert!(text.contains("invalid client_id"), "{text}");
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
async fn a_hint_that_was_put_away_stays_away_until_it_is_asked_for() {
    let site = Site::new().await;
    let mut visitor = site.visitor();
    let hint = r#"aria-label="Hint""#;
    let sent = |name: &str, value: &str| vec![(name.to_owned(), value.to_owned())];
    assert!(visitor.get("/").await.body.contains(hint));

    for strange in ["", "x;y", "UPPER", &"x".repeat(33)] {
        visitor.post("/hints", &sent("put_away", strange)).await;
        assert!(!visitor.cookies.contains_key("hints"), "{strange:?}");
    }
    for _ in 0..2 {
        let page = visitor.post("/hints", &sent("put_away", "start")).await;
        assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, "/"));
    }
    visitor.post("/hints", &sent("put_away", "other")).await;
    assert_eq!(visitor.cookies["hints"], "start.other");
    assert!(!visitor.get("/").await.body.contains(hint));

    visitor.post("/hints", &sent("show_again", "yes")).await;
    assert!(!visitor.cookies.contains_key("hints"));
    assert!(visitor.get("/").await.body.contains(hint));
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

#[tokio::test]
async fn the_sign_in_page_links_to_what_a_client_says_of_itself_and_fetches_nothing() {
    let site = Site::new().await;
    let base = "/00000000-0000-4000-8000-000000000001/login";
    let metadata = serde_json::json!({
        "redirect_uris": ["https://a.test/callback"],
        "client_name": "<b>Mine</b>",
        "policy_uri": "https://a.test/policy?a=\"&b",
        "tos_uri": "https://a.test/terms",
        "logo_uri": "https://a.test/logo.png",
    });
    let request = Request::post(format!("{base}/register"))
        .header("content-type", "application/json")
        .body(Body::from(metadata.to_string()));
    let registered = site.send(request.unwrap()).await;
    assert_eq!(
        registered.status,
        StatusCode::CREATED,
        "{}",
        registered.body
    );
    let client: serde_json::Value = serde_json::from_str(&registered.body).unwrap();

    let mut visitor = site.visitor();
    let address = format!(
        "{base}/authorize?client_id={}&redirect_uri=https://a.test/callback&response_type=code&scope=openid",
        client["client_id"].as_str().unwrap()
    );
    let page = visitor.get(&address).await;
    let page = visitor.follow(page).await;
    assert_eq!(page.status, StatusCode::OK);
    for link in [
        r#"href="https://a.test/policy?a=&quot;&amp;b""#,
        r#"href="https://a.test/terms""#,
        r#"href="https://a.test/logo.png""#,
    ] {
        assert!(page.body.contains(link), "{link} is not in {}", page.body);
    }
    assert!(!page.body.contains("<b>Mine</b>"), "{}", page.body);
    assert!(!page.body.contains("src=\"https://a.test"), "{}", page.body);
}
