//! Values nobody can guess.

use crate::failure::Failure;
use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

/// 256 random bits in base64url, 43 characters.
pub(crate) fn key() -> Result<String, Failure> {
    let mut bytes = [0; 32];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| Failure::new("the system gives no random bytes"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
