//! What a customer starts with.
//!
//! A sandbox is a pure function of its key, so that its ids can be shown before
//! anything is written. The demo customer is the same everywhere and documented.

use crate::{sandbox::SandboxKey, uuid};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use oidc::{
    response_type::ResponseType,
    scope::{Scope, ScopeToken},
};
use policy::{
    client::{Client, ClientKind, ClientType},
    login_policy::LoginPolicy,
    profile::{Person, PrimaryAddress, Profile},
    token_policy::{
        ACCESS_TOKEN_LIFETIME, DEFAULT_REFRESH_TOKEN_LIFETIME, TokenPolicy, every_scope,
    },
};

/// Everything a fresh customer consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seed {
    /// The first path segment of every address of the customer.
    pub customer_id: String,
    /// "Storefront", "Everything" and "Configuration".
    pub token_policies: Vec<TokenPolicy>,
    /// "Hosted Login"; the demo customer also has "All response types".
    pub login_policies: Vec<LoginPolicy>,
    /// "Storefront" (public), "Storefront server" (confidential) and
    /// "Configuration".
    pub clients: Vec<Client>,
    /// Alice, Bo, Chen and Dana.
    pub people: Vec<Person>,
    /// The password of every person.
    pub password: String,
}

/// The demo customer's id.
pub const DEMO_CUSTOMER: &str = "00000000-0000-4000-8000-000000000001";
/// The password of everybody there: documented, and no secret.
pub(crate) const DEMO_PASSWORD: &str = "password";

/// When the seeded people were last changed: 2025-01-15T09:00:00Z.
pub(crate) const LAST_UPDATED: i64 = 1_736_931_600;
/// When what is verified was verified: 2024-06-03T12:00:00Z.
const VERIFIED: i64 = 1_717_416_000;

impl Seed {
    /// The sandbox that belongs to a key.
    #[must_use]
    pub fn sandbox(key: &SandboxKey, public_url: &str) -> Self {
        let uuid = |label: &str| uuid::of(key.derive(label));
        let secret = |label: &str| URL_SAFE_NO_PAD.encode(key.derive(label));
        let ids = Ids {
            customer: uuid("customer"),
            storefront_policy: uuid("token policy Storefront"),
            everything_policy: uuid("token policy Everything"),
            configuration_policy: uuid("token policy Configuration"),
            login_policy: uuid("login policy Hosted Login"),
            storefront: uuid("client Storefront"),
            server: uuid("client Storefront server"),
            server_secret: secret("secret of Storefront server"),
            configuration: uuid("client Configuration"),
            configuration_secret: secret("secret of Configuration"),
            people: ["Alice", "Bo", "Chen", "Dana"].map(|name| uuid(&format!("person {name}"))),
        };
        let password = password(key.derive("password"));
        let mut seed = Self::new(ids, vec![callback(public_url)], None, password);
        for client in &mut seed.clients {
            if client.kind() != ClientKind::Configuration {
                client.post_logout_redirect_uris = vec![logged_out(public_url)];
            }
        }
        seed
    }

    /// The demo customer: fixed ids and secrets, everybody's password is
    /// `password`, and the first person is also called `alice`.
    #[must_use]
    pub fn demo(public_url: &str) -> Self {
        let id = |number: u8| format!("00000000-0000-4000-8000-0000000000{number:02}");
        let ids = Ids {
            customer: DEMO_CUSTOMER.to_owned(),
            storefront_policy: id(11),
            everything_policy: id(12),
            configuration_policy: id(13),
            login_policy: id(21),
            storefront: id(31),
            server: id(32),
            server_secret: "storefront-server-secret".to_owned(),
            configuration: id(33),
            configuration_secret: "configuration-secret".to_owned(),
            people: [41, 42, 43, 44].map(id),
        };
        let redirect_uris = vec![
            callback(public_url),
            "http://127.0.0.1/callback".to_owned(),
            "http://[::1]/callback".to_owned(),
            "http://localhost:8080/callback".to_owned(),
        ];
        let mut seed = Self::new(ids, redirect_uris, Some("alice"), DEMO_PASSWORD.to_owned());
        seed.login_policies.push(all_response_types(id(22)));
        seed
    }

    fn new(
        ids: Ids,
        redirect_uris: Vec<String>,
        first_username: Option<&str>,
        password: String,
    ) -> Self {
        Self {
            token_policies: token_policies(&ids),
            login_policies: vec![LoginPolicy::new(
                ids.login_policy.clone(),
                "Hosted Login".to_owned(),
            )],
            clients: clients(&ids, redirect_uris),
            people: people(ids.people, first_username),
            customer_id: ids.customer,
            password,
        }
    }
}

/// Where the playground wants people sent back to.
pub(crate) fn callback(public_url: &str) -> String {
    format!("{}/callback", public_url.trim_end_matches('/'))
}

/// Where the playground wants people sent back to who sign out.
#[must_use]
pub fn logged_out(public_url: &str) -> String {
    format!("{}/logged-out", public_url.trim_end_matches('/'))
}

struct Ids {
    customer: String,
    storefront_policy: String,
    everything_policy: String,
    configuration_policy: String,
    login_policy: String,
    storefront: String,
    server: String,
    server_secret: String,
    configuration: String,
    configuration_secret: String,
    people: [String; 4],
}

/// Sixty bits that a person can type: `xxxx-xxxx-xxxx`, without letters and
/// digits that look alike.
fn password(hash: [u8; 32]) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
    let letter = |byte: &u8| char::from(LETTERS[usize::from(byte % 32)]);
    let groups: Vec<String> = hash[..12]
        .chunks(4)
        .map(|chunk| chunk.iter().map(letter).collect())
        .collect();
    groups.join("-")
}

fn scope(tokens: &[&str]) -> Scope {
    tokens
        .iter()
        .filter_map(|token| ScopeToken::new(token).ok())
        .collect()
}

fn token_policies(ids: &Ids) -> Vec<TokenPolicy> {
    let policy = |id: &str, title: &str, allowed_scopes: Scope, use_access_jwt: bool| TokenPolicy {
        id: id.to_owned(),
        title: title.to_owned(),
        access_token_lifetime: *ACCESS_TOKEN_LIFETIME.end(),
        refresh_token_lifetime: DEFAULT_REFRESH_TOKEN_LIFETIME,
        allowed_scopes,
        use_access_jwt,
    };
    // Inferred: one page asks for `*:config/**` out of a policy described with
    // `*:**`. Listing both lets every documented example work under exact
    // comparison (domain notes, section 10).
    let configuration = scope(&[
        "*:**",
        "*:config/**",
        ".:**",
        "openid",
        "*:config/tokenPolicies",
        &format!("-:config/tokenPolicies/{}", ids.everything_policy),
    ]);
    vec![
        policy(
            &ids.storefront_policy,
            "Storefront",
            scope(&["openid", "profile"]),
            false,
        ),
        policy(&ids.everything_policy, "Everything", every_scope(), true),
        policy(
            &ids.configuration_policy,
            "Configuration",
            configuration,
            false,
        ),
    ]
}

/// For whoever registers a client for an implicit or hybrid flow, certification
/// tools among them; no seeded client uses it.
fn all_response_types(id: String) -> LoginPolicy {
    let mut policy = LoginPolicy::new(id, "All response types".to_owned());
    policy.allowed_response_types = ResponseType::ALL
        .map(|response_type| response_type.as_str().to_owned())
        .into();
    policy
}

fn clients(ids: &Ids, redirect_uris: Vec<String>) -> Vec<Client> {
    vec![
        Client {
            id: ids.storefront.clone(),
            name: "Storefront".to_owned(),
            client_type: ClientType::Public,
            redirect_uris: redirect_uris.clone(),
            post_logout_redirect_uris: Vec::new(),
            id_token_signed_response_alg: None,
            login_policy: Some(ids.login_policy.clone()),
            token_policy: ids.storefront_policy.clone(),
            secret: None,
        },
        Client {
            id: ids.server.clone(),
            name: "Storefront server".to_owned(),
            client_type: ClientType::Confidential,
            redirect_uris,
            post_logout_redirect_uris: Vec::new(),
            id_token_signed_response_alg: None,
            login_policy: Some(ids.login_policy.clone()),
            token_policy: ids.everything_policy.clone(),
            secret: Some(ids.server_secret.clone()),
        },
        Client {
            id: ids.configuration.clone(),
            name: "Configuration".to_owned(),
            client_type: ClientType::Confidential,
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            id_token_signed_response_alg: None,
            login_policy: None,
            token_policy: ids.configuration_policy.clone(),
            secret: Some(ids.configuration_secret.clone()),
        },
    ]
}

fn people([alice, bo, chen, dana]: [String; 4], first_username: Option<&str>) -> Vec<Person> {
    let person = |description: &str, profile: Profile| Person {
        username: None,
        description: description.to_owned(),
        profile,
    };
    let mut people = vec![
        person(
            "Full profile and address; the telephone number is not verified, and there is no middle name.",
            alice_profile(alice),
        ),
        person(
            "Hardly any data: only a name and an e-mail address.",
            Profile {
                uuid: bo,
                given_name: "Bo".to_owned(),
                email: "bo@example.com".to_owned(),
                email_verified: Some(VERIFIED),
                last_updated: LAST_UPDATED,
                ..Profile::default()
            },
        ),
        person(
            "Nothing is verified: neither the e-mail address nor the telephone number.",
            chen_profile(chen),
        ),
        person(
            "Every name, middle name included, and a verified telephone number; no address.",
            dana_profile(dana),
        ),
    ];
    if let Some(first) = people.first_mut() {
        first.username = first_username.map(str::to_owned);
    }
    people
}

fn alice_profile(uuid: String) -> Profile {
    Profile {
        uuid,
        given_name: "Alice".to_owned(),
        middle_name: String::new(),
        family_name: "Archer".to_owned(),
        nickname: "Al".to_owned(),
        display_name: "alice.archer".to_owned(),
        gender: "female".to_owned(),
        birthday: "1990-04-12".to_owned(),
        email: "alice@example.com".to_owned(),
        email_verified: Some(VERIFIED),
        mobile_number: "+15035550142".to_owned(),
        mobile_number_verified: None,
        primary_address: PrimaryAddress {
            address1: "12 Garden Street".to_owned(),
            address2: "Apartment 4".to_owned(),
            city: "Portland".to_owned(),
            state_abbreviation: "OR".to_owned(),
            zip: "97201".to_owned(),
            country: "US".to_owned(),
        },
        last_updated: LAST_UPDATED,
        ..Profile::default()
    }
}

fn chen_profile(uuid: String) -> Profile {
    Profile {
        uuid,
        given_name: "Chen".to_owned(),
        family_name: "Wei".to_owned(),
        display_name: "chen".to_owned(),
        email: "chen@example.com".to_owned(),
        mobile_number: "+442079460018".to_owned(),
        primary_address: PrimaryAddress {
            address1: "5 Harbour Road".to_owned(),
            city: "Bristol".to_owned(),
            zip: "BS1 5TY".to_owned(),
            country: "GB".to_owned(),
            ..PrimaryAddress::default()
        },
        last_updated: LAST_UPDATED,
        ..Profile::default()
    }
}

fn dana_profile(uuid: String) -> Profile {
    Profile {
        uuid,
        given_name: "Dana".to_owned(),
        middle_name: "Ines".to_owned(),
        family_name: "Duarte".to_owned(),
        nickname: "Didi".to_owned(),
        display_name: "dana.duarte".to_owned(),
        gender: "female".to_owned(),
        birthday: "1984-11-30".to_owned(),
        email: "dana@example.com".to_owned(),
        email_verified: Some(VERIFIED),
        mobile_number: "+351215550173".to_owned(),
        mobile_number_verified: Some(VERIFIED),
        last_updated: LAST_UPDATED,
        ..Profile::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    const URL: &str = "https://play.example";

    /// Every id, secret and password of a seed.
    fn particulars(seed: &Seed) -> Vec<String> {
        let mut all = vec![seed.customer_id.clone(), seed.password.clone()];
        all.extend(seed.token_policies.iter().map(|policy| policy.id.clone()));
        all.extend(seed.login_policies.iter().map(|policy| policy.id.clone()));
        all.extend(seed.clients.iter().map(|client| client.id.clone()));
        all.extend(
            seed.clients
                .iter()
                .filter_map(|client| client.secret.clone()),
        );
        all.extend(seed.people.iter().map(|person| person.profile.uuid.clone()));
        all
    }

    #[test]
    fn a_sandbox_follows_from_its_key() {
        let key = SandboxKey::from_bytes([7; 32]);
        assert_eq!(Seed::sandbox(&key, URL), Seed::sandbox(&key, URL));
    }

    #[test]
    fn different_keys_share_nothing() {
        let one = particulars(&Seed::sandbox(&SandboxKey::from_bytes([1; 32]), URL));
        let other = particulars(&Seed::sandbox(&SandboxKey::from_bytes([2; 32]), URL));
        let all: HashSet<&String> = one.iter().chain(&other).collect();
        assert_eq!(all.len(), one.len() + other.len());
    }

    #[test]
    fn nothing_in_a_seed_reveals_the_key() {
        let key = SandboxKey::from_bytes([3; 32]);
        let seed = format!("{:?}", Seed::sandbox(&key, URL));
        assert!(!seed.contains(key.as_str()));
        assert!(!seed.contains("03030303"));
    }

    #[test]
    fn ids_look_like_uuids() {
        let id = Seed::sandbox(&SandboxKey::generate(), URL).customer_id;
        assert_eq!(id.len(), 36);
        assert_eq!(&id[14..15], "4");
        assert!(matches!(&id[19..20], "8" | "9" | "a" | "b"));
    }

    #[test]
    fn clients_stand_in_the_documented_order() {
        for seed in [Seed::demo(URL), Seed::sandbox(&SandboxKey::generate(), URL)] {
            let kinds: Vec<ClientKind> = seed.clients.iter().map(Client::kind).collect();
            assert_eq!(
                kinds,
                [
                    ClientKind::PublicLogin,
                    ClientKind::ConfidentialLogin,
                    ClientKind::Configuration
                ]
            );
            assert_eq!(
                seed.clients[0].redirect_uris[0],
                "https://play.example/callback"
            );
        }
    }

    #[test]
    fn the_clients_of_a_sandbox_lead_back_who_signs_out() {
        let sandbox = Seed::sandbox(&SandboxKey::generate(), "https://play.example/");
        let back: Vec<usize> = sandbox
            .clients
            .iter()
            .map(|client| client.post_logout_redirect_uris.len())
            .collect();
        assert_eq!(back, [1, 1, 0]);
        assert_eq!(
            sandbox.clients[0].post_logout_redirect_uris,
            ["https://play.example/logged-out"]
        );
    }

    #[test]
    fn only_the_demo_customer_has_a_policy_for_every_response_type() {
        let sandbox = Seed::sandbox(&SandboxKey::generate(), URL);
        assert_eq!(sandbox.login_policies.len(), 1);
        let demo = Seed::demo(URL);
        let allowed: Vec<usize> = demo
            .login_policies
            .iter()
            .map(|policy| policy.allowed_response_types.len())
            .collect();
        assert_eq!(allowed, [1, ResponseType::ALL.len()]);
        let first = Some(demo.login_policies[0].id.as_str());
        assert!(demo.clients.iter().all(|client| {
            client.login_policy.is_none() || client.login_policy.as_deref() == first
        }));
    }

    #[test]
    fn the_demo_customer_does_not_change() {
        let seed = Seed::demo(URL);
        assert_eq!(seed.customer_id, DEMO_CUSTOMER);
        assert_eq!(seed.people[0].username.as_deref(), Some("alice"));
        assert_eq!(seed.password, "password");
        assert_eq!(seed.clients[0].id, "00000000-0000-4000-8000-000000000031");
    }
}
