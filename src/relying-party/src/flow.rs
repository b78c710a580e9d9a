//! The code flow, from the code to the claims.

use crate::{
    failure::Failure,
    http::{HttpClient, SendError},
    recorder::Recorder,
    verify::{self, Expected},
};
use ::http::{Request, header};
use oauth2::{
    AuthType, AuthorizationCode, ClientId, ClientSecret, PkceCodeVerifier, RedirectUrl,
    basic::BasicClient,
};
use oidc::{
    exchange::{CapturedResponse, RecordedExchange, Step},
    jwt::Jwt,
    metadata::WELL_KNOWN,
    pkce::CodeVerifier,
    scope::{OPENID, Scope},
    time::Clock,
    token::TokenResponse,
    verification::Check,
};
use openidconnect::{
    DiscoveryError,
    core::{CoreClientAuthMethod, CoreJsonWebKeySet, CoreProviderMetadata},
};
use serde_json::{Map, Value};
use std::sync::Arc;

/// Our side of OpenID Connect: the application that wants to know who someone is.
#[derive(Clone)]
pub struct RelyingParty {
    pub(crate) http: Arc<dyn HttpClient>,
    clock: Arc<dyn Clock>,
}

/// What is known when the browser came back with a code. Holds secrets, and so
/// cannot be printed.
#[derive(Clone)]
pub struct CodeFlow {
    /// The provider that was asked.
    pub issuer: String,
    /// Who asked.
    pub client_id: String,
    /// The client's secret; a public client has none.
    pub client_secret: Option<String>,
    /// Where the code came to, exactly as in the request.
    pub redirect_uri: String,
    /// The code.
    pub code: String,
    /// The PKCE secret, when a challenge was sent.
    pub code_verifier: Option<CodeVerifier>,
    /// The nonce, when one was sent.
    pub nonce: Option<String>,
    /// Whether the request asked for `openid`, so that an ID token is due.
    pub expect_openid: bool,
    /// What came with the code.
    pub beside: Beside,
}

/// What a hybrid flow brings beside the code. Holds secrets, and so cannot be
/// printed.
/// [Core section 3.3.2.5](https://openid.net/specs/openid-connect-core-1_0.html#HybridAuthResponse)
#[derive(Clone, Default)]
pub struct Beside {
    /// The access token.
    pub access_token: Option<String>,
    /// The ID token.
    pub id_token: Option<String>,
}

/// What came of a flow. After a failure, all that was reached before it. Holds
/// tokens, and so cannot be printed.
#[derive(Clone, Default)]
pub struct Completion {
    /// Every request that was sent, in order.
    pub exchanges: Vec<RecordedExchange>,
    /// The discovery document as it was read.
    pub metadata: Option<Map<String, Value>>,
    /// The answer of the token endpoint.
    pub token: Option<TokenResponse>,
    /// The checks of the ID token with their results.
    pub checks: Vec<Check>,
    /// The claims of the ID token; believe them only when every check passed.
    pub id_token: Option<Map<String, Value>>,
    /// The answer of userinfo.
    pub userinfo: Option<Map<String, Value>>,
    /// Why the flow ended early, if it did.
    pub failure: Option<Failure>,
}

/// An ID token that a refresh brought. Holds tokens, and so cannot be printed.
#[derive(Clone)]
pub struct RefreshedIdToken {
    /// The provider it should be from.
    pub issuer: String,
    /// The client it should be for.
    pub client_id: String,
    /// The ID token.
    pub id_token: String,
    /// The access token it came with.
    pub access_token: String,
    /// The nonce of the login: a refreshed ID token has the same or none.
    pub nonce: Option<String>,
    /// The `sub` of the login, when that brought an ID token.
    pub subject: Option<String>,
}

impl RelyingParty {
    /// A relying party that sends through `http`.
    #[must_use]
    pub fn new(http: Arc<dyn HttpClient>, clock: Arc<dyn Clock>) -> Self {
        Self { http, clock }
    }

    /// Turns a code into claims: discovery, token, keys, ID token, userinfo.
    ///
    /// When the provider says that it did not grant `openid`, there is no ID
    /// token to check and userinfo is closed. That is an answer, not a failure.
    pub async fn complete(&self, flow: &CodeFlow) -> Completion {
        let recorder = Recorder::new(Arc::clone(&self.http));
        let mut completion = Completion::default();
        completion.failure = self.run(flow, &recorder, &mut completion).await.err();
        completion.exchanges = recorder.exchanges();
        completion
    }

    /// Checks an ID token that a refresh brought: as the first one, and that it
    /// speaks of the same person. Fetches the provider's keys anew.
    /// [Core section 12.2](https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokenResponse)
    pub async fn check_refreshed(&self, refreshed: &RefreshedIdToken) -> Completion {
        let recorder = Recorder::new(Arc::clone(&self.http));
        let mut completion = Completion::default();
        let checked = self.refreshed(refreshed, &recorder, &mut completion);
        completion.failure = checked.await.err();
        completion.exchanges = recorder.exchanges();
        completion
    }

    async fn refreshed(
        &self,
        refreshed: &RefreshedIdToken,
        recorder: &Recorder,
        completion: &mut Completion,
    ) -> Result<(), Failure> {
        let provider = discover(&refreshed.issuer, recorder, completion).await?;
        let keys = fetch_keys(&provider, recorder).await;
        let has_nonce =
            Jwt::decode(&refreshed.id_token).is_ok_and(|token| token.payload.contains_key("nonce"));
        let expected = Expected {
            issuer: &refreshed.issuer,
            client_id: &refreshed.client_id,
            nonce: refreshed.nonce.as_deref().filter(|_| has_nonce),
            access_token: Some(&refreshed.access_token),
            code: None,
            algorithms: &verify::algorithms(&provider),
            now: self.clock.now(),
        };
        let believed = believe(&refreshed.id_token, keys, &expected, completion);
        if let (Some(subject), Some(claims)) = (&refreshed.subject, &completion.id_token) {
            let check = verify::still_the_subject(subject, claims);
            completion.checks.push(check);
        }
        believed
    }

    async fn run(
        &self,
        flow: &CodeFlow,
        recorder: &Recorder,
        completion: &mut Completion,
    ) -> Result<(), Failure> {
        let provider = discover(&flow.issuer, recorder, completion).await?;
        self.check_beside(flow, &provider, recorder, completion)
            .await?;
        let before = completion.id_token.take();
        let token = exchange_code(flow, &provider, recorder).await?;
        completion.token = Some(token.clone());
        let openid = openid_granted(flow, &token);
        match &token.id_token {
            Some(id_token) => {
                let keys = fetch_keys(&provider, recorder).await;
                let expected = Expected {
                    issuer: &flow.issuer,
                    client_id: &flow.client_id,
                    nonce: flow.nonce.as_deref(),
                    access_token: Some(&token.access_token),
                    code: None,
                    algorithms: &verify::algorithms(&provider),
                    now: self.clock.now(),
                };
                believe(id_token, keys, &expected, completion)?;
                same_person(before.as_ref(), completion)?;
            }
            None if openid => {
                return Err(Failure::new(
                    Step::Token,
                    "openid was granted, but the token response has no id_token.",
                    "The provider is at fault: OpenID Connect demands an ID token here.",
                ));
            }
            None => {}
        }
        userinfo(&provider, &token, openid, recorder, completion).await
    }

    /// Checks the ID token that came with the code, before the code is used.
    /// [Core section 3.3.2.8](https://openid.net/specs/openid-connect-core-1_0.html#HybridAuthResponseValidation)
    async fn check_beside(
        &self,
        flow: &CodeFlow,
        provider: &CoreProviderMetadata,
        recorder: &Recorder,
        completion: &mut Completion,
    ) -> Result<(), Failure> {
        let Some(id_token) = &flow.beside.id_token else {
            return Ok(());
        };
        let expected = Expected {
            issuer: &flow.issuer,
            client_id: &flow.client_id,
            nonce: flow.nonce.as_deref(),
            access_token: flow.beside.access_token.as_deref(),
            code: Some(&flow.code),
            algorithms: &verify::algorithms(provider),
            now: self.clock.now(),
        };
        let keys = fetch_keys(provider, recorder).await;
        let believed = believe(id_token, keys, &expected, completion);
        for check in &mut completion.checks {
            check.detail = format!("In the token that came with the code: {}", check.detail);
        }
        believed.map_err(|failure| Failure {
            step: Step::Callback,
            ..failure
        })
    }
}

/// Both ID tokens of a hybrid flow speak of one person.
/// [Core section 3.3.3.6](https://openid.net/specs/openid-connect-core-1_0.html#HybridIDToken2)
fn same_person(
    before: Option<&Map<String, Value>>,
    completion: &Completion,
) -> Result<(), Failure> {
    match (before, &completion.id_token) {
        (Some(before), Some(now)) if before.get("sub") != now.get("sub") => Err(Failure::new(
            Step::Token,
            "The ID token that came with the code and that of the token endpoint have different \
             subjects.",
            "Both must speak of one person. Believe neither.",
        )),
        _ => Ok(()),
    }
}

/// Fetches the keys that the discovery document names.
async fn fetch_keys(
    provider: &CoreProviderMetadata,
    recorder: &Recorder,
) -> Result<CoreJsonWebKeySet, Failure> {
    CoreJsonWebKeySet::fetch_async(provider.jwks_uri(), &recorder.at(Step::Jwks))
        .await
        .map_err(|error| discovery_failure(Step::Jwks, error, recorder))
}

/// Checks an ID token and notes what was found; it is believed when every check
/// passed.
fn believe(
    id_token: &str,
    keys: Result<CoreJsonWebKeySet, Failure>,
    expected: &Expected<'_>,
    completion: &mut Completion,
) -> Result<(), Failure> {
    let usable = keys.as_ref().map_err(|failure| failure.message.as_str());
    let verified = verify::verify(id_token, usable, expected);
    let refused = verified.first_failed().map(|check| {
        Failure::new(
            Step::Token,
            format!(
                "The ID token was refused. {}: {}",
                check.name.title(),
                check.detail
            ),
            "A token that fails one check must not be believed. The list of checks shows each \
             result.",
        )
    });
    completion.checks.extend(verified.checks);
    completion.id_token = verified.claims;
    match (keys, refused) {
        (Err(failure), _) | (Ok(_), Some(failure)) => Err(failure),
        (Ok(_), None) => Ok(()),
    }
}

/// Whether the token carries `openid`, as far as the provider says.
fn openid_granted(flow: &CodeFlow, token: &TokenResponse) -> bool {
    match &token.scope {
        Some(scope) => Scope::parse(scope).scope.contains(OPENID),
        None => flow.expect_openid,
    }
}

/// Fetches and reads the discovery document.
/// [Discovery section 4](https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig)
///
/// The library's own discovery would fetch the keys along with it; here they
/// are fetched when there is an ID token to check.
async fn discover(
    issuer: &str,
    recorder: &Recorder,
    completion: &mut Completion,
) -> Result<CoreProviderMetadata, Failure> {
    const STEP: Step = Step::Discovery;
    let address = format!("{}{WELL_KNOWN}", issuer.trim_end_matches('/'));
    let response = get(&address, None, STEP, recorder).await?;
    if response.status != 200 {
        return Err(Failure::status(STEP, &response));
    }
    let document = json_object(STEP, &response)?;
    completion.metadata = Some(document.clone());
    let metadata: CoreProviderMetadata = serde_json::from_value(Value::Object(document))
        .map_err(|error| Failure::unreadable(STEP, &error.to_string()))?;
    // https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationValidation
    if metadata.issuer().as_str() != issuer {
        return Err(Failure::new(
            STEP,
            format!(
                "The discovery document says that its issuer is {}, but {issuer} was asked.",
                metadata.issuer().as_str()
            ),
            "Both must be equal, character by character. Do not trust this provider.",
        ));
    }
    Ok(metadata)
}

/// Exchanges the code for tokens.
/// [Core section 3.1.3](https://openid.net/specs/openid-connect-core-1_0.html#TokenEndpoint)
async fn exchange_code(
    flow: &CodeFlow,
    provider: &CoreProviderMetadata,
    recorder: &Recorder,
) -> Result<TokenResponse, Failure> {
    const STEP: Step = Step::Token;
    let Some(endpoint) = provider.token_endpoint() else {
        return Err(Failure::unreadable(
            Step::Discovery,
            "there is no token_endpoint",
        ));
    };
    let redirect_uri = RedirectUrl::new(flow.redirect_uri.clone()).map_err(|error| {
        Failure::new(
            STEP,
            format!("The redirect URI is no address: {error}."),
            "Check the redirect URI of the client.",
        )
    })?;
    let mut client = BasicClient::new(ClientId::new(flow.client_id.clone()))
        .set_token_uri(endpoint.clone())
        .set_redirect_uri(redirect_uri)
        .set_auth_type(authentication(provider));
    if let Some(secret) = &flow.client_secret {
        client = client.set_client_secret(ClientSecret::new(secret.clone()));
    }
    let mut request = client.exchange_code(AuthorizationCode::new(flow.code.clone()));
    if let Some(verifier) = &flow.code_verifier {
        request = request.set_pkce_verifier(PkceCodeVerifier::new(verifier.as_str().to_owned()));
    }
    request
        .request_async(&recorder.at(STEP))
        .await
        .map_err(|error| Failure::token(STEP, &error))?;
    read_token(STEP, recorder)
}

/// How a confidential client proves itself: HTTP Basic unless the provider only
/// takes the secret in the body.
/// [Core section 9](https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication)
fn authentication(provider: &CoreProviderMetadata) -> AuthType {
    let methods = provider.token_endpoint_auth_methods_supported();
    let offers = |method| methods.is_some_and(|methods| methods.contains(&method));
    if offers(CoreClientAuthMethod::ClientSecretPost)
        && !offers(CoreClientAuthMethod::ClientSecretBasic)
    {
        AuthType::RequestBody
    } else {
        AuthType::BasicAuth
    }
}

/// Reads the token response that came last, after the library was content with
/// it: the library's own type does not keep it as it was sent.
pub(crate) fn read_token(step: Step, recorder: &Recorder) -> Result<TokenResponse, Failure> {
    let response = recorder
        .last_response()
        .ok_or_else(|| Failure::unreadable(step, "there is no answer"))?;
    let token: TokenResponse = serde_json::from_str(&response.body)
        .map_err(|error| Failure::unreadable(step, &error.to_string()))?;
    // https://www.rfc-editor.org/rfc/rfc6749#appendix-A.12: and nothing else can
    // stand in a header.
    let printable = |token: &str| !token.is_empty() && token.bytes().all(|b| b.is_ascii_graphic());
    if !printable(&token.access_token) {
        return Err(Failure::unreadable(
            step,
            "the access_token holds characters that may not stand in one",
        ));
    }
    if !token.token_type.eq_ignore_ascii_case("Bearer") {
        return Err(Failure::unreadable(step, "the token_type is not Bearer"));
    }
    Ok(token)
}

/// Asks userinfo, and compares its subject with the ID token's.
/// [Core section 5.3](https://openid.net/specs/openid-connect-core-1_0.html#UserInfo)
async fn userinfo(
    provider: &CoreProviderMetadata,
    token: &TokenResponse,
    openid: bool,
    recorder: &Recorder,
    completion: &mut Completion,
) -> Result<(), Failure> {
    const STEP: Step = Step::UserInfo;
    let Some(endpoint) = provider.userinfo_endpoint() else {
        // https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata
        // only recommends one.
        return Ok(());
    };
    let response = get(endpoint.as_str(), Some(&token.access_token), STEP, recorder).await?;
    if response.status != 200 {
        let closed = !openid && matches!(response.status, 401 | 403);
        return if closed {
            Ok(())
        } else {
            Err(Failure::status(STEP, &response))
        };
    }
    let claims = json_object(STEP, &response)?;
    let compared = completion
        .id_token
        .as_ref()
        .map(|id_token| verify::same_subject(id_token, &claims));
    completion.userinfo = Some(claims);
    let Some(check) = compared else {
        return Ok(());
    };
    let refused = (!check.passed).then(|| {
        Failure::new(
            STEP,
            format!("The userinfo answer was refused. {}", check.detail),
            "Claims about another person must not be used.",
        )
    });
    completion.checks.push(check);
    refused.map_or(Ok(()), Err)
}

/// Sends a GET, with the access token when there is one.
pub(crate) async fn get(
    address: &str,
    access_token: Option<&str>,
    step: Step,
    recorder: &Recorder,
) -> Result<CapturedResponse, Failure> {
    let mut request = Request::get(address).header(header::ACCEPT, "application/json");
    if let Some(token) = access_token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    let request = request
        .body(Vec::new())
        .map_err(|error| bad_address(step, &error))?;
    send(request, step, recorder).await
}

/// Sends a request and returns the answer as it was recorded.
pub(crate) async fn send(
    request: Request<Vec<u8>>,
    step: Step,
    recorder: &Recorder,
) -> Result<CapturedResponse, Failure> {
    recorder
        .at(step)
        .send(request)
        .await
        .map_err(|error| Failure::unanswered(step, &error))?;
    recorder
        .last_response()
        .ok_or_else(|| Failure::unreadable(step, "there is no answer"))
}

pub(crate) fn bad_address(step: Step, error: &::http::Error) -> Failure {
    Failure::new(
        step,
        format!("The request could not be made: {error}."),
        "Check the addresses in the discovery document.",
    )
}

/// Reads an answer as a JSON object.
pub(crate) fn json_object(
    step: Step,
    response: &CapturedResponse,
) -> Result<Map<String, Value>, Failure> {
    let content_type = response
        .headers
        .iter()
        .find(|(name, _)| name == "content-type")
        .map(|(_, value)| value.split(';').next().unwrap_or_default().trim());
    match content_type {
        Some(kind) if kind.eq_ignore_ascii_case("application/json") => {}
        None => {}
        Some(kind) => {
            return Err(Failure::unreadable(
                step,
                &format!("it is {kind}, not application/json"),
            ));
        }
    }
    serde_json::from_str(&response.body)
        .map_err(|error| Failure::unreadable(step, &error.to_string()))
}

/// What the library's discovery failure means.
fn discovery_failure(step: Step, error: DiscoveryError<SendError>, recorder: &Recorder) -> Failure {
    match error {
        DiscoveryError::Request(error) => Failure::unanswered(step, &error),
        DiscoveryError::Response(status, _, problem) if status == ::http::StatusCode::OK => {
            Failure::unreadable(step, &problem)
        }
        DiscoveryError::Response(..) => match recorder.last_response() {
            Some(response) => Failure::status(step, &response),
            None => Failure::unreadable(step, "there is no answer"),
        },
        DiscoveryError::Parse(error) => Failure::unreadable(step, &error.to_string()),
        other => Failure::unreadable(step, &other.to_string()),
    }
}
