//! What goes out: documents, lists of them, and nothing.

use super::version;
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer, ser::SerializeMap as _};
use std::borrow::Cow;

/// What a call is answered with when all is well.
pub(crate) trait Answer: IntoResponse {
    /// The status it comes with.
    const STATUS: StatusCode;
    /// Whether it names the version of what it shows.
    const VERSIONED: bool = false;

    /// What the body is like; `None` where there is none.
    fn schema(schemas: &mut SchemaGenerator) -> Option<Schema>;
}

/// A document that is there.
pub(crate) struct Shown<T>(pub(super) T);

/// A document that can be replaced or deleted, with its version.
pub(crate) struct Versioned<T>(pub(super) T);

/// A document that was made.
pub(crate) struct Made<T> {
    /// The path it is at from now on.
    pub(super) at: String,
    pub(super) body: T,
}

/// It is done, and there is nothing to say.
pub(crate) struct Done;

impl<T: Serialize + JsonSchema> Answer for Shown<T> {
    const STATUS: StatusCode = StatusCode::OK;

    fn schema(schemas: &mut SchemaGenerator) -> Option<Schema> {
        Some(schemas.subschema_for::<T>())
    }
}

impl<T: Serialize + JsonSchema> Answer for Versioned<T> {
    const STATUS: StatusCode = StatusCode::OK;
    const VERSIONED: bool = true;

    fn schema(schemas: &mut SchemaGenerator) -> Option<Schema> {
        Some(schemas.subschema_for::<T>())
    }
}

impl<T: Serialize + JsonSchema> Answer for Made<T> {
    const STATUS: StatusCode = StatusCode::CREATED;

    fn schema(schemas: &mut SchemaGenerator) -> Option<Schema> {
        Some(schemas.subschema_for::<T>())
    }
}

impl Answer for Done {
    const STATUS: StatusCode = StatusCode::NO_CONTENT;

    fn schema(_: &mut SchemaGenerator) -> Option<Schema> {
        None
    }
}

/// Nobody keeps what may change, or holds a secret.
fn fresh(status: StatusCode, body: impl IntoResponse) -> Response {
    (status, [(header::CACHE_CONTROL, "no-store")], body).into_response()
}

impl<T: Serialize + JsonSchema> IntoResponse for Shown<T> {
    fn into_response(self) -> Response {
        fresh(<Self as Answer>::STATUS, Json(self.0))
    }
}

impl<T: Serialize + JsonSchema> IntoResponse for Versioned<T> {
    fn into_response(self) -> Response {
        let version = version::etag(&self.0);
        let mut response = Shown(self.0).into_response();
        if let Some(version) = version.and_then(|version| HeaderValue::try_from(version).ok()) {
            response.headers_mut().insert(header::ETAG, version);
        }
        response
    }
}

impl<T: Serialize + JsonSchema> IntoResponse for Made<T> {
    fn into_response(self) -> Response {
        let mut response = fresh(<Self as Answer>::STATUS, Json(self.body));
        // Ids are UUIDs, and a customer's id was found in the database.
        if let Ok(at) = HeaderValue::try_from(self.at) {
            response.headers_mut().insert(header::LOCATION, at);
        }
        response
    }
}

impl IntoResponse for Done {
    fn into_response(self) -> Response {
        fresh(<Self as Answer>::STATUS, ())
    }
}

/// An address on this server.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Link {
    href: String,
}

impl Link {
    pub(super) fn to(href: String) -> Self {
        Self { href }
    }
}

/// The links of most documents.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Links")]
pub(crate) struct OwnLink {
    /// The document itself.
    #[serde(rename = "self")]
    own: Link,
}

impl OwnLink {
    // Inferred: two spellings of the link are documented; this one resolves
    // (domain notes, section 10).
    pub(super) fn at(path: String) -> Self {
        Self {
            own: Link::to(path),
        }
    }
}

/// A document with its links.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "{T}Shown")]
pub(crate) struct Linked<T, L = OwnLink> {
    #[serde(flatten)]
    pub(super) document: T,
    #[serde(rename = "_links")]
    pub(super) links: L,
}

/// What stands in a list.
pub(crate) trait Listed: Serialize + JsonSchema {
    /// The name of the list in `_embedded`.
    const LIST: &'static str;
}

/// A list: how many there are, and all of them.
pub(crate) struct List<T>(pub(super) Vec<T>);

impl<T: Listed> Serialize for List<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("total", &self.0.len())?;
        map.serialize_entry("_embedded", &Embedded(&self.0))?;
        map.end()
    }
}

struct Embedded<'a, T>(&'a [T]);

impl<T: Listed> Serialize for Embedded<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(T::LIST, self.0)?;
        map.end()
    }
}

impl<T: Listed> JsonSchema for List<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("{}List", T::schema_name()).into()
    }

    fn json_schema(schemas: &mut SchemaGenerator) -> Schema {
        let item = schemas.subschema_for::<T>();
        json_schema!({
            "type": "object",
            "required": ["total", "_embedded"],
            "properties": {
                "total": { "type": "integer", "minimum": 0 },
                "_embedded": {
                    "type": "object",
                    "required": [T::LIST],
                    "properties": { T::LIST: { "type": "array", "items": item } },
                },
            },
        })
    }
}
