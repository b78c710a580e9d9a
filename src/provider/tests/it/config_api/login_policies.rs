//! Login policies.

use super::{Caller, gone, ok, refused, text_of};
use crate::world::World;
use http::StatusCode;
use serde_json::{Value, json};

const LIST: &str = "config/loginPolicies";

fn item(id: &str) -> String {
    format!("{LIST}/{id}")
}

fn body() -> Value {
    json!({
        "title": "Shop",
        "loginURL": "https://login.example/auth-ui/login",
        "identityStoreDetails": {
            "type": "janrainCapture",
            "connectionDetails": {
                "domain": "shop.capture.example",
                "applicationId": "kfcmdfudasmx9wkay7463vpdsy",
                "entityType": "user",
                "clientId": "96by2t9dav337mvzbybqdfcjmrsd7bn4",
                "clientSecret": "the-owners-secret",
            },
        },
        "customClaims": {"userinfo": {"zip": "primaryAddress.zip"}},
    })
}

#[tokio::test]
async fn a_policy_is_made_and_shown_without_the_owners_secret() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:config/**").await;
    let reply = caller.post(LIST, &body()).await;
    assert_eq!(reply.status, StatusCode::CREATED);
    let id = reply.json().as_str().unwrap().to_owned();
    assert_eq!(reply.header("location").unwrap(), world.path(&item(&id)));
    let reply = caller.get(&item(&id)).await;
    let mut expected = body();
    expected["id"] = json!(id);
    expected["_links"] = json!({"self": {"href": world.path(&item(&id))}});
    let details = &mut expected["identityStoreDetails"]["connectionDetails"];
    details.as_object_mut().unwrap().remove("clientSecret");
    assert_eq!(ok(&reply), expected);
    let list = ok(&caller.get(LIST).await);
    let policies = list["_embedded"]["loginPolicies"].as_array().unwrap();
    assert_eq!(list["total"], policies.len());
    let newest = policies.last().unwrap();
    assert_eq!(newest["title"], "Shop");
    assert_eq!(newest.as_object().unwrap().len(), 3);
}

#[tokio::test]
async fn put_replaces_title_address_and_claims() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:config/**").await;
    let path = item(&caller.made(LIST, &body()).await);
    let whole = ok(&caller.get(&path).await);
    assert_eq!(ok(&caller.put(&path, &whole).await), whole);
    // With the secret that GET never shows.
    assert_eq!(ok(&caller.put(&path, &body()).await), whole);
    ok(&caller
        .put(&format!("{path}/pushClaims"), &json!({"pushClaims": true}))
        .await);
    let shown = ok(&caller.put(&path, &json!({"title": "New"})).await);
    assert_eq!(shown["title"], "New");
    assert_eq!(shown.get("loginURL"), None);
    assert_eq!(shown.get("customClaims"), None);
    assert_eq!(shown["identityStoreDetails"], whole["identityStoreDetails"]);
    // What has an address of its own stays as it is.
    let push = ok(&caller.get(&format!("{path}/pushClaims")).await);
    assert_eq!(push, json!({"pushClaims": true}));
    let mut other = whole.clone();
    other["identityStoreDetails"]["connectionDetails"]["entityType"] = json!("staff");
    refused(
        &caller.put(&path, &other).await,
        422,
        "identityStoreDetails cannot be changed",
    );
    refused(&caller.put(&item("none"), &whole).await, 404, "Not Found");
}

#[tokio::test]
async fn what_cannot_be_stored_is_named() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:config/**").await;
    for (member, value, errors) in [
        (
            "identityStoreDetails",
            json!(null),
            "('identityStoreDetails',) field required",
        ),
        (
            "identityStoreDetails",
            json!({"type": "ldap"}),
            "('identityStoreDetails', 'type') value is not a valid enumeration member; permitted: 'janrainCapture'",
        ),
        ("title", json!(null), "('title',) field required"),
        (
            "loginURL",
            json!("javascript:alert(1)"),
            "('loginURL',) \"javascript:alert(1)\" has a scheme that browsers do not hand on",
        ),
        (
            "customClaims",
            json!({"id_token": {"iss": "email"}}),
            "('customClaims', 'id_token', 'iss') the protocol itself sets this claim",
        ),
    ] {
        let mut body = body();
        body[member] = value;
        refused(&caller.post(LIST, &body).await, 422, errors);
    }
}

#[tokio::test]
async fn a_policy_in_use_stays_and_says_who_uses_it() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:config/**").await;
    let path = item(&world.seed.login_policies[0].id);
    let errors = text_of(&caller.delete(&path).await, 409);
    let listed: Vec<String> = serde_json::from_str(&errors).unwrap();
    assert!(listed.contains(&world.seed.clients[0].id), "{errors}");
    let free = item(&caller.made(LIST, &body()).await);
    gone(&caller.delete(&free).await);
    refused(&caller.delete(&free).await, 404, "Not Found");
}

#[tokio::test]
async fn the_allowed_response_types_are_shown_and_set() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:config/**").await;
    let policy = item(&caller.made(LIST, &body()).await);
    let path = format!("{policy}/allowedResponseTypes");
    let types = |types: &[&str]| json!({"allowedResponseTypes": types});
    assert_eq!(ok(&caller.get(&path).await), types(&["code"]));
    let set = types(&["code", "id_token token", "code id_token"]);
    assert_eq!(ok(&caller.put(&path, &set).await), set);
    assert_eq!(ok(&caller.get(&path).await), set);
    for (body, problem) in [
        (json!({}), "field required"),
        (types(&[]), "ensure this value has at least 1 items"),
        (
            json!({"allowedResponseTypes": "code"}),
            "value is not a valid list",
        ),
    ] {
        let errors = format!("('allowedResponseTypes',) {problem}");
        refused(&caller.put(&path, &body).await, 422, &errors);
    }
    for other in ["token", "none", "code code", "Code"] {
        let errors = text_of(&caller.put(&path, &types(&[other])).await, 422);
        assert!(
            errors.starts_with("('allowedResponseTypes', 0) "),
            "{errors}"
        );
    }
    assert_eq!(ok(&caller.get(&path).await), set);
    let missing = format!("{}/allowedResponseTypes", item("none"));
    refused(&caller.get(&missing).await, 404, "Not Found");
    refused(&caller.put(&missing, &set).await, 404, "Not Found");
}

/// Setting them has the effect it should have.
#[tokio::test]
async fn a_response_type_works_from_when_it_is_allowed() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:config/**").await;
    let policy = world.seed.clients[0].login_policy.clone().unwrap();
    let path = format!("{}/allowedResponseTypes", item(&policy));
    let mut request = world.request("openid");
    request.response_type = Some("id_token".to_owned());
    let answer = async || {
        let browser = crate::world::Browser::new(&world);
        browser.authorize(&request).await.location().to_owned()
    };
    assert!(answer().await.contains("error=unsupported_response_type"));
    let set = json!({"allowedResponseTypes": ["code", "id_token"]});
    ok(&caller.put(&path, &set).await);
    assert!(answer().await.contains("/auth-ui/login?"));
}

#[tokio::test]
async fn push_claims_are_shown_and_set_and_work() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:config/**").await;
    let policy = world.seed.clients[0].login_policy.clone().unwrap();
    let path = format!("{}/pushClaims", item(&policy));
    assert_eq!(ok(&caller.get(&path).await), json!({"pushClaims": false}));
    let on = json!({"pushClaims": true});
    assert_eq!(ok(&caller.put(&path, &on).await), on);
    assert_eq!(ok(&caller.get(&path).await), on);
    for (body, problem) in [
        (json!({}), "field required"),
        (
            json!({"pushClaims": "true"}),
            "value could not be parsed to a boolean",
        ),
    ] {
        let errors = format!("('pushClaims',) {problem}");
        refused(&caller.put(&path, &body).await, 422, &errors);
    }
    let token = world.login("openid profile").await;
    let (_, claims) = crate::token::verified(&world, token["id_token"].as_str().unwrap()).await;
    assert_eq!(claims["given_name"], "Alice");
}

#[tokio::test]
async fn there_are_at_most_so_many_policies() {
    let world = World::new().await;
    let caller = Caller::new(&world, "*:config/**").await;
    let had = ok(&caller.get(LIST).await)["total"].as_u64().unwrap();
    for _ in usize::try_from(had).unwrap()..policy::limits::LOGIN_POLICIES {
        caller.made(LIST, &body()).await;
    }
    let reply = caller.post(LIST, &body()).await;
    refused(
        &reply,
        409,
        "the customer has as many login policies as it may have",
    );
}
