//! The sandbox as a whole: out as a file, and in again.

use crate::site::Site;
use http::StatusCode;

const IMPORT: &str = "/sandbox/import";

#[tokio::test]
async fn a_sandbox_goes_out_as_a_file_and_comes_in_elsewhere() {
    let site = Site::new().await;
    let mut ours = site.visitor();
    for (address, kind) in [
        ("/sandbox/export.toml", "application/toml"),
        ("/sandbox/export.json", "application/json"),
    ] {
        // Looking writes nothing, and what is not written goes out all the same.
        let file = ours.get(address).await;
        assert_eq!(file.status, StatusCode::OK);
        assert_eq!(file.header("content-type"), kind);
        assert_eq!(file.header("cache-control"), "no-store");
        assert!(file.header("content-disposition").starts_with("attachment"));
        let key = &ours.cookies["sandbox"];
        assert_eq!(site.store.customer_by_key(key).await.unwrap(), None);

        let mut theirs = site.visitor();
        theirs.get("/").await;
        let changed = file.body.replace("Storefront server", "Their server");
        for parts in [
            [("file", changed.as_str()), ("text", ""), ("customer", "")],
            // A form without a file sends an empty one.
            [("file", ""), ("text", &changed), ("customer", "Sandbox")],
        ] {
            let page = theirs.upload(IMPORT, &parts).await;
            assert_eq!(page.location(), "/sandbox?imported=done", "{}", page.text());
        }
        let page = theirs.get("/sandbox?imported=done").await;
        assert!(page.text().contains("The file has filled your sandbox"));
        let key = &theirs.cookies["sandbox"];
        let customer = site.store.customer_by_key(key).await.unwrap().unwrap();
        let clients = site.store.clients(&customer.id).await.unwrap();
        assert!(clients.iter().any(|client| client.name == "Their server"));
        assert_eq!(clients.len(), 3);

        // And out again, as it came in, but for the id of its home and the hashes.
        let again = theirs.get(address).await;
        assert!(again.body.contains("Their server"));
        assert!(again.body.contains("passwordHash"));

        // The way back leads to how it was at first.
        theirs.post("/sandbox/reset", &[]).await;
        let clients = site.store.clients(&customer.id).await.unwrap();
        assert!(clients.iter().all(|client| client.name != "Their server"));
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_used_comes_back_with_what_is_wrong() {
    let site = Site::new().await;
    let mut visitor = site.visitor();
    let two = "[[customers]]\nname = \"A\"\n[[customers]]\nname = \"B\"\n";
    for (text, customer, problem) in [
        ("", "", "Choose a file or paste its text."),
        ("[[customers]]\n", "", "customers[0].name: field required."),
        ("{\"customers\": [}", "", "Line 1"),
        ("{\"customers\": []}", "", "The file has no customer."),
        (two, "", "The file has several customers: A, B."),
        (two, "C", "The file has several customers: A, B."),
    ] {
        let parts = [("file", ""), ("text", text), ("customer", customer)];
        let page = visitor.upload(IMPORT, &parts).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{text}");
        assert!(page.text().contains(problem), "{text}: {}", page.text());
        // What was typed is still there.
        let escaped = text.replace('"', "&quot;");
        let kept = page.body.contains(&escaped) || page.body.contains(text);
        assert!(kept, "{text}: {}", page.body);
        assert!(page.body.contains(&format!("value=\"{customer}\"")));
    }
    let key = &visitor.cookies["sandbox"];
    assert_eq!(site.store.customer_by_key(key).await.unwrap(), None);

    let page = visitor
        .upload(IMPORT, &[("customer", "B"), ("text", two)])
        .await;
    assert_eq!(page.location(), "/sandbox?imported=done");
    let page = visitor.get("/sandbox").await;
    assert!(
        page.text()
            .contains("0 token policies, 0 clients and 0 people")
    );
    // A sandbox without anything has pages all the same.
    for address in ["/", "/runs", "/sandbox"] {
        assert_eq!(
            visitor.get(address).await.status,
            StatusCode::OK,
            "{address}"
        );
    }
}

#[tokio::test]
async fn what_is_no_form_with_a_file_is_explained() {
    let site = Site::new().await;
    let mut visitor = site.visitor();
    let page = visitor.post(IMPORT, &[]).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.is_html());
    let huge = "x".repeat(300 * 1024);
    let page = visitor.upload(IMPORT, &[("text", &huge)]).await;
    assert_eq!(
        page.status,
        StatusCode::PAYLOAD_TOO_LARGE,
        "{}",
        page.text()
    );
    assert!(page.is_html());
    let page = visitor.get(IMPORT).await;
    assert_eq!(page.location(), "/sandbox");
}
