//! Clients that register themselves, at customers that let them. An extension:
//! Identity Cloud has no such endpoint.
//! [RFC 7591](https://www.rfc-editor.org/rfc/rfc7591),
//! [RFC 7592 section 2.1](https://www.rfc-editor.org/rfc/rfc7592#section-2.1)

use crate::{
    bearer::{self, Authorization},
    oauth_error::ErrorResponse,
    parameters::{self, ParametersError},
    provider::{Provider, ProviderError},
    random, uuid,
};
use axum::{
    Json,
    extract::{Path, Request, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, header};
use oidc::{error::ErrorCode, response_type::ResponseType, scope::Scope};
use policy::{
    client::{Client, ClientType},
    client_metadata::{ClientMetadata, MetadataError},
    grant::grant_login,
    login_policy::LoginPolicy,
    release::StandardScope,
    token_policy::TokenPolicy,
};
use serde_json::{Map, Value, json};
use store::{ClientRefusal, Customer, CustomerKind, Registration, StoreError};

/// How many clients of a customer may have registered themselves. Of more, those
/// used longest ago go: a certification run leaves dozens behind, and nobody
/// clears up after it.
const MOST: u32 = 100;

/// What a registered client is called that did not say.
const NAMELESS: &str = "A registered client";

/// Members beyond the specification: which of the customer's policies, by id,
/// the client is to have.
const LOGIN_POLICY: &str = "login_policy";
const TOKEN_POLICY: &str = "token_policy";

/// Why a client is not registered, or not shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RegisterError {
    #[error("Clients cannot register themselves here")]
    Closed,
    #[error("The request body must be JSON, and its Content-Type application/json")]
    NotJson,
    #[error(transparent)]
    Body(#[from] ParametersError),
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    #[error("The customer has as many clients as it may have")]
    Full,
    #[error("The registration access token is missing or not the one of this client")]
    InvalidToken,
    #[error(transparent)]
    Failed(#[from] ProviderError),
}

impl From<StoreError> for RegisterError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full(_) => Self::Full,
            other => Self::Failed(other.into()),
        }
    }
}

impl IntoResponse for RegisterError {
    /// [RFC 7591 section 3.2.2](https://www.rfc-editor.org/rfc/rfc7591#section-3.2.2)
    fn into_response(self) -> Response {
        let (status, code) = match &self {
            Self::Closed => (StatusCode::NOT_FOUND, ErrorCode::InvalidRequest),
            Self::NotJson => (StatusCode::BAD_REQUEST, ErrorCode::InvalidClientMetadata),
            Self::Body(error) => (error.status(), ErrorCode::InvalidClientMetadata),
            Self::Metadata(error) => (StatusCode::BAD_REQUEST, error.code()),
            Self::Full => (StatusCode::FORBIDDEN, ErrorCode::InvalidRequest),
            Self::InvalidToken => (StatusCode::UNAUTHORIZED, ErrorCode::InvalidToken),
            Self::Failed(error) => {
                tracing::error!(%error, "the registration endpoint failed");
                return ErrorResponse::server_error().into_response();
            }
        };
        // Only the code: a description may hold what was sent.
        tracing::info!(error = code.as_str(), "refused a registration");
        let mut response = ErrorResponse::new(status, code, &self.to_string());
        if status == StatusCode::UNAUTHORIZED {
            let challenge = r#"Bearer realm="registration", error="invalid_token""#;
            response.challenge = Some(challenge.to_owned());
        }
        response.into_response()
    }
}

impl Provider {
    /// Whether clients may register themselves at this customer: where its file
    /// says so, and at the demo customer while everybody is the developer.
    pub(crate) fn registers(&self, customer: &Customer) -> bool {
        match customer.kind {
            CustomerKind::Demo => self.0.settings.loopback,
            CustomerKind::Sandbox | CustomerKind::Fixture => customer.registration,
        }
    }

    /// Where clients of a customer register.
    pub(crate) fn registration_endpoint(&self, customer: &str) -> String {
        format!("{}/login/register", self.base(customer))
    }

    async fn registering(&self, customer: &str, headers: &HeaderMap) -> Result<Customer, Response> {
        let customer = self
            .customer_or_error(customer, headers)
            .await
            .map_err(IntoResponse::into_response)?;
        if self.registers(&customer) {
            Ok(customer)
        } else {
            Err(RegisterError::Closed.into_response())
        }
    }
}

/// Registers a client.
pub(crate) async fn post(
    State(provider): State<Provider>,
    Path(customer): Path<String>,
    request: Request,
) -> Result<Response, Response> {
    let customer = provider.registering(&customer, request.headers()).await?;
    let answer = register(&provider, &customer.id, request)
        .await
        .map_err(IntoResponse::into_response)?;
    Ok((
        StatusCode::CREATED,
        [(header::CACHE_CONTROL, "no-store")],
        Json(answer),
    )
        .into_response())
}

/// Shows a client to whoever holds its registration access token.
pub(crate) async fn get(
    State(provider): State<Provider>,
    Path((customer, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let customer = provider.registering(&customer, &headers).await?;
    let answer = show(&provider, &customer.id, &id, &headers)
        .await
        .map_err(IntoResponse::into_response)?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}

async fn register(
    provider: &Provider,
    customer: &str,
    request: Request,
) -> Result<Map<String, Value>, RegisterError> {
    let body = body(request).await?;
    let metadata = ClientMetadata::from_json(&body)?;
    let policies = Policies::choose(provider, customer, &body, &metadata).await?;
    let client = client(&metadata, &policies);
    let registration = Registration {
        metadata: kept(provider, &metadata, &policies),
        token: random::opaque_token(),
    };
    let client = insert(provider, customer, client, &registration).await?;
    provider.store().trim_registrations(customer, MOST).await?;
    tracing::info!(customer, client = client.id, "a client registered itself");
    let told = answer(provider, customer, &client, &registration);
    Ok(told)
}

async fn show(
    provider: &Provider,
    customer: &str,
    id: &str,
    headers: &HeaderMap,
) -> Result<Map<String, Value>, RegisterError> {
    let Authorization::Bearer(token) = bearer::authorization(headers) else {
        return Err(RegisterError::InvalidToken);
    };
    // A client that is not there is not told from one that is somebody else's.
    // RFC 7592 section 2.1
    let store = provider.store();
    let found = store.registration(customer, id, token).await?;
    let mut registration = found.ok_or(RegisterError::InvalidToken)?;
    token.clone_into(&mut registration.token);
    let client = store.client(customer, id).await?;
    let client = client.ok_or(RegisterError::InvalidToken)?;
    Ok(answer(provider, customer, &client, &registration))
}

/// The body, if it is a JSON object and says so. A page of another site could
/// send a form without asking, but no JSON.
async fn body(request: Request) -> Result<Map<String, Value>, RegisterError> {
    if !parameters::is(request.headers(), "application/json") {
        return Err(RegisterError::NotJson);
    }
    let body = parameters::body(request).await?;
    serde_json::from_slice(&body).map_err(|_| RegisterError::NotJson)
}

/// The policies a client gets.
struct Policies {
    login: LoginPolicy,
    token: TokenPolicy,
}

impl Policies {
    /// Those the client names, or else the first login policy that allows all
    /// its response types, so that no more is open to it than it asked for, and
    /// the token policy with the most scopes for people.
    async fn choose(
        provider: &Provider,
        customer: &str,
        body: &Map<String, Value>,
        metadata: &ClientMetadata,
    ) -> Result<Self, RegisterError> {
        let login = provider.store().login_policies(customer).await?;
        let token = provider.store().token_policies(customer).await?;
        Ok(Self {
            login: choose_login(login, named(body, LOGIN_POLICY)?, &metadata.response_types)?,
            token: choose_token(token, named(body, TOKEN_POLICY)?)?,
        })
    }
}

fn named<'b>(
    body: &'b Map<String, Value>,
    member: &'static str,
) -> Result<Option<&'b str>, MetadataError> {
    match body.get(member) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(id)) => Ok(Some(id)),
        Some(_) => Err(MetadataError::new(member, "str type expected")),
    }
}

fn choose_login(
    policies: Vec<LoginPolicy>,
    named: Option<&str>,
    response_types: &[ResponseType],
) -> Result<LoginPolicy, MetadataError> {
    let refused = |policy: &LoginPolicy| {
        let allows = |own: &&ResponseType| {
            let mut allowed = policy.allowed_response_types.iter();
            allowed.any(|allowed| allowed == own.as_str())
        };
        response_types.iter().find(|own| !allows(own)).copied()
    };
    let Some(id) = named else {
        let mut policies = policies.into_iter();
        let problem = "no login policy of this customer allows all of them";
        return policies
            .find(|policy| refused(policy).is_none())
            .ok_or_else(|| MetadataError::new("response_types", problem));
    };
    let unknown = || MetadataError::new(LOGIN_POLICY, "there is no such login policy");
    let policy = policies.into_iter().find(|policy| policy.id == id);
    let policy = policy.ok_or_else(unknown)?;
    match refused(&policy) {
        None => Ok(policy),
        Some(response_type) => {
            let problem = format!("the login policy does not allow {response_type}");
            Err(MetadataError::new("response_types", problem))
        }
    }
}

fn choose_token(
    policies: Vec<TokenPolicy>,
    named: Option<&str>,
) -> Result<TokenPolicy, MetadataError> {
    if let Some(id) = named {
        let policy = policies.into_iter().find(|policy| policy.id == id);
        return policy
            .ok_or_else(|| MetadataError::new(TOKEN_POLICY, "there is no such token policy"));
    }
    let for_people = |policy: &TokenPolicy| {
        let allowed = |scope: &StandardScope| policy.allowed_scopes.contains(scope.as_str());
        StandardScope::ALL.iter().filter(|own| allowed(own)).count()
    };
    // Of several, the first: `max_by_key` takes the last.
    let most = policies.into_iter().rev().max_by_key(for_people);
    most.ok_or_else(|| MetadataError::new(TOKEN_POLICY, "the customer has no token policy"))
}

fn client(metadata: &ClientMetadata, policies: &Policies) -> Client {
    let client_type = metadata.client_type();
    let secret = match client_type {
        ClientType::Public => None,
        ClientType::Confidential => Some(random::key()),
    };
    let name = metadata.client_name.as_deref().unwrap_or(NAMELESS);
    Client {
        id: uuid::random(),
        name: name.to_owned(),
        client_type,
        redirect_uris: metadata.redirect_uris.clone(),
        post_logout_redirect_uris: metadata.post_logout_redirect_uris.clone(),
        login_policy: Some(policies.login.id.clone()),
        token_policy: policies.token.id.clone(),
        id_token_signed_response_alg: Some(metadata.id_token_signed_response_alg),
        secret,
    }
}

/// What is kept of a registration beside the client. Of the scope, what the
/// token policy will let through.
/// [RFC 7591 section 3.2.1](https://www.rfc-editor.org/rfc/rfc7591#section-3.2.1)
fn kept(provider: &Provider, metadata: &ClientMetadata, policies: &Policies) -> Map<String, Value> {
    let mut kept = Map::new();
    kept.insert("client_id_issued_at".to_owned(), json!(provider.now().0));
    if let Ok(Value::Object(metadata)) = serde_json::to_value(metadata) {
        kept.extend(metadata);
    }
    if let Some(scope) = &metadata.scope {
        let granted = grant_login(&Scope::parse(scope).scope, &policies.token).scope;
        kept.insert("scope".to_owned(), json!(granted.to_string()));
    }
    kept
}

/// Writes the client. Two may register by one name, but a customer has no two
/// clients of one name, so that the second's is kept with a part of its id.
async fn insert(
    provider: &Provider,
    customer: &str,
    mut client: Client,
    registration: &Registration,
) -> Result<Client, RegisterError> {
    let part = client.id.split('-').next().unwrap_or_default();
    let names = [
        client.name.clone(),
        format!("{} ({part})", client.name),
        format!("{} ({})", client.name, client.id),
    ];
    for name in names {
        client.name = name;
        let inserted = provider
            .store()
            .insert_client(customer, &client, Some(registration))
            .await?;
        match inserted {
            Ok(()) => return Ok(client),
            Err(ClientRefusal::NameTaken) => {}
            Err(_) => return Err(ProviderError::Dangling("a policy").into()),
        }
    }
    Err(ProviderError::Dangling("a name for the client").into())
}

/// What the client is told: what it registered, and what of that was changed
/// since over the configuration API.
fn answer(
    provider: &Provider,
    customer: &str,
    client: &Client,
    registration: &Registration,
) -> Map<String, Value> {
    let mut told = Map::new();
    let mut tell = |name: &str, value: Value| told.insert(name.to_owned(), value);
    tell("client_id", json!(client.id));
    if let Some(secret) = &client.secret {
        tell("client_secret", json!(secret));
        tell("client_secret_expires_at", json!(0));
    }
    let endpoint = provider.registration_endpoint(customer);
    tell("registration_access_token", json!(registration.token));
    let uri = format!("{endpoint}/{}", client.id);
    tell("registration_client_uri", json!(uri));
    for (name, value) in &registration.metadata {
        tell(name, value.clone());
    }
    tell("redirect_uris", json!(client.redirect_uris));
    if !client.post_logout_redirect_uris.is_empty() {
        let uris = json!(client.post_logout_redirect_uris);
        tell("post_logout_redirect_uris", uris);
    }
    let algorithm = client.id_token_signed_response_alg.unwrap_or_default();
    tell("id_token_signed_response_alg", json!(algorithm));
    tell(LOGIN_POLICY, json!(client.login_policy));
    tell(TOKEN_POLICY, json!(client.token_policy));
    told
}
