//! Scope tokens and ordered sets of them.

use serde::{Deserialize, Serialize};
use std::{collections::HashSet, fmt};

/// One scope token: `1*( %x21 / %x23-5B / %x5D-7E )`.
///
/// Compared as an exact, case-sensitive string.
/// [RFC 6749 section 3.3](https://www.rfc-editor.org/rfc/rfc6749#section-3.3)
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(extend("pattern" = r"^[\x21\x23-\x5b\x5d-\x7e]+$"))
)]
#[serde(try_from = "String", into = "String")]
pub struct ScopeToken(String);

/// Why a text is not a scope token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum ScopeTokenError {
    /// The text is empty.
    #[error("a scope token has at least one character")]
    Empty,
    /// The text holds a character that RFC 6749 section 3.3 does not list.
    #[error("{character:?} at position {position} may not stand in a scope token")]
    Character {
        /// The first character that is not allowed.
        character: char,
        /// Its position, in characters, counted from 1.
        position: usize,
    },
}

/// The scope that turns an OAuth request into an OpenID Connect request.
/// [Core section 3.1.2.1](https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest)
pub const OPENID: &str = "openid";

impl ScopeToken {
    /// Checks `text` against the grammar.
    ///
    /// # Errors
    /// Names the first character that is not allowed, or says that the text is empty.
    pub fn new(text: &str) -> Result<Self, ScopeTokenError> {
        if text.is_empty() {
            return Err(ScopeTokenError::Empty);
        }
        match text.chars().enumerate().find(|(_, c)| !is_scope_char(*c)) {
            Some((index, character)) => Err(ScopeTokenError::Character {
                character,
                position: index + 1,
            }),
            None => Ok(Self(text.to_owned())),
        }
    }

    /// Whether it looks like several scopes with commas between them. It is a
    /// scope token all the same: a comma may stand in one.
    #[must_use]
    pub fn is_comma_list(&self) -> bool {
        // What is left between the commas keeps to the grammar as the whole does.
        self.0.contains(',') && self.0.bytes().any(|byte| byte != b',')
    }

    /// The token as it stands on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// [RFC 6749 appendix A.4](https://www.rfc-editor.org/rfc/rfc6749#appendix-A.4)
fn is_scope_char(c: char) -> bool {
    matches!(c, '\x21' | '\x23'..='\x5b' | '\x5d'..='\x7e')
}

impl fmt::Display for ScopeToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for ScopeToken {
    type Error = ScopeTokenError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::new(&text)
    }
}

impl From<ScopeToken> for String {
    fn from(token: ScopeToken) -> Self {
        token.0
    }
}

impl AsRef<str> for ScopeToken {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// An ordered set of scope tokens: order kept, duplicates removed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Scope(Vec<ScopeToken>);

impl<'de> Deserialize<'de> for Scope {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<ScopeToken>::deserialize(deserializer)?
            .into_iter()
            .collect())
    }
}

/// What was read from a `scope` parameter, and what was wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ParsedScope {
    /// Every well-formed token, in order, without duplicates.
    pub scope: Scope,
    /// What was left out or bent to get there.
    pub findings: Vec<ScopeFinding>,
}

/// Something in a `scope` parameter that the grammar does not allow, or that
/// has no effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ScopeFinding {
    /// A space too many: at an end, or two in a row.
    ExtraSpace,
    /// The token stands there more than once; the first one counts.
    Duplicate(ScopeToken),
    /// A word that is no scope token; it is left out.
    Malformed {
        /// The word as it was sent.
        text: String,
        /// What is wrong with it.
        error: ScopeTokenError,
    },
}

impl fmt::Display for ScopeFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ExtraSpace => f.write_str("There is a space too many between the scopes."),
            Self::Duplicate(token) => {
                let token = Shown(token.as_str());
                write!(
                    f,
                    "`{token}` is there more than once; the first one counts."
                )
            }
            Self::Malformed { text, error } => {
                let text = Shown(text);
                write!(
                    f,
                    "`{text}` is sent as typed, but the provider ignores it: "
                )?;
                match error {
                    ScopeTokenError::Empty => f.write_str("a scope has at least one character")?,
                    ScopeTokenError::Character { character, .. } => {
                        let character = character.to_string();
                        write!(f, "`{}` may not stand in a scope", Shown(&character))?;
                    }
                }
                f.write_str(" (RFC 6749, section 3.3).")
            }
        }
    }
}

/// A text to be read between backticks: what cannot be seen there, and a
/// backtick, as its number.
struct Shown<'a>(&'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|c| match c {
            // The standard library escapes these, and what is not printable.
            '"' | '\'' | '\\' => write!(f, "{c}"),
            c if c != '`' && c.escape_debug().len() == 1 => write!(f, "{c}"),
            c => write!(f, "U+{:04X}", u32::from(c)),
        })
    }
}

impl Scope {
    /// Reads a space-separated `scope` parameter and keeps what it can.
    /// [RFC 6749 section 3.3](https://www.rfc-editor.org/rfc/rfc6749#section-3.3)
    #[must_use]
    pub fn parse(text: &str) -> ParsedScope {
        let mut parsed = ParsedScope::default();
        if text.is_empty() {
            return parsed;
        }
        let (mut seen, mut said) = (HashSet::new(), HashSet::new());
        let mut extra_space = false;
        for word in text.split(' ') {
            match ScopeToken::new(word) {
                Ok(token) if seen.insert(word) => parsed.scope.0.push(token),
                // Once per token is enough to say.
                Ok(token) if said.insert(word) => {
                    parsed.findings.push(ScopeFinding::Duplicate(token));
                }
                Ok(_) => {}
                Err(ScopeTokenError::Empty) if extra_space => {}
                Err(ScopeTokenError::Empty) => {
                    extra_space = true;
                    parsed.findings.push(ScopeFinding::ExtraSpace);
                }
                Err(error) => parsed.findings.push(ScopeFinding::Malformed {
                    text: word.to_owned(),
                    error,
                }),
            }
        }
        parsed
    }

    /// Adds a token at the end; `false` if it was there already.
    pub fn insert(&mut self, token: ScopeToken) -> bool {
        if self.contains(token.as_str()) {
            return false;
        }
        self.0.push(token);
        true
    }

    /// Whether the token is in the set, compared as an exact string.
    #[must_use]
    pub fn contains(&self, token: &str) -> bool {
        self.0.iter().any(|own| own.as_str() == token)
    }

    /// The tokens in order.
    pub fn iter(&self) -> std::slice::Iter<'_, ScopeToken> {
        self.0.iter()
    }

    /// How many tokens there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no token.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same tokens in alphabetical order, as introspection lists them.
    #[must_use]
    pub fn sorted(&self) -> Self {
        let mut tokens = self.0.clone();
        tokens.sort();
        Self(tokens)
    }
}

impl FromIterator<ScopeToken> for Scope {
    fn from_iter<I: IntoIterator<Item = ScopeToken>>(tokens: I) -> Self {
        // A set, because a scope may come from outside and be long.
        let mut seen = HashSet::new();
        Self(
            tokens
                .into_iter()
                .filter(|token| seen.insert(token.clone()))
                .collect(),
        )
    }
}

impl<'a> IntoIterator for &'a Scope {
    type Item = &'a ScopeToken;
    type IntoIter = std::slice::Iter<'a, ScopeToken>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Scope {
    /// Space-separated, as the `scope` parameter is written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, token) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            f.write_str(token.as_str())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Scope, ScopeFinding, ScopeToken, ScopeTokenError};
    use proptest::prelude::*;

    fn token(text: &str) -> ScopeToken {
        ScopeToken::new(text).unwrap()
    }

    /// Compares what is kept and what is said about the rest.
    fn check(text: &str, kept: &str, findings: &[ScopeFinding]) {
        let parsed = Scope::parse(text);
        assert_eq!(parsed.scope.to_string(), kept, "{text:?}");
        assert_eq!(parsed.findings, findings, "{text:?}");
    }

    fn malformed(text: &str, character: char, position: usize) -> ScopeFinding {
        ScopeFinding::Malformed {
            text: text.to_owned(),
            error: ScopeTokenError::Character {
                character,
                position,
            },
        }
    }

    #[test]
    fn what_can_be_kept_is_kept_and_the_rest_is_named() {
        check("", "", &[]);
        check("openid", "openid", &[]);
        check("profile openid", "profile openid", &[]);
        check("Openid openid", "Openid openid", &[]);
        check(" ", "", &[ScopeFinding::ExtraSpace]);
        check(" a  b ", "a b", &[ScopeFinding::ExtraSpace]);
        check("a b a a", "a b", &[ScopeFinding::Duplicate(token("a"))]);
        check("a\tb c", "c", &[malformed("a\tb", '\t', 2)]);
        check("a \"b\"", "a", &[malformed("\"b\"", '"', 1)]);
        check("a\\b", "", &[malformed("a\\b", '\\', 2)]);
        check("schön", "", &[malformed("schön", 'ö', 4)]);
        check("*:** .:config/**", "*:** .:config/**", &[]);
    }

    #[test]
    fn what_is_odd_is_said_in_whole_sentences() {
        for (text, expected) in [
            (
                "openid a\"b",
                "`a\"b` is sent as typed, but the provider ignores it: `\"` may not stand in a scope (RFC 6749, section 3.3).",
            ),
            (
                "a\\b",
                "`a\\b` is sent as typed, but the provider ignores it: `\\` may not stand in a scope (RFC 6749, section 3.3).",
            ),
            (
                "a\tb",
                "`aU+0009b` is sent as typed, but the provider ignores it: `U+0009` may not stand in a scope (RFC 6749, section 3.3).",
            ),
            (
                "`a\u{200b}\u{a0}\u{1f600}",
                "`U+0060aU+200BU+00A0\u{1f600}` is sent as typed, but the provider ignores it: `U+200B` may not stand in a scope (RFC 6749, section 3.3).",
            ),
            (
                "schön",
                "`schön` is sent as typed, but the provider ignores it: `ö` may not stand in a scope (RFC 6749, section 3.3).",
            ),
            ("a  b", "There is a space too many between the scopes."),
            (
                "email email",
                "`email` is there more than once; the first one counts.",
            ),
        ] {
            let findings = Scope::parse(text).findings;
            let said: Vec<String> = findings.iter().map(ToString::to_string).collect();
            assert_eq!(said, [expected]);
        }
    }

    #[test]
    fn a_list_with_commas_is_one_token() {
        for (text, expected) in [
            ("openid,email", true),
            ("openid,", true),
            (",", false),
            ("openid", false),
        ] {
            assert_eq!(token(text).is_comma_list(), expected, "{text}");
        }
        // Valid, so that it is nothing to complain about.
        check("openid,email", "openid,email", &[]);
    }

    #[test]
    fn reading_json_removes_duplicates_and_refuses_malformed_tokens() {
        let read: Scope = serde_json::from_str(r#"["b","a","b"]"#).unwrap();
        assert_eq!(read.to_string(), "b a");
        assert_eq!(serde_json::to_string(&read).unwrap(), r#"["b","a"]"#);
        assert!(serde_json::from_str::<Scope>(r#"["a b"]"#).is_err());
        assert!(serde_json::from_str::<Scope>(r#"[""]"#).is_err());
    }

    #[test]
    fn sorting_keeps_the_tokens() {
        assert_eq!(Scope::parse("c a b").scope.sorted().to_string(), "a b c");
    }

    proptest! {
        #[test]
        fn parsing_what_was_printed_gives_the_same(words in prop::collection::vec(r"[\x21\x23-\x5b\x5d-\x7e]{1,12}", 0..12)) {
            let scope: Scope = words.iter().map(|word| token(word)).collect();
            let parsed = Scope::parse(&scope.to_string());
            prop_assert_eq!(parsed.scope, scope);
            prop_assert!(parsed.findings.is_empty());
        }
    }
}
