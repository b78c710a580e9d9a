//! Story A, as a browser without scripts lives it.

use crate::{
    html,
    site::{Browser, Page, Site},
};
use http::StatusCode;

/// Opens the first page and presses Run.
pub(crate) async fn run(visitor: &mut Browser) -> (String, Page) {
    let start = visitor.get("/").await;
    let page = visitor
        .post("/runs", &html::form(&start.body, "/runs"))
        .await;
    finish(visitor, page).await
}

/// From the answer to a button to the page of the run.
pub(crate) async fn finish(visitor: &mut Browser, page: Page) -> (String, Page) {
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
    assert!(page.location().contains("/login/authorize?"));
    let page = visitor.get(page.location()).await;
    assert!(page.location().contains("/callback?"), "{page:?}");
    let page = visitor.get(page.location()).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
    let address = page.location().to_owned();
    assert!(address.starts_with("/runs/"), "{address}");
    let page = visitor.get(&address).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    (address, page)
}

#[tokio::test]
async fn a_dropped_scope_is_explained_and_one_more_click_adds_it() {
    let site = Site::new().await;
    let mut visitor = site.visitor();
    let (address, page) = run(&mut visitor).await;
    let text = page.text();
    assert!(
        text.contains(
            "address was asked for, but the token policy “Storefront” does not list it in allowedScopes, so it was dropped without an error."
        ),
        "{text}"
    );

    let action = format!("{address}/add-scopes");
    let fix = html::form(&page.body, &action);
    assert_eq!(fix, [("scope".to_owned(), "address".to_owned())]);
    let answer = visitor.post(&action, &fix).await;
    let (second, page) = finish(&mut visitor, answer).await;
    assert_ne!(second, address);
    let text = page.text();
    assert!(!text.contains("was dropped without an error"), "{text}");
    assert!(text.contains("street_address"), "{text}");

    // Both stay, and a reload shows the same again.
    assert_eq!(visitor.get(&address).await.status, StatusCode::OK);
    let list = visitor.get("/runs").await;
    assert!(list.body.contains(&address) && list.body.contains(&second));
}

#[tokio::test]
async fn nobody_else_can_read_a_run() {
    let site = Site::new().await;
    let mut owner = site.visitor();
    let (address, _) = run(&mut owner).await;
    let mut stranger = site.visitor();
    run(&mut stranger).await;
    for mut other in [stranger, site.visitor()] {
        let page = other.get(&address).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        assert!(!page.text().contains("Storefront"), "{}", page.text());
        let fix = [("scope".to_owned(), "address".to_owned())];
        let page = other.post(&format!("{address}/add-scopes"), &fix).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_wrong_answer_at_the_callback_is_explained() {
    let site = Site::new().await;
    let mut visitor = site.visitor();
    let start = visitor.get("/").await;
    let page = visitor
        .post("/runs", &html::form(&start.body, "/runs"))
        .await;
    let page = visitor.get(page.location()).await;
    let callback = page.location().to_owned();

    let page = visitor.get("/callback?code=c").await;
    assert!(page.status.is_client_error() && page.is_html());
    let page = visitor.get("/callback?code=c&state=another").await;
    assert!(page.status.is_client_error() && page.is_html());

    let page = visitor.get(&callback).await;
    let run = page.location().to_owned();
    // The same answer again leads to the run it belongs to.
    let page = visitor.get(&callback).await;
    assert!(page.status.is_client_error(), "{}", page.status);
    assert!(page.body.contains(&run), "{}", page.text());
}

#[tokio::test]
async fn an_expired_run_is_told_from_one_that_never_was() {
    let site = Site::new().await;
    let mut visitor = site.visitor();
    let (address, _) = run(&mut visitor).await;
    site.clock.advance(25 * 60 * 60);
    let page = visitor.get(&address).await;
    assert_eq!(page.status, StatusCode::GONE, "{}", page.text());
    assert_eq!(
        visitor.get("/runs/never").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn resetting_the_sandbox_forgets_runs_and_changes() {
    let site = Site::new().await;
    let mut visitor = site.visitor();
    let (address, _) = run(&mut visitor).await;
    let page = visitor.post("/sandbox/reset", &[]).await;
    assert_eq!(
        (page.status, page.location()),
        (StatusCode::SEE_OTHER, "/?reset=done")
    );
    assert_eq!(visitor.get(&address).await.status, StatusCode::NOT_FOUND);
}
