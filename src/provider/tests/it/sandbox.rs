//! Sandboxes: one customer per visitor.

use crate::world::{Browser, PUBLIC_URL, World};
use http::StatusCode;
use oidc::authorization::AuthorizationRequest;
use provider::{SandboxKey, SandboxLife, Seed, Settings};
use store::Store;

struct Visitor {
    key: SandboxKey,
    seed: Seed,
}

impl Visitor {
    fn new() -> Self {
        let key = SandboxKey::generate();
        let seed = Seed::sandbox(&key, PUBLIC_URL);
        Self { key, seed }
    }

    fn path(&self, rest: &str) -> String {
        format!("/{}/{rest}", self.seed.customer_id)
    }

    fn request(&self, world: &World) -> AuthorizationRequest {
        AuthorizationRequest {
            client_id: Some(self.seed.clients[0].id.clone()),
            ..world.request("openid")
        }
    }

    fn authorize_path(&self, world: &World) -> String {
        self.request(world).url(&self.path("login/authorize"))
    }

    fn browser<'w>(&self, world: &'w World) -> Browser<'w> {
        let browser = Browser::new(world);
        browser.set_cookie("__Host-sandbox", self.key.as_str());
        browser
    }
}

#[tokio::test]
async fn a_sandbox_is_written_once_and_then_kept() {
    let world = World::new().await;
    let visitor = Visitor::new();
    let customer = world.provider.ensure_sandbox(&visitor.key).await.unwrap();
    assert_eq!(customer.id, visitor.seed.customer_id);
    let policies = || world.store.token_policies(&customer.id);
    assert_eq!(policies().await.unwrap(), visitor.seed.token_policies);
    assert_eq!(
        world.store.clients(&customer.id).await.unwrap(),
        visitor.seed.clients
    );
    assert_eq!(
        world.store.people(&customer.id).await.unwrap(),
        visitor.seed.people
    );
    let mut edited = visitor.seed.token_policies[0].clone();
    edited.title = "Edited".to_owned();
    world
        .store
        .replace_token_policy(&customer.id, &edited)
        .await
        .unwrap();
    world.clock.advance(3600);
    let again = world.provider.ensure_sandbox(&visitor.key).await.unwrap();
    assert_eq!(again.last_used_at.since(customer.last_used_at), 3600);
    assert_eq!(policies().await.unwrap()[0].title, "Edited");
    world.provider.reset_sandbox(&visitor.key).await.unwrap();
    assert_eq!(policies().await.unwrap(), visitor.seed.token_policies);
}

#[tokio::test]
async fn a_sandbox_is_there_also_while_it_is_reset() {
    let world = World::new().await;
    let visitor = Visitor::new();
    world.provider.ensure_sandbox(&visitor.key).await.unwrap();
    let mut reset = Box::pin(world.provider.reset_sandbox(&visitor.key));
    let mut looks = 0;
    loop {
        tokio::select! {
            done = &mut reset => break assert_eq!(done.unwrap().id, visitor.seed.customer_id),
            found = world.store.clients(&visitor.seed.customer_id) => {
                assert_eq!(found.unwrap(), visitor.seed.clients);
                looks += 1;
            }
        }
    }
    assert!(looks > 0);
}

#[tokio::test]
async fn a_visitor_who_comes_before_anything_is_written_finds_their_sandbox() {
    let world = World::new().await;
    let visitor = Visitor::new();
    let path = visitor.path("login/.well-known/openid-configuration");
    assert_eq!(world.get(&path).await.status, StatusCode::NOT_FOUND);
    let reply = visitor.browser(&world).get(&path).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(
        reply.json()["issuer"],
        world.provider.issuer(&visitor.seed.customer_id)
    );
    // Somebody else's cookie opens nothing.
    let other = Visitor::new();
    let reply = visitor.browser(&world).get(&other.path("login/jwk")).await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
}

fn shown(interaction: &str) -> String {
    format!("auth-ui/login?interaction={interaction}")
}

#[tokio::test]
async fn only_the_owner_may_choose_a_person_with_one_click() {
    let world = World::new().await;
    let visitor = Visitor::new();
    let owner = visitor.browser(&world);
    let path = visitor.authorize_path(&world);
    let interaction = owner.get(&path).await.interaction();
    let reply = owner.get(&visitor.path(&shown(&interaction))).await;
    let view = reply.sign_in();
    assert_eq!(view.one_click, visitor.seed.people);
    assert_eq!(view.password_note, Some(visitor.seed.password.clone()));

    let guest = Visitor::new().browser(&world);
    let interaction = guest.get(&path).await.interaction();
    let reply = guest.get(&visitor.path(&shown(&interaction))).await;
    let view = reply.sign_in();
    assert!(view.one_click.is_empty());
    assert_eq!(view.password_note, None);
    let login = visitor.path("auth-ui/login");
    let person = &visitor.seed.people[0].profile.uuid;
    let form = [("interaction", interaction.as_str()), ("person", person)];
    let reply = guest.submit_to(&login, &form, &[]).await;
    assert!(reply.location().ends_with("&message=credentials"));
    // Who was told the password may sign in.
    let form = [
        ("interaction", interaction.as_str()),
        ("email", "alice@example.com"),
        ("password", &visitor.seed.password),
    ];
    guest.submit_to(&login, &form, &[]).await.callback();
}

#[tokio::test]
async fn a_session_at_one_customer_says_nothing_about_another() {
    let world = World::new().await;
    let visitor = Visitor::new();
    let browser = visitor.browser(&world);
    browser
        .sign_in_as(&world.request("openid"), 0)
        .await
        .callback();
    browser
        .get(&visitor.authorize_path(&world))
        .await
        .interaction();
    // And the former is still there.
    browser.authorize(&world.request("openid")).await.callback();
}

async fn is_there(world: &World, visitor: &Visitor) -> bool {
    let id = &visitor.seed.customer_id;
    world.store.customer(id).await.unwrap().is_some()
}

#[tokio::test]
async fn a_sandbox_that_nobody_uses_for_a_week_goes_and_comes_back_as_it_was_at_first() {
    let world = World::new().await;
    let (idle, used) = (Visitor::new(), Visitor::new());
    for visitor in [&idle, &used] {
        world.provider.ensure_sandbox(&visitor.key).await.unwrap();
    }
    let mut edited = idle.seed.token_policies[0].clone();
    edited.title = "Edited".to_owned();
    let id = &idle.seed.customer_id;
    world.store.replace_token_policy(id, &edited).await.unwrap();

    world.clock.advance(7 * 24 * 3600);
    // A program that only calls uses it too.
    let path = used.path("login/jwk");
    assert_eq!(world.get(&path).await.status, StatusCode::OK);
    assert_eq!(world.provider.sweep().await.unwrap().sandboxes, 0);
    world.clock.advance(1);
    assert_eq!(world.provider.sweep().await.unwrap().sandboxes, 1);
    assert!(!is_there(&world, &idle).await && is_there(&world, &used).await);
    // The demo stays, however long it was left alone.
    let demo = world.get(&world.path("login/jwk")).await;
    assert_eq!(demo.status, StatusCode::OK);

    let reply = idle.browser(&world).get(&idle.path("login/jwk")).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(
        world.store.token_policies(id).await.unwrap(),
        idle.seed.token_policies
    );
    assert_eq!(world.store.clients(id).await.unwrap(), idle.seed.clients);
}

#[tokio::test]
async fn how_long_a_sandbox_may_be_left_alone_is_a_setting() {
    let settings = Settings {
        sandboxes: SandboxLife {
            idle_days: 2,
            ..SandboxLife::default()
        },
        ..Settings::default()
    };
    let world = World::with(Store::open("sqlite::memory:").await.unwrap(), settings).await;
    let visitor = Visitor::new();
    world.provider.ensure_sandbox(&visitor.key).await.unwrap();
    assert_eq!(world.provider.sandbox_idle_days(), 2);
    for (seconds, there) in [(2 * 24 * 3600, true), (1, false)] {
        world.clock.advance(seconds);
        world.provider.sweep().await.unwrap();
        assert_eq!(is_there(&world, &visitor).await, there);
    }
}

#[tokio::test]
async fn one_sandbox_too_many_takes_the_place_of_the_least_recently_used() {
    let settings = Settings {
        sandboxes: SandboxLife {
            most: 2,
            ..SandboxLife::default()
        },
        ..Settings::default()
    };
    let world = World::with(Store::open("sqlite::memory:").await.unwrap(), settings).await;
    let visitors: Vec<Visitor> = (0..4).map(|_| Visitor::new()).collect();
    let there = async || {
        let mut there = Vec::new();
        for visitor in &visitors {
            there.push(is_there(&world, visitor).await);
        }
        there
    };
    let ensure = async |number: usize| {
        let visitor: &Visitor = &visitors[number];
        world.provider.ensure_sandbox(&visitor.key).await.unwrap();
        world.clock.advance(60);
    };
    for number in [0, 1, 0, 2] {
        ensure(number).await;
    }
    assert_eq!(there().await, [true, false, true, false]);
    // Also one that is made by resetting, or on the way to the provider.
    world
        .provider
        .reset_sandbox(&visitors[3].key)
        .await
        .unwrap();
    assert_eq!(there().await, [false, false, true, true]);
    world.clock.advance(60);
    let owner = visitors[1].browser(&world);
    owner.get(&visitors[1].path("login/jwk")).await.json();
    assert_eq!(there().await, [false, true, false, true]);
    let demo = world.get(&world.path("login/jwk")).await;
    assert_eq!(demo.status, StatusCode::OK);
}

#[tokio::test]
async fn login_clients_learn_the_deployments_present_address() {
    let world = World::new().await;
    let visitor = Visitor::new();
    let customer = world.provider.ensure_sandbox(&visitor.key).await.unwrap();
    let mut client = visitor.seed.clients[0].clone();
    client.redirect_uris = vec!["https://old.example/callback".to_owned()];
    world
        .store
        .replace_client(&customer.id, &client)
        .await
        .unwrap()
        .unwrap();
    world.provider.ensure_sandbox(&visitor.key).await.unwrap();
    let clients = world.store.clients(&customer.id).await.unwrap();
    assert_eq!(
        clients[0].redirect_uris,
        [
            "https://old.example/callback",
            "https://play.example/callback"
        ]
    );
    assert!(clients[2].redirect_uris.is_empty());
}

#[tokio::test]
async fn the_sandbox_cookie_is_locked_down_and_reads_back() {
    let world = World::new().await;
    let visitor = Visitor::new();
    let set = world.provider.sandbox_cookie(&visitor.key);
    assert_eq!(
        set,
        format!(
            "__Host-sandbox={}; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=7776000",
            visitor.key.as_str()
        )
    );
    let headers = visitor.browser(&world).headers();
    assert_eq!(world.provider.sandbox_key(&headers), Some(visitor.key));
}
