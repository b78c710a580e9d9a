//! One key: its private half signs, its public half is published and verifies.

use super::SigningError;
use crate::hex;
use aws_lc_rs::{
    encoding::AsDer as _,
    rand::SystemRandom,
    rsa,
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ED25519, EcdsaKeyPair,
        Ed25519KeyPair, KeyPair as _, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
        RSA_PKCS1_SHA256, VerificationAlgorithm,
    },
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use oidc::signing_algorithm::SigningAlgorithm;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// The smallest RSA modulus, in bytes.
/// [RFC 7518 section 3.3](https://www.rfc-editor.org/rfc/rfc7518#section-3.3)
const MIN_RSA_BYTES: usize = 256;

/// Makes a new private key and returns its PKCS#8 form. RSA takes about a second
/// at worst, the others next to nothing.
///
/// # Errors
/// When the cryptography library fails.
pub fn generate_key(algorithm: SigningAlgorithm) -> Result<Vec<u8>, SigningError> {
    let made = match algorithm {
        SigningAlgorithm::Rs256 => rsa::KeyPair::generate(rsa::KeySize::Rsa2048)
            .and_then(|pair| Ok(pair.as_der()?.as_ref().to_vec())),
        SigningAlgorithm::Es256 => EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)
            .and_then(|pair| Ok(pair.to_pkcs8v1()?.as_ref().to_vec())),
        SigningAlgorithm::EdDsa => {
            Ed25519KeyPair::generate().and_then(|pair| Ok(pair.to_pkcs8v1()?.as_ref().to_vec()))
        }
    };
    made.map_err(|_| SigningError::Generate)
}

/// A parsed private key.
pub(super) struct PrivateKey {
    pair: Pair,
    public: Arc<PublicKey>,
}

enum Pair {
    Rsa(Box<rsa::KeyPair>),
    P256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl PrivateKey {
    pub(super) fn from_pkcs8(
        algorithm: SigningAlgorithm,
        pkcs8: &[u8],
    ) -> Result<Self, SigningError> {
        let rejected = |_| SigningError::Key(algorithm);
        let (pair, public) = match algorithm {
            SigningAlgorithm::Rs256 => {
                let pair = rsa::KeyPair::from_pkcs8(pkcs8).map_err(rejected)?;
                let public = PublicKey::rsa(pair.public_key())?;
                (Pair::Rsa(Box::new(pair)), public)
            }
            SigningAlgorithm::Es256 => {
                let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
                let pair = EcdsaKeyPair::from_pkcs8(algorithm, pkcs8).map_err(rejected)?;
                let public = PublicKey::p256(pair.public_key().as_ref())?;
                (Pair::P256(pair), public)
            }
            SigningAlgorithm::EdDsa => {
                let pair = Ed25519KeyPair::from_pkcs8(pkcs8).map_err(rejected)?;
                let public = PublicKey::ed25519(pair.public_key().as_ref())?;
                (Pair::Ed25519(pair), public)
            }
        };
        Ok(Self {
            pair,
            public: Arc::new(public),
        })
    }

    pub(super) const fn public(&self) -> &Arc<PublicKey> {
        &self.public
    }

    /// The signature's bytes.
    /// [RFC 7518 section 3.3](https://www.rfc-editor.org/rfc/rfc7518#section-3.3),
    /// [section 3.4](https://www.rfc-editor.org/rfc/rfc7518#section-3.4),
    /// [RFC 8037 section 3.1](https://www.rfc-editor.org/rfc/rfc8037#section-3.1)
    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SigningError> {
        let random = SystemRandom::new();
        let signed = match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)
                    .map(|()| signature)
            }
            Pair::P256(pair) => pair
                .sign(&random, message)
                .map(|signature| signature.as_ref().to_vec()),
            Pair::Ed25519(pair) => pair
                .try_sign(message)
                .map(|signature| signature.as_ref().to_vec()),
        };
        signed.map_err(|_| SigningError::Sign)
    }
}

/// A public key, as it verifies and as it is published.
pub(super) struct PublicKey {
    algorithm: SigningAlgorithm,
    kid: String,
    jwk: Value,
    parsed: ParsedPublicKey,
}

impl PublicKey {
    /// [RFC 7518 section 6.3.1](https://www.rfc-editor.org/rfc/rfc7518#section-6.3.1)
    fn rsa(key: &rsa::PublicKey) -> Result<Self, SigningError> {
        if key.modulus_len() < MIN_RSA_BYTES {
            return Err(SigningError::Key(SigningAlgorithm::Rs256));
        }
        let n = URL_SAFE_NO_PAD.encode(key.modulus().big_endian_without_leading_zero());
        let e = URL_SAFE_NO_PAD.encode(key.exponent().big_endian_without_leading_zero());
        let kid = kid(&json!({"e": e, "kty": "RSA", "n": n}));
        let algorithm = SigningAlgorithm::Rs256;
        let jwk = json!({
            "use": "sig", "kty": "RSA", "kid": kid, "alg": algorithm.as_str(), "n": n, "e": e
        });
        Self::parse(
            algorithm,
            kid,
            jwk,
            &RSA_PKCS1_2048_8192_SHA256,
            key.as_ref(),
        )
    }

    /// The bytes are an uncompressed point: 4, x, y.
    /// [RFC 7518 section 6.2.1](https://www.rfc-editor.org/rfc/rfc7518#section-6.2.1)
    fn p256(point: &[u8]) -> Result<Self, SigningError> {
        let algorithm = SigningAlgorithm::Es256;
        let [4, coordinates @ ..] = point else {
            return Err(SigningError::Key(algorithm));
        };
        let (x, y) = coordinates.split_at(coordinates.len() / 2);
        let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
        let kid = kid(&json!({"crv": "P-256", "kty": "EC", "x": x, "y": y}));
        let jwk = json!({
            "use": "sig", "kty": "EC", "kid": kid, "alg": algorithm.as_str(),
            "crv": "P-256", "x": x, "y": y
        });
        Self::parse(algorithm, kid, jwk, &ECDSA_P256_SHA256_FIXED, point)
    }

    /// [RFC 8037 section 2](https://www.rfc-editor.org/rfc/rfc8037#section-2)
    fn ed25519(bytes: &[u8]) -> Result<Self, SigningError> {
        let algorithm = SigningAlgorithm::EdDsa;
        let x = URL_SAFE_NO_PAD.encode(bytes);
        let kid = kid(&json!({"crv": "Ed25519", "kty": "OKP", "x": x}));
        let jwk = json!({
            "use": "sig", "kty": "OKP", "kid": kid, "alg": algorithm.as_str(),
            "crv": "Ed25519", "x": x
        });
        Self::parse(algorithm, kid, jwk, &ED25519, bytes)
    }

    fn parse(
        algorithm: SigningAlgorithm,
        kid: String,
        jwk: Value,
        verifies: &'static dyn VerificationAlgorithm,
        bytes: &[u8],
    ) -> Result<Self, SigningError> {
        Ok(Self {
            algorithm,
            kid,
            jwk,
            parsed: ParsedPublicKey::new(verifies, bytes)
                .map_err(|_| SigningError::Key(algorithm))?,
        })
    }

    /// The only algorithm the key is good for.
    pub(super) const fn algorithm(&self) -> SigningAlgorithm {
        self.algorithm
    }

    pub(super) fn kid(&self) -> &str {
        &self.kid
    }

    /// Public members only, in the documented order.
    pub(super) const fn jwk(&self) -> &Value {
        &self.jwk
    }

    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.parsed.verify_sig(message, signature).is_ok()
    }
}

/// 40 hexadecimal characters, as the documented key ids have: the first of the
/// key's thumbprint. The members are the required ones in alphabetical order.
/// [RFC 7638 section 3](https://www.rfc-editor.org/rfc/rfc7638#section-3)
fn kid(required_members: &Value) -> String {
    let thumbprint = Sha256::digest(required_members.to_string());
    hex::encode(&thumbprint[..20])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insecure_keys::insecure_keys;
    use SigningAlgorithm::{EdDsa, Es256};

    fn parsed(algorithm: SigningAlgorithm, pkcs8: &[u8]) -> Result<PrivateKey, SigningError> {
        PrivateKey::from_pkcs8(algorithm, pkcs8)
    }

    #[test]
    fn a_signature_fits_its_key_and_its_message_alone() {
        let make = insecure_keys();
        for algorithm in SigningAlgorithm::ALL {
            let own = parsed(algorithm, &make(algorithm)).unwrap();
            let signature = own.sign(b"message").unwrap();
            assert!(own.public().verifies(b"message", &signature));
            assert!(!own.public().verifies(b"massage", &signature));
            for broken in [&signature[1..], &[0; 64], &[0; 256], &[]] {
                assert!(!own.public().verifies(b"message", broken));
            }
            for other in SigningAlgorithm::ALL {
                let other = parsed(other, &make(other)).unwrap();
                assert!(!other.public().verifies(b"message", &signature));
            }
        }
    }

    #[test]
    fn a_key_of_another_algorithm_is_refused() {
        for algorithm in SigningAlgorithm::ALL {
            let make = insecure_keys();
            for other in SigningAlgorithm::ALL {
                let parsed = parsed(algorithm, &make(other));
                assert_eq!(parsed.is_ok(), algorithm == other);
            }
            for broken in [&[][..], &[1, 2, 3], &make(algorithm)[1..]] {
                let refused = parsed(algorithm, broken).err();
                assert_eq!(refused, Some(SigningError::Key(algorithm)));
            }
        }
    }

    #[test]
    fn made_keys_can_be_read_and_are_never_the_same() {
        for algorithm in [Es256, EdDsa] {
            let made = [(); 2].map(|()| generate_key(algorithm).unwrap());
            let kids = made.map(|made| parsed(algorithm, &made).unwrap().public().kid().to_owned());
            assert_ne!(kids[0], kids[1]);
        }
    }

    #[test]
    fn the_kid_is_the_beginning_of_the_thumbprint() {
        // The example of https://www.rfc-editor.org/rfc/rfc8037#appendix-A.3:
        // kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k
        let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        let key = PublicKey::ed25519(&URL_SAFE_NO_PAD.decode(x).unwrap()).unwrap();
        assert_eq!(key.kid(), "90facafea9b1556698540f70c0117a22ea37bd5c");
        assert_eq!(key.jwk()["x"], x);
    }

    #[test]
    fn points_that_are_none_are_refused() {
        let off_curve = [&[4][..], &[1; 64]].concat();
        for point in [&off_curve[..], &[2; 33], &[4], &[]] {
            assert!(PublicKey::p256(point).is_err());
        }
        assert!(PublicKey::ed25519(&[1; 31]).is_err());
    }

    #[test]
    fn coordinates_keep_their_leading_zeros() {
        // RFC 7518 section 6.2.1.2: x and y are as long as the curve demands.
        for _ in 0..64 {
            let own = parsed(Es256, &generate_key(Es256).unwrap()).unwrap();
            for member in ["x", "y"] {
                assert_eq!(own.public().jwk()[member].as_str().unwrap().len(), 43);
            }
            let own = parsed(EdDsa, &generate_key(EdDsa).unwrap()).unwrap();
            assert_eq!(own.public().jwk()["x"].as_str().unwrap().len(), 43);
        }
    }
}
