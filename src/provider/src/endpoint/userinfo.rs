//! The userinfo endpoint.
//! [Core section 5.3](https://openid.net/specs/openid-connect-core-1_0.html#UserInfo)

use crate::{
    bearer::{self, Authorization},
    fault,
    oauth_error::ErrorResponse,
    parameters::{Parameters, ParametersError, query_pairs},
    provider::{Provider, ProviderError},
    token::asked_claims,
};
use axum::{
    Json,
    extract::{Path, Request, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, header};
use oidc::error::ErrorCode;
use policy::release::{self, Claims, InsufficientScope, Sources};
use store::{StoreError, Token, TokenKind};

/// Why nothing is told.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UserInfoError {
    #[error("There is no access token in the request")]
    NoToken,
    /// [RFC 6750 section 2](https://www.rfc-editor.org/rfc/rfc6750#section-2)
    #[error("The access token must be sent in one way only")]
    TwoTokens,
    #[error("The access token belongs into the Authorization header, not into the address")]
    InQuery,
    #[error("The Authorization header must be Bearer with one access token")]
    Malformed,
    #[error(transparent)]
    Parameters(#[from] ParametersError),
    #[error("The access token is unknown, expired or revoked")]
    InvalidToken,
    #[error("An administrative token speaks for nobody, so that there is nobody to tell about")]
    Administrative,
    #[error("The access token does not carry the scope openid")]
    NoOpenId,
    #[error(transparent)]
    Failed(#[from] ProviderError),
}

impl From<StoreError> for UserInfoError {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<InsufficientScope> for UserInfoError {
    fn from(_: InsufficientScope) -> Self {
        Self::NoOpenId
    }
}

impl IntoResponse for UserInfoError {
    /// [RFC 6750 section 3](https://www.rfc-editor.org/rfc/rfc6750#section-3)
    fn into_response(self) -> Response {
        let (status, code) = match &self {
            Self::NoToken | Self::InvalidToken => {
                (StatusCode::UNAUTHORIZED, ErrorCode::InvalidToken)
            }
            Self::TwoTokens | Self::InQuery | Self::Malformed => {
                (StatusCode::BAD_REQUEST, ErrorCode::InvalidRequest)
            }
            Self::Parameters(error) => (error.status(), ErrorCode::InvalidRequest),
            Self::Administrative | Self::NoOpenId => {
                (StatusCode::FORBIDDEN, ErrorCode::InsufficientScope)
            }
            Self::Failed(error) => {
                tracing::error!(%error, "userinfo failed");
                return ErrorResponse::server_error().into_response();
            }
        };
        let mut response = ErrorResponse::new(status, code, &self.to_string());
        response.challenge = Some(match &self {
            // Who sent no token is not told what is wrong with it.
            Self::NoToken => r#"Bearer realm="userinfo""#.to_owned(),
            Self::Administrative | Self::NoOpenId => format!(
                r#"Bearer realm="userinfo", error="{code}", error_description="{self}", scope="openid""#
            ),
            _ => format!(r#"Bearer realm="userinfo", error="{code}", error_description="{self}""#),
        });
        response.into_response()
    }
}

/// Takes the token from the header.
pub(crate) async fn get(
    State(provider): State<Provider>,
    Path(customer): Path<String>,
    request: Request,
) -> Result<Response, Response> {
    answer(&provider, &customer, request, false).await
}

/// Takes the token from the header or from a form body.
/// [RFC 6750 section 2.2](https://www.rfc-editor.org/rfc/rfc6750#section-2.2)
pub(crate) async fn post(
    State(provider): State<Provider>,
    Path(customer): Path<String>,
    request: Request,
) -> Result<Response, Response> {
    answer(&provider, &customer, request, true).await
}

async fn answer(
    provider: &Provider,
    customer: &str,
    request: Request,
    body: bool,
) -> Result<Response, Response> {
    let headers = request.headers().clone();
    let customer = provider
        .customer_or_error(customer, &headers)
        .await
        .map_err(IntoResponse::into_response)?;
    let claims = async {
        let token = token(request, &headers, body).await?;
        claims(provider, &customer.id, &token).await
    };
    let claims = claims
        .await
        .map_err(|error: UserInfoError| error.into_response())?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(claims)).into_response())
}

async fn token(request: Request, headers: &HeaderMap, body: bool) -> Result<String, UserInfoError> {
    if query_pairs(request.uri().query())
        .iter()
        .any(|(name, _)| name == "access_token")
    {
        return Err(UserInfoError::InQuery);
    }
    let from_body = if body && headers.contains_key(header::CONTENT_TYPE) {
        match Parameters::form(request).await {
            Ok(form) => form.get("access_token").map(str::to_owned),
            // A body that is no form carries no token.
            Err(ParametersError::NotAForm) => None,
            Err(error) => return Err(error.into()),
        }
    } else {
        None
    };
    match (bearer::authorization(headers), from_body) {
        (Authorization::Absent, None) => Err(UserInfoError::NoToken),
        (Authorization::Absent, Some(token)) => Ok(token),
        (_, Some(_)) => Err(UserInfoError::TwoTokens),
        (Authorization::Bearer(token), None) => Ok(token.to_owned()),
        (Authorization::Malformed, None) => Err(UserInfoError::Malformed),
    }
}

async fn claims(provider: &Provider, customer: &str, token: &str) -> Result<Claims, UserInfoError> {
    let token = provider
        .live_access_token(customer, token)
        .await?
        .ok_or(UserInfoError::InvalidToken)?;
    let person = token.person_id.ok_or(UserInfoError::Administrative)?;
    let person = provider
        .store()
        .person(customer, &person)
        .await?
        .ok_or(UserInfoError::InvalidToken)?;
    let client = provider
        .store()
        .client(customer, &token.client_id)
        .await?
        .ok_or(UserInfoError::InvalidToken)?;
    let login_policy = provider.login_policy_of(customer, &client).await?;
    let asked = token.login.as_ref().and_then(asked_claims);
    let sources = Sources {
        claims: asked.as_ref(),
        login_policy: login_policy.as_ref(),
    };
    // The token's scopes count, not the token policy's: one edited since then
    // changes nothing.
    // Inferred: domain notes, section 10.
    let mut claims = release::userinfo_from(&token.scope, &person.profile, &sources)?;
    fault::spoil_userinfo(provider, customer, &client.id, &mut claims).await;
    Ok(claims)
}

impl Provider {
    /// The customer's access token, if it is neither expired nor revoked.
    pub(crate) async fn live_access_token(
        &self,
        customer: &str,
        token: &str,
    ) -> Result<Option<Token>, StoreError> {
        let found = self.store().token(customer, token).await?;
        Ok(found.filter(|token| {
            token.kind == TokenKind::Access && !token.revoked && self.now() < token.expires_at
        }))
    }
}
