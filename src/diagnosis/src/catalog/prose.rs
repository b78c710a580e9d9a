//! What makes sentences of words and names.

use oidc::scope::{OPENID, ScopeToken};
use std::fmt::Display;

/// How many names a sentence may list.
pub(super) const FEW: usize = 3;

/// The verb and the pronoun for so many things.
pub(super) const fn number(count: usize) -> (&'static str, &'static str) {
    if count == 1 {
        ("was", "it")
    } else {
        ("were", "them")
    }
}

/// The name in backticks. One of its own would end the code early.
pub(super) fn code(name: impl Display) -> String {
    format!("`{}`", name.to_string().replace('`', "U+0060"))
}

/// `a`, `b` and `c`, in backticks.
pub(super) fn list(names: &[impl Display]) -> String {
    let names: Vec<String> = names.iter().map(code).collect();
    anded(&names)
}

pub(super) fn plain_list(names: &[&ScopeToken]) -> String {
    let names: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
    anded(&names)
}

/// a, b and c; of more than a few the first ones, and how many more there are.
pub(super) fn anded(words: &[impl AsRef<str>]) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    match &words[..] {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] if words.len() <= FEW => format!("{} and {last}", first.join(", ")),
        _ => format!("{} and {} more", words[..FEW].join(", "), words.len() - FEW),
    }
}

/// What ends a sentence.
pub(super) const STOPS: [char; 4] = ['.', '?', '!', '…'];

/// The text with a capital first and a full stop last; a name as it stands on
/// the wire keeps its first letter. ASCII only: the tables of all capitals would
/// weigh more than everything else here in WebAssembly.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut chars = text.chars();
    let Some(first) = chars.next() else {
        return String::new();
    };
    let stop = if text.ends_with(STOPS) { "" } else { "." };
    let word = text.split([' ', ':']).next().unwrap_or_default();
    if word == OPENID || word.contains('_') {
        format!("{text}{stop}")
    } else {
        format!("{}{}{stop}", first.to_ascii_uppercase(), chars.as_str())
    }
}

/// The sentences that are there, with spaces between.
pub(crate) fn joined(sentences: impl IntoIterator<Item = String>) -> String {
    let sentences: Vec<String> = sentences
        .into_iter()
        .filter(|sentence| !sentence.is_empty())
        .collect();
    sentences.join(" ")
}

#[cfg(test)]
mod tests {
    use super::{list, sentence};

    #[test]
    fn lists_read_like_english() {
        for (names, expected) in [
            (&[][..], ""),
            (&["a"], "`a`"),
            (&["a", "b"], "`a` and `b`"),
            (&["a", "b", "c"], "`a`, `b` and `c`"),
            (&["a", "b", "c", "d"], "`a`, `b`, `c` and 1 more"),
            (&["a", "b", "c", "d", "e"], "`a`, `b`, `c` and 2 more"),
            (&["a`b"], "`aU+0060b`"),
        ] {
            assert_eq!(list(names), expected);
        }
    }

    #[test]
    fn a_sentence_has_a_capital_and_a_full_stop() {
        for (text, expected) in [
            ("", ""),
            (" over ", "Over."),
            ("Really?", "Really?"),
            ("`a` went.", "`a` went."),
            ("so: über", "So: über."),
            ("openid was granted", "openid was granted."),
            ("code_challenge: missing", "code_challenge: missing."),
        ] {
            assert_eq!(sentence(text), expected);
        }
    }
}
