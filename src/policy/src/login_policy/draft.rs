//! What POST and PUT of a login policy carry.

use super::{ConnectionDetails, CustomClaims, LoginPolicy};
use crate::body::{Length, Members, PropertyError, Step, not_permitted, text, too_many};
use oidc::{redirect_uri, response_type::ResponseType};
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// How many custom claims there may be for each place.
// Inferred: the documents name no bound.
const MOST_CLAIMS: usize = 50;
/// How long the name of a custom claim may be, in characters.
const LONGEST_CLAIM_NAME: usize = 100;
/// How long the path of an attribute may be, in characters.
const ATTRIBUTE: Length = 1..=200;
/// How long the address of the sign-in page may be, in characters.
const LONGEST_URL: usize = 2000;
/// How long what describes the user store may be, in characters.
const LONGEST_DETAIL: usize = 200;
/// How many response types may be listed: more than there are, since one may
/// stand there twice.
const MOST_TYPES: usize = 50;

/// Claims the protocol itself sets. A custom claim of that name would make a
/// token say something untrue.
const PROTOCOL_CLAIMS: [&str; 17] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "nbf",
    "jti",
    "nonce",
    "auth_time",
    "acr",
    "amr",
    "azp",
    "at_hash",
    "c_hash",
    "s_hash",
    "sid",
    "global_sub",
];

/// A login policy without its id: what POST and PUT carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginPolicyDraft {
    title: String,
    login_url: String,
    store: Option<StoreDraft>,
    custom_claims: CustomClaims,
}

/// What a body says of the user store; a member it leaves out is `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct StoreDraft {
    domain: Option<String>,
    application_id: Option<String>,
    entity_type: Option<String>,
    client_id: Option<String>,
}

impl LoginPolicyDraft {
    /// Reads a POST or PUT body. `allowedResponseTypes` and `pushClaims` have
    /// addresses of their own and are ignored here; `clientSecret` is read and
    /// forgotten.
    ///
    /// # Errors
    /// Names the first property that cannot be stored.
    pub fn from_json(body: &Map<String, Value>) -> Result<Self, PropertyError> {
        let members = Members::of(body);
        Ok(Self {
            title: members.name("title")?,
            login_url: login_url(&members)?,
            store: members
                .object("identityStoreDetails")?
                .map(|store| StoreDraft::read(&store))
                .transpose()?,
            custom_claims: custom_claims(&members)?,
        })
    }

    /// A new policy of this id.
    ///
    /// # Errors
    /// When the body did not say where the people are.
    pub fn create(self, id: String) -> Result<LoginPolicy, PropertyError> {
        let required = || PropertyError::required("identityStoreDetails");
        let store = self.store.ok_or_else(required)?;
        let mut policy = LoginPolicy::new(id, self.title);
        let details = &mut policy.identity_store_details.connection_details;
        details.domain = store.domain.unwrap_or_default();
        details.application_id = store.application_id.unwrap_or_default();
        details.client_id = store.client_id.unwrap_or_default();
        if let Some(entity_type) = store.entity_type {
            details.entity_type = entity_type;
        }
        policy.login_url = self.login_url;
        policy.custom_claims = self.custom_claims;
        Ok(policy)
    }

    /// What becomes of a policy that is replaced by this. Its user store stays,
    /// and so does what has an address of its own.
    ///
    /// # Errors
    /// When the body says something else of the user store.
    pub fn replace(self, current: LoginPolicy) -> Result<LoginPolicy, PropertyError> {
        let kept = &current.identity_store_details.connection_details;
        if self.store.is_some_and(|store| !store.agrees_with(kept)) {
            return Err(PropertyError::unchangeable("identityStoreDetails"));
        }
        Ok(LoginPolicy {
            title: self.title,
            login_url: self.login_url,
            custom_claims: self.custom_claims,
            ..current
        })
    }
}

impl StoreDraft {
    // Inferred: that the members of `connectionDetails` may be left out. Nothing
    // is connected to here.
    fn read(members: &Members<'_>) -> Result<Self, PropertyError> {
        let store_type = members.word(
            "type",
            |text| (text == LoginPolicy::STORE_TYPE).then_some(()),
            &[LoginPolicy::STORE_TYPE],
        )?;
        members.required("type", store_type)?;
        let details = members.object("connectionDetails")?;
        let detail = |name: &'static str| -> Result<Option<String>, PropertyError> {
            let Some(details) = &details else {
                return Ok(None);
            };
            let text = details.text(name, &(0..=LONGEST_DETAIL))?;
            Ok(text.map(str::to_owned))
        };
        detail("clientSecret")?;
        Ok(Self {
            domain: detail("domain")?,
            application_id: detail("applicationId")?,
            entity_type: detail("entityType")?,
            client_id: detail("clientId")?,
        })
    }

    fn agrees_with(&self, kept: &ConnectionDetails) -> bool {
        [
            (&self.domain, &kept.domain),
            (&self.application_id, &kept.application_id),
            (&self.entity_type, &kept.entity_type),
            (&self.client_id, &kept.client_id),
        ]
        .into_iter()
        .all(|(said, kept)| said.as_ref().is_none_or(|said| said == kept))
    }
}

/// It is shown, so that it must be an address of the web.
fn login_url(members: &Members<'_>) -> Result<String, PropertyError> {
    let url = members.text_or_empty("loginURL", LONGEST_URL)?;
    if !url.is_empty() {
        redirect_uri::check_web(&url)
            .map_err(|error| members.error("loginURL", format!("{url:?} {error}")))?;
    }
    Ok(url)
}

fn custom_claims(members: &Members<'_>) -> Result<CustomClaims, PropertyError> {
    let Some(claims) = members.object("customClaims")? else {
        return Ok(CustomClaims::default());
    };
    Ok(CustomClaims {
        id_token: claim_names(&claims, "id_token")?,
        userinfo: claim_names(&claims, "userinfo")?,
    })
}

fn claim_names(
    claims: &Members<'_>,
    place: &'static str,
) -> Result<BTreeMap<String, String>, PropertyError> {
    let Some(names) = claims.object(place)? else {
        return Ok(BTreeMap::new());
    };
    if names.entries().count() > MOST_CLAIMS {
        return Err(claims.error(place, too_many(MOST_CLAIMS)));
    }
    let mut read = BTreeMap::new();
    for (name, attribute) in names.entries() {
        let attribute = claim(name, attribute).map_err(|problem| {
            let step = Step::Member(name.to_owned().into());
            claims.error_below(place, [step], problem)
        })?;
        read.insert(name.to_owned(), attribute);
    }
    Ok(read)
}

/// The attribute of one custom claim.
fn claim(name: &str, attribute: &Value) -> Result<String, String> {
    if name.trim().is_empty() || name.chars().count() > LONGEST_CLAIM_NAME {
        return Err(format!(
            "a claim has a name of 1 to {LONGEST_CLAIM_NAME} characters"
        ));
    }
    if name.chars().any(char::is_control) {
        return Err("ensure this name has no control characters".to_owned());
    }
    if PROTOCOL_CLAIMS.contains(&name) {
        return Err("the protocol itself sets this claim".to_owned());
    }
    text(attribute, &ATTRIBUTE).map(str::to_owned)
}

/// What GET answers and PUT takes where the allowed response types are set.
// Inferred: the shape, `{"allowedResponseTypes":[…]}`; only the property's name
// is documented.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AllowedResponseTypes {
    /// The response types, as the specifications spell them; at least one.
    #[cfg_attr(
        feature = "schema",
        schemars(schema_with = "described::response_types")
    )]
    pub allowed_response_types: Vec<String>,
}

impl AllowedResponseTypes {
    /// Reads a PUT body. The order of the words of a type does not matter; a
    /// type that is there twice counts once.
    ///
    /// # Errors
    /// When there is none, or one that is not among the six.
    pub fn from_json(body: &Map<String, Value>) -> Result<Self, PropertyError> {
        const PROPERTY: &str = "allowedResponseTypes";
        let members = Members::of(body);
        let permitted = ResponseType::ALL.map(ResponseType::as_str);
        let read = |item: &Value| {
            item.as_str()
                .and_then(ResponseType::parse)
                .ok_or_else(|| not_permitted(&permitted))
        };
        let listed = members.list(PROPERTY, MOST_TYPES, read)?;
        let listed = members.required(PROPERTY, listed)?;
        if listed.is_empty() {
            return Err(members.error(PROPERTY, "ensure this value has at least 1 items"));
        }
        let mut allowed_response_types: Vec<String> = Vec::new();
        for own in listed.into_iter().map(ResponseType::as_str) {
            if !allowed_response_types.iter().any(|other| other == own) {
                allowed_response_types.push(own.to_owned());
            }
        }
        Ok(Self {
            allowed_response_types,
        })
    }
}

/// What GET answers and PUT takes where push claims are switched on or off.
// Inferred: the shape, `{"pushClaims":true}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PushClaims {
    /// See [`LoginPolicy::push_claims`].
    pub push_claims: bool,
}

impl PushClaims {
    /// Reads a PUT body.
    ///
    /// # Errors
    /// When it does not say which.
    pub fn from_json(body: &Map<String, Value>) -> Result<Self, PropertyError> {
        let members = Members::of(body);
        let push_claims = members.required("pushClaims", members.flag("pushClaims")?)?;
        Ok(Self { push_claims })
    }
}

#[cfg(feature = "schema")]
mod described {
    use super::{
        ATTRIBUTE, LONGEST_CLAIM_NAME, LONGEST_DETAIL, LONGEST_URL, LoginPolicy, LoginPolicyDraft,
        MOST_CLAIMS, MOST_TYPES, PROTOCOL_CLAIMS, ResponseType,
    };
    use crate::{
        body::NAME,
        schema::{describes, object, optional, optional_text, text, web_address_or_nothing},
    };
    use schemars::{Schema, SchemaGenerator};
    use serde_json::{Value, json};

    describes!(
        LoginPolicyDraft,
        "LoginPolicyDraft",
        object(
            &["title"],
            json!({
                "title": text(&NAME),
                "loginURL": {
                    "description": "Kept and shown, not followed.",
                    "type": ["string", "null"],
                    "maxLength": LONGEST_URL,
                    "pattern": web_address_or_nothing(),
                },
                "identityStoreDetails": store(),
                "customClaims": optional(object(
                    &[],
                    json!({ "id_token": claims(), "userinfo": claims() }),
                )),
            }),
        )
    );

    fn store() -> Value {
        let detail = || optional_text(&(0..=LONGEST_DETAIL));
        let mut store = optional(object(
            &["type"],
            json!({
                "type": { "type": "string", "enum": [LoginPolicy::STORE_TYPE] },
                "connectionDetails": optional(object(&[], json!({
                    "domain": detail(),
                    "applicationId": detail(),
                    "entityType": detail(),
                    "clientId": detail(),
                    "clientSecret": detail(),
                }))),
            }),
        ));
        store["description"] = json!(
            "Required at POST; at PUT it may be left out, and cannot change. `clientSecret` is taken and not kept."
        );
        store
    }

    fn claims() -> Value {
        json!({
            "description": "Claim names, each with the path of the attribute it is made of.",
            "type": ["object", "null"],
            "maxProperties": MOST_CLAIMS,
            "propertyNames": {
                "minLength": 1,
                "maxLength": LONGEST_CLAIM_NAME,
                "pattern": text(&NAME)["pattern"],
                "not": { "enum": PROTOCOL_CLAIMS },
            },
            "additionalProperties": text(&ATTRIBUTE),
        })
    }

    pub(super) fn response_types(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({
            "type": "array",
            "minItems": 1,
            "maxItems": MOST_TYPES,
            "items": { "type": "string", "enum": ResponseType::ALL.map(ResponseType::as_str) },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(body: &Value) -> Result<LoginPolicyDraft, String> {
        LoginPolicyDraft::from_json(body.as_object().unwrap()).map_err(|error| error.to_string())
    }

    fn body() -> Value {
        json!({
            "title": "Shop",
            "loginURL": "https://login.example/auth-ui/login",
            "identityStoreDetails": {
                "type": "janrainCapture",
                "connectionDetails": {
                    "domain": "shop.capture.example", "applicationId": "kfc", "clientId": "96b",
                    "clientSecret": "hush",
                },
            },
            "customClaims": { "id_token": { "subscriber": "newsletterSubscriber" } },
        })
    }

    fn policy() -> LoginPolicy {
        read(&body()).unwrap().create("i".to_owned()).unwrap()
    }

    #[test]
    fn a_policy_is_made_of_its_body_without_the_owners_secret() {
        let policy = policy();
        let details = &policy.identity_store_details.connection_details;
        assert_eq!(details.domain, "shop.capture.example");
        assert_eq!(details.entity_type, "user");
        assert_eq!(
            policy.custom_claims.id_token["subscriber"],
            "newsletterSubscriber"
        );
        assert_eq!(policy.allowed_response_types, ["code"]);
        assert!(!policy.push_claims);
        assert!(!serde_json::to_string(&policy).unwrap().contains("hush"));
    }

    #[test]
    fn a_new_policy_says_where_people_are() {
        for details in [json!(null), json!({})] {
            let mut given = body();
            given["identityStoreDetails"] = details;
            let made = read(&given).and_then(|draft| {
                draft
                    .create("i".to_owned())
                    .map_err(|error| error.to_string())
            });
            assert!(made.unwrap_err().ends_with(" field required"));
        }
    }

    #[test]
    fn replacing_keeps_the_store_and_what_has_an_address_of_its_own() {
        let current = LoginPolicy {
            push_claims: true,
            allowed_response_types: vec!["id_token".to_owned()],
            ..policy()
        };
        let draft = read(&json!({ "title": "New", "pushClaims": false })).unwrap();
        let replaced = draft.replace(current.clone()).unwrap();
        assert_eq!(
            (replaced.title.as_str(), replaced.login_url.as_str()),
            ("New", "")
        );
        assert!(replaced.custom_claims.is_empty());
        assert!(replaced.push_claims);
        assert_eq!(replaced.allowed_response_types, ["id_token"]);
        assert_eq!(
            replaced.identity_store_details,
            current.identity_store_details
        );
        // What GET showed may be sent back, with or without the secret.
        let same = read(&body()).unwrap().replace(current.clone()).unwrap();
        assert_eq!(same.login_url, current.login_url);
        for member in ["domain", "applicationId", "entityType", "clientId"] {
            let mut given = body();
            given["identityStoreDetails"]["connectionDetails"][member] = json!("other");
            let error = read(&given).unwrap().replace(current.clone()).unwrap_err();
            assert_eq!(error.to_string(), "identityStoreDetails cannot be changed");
        }
    }

    #[test]
    fn what_cannot_be_stored_is_named() {
        let many: Map<String, Value> = (0..51)
            .map(|number| (format!("c{number}"), json!("email")))
            .collect();
        for (member, value, problem) in [
            ("title", json!(null), "('title',) field required"),
            (
                "loginURL",
                json!("javascript:alert(1)"),
                "('loginURL',) \"javascript:alert(1)\" has a scheme that browsers do not hand on",
            ),
            (
                "identityStoreDetails",
                json!("janrainCapture"),
                "('identityStoreDetails',) value is not a valid dict",
            ),
            (
                "identityStoreDetails",
                json!({ "type": "ldap" }),
                "('identityStoreDetails', 'type') value is not a valid enumeration member; permitted: 'janrainCapture'",
            ),
            (
                "identityStoreDetails",
                json!({ "type": "janrainCapture", "connectionDetails": { "domain": 1 } }),
                "('identityStoreDetails', 'connectionDetails', 'domain') str type expected",
            ),
            (
                "identityStoreDetails",
                json!({ "type": "janrainCapture", "connectionDetails": { "clientSecret": [] } }),
                "('identityStoreDetails', 'connectionDetails', 'clientSecret') str type expected",
            ),
            (
                "customClaims",
                json!({ "userinfo": ["email"] }),
                "('customClaims', 'userinfo') value is not a valid dict",
            ),
            (
                "customClaims",
                json!({ "userinfo": { "sub": "email" } }),
                "('customClaims', 'userinfo', 'sub') the protocol itself sets this claim",
            ),
            (
                "customClaims",
                json!({ "id_token": { "": "email" } }),
                "('customClaims', 'id_token', '') a claim has a name of 1 to 100 characters",
            ),
            (
                "customClaims",
                json!({ "id_token": { "mail": "" } }),
                "('customClaims', 'id_token', 'mail') ensure this value has at least 1 characters",
            ),
            (
                "customClaims",
                json!({ "id_token": { "mail": { "path": "email" } } }),
                "('customClaims', 'id_token', 'mail') str type expected",
            ),
            (
                "customClaims",
                json!({ "id_token": many }),
                "('customClaims', 'id_token') ensure this value has at most 50 items",
            ),
        ] {
            let mut given = body();
            given[member] = value;
            assert_eq!(read(&given).unwrap_err(), problem);
        }
    }

    #[test]
    fn only_the_six_response_types_are_allowed_and_at_least_one() {
        let read = |types: Value| {
            let body = json!({ "allowedResponseTypes": types });
            AllowedResponseTypes::from_json(body.as_object().unwrap())
                .map(|read| read.allowed_response_types)
                .map_err(|error| error.to_string())
        };
        assert_eq!(
            read(json!(["token id_token", "code", "id_token token"])).unwrap(),
            ["id_token token", "code"]
        );
        for (types, problem) in [
            (json!(null), "('allowedResponseTypes',) field required"),
            (
                json!("code"),
                "('allowedResponseTypes',) value is not a valid list",
            ),
            (
                json!([]),
                "('allowedResponseTypes',) ensure this value has at least 1 items",
            ),
        ] {
            assert_eq!(read(types).unwrap_err(), problem);
        }
        for other in [json!("token"), json!("none"), json!(""), json!(1)] {
            let error = read(json!(["code", other])).unwrap_err();
            assert!(
                error.starts_with("('allowedResponseTypes', 1) value is not"),
                "{error}"
            );
        }
    }

    #[test]
    fn push_claims_are_on_or_off() {
        let read = |value: Value| {
            let body = json!({ "pushClaims": value });
            PushClaims::from_json(body.as_object().unwrap())
                .map(|read| read.push_claims)
                .map_err(|error| error.to_string())
        };
        assert_eq!(read(json!(true)), Ok(true));
        assert_eq!(read(json!(false)), Ok(false));
        assert_eq!(
            read(json!(null)).unwrap_err(),
            "('pushClaims',) field required"
        );
        assert_eq!(
            read(json!("true")).unwrap_err(),
            "('pushClaims',) value could not be parsed to a boolean"
        );
    }
}
