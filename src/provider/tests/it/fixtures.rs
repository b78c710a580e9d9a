//! Customers that come from files, and go back into them.

use crate::world::{Browser, PUBLIC_URL, Reply, World, basic, query};
use http::StatusCode;
use oidc::authorization::AuthorizationRequest;
use policy::{
    fault::{Fault, FaultName},
    profile::Person,
};
use provider::{
    Provider, SandboxKey, Settings,
    fixture::{self, Fixture, Format, LoadError},
};
use serde_json::{Value, json};
use store::{CustomerKind, Snapshot, Store};

const CUSTOMER: &str = "99999999-9999-4999-8999-999999999999";
const CLIENT: &str = "99999999-9999-4999-8999-999999999931";
const CALLBACK: &str = "https://shop.example/callback";

/// A shop with one client, which Ada and Bea sign in to.
fn shop() -> Value {
    json!({ "customers": [{
        "name": "Shop",
        "id": CUSTOMER,
        "tokenPolicies": [{ "title": "Everything" }],
        "loginPolicies": [{ "title": "Hosted Login" }],
        "clients": [{
            "id": CLIENT,
            "name": "Web shop",
            "type": "confidential",
            "secret": "hush",
            "redirectURIs": [CALLBACK],
            "tokenPolicy": "Everything",
            "loginPolicy": "Hosted Login",
        }],
        "people": [
            { "email": "ada@example.com", "password": "lovelace", "givenName": "Ada" },
            { "email": "bea@example.com", "password": "lovelace" },
        ],
    }] })
}

fn parse(file: &Value) -> Fixture {
    Fixture::parse(&file.to_string(), Format::Json, PUBLIC_URL).unwrap()
}

async fn load(world: &World, file: &Value) {
    world.provider.load(&[parse(file)]).await.unwrap();
}

async fn snapshot(world: &World, customer: &str) -> Snapshot {
    world.store.snapshot(customer).await.unwrap().unwrap()
}

fn path(rest: &str) -> String {
    format!("/{CUSTOMER}/{rest}")
}

/// The interaction of a login that waits for somebody.
async fn waiting(browser: &Browser<'_>) -> String {
    let request = AuthorizationRequest {
        client_id: Some(CLIENT.to_owned()),
        redirect_uri: Some(CALLBACK.to_owned()),
        response_type: Some("code".to_owned()),
        scope: Some("openid profile".to_owned()),
        ..AuthorizationRequest::default()
    };
    let reply = browser.get(&request.url(&path("login/authorize"))).await;
    reply.interaction()
}

/// What the sign-in form answers.
async fn sign_in(browser: &Browser<'_>, email: &str, password: &str) -> Reply {
    let interaction = waiting(browser).await;
    let form = [
        ("interaction", interaction.as_str()),
        ("email", email),
        ("password", password),
    ];
    browser.submit_to(&path("auth-ui/login"), &form, &[]).await
}

/// A whole login of a person.
async fn login(world: &World, email: &str) -> Value {
    let reply = sign_in(&Browser::new(world), email, "lovelace").await;
    let code = query(reply.location())["code"].clone();
    let form = [
        ("grant_type", "authorization_code"),
        ("redirect_uri", CALLBACK),
        ("code", &code),
    ];
    let authorization = basic(CLIENT, "hush");
    let reply = world
        .post_form(&path("login/token"), &form, Some(&authorization))
        .await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    reply.json()
}

async fn userinfo(world: &World, token: &Value) -> Reply {
    let authorization = format!("Bearer {}", token["access_token"].as_str().unwrap());
    world
        .get_with(&path("profiles/oidc/userinfo"), &authorization)
        .await
}

#[tokio::test]
async fn people_of_a_file_sign_in_wherever_the_server_listens() {
    let world = World::new().await;
    load(&world, &shop()).await;
    let token = login(&world, "Ada@Example.com").await;
    assert_eq!(userinfo(&world, &token).await.json()["given_name"], "Ada");
    let wrong = sign_in(&Browser::new(&world), "ada@example.com", "hopper").await;
    assert!(wrong.location().contains("message=credentials"));
    let kept = snapshot(&world, CUSTOMER).await;
    assert_eq!(kept.customer.kind, CustomerKind::Fixture);
    // One password, one hash; and no password is kept.
    assert_eq!(kept.people[0].password_hash, kept.people[1].password_hash);
    assert!(kept.people[0].password_hash.starts_with("$argon2id$"));
}

#[tokio::test]
async fn loading_twice_changes_nothing_and_loading_undoes_what_was_changed() {
    let world = World::new().await;
    load(&world, &shop()).await;
    let first = snapshot(&world, CUSTOMER).await;
    world.clock.advance(100);
    load(&world, &shop()).await;
    assert_eq!(snapshot(&world, CUSTOMER).await, first);

    let mut policy = first.token_policies[0].clone();
    policy.title = "Changed".to_owned();
    world
        .store
        .replace_token_policy(CUSTOMER, &policy)
        .await
        .unwrap();
    world.store.delete_client(CUSTOMER, CLIENT).await.unwrap();
    let ada = &first.people[0].person.profile.uuid;
    world
        .store
        .set_password(CUSTOMER, ada, "$argon2id$other")
        .await
        .unwrap();
    world.store.delete_person(CUSTOMER, ada).await.unwrap();
    load(&world, &shop()).await;
    let mut again = snapshot(&world, CUSTOMER).await;
    // Hashed anew.
    again.people[0]
        .password_hash
        .clone_from(&first.people[0].password_hash);
    assert_eq!(again, first);
    login(&world, "ada@example.com").await;
}

#[tokio::test]
async fn loading_switches_faults_off() {
    let world = World::new().await;
    load(&world, &shop()).await;
    let fault = Fault {
        id: CLIENT.to_owned(),
        name: FaultName::BadSignature,
        client: None,
        endpoints: Vec::new(),
        value: None,
        times: None,
    };
    world.store.insert_fault(CUSTOMER, &fault).await.unwrap();
    let told = async || {
        let document = path("login/.well-known/openid-configuration");
        let reply = world.get(&document).await;
        reply.header("oidc-playground-faults").map(str::to_owned)
    };
    assert_eq!(told().await.as_deref(), Some("bad-signature"));
    load(&world, &shop()).await;
    assert_eq!(told().await, None);
    assert_eq!(world.store.faults(CUSTOMER).await.unwrap(), []);
}

#[tokio::test]
async fn who_is_still_in_the_file_stays_signed_in() {
    let world = World::new().await;
    load(&world, &shop()).await;
    let (ada, bea) = (
        login(&world, "ada@example.com").await,
        login(&world, "bea@example.com").await,
    );
    let mut file = shop();
    file["customers"][0]["people"][0]["givenName"] = json!("Augusta");
    file["customers"][0]["people"].as_array_mut().unwrap().pop();
    file["customers"][0]["tokenPolicies"][0]["accessTokenLifetime"] = json!(60);
    load(&world, &file).await;
    let claims = userinfo(&world, &ada).await.json();
    assert_eq!(claims["given_name"], "Augusta");
    userinfo(&world, &bea).await.error(401, "invalid_token");
}

#[tokio::test]
async fn a_customer_whose_file_is_not_given_goes() {
    let world = World::new().await;
    load(&world, &shop()).await;
    let key = SandboxKey::generate();
    let sandbox = world.provider.ensure_sandbox(&key).await.unwrap();
    world.provider.load(&[]).await.unwrap();
    world
        .get(&path("login/jwk"))
        .await
        .error(404, "invalid_request");
    assert_eq!(
        world.get(&world.path("login/jwk")).await.status,
        StatusCode::OK
    );
    assert!(world.store.customer(&sandbox.id).await.unwrap().is_some());
}

#[tokio::test]
async fn two_files_may_not_say_something_of_one_customer() {
    let world = World::new().await;
    load(&world, &shop()).await;
    let before = snapshot(&world, CUSTOMER).await;
    let mut other = shop();
    other["customers"][0]["name"] = json!("Other");
    let error = world
        .provider
        .load(&[parse(&shop()), parse(&other)])
        .await
        .unwrap_err();
    assert!(
        matches!(&error, LoadError::Twice(id) if id == CUSTOMER),
        "{error}"
    );
    assert_eq!(snapshot(&world, CUSTOMER).await, before);
}

#[tokio::test]
async fn clients_register_at_a_customer_whose_file_says_so() {
    let world = World::new().await;
    let mut file = shop();
    for (registration, status) in [(false, 404), (true, 201), (false, 404)] {
        file["customers"][0]["registration"] = json!(registration);
        load(&world, &file).await;
        let request = http::Request::post(path("login/register"))
            .header("content-type", "application/json")
            .body(json!({ "redirect_uris": [CALLBACK] }).to_string().into());
        let reply = world.send(request.unwrap()).await;
        assert_eq!(reply.status.as_u16(), status, "{}", reply.body);
        let discovery = world
            .get(&path("login/.well-known/openid-configuration"))
            .await;
        let listed = discovery.json().get("registration_endpoint").is_some();
        assert_eq!(listed, registration);
    }
}

#[tokio::test]
async fn what_is_exported_loads_as_the_same() {
    let world = World::new().await;
    load(&world, &shop()).await;
    let before = snapshot(&world, CUSTOMER).await;
    for format in [Format::Json, Format::Toml] {
        let exported = fixture::export(&world.store, CUSTOMER)
            .await
            .unwrap()
            .unwrap();
        let text = exported.print(format).unwrap();
        let read = Fixture::parse(&text, format, PUBLIC_URL).unwrap();
        assert_eq!(read, exported);
        world.provider.load(&[read]).await.unwrap();
        assert_eq!(snapshot(&world, CUSTOMER).await, before);
    }
    // One that says no id is found by its name.
    assert_eq!(fixture::export(&world.store, "Shop").await.unwrap(), None);
    let mut nameless = shop();
    nameless["customers"][0]
        .as_object_mut()
        .unwrap()
        .remove("id");
    load(&world, &nameless).await;
    let exported = fixture::export(&world.store, "Shop")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(exported.customers[0].clients[0].id, CLIENT);
    assert_eq!(fixture::export(&world.store, "nobody").await.unwrap(), None);
}

/// Loads the export of a customer into an empty provider.
async fn moved(from: &Provider, store: &Store, customer: &str) -> (World, Snapshot) {
    let exported = fixture::export(store, customer).await.unwrap().unwrap();
    let text = exported.print(Format::Toml).unwrap();
    let read = Fixture::parse(&text, Format::Toml, from.public_url()).unwrap();
    let world = World::new().await;
    world.provider.load(&[read]).await.unwrap();
    let moved = snapshot(&world, &exported.customers[0].id).await;
    (world, moved)
}

#[tokio::test]
async fn a_sandbox_and_the_demo_can_be_kept_in_a_file() {
    let world = World::new().await;
    let key = SandboxKey::generate();
    let sandbox = world.provider.ensure_sandbox(&key).await.unwrap();
    let demo = provider::seed::DEMO_CUSTOMER.to_owned();
    for (named, id) in [(sandbox.id.as_str(), &sandbox.id), ("demo", &demo)] {
        let original = snapshot(&world, id).await;
        let (elsewhere, copy) = moved(&world.provider, &world.store, named).await;
        assert_eq!(copy.token_policies, original.token_policies);
        assert_eq!(copy.login_policies, original.login_policies);
        assert_eq!(copy.clients, original.clients);
        assert_eq!(copy.people, original.people);
        assert_eq!(copy.customer.kind, CustomerKind::Fixture);
        // The demo is there anyway, so that its copy is another customer.
        assert_eq!(copy.customer.id == *id, named != "demo");
        let path = format!("/{}/login/jwk", copy.customer.id);
        assert_eq!(elsewhere.get(&path).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_sandbox_that_was_loaded_is_still_its_visitors() {
    let world = World::new().await;
    let key = SandboxKey::generate();
    let sandbox = world.provider.ensure_sandbox(&key).await.unwrap();
    let exported = fixture::export(&world.store, &sandbox.id)
        .await
        .unwrap()
        .unwrap();
    world.provider.load(&[exported]).await.unwrap();
    let again = world.provider.ensure_sandbox(&key).await.unwrap();
    assert_eq!(again.id, sandbox.id);
    assert_eq!(again.kind, CustomerKind::Fixture);
}

#[tokio::test]
async fn everybody_is_offered_with_one_click_on_loopback_unless_the_file_says_no() {
    for (loopback, one_click, offered) in [
        (true, json!(null), true),
        (true, json!(false), false),
        (false, json!(true), false),
    ] {
        let store = Store::open("sqlite::memory:").await.unwrap();
        let settings = Settings {
            loopback,
            ..Settings::default()
        };
        let world = World::with(store, settings).await;
        let mut file = shop();
        file["customers"][0]["oneClick"] = one_click;
        load(&world, &file).await;
        let people = snapshot(&world, CUSTOMER).await.people;
        let people: Vec<Person> = people.into_iter().map(|known| known.person).collect();

        let browser = Browser::new(&world);
        let interaction = waiting(&browser).await;
        let page = path(&format!("auth-ui/login?interaction={interaction}"));
        let view = browser.get(&page).await.sign_in().clone();
        assert_eq!(
            view.one_click,
            if offered { people.clone() } else { Vec::new() }
        );
        // The passwords are in the file, and not all the same.
        assert_eq!(view.password_note, None);
        let chosen = [
            ("interaction", interaction.as_str()),
            ("person", people[0].profile.uuid.as_str()),
        ];
        let reply = browser
            .submit_to(&path("auth-ui/login"), &chosen, &[])
            .await;
        assert_eq!(reply.location().starts_with(CALLBACK), offered, "{reply:?}");
    }
}
