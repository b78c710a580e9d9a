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
    assert!(
        page.text()
            .contains("only a reset of the sandbox leads back")
    );
    let at = format!("/clients/{id}/delete");
    let page = send(&mut visitor, &at, &[]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text().contains("Tick that you know"));
    assert_eq!(sandbox(&site, &visitor).await.clients.len(), 2);
    let page = send(&mut visitor, &at, &[("sure", "lock-out")]).await;
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
                &[("uri", "https://a.test/"), ("sure", "1")],
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
