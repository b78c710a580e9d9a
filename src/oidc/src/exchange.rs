//! HTTP messages as they went over the wire, and what must be masked in them.

use serde::{Deserialize, Serialize};

/// One request and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HttpExchange {
    /// What was sent.
    pub request: CapturedRequest,
    /// What was received; `None` when no answer came.
    pub response: Option<CapturedResponse>,
    /// Why no answer came, for a person to read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// From the first byte sent to the last byte received, in microseconds.
    pub elapsed_micros: u64,
}

/// A request as it was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapturedRequest {
    /// The method, in capitals.
    pub method: String,
    /// The whole address.
    pub url: String,
    /// Header fields in order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as text; empty when there was none.
    #[serde(default)]
    pub body: String,
}

/// A response as it was received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapturedResponse {
    /// The status code.
    pub status: u16,
    /// Header fields in order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as text; empty when there was none.
    #[serde(default)]
    pub body: String,
}

/// A piece of a message, told apart by whether it may be shown at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Anyone may see it.
    Plain(String),
    /// A token, code, secret, password or cookie.
    Secret(String),
}

/// What stands in place of a secret.
pub const MASK: &str = "••••••";
