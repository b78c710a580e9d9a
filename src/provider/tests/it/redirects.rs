//! Where responses go, and that they go nowhere else.

use crate::{
    response_types::{everything_allowed, request},
    world::{Browser, CALLBACK, Reply, World, encode},
};
use axum::body::Body;
use http::{Request, StatusCode, header};
use oidc::{
    authorization::AuthorizationRequest,
    response_type::{ResponseMode, ResponseType},
};
use proptest::{
    prelude::*,
    sample::select,
    test_runner::{Config, TestRunner},
};
use std::{cell::RefCell, collections::BTreeMap};

/// What both login clients register here. One of them has a fragment, which
/// nobody should register.
const REGISTERED: [&str; 7] = [
    CALLBACK,
    "https://app.example/cb",
    "https://app.example/cb?shop=1&x=%22",
    "aic-demo://auth-callback",
    "http://127.0.0.1/callback",
    "http://[::1]:8000/callback?native=1",
    "https://app.example/cb#fragment",
];

/// What only the public client may use: another port.
const OTHER_PORTS: [&str; 3] = [
    "http://127.0.0.1:49152/callback",
    "http://[::1]/callback?native=1",
    "http://[::1]:1/callback?native=1",
];

/// What nobody may use.
const NEAR_MISSES: [&str; 18] = [
    "https://app.example/cb#fragment",
    "https://app.example/cb#",
    "https://app.example/cb?",
    "https://app.example/cb/",
    "https://app.example/cb/more",
    "https://app.example/cb?foo=bar",
    "https://app.example/cb?shop=1",
    "https://app.example/cb?x=%22&shop=1",
    "https://app.example:443/cb",
    "http://app.example/cb",
    "https://APP.example/cb",
    "https://app.example.evil.example/cb",
    "https://app.example@evil.example/cb",
    "aic-demo://auth-callback/",
    "aic-demo:auth-callback",
    "http://localhost:49152/callback",
    "http://127.0.0.1:49152/callback/",
    "http://[::1]:8000/callback",
];

async fn world() -> World {
    let world = everything_allowed().await;
    for client in &world.seed.clients[..2] {
        let mut client = client.clone();
        client.redirect_uris = REGISTERED.map(str::to_owned).into();
        let customer = &world.seed.customer_id;
        let replaced = world.store.replace_client(customer, &client).await;
        replaced.unwrap().unwrap();
    }
    world
}

/// A request of the public or the confidential client.
fn to(world: &World, uri: &str, public: bool) -> AuthorizationRequest {
    let request = if public {
        world.request("openid")
    } else {
        world.server_request("openid")
    };
    AuthorizationRequest {
        redirect_uri: Some(uri.to_owned()),
        ..request
    }
}

fn may_use(uri: &str, public: bool) -> bool {
    let registered = REGISTERED.contains(&uri) && !uri.contains('#');
    registered || (public && OTHER_PORTS.contains(&uri))
}

// oidcc-ensure-registered-redirect-uri, oidcc-redirect-uri-query-OK,
// oidcc-redirect-uri-query-mismatch, oidcc-redirect-uri-query-added; A1, A2
#[tokio::test]
async fn only_what_is_registered_is_answered_to() {
    let world = world().await;
    let browser = Browser::new(&world);
    browser.sign_in_as(&world.request("openid"), 0).await;
    let uris = REGISTERED.iter().chain(&OTHER_PORTS).chain(&NEAR_MISSES);
    for uri in uris {
        for public in [true, false] {
            let reply = browser.authorize(&to(&world, uri, public)).await;
            if may_use(uri, public) {
                let told = reply.told(uri);
                assert!(told.parameters.contains_key("code"), "{uri}");
            } else {
                reply.page(400, "invalid_redirect_uri");
            }
        }
    }
}

// oidcc-ensure-redirect-uri-in-authorization-request
#[tokio::test]
async fn an_address_is_never_guessed() {
    let world = world().await;
    for number in [0, 1] {
        let mut client = world.seed.clients[number].clone();
        client.redirect_uris.truncate(1);
        let customer = &world.seed.customer_id;
        let replaced = world.store.replace_client(customer, &client).await;
        replaced.unwrap().unwrap();
        let mut request = to(&world, "", number == 0);
        for missing in [None, Some(String::new()), Some(" ".to_owned())] {
            request.redirect_uri = missing;
            let reply = world.get(&world.authorize_path(&request)).await;
            reply.page(400, "invalid_redirect_uri");
        }
    }
}

// A15
#[tokio::test]
async fn the_fragment_of_the_request_cannot_be_carried_on_to_a_client() {
    let world = world().await;
    let browser = Browser::new(&world);
    browser.sign_in_as(&world.request("openid"), 0).await;
    let good = to(&world, "https://app.example/cb?shop=1&x=%22", true);
    let bad = AuthorizationRequest {
        scope: None,
        ..good.clone()
    };
    for (request, start) in [(&good, "code="), (&bad, "error=")] {
        let reply = browser.authorize(request).await;
        let location = reply.location();
        let start = format!("https://app.example/cb?shop=1&x=%22&{start}");
        assert!(location.starts_with(&start), "{location}");
        // An empty one is one, so that browsers put none in its place.
        assert!(location.ends_with('#'), "{location}");
    }
    // Our own relying party reads none.
    let reply = browser.authorize(&world.request("openid")).await;
    assert!(!reply.location().contains('#'));
}

// G13
#[tokio::test]
async fn a_registered_query_stays_before_the_fragment() {
    let world = world().await;
    let browser = Browser::new(&world);
    browser.sign_in_as(&world.request("openid"), 0).await;
    let uri = "https://app.example/cb?shop=1&x=%22";
    for response_type in ResponseType::ALL {
        let request = AuthorizationRequest {
            redirect_uri: Some(uri.to_owned()),
            ..request(&world, response_type, Some(ResponseMode::Fragment))
        };
        let reply = browser.authorize(&request).await;
        assert!(reply.location().starts_with(&format!("{uri}#")));
        let told = reply.told(uri);
        assert_eq!(told.mode, ResponseMode::Fragment);
    }
}

#[tokio::test]
async fn a_form_is_not_posted_to_an_application() {
    let world = world().await;
    let request = AuthorizationRequest {
        redirect_uri: Some("aic-demo://auth-callback".to_owned()),
        ..request(&world, ResponseType::Code, Some(ResponseMode::FormPost))
    };
    let reply = world.get(&world.authorize_path(&request)).await;
    let told = reply.told("aic-demo://auth-callback");
    assert_eq!(told.mode, ResponseMode::Query);
    assert_eq!(told.parameters["error"], "invalid_request");
}

/// A request that may be wrong in any way.
#[derive(Clone, Debug)]
struct Tried {
    public: bool,
    signed_in: bool,
    as_form: bool,
    request: AuthorizationRequest,
}

fn any_uri() -> impl Strategy<Value = String> {
    let uris: Vec<&str> = REGISTERED
        .into_iter()
        .chain(OTHER_PORTS)
        .chain(NEAR_MISSES)
        .collect();
    prop_oneof![
        6 => select(REGISTERED.to_vec()).prop_map(str::to_owned),
        3 => select(uris.clone()).prop_map(str::to_owned),
        1 => (select(uris), r"[?#/@:.%]?\PC{0,3}").prop_map(|(uri, more)| uri.to_owned() + &more),
    ]
}

/// Anything but the mark of what was not UTF-8.
fn any_state() -> impl Strategy<Value = String> {
    let character = any::<char>().prop_filter("not UTF-8", |c| *c != char::REPLACEMENT_CHARACTER);
    prop_oneof![
        "[ -~]{1,40}",
        prop::collection::vec(character, 1..20).prop_map(String::from_iter),
    ]
}

/// One of these, or nothing, or nonsense.
fn maybe(values: &[&'static str]) -> impl Strategy<Value = Option<String>> + use<> {
    let values: Vec<Option<String>> = values.iter().map(|own| Some((*own).to_owned())).collect();
    prop_oneof![
        3 => Just(None),
        8 => select(values),
        1 => r"\PC{1,8}".prop_map(Some),
    ]
}

fn tried(world: &World) -> impl Strategy<Value = Tried> + use<> {
    let good = [to(world, "", false), to(world, "", true)];
    let types: Vec<&str> = ResponseType::ALL.map(ResponseType::as_str).into();
    let what = (
        select(types).prop_map(|own| Some(own.to_owned())),
        maybe(&["query", "fragment", "form_post"]),
        maybe(&["none", "login", "create", "none login", "consent"]),
        maybe(&["0", "100", "-1"]),
        maybe(&["{}", "[", r#"{"id_token":{"sub":{"value":"x"}}}"#]),
        prop_oneof![4 => Just(Some("openid".to_owned())), 1 => maybe(&["profile"])],
        prop_oneof![9 => Just(None), 1 => maybe(&["a.b.c"])],
    );
    (
        any::<[bool; 3]>(),
        any_uri(),
        prop::option::weighted(0.9, any_state()),
        what,
    )
        .prop_map(move |([public, signed_in, as_form], uri, state, what)| {
            let (response_type, response_mode, prompt, max_age, claims, scope, request) = what;
            let request = AuthorizationRequest {
                redirect_uri: Some(uri),
                state,
                response_type,
                response_mode,
                prompt,
                max_age,
                claims,
                scope,
                request,
                ..good[usize::from(public)].clone()
            };
            Tried {
                public,
                signed_in,
                as_form,
                request,
            }
        })
}

#[test]
fn nothing_goes_where_it_is_not_registered_and_the_state_comes_back() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let world = runtime.block_on(world());
    let session = runtime.block_on(async {
        let browser = Browser::new(&world);
        browser.sign_in_as(&world.request("openid"), 0).await;
        browser
    });
    let seen = RefCell::new(BTreeMap::<String, u32>::new());
    let mut runner = TestRunner::new(Config {
        cases: 512,
        failure_persistence: None,
        ..Config::default()
    });
    runner
        .run(&tried(&world), |tried| {
            let reply = runtime.block_on(send(&world, &session, &tried));
            *seen
                .borrow_mut()
                .entry(check(&world, &tried, &reply))
                .or_default() += 1;
            Ok(())
        })
        .unwrap();
    let seen = seen.into_inner();
    for outcome in ["asked", "page", "Query", "Fragment", "FormPost"] {
        assert!(
            seen.get(outcome).is_some_and(|count| *count > 9),
            "{seen:?}"
        );
    }
}

async fn send(world: &World, session: &Browser<'_>, tried: &Tried) -> Reply {
    let stranger = Browser::new(world);
    let browser = if tried.signed_in { session } else { &stranger };
    if tried.as_form {
        let parameters = tried.request.parameters();
        let form: Vec<(&str, &str)> = parameters
            .iter()
            .map(|(k, v)| (k.as_str(), v.as_str()))
            .collect();
        let path = world.path("login/authorize");
        browser.submit_to(&path, &form, &[]).await
    } else {
        browser.authorize(&tried.request).await
    }
}

/// Asserts what must hold whatever was sent, and names what happened.
fn check(world: &World, tried: &Tried, reply: &Reply) -> String {
    let uri = tried.request.redirect_uri.as_deref().unwrap();
    if let Some(page) = &reply.page {
        assert_eq!(page.code, "invalid_redirect_uri", "{tried:?}");
        assert!(!may_use(uri, tried.public), "{tried:?}");
        assert_eq!(reply.header("location"), None);
        return "page".to_owned();
    }
    let own = format!("https://play.example{}", world.path("auth-ui/"));
    if reply
        .header("location")
        .is_some_and(|location| location.starts_with(&own))
    {
        return "asked".to_owned();
    }
    assert!(may_use(uri, tried.public), "{tried:?}");
    let told = reply.told(uri);
    assert_eq!(told.parameters.get("state"), tried.request.state.as_ref());
    assert_eq!(told.parameters["iss"], world.issuer());
    assert!(told.parameters.contains_key("error") || tried.signed_in);
    format!("{:?}", told.mode)
}

#[test]
fn whatever_bytes_come_nothing_is_redirected_to_and_nothing_breaks() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let world = runtime.block_on(world());
    let good = encode(&[
        ("client_id", &world.seed.clients[0].id),
        ("redirect_uri", CALLBACK),
        ("scope", "openid"),
    ]);
    let bytes = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..80),
        "(&?[a-z_]{1,14}=(%[0-9a-fA-F]{2}|[a-z+]){0,6}){0,6}".prop_map(String::into_bytes),
    ];
    let mut runner = TestRunner::new(Config {
        cases: 256,
        failure_persistence: None,
        ..Config::default()
    });
    runner
        .run(&(bytes, any::<bool>()), |(bytes, known)| {
            let start = if known {
                format!("{good}&")
            } else {
                String::new()
            };
            let request = Request::post(world.path("login/authorize"))
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Body::from([start.into_bytes(), bytes].concat()))
                .unwrap();
            let reply = runtime.block_on(world.send(request));
            if known && reply.status != StatusCode::BAD_REQUEST {
                reply.told(CALLBACK);
            } else {
                assert_eq!(reply.status, StatusCode::BAD_REQUEST);
                assert!(reply.page.is_some());
            }
            Ok(())
        })
        .unwrap();
}
