//! Whatever strangers send to the router, it answers, and as it has promised.

use crate::world::{Browser, CALLBACK, PUBLIC_URL, Reply, World, verifier};
use axum::body::Body;
use fuzz::{Corpus, TestCaseResult, corpus, hold, prop_assert, prop_assert_eq};
use http::{HeaderValue, Method, Request, StatusCode, header};
use proptest::{prelude::*, sample::select};
use provider::Settings;
use std::cell::{Cell, RefCell};
use store::Store;
use tokio::runtime::{Builder, Runtime};

/// What a stranger may know of a provider that runs, and how it is written
/// where they use it.
struct Live {
    world: World,
    words: Vec<(&'static str, String)>,
    changes: Cell<u32>,
}

/// Id and registration access token of a client that registered itself.
async fn register(world: &World) -> (String, String) {
    let body = r#"{"redirect_uris":["https://a.test/"],"post_logout_redirect_uris":["https://a.test/bye"]}"#;
    let request = Request::post(world.path("login/register"))
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body))
        .unwrap();
    let told = world.send(request).await.json();
    let member = |name: &str| told[name].as_str().unwrap().to_owned();
    (member("client_id"), member("registration_access_token"))
}

impl Live {
    async fn begin() -> Self {
        let settings = Settings {
            loopback: true,
            ..Settings::default()
        };
        let store = Store::open("sqlite::memory:").await.unwrap();
        let world = World::with(store, settings).await;
        let registered = register(&world).await;
        let browser = Browser::new(&world);
        let interaction = browser
            .authorize(&world.request("openid"))
            .await
            .interaction();
        let signed_in = Browser::new(&world);
        let answer = signed_in
            .sign_in_as(&world.request("openid profile"), 0)
            .await;
        let code = answer.callback()["code"].clone();
        let cookie = |browser: &Browser<'_>| {
            let headers = browser.headers();
            headers[header::COOKIE].to_str().unwrap().to_owned()
        };
        let login = world.login("openid profile").await;
        let told = |name: &str| login[name].as_str().unwrap().to_owned();
        let seed = &world.seed;
        let words = vec![
            ("INTERACTION", interaction),
            ("BROWSER", cookie(&browser)),
            ("SESSION", cookie(&signed_in)),
            ("CODE", code),
            ("ACCESS", told("access_token")),
            ("REFRESH", told("refresh_token")),
            ("ID_TOKEN", told("id_token")),
            ("VERIFIER", verifier().as_str().to_owned()),
            ("CHALLENGE", verifier().challenge().as_str().to_owned()),
            ("CALLBACK", CALLBACK.to_owned()),
            ("REGISTERED", registered.0),
            ("REGISTRATION", registered.1),
            ("PUBLIC", seed.clients[0].id.clone()),
            ("SERVER", seed.clients[1].id.clone()),
            ("SERVER_BASIC", world.server_authorization()),
            ("CONFIGURATION_BASIC", world.configuration_authorization()),
            ("TOKEN_POLICY", seed.token_policies[0].id.clone()),
            ("LOGIN_POLICY", seed.login_policies[0].id.clone()),
            ("PERSON", seed.people[1].profile.uuid.clone()),
            ("CUSTOMER", seed.customer_id.clone()),
        ];
        Self {
            world,
            words,
            changes: Cell::new(0),
        }
    }

    /// A fresh administrative token; `None` when nobody can have one any more.
    async fn administrative(&self) -> Option<String> {
        let form = [("grant_type", "client_credentials"), ("scope", "*:**")];
        let authorization = self.world.configuration_authorization();
        let reply = self.world.token(&form, Some(&authorization)).await;
        (reply.status == StatusCode::OK)
            .then(|| reply.json()["access_token"].as_str().unwrap().to_owned())
    }

    /// Counts what changed something. There are eight test keys, and not every
    /// one of these is a rotation.
    fn wear(&self, reply: &Reply) {
        if reply.status.is_success() || reply.status.is_redirection() {
            self.changes.set(self.changes.get() + 1);
        }
    }

    fn is_worn(&self) -> bool {
        self.changes.get() > 40
    }

    /// The bytes with what this provider said in place of its names, `<CODE>`.
    fn filled(&self, bytes: &[u8], admin: &str) -> Vec<u8> {
        let mut filled = bytes.to_vec();
        let admin = ("ADMIN", admin.to_owned());
        for (name, value) in self.words.iter().chain([&admin]) {
            let name = format!("<{name}>");
            while let Some(at) = filled
                .windows(name.len())
                .position(|window| window == name.as_bytes())
            {
                filled.splice(at..at + name.len(), value.bytes());
            }
        }
        filled
    }
}

/// A request as the files of the corpus have it: method and what follows the
/// customer in the address, headers, an empty line, the body.
#[derive(Clone, Debug)]
struct Sent {
    customer: &'static str,
    head: String,
    body: Vec<u8>,
}

/// What comes before the empty line, and what after it.
fn halves(file: &[u8]) -> (&[u8], &[u8]) {
    let end = file.windows(2).position(|window| window == b"\n\n");
    end.map_or((file, &[]), |end| (&file[..end], &file[end + 2..]))
}

/// Requests that make sense; changed in a few places, with more headers, or with
/// a body that some parser has trouble with.
fn sent() -> impl Strategy<Value = Sent> {
    let customers = vec!["<CUSTOMER>"; 20]
        .into_iter()
        .chain(["00000000-0000-4000-8000-00000000ffff", "%ff", "..", "<"])
        .collect::<Vec<_>>();
    let calls: Vec<Vec<u8>> = corpus!("call").files().map(|(_, call)| call).collect();
    let sound = select(calls.clone());
    let with_headers = (select(calls.clone()), prop::collection::vec(header(), 1..3)).prop_map(
        |(call, headers)| {
            let (head, body) = halves(&call);
            [head, b"\n", headers.join("\n").as_bytes(), b"\n\n", body].concat()
        },
    );
    let with_body = (select(calls), bodies().bytes())
        .prop_map(|(call, body)| [halves(&call).0, b"\n\n", &body].concat());
    let call = prop_oneof![
        1 => sound,
        3 => corpus!("call").bytes(),
        2 => with_headers,
        2 => with_body,
    ];
    (select(customers), call).prop_map(|(customer, call)| {
        let (head, body) = halves(&call);
        Sent {
            customer,
            head: String::from_utf8_lossy(head).into_owned(),
            body: body.to_vec(),
        }
    })
}

/// Headers that mostly do not belong there.
fn header() -> impl Strategy<Value = String> {
    let values = |name: &'static str, parser: &Corpus| {
        parser
            .text()
            .prop_map(move |value| format!("{name}: {value}"))
    };
    let others = vec![
        "authorization: Bearer <ACCESS>",
        "authorization: Bearer <ADMIN>",
        "authorization: <SERVER_BASIC>",
        "cookie: <SESSION>",
        "cookie: <BROWSER>",
        "content-type: application/json; charset=\"",
        "content-type: multipart/form-data; boundary=b",
        "content-type: multipart/form-data",
        "sec-fetch-site: cross-site",
        "origin: https://evil.example",
        "origin: null",
        "host: evil.example",
        "access-control-request-method: POST",
        "x-forwarded-for: 192.0.2.1, 10.0.0.1",
    ];
    prop_oneof![
        1 => values("authorization", &corpus!("authorization_header")),
        1 => values("cookie", &corpus!("cookie")),
        3 => select(others).prop_map(str::to_owned),
    ]
}

/// All that some parser or other has trouble with.
fn bodies() -> Corpus {
    let others = [
        "/../policy/tests/corpus/token_policy",
        "/../policy/tests/corpus/client",
        "/../policy/tests/corpus/login_policy",
        "/../policy/tests/corpus/person",
        "/../policy/tests/corpus/client_metadata",
        "/tests/corpus/multipart",
    ];
    others
        .map(|folder| Corpus::read(format!("{}{folder}", env!("CARGO_MANIFEST_DIR"))))
        .into_iter()
        .fold(corpus!("form"), |all, more| all.with(more.files()))
}

/// The bytes as a query can carry them: what may not stand there is escaped.
fn as_query(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|byte| match byte {
            b'%' | b'&' | b'=' | b'+' | b';' | b'/' | b':' | b'-' | b'.' | b'_' | b'~' | b'*' => {
                char::from(*byte).to_string()
            }
            other if other.is_ascii_alphanumeric() => char::from(*other).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

impl Sent {
    fn line(&self) -> (&str, &str) {
        let line = self.head.lines().next().unwrap_or_default();
        line.split_once(' ').unwrap_or_default()
    }

    /// The request; `None` when it is none that HTTP could carry.
    fn request(&self, live: &Live, admin: &str) -> Option<Request<Body>> {
        let (method, below) = self.line();
        let target = live.filled(format!("/{}/{below}", self.customer).as_bytes(), admin);
        let mut request = Request::builder()
            .method(Method::from_bytes(method.as_bytes()).ok()?)
            .uri(target.as_slice());
        for header in self.head.lines().skip(1) {
            let (name, value) = header.split_once(": ")?;
            let value = live.filled(value.as_bytes(), admin);
            request = request.header(name, HeaderValue::from_bytes(&value).ok()?);
        }
        request.body(live.filled(&self.body, admin).into()).ok()
    }
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

#[test]
fn kept_calls_are_answered_as_stated() {
    let runtime = runtime();
    corpus!("call").check(
        &[
            ("delete-config-clients-id", 204),
            ("delete-config-tokenpolicies-id", 409),
            ("get-auth-ui-account-created", 303),
            ("get-auth-ui-forgot-password", 200),
            ("get-auth-ui-login", 200),
            ("get-auth-ui-logout", 303),
            ("get-auth-ui-profile", 200),
            ("get-auth-ui-registration", 200),
            ("get-auth-ui-reset-password", 400),
            ("get-authorize", 303),
            ("get-authorize-silent", 303),
            ("get-config-clients-id-secret", 200),
            ("get-config-nothing", 404),
            ("get-config-openapi", 200),
            ("get-config-people", 200),
            ("get-config-tokenpolicies", 200),
            ("get-end_session", 200),
            ("get-jwk", 200),
            ("get-openid-configuration", 200),
            ("get-profiles-oidc-userinfo", 200),
            ("get-register-id", 200),
            ("post-auth-ui-forgot-password", 200),
            ("post-auth-ui-login", 303),
            ("post-auth-ui-login-cancel", 303),
            ("post-auth-ui-login-password", 303),
            ("post-auth-ui-registration", 303),
            ("post-authorize", 303),
            ("post-config-clients", 201),
            ("post-config-clients-id-secret", 201),
            ("post-config-keys-rotate", 201),
            ("post-config-loginpolicies", 201),
            ("post-config-people", 201),
            ("post-config-reset", 204),
            ("post-config-tokenpolicies", 201),
            ("post-end_session", 303),
            ("post-profiles-oidc-userinfo", 200),
            ("post-register", 201),
            ("post-token", 200),
            ("post-token-introspect", 200),
            ("post-token-machine", 200),
            ("post-token-multipart", 200),
            ("post-token-refresh", 200),
            ("post-token-revoke", 200),
            ("put-config-clients-id", 200),
            ("put-config-loginpolicies-id", 200),
            ("put-config-loginpolicies-id-allowedresponsetypes", 200),
            ("put-config-loginpolicies-id-pushclaims", 200),
            ("put-config-people-id", 200),
            ("put-config-tokenpolicies-id", 200),
        ],
        |call| {
            let live = runtime.block_on(Live::begin());
            let admin = runtime.block_on(live.administrative()).unwrap();
            let (head, body) = halves(call);
            let sent = Sent {
                customer: "<CUSTOMER>",
                head: String::from_utf8(head.to_vec()).unwrap(),
                body: body.to_vec(),
            };
            let reply = live.world.send(sent.request(&live, &admin).unwrap());
            runtime.block_on(reply).status.as_u16()
        },
    );
}

#[test]
fn no_request_fails_and_every_refusal_has_its_shape() {
    let runtime = runtime();
    let live = RefCell::new(runtime.block_on(Live::begin()));
    hold(prop::collection::vec(sent(), 3), |requests| {
        let admin = runtime.block_on(live.borrow().administrative());
        // Somebody has used up or deleted what is needed to go on.
        if admin.is_none() || live.borrow().is_worn() {
            live.replace(runtime.block_on(Live::begin()));
        }
        let (live, admin) = (live.borrow(), admin.unwrap_or_default());
        for sent in requests {
            if let Some(request) = sent.request(&live, &admin) {
                let reply = runtime.block_on(live.world.send(request));
                live.wear(&reply);
                check(&sent, &reply)?;
                runtime.block_on(check_location(&live.world, &sent, &reply))?;
            }
        }
        Ok(())
    });
}

fn check(sent: &Sent, reply: &Reply) -> TestCaseResult {
    let status = reply.status.as_u16();
    prop_assert!(status < 500, "{sent:?} {reply:?}");
    prop_assert!(reply.body.len() < 1024 * 1024);
    if sent.line().0 == "HEAD" {
        return Ok(());
    }
    let is_json = reply.header("content-type") == Some("application/json");
    if status >= 400 && is_json {
        check_refusal(sent, reply)?;
    }
    if status == 405 {
        prop_assert!(reply.header("allow").is_some(), "{sent:?} {reply:?}");
    }
    if status == 401 {
        prop_assert!(
            reply.header("www-authenticate").is_some(),
            "{sent:?} {reply:?}"
        );
    }
    Ok(())
}

fn check_refusal(sent: &Sent, reply: &Reply) -> TestCaseResult {
    let body = reply.json();
    let text = |name: &str| body[name].as_str().unwrap_or_default();
    prop_assert_eq!(reply.header("cache-control"), Some("no-store"));
    if sent.line().1.starts_with("config") {
        prop_assert!(!text("errors").is_empty(), "{sent:?} {reply:?}");
        prop_assert_eq!(body.as_object().map(serde_json::Map::len), Some(1));
    } else {
        let is_code = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
        prop_assert!(!text("error").is_empty() && text("error").bytes().all(is_code));
        // https://www.rfc-editor.org/rfc/rfc6749#section-5.2
        let plain = |c: char| matches!(c, ' '..='~') && !matches!(c, '"' | '\\');
        let description = text("error_description");
        prop_assert!(
            !description.is_empty() && description.chars().all(plain),
            "{reply:?}"
        );
    }
    Ok(())
}

/// Nobody is sent anywhere but to pages of ours and to registered addresses.
async fn check_location(world: &World, sent: &Sent, reply: &Reply) -> TestCaseResult {
    let Some(location) = reply.header("location") else {
        return Ok(());
    };
    prop_assert!(location.bytes().all(|byte| byte.is_ascii_graphic()));
    let clients = world.store.clients(&world.seed.customer_id).await.unwrap();
    let registered = clients
        .iter()
        .flat_map(|client| {
            client
                .redirect_uris
                .iter()
                .chain(&client.post_logout_redirect_uris)
        })
        .any(|uri| location.starts_with(uri.as_str()));
    let own = location.starts_with(&format!("{PUBLIC_URL}/"))
        || (location.starts_with('/') && !location.starts_with("//"));
    // A native application may choose its port.
    let loopback =
        location.starts_with("http://127.0.0.1:") || location.starts_with("http://[::1]:");
    prop_assert!(own || registered || loopback, "{sent:?} {location}");
    Ok(())
}

/// What both ways to send an authorization request have in common.
fn outcome(reply: &Reply) -> (StatusCode, Option<&'static str>, String) {
    let location = reply.header("location").unwrap_or_default();
    // What is random.
    let fixed = |part: &&str| {
        !["code=", "interaction="]
            .iter()
            .any(|own| part.starts_with(own))
    };
    let parts: Vec<&str> = location.split(['?', '&']).filter(fixed).collect();
    let page = reply.page.as_ref().map(|page| page.code);
    (reply.status, page, parts.join("&"))
}

#[test]
fn an_authorization_request_means_the_same_in_a_query_and_in_a_form() {
    let runtime = runtime();
    let live = runtime.block_on(Live::begin());
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../oidc/tests/corpus/authorization"
    );
    let sound = [
        "client_id=<PUBLIC>&redirect_uri=<CALLBACK>&response_type=code&scope=openid&state=s&code_challenge=<CHALLENGE>&code_challenge_method=S256",
        "client_id=<SERVER>&redirect_uri=<CALLBACK>&response_type=code&scope=openid&prompt=none&id_token_hint=<ID_TOKEN>&max_age=1&claims=%7B%7D",
    ];
    let sound = sound.map(|text| (text.to_owned(), text.as_bytes().to_vec()));
    hold(Corpus::read(folder).with(sound).bytes(), |bytes| {
        let bytes = live.filled(&bytes, "");
        let path = live.world.path("login/authorize");
        let Ok(get) = Request::get(format!("{path}?{}", as_query(&bytes))).body(Body::empty())
        else {
            return Ok(());
        };
        let post = Request::post(&path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(bytes))
            .unwrap();
        let [get, post] = [get, post].map(|request| runtime.block_on(live.world.send(request)));
        prop_assert_eq!(outcome(&get), outcome(&post));
        Ok(())
    });
}
