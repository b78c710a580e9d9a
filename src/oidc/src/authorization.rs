//! The authorization request and its answer.

use serde::{Deserialize, Serialize};

/// An authorization request as it is sent: every parameter is a text or absent.
///
/// Texts on purpose: what a person composes, and what a provider receives, may
/// break any rule. The provider checks, the page explains.
/// [Core section 3.1.2.1](https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest)
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the names are the specification's")]
pub struct AuthorizationRequest {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirect_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_mode: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code_challenge: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code_challenge_method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_age: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub login_hint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_uri: Option<String>,
}

/// A parameter stood there more than once.
/// [RFC 6749 section 3.1](https://www.rfc-editor.org/rfc/rfc6749#section-3.1)
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the parameter {0} is there more than once")]
pub struct RepeatedParameter(pub String);

impl AuthorizationRequest {
    /// Every parameter in the order it is sent, present or not.
    fn slots(&mut self) -> [(&'static str, &mut Option<String>); 14] {
        [
            ("client_id", &mut self.client_id),
            ("redirect_uri", &mut self.redirect_uri),
            ("response_type", &mut self.response_type),
            ("response_mode", &mut self.response_mode),
            ("scope", &mut self.scope),
            ("state", &mut self.state),
            ("nonce", &mut self.nonce),
            ("code_challenge", &mut self.code_challenge),
            ("code_challenge_method", &mut self.code_challenge_method),
            ("prompt", &mut self.prompt),
            ("max_age", &mut self.max_age),
            ("login_hint", &mut self.login_hint),
            ("request", &mut self.request),
            ("request_uri", &mut self.request_uri),
        ]
    }

    /// The parameters that are present, in the order they are sent.
    #[must_use]
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let mut copy = self.clone();
        copy.slots()
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.take()?)))
            .collect()
    }

    /// Reads decoded query or form pairs. Unknown parameters are ignored, and
    /// one without a value counts as absent.
    /// [RFC 6749 section 3.1](https://www.rfc-editor.org/rfc/rfc6749#section-3.1)
    ///
    /// # Errors
    /// When any parameter, known or not, stands there more than once. The
    /// request read so far is lost on purpose: which value counts is unclear.
    pub fn from_pairs<K, V>(
        pairs: impl IntoIterator<Item = (K, V)>,
    ) -> Result<Self, RepeatedParameter>
    where
        K: Into<String>,
        V: Into<String>,
    {
        let mut request = Self::default();
        let mut seen: Vec<String> = Vec::new();
        for (name, value) in pairs {
            let (name, value) = (name.into(), value.into());
            if seen.contains(&name) {
                return Err(RepeatedParameter(name));
            }
            if !value.is_empty() {
                let slot = request.slots().into_iter().find(|(own, _)| *own == name);
                if let Some((_, slot)) = slot {
                    *slot = Some(value);
                }
            }
            seen.push(name);
        }
        Ok(request)
    }

    /// The address the browser is sent to, byte for byte.
    #[must_use]
    pub fn url(&self, authorization_endpoint: &str) -> String {
        append_query(
            authorization_endpoint,
            self.parameters().iter().map(|(k, v)| (*k, v.as_str())),
        )
    }
}

/// Adds parameters to an address and keeps the query it has.
/// [RFC 6749 section 3.1.2](https://www.rfc-editor.org/rfc/rfc6749#section-3.1.2)
#[must_use]
pub fn append_query<'a>(
    address: &str,
    parameters: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(parameters);
    let query = query.finish();
    if query.is_empty() {
        return address.to_owned();
    }
    let joint = match address.find('?') {
        None => "?",
        Some(at) if at + 1 == address.len() || address.ends_with('&') => "",
        Some(_) => "&",
    };
    format!("{address}{joint}{query}")
}

/// One parameter as it stands in the address: `name=value`, encoded.
#[must_use]
pub fn encoded_parameter(name: &str, value: &str) -> String {
    form_urlencoded::Serializer::new(String::new())
        .append_pair(name, value)
        .finish()
}
