//! The authorization request and its answer.

use serde::{Deserialize, Serialize};
use std::collections::HashSet;

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
    pub id_token_hint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acr_values: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ui_locales: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claims_locales: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claims: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_uri: Option<String>,
    /// Parameters that have no member here, and repetitions of those that have.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<(String, String)>,
}

/// A parameter stood there more than once.
/// [RFC 6749 section 3.1](https://www.rfc-editor.org/rfc/rfc6749#section-3.1)
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the parameter {0} is there more than once")]
pub struct RepeatedParameter(pub String);

impl AuthorizationRequest {
    /// Every parameter in the order it is sent, present or not.
    fn slots(&mut self) -> [(&'static str, &mut Option<String>); 21] {
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
            ("id_token_hint", &mut self.id_token_hint),
            ("acr_values", &mut self.acr_values),
            ("display", &mut self.display),
            ("ui_locales", &mut self.ui_locales),
            ("claims_locales", &mut self.claims_locales),
            ("claims", &mut self.claims),
            ("registration", &mut self.registration),
            ("request", &mut self.request),
            ("request_uri", &mut self.request_uri),
        ]
    }

    /// The parameters that are present, in the order they are sent.
    #[must_use]
    pub fn parameters(&self) -> Vec<(String, String)> {
        let mut copy = self.clone();
        let mut parameters: Vec<(String, String)> = copy
            .slots()
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value.take()?)))
            .collect();
        parameters.append(&mut copy.others);
        parameters
    }

    /// Adds a parameter, whatever it is. One that is there already is sent twice.
    pub fn add(&mut self, name: &str, value: &str) {
        let slot = self.slots().into_iter().find(|(own, _)| *own == name);
        match slot {
            Some((_, slot @ None)) => *slot = Some(value.to_owned()),
            _ => self.others.push((name.to_owned(), value.to_owned())),
        }
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
        let mut seen = HashSet::new();
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
            seen.insert(name);
        }
        Ok(request)
    }

    /// The address the browser is sent to, byte for byte.
    #[must_use]
    pub fn url(&self, authorization_endpoint: &str) -> String {
        append_query(
            authorization_endpoint,
            self.parameters()
                .iter()
                .map(|(k, v)| (k.as_str(), v.as_str())),
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

#[cfg(test)]
mod tests {
    use super::{AuthorizationRequest, RepeatedParameter, append_query, encoded_parameter};
    use proptest::prelude::*;

    fn pairs(query: &str) -> Vec<(String, String)> {
        form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect()
    }

    #[test]
    fn an_address_keeps_its_query() {
        for (address, expected) in [
            ("/a", "/a?k=v+w"),
            ("/a?", "/a?k=v+w"),
            ("/a?x=y", "/a?x=y&k=v+w"),
            ("/a?x=y&", "/a?x=y&k=v+w"),
        ] {
            assert_eq!(append_query(address, [("k", "v w")]), expected);
        }
        assert_eq!(append_query("/a?x=y", []), "/a?x=y");
    }

    #[test]
    fn repeated_parameters_are_refused() {
        for query in ["scope=a&scope=a", "scope=&scope=a", "x=1&y=2&x=1", "a&a"] {
            let first = pairs(query).remove(0).0;
            assert_eq!(
                AuthorizationRequest::from_pairs(pairs(query)),
                Err(RepeatedParameter(first))
            );
        }
    }

    #[test]
    fn unknown_and_empty_parameters_count_as_absent() {
        let read = AuthorizationRequest::from_pairs(pairs("ui_theme=dark&scope=&state=s")).unwrap();
        assert_eq!(
            read,
            AuthorizationRequest {
                state: Some("s".to_owned()),
                ..AuthorizationRequest::default()
            }
        );
    }

    fn any_request() -> impl Strategy<Value = AuthorizationRequest> {
        let value = || prop::option::of(r"([a-z &=+%#?/]|\PC){1,20}");
        let values = (
            value(),
            value(),
            value(),
            value(),
            value(),
            value(),
            value(),
        );
        (values, value(), value(), value()).prop_map(|((a, b, c, d, e, f, g), h, i, j)| {
            AuthorizationRequest {
                client_id: a,
                redirect_uri: b,
                response_type: c,
                scope: d,
                state: e,
                nonce: f,
                code_challenge: g,
                prompt: h,
                max_age: i,
                login_hint: j,
                ..AuthorizationRequest::default()
            }
        })
    }

    proptest! {
        #[test]
        fn reading_the_address_gives_the_request(request in any_request()) {
            let url = request.url("https://a.test/authorize");
            let query = url.split_once('?').map_or("", |(_, query)| query);
            prop_assert_eq!(AuthorizationRequest::from_pairs(pairs(query)).unwrap(), request);
        }

        #[test]
        fn the_lines_of_an_address_are_the_address(request in any_request()) {
            let lines: Vec<String> = request
                .parameters()
                .iter()
                .map(|(name, value)| encoded_parameter(name, value))
                .collect();
            let url = request.url("/authorize");
            prop_assert_eq!(url.split_once('?').map_or("", |(_, query)| query), lines.join("&"));
        }
    }
}
