//! What a client says of itself when it registers.
//! [RFC 7591 section 2](https://www.rfc-editor.org/rfc/rfc7591#section-2),
//! [Registration section 2](https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata)

use crate::{
    body::{Length, Members, PropertyError, Step, not_permitted},
    client::ClientType,
};
use oidc::{
    error::ErrorCode,
    redirect_uri,
    response_type::ResponseType,
    scope::{Scope, ScopeToken},
    signing_algorithm::SigningAlgorithm,
};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};
use std::fmt;

/// How many items a list may have.
const MOST: usize = 50;
/// How long a name, or the address of a person to ask, may be, in characters.
const NAME: Length = 1..=200;
/// How long an address may be, in characters.
const ADDRESS: Length = 1..=redirect_uri::LONGEST;

/// What specifications name and this provider cannot do. Asking for it is
/// refused, so that nobody believes they have it; saying no to it is not.
const NOT_IMPLEMENTED: [&str; 24] = [
    "authorization_encrypted_response_alg",
    "authorization_signed_response_alg",
    "backchannel_logout_session_required",
    "backchannel_logout_uri",
    "default_acr_values",
    "default_max_age",
    "dpop_bound_access_tokens",
    "frontchannel_logout_session_required",
    "frontchannel_logout_uri",
    "id_token_encrypted_response_alg",
    "id_token_encrypted_response_enc",
    "introspection_signed_response_alg",
    "request_object_encryption_alg",
    "request_object_encryption_enc",
    "request_object_signing_alg",
    "request_uris",
    "require_pushed_authorization_requests",
    "require_signed_request_object",
    "sector_identifier_uri",
    "software_statement",
    "tls_client_certificate_bound_access_tokens",
    "token_endpoint_auth_signing_alg",
    "userinfo_encrypted_response_alg",
    "userinfo_signed_response_alg",
];

/// How a client may prove itself; the first is the default.
const AUTH_METHODS: [&str; 3] = ["client_secret_basic", "client_secret_post", PUBLIC];
/// The method of a public client.
const PUBLIC: &str = "none";
/// What a client may run on; the first is the default.
const APPLICATION_TYPES: [&str; 2] = ["web", "native"];
/// Whom `sub` may be the same for.
const SUBJECT_TYPES: [&str; 1] = ["public"];

/// A code is exchanged for tokens.
const CODE: &str = "authorization_code";
/// Tokens come from the authorization endpoint.
const IMPLICIT: &str = "implicit";
/// The grants a client may register for. Which it may use, its login policy
/// says by the response types it allows.
const GRANTS: [&str; 3] = [CODE, IMPLICIT, "refresh_token"];

/// Everything a client registered, checked and with defaults filled in.
///
/// Serialised as the registration endpoint answers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClientMetadata {
    /// Where an authorization may be sent back to; at least one.
    pub redirect_uris: Vec<String>,
    /// Where a browser may be sent after signing out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub post_logout_redirect_uris: Vec<String>,
    /// What it will ask for; `code` by default.
    #[serde(serialize_with = "spelt")]
    pub response_types: Vec<ResponseType>,
    /// What it will exchange, as its response types demand.
    pub grant_types: Vec<&'static str>,
    /// How it will prove itself at the token endpoint, which takes a secret in
    /// the header and in the body from every client that has one.
    /// [Core section 9](https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication)
    pub token_endpoint_auth_method: &'static str,
    /// How its ID tokens are signed.
    pub id_token_signed_response_alg: SigningAlgorithm,
    /// `web` or `native`. Which redirect URIs may be registered is the same for
    /// both.
    // More generous than Registration section 2, which forbids a web client of
    // the implicit flow the own computer: that is where people try this out.
    pub application_type: &'static str,
    /// `public`: everybody's `sub` is the same for all clients.
    /// [Core section 8](https://openid.net/specs/openid-connect-core-1_0.html#SubjectIDTypes)
    pub subject_type: &'static str,
    /// What people call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_name: Option<String>,
    /// Its home page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_uri: Option<String>,
    /// Its picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo_uri: Option<String>,
    /// What it does with data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_uri: Option<String>,
    /// What it demands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tos_uri: Option<String>,
    /// Whom to ask.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<String>,
    /// Where somebody else may begin a login at it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initiate_login_uri: Option<String>,
    /// What it will ask for. Kept and told; what it gets, its token policy says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
}

/// Why a client cannot be registered, for its developer to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetadataError(PropertyError);

impl MetadataError {
    /// The error code.
    /// [RFC 7591 section 3.2.2](https://www.rfc-editor.org/rfc/rfc7591#section-3.2.2)
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        match self.0.path.first() {
            Some(Step::Member(name)) if name == REDIRECT_URIS => ErrorCode::InvalidRedirectUri,
            _ => ErrorCode::InvalidClientMetadata,
        }
    }

    /// A problem with a member.
    #[must_use]
    pub fn new(member: &'static str, problem: impl Into<String>) -> Self {
        Self(PropertyError::new(member, problem))
    }
}

impl From<PropertyError> for MetadataError {
    fn from(error: PropertyError) -> Self {
        Self(error)
    }
}

/// `redirect_uris[0]: what is wrong`.
impl fmt::Display for MetadataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.place(), self.0.problem)
    }
}

impl std::error::Error for MetadataError {}

const REDIRECT_URIS: &str = "redirect_uris";

impl ClientMetadata {
    /// Whether the client can keep a secret.
    #[must_use]
    pub fn client_type(&self) -> ClientType {
        if self.token_endpoint_auth_method == PUBLIC {
            ClientType::Public
        } else {
            ClientType::Confidential
        }
    }

    /// Reads the body of a registration. Members it does not know are ignored,
    /// those of what is not implemented are not.
    ///
    /// # Errors
    /// Names the first member that cannot be registered.
    pub fn from_json(body: &Map<String, Value>) -> Result<Self, MetadataError> {
        let members = Members::of(body);
        implemented(body)?;
        let response_types = response_types(&members)?;
        Ok(Self {
            redirect_uris: redirect_uris(&members)?,
            post_logout_redirect_uris: uris(&members, "post_logout_redirect_uris")?
                .unwrap_or_default(),
            grant_types: grant_types(&members, &response_types)?,
            response_types,
            token_endpoint_auth_method: word(
                &members,
                "token_endpoint_auth_method",
                &AUTH_METHODS,
            )?,
            id_token_signed_response_alg: members
                .word(
                    "id_token_signed_response_alg",
                    SigningAlgorithm::parse,
                    &SigningAlgorithm::ALL.map(SigningAlgorithm::as_str),
                )?
                .unwrap_or_default(),
            application_type: word(&members, "application_type", &APPLICATION_TYPES)?,
            subject_type: word(&members, "subject_type", &SUBJECT_TYPES)?,
            client_name: name(&members)?,
            client_uri: page(&members, "client_uri")?,
            logo_uri: page(&members, "logo_uri")?,
            policy_uri: page(&members, "policy_uri")?,
            tos_uri: page(&members, "tos_uri")?,
            contacts: contacts(&members)?,
            initiate_login_uri: initiate_login_uri(&members)?,
            scope: scope(&members)?,
        })
    }
}

/// Refuses to promise what cannot be done.
fn implemented(body: &Map<String, Value>) -> Result<(), MetadataError> {
    for member in NOT_IMPLEMENTED {
        let asked = match body.get(member) {
            None | Some(Value::Null | Value::Bool(false)) => false,
            Some(Value::String(text)) => !text.is_empty(),
            Some(Value::Array(items)) => !items.is_empty(),
            Some(Value::Bool(true) | Value::Number(_) | Value::Object(_)) => true,
        };
        if asked {
            return Err(MetadataError::new(member, "this is not implemented"));
        }
    }
    Ok(())
}

fn redirect_uris(members: &Members<'_>) -> Result<Vec<String>, PropertyError> {
    let listed = uris(members, REDIRECT_URIS)?;
    let listed = members.required(REDIRECT_URIS, listed)?;
    if listed.is_empty() {
        return Err(members.error(REDIRECT_URIS, "ensure this value has at least 1 items"));
    }
    Ok(listed)
}

fn uris(members: &Members<'_>, name: &'static str) -> Result<Option<Vec<String>>, PropertyError> {
    members.list(name, MOST, |item| {
        let uri = item.as_str().ok_or("str type expected")?;
        redirect_uri::check(uri).map_err(|error| error.to_string())?;
        Ok(uri.to_owned())
    })
}

fn response_types(members: &Members<'_>) -> Result<Vec<ResponseType>, PropertyError> {
    const MEMBER: &str = "response_types";
    let permitted = ResponseType::ALL.map(ResponseType::as_str);
    let listed = members.list(MEMBER, MOST, |item| {
        item.as_str()
            .and_then(ResponseType::parse)
            .ok_or_else(|| not_permitted(&permitted))
    })?;
    match listed.map(distinct) {
        None => Ok(vec![ResponseType::Code]),
        Some(listed) if listed.is_empty() => {
            Err(members.error(MEMBER, "ensure this value has at least 1 items"))
        }
        Some(listed) => Ok(listed),
    }
}

/// What is registered must be enough for the response types. Left out, it is
/// what they demand.
/// [Registration section 2](https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata)
fn grant_types(
    members: &Members<'_>,
    response_types: &[ResponseType],
) -> Result<Vec<&'static str>, PropertyError> {
    const MEMBER: &str = "grant_types";
    let demanded = demanded_by(response_types);
    let listed = members.list(MEMBER, MOST, |item| {
        item.as_str()
            .and_then(|text| among(&GRANTS, text))
            .ok_or_else(|| not_permitted(&GRANTS))
    })?;
    let Some(listed) = listed.map(distinct) else {
        return Ok(demanded);
    };
    match demanded.iter().find(|grant| !listed.contains(grant)) {
        None => Ok(listed),
        Some(missing) => {
            let problem = format!("the response types demand {missing}, too");
            Err(members.error(MEMBER, problem))
        }
    }
}

fn demanded_by(response_types: &[ResponseType]) -> Vec<&'static str> {
    let any = |wants: fn(ResponseType) -> bool| response_types.iter().any(|own| wants(*own));
    let code = any(ResponseType::has_code).then_some(CODE);
    let implicit = any(|own| own.has_id_token() || own.has_token()).then_some(IMPLICIT);
    code.into_iter().chain(implicit).collect()
}

/// One of these, the first when it is left out.
fn word(
    members: &Members<'_>,
    name: &'static str,
    permitted: &[&'static str],
) -> Result<&'static str, PropertyError> {
    let given = members.word(name, |text| among(permitted, text), permitted)?;
    Ok(given.or(permitted.first().copied()).unwrap_or_default())
}

fn among(permitted: &[&'static str], text: &str) -> Option<&'static str> {
    permitted.iter().copied().find(|own| *own == text)
}

/// A name of nothing counts as none.
fn name(members: &Members<'_>) -> Result<Option<String>, PropertyError> {
    let name = members.text_or_empty("client_name", *NAME.end())?;
    Ok(Some(name).filter(|name| !name.trim().is_empty()))
}

/// The address of a web page. It may be shown as a link, so that no other
/// scheme is taken.
fn page(members: &Members<'_>, name: &'static str) -> Result<Option<String>, PropertyError> {
    let Some(text) = members.text(name, &ADDRESS)? else {
        return Ok(None);
    };
    let on_the_web = ["https://", "http://"].iter().any(|scheme| {
        let start = text.get(..scheme.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(scheme)) && text.len() > scheme.len()
    });
    if on_the_web && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(Some(text.to_owned()))
    } else {
        Err(members.error(name, "it is not the address of a web page"))
    }
}

/// [Core section 4](https://openid.net/specs/openid-connect-core-1_0.html#ThirdPartyInitiatedLogin)
fn initiate_login_uri(members: &Members<'_>) -> Result<Option<String>, PropertyError> {
    const MEMBER: &str = "initiate_login_uri";
    let Some(text) = members.text(MEMBER, &ADDRESS)? else {
        return Ok(None);
    };
    let https = text
        .get(..6)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case("https:"));
    if !https {
        return Err(members.error(MEMBER, "it must begin with https"));
    }
    redirect_uri::check(text).map_err(|error| members.error(MEMBER, error.to_string()))?;
    Ok(Some(text.to_owned()))
}

fn contacts(members: &Members<'_>) -> Result<Vec<String>, PropertyError> {
    let listed = members.list("contacts", MOST, |item| {
        crate::body::text(item, &NAME).map(str::to_owned)
    })?;
    Ok(listed.unwrap_or_default())
}

fn scope(members: &Members<'_>) -> Result<Option<String>, PropertyError> {
    const MEMBER: &str = "scope";
    let Some(text) = members.text(MEMBER, &(0..=redirect_uri::LONGEST))? else {
        return Ok(None);
    };
    let mut scope = Scope::default();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let token = ScopeToken::new(word);
        scope.insert(token.map_err(|error| members.error(MEMBER, error.to_string()))?);
    }
    Ok(Some(scope.to_string()))
}

/// The same without repetitions.
fn distinct<T: PartialEq>(listed: Vec<T>) -> Vec<T> {
    let mut once: Vec<T> = Vec::with_capacity(listed.len());
    for item in listed {
        if !once.contains(&item) {
            once.push(item);
        }
    }
    once
}

fn spelt<S: Serializer>(types: &[ResponseType], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(types.iter().map(|own| own.as_str()))
}

/// As it is sent. What `NOT_IMPLEMENTED` names is left out.
#[cfg(feature = "schema")]
mod described {
    use super::{
        ADDRESS, APPLICATION_TYPES, AUTH_METHODS, ClientMetadata, GRANTS, MOST, NAME,
        REDIRECT_URIS, SUBJECT_TYPES,
    };
    use crate::schema::{describes, object, optional, optional_text, redirect_uris};
    use oidc::{response_type::ResponseType, signing_algorithm::SigningAlgorithm};
    use serde_json::{Value, json};

    describes!(ClientMetadata, "ClientMetadata", metadata());

    /// The address of a web page.
    fn page() -> Value {
        let mut page = optional_text(&ADDRESS);
        page["pattern"] = r"^[Hh][Tt][Tt][Pp][Ss]?://[\x21-\x7e]+$".into();
        page
    }

    fn metadata() -> Value {
        let word = |permitted: &[&str]| optional(json!({ "type": "string", "enum": permitted }));
        let list =
            |items: &Value| json!({ "type": ["array", "null"], "maxItems": MOST, "items": items });
        let mut required_uris = redirect_uris(MOST);
        required_uris["type"] = "array".into();
        required_uris["minItems"] = 1.into();
        let response_types = ResponseType::ALL.map(ResponseType::as_str);
        let mut response_types = list(&json!({ "type": "string", "enum": response_types }));
        response_types["minItems"] = 1.into();
        object(
            &[REDIRECT_URIS],
            json!({
                REDIRECT_URIS: required_uris,
                "post_logout_redirect_uris": redirect_uris(MOST),
                "response_types": response_types,
                "grant_types": list(&json!({ "type": "string", "enum": GRANTS })),
                "token_endpoint_auth_method": word(&AUTH_METHODS),
                "id_token_signed_response_alg":
                    word(&SigningAlgorithm::ALL.map(SigningAlgorithm::as_str)),
                "application_type": word(&APPLICATION_TYPES),
                "subject_type": word(&SUBJECT_TYPES),
                "client_name": optional_text(&(0..=*NAME.end())),
                "client_uri": page(),
                "logo_uri": page(),
                "policy_uri": page(),
                "tos_uri": page(),
                "initiate_login_uri": optional_text(&ADDRESS),
                "contacts": list(&json!({ "type": "string" })),
                "scope": { "type": ["string", "null"] },
            }),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn read(body: &Value) -> Result<ClientMetadata, MetadataError> {
        ClientMetadata::from_json(body.as_object().unwrap())
    }

    /// A registration with these members besides an address.
    fn with(members: Value) -> Value {
        let mut body = json!({ "redirect_uris": ["https://a.test/cb"] });
        let Value::Object(members) = members else {
            panic!("{members} is no object")
        };
        body.as_object_mut().unwrap().extend(members);
        body
    }

    #[test]
    fn what_is_left_out_gets_its_default() {
        let expected = json!({
            "redirect_uris": ["https://a.test/cb"],
            "response_types": ["code"],
            "grant_types": ["authorization_code"],
            "token_endpoint_auth_method": "client_secret_basic",
            "id_token_signed_response_alg": "RS256",
            "application_type": "web",
            "subject_type": "public",
        });
        for body in [
            with(json!({})),
            with(json!({ "response_types": null, "client_name": " ", "unknown": [1] })),
        ] {
            let metadata = read(&body).unwrap();
            assert_eq!(serde_json::to_value(&metadata).unwrap(), expected);
            assert_eq!(metadata.client_type(), ClientType::Confidential);
        }
    }

    #[test]
    fn what_is_there_is_kept() {
        let body = json!({
            "redirect_uris": ["com.example.app:/cb", "http://localhost:8080/cb"],
            "post_logout_redirect_uris": ["https://a.test/bye"],
            "response_types": ["code", "code id_token"],
            "grant_types": ["authorization_code", "implicit", "refresh_token"],
            "token_endpoint_auth_method": "none",
            "id_token_signed_response_alg": "ES256",
            "application_type": "native",
            "subject_type": "public",
            "client_name": "Näme",
            "client_uri": "https://a.test/",
            "logo_uri": "https://a.test/logo.png",
            "policy_uri": "https://a.test/policy#data",
            "tos_uri": "http://a.test/terms",
            "contacts": ["a@a.test"],
            "initiate_login_uri": "https://a.test/login",
            "scope": "openid profile",
        });
        let metadata = read(&body).unwrap();
        assert_eq!(serde_json::to_value(&metadata).unwrap(), body);
        assert_eq!(metadata.client_type(), ClientType::Public);
    }

    #[test]
    fn grants_follow_from_response_types_and_must_be_enough_for_them() {
        let check = |types: &[&str], grants: Option<&[&str]>, expected: Result<&[&str], &str>| {
            let body = with(json!({ "response_types": types, "grant_types": grants }));
            let read = read(&body).map(|read| read.grant_types);
            match (read, expected) {
                (Ok(read), Ok(expected)) => assert_eq!(read, expected, "{types:?}"),
                (Err(error), Err(expected)) => assert_eq!(error.to_string(), expected),
                (read, _) => panic!("{types:?} {grants:?}: {read:?}"),
            }
        };
        check(&["code", "code"], None, Ok(&["authorization_code"]));
        check(&["token id_token"], None, Ok(&["implicit"]));
        check(
            &["code token"],
            None,
            Ok(&["authorization_code", "implicit"]),
        );
        check(
            &["code"],
            Some(&["authorization_code", "refresh_token"]),
            Ok(&["authorization_code", "refresh_token"]),
        );
        check(
            &["code id_token"],
            Some(&["authorization_code"]),
            Err("grant_types: the response types demand implicit, too"),
        );
        check(
            &["code"],
            Some(&[]),
            Err("grant_types: the response types demand authorization_code, too"),
        );
    }

    #[test]
    fn what_cannot_be_registered_is_named() {
        let many = vec!["https://a.test/"; 51];
        for (member, value, place) in [
            ("redirect_uris", json!(null), "redirect_uris"),
            ("redirect_uris", json!([]), "redirect_uris"),
            ("redirect_uris", json!("https://a.test/"), "redirect_uris"),
            ("redirect_uris", json!(many), "redirect_uris"),
            ("redirect_uris", json!([7]), "redirect_uris[0]"),
            (
                "redirect_uris",
                json!(["https://a.test/", "https://a.test/#part"]),
                "redirect_uris[1]",
            ),
            (
                "redirect_uris",
                json!(["http://a.test/"]),
                "redirect_uris[0]",
            ),
            ("redirect_uris", json!(["javascript:x"]), "redirect_uris[0]"),
            (
                "post_logout_redirect_uris",
                json!(["data:x"]),
                "post_logout_redirect_uris[0]",
            ),
            ("response_types", json!([]), "response_types"),
            ("response_types", json!(["token"]), "response_types[0]"),
            ("response_types", json!("code"), "response_types"),
            ("grant_types", json!(["password"]), "grant_types[0]"),
            (
                "grant_types",
                json!(["authorization_code", "client_credentials"]),
                "grant_types[1]",
            ),
            (
                "token_endpoint_auth_method",
                json!("private_key_jwt"),
                "token_endpoint_auth_method",
            ),
            (
                "id_token_signed_response_alg",
                json!("none"),
                "id_token_signed_response_alg",
            ),
            ("application_type", json!("desktop"), "application_type"),
            ("subject_type", json!("pairwise"), "subject_type"),
            ("client_name", json!("x".repeat(201)), "client_name"),
            ("client_name", json!("a\u{0}b"), "client_name"),
            ("client_uri", json!("javascript:alert(1)"), "client_uri"),
            ("logo_uri", json!("https://a.test/a b"), "logo_uri"),
            ("logo_uri", json!("é"), "logo_uri"),
            ("policy_uri", json!("https://"), "policy_uri"),
            ("tos_uri", json!(1), "tos_uri"),
            ("contacts", json!([""]), "contacts[0]"),
            (
                "initiate_login_uri",
                json!("http://a.test/login"),
                "initiate_login_uri",
            ),
            (
                "initiate_login_uri",
                json!("https:///login"),
                "initiate_login_uri",
            ),
            ("scope", json!("openid \"x\""), "scope"),
        ] {
            let error = read(&with(json!({ member: value }))).unwrap_err();
            let text = error.to_string();
            assert!(text.starts_with(&format!("{place}: ")), "{member}: {text}");
            let expected = if member == "redirect_uris" {
                ErrorCode::InvalidRedirectUri
            } else {
                ErrorCode::InvalidClientMetadata
            };
            assert_eq!(error.code(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_not_implemented_is_refused_unless_it_is_not_wanted() {
        for member in NOT_IMPLEMENTED {
            for wanted in [
                json!("RS256"),
                json!(true),
                json!(["x"]),
                json!(1),
                json!({}),
            ] {
                let error = read(&with(json!({ member: wanted }))).unwrap_err();
                assert_eq!(
                    error.to_string(),
                    format!("{member}: this is not implemented")
                );
                assert_eq!(error.code(), ErrorCode::InvalidClientMetadata);
            }
            for unwanted in [json!(null), json!(false), json!(""), json!([])] {
                assert!(read(&with(json!({ member: unwanted }))).is_ok(), "{member}");
            }
        }
    }

    fn some_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
            prop::sample::select(vec!["code", "none", "https://a.test/cb", "http://x"])
                .prop_map(Value::from),
        ];
        leaf.prop_recursive(2, 8, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::hash_map("[a-z]{1,3}", inner, 0..3)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        /// Whatever is sent is refused with a text, or answered in a form that
        /// registers the same again.
        #[test]
        fn what_was_registered_can_be_registered_again(
            values in prop::collection::vec(some_json(), 16)
        ) {
            let body = read(&with(json!({})))
                .map(|metadata| serde_json::to_value(metadata).unwrap())
                .unwrap();
            let names: Vec<String> = body.as_object().unwrap().keys().cloned()
                .chain(["contacts", "scope", "client_name", "logo_uri"].map(str::to_owned))
                .collect();
            for (name, value) in names.iter().zip(values) {
                match read(&with(json!({ name.as_str(): value }))) {
                    Ok(metadata) => {
                        let answered = serde_json::to_value(&metadata).unwrap();
                        prop_assert_eq!(read(&answered).unwrap(), metadata);
                    }
                    Err(error) => prop_assert!(error.to_string().starts_with(name.as_str())),
                }
            }
        }
    }
}
