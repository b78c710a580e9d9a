//! How often one address, one customer, and one maker of sandboxes may ask.

use crate::{
    html,
    site::{Page, Site},
};
use axum::body::Body;
use http::{Method, Request, StatusCode, header};
use provider::{ClientAddress, SandboxKey, Seed};
use serde_json::{Value, json};
use std::net::IpAddr;

const DEMO: &str = "/00000000-0000-4000-8000-000000000001";
const AUTHORIZE: &str = "/00000000-0000-4000-8000-000000000001/login/authorize";
const TOKEN: &str = "/00000000-0000-4000-8000-000000000001/login/token";
const CONFIG: &str = "/00000000-0000-4000-8000-000000000001/config/tokenPolicies";
const ONE: [u8; 4] = [192, 0, 2, 1];
const OTHER: [u8; 4] = [192, 0, 2, 2];

/// A request of a program, or of a person's browser.
async fn ask(site: &Site, from: impl Into<IpAddr>, line: (Method, &str), accept: &str) -> Page {
    let (method, path) = line;
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::ACCEPT, accept)
        .extension(ClientAddress(from.into()))
        .body(Body::empty())
        .unwrap();
    site.send(request).await
}

async fn program(site: &Site, from: impl Into<IpAddr>, line: (Method, &str)) -> Page {
    ask(site, from, line, "*/*").await
}

async fn person(site: &Site, from: impl Into<IpAddr>, path: &str) -> Page {
    ask(site, from, (Method::GET, path), "text/html").await
}

/// Asks what an address may ask at once.
async fn exhaust(site: &Site, from: impl Into<IpAddr> + Copy) {
    for number in 0..200 {
        let page = program(site, from, (Method::POST, TOKEN)).await;
        assert_ne!(page.status, StatusCode::TOO_MANY_REQUESTS, "{number}");
    }
}

#[tokio::test]
async fn an_address_that_asks_too_often_is_told_when_to_come_back() {
    let site = Site::with_limits().await;
    exhaust(&site, ONE).await;
    let page = program(&site, ONE, (Method::POST, TOKEN)).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(page.header("retry-after"), "1");
    let page = program(&site, OTHER, (Method::POST, TOKEN)).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    site.clock.advance(1);
    for _ in 0..20 {
        let page = program(&site, ONE, (Method::POST, TOKEN)).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
    }
    let page = program(&site, ONE, (Method::POST, TOKEN)).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_refusal_is_worded_as_whoever_asked_expects_it() {
    let site = Site::with_limits().await;
    exhaust(&site, ONE).await;

    let page = program(&site, ONE, (Method::POST, TOKEN)).await;
    let body: Value = serde_json::from_str(&page.body).unwrap();
    assert_eq!(body["error"], "temporarily_unavailable");
    assert_eq!(page.header("access-control-allow-origin"), "*");
    assert_eq!(page.header("access-control-expose-headers"), "Retry-After");
    assert_eq!(page.header("cache-control"), "no-store");

    let page = program(&site, ONE, (Method::GET, CONFIG)).await;
    let body: Value = serde_json::from_str(&page.body).unwrap();
    assert_eq!(body, json!({ "errors": "Too many requests" }));
    assert_eq!(page.header("access-control-allow-origin"), "");

    for path in ["/", AUTHORIZE, &format!("{DEMO}/auth-ui/login"), "/nowhere"] {
        let page = person(&site, ONE, path).await;
        assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS, "{path}");
        assert_eq!(page.header("retry-after"), "1", "{path}");
        assert!(page.is_html(), "{path}");
        assert!(page.text().contains("Wait a moment"), "{}", page.text());
    }
}

#[tokio::test]
async fn a_flood_is_not_shown_pages() {
    let site = Site::with_limits().await;
    exhaust(&site, ONE).await;
    for number in 0..20 {
        let page = person(&site, ONE, "/").await;
        assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(page.header("retry-after"), "1");
        assert_eq!(page.is_html(), number < 10, "{number}");
    }
    let page = person(&site, ONE, "/").await;
    assert_eq!(page.body, "Too many requests.\n");
}

#[tokio::test]
async fn what_costs_nothing_is_not_counted() {
    let site = Site::with_limits().await;
    std::fs::write(site.root().join("style.css"), "").unwrap();
    exhaust(&site, ONE).await;
    let discovery = format!("{DEMO}/login/.well-known/openid-configuration");
    let jwk = format!("{DEMO}/login/jwk");
    for path in [&discovery, &jwk, "/healthz", "/style.css"] {
        let page = program(&site, ONE, (Method::GET, path)).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
    }
    let request = Request::options(TOKEN)
        .header(header::ORIGIN, "https://app.example")
        .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST")
        .extension(ClientAddress(ONE.into()))
        .body(Body::empty())
        .unwrap();
    assert_eq!(site.send(request).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn all_addresses_of_one_subscriber_count_as_one() {
    let site = Site::with_limits().await;
    let address = |text: &str| text.parse::<IpAddr>().unwrap();
    for number in 0..200 {
        let from = address(&format!("2001:db8:1:2::{number:x}"));
        let page = program(&site, from, (Method::POST, TOKEN)).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
    }
    for (from, status) in [
        ("2001:db8:1:2:ffff::", StatusCode::TOO_MANY_REQUESTS),
        ("2001:db8:1:3::", StatusCode::BAD_REQUEST),
    ] {
        let page = program(&site, address(from), (Method::POST, TOKEN)).await;
        assert_eq!(page.status, status, "{from}");
    }
}

#[tokio::test]
async fn a_customer_that_everybody_asks_does_not_keep_the_others_waiting() {
    let site = Site::with_limits().await;
    for number in 0..1000_u16 {
        let [high, low] = number.to_be_bytes();
        let page = program(&site, [192, 0, high, low], (Method::POST, TOKEN)).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{number}");
    }
    // From whichever address, from none that is known, and however it is spelled.
    for path in [TOKEN, &TOKEN.replace('-', "%2D")] {
        let page = program(&site, [198, 51, 100, 1], (Method::POST, path)).await;
        assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS, "{path}");
    }
    let request = Request::post(TOKEN).body(Body::empty()).unwrap();
    let page = site.send(request).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    let other = "/00000000-0000-4000-8000-000000000002/login/token";
    let page = program(&site, ONE, (Method::POST, other)).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert_eq!(person(&site, ONE, "/").await.status, StatusCode::OK);
    site.clock.advance(1);
    let page = program(&site, ONE, (Method::POST, TOKEN)).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn nobody_is_limited_where_nobody_else_can_come() {
    let site = Site::new().await;
    for _ in 0..1100 {
        let page = program(&site, ONE, (Method::POST, TOKEN)).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
    }
}

/// Sends the form of the first page, as a browser does that has this key, or none.
async fn run(site: &Site, from: [u8; 4], key: Option<&SandboxKey>) -> Page {
    let mut request = Request::post("/runs")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "text/html")
        .extension(ClientAddress(from.into()));
    if let Some(key) = key {
        request = request.header(header::COOKIE, format!("sandbox={}", key.as_str()));
    }
    site.send(request.body(Body::empty()).unwrap()).await
}

/// Asks the provider of a sandbox, as its owner.
async fn own_keys(site: &Site, from: [u8; 4], key: &SandboxKey, customer: &str) -> StatusCode {
    let request = Request::get(format!("/{customer}/login/jwk"))
        .header(header::COOKIE, format!("sandbox={}", key.as_str()))
        .extension(ClientAddress(from.into()))
        .body(Body::empty())
        .unwrap();
    site.send(request).await.status
}

async fn is_there(site: &Site, key: &SandboxKey) -> bool {
    let found = site.store.customer_by_key(key.as_str()).await.unwrap();
    found.is_some()
}

#[tokio::test]
async fn an_address_makes_only_so_many_sandboxes() {
    let site = Site::with_limits().await;
    let customer = |key| Seed::sandbox(key, crate::site::PUBLIC_URL).customer_id;
    let first = SandboxKey::generate();
    assert_eq!(
        run(&site, ONE, Some(&first)).await.status,
        StatusCode::SEE_OTHER
    );
    for _ in 1..20 {
        // Reading makes none and counts for none.
        assert_eq!(person(&site, ONE, "/").await.status, StatusCode::OK);
        assert_eq!(run(&site, ONE, None).await.status, StatusCode::SEE_OTHER);
    }
    let refused = SandboxKey::generate();
    let page = run(&site, ONE, Some(&refused)).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(page.header("retry-after"), "6");
    assert_eq!(html::text(&page.body), page.text());
    assert!(
        page.text().contains("Nothing was changed"),
        "{}",
        page.text()
    );
    // Nor on the way to the provider, however its address is spelled.
    let plain = customer(&refused);
    let spelled = plain.replace('-', "%2d");
    for id in [&plain, &spelled] {
        let status = own_keys(&site, ONE, &refused, id).await;
        assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "{id}");
    }
    assert!(!is_there(&site, &refused).await);

    // Who has one goes on, and others make theirs.
    assert_eq!(
        run(&site, ONE, Some(&first)).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(
        own_keys(&site, ONE, &first, &customer(&first)).await,
        StatusCode::OK
    );
    assert_eq!(
        own_keys(&site, OTHER, &refused, &plain).await,
        StatusCode::OK
    );
    assert!(is_there(&site, &refused).await);

    site.clock.advance(5);
    assert_eq!(run(&site, ONE, None).await.status, StatusCode::SEE_OTHER);
    assert_eq!(
        run(&site, ONE, None).await.status,
        StatusCode::TOO_MANY_REQUESTS
    );
}

#[tokio::test]
async fn somebody_elses_customer_is_no_sandbox_that_one_makes() {
    let site = Site::with_limits().await;
    for _ in 0..30 {
        // A key of one's own, and a customer of another.
        let key = SandboxKey::generate();
        let request = Request::get(format!("{DEMO}/login/jwk"))
            .header(header::COOKIE, format!("sandbox={}", key.as_str()))
            .extension(ClientAddress(ONE.into()))
            .body(Body::empty())
            .unwrap();
        assert_eq!(site.send(request).await.status, StatusCode::OK);
        assert!(!is_there(&site, &key).await);
    }
    assert_eq!(run(&site, ONE, None).await.status, StatusCode::SEE_OTHER);
}
