//! Clients and their secrets.

use super::{Caller, gone, ok, refused, text_of};
use crate::world::{World, basic};
use axum::body::Body;
use http::{Method, Request, StatusCode};
use serde_json::{Value, json};

const LIST: &str = "config/clients";

fn item(id: &str) -> String {
    format!("{LIST}/{id}")
}

fn public(world: &World, name: &str) -> Value {
    json!({
        "name": name,
        "type": "public",
        "redirectURIs": ["https://shop.example/cb", "aic-demo://auth-callback"],
        "loginPolicy": world.seed.login_policies[0].id,
        "tokenPolicy": world.seed.token_policies[1].id,
    })
}

#[tokio::test]
async fn the_list_shows_every_client_with_its_links_and_without_secrets() {
    let world = World::new().await;
    let caller = Caller::new(&world, ".:**").await;
    let reply = caller.get(LIST).await;
    let clients = ok(&reply);
    assert_eq!(clients["total"], 3);
    let clients = clients["_embedded"]["clients"].as_array().unwrap().clone();
    for (client, seeded) in clients.iter().zip(&world.seed.clients) {
        assert_eq!(client["name"], seeded.name);
        assert_eq!(client["type"], seeded.client_type.as_str());
        let link = client["_links"]["self"]["href"].as_str().unwrap();
        assert_eq!(
            ok(&world.get_with(link, &caller.authorization).await),
            *client
        );
    }
    // A configuration client has neither login policy nor application client.
    let application = |at: usize| clients[at]["_links"]["application_client"]["href"].clone();
    assert_eq!(application(2), Value::Null);
    assert_eq!(clients[2].get("loginPolicy"), None);
    let link = application(0).as_str().unwrap().to_owned();
    let id = link.rsplit('/').next().unwrap();
    assert_eq!(id.len(), 32);
    assert!(id.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    for secret in world
        .seed
        .clients
        .iter()
        .filter_map(|client| client.secret.as_deref())
    {
        assert!(!reply.body.contains(secret));
    }
}

#[tokio::test]
async fn a_public_client_that_was_made_signs_people_in() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:config/**").await;
    let reply = caller.post(LIST, &public(&world, "Shop")).await;
    assert_eq!(reply.status, StatusCode::CREATED);
    let client = reply.json();
    let id = client["id"].as_str().unwrap();
    assert_eq!(reply.header("location").unwrap(), world.path(&item(id)));
    assert_eq!(client["_links"]["self"]["href"], world.path(&item(id)));
    assert_eq!(ok(&caller.get(&item(id)).await), client);
    let mut request = world.request("openid address");
    request.client_id = Some(id.to_owned());
    request.redirect_uri = Some("aic-demo://auth-callback".to_owned());
    let browser = crate::world::Browser::new(&world);
    let reply = browser.sign_in_as(&request, 0).await;
    assert!(
        reply
            .location()
            .starts_with("aic-demo://auth-callback?code=")
    );
    let path = format!("{}/secret", item(id));
    let none = "a public client has no secret";
    refused(&caller.get(&path).await, 409, none);
    refused(&caller.send(Method::POST, &path, "").await, 409, none);
}

#[tokio::test]
async fn a_configuration_client_that_was_made_gets_administrative_tokens() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:config/**").await;
    let body = json!({"name": "Spare", "type": "confidential",
        "tokenPolicy": world.seed.token_policies[2].id});
    let reply = caller.post(LIST, &body).await;
    let client = reply.json();
    let id = client["id"].as_str().unwrap();
    assert_eq!(client["redirectURIs"], json!([]));
    assert_eq!(client["_links"].get("application_client"), None);
    let path = format!("{}/secret", item(id));
    let secret = ok(&caller.get(&path).await)["secret"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(secret.len(), 86);
    assert!(!reply.body.contains(&secret));
    let form = [("grant_type", "client_credentials"), ("scope", "*:**")];
    let token = world.token(&form, Some(&basic(id, &secret))).await;
    assert_eq!(token.status, StatusCode::OK);

    // A new secret is at once the only one.
    let reset = caller.send(Method::POST, &path, "").await;
    assert_eq!(reset.status, StatusCode::CREATED);
    assert_eq!(reset.header("cache-control"), Some("no-store"));
    let new = reset.json()["secret"].as_str().unwrap().to_owned();
    assert_ne!(new, secret);
    assert_eq!(ok(&caller.get(&path).await)["secret"], new);
    world
        .token(&form, Some(&basic(id, &secret)))
        .await
        .error(401, "invalid_client");
    let token = world.token(&form, Some(&basic(id, &new))).await;
    assert_eq!(token.status, StatusCode::OK);

    let missing = format!("{}/secret", item("none"));
    refused(&caller.get(&missing).await, 404, "Not Found");
    refused(
        &caller.send(Method::POST, &missing, "").await,
        404,
        "Not Found",
    );

    // With its client, the token goes.
    let token = token.json()["access_token"].as_str().unwrap().to_owned();
    gone(&caller.delete(&item(id)).await);
    let left = Caller::with(&world, &token).await;
    refused(&left.get(LIST).await, 403, "Forbidden");
    refused(&caller.get(&item(id)).await, 404, "Not Found");
    refused(&caller.delete(&item(id)).await, 404, "Not Found");
}

#[tokio::test]
async fn put_replaces_all_but_id_type_and_secret() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:config/**").await;
    let path = item(&world.seed.clients[1].id);
    let secret = ok(&caller.get(&format!("{path}/secret")).await);
    let mut whole = ok(&caller.get(&path).await);
    // What GET shows may be sent back.
    assert_eq!(ok(&caller.put(&path, &whole).await), whole);
    whole["name"] = json!("Renamed");
    whole["postLogoutRedirectURIs"] = json!(["https://shop.example/bye"]);
    whole["idTokenSignedResponseAlg"] = json!("ES256");
    assert_eq!(
        ok(&caller.put(&path, &whole).await)["postLogoutRedirectURIs"][0],
        "https://shop.example/bye"
    );
    assert_eq!(
        ok(&caller.get(&path).await)["idTokenSignedResponseAlg"],
        "ES256"
    );
    // Left-out addresses are none, and the algorithm is the default again.
    for name in [
        "redirectURIs",
        "postLogoutRedirectURIs",
        "idTokenSignedResponseAlg",
    ] {
        whole.as_object_mut().unwrap().remove(name);
    }
    let shown = ok(&caller.put(&path, &whole).await);
    assert_eq!(shown["redirectURIs"], json!([]));
    assert_eq!(shown.get("postLogoutRedirectURIs"), None);
    assert_eq!(shown.get("idTokenSignedResponseAlg"), None);
    assert_eq!(ok(&caller.get(&format!("{path}/secret")).await), secret);
}

#[tokio::test]
async fn policies_are_exchanged_and_never_removed() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:config/**").await;
    let path = item(&world.seed.clients[0].id);
    let whole = ok(&caller.get(&path).await);
    let change = async |name: &str, value: Value| {
        let mut body = whole.clone();
        body[name] = value;
        caller.put(&path, &body).await
    };
    let refusals = [
        (
            "tokenPolicy",
            json!(null),
            "('tokenPolicy',) field required",
        ),
        (
            "loginPolicy",
            json!(null),
            "('loginPolicy',) field required",
        ),
        (
            "tokenPolicy",
            json!("none"),
            "('tokenPolicy',) there is no such token policy",
        ),
        (
            "loginPolicy",
            json!("none"),
            "('loginPolicy',) there is no such login policy",
        ),
        ("type", json!("confidential"), "type cannot be changed"),
    ];
    for (name, value, errors) in refusals {
        refused(&change(name, value).await, 422, errors);
    }
    assert_eq!(ok(&caller.get(&path).await), whole);
    let other = json!(world.seed.token_policies[1].id);
    assert_eq!(
        ok(&change("tokenPolicy", other.clone()).await)["tokenPolicy"],
        other
    );
    // A confidential client keeps its login policy too.
    let path = item(&world.seed.clients[1].id);
    let mut body = ok(&caller.get(&path).await);
    body["loginPolicy"] = json!(null);
    refused(
        &caller.put(&path, &body).await,
        422,
        "('loginPolicy',) field required",
    );
}

#[tokio::test]
async fn a_name_is_one_clients_only() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:config/**").await;
    let reply = caller.post(LIST, &public(&world, "Storefront")).await;
    refused(&reply, 409, "another client has this name");
    let path = item(&world.seed.clients[0].id);
    let mut whole = ok(&caller.get(&path).await);
    whole["name"] = json!("Configuration");
    refused(
        &caller.put(&path, &whole).await,
        409,
        "another client has this name",
    );
    refused(&caller.put(&item("none"), &whole).await, 404, "Not Found");
}

#[tokio::test]
async fn addresses_that_lead_elsewhere_are_refused() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:config/**").await;
    for member in ["redirectURIs", "postLogoutRedirectURIs"] {
        for uri in [
            "http://shop.example/cb",
            "http://localhost.evil.example/",
            "https://shop.example/cb#top",
            "https://me@shop.example/cb",
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "/cb",
            "",
        ] {
            let mut body = public(&world, "Shop");
            body[member] = json!(["https://shop.example/", uri]);
            let errors = text_of(&caller.post(LIST, &body).await, 422);
            assert!(
                errors.starts_with(&format!("('{member}', 1) \"{uri}\"")),
                "{errors}"
            );
        }
    }
    let mut body = public(&world, "Shop");
    body["redirectURIs"] = json!(vec!["https://shop.example/"; 101]);
    let errors = text_of(&caller.post(LIST, &body).await, 422);
    assert_eq!(
        errors,
        "('redirectURIs',) ensure this value has at most 100 items"
    );
    assert_eq!(ok(&caller.get(LIST).await)["total"], 3);
}

#[tokio::test]
async fn what_a_client_has_already_it_may_keep() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:config/**").await;
    let mut client = world.seed.clients[0].clone();
    client
        .redirect_uris
        .push("http://play.internal/callback".to_owned());
    let customer = &world.seed.customer_id;
    let replaced = world.store.replace_client(customer, &client).await;
    replaced.unwrap().unwrap();
    // The document only describes what any client may have.
    let path = world.path(&item(&client.id));
    let put = async |body: &Value| {
        let request = Request::put(&path).header("authorization", &caller.authorization);
        let request = request.body(Body::from(body.to_string())).unwrap();
        world.send(request).await
    };
    let mut whole = ok(&world.get_with(&path, &caller.authorization).await);
    assert_eq!(ok(&put(&whole).await), whole);
    let uris = whole["redirectURIs"].as_array_mut().unwrap();
    uris.push(json!("http://other.internal/callback"));
    text_of(&put(&whole).await, 422);
}

#[tokio::test]
async fn there_are_at_most_so_many_clients() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:config/**").await;
    for number in world.seed.clients.len()..policy::limits::CLIENTS {
        caller
            .made_whole(LIST, &public(&world, &number.to_string()))
            .await;
    }
    let reply = caller.post(LIST, &public(&world, "One too many")).await;
    refused(
        &reply,
        409,
        "the customer has as many clients as it may have",
    );
}
