//! Pieces of JSON Schema for the bodies that the configuration API takes. What
//! they allow is what [`crate::body`] reads.

use crate::body::Length;
use oidc::redirect_uri;
use serde_json::{Value, json};

/// Any text without control characters.
const PRINTABLE: &str = r"^[^\u0000-\u001f\u007f-\u009f]*$";
/// The same with something visible in it.
const VISIBLE: &str = r"^[^\u0000-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f][^\u0000-\u001f\u007f-\u009f]*$";
/// What may stand in an address behind its host.
const IN_ADDRESS: &str = r"(%[0-9A-Fa-f]{2}|[A-Za-z0-9._~:/?@!$&'()*+,;=\[\]-])";
/// A host. IPv6 addresses may be written in shorter ways too.
const HOST: &str =
    r"([A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*|\[([0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}\])";
/// This machine.
const LOOPBACK: &str = r"(localhost|127\.0\.0\.1|\[::1\])";
/// A port, if there is one.
const PORT: &str = "(:([0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}))?";

/// What [`redirect_uri::check`] takes, in the usual spellings.
fn redirect_uri() -> String {
    let browsers = redirect_uri::OF_BROWSERS.join("|");
    let own = format!("(?!({browsers}|https?):)[A-Za-z][A-Za-z0-9+.-]*:{IN_ADDRESS}+");
    let web = format!("(https://({LOOPBACK}|{HOST})|http://{LOOPBACK}){PORT}([/?]{IN_ADDRESS}*)?");
    format!("^({web}|{own})$")
}

/// What [`redirect_uri::check_web`] takes, in the usual spellings.
pub(crate) fn web_address_or_nothing() -> String {
    format!("^(https?://({LOOPBACK}|{HOST}){PORT}([/?]{IN_ADDRESS}*)?)?$")
}

/// A text that must be there.
pub(crate) fn text(length: &Length) -> Value {
    json!({
        "type": "string",
        "minLength": length.start(),
        "maxLength": length.end(),
        "pattern": if *length.start() > 0 { VISIBLE } else { PRINTABLE },
    })
}

/// A text that may be left out, or `null`.
pub(crate) fn optional_text(length: &Length) -> Value {
    optional(text(length))
}

/// Whatever it is, or `null`.
pub(crate) fn optional(mut schema: Value) -> Value {
    if let Some(Value::Array(words)) = schema.get_mut("enum") {
        words.push(Value::Null);
    }
    if let Some(kind) = schema.get_mut("type") {
        *kind = match kind.take() {
            Value::Array(mut kinds) => {
                kinds.push("null".into());
                kinds.into()
            }
            one => json!([one, "null"]),
        };
    }
    schema
}

/// A list of addresses to be sent back to.
pub(crate) fn redirect_uris(most: usize) -> Value {
    json!({
        "type": ["array", "null"],
        "maxItems": most,
        "items": {
            "type": "string",
            "minLength": 1,
            "maxLength": redirect_uri::LONGEST,
            "pattern": redirect_uri(),
        },
    })
}

/// An object with these members; others are ignored.
pub(crate) fn object(required: &[&str], properties: Value) -> Value {
    let mut schema = json!({ "type": "object", "required": required });
    schema["properties"] = properties;
    schema
}

/// Lets a type describe itself by a function that returns its schema.
macro_rules! describes {
    ($type:ty, $name:literal, $schema:expr) => {
        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                $name.into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                // A schema is an object or a boolean; these are objects.
                $schema.try_into().unwrap_or_default()
            }
        }
    };
}
pub(crate) use describes;
