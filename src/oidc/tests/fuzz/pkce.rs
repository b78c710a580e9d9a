use fuzz::{Corpus, corpus, hold, prop_assert, prop_assert_eq};
use oidc::pkce::{CodeChallenge, CodeVerifier};
use std::sync::LazyLock;

static CORPUS: LazyLock<Corpus> = LazyLock::new(|| corpus!("pkce"));

/// Whether it is a verifier, and whether it is a challenge.
fn class(bytes: &[u8]) -> (bool, bool) {
    let text = String::from_utf8_lossy(bytes);
    (
        CodeVerifier::new(&text).is_ok(),
        CodeChallenge::parse(&text).is_some(),
    )
}

#[test]
fn kept_verifiers_and_challenges_are_read_as_stated() {
    CORPUS.check(
        &[
            ("challenge", (true, true)),
            ("empty", (false, false)),
            ("example", (true, true)),
            ("long", (false, false)),
            ("longest", (true, false)),
            // A verifier is compared by its hash, a challenge has one spelling.
            ("loose-bits", (true, false)),
            ("newline", (false, false)),
            ("nul", (false, false)),
            ("other-alphabet", (false, false)),
            ("overlong", (false, false)),
            ("padded", (false, false)),
            ("short", (false, false)),
            // The last character carries bits that belong to nothing.
            ("shortest", (true, false)),
            ("unicode-digits", (false, false)),
        ],
        class,
    );
}

#[test]
fn a_verifier_fits_its_own_challenge_alone() {
    hold((CORPUS.text(), CORPUS.text()), |(one, other)| {
        let made = [&one, &other].map(|text| CodeVerifier::new(text));
        for (text, made) in [&one, &other].into_iter().zip(&made) {
            let Ok(verifier) = made else { continue };
            prop_assert_eq!(verifier.as_str(), text);
            let challenge = verifier.challenge();
            let parsed = CodeChallenge::parse(challenge.as_str());
            prop_assert_eq!(parsed.as_ref(), Some(&challenge));
            prop_assert!(challenge.matches(verifier));
            let kept = serde_json::to_string(verifier).unwrap();
            prop_assert_eq!(
                &serde_json::from_str::<CodeVerifier>(&kept).unwrap(),
                verifier
            );
        }
        if let [Ok(first), Ok(second)] = made {
            prop_assert_eq!(first.challenge().matches(&second), one == other);
        }
        Ok(())
    });
}

#[test]
fn a_challenge_has_one_spelling() {
    hold(CORPUS.text(), |text| {
        if let Some(challenge) = CodeChallenge::parse(&text) {
            prop_assert_eq!(challenge.as_str(), &text);
            prop_assert_eq!(text.len(), 43);
            prop_assert!(CodeVerifier::new(&text).is_ok(), "the same characters");
        }
        Ok(())
    });
}
