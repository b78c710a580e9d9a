//! Token policies: lifetimes and `allowedScopes`.

use crate::release::StandardScope;
use oidc::scope::{Scope, ScopeToken};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::ops::RangeInclusive;

/// How long tokens live and which scopes they may carry.
///
/// Serialised as the configuration API writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenPolicy {
    /// A UUID.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// Seconds, within [`ACCESS_TOKEN_LIFETIME`].
    pub access_token_lifetime: u32,
    /// Seconds, within [`REFRESH_TOKEN_LIFETIME`].
    pub refresh_token_lifetime: u32,
    /// What a token may carry, as exact strings.
    pub allowed_scopes: Scope,
    /// Whether access tokens are JWTs; else they are opaque.
    #[serde(rename = "useAccessJWT")]
    pub use_access_jwt: bool,
}

/// The bounds of `accessTokenLifetime` in seconds. The default is the upper one.
pub const ACCESS_TOKEN_LIFETIME: RangeInclusive<u32> = 60..=3600;
/// The bounds of `refreshTokenLifetime` in seconds: a minute to a year.
pub const REFRESH_TOKEN_LIFETIME: RangeInclusive<u32> = 60..=31_557_600;
/// The default of `refreshTokenLifetime`: 90 days.
pub const DEFAULT_REFRESH_TOKEN_LIFETIME: u32 = 7_776_000;

/// A token policy without its id: what POST and PUT carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenPolicyDraft {
    /// See [`TokenPolicy::title`].
    pub title: String,
    /// See [`TokenPolicy::access_token_lifetime`].
    pub access_token_lifetime: u32,
    /// See [`TokenPolicy::refresh_token_lifetime`].
    pub refresh_token_lifetime: u32,
    /// See [`TokenPolicy::allowed_scopes`].
    pub allowed_scopes: Scope,
    /// See [`TokenPolicy::use_access_jwt`].
    pub use_access_jwt: bool,
}

/// A property that cannot be stored. Printed as the configuration API says it:
/// `('title',) field required`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("('{property}',) {problem}")]
pub struct PropertyError {
    /// The property's name in the JSON body.
    pub property: &'static str,
    /// What is wrong with it.
    pub problem: String,
}

impl TokenPolicyDraft {
    /// Reads a POST or PUT body. What is left out gets its default, which for
    /// `allowedScopes` is **every** scope of the discovery document. Members it
    /// does not know, `id` and `_links` among them, are ignored.
    ///
    /// # Errors
    /// Names the first property that cannot be stored.
    pub fn from_json(body: &Map<String, Value>) -> Result<Self, PropertyError> {
        Ok(Self {
            title: title(body)?,
            access_token_lifetime: seconds(
                body,
                "accessTokenLifetime",
                *ACCESS_TOKEN_LIFETIME.end(),
                ACCESS_TOKEN_LIFETIME,
            )?,
            refresh_token_lifetime: seconds(
                body,
                "refreshTokenLifetime",
                DEFAULT_REFRESH_TOKEN_LIFETIME,
                REFRESH_TOKEN_LIFETIME,
            )?,
            allowed_scopes: allowed_scopes(body)?,
            use_access_jwt: use_access_jwt(body)?,
        })
    }

    /// The policy with its id.
    #[must_use]
    pub fn with_id(self, id: String) -> TokenPolicy {
        TokenPolicy {
            id,
            title: self.title,
            access_token_lifetime: self.access_token_lifetime,
            refresh_token_lifetime: self.refresh_token_lifetime,
            allowed_scopes: self.allowed_scopes,
            use_access_jwt: self.use_access_jwt,
        }
    }
}

/// Every scope of the discovery document.
#[must_use]
pub fn every_scope() -> Scope {
    StandardScope::ALL
        .into_iter()
        .filter_map(|scope| ScopeToken::new(scope.as_str()).ok())
        .collect()
}

fn refuse<T>(property: &'static str, problem: impl Into<String>) -> Result<T, PropertyError> {
    Err(PropertyError {
        property,
        problem: problem.into(),
    })
}

fn title(body: &Map<String, Value>) -> Result<String, PropertyError> {
    match body.get("title") {
        None | Some(Value::Null) => refuse("title", "field required"),
        Some(Value::String(title)) if title.trim().is_empty() => {
            refuse("title", "ensure this value has at least 1 characters")
        }
        Some(Value::String(title)) if title.chars().count() > 200 => {
            refuse("title", "ensure this value has at most 200 characters")
        }
        Some(Value::String(title)) => Ok(title.clone()),
        Some(_) => refuse("title", "str type expected"),
    }
}

/// A number of seconds; a numeric text counts as the number.
// Inferred: one page quotes the lifetimes, another types them as numbers, so
// both are taken (domain notes, section 10).
fn seconds(
    body: &Map<String, Value>,
    property: &'static str,
    default: u32,
    bounds: RangeInclusive<u32>,
) -> Result<u32, PropertyError> {
    let number = match body.get(property) {
        None | Some(Value::Null) => return Ok(default),
        Some(Value::Number(number)) => number.as_i64(),
        Some(Value::String(text)) => text.trim().parse().ok(),
        Some(_) => None,
    };
    let Some(number) = number else {
        return refuse(property, "value is not a valid integer");
    };
    if number < i64::from(*bounds.start()) {
        return refuse(
            property,
            format!(
                "ensure this value is greater than or equal to {}",
                bounds.start()
            ),
        );
    }
    match u32::try_from(number) {
        Ok(number) if bounds.contains(&number) => Ok(number),
        _ => refuse(
            property,
            format!("ensure this value is less than or equal to {}", bounds.end()),
        ),
    }
}

fn allowed_scopes(body: &Map<String, Value>) -> Result<Scope, PropertyError> {
    const PROPERTY: &str = "allowedScopes";
    let items = match body.get(PROPERTY) {
        None | Some(Value::Null) => return Ok(every_scope()),
        Some(Value::Array(items)) => items,
        Some(_) => return refuse(PROPERTY, "value is not a valid list"),
    };
    let mut scope = Scope::default();
    for item in items {
        let Value::String(text) = item else {
            return refuse(PROPERTY, "str type expected");
        };
        match ScopeToken::new(text) {
            Ok(token) => scope.insert(token),
            Err(error) => return refuse(PROPERTY, format!("{text:?}: {error}")),
        };
    }
    Ok(scope)
}

fn use_access_jwt(body: &Map<String, Value>) -> Result<bool, PropertyError> {
    match body.get("useAccessJWT") {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(value)) => Ok(*value),
        Some(_) => refuse("useAccessJWT", "value could not be parsed to a boolean"),
    }
}
