//! HTTP messages as they went over the wire.
//!
//! What must be masked in them is told by [`url_pieces`], [`header_pieces`] and
//! [`body_pieces`]; as a command they are printed by [`CapturedRequest::curl`].

mod curl;
mod mask;

pub use mask::{MASK, Piece, body_pieces, header_pieces, url_pieces};

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
    /// Turning a refresh token into new tokens.
    Refresh,
    /// Asking the provider what a token is.
    Introspection,
    /// Making a token worthless.
    Revocation,
    /// Ending the session at the provider.
    Logout,
}

impl Step {
    /// Every step, in the order a run with a change takes them, and what may
    /// follow.
    pub const ALL: [Self; 13] = [
        Self::AdminToken,
        Self::ConfigRead,
        Self::ConfigWrite,
        Self::Authorize,
        Self::Callback,
        Self::Discovery,
        Self::Token,
        Self::Jwks,
        Self::UserInfo,
        Self::Refresh,
        Self::Introspection,
        Self::Revocation,
        Self::Logout,
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
            Self::ConfigRead => "Read the configuration",
            Self::ConfigWrite => "Write the configuration",
            Self::Refresh => "Refresh request",
            Self::Introspection => "Introspection request",
            Self::Revocation => "Revocation request",
            Self::Logout => "Logout",
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

#[cfg(test)]
mod tests {
    use super::Step;

    #[test]
    fn every_step_has_a_title_of_its_own() {
        for (index, step) in Step::ALL.into_iter().enumerate() {
            let same = |other: &&Step| other.title() == step.title();
            assert_eq!(
                Step::ALL.iter().filter(same).count(),
                1,
                "{index}: {step:?}"
            );
        }
    }
}
