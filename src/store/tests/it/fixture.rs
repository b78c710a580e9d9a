//! Two customers that have the same ids for everything but themselves.

use oidc::{authorization::AuthorizationRequest, scope::Scope, time::UnixTime};
use policy::{
    client::{Client, ClientType},
    login_policy::LoginPolicy,
    profile::{Person, Profile},
    token_policy::TokenPolicy,
};
use std::path::Path;
use store::{
    Code, Credentials, Customer, CustomerKind, Interaction, Login, NewCustomer, Pending, Record,
    RunStatus, Session, Store, StoredRun, Token, TokenKind,
};

pub(crate) const NOW: UnixTime = UnixTime(1_800_000_000);
/// The customer most tests are about.
pub(crate) const OURS: &str = "customer-ours";
/// The customer that must not be touched.
pub(crate) const THEIRS: &str = "customer-theirs";
pub(crate) const SECRET: &str = "the secret of a client";

pub(crate) async fn in_memory() -> Store {
    with_customers(Store::open("sqlite::memory:").await.unwrap()).await
}

pub(crate) async fn in_file(path: &Path) -> Store {
    with_customers(open(path).await).await
}

pub(crate) async fn open(path: &Path) -> Store {
    Store::open(&url(path)).await.unwrap()
}

pub(crate) fn url(path: &Path) -> String {
    format!("sqlite:{}", path.display())
}

async fn with_customers(store: Store) -> Store {
    for id in [OURS, THEIRS] {
        assert!(insert(&store, &customer(id), Some(&key_of(id))).await);
    }
    store
}

pub(crate) fn key_of(customer: &str) -> String {
    format!("sandbox-key-of-{customer}")
}

pub(crate) fn customer(id: &str) -> Customer {
    Customer {
        id: id.to_owned(),
        kind: CustomerKind::Sandbox,
        name: None,
        registration: false,
        one_click: false,
        created_at: NOW,
        last_used_at: NOW,
    }
}

/// Writes a customer with two of everything.
pub(crate) async fn insert(store: &Store, customer: &Customer, key: Option<&str>) -> bool {
    let new = NewCustomer {
        customer,
        key,
        token_policies: &token_policies(),
        login_policies: &login_policies(),
        clients: &clients(),
        people: &people(),
    };
    store.insert_customer(&new).await.unwrap()
}

pub(crate) fn scope(text: &str) -> Scope {
    Scope::parse(text).scope
}

pub(crate) fn token_policies() -> Vec<TokenPolicy> {
    // Not in alphabetical order, so that the order kept is the one given.
    ["policy-z", "policy-a"]
        .map(|id| TokenPolicy {
            id: id.to_owned(),
            title: format!("Title of {id}"),
            access_token_lifetime: 3600,
            refresh_token_lifetime: 7_776_000,
            allowed_scopes: scope("openid profile"),
            use_access_jwt: false,
        })
        .to_vec()
}

pub(crate) fn login_policies() -> Vec<LoginPolicy> {
    ["login-z", "login-a"]
        .map(|id| LoginPolicy::new(id.to_owned(), "Hosted Login".to_owned()))
        .to_vec()
}

pub(crate) fn clients() -> Vec<Client> {
    vec![
        Client {
            id: "client-z".to_owned(),
            name: "Storefront".to_owned(),
            client_type: ClientType::Public,
            redirect_uris: vec!["http://127.0.0.1/callback".to_owned()],
            post_logout_redirect_uris: Vec::new(),
            id_token_signed_response_alg: None,
            login_policy: Some("login-z".to_owned()),
            token_policy: "policy-z".to_owned(),
            secret: None,
        },
        Client {
            id: "client-a".to_owned(),
            name: "Configuration".to_owned(),
            client_type: ClientType::Confidential,
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            id_token_signed_response_alg: None,
            login_policy: None,
            token_policy: "policy-a".to_owned(),
            secret: Some(SECRET.to_owned()),
        },
    ]
}

pub(crate) fn people() -> Vec<Credentials> {
    [
        ("person-z", "Zoë@Example.com", Some("zoe")),
        ("person-a", "", None),
    ]
    .map(|(uuid, email, username)| person(uuid, email, username))
    .to_vec()
}

/// The people without what they sign in with.
pub(crate) fn persons() -> Vec<Person> {
    people().into_iter().map(|known| known.person).collect()
}

pub(crate) fn person(uuid: &str, email: &str, username: Option<&str>) -> Credentials {
    Credentials {
        person: Person {
            username: username.map(str::to_owned),
            description: "A line.".to_owned(),
            profile: Profile {
                uuid: uuid.to_owned(),
                email: email.to_owned(),
                ..Profile::default()
            },
        },
        password_hash: "$argon2id$hash".to_owned(),
    }
}

/// The login codes and tokens come from.
pub(crate) fn login() -> Login {
    Login {
        requested: scope("openid profile address"),
        claims: Some(r#"{"userinfo":{"email":null}}"#.to_owned()),
        auth_time: NOW,
        sid: Some("public-sid".to_owned()),
    }
}

pub(crate) fn session(customer: &str) -> Session {
    Session {
        customer_id: customer.to_owned(),
        person_id: "person-z".to_owned(),
        sid: "public-sid".to_owned(),
        auth_time: NOW,
        expires_at: NOW.plus(100),
    }
}

pub(crate) fn interaction(customer: &str, browser: &str) -> Interaction {
    Interaction {
        customer_id: customer.to_owned(),
        client_id: Some("client-z".to_owned()),
        pending: Pending::Authorization(Box::new(AuthorizationRequest {
            scope: Some("openid  broken scope".to_owned()),
            state: Some("s".to_owned()),
            ..AuthorizationRequest::default()
        })),
        hint: None,
        browser: browser.to_owned(),
        created_at: NOW,
        expires_at: NOW.plus(100),
    }
}

pub(crate) fn code(customer: &str) -> Code {
    Code {
        customer_id: customer.to_owned(),
        client_id: "client-z".to_owned(),
        person_id: "person-z".to_owned(),
        redirect_uri: "http://127.0.0.1/callback".to_owned(),
        scope: scope("openid profile"),
        login: login(),
        nonce: Some("n".to_owned()),
        code_challenge: Some("c".to_owned()),
        grant_id: "grant".to_owned(),
        issued_at: NOW,
        expires_at: NOW.plus(60),
    }
}

pub(crate) fn token(customer: &str) -> Token {
    Token {
        kind: TokenKind::Access,
        customer_id: customer.to_owned(),
        client_id: "client-z".to_owned(),
        person_id: Some("person-z".to_owned()),
        scope: scope("openid profile"),
        login: Some(login()),
        grant_id: "grant".to_owned(),
        jti: None,
        issued_at: NOW,
        expires_at: NOW.plus(3600),
        revoked: false,
        used_at: None,
    }
}

pub(crate) fn run(customer: &str, id: &str) -> StoredRun {
    StoredRun {
        id: id.to_owned(),
        customer_id: customer.to_owned(),
        state: format!("state of {id}"),
        status: RunStatus::Pending,
        body: r#"{"pending":true}"#.to_owned(),
        created_at: NOW,
        expires_at: NOW.plus(86_400),
    }
}

pub(crate) fn record(customer: &str, id: &str) -> Record {
    Record {
        id: id.to_owned(),
        customer_id: customer.to_owned(),
        kind: "change".to_owned(),
        parent: String::new(),
        body: "{}".to_owned(),
        created_at: NOW,
        expires_at: NOW.plus(86_400),
    }
}
