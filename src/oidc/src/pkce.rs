//! Proof Key for Code Exchange.
//! [RFC 7636](https://www.rfc-editor.org/rfc/rfc7636)

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// The only challenge method offered and taken.
/// [RFC 7636 section 4.2](https://www.rfc-editor.org/rfc/rfc7636#section-4.2)
pub const S256: &str = "S256";

/// The secret a client keeps between its two requests: 43 to 128 unreserved characters.
/// [RFC 7636 section 4.1](https://www.rfc-editor.org/rfc/rfc7636#section-4.1)
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CodeVerifier(String);

/// The text is not 43 to 128 unreserved characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a code verifier is 43 to 128 characters of A-Z a-z 0-9 - . _ ~")]
pub struct CodeVerifierError;

impl CodeVerifier {
    /// Checks `text` against the grammar.
    ///
    /// # Errors
    /// When the length or a character is not allowed.
    pub fn new(text: &str) -> Result<Self, CodeVerifierError> {
        let unreserved =
            |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
        if (43..=128).contains(&text.len()) && text.bytes().all(unreserved) {
            Ok(Self(text.to_owned()))
        } else {
            Err(CodeVerifierError)
        }
    }

    /// The verifier as it stands on the wire. A secret until it is used.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `BASE64URL(SHA256(ASCII(code_verifier)))`.
    #[must_use]
    pub fn challenge(&self) -> CodeChallenge {
        CodeChallenge(URL_SAFE_NO_PAD.encode(Sha256::digest(self.0.as_bytes())))
    }
}

impl std::fmt::Debug for CodeVerifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CodeVerifier(…)")
    }
}

impl TryFrom<String> for CodeVerifier {
    type Error = CodeVerifierError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::new(&text)
    }
}

impl From<CodeVerifier> for String {
    fn from(verifier: CodeVerifier) -> Self {
        verifier.0
    }
}

/// An `S256` code challenge: 43 characters of base64url.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CodeChallenge(String);

/// The text is not the base64url form of 32 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an S256 code challenge is 43 characters of base64url")]
pub struct CodeChallengeError;

impl TryFrom<String> for CodeChallenge {
    type Error = CodeChallengeError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or(CodeChallengeError)
    }
}

impl From<CodeChallenge> for String {
    fn from(challenge: CodeChallenge) -> Self {
        challenge.0
    }
}

impl CodeChallenge {
    /// Reads a `code_challenge` parameter; `None` when no SHA-256 value can look like it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        (bytes.len() == 32).then(|| Self(text.to_owned()))
    }

    /// The challenge as it stands on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the verifier belongs to this challenge.
    #[must_use]
    pub fn matches(&self, verifier: &CodeVerifier) -> bool {
        verifier.challenge() == *self
    }
}

#[cfg(test)]
mod tests {
    use super::{CodeChallenge, CodeVerifier};

    /// [RFC 7636 appendix B](https://www.rfc-editor.org/rfc/rfc7636#appendix-B)
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_example_of_the_specification_holds() {
        let verifier = CodeVerifier::new(VERIFIER).unwrap();
        let challenge = CodeChallenge::parse(CHALLENGE).unwrap();
        assert_eq!(verifier.challenge().as_str(), CHALLENGE);
        assert!(challenge.matches(&verifier));
        assert!(!challenge.matches(&CodeVerifier::new(&"a".repeat(43)).unwrap()));
    }

    #[test]
    fn verifiers_keep_to_length_and_characters() {
        for (text, good) in [
            ("a".repeat(42), false),
            ("a".repeat(43), true),
            ("~._-".repeat(32), true),
            ("a".repeat(129), false),
            (format!("{}+", "a".repeat(43)), false),
            ("ä".repeat(30), false),
        ] {
            assert_eq!(CodeVerifier::new(&text).is_ok(), good, "{text}");
        }
    }

    #[test]
    fn challenges_are_43_characters_of_base64url() {
        for text in [
            "",
            "short",
            &"a".repeat(44),
            &"+".repeat(43),
            &format!("{CHALLENGE}="),
        ] {
            assert_eq!(CodeChallenge::parse(text), None, "{text}");
        }
        assert!(serde_json::from_str::<CodeChallenge>("\"short\"").is_err());
    }

    #[test]
    fn a_verifier_is_not_printed_by_accident() {
        let verifier = CodeVerifier::new(VERIFIER).unwrap();
        assert!(!format!("{verifier:?}").contains(VERIFIER));
    }
}
