//! Who asks for what, as far as a request says so. Nothing is proved: who names
//! another client meets that client's faults and nothing else.

use crate::{
    bearer::{self, Authorization},
    client_auth::Presented,
    oauth_error::ErrorResponse,
    parameters::{self, Parameters},
    provider::Provider,
};
use axum::{
    body::{Body, Bytes},
    extract::{MatchedPath, Request},
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, Method, request::Parts};
use oidc::{error::ErrorCode, token::GrantType};
use policy::fault::Endpoint;

/// What a request says of itself.
pub(super) struct Asking {
    /// `None` where nothing ever goes wrong.
    pub(super) endpoint: Option<Endpoint>,
    /// The client it says it comes from.
    pub(super) client: Option<String>,
}

impl Asking {
    /// Reads a request, and gives it back as it was; or a refusal where the body
    /// cannot be read.
    pub(super) async fn read(
        provider: &Provider,
        customer: &str,
        request: Request,
    ) -> Result<(Self, Request), Response> {
        let Some(endpoint) = endpoint(&request) else {
            let nowhere = Self {
                endpoint: None,
                client: None,
            };
            return Ok((nowhere, request));
        };
        let (parts, body) = whole(request).await?;
        let request = || Request::from_parts(parts.clone(), Body::from(body.clone()));
        let parameters = if parts.method == Method::POST {
            Parameters::form_or_multipart(request()).await
        } else {
            Parameters::query(parts.uri.query())
        }
        .unwrap_or_default();
        let administrative = endpoint == Endpoint::Token
            && parameters.get("grant_type") == Some(GrantType::ClientCredentials.as_str());
        let asking = Self {
            endpoint: (!administrative).then_some(endpoint),
            client: client(provider, customer, endpoint, &parts.headers, &parameters).await,
        };
        Ok((asking, request()))
    }
}

/// Where things may go wrong: neither at the configuration API nor on screens.
fn endpoint(request: &Request) -> Option<Endpoint> {
    let path = request.extensions().get::<MatchedPath>()?;
    Some(match path.as_str().strip_prefix("/{customer}/")? {
        "login/.well-known/openid-configuration" => Endpoint::Discovery,
        "login/jwk" => Endpoint::Jwk,
        "login/authorize" => Endpoint::Authorize,
        "login/token" => Endpoint::Token,
        "profiles/oidc/userinfo" => Endpoint::UserInfo,
        "login/token/introspect" => Endpoint::Introspect,
        "login/token/revoke" => Endpoint::Revoke,
        "login/end_session" => Endpoint::EndSession,
        "login/register" | "login/register/{client_id}" => Endpoint::Register,
        _ => return None,
    })
}

async fn whole(request: Request) -> Result<(Parts, Bytes), Response> {
    let (parts, body) = request.into_parts();
    let copy = Request::from_parts(parts.clone(), body);
    match parameters::body(copy).await {
        Ok(body) => Ok((parts, body)),
        Err(error) => {
            let (status, code) = (error.status(), ErrorCode::InvalidRequest);
            Err(ErrorResponse::new(status, code, &error.to_string()).into_response())
        }
    }
}

async fn client(
    provider: &Provider,
    customer: &str,
    endpoint: Endpoint,
    headers: &HeaderMap,
    parameters: &Parameters,
) -> Option<String> {
    match endpoint {
        Endpoint::Discovery | Endpoint::Jwk | Endpoint::Register => None,
        Endpoint::Authorize | Endpoint::EndSession => {
            parameters.get("client_id").map(str::to_owned)
        }
        Endpoint::Token | Endpoint::Introspect | Endpoint::Revoke => {
            let presented = Presented::read(headers, parameters).ok()?;
            Some(presented.client_id)
        }
        Endpoint::UserInfo => {
            let token = match bearer::authorization(headers) {
                Authorization::Bearer(token) => token,
                _ => parameters.get("access_token")?,
            };
            // A store that fails is noticed by whoever answers.
            let token = provider.store().token(customer, token).await.ok()?;
            Some(token?.client_id)
        }
    }
}
