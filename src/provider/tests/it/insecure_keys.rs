//! Private keys for tests alone: everybody has them.

use oidc::signing_algorithm::SigningAlgorithm;
use std::sync::atomic::{AtomicU8, Ordering};

/// Kept, because making one takes long.
const RSA: [&[u8]; 8] = [
    include_bytes!("insecure_keys/rsa-1.pk8"),
    include_bytes!("insecure_keys/rsa-2.pk8"),
    include_bytes!("insecure_keys/rsa-3.pk8"),
    include_bytes!("insecure_keys/rsa-4.pk8"),
    include_bytes!("insecure_keys/rsa-5.pk8"),
    include_bytes!("insecure_keys/rsa-6.pk8"),
    include_bytes!("insecure_keys/rsa-7.pk8"),
    include_bytes!("insecure_keys/rsa-8.pk8"),
];
/// What comes before the number that is the key.
/// [RFC 5915 section 3](https://www.rfc-editor.org/rfc/rfc5915#section-3)
const P256: &[u8] = b"\x30\x41\x02\x01\x00\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\
    \x2a\x86\x48\xce\x3d\x03\x01\x07\x04\x27\x30\x25\x02\x01\x01\x04\x20";
/// What comes before the seed that is the key.
/// [RFC 8410 section 7](https://www.rfc-editor.org/rfc/rfc8410#section-7)
const ED25519: &[u8] = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20";

/// Hands out PKCS#8 keys: the first of each algorithm, then the next one, eight
/// in all.
pub(crate) fn insecure_keys() -> impl Fn(SigningAlgorithm) -> Vec<u8> {
    let handed_out = [const { AtomicU8::new(0) }; 3];
    move |algorithm| {
        let number = handed_out[algorithm as usize].fetch_add(1, Ordering::Relaxed);
        let rsa = RSA.get(usize::from(number));
        let rsa = rsa.expect("there are eight keys of each algorithm");
        match algorithm {
            SigningAlgorithm::Rs256 => rsa.to_vec(),
            SigningAlgorithm::Es256 => [P256, &[number + 1; 32]].concat(),
            SigningAlgorithm::EdDsa => [ED25519, &[number + 1; 32]].concat(),
        }
    }
}
