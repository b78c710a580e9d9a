//! A provider, a playground and a browser.

use crate::insecure_keys::insecure_keys;
use axum::{Router, body::Body, body::to_bytes};
use diagnosis::evidence::{Draft, Run};
use http::{Request, Response, StatusCode, header};
use oidc::time::{Clock, ManualClock, UnixTime};
use playground::{Begun, Link, Playground, SandboxView, Way};
use policy::token_policy::TokenPolicy;
use provider::{Provider, SandboxKey, Settings};
use relying_party::{
    flow::RelyingParty,
    http::{BoxFuture, HttpClient, SendError, SendErrorKind},
};
use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};
use store::Store;
use tower::ServiceExt as _;

pub(crate) const PUBLIC_URL: &str = "http://play.example";
const NOW: UnixTime = UnixTime(1_800_000_000);

/// Decoded names and values of a query.
pub(crate) type Pairs = Vec<(String, String)>;

/// The provider's router as the relying party's network, until it is cut.
struct Network {
    router: Router,
    cut: Arc<AtomicBool>,
}

impl HttpClient for Network {
    fn send(
        &self,
        request: Request<Vec<u8>>,
    ) -> BoxFuture<'_, Result<Response<Vec<u8>>, SendError>> {
        Box::pin(async move {
            if self.cut.load(Ordering::SeqCst) {
                let refused = SendError::new(SendErrorKind::Connect, "the network is cut");
                return Err(refused);
            }
            let answer = self.router.clone().oneshot(request.map(Body::from)).await;
            let (parts, body) = answer.unwrap().into_parts();
            let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
            Ok(Response::from_parts(parts, body))
        })
    }
}

pub(crate) struct World {
    pub(crate) playground: Playground,
    pub(crate) store: Store,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) key: SandboxKey,
    pub(crate) cut: Arc<AtomicBool>,
    router: Router,
    cookies: BTreeMap<String, String>,
}

impl World {
    pub(crate) async fn new() -> Self {
        let store = Store::open("sqlite::memory:").await.unwrap();
        let clock = Arc::new(ManualClock::new(NOW));
        let settings = Settings {
            public_url: PUBLIC_URL.to_owned(),
            demo: false,
            ..Settings::default()
        };
        let make = insecure_keys();
        let make = move |algorithm| Ok(make(algorithm));
        let provider = Provider::open_with_keys(store.clone(), clock.clone(), settings, make)
            .await
            .unwrap();
        let router = provider.router();
        let cut = Arc::new(AtomicBool::new(false));
        let network = Network {
            router: router.clone(),
            cut: cut.clone(),
        };
        let relying_party = RelyingParty::new(Arc::new(network), clock.clone());
        let playground = Playground::new(
            store.clone(),
            provider,
            relying_party,
            clock.clone(),
            PUBLIC_URL.to_owned(),
        );
        Self {
            playground,
            store,
            clock,
            key: SandboxKey::from_bytes([7; 32]),
            cut,
            router,
            cookies: BTreeMap::new(),
        }
    }

    pub(crate) async fn sandbox(&self) -> SandboxView {
        self.playground.sandbox(&self.key).await.unwrap()
    }

    /// What the first page proposes.
    pub(crate) async fn draft(&self) -> Draft {
        self.playground.default_draft(&self.sandbox().await)
    }

    /// The proposal with another person chosen.
    pub(crate) async fn draft_as(&self, person: usize) -> Draft {
        let sandbox = self.sandbox().await;
        Draft {
            person: Some(sandbox.people[person].profile.uuid.clone()),
            ..self.playground.default_draft(&sandbox)
        }
    }

    pub(crate) async fn begin(&self, draft: Draft) -> Begun {
        self.playground
            .begin(&self.key, draft, Link::default())
            .await
            .unwrap()
    }

    /// The browser goes where it is sent; returns where it is sent next.
    pub(crate) async fn leave(&mut self, begun: &Begun) -> String {
        for cookie in &begun.set_cookies {
            self.keep(cookie);
        }
        self.get(&begun.location).await
    }

    /// The browser goes through the authorization endpoint and straight back.
    pub(crate) async fn answer(&mut self, begun: &Begun) -> Pairs {
        let back = self.leave(begun).await;
        came_back(&back)
    }

    /// A run from the draft to its id.
    pub(crate) async fn run_id(&mut self, draft: Draft) -> String {
        let begun = self.begin(draft).await;
        self.finish(&begun).await
    }

    pub(crate) async fn finish(&mut self, begun: &Begun) -> String {
        let pairs = self.answer(begun).await;
        self.playground
            .callback(&self.key, pairs, Way::Query)
            .await
            .unwrap()
    }

    /// A run from the draft to its end.
    pub(crate) async fn run(&mut self, draft: Draft) -> Run {
        let id = self.run_id(draft).await;
        self.read(&id).await
    }

    pub(crate) async fn read(&self, id: &str) -> Run {
        self.playground.run(&self.key, id).await.unwrap()
    }

    /// Follows a link; returns where it redirects to.
    pub(crate) async fn get(&mut self, address: &str) -> String {
        let request = Request::get(address).body(Body::empty()).unwrap();
        self.send(request).await
    }

    /// Sends the sign-in form of the page at `page`; returns where it redirects to.
    pub(crate) async fn sign_in_form(&mut self, page: &str, field: &str, value: &str) -> String {
        let (address, query) = page.split_once('?').unwrap();
        let address = match address.strip_prefix('/') {
            Some(path) => format!("{PUBLIC_URL}/{path}"),
            None => address.to_owned(),
        };
        let mut form = form_urlencoded::Serializer::new(query.to_owned());
        form.append_pair(field, value);
        let request = Request::post(address)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, PUBLIC_URL)
            .body(Body::from(form.finish()))
            .unwrap();
        self.send(request).await
    }

    /// The browser goes to the authorization endpoint and gets a page that posts
    /// itself; returns what it posts.
    pub(crate) async fn answer_by_form(&mut self, begun: &Begun) -> Pairs {
        for cookie in &begun.set_cookies {
            self.keep(cookie);
        }
        let request = Request::get(&begun.location).body(Body::empty()).unwrap();
        let answer = self.exchange(request).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let page = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        let page = String::from_utf8(page.to_vec()).unwrap();
        assert!(
            page.contains(&format!(r#"action="{PUBLIC_URL}/callback""#)),
            "{page}"
        );
        // What stands in there is letters, digits and signs that need no escapes.
        page.split("name=\"")
            .filter_map(|part| {
                let (name, rest) = part.split_once('"')?;
                let value = rest.strip_prefix(" value=\"")?.split('"').next()?;
                Some((name.to_owned(), value.to_owned()))
            })
            .collect()
    }

    async fn send(&mut self, request: Request<Body>) -> String {
        let answer = self.exchange(request).await;
        assert!(
            matches!(answer.status(), StatusCode::FOUND | StatusCode::SEE_OTHER),
            "{answer:?}"
        );
        let location = answer.headers()[header::LOCATION].to_str().unwrap();
        location.to_owned()
    }

    async fn exchange(&mut self, mut request: Request<Body>) -> Response<Body> {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        request
            .headers_mut()
            .insert(header::COOKIE, cookies.join("; ").parse().unwrap());
        let answer = self.router.clone().oneshot(request).await.unwrap();
        for cookie in answer.headers().get_all(header::SET_COOKIE) {
            self.keep(cookie.to_str().unwrap());
        }
        answer
    }

    fn keep(&mut self, set_cookie: &str) {
        let pair = set_cookie.split(';').next().unwrap();
        let (name, value) = pair.split_once('=').unwrap();
        if set_cookie.contains("Max-Age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    /// The token policy of the first client, as it stands now.
    pub(crate) async fn storefront(&self) -> TokenPolicy {
        self.sandbox().await.token_policies[0].clone()
    }

    /// Lets the first client's policy allow this and nothing else.
    pub(crate) async fn allow(&self, scope: &str) {
        let sandbox = self.sandbox().await;
        let mut policy = sandbox.token_policies[0].clone();
        policy.allowed_scopes = oidc::scope::Scope::parse(scope).scope;
        let replaced = self
            .store
            .replace_token_policy(&sandbox.customer_id, &policy)
            .await;
        assert!(replaced.unwrap());
    }

    pub(crate) fn now(&self) -> UnixTime {
        self.clock.now()
    }
}

/// The query of an address at the callback.
pub(crate) fn came_back(address: &str) -> Pairs {
    let query = address
        .strip_prefix(&format!("{PUBLIC_URL}/callback?"))
        .unwrap_or_else(|| panic!("{address} is not the callback"));
    form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}

/// The pairs with one value replaced.
pub(crate) fn with(mut pairs: Pairs, name: &str, value: &str) -> Pairs {
    for (own, slot) in &mut pairs {
        if own == name {
            value.clone_into(slot);
        }
    }
    pairs
}

/// The pairs without one of them.
pub(crate) fn without(mut pairs: Pairs, name: &str) -> Pairs {
    pairs.retain(|(own, _)| own != name);
    pairs
}
