//! Sandboxes: the key a visitor holds, from which everything of theirs follows,
//! and how long what is written of them is kept.

use crate::random;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use std::fmt;

/// When sandboxes go. What is written goes; a visitor who comes back with their
/// key finds the sandbox as it was at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SandboxLife {
    /// After how many days without use.
    pub idle_days: u16,
    /// How many there may be. When there is one more, the least recently used
    /// goes.
    pub most: u64,
}

impl Default for SandboxLife {
    /// A week, and ten thousand: some 160 MB, and what their runs leave for a day.
    fn default() -> Self {
        Self {
            idle_days: 7,
            most: 10_000,
        }
    }
}

/// 32 random bytes, written as 43 characters of base64url. A secret: whoever
/// holds it owns the sandbox.
#[derive(Clone, PartialEq, Eq)]
pub struct SandboxKey {
    text: String,
    bytes: [u8; 32],
}

impl SandboxKey {
    /// A key nobody has.
    #[must_use]
    pub fn generate() -> Self {
        Self::from_bytes(random::bytes())
    }

    /// The key made of these bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self {
            text: URL_SAFE_NO_PAD.encode(bytes),
            bytes,
        }
    }

    /// Reads a key; `None` for anything that [`SandboxKey::as_str`] never writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        Some(Self::from_bytes(bytes))
    }

    /// The key as the cookie carries it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// 32 bytes that follow from the key and a label, and tell nothing about
    /// the key or about what follows from another label.
    pub(crate) fn derive(&self, label: &str) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(b"oidc-playground sandbox\0");
        hash.update(self.bytes);
        hash.update(label.as_bytes());
        hash.finalize().into()
    }
}

impl fmt::Debug for SandboxKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SandboxKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_43_characters_and_reads_back() {
        let key = SandboxKey::generate();
        assert_eq!(key.as_str().len(), 43);
        assert_eq!(SandboxKey::parse(key.as_str()), Some(key));
    }

    #[test]
    fn what_is_not_32_bytes_of_base64url_is_no_key() {
        let key = SandboxKey::generate();
        let padded = format!("{}=", key.as_str());
        // The last character carries four bits; other bits set are another spelling.
        let respelt = format!("{}B", "A".repeat(42));
        for text in ["", "short", &padded, &respelt, &"é".repeat(43)] {
            assert_eq!(SandboxKey::parse(text), None, "{text}");
        }
    }

    #[test]
    fn debug_output_does_not_show_the_key() {
        let key = SandboxKey::generate();
        assert!(!format!("{key:?}").contains(key.as_str()));
    }
}
