//! The list of runs, and two of them compared.

use crate::{
    html,
    site::{Browser, Page, Site},
    story::{finish, run},
};
use http::StatusCode;

/// Two runs of a visitor: one with a dropped scope, one without.
async fn two_runs(visitor: &mut Browser) -> (String, String) {
    let (first, page) = run(visitor).await;
    let action = format!("{first}/add-scopes");
    let answer = visitor
        .post(&action, &html::form(&page.body, &action))
        .await;
    let (second, _) = finish(visitor, answer).await;
    let id = |address: String| address.replace("/runs/", "");
    (id(first), id(second))
}

/// Whether the page says this, wherever its elements put white space.
fn says(page: &Page, text: &str) -> bool {
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    squeezed(&page.text()).contains(&squeezed(text))
}

#[tokio::test]
async fn two_runs_are_compared_in_either_order() {
    let site = Site::new().await;
    let mut visitor = site.visitor();
    let (a, b) = two_runs(&mut visitor).await;
    let list = visitor.get("/runs").await;
    let chosen = html::form(&list.body, "/runs/compare");
    // In the order of the page: the newest run comes first, and stands right.
    assert_eq!(chosen.len(), 2);
    assert!(chosen.contains(&("a".to_owned(), a.clone())), "{chosen:?}");
    assert!(chosen.contains(&("b".to_owned(), b.clone())), "{chosen:?}");

    let page = visitor.get(&format!("/runs/compare?a={a}&b={b}")).await;
    assert_eq!(page.status, StatusCode::OK);
    for text in [
        "Granted now: address.",
        "address nothing granted + only right",
        "client_id",
        "new in every run",
        "allowedScopes openid profile openid profile address ≠ differs",
    ] {
        assert!(says(&page, text), "{text}");
    }
    let page = visitor.get(&format!("/runs/compare?a={b}&b={a}")).await;
    assert!(says(&page, "address granted nothing − only left"));
    assert!(says(&page, "Granted now: address."));
    let page = visitor.get(&format!("/runs/compare?a={a}&b={a}")).await;
    assert!(says(
        &page,
        "Both sides are the same run, so nothing differs."
    ));
}

#[tokio::test]
async fn runs_that_cannot_be_compared_are_explained() {
    let site = Site::new().await;
    let mut visitor = site.visitor();
    let (a, b) = two_runs(&mut visitor).await;
    for (query, status) in [
        (String::new(), 400),
        ("?a=".to_owned(), 400),
        (format!("?a={a}"), 400),
        (format!("?a={a}&b="), 400),
        (format!("?a={a}&b=never"), 404),
        (format!("?a=%00&b={b}"), 404),
        (format!("?a={}&b={b}", "x".repeat(4000)), 404),
    ] {
        let page = visitor.get(&format!("/runs/compare{query}")).await;
        assert_eq!(page.status.as_u16(), status, "{query}");
        assert!(
            page.is_html() && page.body.contains("href=\"/runs\""),
            "{query}"
        );
    }
    let mut stranger = site.visitor();
    let (own, _) = two_runs(&mut stranger).await;
    let page = stranger.get(&format!("/runs/compare?a={own}&b={b}")).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    site.clock.advance(25 * 60 * 60);
    let page = visitor.get(&format!("/runs/compare?a={a}&b={b}")).await;
    assert_eq!(page.status, StatusCode::GONE);
}

#[tokio::test]
async fn the_list_shows_the_runs_of_a_client_or_a_verdict() {
    let site = Site::new().await;
    let mut visitor = site.visitor();
    let page = visitor.get("/runs?client=Storefront").await;
    assert!(says(&page, "No runs yet."));
    let (a, b) = two_runs(&mut visitor).await;
    for (query, listed) in [
        ("", [true, true]),
        ("?client=&verdict=", [true, true]),
        ("?client=Storefront", [true, true]),
        ("?verdict=drop", [true, false]),
        ("?verdict=pass&client=Storefront", [false, true]),
        ("?verdict=fail", [false, false]),
        ("?client=Nobody", [false, false]),
        ("?verdict=%3Cscript%3E", [true, true]),
    ] {
        let page = visitor.get(&format!("/runs{query}")).await;
        let shown = [&a, &b].map(|id| page.body.contains(&format!("href=\"/runs/{id}\"")));
        assert_eq!(shown, listed, "{query}");
        assert_eq!(
            says(&page, "No run fits this choice."),
            listed == [false, false]
        );
    }
}
