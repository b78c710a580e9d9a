//! Checks of signed tokens.

use crate::{
    failure::{Failure, ensure},
    profile::Algorithm,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{DecodingKey, Validation, jwk::JwkSet};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

/// Every so many tokens of a user, the signature is verified too. The structure
/// and the claims of each are always looked at: verifying every signature would
/// cost more here than making them costs there.
const VERIFIED: u32 = 64;

/// Checks the tokens of one user.
#[derive(Clone, Debug)]
pub(crate) struct Verifier {
    keys: JwkSet,
    issuer: String,
    seen: u32,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
}

/// The claims that are checked.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Claims {
    pub(crate) iss: String,
    pub(crate) sub: Option<String>,
    pub(crate) aud: Option<Value>,
    pub(crate) client_id: Option<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) exp: u64,
    pub(crate) iat: u64,
}

impl Claims {
    /// Whether the token is meant for this client.
    /// [RFC 7519 section 4.1.3](https://www.rfc-editor.org/rfc/rfc7519#section-4.1.3)
    pub(crate) fn is_for(&self, audience: &str) -> bool {
        match &self.aud {
            Some(Value::String(one)) => one == audience,
            Some(Value::Array(all)) => all.iter().any(|one| one == audience),
            _ => false,
        }
    }
}

impl Verifier {
    pub(crate) fn new(keys: JwkSet, issuer: &str) -> Self {
        Self {
            keys,
            issuer: issuer.to_owned(),
            seen: 0,
        }
    }

    /// Whether this is a token of the issuer, signed with a key of its set.
    pub(crate) fn check(&mut self, token: &str, expected: Algorithm) -> Result<Claims, Failure> {
        let mut parts = token.split('.');
        let (Some(header), Some(claims), Some(_), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(Failure::new("a token is not signed"));
        };
        let header: Header = decode(header)?;
        ensure(
            header.alg == expected.as_str(),
            "a token is signed with another algorithm",
        )?;
        let claims: Claims = decode(claims)?;
        ensure(claims.iss == self.issuer, "a token is another issuer's")?;
        ensure(claims.exp > claims.iat, "a token never counted")?;
        if self.seen.is_multiple_of(VERIFIED) {
            self.verify(token, header.kid.as_deref(), expected)?;
        }
        self.seen = self.seen.wrapping_add(1);
        Ok(claims)
    }

    fn verify(&self, token: &str, kid: Option<&str>, expected: Algorithm) -> Result<(), Failure> {
        let key = kid
            .and_then(|kid| self.keys.find(kid))
            .ok_or_else(|| Failure::new("a token names no key of the key set"))?;
        let key = DecodingKey::from_jwk(key)
            .map_err(|_| Failure::new("a key of the key set cannot be used"))?;
        let mut validation = Validation::new(match expected {
            Algorithm::RS256 => jsonwebtoken::Algorithm::RS256,
            Algorithm::ES256 => jsonwebtoken::Algorithm::ES256,
            Algorithm::EdDSA => jsonwebtoken::Algorithm::EdDSA,
        });
        validation.validate_aud = false;
        jsonwebtoken::decode::<Value>(token, &key, &validation)
            .map(drop)
            .map_err(|_| Failure::new("a token's signature or its times are wrong"))
    }
}

fn decode<T: DeserializeOwned>(part: &str) -> Result<T, Failure> {
    let unreadable = || Failure::new("a token cannot be read");
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| unreadable())?;
    serde_json::from_slice(&bytes).map_err(|_| unreadable())
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
    use serde_json::json;

    const ISSUER: &str = "http://127.0.0.1:1";

    fn keys(pair: &Ed25519KeyPair) -> JwkSet {
        serde_json::from_value(json!({"keys": [{
            "kty": "OKP", "crv": "Ed25519", "kid": "1", "alg": "EdDSA",
            "x": URL_SAFE_NO_PAD.encode(pair.public_key()),
        }]}))
        .unwrap()
    }

    fn token(pair: &Ed25519KeyPair, alg: &str, claims: &Value) -> String {
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let header = encode(&json!({"alg": alg, "kid": "1"}));
        let signed = format!("{header}.{}", encode(claims));
        let signature = URL_SAFE_NO_PAD.encode(pair.sign(signed.as_bytes()));
        format!("{signed}.{signature}")
    }

    fn claims(issuer: &str) -> Value {
        json!({"iss": issuer, "iat": 1, "exp": 4_000_000_000_u64, "aud": ["a", "b"]})
    }

    #[test]
    fn a_right_token_is_read() {
        let pair = Ed25519KeyPair::generate().unwrap();
        let mut verifier = Verifier::new(keys(&pair), ISSUER);
        let token = token(&pair, "EdDSA", &claims(ISSUER));
        let read = verifier.check(&token, Algorithm::EdDSA).unwrap();
        assert!(read.is_for("b") && !read.is_for("c"));
    }

    #[test]
    fn a_wrong_token_is_an_error() {
        let pair = Ed25519KeyPair::generate().unwrap();
        let stranger = Ed25519KeyPair::generate().unwrap();
        let check = |token: &str| {
            Verifier::new(keys(&pair), ISSUER)
                .check(token, Algorithm::EdDSA)
                .unwrap_err()
                .to_string()
        };
        assert_eq!(check("opaque"), "a token is not signed");
        assert_eq!(
            check(&token(&pair, "none", &claims(ISSUER))),
            "a token is signed with another algorithm"
        );
        assert_eq!(
            check(&token(&pair, "EdDSA", &claims("http://other"))),
            "a token is another issuer's"
        );
        assert_eq!(
            check(&token(&stranger, "EdDSA", &claims(ISSUER))),
            "a token's signature or its times are wrong"
        );
    }
}
