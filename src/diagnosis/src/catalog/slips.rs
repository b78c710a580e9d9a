//! Words for what was typed for a scope and is none.

use super::prose::FEW;
use oidc::scope::{ScopeFinding, ScopeToken};
use policy::{admin_scope::AdminScope, release::StandardScope};

/// What to say about scopes with commas between them.
pub(crate) const COMMAS: &str = "Scopes are separated by spaces, not commas.";

/// What to say about words that are no scopes: a sentence for each of a few.
pub(crate) fn ignored(findings: &[ScopeFinding]) -> Vec<String> {
    let mut sentences: Vec<String> = findings.iter().take(FEW).map(ToString::to_string).collect();
    match findings.len().saturating_sub(FEW) {
        0 => {}
        1 => sentences.push("1 more word of `scope` is ignored.".to_owned()),
        more => sentences.push(format!("{more} more words of `scope` are ignored.")),
    }
    sentences
}

/// What may have been meant by a scope that the provider does not know.
pub(super) fn hint(scope: &ScopeToken) -> Option<String> {
    let lower = scope.as_str().to_ascii_lowercase();
    if let Some(meant) = StandardScope::parse(&lower) {
        Some(format!(
            "Scopes are case-sensitive: the provider knows `{}`.",
            meant.as_str()
        ))
    } else if AdminScope::parse(scope.as_str()).is_some() {
        Some(format!(
            "`{scope}` is an administrative scope, for the tokens of `client_credentials`."
        ))
    } else if scope.is_comma_list() {
        Some(COMMAS.to_owned())
    } else {
        let brings = StandardScope::ALL
            .into_iter()
            .find(|standard| standard.claims().contains(&scope.as_str()))?;
        Some(format!(
            "`{scope}` is a claim: the scope that brings it is `{}`.",
            brings.as_str()
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::hint;
    use oidc::scope::ScopeToken;

    #[test]
    fn a_slip_is_answered_with_what_may_have_been_meant() {
        for (scope, expected) in [
            (
                "Address",
                Some("Scopes are case-sensitive: the provider knows `address`."),
            ),
            (
                "*:**",
                Some("`*:**` is an administrative scope, for the tokens of `client_credentials`."),
            ),
            (
                "given_name",
                Some("`given_name` is a claim: the scope that brings it is `profile`."),
            ),
            (
                "email,phone",
                Some("Scopes are separated by spaces, not commas."),
            ),
            ("shoe_size", None),
        ] {
            let scope = ScopeToken::new(scope).unwrap();
            assert_eq!(hint(&scope).as_deref(), expected);
        }
    }
}
