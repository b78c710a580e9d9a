//! What is kept in place of a secret.

use sha2::{Digest as _, Sha256};

/// SHA-256 of a secret.
pub(crate) fn digest(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}
