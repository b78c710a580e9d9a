//! Randomness, in the one place that may reach for it.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::RngCore as _;

/// So many bytes from the operating system's generator, seeded per thread.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "the place every other one is sent to"
)]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}

/// 256 random bits as 43 characters of `A-Z a-z 0-9 - _`: codes, session keys,
/// interactions, identifiers.
#[must_use]
pub fn key() -> String {
    URL_SAFE_NO_PAD.encode(bytes::<32>())
}

/// 384 random bits as 64 characters of `A-Z a-z 0-9 - _`: opaque access tokens,
/// as long as the documented samples.
#[must_use]
pub fn opaque_token() -> String {
    URL_SAFE_NO_PAD.encode(bytes::<48>())
}

/// 512 random bits as 86 characters of `A-Z a-z 0-9 - _`: client secrets, as
/// long as the documented sample.
#[must_use]
pub fn client_secret() -> String {
    URL_SAFE_NO_PAD.encode(bytes::<64>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_the_promised_shape_and_never_repeat() {
        let url_safe = |text: &str| {
            text.bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        };
        let keys: std::collections::HashSet<String> = (0..500).map(|_| key()).collect();
        assert_eq!(keys.len(), 500);
        assert!(keys.iter().all(|key| key.len() == 43 && url_safe(key)));
        assert_eq!(opaque_token().len(), 64);
        assert!(url_safe(&opaque_token()));
        assert_eq!(client_secret().len(), 86);
        assert!(url_safe(&client_secret()));
    }
}
