//! What the token endpoint is asked and what it answers.

use serde::{Deserialize, Serialize};

/// The grants that exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GrantType {
    /// [RFC 6749 section 4.1.3](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3)
    AuthorizationCode,
    /// [RFC 6749 section 6](https://www.rfc-editor.org/rfc/rfc6749#section-6)
    RefreshToken,
    /// [RFC 6749 section 4.4.2](https://www.rfc-editor.org/rfc/rfc6749#section-4.4.2)
    ClientCredentials,
}

impl GrantType {
    /// Every grant, in the order discovery lists them.
    pub const ALL: [Self; 3] = [
        Self::AuthorizationCode,
        Self::RefreshToken,
        Self::ClientCredentials,
    ];

    /// The value of `grant_type`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::RefreshToken => "refresh_token",
            Self::ClientCredentials => "client_credentials",
        }
    }

    /// Reads a `grant_type` parameter.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grant| grant.as_str() == text)
    }
}

/// A successful answer of the token endpoint. Its `Debug` form shows no token.
/// [RFC 6749 section 5.1](https://www.rfc-editor.org/rfc/rfc6749#section-5.1)
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TokenResponse {
    /// The access token. A secret.
    pub access_token: String,
    /// The access token's lifetime in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<u64>,
    /// `Bearer`.
    pub token_type: String,
    /// The granted scope, space-separated. Left out: equal to the request for a
    /// login (RFC 6749 section 5.1), nothing granted for an administrative token
    /// of Akamai's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The refresh token. A secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// The ID token.
    /// [Core section 3.1.3.3](https://openid.net/specs/openid-connect-core-1_0.html#TokenResponse)
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_token: Option<String>,
}

impl std::fmt::Debug for TokenResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenResponse")
            .field("expires_in", &self.expires_in)
            .field("token_type", &self.token_type)
            .field("scope", &self.scope)
            .field("refresh_token", &self.refresh_token.is_some())
            .field("id_token", &self.id_token.is_some())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::{GrantType, TokenResponse};

    #[test]
    fn grant_types_are_read_as_they_are_written() {
        for grant in GrantType::ALL {
            assert_eq!(GrantType::parse(grant.as_str()), Some(grant));
        }
        assert_eq!(GrantType::parse("password"), None);
    }

    #[test]
    fn a_token_is_not_printed_by_accident() {
        let text = r#"{"access_token":"hush1","token_type":"Bearer","id_token":"hush2","refresh_token":"hush3"}"#;
        let response: TokenResponse = serde_json::from_str(text).unwrap();
        assert!(!format!("{response:?}").contains("hush"));
        assert_eq!(response.scope, None);
    }
}
