//! Token policies: lifetimes and `allowedScopes`.

pub use crate::body::PropertyError;
use crate::{body::Members, release::StandardScope};
use oidc::scope::{Scope, ScopeToken};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::ops::RangeInclusive;

/// How long tokens live and which scopes they may carry.
///
/// Serialised as the configuration API writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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

/// How many scopes a policy may list.
// Inferred: the documents name no bound, neither here nor for a single scope.
const MOST_SCOPES: usize = 200;
/// How long a scope may be, in characters.
const LONGEST_SCOPE: usize = 500;

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

impl TokenPolicyDraft {
    /// Reads a POST or PUT body. What is left out gets its default, which for
    /// `allowedScopes` is **every** scope of the discovery document. Members it
    /// does not know, `id` and `_links` among them, are ignored.
    ///
    /// # Errors
    /// Names the first property that cannot be stored.
    pub fn from_json(body: &Map<String, Value>) -> Result<Self, PropertyError> {
        let members = Members::of(body);
        Ok(Self {
            title: members.name("title")?,
            access_token_lifetime: seconds(
                &members,
                "accessTokenLifetime",
                *ACCESS_TOKEN_LIFETIME.end(),
                &ACCESS_TOKEN_LIFETIME,
            )?,
            refresh_token_lifetime: seconds(
                &members,
                "refreshTokenLifetime",
                DEFAULT_REFRESH_TOKEN_LIFETIME,
                &REFRESH_TOKEN_LIFETIME,
            )?,
            allowed_scopes: allowed_scopes(&members)?,
            use_access_jwt: members.flag("useAccessJWT")?.unwrap_or_default(),
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

fn seconds(
    members: &Members<'_>,
    property: &'static str,
    default: u32,
    bounds: &RangeInclusive<u32>,
) -> Result<u32, PropertyError> {
    let bounds = i64::from(*bounds.start())..=i64::from(*bounds.end());
    let number = members.integer(property, &bounds)?;
    // Within bounds that fit.
    Ok(number.map_or(default, |number| u32::try_from(number).unwrap_or(default)))
}

fn allowed_scopes(members: &Members<'_>) -> Result<Scope, PropertyError> {
    let read = |item: &Value| {
        let text = item.as_str().ok_or("str type expected")?;
        if text.len() > LONGEST_SCOPE {
            return Err(format!(
                "ensure this value has at most {LONGEST_SCOPE} characters"
            ));
        }
        ScopeToken::new(text).map_err(|error| format!("{text:?}: {error}"))
    };
    let listed = members.list("allowedScopes", MOST_SCOPES, read)?;
    Ok(listed.map_or_else(every_scope, Scope::from_iter))
}

#[cfg(feature = "schema")]
mod described {
    use super::{
        ACCESS_TOKEN_LIFETIME, DEFAULT_REFRESH_TOKEN_LIFETIME, LONGEST_SCOPE, MOST_SCOPES,
        REFRESH_TOKEN_LIFETIME, TokenPolicyDraft, every_scope,
    };
    use crate::{
        body::NAME,
        schema::{describes, object, text},
    };
    use serde_json::{Value, json};
    use std::ops::RangeInclusive;

    describes!(
        TokenPolicyDraft,
        "TokenPolicyDraft",
        object(
            &["title"],
            json!({
                "title": text(&NAME),
                "accessTokenLifetime": seconds(
                    &ACCESS_TOKEN_LIFETIME, *ACCESS_TOKEN_LIFETIME.end(), IN_AN_HOUR
                ),
                "refreshTokenLifetime": seconds(
                    &REFRESH_TOKEN_LIFETIME, DEFAULT_REFRESH_TOKEN_LIFETIME, IN_A_YEAR
                ),
                "allowedScopes": {
                    "description": "Left out: every scope of the discovery document.",
                    "type": ["array", "null"],
                    "default": every_scope(),
                    "maxItems": MOST_SCOPES,
                    "items": {
                        "type": "string",
                        "minLength": 1,
                        "maxLength": LONGEST_SCOPE,
                        "pattern": r"^[\x21\x23-\x5b\x5d-\x7e]+$",
                    },
                },
                "useAccessJWT": { "type": ["boolean", "null"], "default": false },
            }),
        )
    );

    /// [`ACCESS_TOKEN_LIFETIME`] as a text.
    const IN_AN_HOUR: &str = r"^0*([6-9][0-9]|[1-9][0-9]{2}|[12][0-9]{3}|3[0-5][0-9]{2}|3600)$";
    /// [`REFRESH_TOKEN_LIFETIME`] as a text.
    const IN_A_YEAR: &str = r"^0*([6-9][0-9]|[1-9][0-9]{2,6}|[12][0-9]{7}|30[0-9]{6}|31[0-4][0-9]{5}|315[0-4][0-9]{4}|3155[0-6][0-9]{3}|31557[0-5][0-9]{2}|31557600)$";

    /// The bounds hold for the number, the pattern for a number in quotes.
    fn seconds(bounds: &RangeInclusive<u32>, default: u32, pattern: &str) -> Value {
        json!({
            "description": "Seconds. A number in quotes counts as the number.",
            "type": ["integer", "string", "null"],
            "default": default,
            "minimum": bounds.start(),
            "maximum": bounds.end(),
            "pattern": pattern,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{TokenPolicy, TokenPolicyDraft, every_scope};
    use oidc::scope::Scope;
    use proptest::prelude::*;
    use serde_json::{Map, Value, json};

    fn read(body: Value) -> Result<TokenPolicyDraft, String> {
        let Value::Object(body) = body else {
            panic!("{body} is no object")
        };
        TokenPolicyDraft::from_json(&body).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_left_out_gets_its_default() {
        for body in [
            json!({ "title": "t" }),
            json!({ "title": "t", "accessTokenLifetime": null, "refreshTokenLifetime": null,
                "allowedScopes": null, "useAccessJWT": null }),
        ] {
            assert_eq!(
                read(body).unwrap(),
                TokenPolicyDraft {
                    title: "t".to_owned(),
                    access_token_lifetime: 3600,
                    refresh_token_lifetime: 7_776_000,
                    allowed_scopes: Scope::parse("openid profile email address phone").scope,
                    use_access_jwt: false,
                }
            );
        }
    }

    #[test]
    fn what_is_there_is_kept() {
        let draft = read(json!({
            "id": "ignored", "_links": {}, "title": "t", "accessTokenLifetime": 60,
            "refreshTokenLifetime": "31557600", "allowedScopes": ["b", "a", "b"], "useAccessJWT": true
        }))
        .unwrap();
        assert_eq!(draft.access_token_lifetime, 60);
        assert_eq!(draft.refresh_token_lifetime, 31_557_600);
        assert_eq!(draft.allowed_scopes.to_string(), "b a");
        assert!(draft.use_access_jwt);
        assert_eq!(
            read(json!({ "title": "t", "allowedScopes": [] }))
                .unwrap()
                .allowed_scopes,
            Scope::default()
        );
    }

    #[test]
    fn what_cannot_be_stored_is_named() {
        let many: Vec<String> = (0..201).map(|number| format!("s{number}")).collect();
        for (member, value, problem) in [
            ("title", json!(null), "field required"),
            (
                "title",
                json!(" "),
                "ensure this value has at least 1 characters",
            ),
            (
                "title",
                json!("x".repeat(201)),
                "ensure this value has at most 200 characters",
            ),
            ("title", json!(1), "str type expected"),
            (
                "accessTokenLifetime",
                json!(59),
                "ensure this value is greater than or equal to 60",
            ),
            (
                "accessTokenLifetime",
                json!(-1),
                "ensure this value is greater than or equal to 60",
            ),
            (
                "accessTokenLifetime",
                json!(3601),
                "ensure this value is less than or equal to 3600",
            ),
            (
                "accessTokenLifetime",
                json!("3601"),
                "ensure this value is less than or equal to 3600",
            ),
            (
                "accessTokenLifetime",
                json!(i64::MAX),
                "ensure this value is less than or equal to 3600",
            ),
            (
                "accessTokenLifetime",
                json!(1.5),
                "value is not a valid integer",
            ),
            (
                "accessTokenLifetime",
                json!("an hour"),
                "value is not a valid integer",
            ),
            (
                "accessTokenLifetime",
                json!(true),
                "value is not a valid integer",
            ),
            (
                "refreshTokenLifetime",
                json!(31_557_601),
                "ensure this value is less than or equal to 31557600",
            ),
            (
                "allowedScopes",
                json!("openid"),
                "value is not a valid list",
            ),
            ("allowedScopes", json!({}), "value is not a valid list"),
            (
                "allowedScopes",
                json!(many),
                "ensure this value has at most 200 items",
            ),
            (
                "useAccessJWT",
                json!("true"),
                "value could not be parsed to a boolean",
            ),
        ] {
            let mut body = json!({ "title": "t" });
            body[member] = value;
            assert_eq!(read(body).unwrap_err(), format!("('{member}',) {problem}"));
        }
        assert_eq!(read(json!({})).unwrap_err(), "('title',) field required");
        let long = "x".repeat(501);
        for (scope, problem) in [
            (json!(1), "str type expected"),
            (json!(""), "\"\": a scope token has at least one character"),
            (
                json!("a b"),
                "\"a b\": ' ' at position 2 may not stand in a scope token",
            ),
            (json!(long), "ensure this value has at most 500 characters"),
        ] {
            let body = json!({ "title": "t", "allowedScopes": ["openid", scope] });
            assert_eq!(
                read(body).unwrap_err(),
                format!("('allowedScopes', 1) {problem}")
            );
        }
    }

    #[test]
    fn a_policy_is_written_as_the_configuration_api_writes_it() {
        let policy = read(json!({ "title": "t", "allowedScopes": ["openid"] }))
            .unwrap()
            .with_id("i".to_owned());
        let written = r#"{"id":"i","title":"t","accessTokenLifetime":3600,"refreshTokenLifetime":7776000,"allowedScopes":["openid"],"useAccessJWT":false}"#;
        assert_eq!(serde_json::to_string(&policy).unwrap(), written);
        assert_eq!(
            serde_json::from_str::<TokenPolicy>(written).unwrap(),
            policy
        );
    }

    proptest! {
        #[test]
        fn writing_back_what_was_read_changes_nothing(
            title in "\\PC{1,20}x", access in 60_u32..=3600, refresh in 60_u32..=31_557_600,
            scopes in prop::collection::vec("[a-z*:/]{1,8}", 0..6), jwt in any::<bool>(),
        ) {
            let body = json!({ "title": title, "accessTokenLifetime": access,
                "refreshTokenLifetime": refresh, "allowedScopes": scopes, "useAccessJWT": jwt });
            let policy = read(body).unwrap().with_id("i".to_owned());
            let again = read(serde_json::to_value(&policy).unwrap()).unwrap();
            prop_assert_eq!(again.with_id("i".to_owned()), policy);
        }

        #[test]
        fn leaving_out_allowed_scopes_widens_the_policy_to_every_scope(title in "[a-z]{1,8}") {
            let body: Map<String, Value> = [("title".to_owned(), json!(title))].into_iter().collect();
            prop_assert_eq!(TokenPolicyDraft::from_json(&body).unwrap().allowed_scopes, every_scope());
        }
    }
}
