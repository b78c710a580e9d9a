//! Taking a JSON Web Token apart, without believing it.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

/// The three parts of a signed token, decoded and **not verified**.
/// [RFC 7515 section 7.1](https://www.rfc-editor.org/rfc/rfc7515#section-7.1)
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jwt {
    /// The JOSE header.
    pub header: Map<String, Value>,
    /// The claims set.
    pub payload: Map<String, Value>,
    /// The signature's bytes.
    pub signature: Vec<u8>,
    /// What the signature covers: header and payload as they were sent.
    pub signing_input: String,
}

/// Why a text is not a signed token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwtError {
    /// Not three parts with dots between.
    #[error("a signed token has three parts, this one has {0}")]
    Parts(usize),
    /// A part is not base64url.
    #[error("the {0} is not base64url")]
    Base64(&'static str),
    /// A part is not a JSON object.
    #[error("the {0} is not a JSON object")]
    Json(&'static str),
}

impl Jwt {
    /// Takes the token apart.
    ///
    /// # Errors
    /// Names the first part that cannot be read.
    pub fn decode(token: &str) -> Result<Self, JwtError> {
        let parts: Vec<&str> = token.split('.').collect();
        let [header, payload, signature] = parts[..] else {
            return Err(JwtError::Parts(parts.len()));
        };
        Ok(Self {
            header: object(header, "header")?,
            payload: object(payload, "payload")?,
            signature: bytes(signature, "signature")?,
            signing_input: format!("{header}.{payload}"),
        })
    }
}

fn bytes(part: &str, name: &'static str) -> Result<Vec<u8>, JwtError> {
    URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| JwtError::Base64(name))
}

fn object(part: &str, name: &'static str) -> Result<Map<String, Value>, JwtError> {
    serde_json::from_slice(&bytes(part, name)?).map_err(|_| JwtError::Json(name))
}

#[cfg(test)]
mod tests {
    use super::{Jwt, JwtError};
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

    fn encoded(part: &str) -> String {
        URL_SAFE_NO_PAD.encode(part)
    }

    #[test]
    fn a_token_comes_apart() {
        let (header, payload) = (encoded(r#"{"alg":"RS256"}"#), encoded(r#"{"sub":"s"}"#));
        let jwt = Jwt::decode(&format!("{header}.{payload}.AQID")).unwrap();
        assert_eq!(jwt.header["alg"], "RS256");
        assert_eq!(jwt.payload["sub"], "s");
        assert_eq!(jwt.signature, [1, 2, 3]);
        assert_eq!(jwt.signing_input, format!("{header}.{payload}"));
    }

    #[test]
    fn the_first_unreadable_part_is_named() {
        let object = encoded("{}");
        for (token, error) in [
            (String::new(), JwtError::Parts(1)),
            ("a.b".to_owned(), JwtError::Parts(2)),
            ("a.b.c.d.e".to_owned(), JwtError::Parts(5)),
            ("+.b.c".to_owned(), JwtError::Base64("header")),
            (format!("{}.b.c", encoded("[]")), JwtError::Json("header")),
            (
                format!("{object}.{}.c", encoded("1")),
                JwtError::Json("payload"),
            ),
            (
                format!("{object}.{object}.="),
                JwtError::Base64("signature"),
            ),
        ] {
            assert_eq!(Jwt::decode(&token), Err(error), "{token}");
        }
    }
}
