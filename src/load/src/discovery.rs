//! What a server says of itself.
//! [Discovery section 3](https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata)

use crate::{
    failure::{Failure, ensure},
    http_client::{Address, Answer, Connection},
};
use http::{HeaderMap, StatusCode, header};
use jsonwebtoken::jwk::JwkSet;
use serde::Deserialize;

/// The members that are needed here.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Metadata {
    pub(crate) issuer: String,
    pub(crate) authorization_endpoint: String,
    pub(crate) token_endpoint: String,
    pub(crate) jwks_uri: String,
    pub(crate) userinfo_endpoint: Option<String>,
    pub(crate) introspection_endpoint: Option<String>,
    pub(crate) revocation_endpoint: Option<String>,
    #[serde(default)]
    pub(crate) grant_types_supported: Vec<String>,
    #[serde(default)]
    pub(crate) authorization_response_iss_parameter_supported: bool,
}

impl Metadata {
    /// Reads the document and checks that it is the issuer's.
    /// [Discovery section 4.3](https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationValidation)
    pub(crate) fn read(answer: &Answer, issuer: &str) -> Result<Self, Failure> {
        let metadata: Self = json(answer, "the discovery document")?;
        ensure(
            metadata.issuer == issuer,
            "the discovery document names another issuer",
        )?;
        Ok(metadata)
    }

    /// Whether refresh tokens are exchanged.
    pub(crate) fn refreshes(&self) -> bool {
        self.grant_types_supported
            .iter()
            .any(|grant| grant == "refresh_token")
    }
}

/// Where the document is.
/// [Discovery section 4](https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig)
pub(crate) fn address(issuer: &str) -> Result<Address, Failure> {
    Address::parse(&format!("{issuer}/.well-known/openid-configuration"))
}

/// Fetches the document.
pub(crate) async fn fetch(connection: &mut Connection, issuer: &str) -> Result<Metadata, Failure> {
    let answer = connection.get(&address(issuer)?, &HeaderMap::new()).await?;
    Metadata::read(&answer, issuer)
}

/// Reads a key set.
/// [RFC 7517 section 5](https://www.rfc-editor.org/rfc/rfc7517#section-5)
pub(crate) fn key_set(answer: &Answer) -> Result<JwkSet, Failure> {
    let keys: JwkSet = json(answer, "the key set")?;
    ensure(!keys.keys.is_empty(), "the key set is empty")?;
    Ok(keys)
}

fn json<T: for<'a> Deserialize<'a>>(answer: &Answer, what: &str) -> Result<T, Failure> {
    ensure(
        answer.status == StatusCode::OK,
        &format!("{what} was answered with {}", answer.status.as_u16()),
    )?;
    let kind = answer.header(header::CONTENT_TYPE);
    ensure(
        kind.starts_with("application/json") || kind.starts_with("application/jwk-set+json"),
        &format!("{what} is not JSON"),
    )?;
    serde_json::from_slice(&answer.body).map_err(|_| Failure::new(format!("{what} cannot be read")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(body: &'static str) -> Answer {
        let kind = header::HeaderValue::from_static("application/json");
        Answer {
            status: StatusCode::OK,
            headers: [(header::CONTENT_TYPE, kind)].into_iter().collect(),
            body: body.into(),
        }
    }

    #[test]
    fn another_issuer_is_refused() {
        let answer = answer(
            r#"{"issuer": "http://a", "authorization_endpoint": "", "token_endpoint": "", "jwks_uri": ""}"#,
        );
        assert!(Metadata::read(&answer, "http://a").is_ok());
        assert!(Metadata::read(&answer, "http://b").is_err());
    }

    #[test]
    fn a_key_set_without_keys_is_refused() {
        assert!(key_set(&answer(r#"{"keys": []}"#)).is_err());
        let mut refused = answer(r#"{"keys": []}"#);
        refused.status = StatusCode::NOT_FOUND;
        let failure = key_set(&refused).unwrap_err();
        assert_eq!(failure.to_string(), "the key set was answered with 404");
    }
}
