//! Versions as programs print them.

use std::fmt;

/// Three numbers; what follows them is of no interest here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version(pub(crate) u32, pub(crate) u32, pub(crate) u32);

impl Version {
    /// The first version named in a text: `rustc 1.95.0 (…)`, `v20.11.1`,
    /// `wasm-opt version 132`.
    pub(crate) fn find(text: &str) -> Option<Self> {
        text.split(|letter: char| letter.is_whitespace() || matches!(letter, '(' | ')' | '_'))
            .find_map(Self::parse)
    }

    fn parse(word: &str) -> Option<Self> {
        let word = word.strip_prefix('v').unwrap_or(word);
        let core = word.split(['-', '+']).next()?;
        let mut numbers = core.split('.').map(str::parse);
        let major = numbers.next()?.ok()?;
        let minor = numbers.next().unwrap_or(Ok(0)).ok()?;
        let patch = numbers.next().unwrap_or(Ok(0)).ok()?;
        Some(Self(major, minor, patch))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}.{}", self.0, self.1, self.2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_version_in_a_line_is_found() {
        for (line, expected) in [
            ("rustc 1.95.0 (59807616e 2026-04-14)", Version(1, 95, 0)),
            ("v20.20.2", Version(20, 20, 2)),
            ("wasm-opt version 132 (version_132)", Version(132, 0, 0)),
            ("wasm-bindgen 0.2.130", Version(0, 2, 130)),
            ("rustc 1.97.0-nightly (abc 2026-05-01)", Version(1, 97, 0)),
        ] {
            assert_eq!(Version::find(line), Some(expected), "{line}");
        }
        assert_eq!(Version::find("command not found"), None);
    }

    #[test]
    fn versions_are_compared_by_number() {
        assert!(Version(1, 100, 0) > Version(1, 95, 9));
        assert_eq!(Version(0, 3, 10).to_string(), "0.3.10");
    }
}
