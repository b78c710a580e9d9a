//! The deployment's RS256 key: signing and the key set.
//!
//! The private key is parsed once. `jsonwebtoken` would parse it for every
//! signature, so that signing goes to aws-lc directly; the tests verify what
//! comes out with `jsonwebtoken`.

use crate::hex;
use aws_lc_rs::{
    encoding::AsDer as _,
    rand::SystemRandom,
    rsa::{KeyPair, KeySize},
    signature::{KeyPair as _, RSA_PKCS1_SHA256},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// The only algorithm.
pub(crate) const ALGORITHM: &str = "RS256";

/// `typ` of an ID token.
pub(crate) const TYPE_JWT: &str = "JWT";
/// `typ` of a JWT access token.
/// [RFC 9068 section 2.1](https://www.rfc-editor.org/rfc/rfc9068#section-2.1)
pub(crate) const TYPE_ACCESS_TOKEN: &str = "at+jwt";

/// The bytes are no RSA key, or the cryptography library failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SigningError {
    /// Not the PKCS#8 form of an RSA key of 2048 bits or more.
    #[error("the signing key is not an RSA key of 2048 bits or more in PKCS#8")]
    Key,
    /// A key could not be made.
    #[error("no RSA key could be made")]
    Generate,
    /// A token could not be signed.
    #[error("the token could not be signed")]
    Sign,
}

/// A parsed private key and its public face.
pub(crate) struct Signer {
    pair: KeyPair,
    kid: String,
    jwks: Value,
}

/// Makes a new key and returns its PKCS#8 form. Takes about a second at worst.
pub(crate) fn generate_pkcs8() -> Result<Vec<u8>, SigningError> {
    let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| SigningError::Generate)?;
    let der = pair.as_der().map_err(|_| SigningError::Generate)?;
    Ok(der.as_ref().to_vec())
}

impl Signer {
    pub(crate) fn from_pkcs8(pkcs8: &[u8]) -> Result<Self, SigningError> {
        let pair = KeyPair::from_pkcs8(pkcs8).map_err(|_| SigningError::Key)?;
        if pair.public_modulus_len() < 256 {
            return Err(SigningError::Key);
        }
        let public = pair.public_key();
        let n = URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero());
        let e = URL_SAFE_NO_PAD.encode(public.exponent().big_endian_without_leading_zero());
        let kid = kid(&n, &e);
        // Public members only, in the documented order.
        // [RFC 7518 section 6.3.1](https://www.rfc-editor.org/rfc/rfc7518#section-6.3.1)
        let jwks = json!({"keys": [
            {"use": "sig", "kty": "RSA", "kid": kid, "alg": ALGORITHM, "n": n, "e": e}
        ]});
        Ok(Self { pair, kid, jwks })
    }

    pub(crate) fn kid(&self) -> &str {
        &self.kid
    }

    /// The key set.
    /// [RFC 7517 section 5](https://www.rfc-editor.org/rfc/rfc7517#section-5)
    pub(crate) fn jwks(&self) -> &Value {
        &self.jwks
    }

    /// A signed token in compact form.
    /// [RFC 7515 section 7.1](https://www.rfc-editor.org/rfc/rfc7515#section-7.1)
    pub(crate) fn sign(&self, typ: &str, claims: &impl Serialize) -> Result<String, SigningError> {
        let header = json!({"alg": ALGORITHM, "kid": self.kid, "typ": typ}).to_string();
        let claims = serde_json::to_vec(claims).map_err(|_| SigningError::Sign)?;
        let mut token = URL_SAFE_NO_PAD.encode(header);
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(claims, &mut token);
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                token.as_bytes(),
                &mut signature,
            )
            .map_err(|_| SigningError::Sign)?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(token)
    }
}

/// 40 hexadecimal characters, as the documented key ids have: the first half of
/// the key's thumbprint.
/// [RFC 7638 section 3](https://www.rfc-editor.org/rfc/rfc7638#section-3)
fn kid(n: &str, e: &str) -> String {
    let thumbprint = Sha256::digest(format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#));
    hex::encode(&thumbprint[..20])
}

/// `at_hash`: the left half of the access token's SHA-256.
/// [Core section 3.1.3.6](https://openid.net/specs/openid-connect-core-1_0.html#CodeIDToken)
pub(crate) fn at_hash(access_token: &str) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(access_token.as_bytes())[..16])
}
