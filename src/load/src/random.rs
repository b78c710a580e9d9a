//! Values nobody can guess.

use crate::failure::Failure;
use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

/// 256 random bits in base64url, 43 characters.
pub(crate) fn key() -> Result<String, Failure> {
    Ok(URL_SAFE_NO_PAD.encode(bytes::<32>()?))
}

/// What chance may begin with.
pub(crate) fn seed() -> Result<u64, Failure> {
    Ok(u64::from_ne_bytes(bytes()?))
}

fn bytes<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| Failure::new("the system gives no random bytes"))?;
    Ok(bytes)
}
