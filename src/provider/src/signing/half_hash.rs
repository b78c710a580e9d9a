//! `at_hash` and `c_hash`.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use oidc::signing_algorithm::SigningAlgorithm;
use sha2::{Digest as _, Sha256, Sha512};

/// The left half of the text's hash, with the hash function of the algorithm
/// that signs the ID token; for `EdDSA` that is the one inside Ed25519.
/// [Core section 3.1.3.6](https://openid.net/specs/openid-connect-core-1_0.html#CodeIDToken),
/// [section 3.3.2.11](https://openid.net/specs/openid-connect-core-1_0.html#HybridIDToken)
pub(crate) fn half_hash(algorithm: SigningAlgorithm, text: &str) -> String {
    match algorithm {
        SigningAlgorithm::Rs256 | SigningAlgorithm::Es256 => {
            URL_SAFE_NO_PAD.encode(&Sha256::digest(text)[..16])
        }
        SigningAlgorithm::EdDsa => URL_SAFE_NO_PAD.encode(&Sha512::digest(text)[..32]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_half_is_as_long_as_the_hash_of_the_algorithm_makes_it() {
        // printf token | openssl dgst -sha256 -binary | head -c 16 | basenc --base64url
        let short = "PEaenWxYddN6Q_NT1PiOYQ";
        assert_eq!(half_hash(SigningAlgorithm::Rs256, "token"), short);
        assert_eq!(half_hash(SigningAlgorithm::Es256, "token"), short);
        // The same with -sha512 and 32 bytes.
        let long = "ImXaughy_DrvFp0Hk2XlkPDLyO1GwqeYTIpkKAPP2Ww";
        assert_eq!(half_hash(SigningAlgorithm::EdDsa, "token"), long);
    }
}
