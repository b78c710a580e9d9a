//! Values that may be used once: `state`, `nonce` and the PKCE secret.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use diagnosis::evidence::Draft;
use oidc::pkce::CodeVerifier;

/// How many random bytes a value of ours is made of.
const BYTES: usize = 16;

/// 128 random bits as 22 characters of base64url: short enough to be compared
/// by eye, too many to be guessed.
/// [RFC 6749 section 10.10](https://www.rfc-editor.org/rfc/rfc6749#section-10.10)
pub(crate) fn token() -> String {
    URL_SAFE_NO_PAD.encode(provider::random::bytes::<BYTES>())
}

/// A PKCE secret of 256 random bits.
/// [RFC 7636 section 7.1](https://www.rfc-editor.org/rfc/rfc7636#section-7.1)
pub(crate) fn code_verifier() -> CodeVerifier {
    CodeVerifier::new(&provider::random::key())
        .expect("43 characters of base64url are a code verifier")
}

/// Whether a value has the shape of ours, so that nobody typed it.
pub(crate) fn is_ours(text: &str) -> bool {
    URL_SAFE_NO_PAD
        .decode(text)
        .is_ok_and(|bytes| bytes.len() == BYTES)
}

/// The same draft for another run. What a person typed is kept, on purpose:
/// they may want to see what a repeated `state` does.
pub(crate) fn renewed(mut draft: Draft) -> Draft {
    for value in [&mut draft.state, &mut draft.nonce] {
        if value.as_deref().is_some_and(is_ours) {
            *value = Some(token());
        }
    }
    draft.code_verifier = draft.code_verifier.map(|_| code_verifier());
    draft
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(state: &str) -> Draft {
        Draft {
            client: "client".to_owned(),
            person: None,
            scope: "openid".to_owned(),
            state: Some(state.to_owned()),
            nonce: None,
            code_verifier: Some(code_verifier()),
            prompt: None,
            login_hint: None,
            response_type: Some("code".to_owned()),
            further: Vec::new(),
        }
    }

    #[test]
    fn our_own_values_are_recognised() {
        let token = token();
        assert_eq!(token.len(), 22);
        assert!(is_ours(&token));
        for typed in ["", "x", "my-state", "%%%%%%%%%%%%%%%%%%%%%%"] {
            assert!(!is_ours(typed), "{typed}");
        }
    }

    #[test]
    fn renewing_replaces_what_is_ours() {
        let old = draft(&token());
        let new = renewed(old.clone());
        assert_ne!(new.state, old.state);
        assert_ne!(new.code_verifier, old.code_verifier);
        assert_eq!(new.nonce, None);
        assert_eq!(new.scope, old.scope);
    }

    #[test]
    fn renewing_keeps_what_was_typed() {
        let new = renewed(draft("my-state"));
        assert_eq!(new.state.as_deref(), Some("my-state"));
    }
}
