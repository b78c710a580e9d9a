//! HTTP messages as they went over the wire, and what must be masked in them.

use serde::{Deserialize, Serialize};

/// A step of a run: which request an exchange was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Step {
    /// Fetching the discovery document.
    Discovery,
    /// Sending the browser to the authorization endpoint.
    Authorize,
    /// The browser coming back to the redirect URI.
    Callback,
    /// Redeeming the code at the token endpoint.
    Token,
    /// Fetching the provider's public keys.
    Jwks,
    /// Asking userinfo for claims.
    UserInfo,
    /// Fetching an administrative token.
    AdminToken,
    /// Reading the configuration.
    ConfigRead,
    /// Writing the configuration.
    ConfigWrite,
}

impl Step {
    /// Every step, in the order a run with a change takes them.
    pub const ALL: [Self; 9] = [
        Self::AdminToken,
        Self::ConfigRead,
        Self::ConfigWrite,
        Self::Authorize,
        Self::Callback,
        Self::Discovery,
        Self::Token,
        Self::Jwks,
        Self::UserInfo,
    ];

    /// What the step is called on the page.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Discovery => "Discovery",
            Self::Authorize => "Authorization request",
            Self::Callback => "Callback",
            Self::Token => "Token request",
            Self::Jwks => "Signing keys",
            Self::UserInfo => "Userinfo request",
            Self::AdminToken => "Administrative token",
            Self::ConfigRead => "Read the token policy",
            Self::ConfigWrite => "Write the token policy",
        }
    }
}

/// An exchange and the step it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedExchange {
    /// Which step it was.
    pub step: Step,
    /// What went over the wire.
    pub exchange: HttpExchange,
}

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

impl CapturedRequest {
    /// The request as a `curl` command. With `reveal` it can be run as it
    /// stands; without, secrets are placeholders such as `$ACCESS_TOKEN`.
    #[must_use]
    pub fn curl(&self, reveal: bool) -> String {
        let _ = reveal;
        String::new()
    }
}

/// Splits an address into what anyone may see and what is masked.
#[must_use]
pub fn url_pieces(url: &str) -> Vec<Piece> {
    vec![Piece::Plain(url.to_owned())]
}

/// Splits the value of a header field into what anyone may see and what is masked.
#[must_use]
pub fn header_pieces(name: &str, value: &str) -> Vec<Piece> {
    let _ = name;
    vec![Piece::Plain(value.to_owned())]
}

/// Splits a body into what anyone may see and what is masked. Reads forms and JSON.
#[must_use]
pub fn body_pieces(body: &str) -> Vec<Piece> {
    vec![Piece::Plain(body.to_owned())]
}
