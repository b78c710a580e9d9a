//! Scopes as a person types them.

use super::slips::{self, Slipped};
use std::collections::HashSet;

/// How long what is typed may be, in characters.
pub const LONGEST: usize = 4000;
/// How many scopes may be asked for at once.
pub const MOST_SCOPES: usize = 60;

/// What the scopes are about.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The customer's id, which some write into the path.
    pub customer: &'a str,
    /// Method and path template of every call there is, for example `GET` and
    /// `config/clients/{id}`.
    pub calls: &'a [(&'a str, &'a str)],
}

/// The scopes to be asked for, and what seems wrong with them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// What is sent, in order, each once. A slip is sent as it was typed, so that
    /// one sees what comes of it.
    pub words: Vec<String>,
    /// What may not be as it was meant.
    pub slips: Vec<Slip>,
}

/// Something that may not be as it was meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slip {
    /// The word it is about; empty when it is about what stands between words.
    pub word: String,
    /// What is wrong, in a sentence or two. Text in backquotes is code.
    pub text: String,
    /// What may have been meant.
    pub meant: Option<String>,
}

/// More than is ever asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooMuch {
    /// The text is longer than [`LONGEST`].
    Characters,
    /// There are more scopes than [`MOST_SCOPES`].
    Scopes,
}

impl Typed {
    /// Reads ticked scopes and typed text: words with spaces, line breaks, commas
    /// or semicolons between them.
    ///
    /// # Errors
    /// When it is too much to be meant.
    pub fn read<'a>(
        ticked: impl IntoIterator<Item = &'a str>,
        text: &str,
        known: &Known<'_>,
    ) -> Result<Self, TooMuch> {
        if text.chars().take(LONGEST + 1).count() > LONGEST {
            return Err(TooMuch::Characters);
        }
        let mut typed = Self::default();
        let mut seen = HashSet::new();
        for word in ticked {
            if seen.insert(word.to_owned()) {
                typed.words.push(word.to_owned());
            }
        }
        if text.contains([',', ';']) {
            typed.slips.push(Slip {
                word: String::new(),
                text: "Scopes are separated by spaces (RFC 6749, section 3.3). The commas are read as spaces here; a program would have to send spaces.".to_owned(),
                meant: None,
            });
        }
        for word in text.split(is_between).filter(|word| !word.is_empty()) {
            if seen.insert(word.to_owned()) {
                typed.words.push(word.to_owned());
            } else {
                typed.repeated(word);
            }
        }
        if typed.words.len() > MOST_SCOPES {
            return Err(TooMuch::Scopes);
        }
        for word in &typed.words {
            if let Some(Slipped { text, meant }) = slips::find(word, known) {
                typed.slips.push(Slip {
                    word: word.clone(),
                    text,
                    meant,
                });
            }
        }
        Ok(typed)
    }

    /// The `scope` parameter.
    #[must_use]
    pub fn scope(&self) -> String {
        self.words.join(" ")
    }

    fn repeated(&mut self, word: &str) {
        let text = format!(
            "{} is there more than once. It is sent once.",
            slips::code(word)
        );
        if !self.slips.iter().any(|slip| slip.text == text) {
            self.slips.push(Slip {
                word: word.to_owned(),
                text,
                meant: None,
            });
        }
    }
}

fn is_between(character: char) -> bool {
    character.is_whitespace() || matches!(character, ',' | ';')
}

#[cfg(test)]
mod tests {
    use super::{Known, LONGEST, TooMuch, Typed};
    use crate::admin::slips::tests::CALLS;
    use proptest::prelude::*;

    const KNOWN: Known<'static> = Known {
        customer: "6d046e3e-9f9b-42ac-8928-dc5c6072af63",
        calls: CALLS,
    };

    #[test]
    fn words_are_read_whatever_stands_between_them() {
        let typed = Typed::read([".:**"], " *:**,XXXXX;\n .:**\t*:** ", &KNOWN).unwrap();
        assert_eq!(typed.scope(), ".:** *:** XXXXX");
        let said: Vec<(&str, bool)> = typed
            .slips
            .iter()
            .map(|slip| (slip.word.as_str(), slip.meant.is_some()))
            .collect();
        assert_eq!(
            said,
            [
                ("", false),
                (".:**", false),
                ("*:**", false),
                ("XXXXX", false)
            ]
        );
        assert!(typed.slips[0].text.contains("spaces"));
    }

    #[test]
    fn nothing_typed_is_nothing_asked_for() {
        assert_eq!(Typed::read([], " ,\n", &KNOWN).unwrap().scope(), "");
        assert_eq!(Typed::read([], "", &KNOWN), Ok(Typed::default()));
    }

    #[test]
    fn too_much_is_refused() {
        let long = "a".repeat(LONGEST + 1);
        assert_eq!(Typed::read([], &long, &KNOWN), Err(TooMuch::Characters));
        let many: Vec<String> = (0..100).map(|n| n.to_string()).collect();
        assert_eq!(
            Typed::read([], &many.join(" "), &KNOWN),
            Err(TooMuch::Scopes)
        );
    }

    proptest! {
        #[test]
        fn whatever_is_typed_is_read(text in "\\PC{0,60}") {
            let typed = Typed::read([], &text, &KNOWN).unwrap();
            let scope = typed.scope();
            prop_assert!(!scope.contains([',', ';']));
            for slip in typed.slips {
                prop_assert!(slip.word.is_empty() || typed.words.contains(&slip.word));
                prop_assert!(slip.meant.as_ref() != Some(&slip.word));
            }
        }

        #[test]
        fn what_is_proposed_is_no_slip_itself(
            text in "[*.+=-]?[*.+=-]?[:.]?/?(config/|CONFIG/)?(tokenPolicies|tokenpolicies|\\*\\*|clients)?/?"
        ) {
            let typed = Typed::read([], &text, &KNOWN).unwrap();
            for meant in typed.slips.into_iter().filter_map(|slip| slip.meant) {
                let again = Typed::read([], &meant, &KNOWN).unwrap();
                prop_assert_eq!(again.slips, []);
            }
        }
    }
}
