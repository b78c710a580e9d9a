//! An application that leaves everything to the crate.

use crate::{
    html,
    site::{Browser, PUBLIC_URL, Page, Site},
};
use axum::{Router, body::Body};
use oidc::time::{Clock as _, ManualClock};
use openidconnect::{
    AdditionalProviderMetadata, AsyncHttpClient, AuthenticationFlow, AuthorizationCode, ClientId,
    ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest,
    HttpResponse, IntrospectionUrl, IssuerUrl, LogoutProviderMetadata, Nonce, PkceCodeChallenge,
    PkceCodeVerifier, PostLogoutRedirectUrl, ProviderMetadata, RedirectUrl, RefreshToken,
    RequestTokenError, RevocationUrl, Scope, StandardErrorResponse, TokenResponse as _,
    core::{
        CoreApplicationType, CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow,
        CoreClaimName, CoreClaimType, CoreClient, CoreClientAuthMethod, CoreErrorResponseType,
        CoreGrantType, CoreIdToken, CoreIdTokenClaims, CoreIdTokenVerifier, CoreJsonWebKey,
        CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm,
        CoreRegisterErrorResponseType, CoreResponseMode, CoreResponseType,
        CoreSubjectIdentifierType, CoreTokenResponse,
    },
    registration::{
        AdditionalClientMetadata, ClientRegistrationRequest, ClientRegistrationResponse,
        EmptyAdditionalClientRegistrationResponse,
    },
    url::Url,
};
use provider::seed::{DEMO_CUSTOMER, Seed};
use serde::{Deserialize, Serialize};
use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    time::{Duration, SystemTime},
};
use tower::ServiceExt as _;

/// Where the application is sent back to; nobody listens there.
pub(super) const CALLBACK: &str = "http://127.0.0.1:9/callback";
/// Where it is sent to after signing out.
pub(super) const GOODBYE: &str = "http://127.0.0.1:9/goodbye";

/// What the crate does not read of a discovery document by itself.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct TokenState {
    pub(super) introspection_endpoint: IntrospectionUrl,
    pub(super) revocation_endpoint: RevocationUrl,
}

impl AdditionalProviderMetadata for TokenState {}

pub(super) type Metadata = ProviderMetadata<
    LogoutProviderMetadata<TokenState>,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

pub(super) type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointSet,
    EndpointSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

pub(super) type Refusal =
    RequestTokenError<Infallible, StandardErrorResponse<CoreErrorResponseType>>;

/// What the crate does not write into a registration by itself.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct LogoutMetadata {
    #[serde(default)]
    pub(super) post_logout_redirect_uris: Vec<PostLogoutRedirectUrl>,
}

impl AdditionalClientMetadata for LogoutMetadata {}

pub(super) type Registration = ClientRegistrationRequest<
    LogoutMetadata,
    EmptyAdditionalClientRegistrationResponse,
    CoreApplicationType,
    CoreClientAuthMethod,
    CoreRegisterErrorResponseType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

pub(super) type Registered = ClientRegistrationResponse<
    LogoutMetadata,
    EmptyAdditionalClientRegistrationResponse,
    CoreApplicationType,
    CoreClientAuthMethod,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// The crate's network: there is only the site, and a proxy that speaks TLS.
#[derive(Clone)]
pub(super) struct Network(Router);

impl<'c> AsyncHttpClient<'c> for Network {
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Infallible>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            assert!(PUBLIC_URL.ends_with(parts.uri.authority().unwrap().as_str()));
            parts.uri = parts.uri.path_and_query().unwrap().clone().into();
            let request = http::Request::from_parts(parts, Body::from(body));
            let (parts, body) = self.0.clone().oneshot(request).await?.into_parts();
            let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
            Ok(HttpResponse::from_parts(parts, body.to_vec()))
        })
    }
}

/// The application: a client of the demo customer.
pub(super) struct Application {
    pub(super) network: Network,
    pub(super) metadata: Metadata,
    pub(super) client: Client,
    redirect: RedirectUrl,
    clock: Arc<ManualClock>,
}

impl Application {
    /// Discovers the provider and registers, with whatever is set beforehand.
    pub(super) async fn register(
        site: &Site,
        set: impl FnOnce(Registration) -> Registration,
    ) -> Self {
        let metadata = discover(site).await;
        let registered = register(site, &metadata, set).await;
        let secret = registered.client_secret().cloned();
        Self::new(
            site,
            metadata,
            registered.client_id().clone(),
            secret,
            CALLBACK,
        )
    }

    /// One of the seeded clients.
    pub(super) async fn seeded(site: &Site, index: usize, redirect_uri: &str) -> Self {
        let client = &Seed::demo(PUBLIC_URL).clients[index];
        Self::new(
            site,
            discover(site).await,
            ClientId::new(client.id.clone()),
            client.secret.clone().map(ClientSecret::new),
            redirect_uri,
        )
    }

    fn new(
        site: &Site,
        metadata: Metadata,
        id: ClientId,
        secret: Option<ClientSecret>,
        redirect_uri: &str,
    ) -> Self {
        let redirect = RedirectUrl::new(redirect_uri.to_owned()).unwrap();
        let endpoints = metadata.additional_metadata().additional_metadata.clone();
        let client = CoreClient::from_provider_metadata(metadata.clone(), id, secret)
            .set_redirect_uri(redirect.clone())
            .set_introspection_url(endpoints.introspection_endpoint)
            .set_revocation_url(protected(&endpoints.revocation_endpoint));
        Self {
            network: Network(site.router.clone()),
            metadata,
            client,
            redirect,
            clock: site.clock.clone(),
        }
    }

    /// Composes a request and lets a person answer it.
    pub(super) async fn authorize(
        &self,
        browser: &mut Browser,
        flow: CoreAuthenticationFlow,
        prompt: Option<CoreAuthPrompt>,
    ) -> Answer {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let scopes = ["profile", "email", "address", "phone"].map(|scope| Scope::new(scope.into()));
        let mut request = self
            .client
            .authorize_url(flow, CsrfToken::new_random, Nonce::new_random)
            .add_scopes(scopes)
            .set_pkce_challenge(challenge);
        if let Some(prompt) = prompt {
            request = request.add_prompt(prompt);
        }
        let (address, state, nonce) = request.url();
        let back = sign_in(browser, address.as_str()).await;
        let url = Url::parse(&back).unwrap();
        assert!(back.starts_with(self.redirect.as_str()), "{back}");
        let answer = Answer {
            url,
            verifier,
            nonce,
        };
        assert_eq!(
            answer.get("state").as_deref(),
            Some(state.secret().as_str())
        );
        answer
    }

    /// The tokens of a login by code.
    pub(super) async fn sign_in(&self, browser: &mut Browser) -> (CoreTokenResponse, Nonce) {
        let flow = AuthenticationFlow::AuthorizationCode;
        let answer = self.authorize(browser, flow, None).await;
        self.exchange(answer).await
    }

    pub(super) async fn exchange(&self, answer: Answer) -> (CoreTokenResponse, Nonce) {
        let request = self.client.exchange_code(answer.code().unwrap()).unwrap();
        let tokens = request
            .set_pkce_verifier(answer.verifier)
            .request_async(&self.network)
            .await
            .unwrap();
        (tokens, answer.nonce)
    }

    pub(super) async fn refresh(&self, token: &RefreshToken) -> Result<CoreTokenResponse, Refusal> {
        let request = self.client.exchange_refresh_token(token).unwrap();
        request.request_async(&self.network).await
    }

    /// The crate's verifier, with the clock of the site.
    pub(super) fn verifier(&self) -> CoreIdTokenVerifier<'_> {
        let seconds = u64::try_from(self.clock.now().0).unwrap();
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        self.client
            .id_token_verifier()
            .set_time_fn(move || now.into())
    }

    /// What the ID token says, once the crate believes it.
    pub(super) fn claims(&self, tokens: &CoreTokenResponse, nonce: &Nonce) -> CoreIdTokenClaims {
        let claims = tokens.id_token().unwrap().claims(&self.verifier(), nonce);
        claims.unwrap().clone()
    }
}

/// The crate revokes nothing over plain http, not even on loopback.
fn protected(endpoint: &RevocationUrl) -> RevocationUrl {
    RevocationUrl::new(endpoint.replacen("http:", "https:", 1)).unwrap()
}

pub(super) async fn discover(site: &Site) -> Metadata {
    let issuer = IssuerUrl::new(format!("{PUBLIC_URL}/{DEMO_CUSTOMER}/login")).unwrap();
    let network = Network(site.router.clone());
    Metadata::discover_async(issuer, &network).await.unwrap()
}

/// Registers a client.
pub(super) async fn register(
    site: &Site,
    metadata: &Metadata,
    set: impl FnOnce(Registration) -> Registration,
) -> Registered {
    let logout = LogoutMetadata {
        post_logout_redirect_uris: vec![PostLogoutRedirectUrl::new(GOODBYE.to_owned()).unwrap()],
    };
    let redirect = RedirectUrl::new(CALLBACK.to_owned()).unwrap();
    let request = set(Registration::new(vec![redirect], logout));
    let endpoint = metadata.registration_endpoint().unwrap();
    let network = Network(site.router.clone());
    request.register_async(endpoint, &network).await.unwrap()
}

/// What came back to the redirect URI, and what the application remembers.
pub(super) struct Answer {
    url: Url,
    pub(super) verifier: PkceCodeVerifier,
    pub(super) nonce: Nonce,
}

impl Answer {
    /// A parameter. Beside a query the fragment holds none.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let carried = self.url.query().or(self.url.fragment());
        let mut pairs = form_urlencoded::parse(carried.unwrap_or_default().as_bytes());
        pairs.find_map(|(own, value)| (own == name).then(|| value.into_owned()))
    }

    pub(super) fn code(&self) -> Option<AuthorizationCode> {
        self.get("code").map(AuthorizationCode::new)
    }

    /// The ID token of the front channel.
    pub(super) fn id_token(&self) -> Option<CoreIdToken> {
        self.get("id_token").map(|token| token.parse().unwrap())
    }
}

/// Goes where redirects lead and signs Alice in when asked; returns where the
/// browser leaves the site.
pub(super) async fn sign_in(browser: &mut Browser, address: &str) -> String {
    let mut page = browser.get(address).await;
    let mut at = address.to_owned();
    loop {
        if page.location().is_empty() {
            page = fill_in(browser, &page, &at).await;
        }
        at = page.location().to_owned();
        if !(at.starts_with('/') || at.starts_with(PUBLIC_URL)) {
            return at;
        }
        page = browser.get(&at).await;
    }
}

async fn fill_in(browser: &mut Browser, page: &Page, at: &str) -> Page {
    let path = at.strip_prefix(PUBLIC_URL).unwrap_or(at);
    let action = path.split('?').next().unwrap();
    let mut form = html::form(&page.body, action);
    for (name, value) in &mut form {
        match name.as_str() {
            "email" => "alice".clone_into(value),
            "password" => "password".clone_into(value),
            _ => {}
        }
    }
    browser.post(action, &form).await
}
