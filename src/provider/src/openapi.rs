//! The OpenAPI document of a customer, made of the operations the router is
//! made of and of the types they take and return.
//! [OpenAPI 3.1](https://spec.openapis.org/oas/v3.1.1.html)

mod protocol;

use crate::{
    config_api::{self, ConfigError, Operation},
    provider::Provider,
};
use axum::{
    Json,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, StatusCode, header};
use schemars::{Schema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

/// Where the document is, below `/{customer}/`.
pub(crate) const PATH: &str = "config/openapi.json";

/// How long it may be kept: what it says changes with the program only.
const CACHE: &str = "public, max-age=300";

/// Shows the document. It says nothing about what the customer has, so that
/// nobody is asked for a token.
pub(crate) async fn get(
    State(provider): State<Provider>,
    Path(customer): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ConfigError> {
    let customer = provider
        .customer(&customer, &headers)
        .await?
        .ok_or(ConfigError::NotFound)?;
    let document = document(&provider.base(&customer.id));
    Ok(([(header::CACHE_CONTROL, CACHE)], Json(document)).into_response())
}

/// The document of the customer whose addresses begin with `base`.
fn document(base: &str) -> Value {
    static EVERYBODYS: LazyLock<Value> = LazyLock::new(everybodys);
    let mut document = EVERYBODYS.clone();
    document["servers"] = json!([{ "url": base }]);
    document
}

/// What is the same for every customer.
fn everybodys() -> Value {
    let mut schemas = SchemaSettings::draft2020_12()
        .with(|settings| {
            settings.definitions_path = "/components/schemas".into();
            settings.meta_schema = None;
        })
        .for_serialize()
        .into_generator();
    let operations = config_api::operations();
    let mut paths = protocol::paths(&mut schemas);
    for operation in &operations {
        let described = describe(operation, &operations, &mut schemas);
        let path = paths
            .entry(format!("/{}", operation.path))
            .or_insert_with(|| json!({}));
        path[operation.method.as_str().to_ascii_lowercase()] = described;
    }
    paths.insert(format!("/{PATH}"), json!({ "get": own_description() }));
    let responses = refusals(&mut schemas);
    let mut security_schemes = Map::from_iter([(TOKEN.to_owned(), token_scheme())]);
    let others = protocol::security_schemes().into_iter();
    security_schemes.extend(others.map(|(name, scheme)| (name.to_owned(), scheme)));
    json!({
        "openapi": "3.1.1",
        "info": {
            "title": "OIDC Playground",
            "version": env!("CARGO_PKG_VERSION"),
            "description": INTRODUCTION,
        },
        "security": [{ TOKEN: [] }],
        "paths": paths,
        "components": {
            "schemas": schemas.take_definitions(true),
            "responses": responses,
            "securitySchemes": security_schemes,
        },
    })
}

fn token_scheme() -> Value {
    json!({
        "type": "http",
        "scheme": "bearer",
        "description": "An administrative token: `grant_type=client_credentials` at `/login/token` with a configuration client, and a `scope` such as `*:config/**`.",
    })
}

/// The name of the security scheme.
const TOKEN: &str = "administrativeToken";

const INTRODUCTION: &str = "What programs call of a customer of the provider. What browsers are sent to, `/login/authorize` and the screens, stands in the specifications.\n\n**The configuration API** has token policies, login policies and clients as Akamai Identity Cloud's OpenID Connect Configuration APIs have them; beyond Akamai people, faults, keys and reset.\n\nEvery refusal has the body `{\"errors\":\"…\"}`. PUT replaces the whole document: what is left out gets its default. Members that are not known are ignored, and `null` counts as left out. GET of a document names its version in `ETag`; beyond Akamai, PUT and DELETE heed `If-Match`. Which calls a token may make is said by its scopes, `action:path`: `*:config/**` for all of them, `.:**` for reading.";

/// The document about itself.
fn own_description() -> Value {
    json!({
        "operationId": "getOpenApiDocument",
        "summary": "Shows this document",
        "tags": ["openapi.json"],
        "security": [],
        "responses": {
            "200": {
                "description": "This document.",
                "content": { "application/json": { "schema": { "type": "object" } } },
            },
            "404": { "$ref": "#/components/responses/404" },
        },
    })
}

/// Why any call may be refused.
const ALWAYS: [StatusCode; 4] = [
    StatusCode::UNAUTHORIZED,
    StatusCode::FORBIDDEN,
    StatusCode::NOT_FOUND,
    StatusCode::INTERNAL_SERVER_ERROR,
];
/// Why any call that sends something may be refused, besides.
const WHEN_SENT: [StatusCode; 3] = [
    StatusCode::BAD_REQUEST,
    StatusCode::PAYLOAD_TOO_LARGE,
    StatusCode::UNPROCESSABLE_ENTITY,
];

/// The refusals that mean the same everywhere.
fn refusals(schemas: &mut SchemaGenerator) -> Value {
    let mut responses = Map::new();
    for (status, why) in [
        (
            StatusCode::BAD_REQUEST,
            "The body is not a JSON object; the text names line and column.",
        ),
        (
            StatusCode::UNAUTHORIZED,
            "There is no bearer token in the request.",
        ),
        (
            StatusCode::FORBIDDEN,
            "The token is unknown, expired, revoked or no administrative one, or none of its scopes covers the call.",
        ),
        (
            StatusCode::NOT_FOUND,
            "There is no such customer, or no such document.",
        ),
        (StatusCode::PAYLOAD_TOO_LARGE, "The body is too large."),
        (
            StatusCode::UNPROCESSABLE_ENTITY,
            "A property cannot be stored; the text names it: `('title',) field required`.",
        ),
        (StatusCode::INTERNAL_SERVER_ERROR, "A fault of the server."),
    ] {
        responses.insert(status.as_str().to_owned(), refusal(why, schemas));
    }
    responses.into()
}

fn refusal(why: &str, schemas: &mut SchemaGenerator) -> Value {
    json!({ "description": why, "content": json_of(&ConfigError::schema(schemas)) })
}

fn json_of(schema: &Schema) -> Value {
    json!({ "application/json": { "schema": schema } })
}

fn describe(operation: &Operation, all: &[Operation], schemas: &mut SchemaGenerator) -> Value {
    let mut described = json!({
        "operationId": operation.name,
        "summary": operation.summary,
        "tags": [tag(operation)],
    });
    if !operation.remark.is_empty() {
        described["description"] = operation.remark.into();
    }
    let parameters = parameters(operation);
    if !parameters.is_empty() {
        described["parameters"] = parameters.into();
    }
    let sent = (operation.sent)(schemas);
    let mut responses = Map::new();
    let success = success(operation, all, schemas);
    responses.insert(operation.status.as_str().to_owned(), success);
    let when_sent = sent.iter().flat_map(|_| WHEN_SENT);
    for status in when_sent.chain(ALWAYS) {
        let status = status.as_str();
        let reference = format!("#/components/responses/{status}");
        responses.insert(status.to_owned(), json!({ "$ref": reference }));
    }
    for (status, why) in &operation.refusals {
        responses.insert(status.as_str().to_owned(), refusal(why, schemas));
    }
    if let Some(sent) = sent {
        described["requestBody"] = json!({ "required": true, "content": json_of(&sent) });
    }
    described["responses"] = responses.into();
    described
}

/// What a call carries besides its body.
fn parameters(operation: &Operation) -> Vec<Value> {
    let id = operation.path.contains("{id}").then(|| {
        json!({
            "name": "id",
            "in": "path",
            "required": true,
            "schema": { "type": "string", "minLength": 1 },
        })
    });
    let version = operation.conditional.then(|| {
        json!({
            "name": "If-Match",
            "in": "header",
            "description": "The `ETag` of the version that was seen, several of them, or `*` for any: what is another version by now stays as it is, and the answer is 412. Left out, whatever is there is overwritten.",
            "schema": { "type": "string" },
        })
    });
    id.into_iter().chain(version).collect()
}

/// What comes back when all is well, and where it leads.
fn success(operation: &Operation, all: &[Operation], schemas: &mut SchemaGenerator) -> Value {
    let status = operation.status;
    let mut success = json!({ "description": status.canonical_reason() });
    if let Some(schema) = (operation.answer)(schemas) {
        success["content"] = json_of(&schema);
    }
    if status == StatusCode::CREATED {
        success["headers"] = json!({
            "Location": { "description": "Its path.", "schema": { "type": "string" } }
        });
    }
    if operation.versioned {
        success["headers"] = json!({
            "ETag": {
                "description": "The version of the document, for `If-Match`.",
                "schema": { "type": "string" },
            }
        });
    }
    if let Some(id) = operation.id_at {
        let leads_to = |other: &&Operation| {
            other
                .path
                .strip_prefix(operation.path)
                .is_some_and(|rest| rest.starts_with("/{id}"))
        };
        let link = |other: &Operation| {
            let link = json!({ "operationId": other.name, "parameters": { "id": id } });
            (other.name.to_owned(), link)
        };
        let links: Map<String, Value> = all.iter().filter(leads_to).map(link).collect();
        success["links"] = links.into();
    }
    success
}

/// The part of the API an operation belongs to.
fn tag(operation: &Operation) -> &'static str {
    operation.path.split('/').nth(1).unwrap_or_default()
}
