//! The pages of clients.

use crate::{
    html,
    site::{Browser, Page, Site},
};
use http::StatusCode;
use playground::SandboxView;
use policy::client::Client;
use provider::SandboxKey;

async fn sandbox(site: &Site, visitor: &Browser) -> SandboxView {
    let key = SandboxKey::parse(&visitor.cookies["sandbox"]).unwrap();
    site.playground.sandbox(&key).await.unwrap()
}

/// The visitor's client of this name.
async fn client(site: &Site, visitor: &Browser, name: &str) -> Client {
    let mut clients = sandbox(site, visitor).await.clients.into_iter();
    clients.find(|client| client.name == name).unwrap()
}

fn pairs(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    fields.iter().map(owned).collect()
}

async fn visit() -> (Site, Browser) {
    let site = Site::new().await;
    let mut visitor = site.visitor();
    visitor.get("/").await;
    (site, visitor)
}

async fn send(visitor: &mut Browser, address: &str, fields: &[(&str, &str)]) -> Page {
    let answer = visitor.post(address, &pairs(fields)).await;
    visitor.follow(answer).await
}

#[tokio::test]
async fn the_list_says_what_clients_are_for_and_leads_to_their_policies() {
    let (site, mut visitor) = visit().await;
    let page = visitor.get("/clients").await;
    assert_eq!(page.status, StatusCode::OK);
    let text = page.text();
    for part in [
        "Storefront server confidential",
        "Configuration configuration client",
        "Token policyEverything",
        "Login policyHosted Login",
        "1 redirect URI",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    for client in sandbox(&site, &visitor).await.clients {
        let mut links = vec![
            format!("/clients/{}", client.id),
            format!("/policies/token/{}", client.token_policy),
        ];
        links.extend(
            client
                .login_policy
                .map(|id| format!("/policies/login/{id}")),
        );
        for link in links {
            assert!(page.body.contains(&format!("href=\"{link}\"")), "{link}");
        }
    }
    assert!(!text.contains("registered itself"));
    // Looking writes nothing.
    let key = &visitor.cookies["sandbox"];
    assert_eq!(site.store.customer_by_key(key).await.unwrap(), None);
}

#[tokio::test]
async fn who_registered_themselves_is_marked() {
    let (site, mut visitor) = visit().await;
    send(&mut visitor, "/sandbox/reset", &[]).await;
    let sandbox = sandbox(&site, &visitor).await;
    let newcomer = Client {
        id: "newcomer".to_owned(),
        name: "Newcomer".to_owned(),
        ..sandbox.clients[0].clone()
    };
    let registration = store::Registration {
        metadata: serde_json::Map::new(),
        token: "held by the client".to_owned(),
    };
    site.store
        .insert_client(&sandbox.customer_id, &newcomer, Some(&registration))
        .await
        .unwrap()
        .unwrap();
    let page = visitor.get("/clients").await;
    assert!(page.text().contains("Newcomer"), "{}", page.text());
    assert_eq!(page.text().matches("registered itself").count(), 1);
    let id = client(&site, &visitor, "Newcomer").await.id;
    let page = visitor.get(&format!("/clients/{id}")).await;
    assert!(page.text().contains("It registered itself"));
}

#[tokio::test]
async fn a_secret_is_shown_when_it_is_asked_for_and_the_old_one_dies_with_a_reset() {
    let (site, mut visitor) = visit().await;
    let before = client(&site, &visitor, "Storefront server").await;
    let old = before.secret.unwrap();
    let at = format!("/clients/{}", before.id);
    let page = visitor.get(&at).await;
    assert!(!page.body.contains(&old));
    assert!(page.text().contains("the-secret-of-this-client"));

    let page = send(&mut visitor, &format!("{at}/secret/show"), &[]).await;
    let text = page.text();
    // On its own, and in every snippet; never in the calls, where it is masked.
    assert_eq!(page.body.matches(&old).count(), 7, "{text}");
    assert!(
        text.contains("This is its secret.") && text.contains("2 calls"),
        "{text}"
    );
    assert!(
        text.contains("clients/") && text.contains("/secret answered 200"),
        "{text}"
    );
    assert!(!text.contains("the-secret-of-this-client"));

    let again = visitor.post(&format!("{at}/secret"), &[]).await;
    let page = visitor.follow(again).await;
    let new = client(&site, &visitor, "Storefront server")
        .await
        .secret
        .unwrap();
    assert_ne!(new, old);
    assert!(page.body.contains(&new) && !page.body.contains(&old));
    assert!(page.text().contains("The one before is good for nothing."));
    // What was shown before is not shown as if it still were the secret.
    let page = visitor.get(&at).await;
    assert!(!page.body.contains(&new) && !page.body.contains(&old));

    let public = client(&site, &visitor, "Storefront").await.id;
    let page = visitor.get(&format!("/clients/{public}")).await;
    assert!(page.text().contains("a public client proves with PKCE"));
    let page = send(&mut visitor, &format!("/clients/{public}/secret"), &[]).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(
        page.text().contains("a public client has no secret"),
        "{}",
        page.text()
    );
}

#[tokio::test]
async fn an_address_of_ones_own_is_registered_beside_the_others_and_stands_in_every_snippet() {
    let (site, mut visitor) = visit().await;
    let before = client(&site, &visitor, "Storefront").await;
    let at = format!("/clients/{}/redirect-uris", before.id);
    let uri = "http://localhost:8080/back";
    let page = send(&mut visitor, &at, &[("uri", &format!(" {uri} "))]).await;
    assert_eq!(page.status, StatusCode::OK);
    let text = page.text();
    assert!(
        text.contains("The client is changed.") && text.contains("3 calls"),
        "{text}"
    );
    for part in [
        "npm openid-client 6",
        "npm oidc-client-ts 3",
        "Rust openidconnect 4",
        "Spring Boot",
        "ASP.NET Core",
        "Python Authlib",
        "client.None()",
        "options.CallbackPath = \"/back\";",
        "@app.route(\"/back\")",
        "'redirect_uri=http://localhost:8080/back'",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let after = client(&site, &visitor, "Storefront").await;
    assert_eq!(after.redirect_uris, [before.redirect_uris[0].as_str(), uri]);
    assert_eq!(
        (after.token_policy, after.login_policy),
        (before.token_policy, before.login_policy)
    );
}

#[tokio::test]
async fn an_address_that_cannot_be_registered_stays_in_its_field() {
    let (site, mut visitor) = visit().await;
    let before = client(&site, &visitor, "Storefront").await;
    let at = format!("/clients/{}/redirect-uris", before.id);
    let own = before.redirect_uris[0].clone();
    let long = format!("https://app.test/{}", "x".repeat(3000));
    for (uri, problem) in [
        ("", "The address is not an absolute URI."),
        ("http://app.test/cb", "The address is plain http"),
        ("https://app.test/#a", "The address has a fragment."),
        ("javascript:alert(1)", "The address has a scheme"),
        ("https://a b/", "The address has a character"),
        (own.as_str(), "It is registered already"),
        (long.as_str(), "The address is longer than 2048 characters."),
    ] {
        let page = send(&mut visitor, &at, &[("uri", uri)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{uri}");
        assert!(page.text().contains(problem), "{problem}: {}", page.text());
        assert_eq!(html::form(&page.body, &at), pairs(&[("uri", uri)]));
    }
    assert_eq!(client(&site, &visitor, "Storefront").await, before);
    let page = send(&mut visitor, &at, &[("uri", &"x".repeat(300_000))]).await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_deleted_client_is_gone_and_the_last_way_in_goes_only_knowingly() {
    let (site, mut visitor) = visit().await;
    let id = client(&site, &visitor, "Storefront").await.id;
    let page = send(&mut visitor, &format!("/clients/{id}/delete"), &[]).await;
    let text = page.text();
    assert!(
        text.contains("The client is deleted.") && text.contains("3 calls"),
        "{text}"
    );
    assert_eq!(sandbox(&site, &visitor).await.clients.len(), 2);

    let id = client(&site, &visitor, "Configuration").await.id;
    let page = visitor.get(&format!("/clients/{id}")).await;
    assert!(page.text().contains("these pages cannot change anything"));
    let at = format!("/clients/{id}/delete");
    let page = send(&mut visitor, &at, &[]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text().contains("Tick that you know"));
    assert_eq!(sandbox(&site, &visitor).await.clients.len(), 2);
    let page = send(&mut visitor, &at, &[("lock_out", "yes")]).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(sandbox(&site, &visitor).await.clients.len(), 1);
    // From now on nothing can be changed, and that is said with the way back.
    let id = client(&site, &visitor, "Storefront server").await.id;
    let page = send(&mut visitor, &format!("/clients/{id}/delete"), &[]).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(page.body.contains("href=\"/sandbox\""));
}

#[tokio::test]
async fn a_client_that_is_not_there_leads_back_to_the_list() {
    let (site, mut visitor) = visit().await;
    let id = client(&site, &visitor, "Storefront server").await.id;
    let mut other = site.visitor();
    other.get("/").await;
    for id in ["none", &id] {
        let at = format!("/clients/{id}");
        let page = other.get(&at).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        assert!(page.body.contains("href=\"/clients\""));
        for form in ["secret", "secret/show", "redirect-uris", "delete"] {
            let at = format!("{at}/{form}");
            let page = send(
                &mut other,
                &at,
                &[("uri", "https://a.test/"), ("lock_out", "yes")],
            )
            .await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{at}");
            assert_eq!(other.get(&at).await.location(), format!("/clients/{id}"));
        }
    }
    // Somebody else's change is not shown either.
    let page = send(&mut visitor, &format!("/clients/{id}/secret/show"), &[]).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        client(&site, &visitor, "Storefront server")
            .await
            .secret
            .is_some()
    );
}

/// What the form on a page would send, with some fields typed anew.
fn typed(page: &Page, action: &str, changes: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut fields = html::form(&page.body, action);
    for (name, value) in changes {
        let field = fields.iter_mut().find(|(own, _)| own == name);
        (*value).clone_into(&mut field.unwrap().1);
    }
    fields
}

#[tokio::test]
async fn a_client_is_changed_in_its_fields_or_in_its_json_and_looked_at_first() {
    let (site, mut visitor) = visit().await;
    let before = client(&site, &visitor, "Storefront").await;
    let at = format!("/clients/{}", before.id);
    let page = visitor.get(&at).await;
    let uris = format!("{}\r\nhttps://app.test/cb\r\n", before.redirect_uris[0]);
    let fields = typed(&page, &at, &[("name", "Shop"), ("redirectURIs", &uris)]);

    let look = visitor.post(&format!("{at}/preview"), &fields).await;
    assert_eq!(look.status, StatusCode::OK);
    let text = look.text();
    assert!(
        text.contains("2 properties.") && text.contains("Added: https://app.test/cb."),
        "{text}"
    );
    // The JSON follows the fields.
    assert!(text.contains("\"name\": \"Shop\""), "{text}");
    assert_eq!(client(&site, &visitor, "Storefront").await, before);

    let sent = visitor.post(&at, &fields).await;
    let page = visitor.follow(sent).await;
    let text = page.text();
    assert!(
        text.contains("The client is changed.") && text.contains("3 calls"),
        "{text}"
    );
    let after = client(&site, &visitor, "Shop").await;
    assert_eq!(after.redirect_uris[1], "https://app.test/cb");

    // A property that the JSON leaves out is shown before it bites.
    let json = format!(
        r#"{{"name":"Shop","type":"public","tokenPolicy":"{}","loginPolicy":"{}"}}"#,
        before.token_policy,
        before.login_policy.unwrap()
    );
    let fields = typed(&page, &at, &[("json", &json)]);
    let look = visitor.post(&at, &fields).await;
    let text = look.text();
    assert!(text.contains("look at what it will change"), "{text}");
    assert!(text.contains("nobody can sign in with it"), "{text}");
    assert_eq!(client(&site, &visitor, "Shop").await, after);
    let again = visitor.post(&at, &html::form(&look.body, &at)).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.text());
    assert!(
        client(&site, &visitor, "Shop")
            .await
            .redirect_uris
            .is_empty()
    );
}

#[tokio::test]
async fn what_a_client_cannot_be_is_said_at_its_field_and_stays() {
    let (site, mut visitor) = visit().await;
    let before = client(&site, &visitor, "Storefront").await;
    let at = format!("/clients/{}", before.id);
    let page = visitor.get(&at).await;
    let many = "https://app.test/cb\n".repeat(101);
    let long = "x".repeat(201);
    for (field, value, problem) in [
        ("name", "", "at least 1 characters"),
        ("name", &long, "at most 200 characters"),
        (
            "redirectURIs",
            "https://a.test/\n\nhttp://a.test/\nx",
            "Line 3: the address is plain http",
        ),
        (
            "redirectURIs",
            "https://a.test/\n\nhttp://a.test/\nx",
            "Line 4: the address is not an absolute URI.",
        ),
        ("redirectURIs", &many, "at most 100 items"),
        (
            "postLogoutRedirectURIs",
            "javascript:alert(1)",
            "Line 1: the address has a scheme",
        ),
        ("type", "confidential", "type cannot be changed"),
        ("tokenPolicy", "", "field required"),
        ("loginPolicy", "", "field required"),
        ("idTokenSignedResponseAlg", "none", "permitted"),
        ("json", "{\n  \"name\": 7", "line 2"),
        ("json", "[]", "the body is an object"),
    ] {
        let fields = typed(&page, &at, &[(field, value)]);
        let page = visitor.post(&at, &fields).await;
        assert_eq!(
            page.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{field} {value}"
        );
        let text = page.text().to_lowercase();
        assert!(text.contains(&problem.to_lowercase()), "{field}: {text}");
        let id = format!("id=\"{field}-problem\"");
        assert!(page.body.contains(&id), "{field} {value}");
        let kept = html::form(&page.body, &at);
        let kept = kept.iter().find(|(own, _)| own == field).unwrap();
        assert_eq!(kept.1.trim(), value.trim());
    }
    // What only the API knows, it says.
    for (field, value, problem) in [
        ("tokenPolicy", "nowhere", "there is no such token policy"),
        ("name", "Configuration", "another client has this name"),
    ] {
        let fields = typed(&page, &at, &[(field, value)]);
        let page = visitor.post(&at, &fields).await;
        assert!(page.status.is_client_error());
        assert!(page.text().contains(problem), "{field}: {}", page.text());
    }
    assert_eq!(client(&site, &visitor, "Storefront").await, before);
}

#[tokio::test]
async fn two_tabs_do_not_overwrite_each_other_unseen() {
    let (site, mut visitor) = visit().await;
    // What is written is shown with the version it was written at.
    send(&mut visitor, "/sandbox/reset", &[]).await;
    let id = client(&site, &visitor, "Storefront").await.id;
    let at = format!("/clients/{id}");
    let tab = visitor.get(&at).await;
    let other = visitor
        .post(&at, &typed(&tab, &at, &[("name", "Theirs")]))
        .await;
    assert_eq!(other.status, StatusCode::SEE_OTHER);
    let mine = visitor
        .post(&at, &typed(&tab, &at, &[("name", "Mine")]))
        .await;
    assert_eq!(mine.status, StatusCode::PRECONDITION_FAILED);
    let text = mine.text();
    assert!(
        text.contains("It was changed since you opened this page"),
        "{text}"
    );
    assert!(text.contains("Theirs") && text.contains("Mine"), "{text}");
    let mut fields = html::form(&mine.body, &at);
    let version = mine
        .body
        .split_once("name=\"overwrite\" value=\"")
        .unwrap()
        .1;
    let version = version.split_once("\">").unwrap().0.replace("&quot;", "\"");
    fields.push(("overwrite".to_owned(), version));
    let sent = visitor.post(&at, &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    assert_eq!(client(&site, &visitor, "Mine").await.id, id);

    // Who edited what was deleted meanwhile can make it anew.
    let tab = visitor.get(&at).await;
    send(&mut visitor, &format!("{at}/delete"), &[]).await;
    let page = visitor
        .post(&at, &typed(&tab, &at, &[("name", "Kept")]))
        .await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.text().contains("deleted meanwhile"), "{}", page.text());
    let fields = html::form(&page.body, "/clients/new");
    let made = visitor.post("/clients/new", &fields).await;
    let page = visitor.follow(made).await;
    assert!(
        page.text().contains("The client is made."),
        "{}",
        page.text()
    );
    assert_ne!(client(&site, &visitor, "Kept").await.id, id);
}

#[tokio::test]
async fn clients_of_every_kind_are_made_and_copied() {
    let (site, mut visitor) = visit().await;
    let page = visitor.get("/clients/new").await;
    assert_eq!(page.status, StatusCode::OK);
    for (kind, login_policy, name, word) in [
        ("public", true, "One", "public"),
        ("confidential", true, "Two", "confidential"),
        ("confidential", false, "Three", "configuration client"),
    ] {
        let mut changes = vec![("name", name), ("type", kind)];
        if !login_policy {
            changes.push(("loginPolicy", ""));
        }
        let fields = typed(&page, "/clients/new", &changes);
        let look = visitor.post("/clients/new/preview", &fields).await;
        assert_eq!(look.status, StatusCode::OK);
        assert!(
            look.text().contains("These properties it will have."),
            "{}",
            look.text()
        );
        let made = visitor.post("/clients/new", &fields).await;
        let page = visitor.follow(made).await;
        let text = page.text();
        assert!(text.contains("The client is made."), "{text}");
        assert!(text.contains(&format!("Clients · {word}")), "{text}");
        let client = client(&site, &visitor, name).await;
        assert_eq!(client.secret.is_some(), kind == "confidential");
    }
    let before = client(&site, &visitor, "Storefront server").await;
    let page = visitor
        .get(&format!("/clients/new?copy={}", before.id))
        .await;
    let fields = html::form(&page.body, "/clients/new");
    let made = visitor.post("/clients/new", &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text());
    let copy = client(&site, &visitor, "Copy of Storefront server").await;
    assert_eq!(
        (copy.redirect_uris, copy.token_policy),
        (before.redirect_uris, before.token_policy)
    );
    assert_ne!(copy.secret, before.secret);
    for (name, problem) in [
        ("", "at least 1"),
        ("Storefront", "another client has this name"),
    ] {
        let page = visitor
            .post(
                "/clients/new",
                &typed(&page, "/clients/new", &[("name", name)]),
            )
            .await;
        assert!(page.status.is_client_error());
        assert!(page.text().contains(problem), "{}", page.text());
    }
}

#[tokio::test]
async fn who_would_lock_themselves_out_is_asked_first() {
    let (site, mut visitor) = visit().await;
    let before = client(&site, &visitor, "Configuration").await;
    let other = client(&site, &visitor, "Storefront").await.token_policy;
    let at = format!("/clients/{}", before.id);
    let page = visitor.get(&at).await;
    let look = visitor
        .post(&at, &typed(&page, &at, &[("tokenPolicy", &other)]))
        .await;
    assert!(
        look.text().contains("This locks you out."),
        "{}",
        look.text()
    );
    let fields = html::form(&look.body, &at);
    let asked = visitor.post(&at, &fields).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(client(&site, &visitor, "Configuration").await, before);
    let mut fields = html::form(&asked.body, &at);
    fields.push(("sure".to_owned(), "lock-out".to_owned()));
    let sent = visitor.post(&at, &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
}
