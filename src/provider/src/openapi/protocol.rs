//! What programs call besides the configuration API. The specifications say it
//! at length; here stand the shapes.

use super::json_of;
use oidc::{
    error::OAuthError, metadata::ProviderMetadata, signing_algorithm::SigningAlgorithm,
    token::TokenResponse,
};
use policy::client_metadata::ClientMetadata;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

/// The security scheme of a client that proves itself in the header.
pub(super) const CLIENT: &str = "clientSecretBasic";
/// The security scheme of a person's access token.
pub(super) const PERSON: &str = "accessToken";
/// The security scheme of a registration access token.
pub(super) const REGISTRATION: &str = "registrationAccessToken";

/// The security schemes of this part.
pub(super) fn security_schemes() -> [(&'static str, Value); 3] {
    let bearer = |what: &str| json!({ "type": "http", "scheme": "bearer", "description": what });
    [
        (
            CLIENT,
            json!({
                "type": "http",
                "scheme": "basic",
                "description": "A client's id and secret, each form-encoded. They may stand in the form instead: `client_id`, `client_secret`.",
            }),
        ),
        (PERSON, bearer("An access token that a login brought.")),
        (
            REGISTRATION,
            bearer("The `registration_access_token` that the registration was answered with."),
        ),
    ]
}

/// Every path of this part.
pub(super) fn paths(schemas: &mut SchemaGenerator) -> Map<String, Value> {
    let mut paths = Map::new();
    paths.insert(
        "/login/.well-known/openid-configuration".to_owned(),
        json!({ "get": discovery(schemas) }),
    );
    paths.insert("/login/jwk".to_owned(), json!({ "get": jwk(schemas) }));
    for (path, operation) in [
        ("/login/token", token(schemas)),
        ("/login/token/introspect", introspect(schemas)),
        ("/login/token/revoke", revoke(schemas)),
        ("/login/register", register(schemas)),
    ] {
        paths.insert(path.to_owned(), json!({ "post": operation }));
    }
    paths.insert(
        "/login/register/{client_id}".to_owned(),
        json!({ "get": registered(schemas) }),
    );
    let mut userinfo = json!({ "get": userinfo("getUserInfo", schemas) });
    userinfo["post"] = posted_userinfo(schemas);
    paths.insert("/profiles/oidc/userinfo".to_owned(), userinfo);
    paths
}

/// An operation with its answers.
fn operation(
    (name, summary): (&str, &str),
    security: &Value,
    success: (&str, Option<Value>),
    refusals: &[(&str, &str)],
    schemas: &mut SchemaGenerator,
) -> Value {
    let (status, schema) = success;
    let mut answer = json!({ "description": "All is well." });
    if let Some(schema) = schema {
        answer["content"] = json!({ "application/json": { "schema": schema } });
    }
    let mut responses = Map::from_iter([(status.to_owned(), answer)]);
    let errors = json_of(&schemas.subschema_for::<OAuthError>());
    let always = [
        ("404", "There is no such customer."),
        ("500", "A fault of the server."),
    ];
    for (status, why) in refusals.iter().chain(&always) {
        let answer = json!({ "description": why, "content": errors });
        responses.insert((*status).to_owned(), answer);
    }
    json!({
        "operationId": name,
        "summary": summary,
        "tags": ["protocol"],
        "security": security,
        "responses": responses,
    })
}

fn schema_of<T: JsonSchema>(schemas: &mut SchemaGenerator) -> Value {
    schemas.subschema_for::<T>().into()
}

fn discovery(schemas: &mut SchemaGenerator) -> Value {
    let metadata = schema_of::<ProviderMetadata>(schemas);
    operation(
        ("getDiscoveryDocument", "Shows the discovery document"),
        &json!([]),
        ("200", Some(metadata)),
        &[],
        schemas,
    )
}

fn jwk(schemas: &mut SchemaGenerator) -> Value {
    // [RFC 7518 section 6](https://www.rfc-editor.org/rfc/rfc7518#section-6)
    let private = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
    let private = private.map(|member| json!({ "required": [member] }));
    let key = json!({
        "type": "object",
        "required": ["kty", "use", "kid", "alg"],
        "properties": {
            "kty": { "type": "string" },
            "use": { "const": "sig" },
            "kid": { "type": "string" },
            "alg": { "enum": SigningAlgorithm::ALL },
        },
        "not": { "anyOf": private },
    });
    let keys = json!({
        "type": "object",
        "required": ["keys"],
        "properties": { "keys": { "type": "array", "minItems": 1, "items": key } },
    });
    operation(
        ("getKeys", "Shows the public keys"),
        &json!([]),
        ("200", Some(keys)),
        &[],
        schemas,
    )
}

/// Why a client that posts a form may be refused.
const CLIENT_REFUSALS: [(&str, &str); 4] = [
    ("400", "The request, or what it presents, is not valid."),
    ("401", "The client did not prove that it is the client."),
    ("413", "The body is too large."),
    ("429", "Somebody tries secrets; see `Retry-After`."),
];

/// A client proves itself in the header or in the form, or is public.
fn by_client() -> Value {
    json!([{ CLIENT: [] }, {}])
}

/// A form with these fields, the first of them required.
fn form(fields: &[&str], media_types: &[&str]) -> Value {
    let properties: Map<String, Value> = fields
        .iter()
        .map(|field| ((*field).to_owned(), json!({ "type": "string" })))
        .collect();
    let schema = json!({
        "type": "object",
        "required": fields.iter().take(1).collect::<Vec<_>>(),
        "properties": properties,
    });
    let content: Map<String, Value> = media_types
        .iter()
        .map(|media_type| ((*media_type).to_owned(), json!({ "schema": schema })))
        .collect();
    json!({ "required": true, "content": content })
}

const FORMS: [&str; 2] = ["application/x-www-form-urlencoded", "multipart/form-data"];

fn token(schemas: &mut SchemaGenerator) -> Value {
    let tokens = schema_of::<TokenResponse>(schemas);
    let mut operation = operation(
        (
            "getTokens",
            "Exchanges a code, a refresh token or a client's secret for tokens",
        ),
        &by_client(),
        ("200", Some(tokens)),
        &CLIENT_REFUSALS,
        schemas,
    );
    let fields = [
        "grant_type",
        "client_id",
        "client_secret",
        "code",
        "redirect_uri",
        "code_verifier",
        "refresh_token",
        "scope",
    ];
    operation["requestBody"] = form(&fields, &FORMS);
    operation
}

const ONE_TOKEN: [&str; 4] = ["token", "token_type_hint", "client_id", "client_secret"];

fn introspect(schemas: &mut SchemaGenerator) -> Value {
    let description = json!({
        "type": "object",
        "required": ["active"],
        "properties": {
            "active": { "type": "boolean" },
            "scope": { "type": "string" },
            "client_id": { "type": "string" },
            "token_type": { "type": "string" },
            "exp": { "type": "integer" },
            "iat": { "type": "integer" },
            "sub": { "type": "string" },
            "aud": { "type": ["string", "array"], "items": { "type": "string" } },
        },
    });
    let mut operation = operation(
        (
            "introspectToken",
            "Says whether a token counts, and what it stands for",
        ),
        &by_client(),
        ("200", Some(description)),
        &CLIENT_REFUSALS,
        schemas,
    );
    operation["requestBody"] = form(&ONE_TOKEN, &FORMS);
    operation
}

fn revoke(schemas: &mut SchemaGenerator) -> Value {
    let mut operation = operation(
        ("revokeToken", "Takes a token back"),
        &by_client(),
        ("200", None),
        &CLIENT_REFUSALS,
        schemas,
    );
    operation["requestBody"] = form(&ONE_TOKEN, &FORMS);
    operation
}

/// What registration answers with, beyond the metadata.
fn registration() -> Value {
    json!({
        "type": "object",
        "required": ["client_id", "redirect_uris", "registration_client_uri"],
        "properties": {
            "client_id": { "type": "string" },
            "client_secret": { "type": "string" },
            "redirect_uris": { "type": "array", "items": { "type": "string" } },
            "registration_access_token": { "type": "string" },
            "registration_client_uri": { "type": "string" },
        },
    })
}

fn register(schemas: &mut SchemaGenerator) -> Value {
    let mut operation = operation(
        (
            "registerClient",
            "Registers a client, where clients may do so themselves",
        ),
        &json!([]),
        ("201", Some(registration())),
        &[
            ("400", "The metadata cannot be registered."),
            ("403", "There are as many clients as there may be."),
            ("404", "There is no such customer, or clients may not."),
            ("413", "The body is too large."),
        ],
        schemas,
    );
    operation["requestBody"] = json!({
        "required": true,
        "content": json_of(&schemas.subschema_for::<ClientMetadata>()),
    });
    operation
}

fn registered(schemas: &mut SchemaGenerator) -> Value {
    let mut operation = operation(
        (
            "getRegisteredClient",
            "Shows a client that registered itself",
        ),
        &json!([{ REGISTRATION: [] }]),
        ("200", Some(registration())),
        &[
            ("401", "The token is not the client's."),
            ("404", "There is no such customer, or clients may not."),
        ],
        schemas,
    );
    operation["parameters"] = json!([{
        "name": "client_id",
        "in": "path",
        "required": true,
        "schema": { "type": "string", "minLength": 1 },
    }]);
    operation
}

fn userinfo(name: &str, schemas: &mut SchemaGenerator) -> Value {
    let claims = json!({
        "type": "object",
        "required": ["sub", "global_sub"],
        "properties": { "sub": { "type": "string" }, "global_sub": { "type": "string" } },
    });
    operation(
        (name, "Shows what an access token may know of its person"),
        &json!([{ PERSON: [] }]),
        ("200", Some(claims)),
        &[
            ("400", "The token is not sent as it should be."),
            ("401", "The token is missing, unknown, expired or revoked."),
            (
                "403",
                "The token has no scope `openid`, or is administrative.",
            ),
        ],
        schemas,
    )
}

/// The token may stand in the form.
fn posted_userinfo(schemas: &mut SchemaGenerator) -> Value {
    let mut operation = userinfo("postUserInfo", schemas);
    let mut body = form(&["access_token"], &FORMS[..1]);
    body["required"] = false.into();
    let field = "/content/application~1x-www-form-urlencoded/schema/required";
    if let Some(required) = body.pointer_mut(field) {
        *required = json!([]);
    }
    operation["requestBody"] = body;
    let too_large = &operation["responses"]["400"]["content"];
    operation["responses"]["413"] =
        json!({ "description": "The body is too large.", "content": too_large });
    operation["security"] = json!([{ PERSON: [] }, {}]);
    operation
}
