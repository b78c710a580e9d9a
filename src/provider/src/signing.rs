//! Keys: making them, signing with them, publishing them, and recognising what
//! they signed.
//!
//! `key.rs` is one key, `set.rs` the keys of one customer, and `keys.rs` who has
//! which set, from when and until when: start there. Private keys are parsed
//! once. `jsonwebtoken` would parse them for every signature, so that signing
//! goes to aws-lc directly; the tests verify what comes out with `jsonwebtoken`.

mod flaw;
mod half_hash;
mod key;
mod keys;
mod new_keys;
mod reading;
mod set;
#[cfg(test)]
mod tests;
mod token;

pub(crate) use flaw::Flaw;
pub(crate) use half_hash::half_hash;
pub use key::generate_key;
pub(crate) use keys::Keys;
pub(crate) use keys::RotateError;
pub(crate) use new_keys::MakeKey;
#[expect(unused_imports, reason = "for whoever reads a token of ours")]
pub(crate) use token::Verified;

use oidc::signing_algorithm::SigningAlgorithm;

/// `typ` of an ID token.
pub(crate) const TYPE_JWT: &str = "JWT";
/// `typ` of a JWT access token.
/// [RFC 9068 section 2.1](https://www.rfc-editor.org/rfc/rfc9068#section-2.1)
pub(crate) const TYPE_ACCESS_TOKEN: &str = "at+jwt";

/// The bytes are no key, or the cryptography library failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SigningError {
    /// Not the PKCS#8 form of a key the algorithm can use. RSA keys have 2048
    /// bits or more, elliptic ones lie on P-256 or are Ed25519.
    #[error("the signing key is not a key for {} in PKCS#8", .0.as_str())]
    Key(SigningAlgorithm),
    /// There is no key of the algorithm where there should be one.
    #[error("there is no signing key for {}", .0.as_str())]
    Missing(SigningAlgorithm),
    /// A key could not be made.
    #[error("no signing key could be made")]
    Generate,
    /// A token could not be signed.
    #[error("the token could not be signed")]
    Sign,
}
