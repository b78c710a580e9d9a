//! Registered clients.

mod draft;

pub use draft::ClientDraft;

use oidc::signing_algorithm::SigningAlgorithm;
use serde::{Deserialize, Serialize};

/// A client as the configuration API knows it, together with its secret, which
/// neither the JSON nor the `Debug` form shows.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Client {
    /// A UUID.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Whether it can keep a secret.
    #[serde(rename = "type")]
    pub client_type: ClientType,
    /// Where an authorization may be sent back to, as exact strings.
    #[serde(rename = "redirectURIs")]
    pub redirect_uris: Vec<String>,
    /// Where a browser may be sent after signing out, as exact strings.
    /// [RP-Initiated Logout section 3.1](https://openid.net/specs/openid-connect-rpinitiated-1_0.html#ClientMetadata)
    #[serde(
        rename = "postLogoutRedirectURIs",
        default,
        skip_serializing_if = "Vec::is_empty"
    )]
    pub post_logout_redirect_uris: Vec<String>,
    /// The login policy; a client without one cannot sign people in.
    #[serde(rename = "loginPolicy", skip_serializing_if = "Option::is_none")]
    pub login_policy: Option<String>,
    /// The token policy, which every client has.
    #[serde(rename = "tokenPolicy")]
    pub token_policy: String,
    /// How the client's tokens are signed; `None` is RS256. Beyond Akamai.
    /// [Registration section 2](https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata)
    #[serde(
        rename = "idTokenSignedResponseAlg",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub id_token_signed_response_alg: Option<SigningAlgorithm>,
    /// The secret of a confidential client. Never part of the client's own
    /// document in the configuration API.
    #[serde(skip)]
    pub secret: Option<String>,
}

/// Whether a client can keep a secret.
/// [RFC 6749 section 2.1](https://www.rfc-editor.org/rfc/rfc6749#section-2.1)
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum ClientType {
    /// It cannot: it proves itself with PKCE.
    Public,
    /// It can: it sends its secret to the token endpoint.
    Confidential,
}

impl ClientType {
    /// Both types.
    pub const ALL: [Self; 2] = [Self::Public, Self::Confidential];

    /// The `type` value of the configuration API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Confidential => "confidential",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|own| own.as_str() == text)
    }
}

/// What a client is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClientKind {
    /// Signs people in, without a secret.
    PublicLogin,
    /// Signs people in, with a secret.
    ConfidentialLogin,
    /// Fetches administrative tokens: confidential and without a login policy.
    Configuration,
}

impl Client {
    /// What the client is for.
    #[must_use]
    pub const fn kind(&self) -> ClientKind {
        match (self.client_type, self.login_policy.is_some()) {
            (ClientType::Public, _) => ClientKind::PublicLogin,
            (ClientType::Confidential, true) => ClientKind::ConfidentialLogin,
            (ClientType::Confidential, false) => ClientKind::Configuration,
        }
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("type", &self.client_type)
            .field("redirect_uris", &self.redirect_uris)
            .field("login_policy", &self.login_policy)
            .field("token_policy", &self.token_policy)
            .field("alg", &self.id_token_signed_response_alg)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::{Client, ClientKind, ClientType};

    fn client(client_type: ClientType, login_policy: Option<&str>) -> Client {
        Client {
            id: "i".to_owned(),
            name: "n".to_owned(),
            client_type,
            redirect_uris: vec!["https://a.test/cb".to_owned()],
            post_logout_redirect_uris: Vec::new(),
            id_token_signed_response_alg: None,
            login_policy: login_policy.map(ToOwned::to_owned),
            token_policy: "t".to_owned(),
            secret: Some("hush".to_owned()),
        }
    }

    #[test]
    fn a_confidential_client_without_login_policy_is_for_configuration() {
        for (client_type, login_policy, kind) in [
            (ClientType::Public, Some("l"), ClientKind::PublicLogin),
            (
                ClientType::Confidential,
                Some("l"),
                ClientKind::ConfidentialLogin,
            ),
            (ClientType::Confidential, None, ClientKind::Configuration),
        ] {
            assert_eq!(client(client_type, login_policy).kind(), kind);
        }
    }

    #[test]
    fn the_secret_is_not_printed_by_accident() {
        let client = client(ClientType::Confidential, None);
        assert!(!format!("{client:?}").contains("hush"));
        assert_eq!(
            serde_json::to_string(&client).unwrap(),
            r#"{"id":"i","name":"n","type":"confidential","redirectURIs":["https://a.test/cb"],"tokenPolicy":"t"}"#
        );
    }
}
