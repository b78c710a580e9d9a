use fuzz::{Corpus, corpus, hold, prop_assert, prop_assert_eq};
use oidc::scope::{Scope, ScopeFinding};
use std::sync::LazyLock;

static CORPUS: LazyLock<Corpus> = LazyLock::new(|| corpus!("scope"));

/// How many scopes are kept, and what is said about the rest.
fn class(bytes: &[u8]) -> (usize, Vec<&'static str>) {
    let parsed = Scope::parse(&String::from_utf8_lossy(bytes));
    let said = parsed.findings.iter().map(|finding| match finding {
        ScopeFinding::ExtraSpace => "space",
        ScopeFinding::Duplicate(_) => "twice",
        ScopeFinding::Malformed { .. } => "malformed",
    });
    (parsed.scope.len(), said.collect())
}

#[test]
fn kept_scopes_are_read_as_stated() {
    CORPUS.check(
        &[
            ("administrative", (2, vec![])),
            ("case", (3, vec![])),
            ("commas", (2, vec![])),
            ("empty", (0, vec![])),
            ("every-character", (92, vec!["malformed", "malformed"])),
            ("long", (1, vec![])),
            ("many", (600, vec![])),
            ("nul", (1, vec!["malformed"])),
            ("one-space", (0, vec!["space"])),
            ("overlong", (1, vec!["malformed"])),
            ("plain", (3, vec![])),
            ("quotes", (1, vec!["malformed", "malformed"])),
            ("right-to-left", (1, vec!["malformed"])),
            ("spaces", (2, vec!["space"])),
            ("surrogate", (1, vec!["malformed"])),
            ("tab-and-newline", (0, vec!["malformed"])),
            ("twice", (2, vec!["twice"])),
            ("unicode-space", (0, vec!["malformed"])),
        ],
        class,
    );
}

#[test]
fn what_is_kept_of_a_scope_was_sent_and_reads_back() {
    hold(CORPUS.text(), |text| {
        let parsed = Scope::parse(&text);
        let printed = parsed.scope.to_string();
        let again = Scope::parse(&printed);
        prop_assert_eq!(&again.scope, &parsed.scope);
        prop_assert!(again.findings.is_empty());
        prop_assert_eq!(parsed.findings.is_empty(), printed == text);
        let words: Vec<&str> = text.split(' ').collect();
        prop_assert!(parsed.scope.len() + parsed.findings.len() <= words.len());
        for token in &parsed.scope {
            prop_assert!(words.contains(&token.as_str()));
        }
        let json = serde_json::to_string(&parsed.scope).unwrap();
        prop_assert_eq!(serde_json::from_str::<Scope>(&json).unwrap(), parsed.scope);
        Ok(())
    });
}

#[test]
fn what_is_said_about_a_scope_can_be_shown() {
    hold(CORPUS.text(), |text| {
        for finding in Scope::parse(&text).findings {
            let said = finding.to_string();
            prop_assert!(!said.chars().any(char::is_control), "{said:?}");
            prop_assert!(
                !said.contains(['\u{202e}', '\u{200b}', '\u{2028}']),
                "{said:?}"
            );
            // A character is written as `U+10FFFF` at the longest.
            prop_assert!(said.len() <= text.len() * 8 + 200);
        }
        Ok(())
    });
}
