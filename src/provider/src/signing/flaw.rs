//! Signatures that are wrong on request.

use super::{SigningError, key::PrivateKey};
use aws_lc_rs::hmac;
use serde_json::{Map, Value, json};

/// The name of a key that nobody has.
const NOBODYS_KEY: &str = "a-key-that-is-not-in-the-key-set";

/// What is to be wrong with a token's header or signature.
pub(crate) enum Flaw {
    /// One bit of the signature.
    Bit,
    /// There is no signature, and the header says so.
    /// [RFC 7518 section 3.6](https://www.rfc-editor.org/rfc/rfc7518#section-3.6)
    Unsigned,
    /// It is made with HS256 and this secret.
    /// [RFC 7518 section 3.2](https://www.rfc-editor.org/rfc/rfc7518#section-3.2)
    Hmac(String),
    /// The header names a key that is not in the key set.
    UnknownKid,
    /// The header names no key.
    NoKid,
}

impl Flaw {
    /// Makes the header wrong, before it is signed.
    pub(super) fn spoil_header(&self, header: &mut Map<String, Value>) {
        match self {
            Self::Bit => {}
            Self::Unsigned | Self::Hmac(_) => {
                let hmac = matches!(self, Self::Hmac(_));
                let alg = if hmac { "HS256" } else { "none" };
                header.insert("alg".to_owned(), json!(alg));
                header.shift_remove("kid");
            }
            Self::UnknownKid => {
                header.insert("kid".to_owned(), json!(NOBODYS_KEY));
            }
            Self::NoKid => {
                header.shift_remove("kid");
            }
        }
    }

    /// The signature of a message, as wrong as it should be.
    pub(super) fn sign(&self, key: &PrivateKey, message: &[u8]) -> Result<Vec<u8>, SigningError> {
        match self {
            Self::Unsigned => Ok(Vec::new()),
            Self::Hmac(secret) => {
                let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
                Ok(hmac::sign(&key, message).as_ref().to_vec())
            }
            Self::UnknownKid | Self::NoKid => key.sign(message),
            Self::Bit => {
                let mut signature = key.sign(message)?;
                // One in the middle, where no format gives it a meaning.
                let middle = signature.len() / 2;
                if let Some(byte) = signature.get_mut(middle) {
                    *byte ^= 1;
                }
                Ok(signature)
            }
        }
    }
}
