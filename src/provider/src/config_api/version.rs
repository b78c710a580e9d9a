//! Versions of documents: nobody overwrites unseen what somebody else changed.
//! Beyond Akamai, and only for who asks for it.
//!
//! A document's `ETag` follows from the document as GET answers it. Who sends it
//! back in `If-Match` with PUT or DELETE is refused when the document is another
//! by then. It is compared in the transaction that writes, so that of several
//! who saw the same version one wins.
//! [RFC 9110 section 13.1.1](https://www.rfc-editor.org/rfc/rfc9110#section-13.1.1)

use super::error::ConfigError;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, header};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// How many bytes of the hash name a version.
const LENGTH: usize = 15;

/// The strong entity tag of a document, quotes included; `None` for what cannot
/// be written as JSON, which no document here is.
/// [RFC 9110 section 8.8.3](https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3)
pub(crate) fn etag(document: &impl Serialize) -> Option<String> {
    let text = serde_json::to_vec(document).ok()?;
    let hash = Sha256::digest(text);
    Some(format!("\"{}\"", URL_SAFE_NO_PAD.encode(&hash[..LENGTH])))
}

/// What a call says the document must still be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Precondition {
    /// Nothing: Akamai's plain PUT.
    #[default]
    None,
    /// `*`: that it is there.
    There,
    /// One of these, quotes included. Weak ones match nothing, nor does what is
    /// no entity tag: what cannot be understood must not pass for leave.
    OneOf(Vec<String>),
}

impl Precondition {
    /// Reads `If-Match`.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let mut lines = headers.get_all(header::IF_MATCH).iter().peekable();
        if lines.peek().is_none() {
            return Self::None;
        }
        let values: Vec<&str> = lines.filter_map(|line| line.to_str().ok()).collect();
        let value = values.join(",");
        if value.trim() == "*" {
            Self::There
        } else {
            Self::OneOf(strong_tags(&value))
        }
    }

    /// Whether a document that is there may be changed.
    ///
    /// # Errors
    /// When it is not the one that was seen.
    pub(super) fn allow(&self, current: &impl Serialize) -> Result<(), ConfigError> {
        let wanted = match self {
            Self::None | Self::There => return Ok(()),
            Self::OneOf(wanted) => wanted,
        };
        let current = etag(current);
        if current.is_some_and(|current| wanted.contains(&current)) {
            Ok(())
        } else {
            Err(ConfigError::Changed)
        }
    }
}

/// The strong entity tags of a list, up to where it is no list any more.
fn strong_tags(list: &str) -> Vec<String> {
    let mut tags = Vec::new();
    let mut rest = list;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        let weak = rest.strip_prefix("W/");
        let Some(opened) = weak.unwrap_or(rest).strip_prefix('"') else {
            return tags;
        };
        let Some((tag, after)) = opened.split_once('"') else {
            return tags;
        };
        if weak.is_none() {
            tags.push(format!("\"{tag}\""));
        }
        rest = after.trim_start_matches([' ', '\t']);
        if !rest.starts_with(',') {
            return tags;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Precondition, etag};
    use http::{HeaderMap, header};

    fn of(lines: &[&str]) -> Precondition {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::IF_MATCH, line.parse().unwrap());
        }
        Precondition::of(&headers)
    }

    fn tags(tags: &[&str]) -> Precondition {
        Precondition::OneOf(tags.iter().map(|tag| format!("\"{tag}\"")).collect())
    }

    #[test]
    fn lists_are_read_and_what_is_weak_or_malformed_matches_nothing() {
        assert_eq!(of(&[]), Precondition::None);
        for (lines, expected) in [
            (&["*"][..], Precondition::There),
            (&[" * "], Precondition::There),
            (&[r#""a""#], tags(&["a"])),
            (&[r#""a", "b,c" ,"d""#], tags(&["a", "b,c", "d"])),
            (&[r#""a""#, r#""b""#], tags(&["a", "b"])),
            (&[r#", ,"a",,"#], tags(&["a"])),
            (&[r#"W/"a", "b""#], tags(&["b"])),
            (&[r#""""#], tags(&[""])),
            (&["a"], tags(&[])),
            (&[""], tags(&[])),
            (&[r#""a"#], tags(&[])),
            (&[r#""a" "b""#], tags(&["a"])),
            (&[r#"*, "a""#], tags(&[])),
            (&[r#"w/"a""#], tags(&[])),
        ] {
            assert_eq!(of(lines), expected, "{lines:?}");
        }
    }

    #[test]
    fn the_version_is_that_of_the_whole_document() {
        let one = etag(&serde_json::json!({"a": 1})).unwrap();
        assert!(one.starts_with('"') && one.ends_with('"') && one.len() == 22);
        assert_eq!(etag(&serde_json::json!({"a": 1})).unwrap(), one);
        assert_ne!(etag(&serde_json::json!({"a": 2})).unwrap(), one);
        assert!(of(&[&one]).allow(&serde_json::json!({"a": 1})).is_ok());
        assert!(of(&[&one]).allow(&serde_json::json!({"a": 2})).is_err());
        assert!(of(&["*"]).allow(&serde_json::json!({"a": 2})).is_ok());
        assert!(of(&[]).allow(&serde_json::json!({"a": 2})).is_ok());
    }
}
