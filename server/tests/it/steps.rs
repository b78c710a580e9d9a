//! What is done with the tokens of a run, as a browser without scripts does it.

use crate::{
    html,
    site::{Browser, Page, Site},
    story::{finish, run},
};
use http::StatusCode;

/// Presses a button of the page; `leave_out` is unticked before.
async fn press(visitor: &mut Browser, address: &str, what: &str, leave_out: &str) -> Page {
    let page = visitor.get(address).await;
    let action = format!("{address}/steps");
    let mut form = html::form(&page.body, &action);
    form.retain(|(name, value)| name != "scope" || value != leave_out);
    form.push(("what".to_owned(), what.to_owned()));
    visitor.post(&action, &form).await
}

#[tokio::test]
async fn every_button_leads_back_to_the_run_and_to_its_step() {
    let site = Site::new().await;
    let mut visitor = site.visitor();
    let (address, _) = run(&mut visitor).await;
    let told = [
        ("refresh", "profile", "Narrowed: profile is gone"),
        (
            "introspect-access",
            "",
            "Active: the access token counts. It carries openid .",
        ),
        (
            "introspect-refresh",
            "",
            "Active: the refresh token counts.",
        ),
        (
            "userinfo",
            "",
            "Userinfo answers, with other claims than before.",
        ),
        ("revoke-access", "", "Revoked: the access token is dead."),
        ("replay", "", "every token of this login is dead now"),
        ("revoke-refresh", "", "Nothing changed."),
    ];
    for (number, (what, leave_out, text)) in (1..).zip(told) {
        let page = press(&mut visitor, &address, what, leave_out).await;
        assert_eq!(
            page.status,
            StatusCode::SEE_OTHER,
            "{what}: {}",
            page.text()
        );
        assert_eq!(page.location(), format!("{address}#step-{number}"));
        let page = visitor.get(&address).await;
        let text = text.replace(" .", ".");
        assert!(
            page.text().replace(" .", ".").contains(&text),
            "{what}: {}",
            page.text()
        );
        assert!(page.body.contains(&format!("id=\"step-{number}\"")));
    }
    // Secrets stay masked until they are asked for.
    let masked = visitor.get(&address).await.body;
    let shown = visitor.get(&format!("{address}?reveal=1")).await.body;
    let token = shown.split("refresh_token=").nth(1).unwrap();
    let token = token.split_once("<span class=\"secret\">").unwrap().1;
    let token = token.split('<').next().unwrap();
    assert!(token.len() > 20 && !masked.contains(token), "{token}");
}

#[tokio::test]
async fn the_same_button_from_an_old_page_is_told_and_done_once() {
    let site = Site::new().await;
    let mut visitor = site.visitor();
    let (address, page) = run(&mut visitor).await;
    let action = format!("{address}/steps");
    let mut form = html::form(&page.body, &action);
    form.push(("what".to_owned(), "refresh".to_owned()));
    let first = visitor.post(&action, &form).await;
    assert_eq!(first.location(), format!("{address}#step-1"));
    let second = visitor.post(&action, &form).await;
    assert_eq!(second.location(), format!("{address}?repeated=1#step-1"));
    let page = visitor
        .get(second.location().split('#').next().unwrap())
        .await;
    assert!(
        page.text().contains("It was not done again."),
        "{}",
        page.text()
    );
    assert!(!page.body.contains("id=\"step-2\""));
}

#[tokio::test]
async fn logging_out_leads_over_the_provider_and_back_to_the_run() {
    let site = Site::new().await;
    let mut visitor = site.visitor();
    let (address, _) = run(&mut visitor).await;
    let page = press(&mut visitor, &address, "log-out", "").await;
    assert!(page.location().contains("/login/end_session?"), "{page:?}");
    let page = visitor.get(page.location()).await;
    assert!(page.location().contains("/logged-out?state="), "{page:?}");
    let back = page.location().to_owned();
    for _reload in 0..2 {
        let page = visitor.get(&back).await;
        assert_eq!(page.location(), format!("{address}#step-2"));
    }
    let text = visitor.get(&address).await.text();
    assert!(
        text.contains("Logging out ended the session, not the tokens"),
        "{text}"
    );

    for query in ["", "?state=", "?state=never", "?state=a&state=b"] {
        let page = visitor.get(&format!("/logged-out{query}")).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{query}");
        assert!(page.is_html());
    }
    let page = site.visitor().get(&back).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_is_wrong_with_a_step_is_explained_and_leads_back() {
    let site = Site::new().await;
    let mut visitor = site.visitor();
    let (address, _) = run(&mut visitor).await;
    let action = format!("{address}/steps");
    let long = "a".repeat(5000);
    for (pairs, status, says) in [
        (vec![], 422, "There is no such step"),
        (vec![("what", "")], 422, "There is no such step"),
        (vec![("what", "fly")], 422, "There is no such step"),
        (
            vec![("what", "replay")],
            409,
            "There is no token to do this with",
        ),
        (
            vec![("what", "refresh"), ("scope", &long)],
            422,
            "This scope is too long",
        ),
    ] {
        let pairs: Vec<(String, String)> = pairs
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let page = visitor.post(&action, &pairs).await;
        assert_eq!(page.status.as_u16(), status, "{pairs:?}");
        assert!(page.text().contains(says), "{}", page.text());
        assert!(
            page.body.contains(&format!("href=\"{address}\"")),
            "{}",
            page.body
        );
    }
    // What is sent beside it does no harm, and what is no scope is left out.
    let odd = [
        ("what", "refresh"),
        ("scope", "open\"id"),
        ("scope", "\u{1F980} openid"),
        ("seen", "<script>"),
        ("other", "x"),
    ];
    let odd = odd.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let page = visitor.post(&action, &odd).await;
    assert_eq!(page.location(), format!("{address}#step-1"));

    let pairs = [("what".to_owned(), "userinfo".to_owned())];
    for path in [
        "/runs/never/steps",
        "/runs/%3Cscript%3E/steps",
        "/runs/ü/steps",
    ] {
        let path = path.replace('ü', "%C3%BC");
        let page = visitor.post(&path, &pairs).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!page.body.contains("<script>alert"));
    }
    let page = site.visitor().post(&action, &pairs).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    site.clock.advance(25 * 60 * 60);
    let page = visitor.post(&action, &pairs).await;
    assert_eq!(page.status, StatusCode::GONE);
}

/// Whether the page says this, wherever its elements put white space.
fn says(page: &Page, text: &str) -> bool {
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    squeezed(&page.text()).contains(&squeezed(text))
}

#[tokio::test]
async fn tokens_are_taken_apart_with_every_member_explained() {
    let site = Site::new().await;
    let mut visitor = site.visitor();
    let (address, page) = run(&mut visitor).await;
    for text in [
        "8 checks passed",
        "A JWT, signed with RS256; expires in 1 h · 2026-11-21 21:46:05 UTC",
        "exp 1795297565 2026-11-21 21:46:05 UTC, in 1 hour From this moment on it must not be taken any more.",
        "Akamai's own: the person's address in the directory",
        "Opaque: a random text that says nothing by itself.",
        "✓ Counts · expires in 1 h",
        "✓ Counts · expires in 90 d",
    ] {
        assert!(says(&page, text), "{text}");
    }
    press(&mut visitor, &address, "refresh", "").await;
    press(&mut visitor, &address, "revoke-access", "").await;
    let page = visitor.get(&address).await;
    for text in [
        "The newest, from step 1.",
        "✕ Revoked in step 2",
        "The tokens before From the run itself",
        "✕ Exchanged in step 1",
    ] {
        assert!(says(&page, text), "{text}");
    }
    site.clock.advance(7200);
    let page = visitor.get(&address).await;
    assert!(says(&page, "▲ Over · expired 1 h ago"));
    assert!(says(
        &page,
        "exp 1795297565 2026-11-21 21:46:05 UTC, 1 hour ago"
    ));
}

#[tokio::test]
async fn an_older_run_says_what_the_policy_was_and_what_a_new_one_would_get() {
    let site = Site::new().await;
    let mut visitor = site.visitor();
    let (address, page) = run(&mut visitor).await;
    assert!(!says(&page, "Made under the earlier policy"));
    let action = format!("{address}/add-scopes");
    let fix = html::form(&page.body, &action);
    let answer = visitor.post(&action, &fix).await;
    let (second, page) = finish(&mut visitor, answer).await;
    assert!(!says(&page, "Made under the earlier policy"));
    let page = visitor.get(&address).await;
    for text in [
        "Made under the earlier policy Since this run: allowedScopes lists address now.",
        "A new run would be granted openid profile address: address more.",
    ] {
        assert!(says(&page, text), "{text}");
    }

    let key = provider::SandboxKey::parse(&visitor.cookies["sandbox"]).unwrap();
    let sandbox = site.playground.sandbox(&key).await.unwrap();
    let client = &sandbox.clients[0].id;
    let deleted = site.store.delete_client(&sandbox.customer_id, client).await;
    assert!(deleted.unwrap());
    let page = visitor.get(&second).await;
    assert!(says(&page, "The client is gone"));
}
