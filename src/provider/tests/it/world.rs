//! One provider in memory, and browsers that visit it.

use crate::insecure_keys::insecure_keys;
use axum::{Router, body::Body};
use http::{HeaderMap, Method, Request, StatusCode, header};
use oidc::{
    authorization::AuthorizationRequest,
    pkce::CodeVerifier,
    time::{Clock, ManualClock, UnixTime},
};
use provider::{
    PageError, Provider, Screen, Seed, Settings, cookie,
    screen::{Notice, SignInView},
};
use serde_json::Value;
use std::{cell::RefCell, collections::BTreeMap, sync::Arc};
use store::Store;
use tower::ServiceExt as _;

pub(crate) const PUBLIC_URL: &str = "https://play.example";
pub(crate) const CALLBACK: &str = "https://play.example/callback";
pub(crate) const START: UnixTime = UnixTime(1_800_000_000);

pub(crate) struct World {
    pub(crate) provider: Provider,
    pub(crate) store: Store,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) seed: Seed,
    router: Router,
}

impl World {
    /// A provider with the demo customer.
    pub(crate) async fn new() -> Self {
        crate::log::keep();
        Self::on(Store::open("sqlite::memory:").await.unwrap()).await
    }

    pub(crate) async fn on(store: Store) -> Self {
        Self::with(store, Settings::default()).await
    }

    /// The same with other settings, but for the address and the demo customer.
    pub(crate) async fn with(store: Store, settings: Settings) -> Self {
        let clock = Arc::new(ManualClock::new(START));
        let settings = Settings {
            public_url: format!("{PUBLIC_URL}/"),
            demo: true,
            ..settings
        };
        let make = insecure_keys();
        let provider = Provider::open_with_keys(
            store.clone(),
            Arc::clone(&clock) as Arc<dyn Clock>,
            settings,
            move |algorithm| Ok(make(algorithm)),
        )
        .await
        .unwrap();
        Self {
            router: provider.router(),
            seed: Seed::demo(PUBLIC_URL),
            provider,
            store,
            clock,
        }
    }

    /// The present, in seconds since 1970.
    pub(crate) fn clock_now(&self) -> Value {
        self.clock.now().0.into()
    }

    /// A path below the demo customer.
    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/{}/{rest}", self.seed.customer_id)
    }

    pub(crate) fn issuer(&self) -> String {
        self.provider.issuer(&self.seed.customer_id)
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Reply {
            status: parts.status,
            headers: parts.headers,
            page: parts.extensions.get::<PageError>().cloned(),
            screen: parts.extensions.get::<Screen>().cloned(),
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(Request::get(path).body(Body::empty()).unwrap())
            .await
    }

    /// GET with an `Authorization` header.
    pub(crate) async fn get_with(&self, path: &str, authorization: &str) -> Reply {
        let request = Request::get(path).header(header::AUTHORIZATION, authorization);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// A POST of a form, with or without an `Authorization` header.
    pub(crate) async fn post_form(
        &self,
        path: &str,
        form: &[(&str, &str)],
        authorization: Option<&str>,
    ) -> Reply {
        let mut request = Request::post(path).header(
            header::CONTENT_TYPE,
            "application/x-www-form-urlencoded;charset=UTF-8",
        );
        if let Some(value) = authorization {
            request = request.header(header::AUTHORIZATION, value);
        }
        self.send(request.body(Body::from(encode(form))).unwrap())
            .await
    }

    pub(crate) async fn token(&self, form: &[(&str, &str)], authorization: Option<&str>) -> Reply {
        self.post_form(&self.path("login/token"), form, authorization)
            .await
    }

    pub(crate) async fn userinfo(&self, access_token: &str) -> Reply {
        let authorization = format!("Bearer {access_token}");
        self.get_with(&self.path("profiles/oidc/userinfo"), &authorization)
            .await
    }

    /// A request of the public client that nothing is wrong with.
    pub(crate) fn request(&self, scope: &str) -> AuthorizationRequest {
        AuthorizationRequest {
            client_id: Some(self.seed.clients[0].id.clone()),
            redirect_uri: Some(CALLBACK.to_owned()),
            response_type: Some("code".to_owned()),
            scope: Some(scope.to_owned()),
            state: Some("state-1".to_owned()),
            nonce: Some("nonce-1".to_owned()),
            code_challenge: Some(verifier().challenge().as_str().to_owned()),
            code_challenge_method: Some("S256".to_owned()),
            ..AuthorizationRequest::default()
        }
    }

    /// The same of the confidential client, without PKCE.
    pub(crate) fn server_request(&self, scope: &str) -> AuthorizationRequest {
        AuthorizationRequest {
            client_id: Some(self.seed.clients[1].id.clone()),
            code_challenge: None,
            code_challenge_method: None,
            ..self.request(scope)
        }
    }

    pub(crate) fn authorize_path(&self, request: &AuthorizationRequest) -> String {
        request.url(&self.path("login/authorize"))
    }

    /// The public client's token request for a code.
    pub(crate) async fn redeem(&self, code: &str) -> Reply {
        self.token(
            &[
                ("grant_type", "authorization_code"),
                ("client_id", &self.seed.clients[0].id),
                ("redirect_uri", CALLBACK),
                ("code", code),
                ("code_verifier", verifier().as_str()),
            ],
            None,
        )
        .await
    }

    /// The confidential client's.
    pub(crate) async fn redeem_as_server(&self, code: &str) -> Reply {
        self.token(
            &[
                ("grant_type", "authorization_code"),
                ("redirect_uri", CALLBACK),
                ("code", code),
            ],
            Some(&self.server_authorization()),
        )
        .await
    }

    /// The public client's token request for a refresh token.
    pub(crate) async fn refresh(&self, refresh_token: &str) -> Reply {
        self.refresh_for(refresh_token, "").await
    }

    /// The same, asking for a scope.
    pub(crate) async fn refresh_for(&self, refresh_token: &str, scope: &str) -> Reply {
        self.token(
            &[
                ("grant_type", "refresh_token"),
                ("client_id", &self.seed.clients[0].id),
                ("refresh_token", refresh_token),
                ("scope", scope),
            ],
            None,
        )
        .await
    }

    pub(crate) fn server_authorization(&self) -> String {
        let client = &self.seed.clients[1];
        basic(&client.id, client.secret.as_deref().unwrap())
    }

    pub(crate) fn configuration_authorization(&self) -> String {
        let client = &self.seed.clients[2];
        basic(&client.id, client.secret.as_deref().unwrap())
    }

    /// A code of the public client for the first person.
    pub(crate) async fn code(&self, scope: &str) -> String {
        self.code_for(&self.request(scope)).await
    }

    pub(crate) async fn code_for(&self, request: &AuthorizationRequest) -> String {
        let browser = Browser::new(self);
        let reply = browser.sign_in_as(request, 0).await;
        reply.callback()["code"].clone()
    }

    /// A whole login of the public client.
    pub(crate) async fn login(&self, scope: &str) -> Value {
        let reply = self.redeem(&self.code(scope).await).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
        reply.json()
    }

    /// An administrative token with this scope.
    pub(crate) async fn administrative(&self, scope: &str) -> Value {
        let authorization = self.configuration_authorization();
        let form = [("grant_type", "client_credentials"), ("scope", scope)];
        let reply = self.token(&form, Some(&authorization)).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
        reply.json()
    }
}

pub(crate) fn verifier() -> CodeVerifier {
    CodeVerifier::new("a-verifier-of-forty-three-characters-or-more").unwrap()
}

pub(crate) fn basic(id: &str, secret: &str) -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}

pub(crate) fn encode(form: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish()
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) page: Option<PageError>,
    pub(crate) screen: Option<Screen>,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.body))
    }

    pub(crate) fn location(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{self:?}");
        self.header("location").unwrap()
    }

    /// The parameters of the redirect to the client; everything is sent once.
    pub(crate) fn callback(&self) -> BTreeMap<String, String> {
        let location = self.location();
        assert!(location.starts_with(CALLBACK), "{location}");
        query(location)
    }

    /// The interaction in the redirect to the sign-in page.
    pub(crate) fn interaction(&self) -> String {
        let location = self.location();
        assert!(location.contains("/auth-ui/login?"), "{location}");
        query(location)["interaction"].clone()
    }

    /// Asserts that this is a page and leads nowhere.
    pub(crate) fn page(&self, status: u16, code: &str) -> &PageError {
        let page = self.page.as_ref().unwrap_or_else(|| panic!("{self:?}"));
        assert_eq!((page.status, page.code), (status, code));
        assert_eq!(self.status.as_u16(), status);
        assert_eq!(self.header("location"), None);
        page
    }

    /// Asserts that a person is shown something, with this status.
    pub(crate) fn screen(&self, status: u16) -> &Screen {
        assert_eq!(self.status.as_u16(), status, "{self:?}");
        assert_eq!(self.header("location"), None);
        assert_eq!(self.header("cache-control"), Some("no-store"));
        self.screen.as_ref().unwrap_or_else(|| panic!("{self:?}"))
    }

    /// Asserts that it is the sign-in screen.
    pub(crate) fn sign_in(&self) -> &SignInView {
        match self.screen(200) {
            Screen::SignIn(view) => view,
            other => panic!("{other:?}"),
        }
    }

    /// Asserts that a person is told something and asked nothing.
    pub(crate) fn notice(&self) -> Notice {
        match self.screen(200) {
            Screen::Notice(notice) => *notice,
            other => panic!("{other:?}"),
        }
    }

    /// Asserts an OAuth error and returns its description.
    pub(crate) fn error(&self, status: u16, error: &str) -> String {
        let body = self.json();
        assert_eq!(
            (self.status.as_u16(), body["error"].as_str()),
            (status, Some(error)),
            "{body}"
        );
        assert_eq!(self.header("cache-control"), Some("no-store"));
        body["error_description"].as_str().unwrap().to_owned()
    }
}

pub(crate) fn query(location: &str) -> BTreeMap<String, String> {
    let (_, query) = location.split_once('?').unwrap();
    let mut parameters = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()).into_owned() {
        assert_eq!(parameters.insert(name, value), None, "{location}");
    }
    parameters
}

/// The name of the cookie that holds the session at a customer.
pub(crate) fn session_cookie(customer: &str) -> String {
    cookie::name(&cookie::session(customer), true)
}

/// Keeps cookies.
pub(crate) struct Browser<'w> {
    world: &'w World,
    cookies: RefCell<BTreeMap<String, String>>,
}

impl<'w> Browser<'w> {
    pub(crate) fn new(world: &'w World) -> Self {
        Self {
            world,
            cookies: RefCell::default(),
        }
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.borrow().get(name).cloned()
    }

    pub(crate) fn set_cookie(&self, name: &str, value: &str) {
        self.cookies
            .borrow_mut()
            .insert(name.to_owned(), value.to_owned());
    }

    pub(crate) fn headers(&self) -> HeaderMap {
        let line: Vec<String> = self
            .cookies
            .borrow()
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut headers = HeaderMap::new();
        if !line.is_empty() {
            headers.insert(header::COOKIE, line.join("; ").parse().unwrap());
        }
        headers
    }

    pub(crate) async fn send(&self, mut request: Request<Body>) -> Reply {
        request.headers_mut().extend(self.headers());
        let reply = self.world.send(request).await;
        for cookie in reply.headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            assert!(cookie.contains("; HttpOnly"), "{cookie}");
            assert!(cookie.contains("; SameSite=Lax"), "{cookie}");
            assert!(cookie.contains("; Secure"), "{cookie}");
            let (name, rest) = cookie.split_once('=').unwrap();
            assert!(name.starts_with("__Host-"), "{cookie}");
            if cookie.contains("; Max-Age=0") {
                self.cookies.borrow_mut().remove(name);
            } else {
                self.set_cookie(name, rest.split(';').next().unwrap());
            }
        }
        reply
    }

    pub(crate) async fn authorize(&self, request: &AuthorizationRequest) -> Reply {
        self.get(&self.world.authorize_path(request)).await
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(Request::get(path).body(Body::empty()).unwrap())
            .await
    }

    /// The sign-in screen of an interaction at the demo customer.
    pub(crate) async fn sign_in_screen(&self, interaction: &str) -> SignInView {
        let path = format!("auth-ui/login?interaction={interaction}");
        self.get(&self.world.path(&path)).await.sign_in().clone()
    }

    /// Posts a form of the demo customer's screens as a browser does.
    pub(crate) async fn post(&self, screen: &str, form: &[(&str, &str)]) -> Reply {
        let path = self.world.path(&format!("auth-ui/{screen}"));
        self.submit_to(&path, form, &[("sec-fetch-site", "same-origin")])
            .await
    }

    /// Posts the sign-in form as a browser does.
    pub(crate) async fn submit(&self, form: &[(&str, &str)]) -> Reply {
        self.submit_with(form, &[("sec-fetch-site", "same-origin")])
            .await
    }

    pub(crate) async fn submit_with(
        &self,
        form: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Reply {
        let path = self.world.path("auth-ui/login");
        self.submit_to(&path, form, headers).await
    }

    pub(crate) async fn submit_to(
        &self,
        path: &str,
        form: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Reply {
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(encode(form))).unwrap())
            .await
    }

    /// From the request to the redirect that carries the code.
    pub(crate) async fn sign_in_as(&self, request: &AuthorizationRequest, person: usize) -> Reply {
        let interaction = self.authorize(request).await.interaction();
        let uuid = &self.world.seed.people[person].profile.uuid;
        self.submit(&[("interaction", &interaction), ("person", uuid)])
            .await
    }
}
