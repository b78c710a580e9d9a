//! A document in two forms that stay in step: fields, and the JSON of the body.
//!
//! The form carries along the JSON that both sides showed last. What differs
//! from it was changed by the person: if the text does, the fields follow the
//! text; if the fields do, their members are written into the text, and what
//! the fields do not speak of stays as it is.

use crate::submitted::Submitted;
use diagnosis::json_text::{self, Flaw};
use serde_json::{Map, Value};

/// The name of the field with the JSON.
pub const JSON: &str = "json";
/// The name of the hidden field with the JSON that both sides showed last.
pub const WAS: &str = "was";
/// The name of the hidden field with the document as it was when the page was
/// opened.
pub const BASE: &str = "base";
/// The name of the hidden field with the version the page was opened at.
pub const SEEN: &str = "seen";
/// The name of the button that decides between fields and JSON, when both were
/// changed: [`FIELDS`] or [`JSON`].
pub const TAKE: &str = "take";
/// The value of that button that stands for the fields.
pub const FIELDS: &str = "fields";

/// A document as fields of a form.
pub trait Fields: PartialEq + Sized {
    /// Reads a body, whatever stands in it.
    fn of(body: &Map<String, Value>) -> Self;

    /// What a form sent; `None` when it sent no fields.
    fn sent(form: &Submitted) -> Option<Self>;

    /// Writes into the body what is different from `was`.
    fn write(&self, was: &Self, body: &mut Map<String, Value>);
}

/// Both sides, in step.
#[derive(Clone, Debug, PartialEq)]
pub struct Edited<F> {
    /// The JSON as it is shown.
    pub text: String,
    /// The JSON that both sides speak of.
    pub was: String,
    /// The fields as they are shown.
    pub fields: F,
    /// The body, if the JSON is one.
    pub body: Result<Map<String, Value>, Unread>,
    /// Whether this is what the page showed before: nothing was changed since.
    pub is_as_shown: bool,
}

/// Why there is no body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// The text is no JSON object.
    Flaw(Flaw),
    /// Fields and text were both changed, and say different things.
    Both,
}

/// Puts a form in step that shows a document nobody has edited yet.
#[must_use]
pub fn untouched<F: Fields>(document: &Map<String, Value>) -> Edited<F> {
    let text = pretty(document);
    Edited {
        was: text.clone(),
        text,
        fields: F::of(document),
        body: Ok(document.clone()),
        is_as_shown: true,
    }
}

/// Puts the two sides of a form in step.
#[must_use]
pub fn edited<F: Fields>(form: &Submitted) -> Edited<F> {
    let text = plain(form.value(JSON).unwrap_or_default());
    let was = plain(form.value(WAS).unwrap_or_default());
    let sent = F::sent(form);
    let was_body = json_text::object(&was).ok();
    let (Some(was_body), Some(fields)) = (was_body, sent) else {
        return from_text(text, was, F::of(&Map::new()));
    };
    let was_fields = F::of(&was_body);
    let (text_changed, fields_changed) = (text != was, fields != was_fields);
    let mut written = was_body;
    fields.write(&was_fields, &mut written);
    match (text_changed, fields_changed, form.value(TAKE)) {
        (false, false, _) => Edited {
            body: Ok(written),
            is_as_shown: true,
            text,
            was,
            fields,
        },
        (true, true, Some(FIELDS)) | (false, true, _) => {
            let text = pretty(&written);
            Edited {
                was: text.clone(),
                text,
                fields,
                body: Ok(written),
                is_as_shown: false,
            }
        }
        (true, true, None) if json_text::object(&text).as_ref() != Ok(&written) => Edited {
            body: Err(Unread::Both),
            is_as_shown: false,
            text,
            was,
            fields,
        },
        (true, _, _) => from_text(text, was, fields),
    }
}

/// The fields follow the text, if it can be read.
fn from_text<F: Fields>(text: String, was: String, fields: F) -> Edited<F> {
    match json_text::object(&text) {
        Ok(body) => Edited {
            fields: F::of(&body),
            was: text.clone(),
            is_as_shown: false,
            text,
            body: Ok(body),
        },
        Err(flaw) => Edited {
            body: Err(Unread::Flaw(flaw)),
            is_as_shown: false,
            text,
            was,
            fields,
        },
    }
}

/// The document as a person edits it.
#[must_use]
pub fn pretty(document: &Map<String, Value>) -> String {
    serde_json::to_string_pretty(document).unwrap_or_default()
}

/// Browsers send line breaks as two characters.
fn plain(text: &str) -> String {
    text.replace("\r\n", "\n")
}

#[cfg(test)]
mod tests {
    use super::{Edited, Unread, edited, pretty};
    use crate::{policies::token::fields::TokenFields, submitted::Submitted};
    use serde_json::{Map, Value, json};

    fn object(value: &Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    /// A form of a policy with fields, and the JSON before and now.
    fn form(title: &str, scopes: &[&str], was: &str, text: &str) -> Edited<TokenFields> {
        form_that_takes(None, title, scopes, was, text)
    }

    fn form_that_takes(
        take: Option<&str>,
        title: &str,
        scopes: &[&str],
        was: &str,
        text: &str,
    ) -> Edited<TokenFields> {
        let mut fields = vec![("title", title), ("was", was), ("json", text)];
        fields.extend(scopes.iter().map(|scope| ("scope", *scope)));
        fields.extend(take.map(|take| ("take", take)));
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        edited(&Submitted::preview(
            "/p",
            fields.into_iter().map(owned).collect(),
        ))
    }

    fn shop() -> String {
        pretty(&object(
            &json!({"title": "Shop", "x": 1, "allowedScopes": ["openid"]}),
        ))
    }

    #[test]
    fn what_nobody_changed_is_as_shown_whatever_line_breaks_were_sent() {
        let broken = shop().replace('\n', "\r\n");
        let edited = form("Shop", &["openid"], &broken, &broken);
        assert!(edited.is_as_shown);
        assert_eq!(pretty(&edited.body.unwrap()), shop());
    }

    #[test]
    fn a_changed_field_is_written_into_the_text_and_the_rest_stays() {
        let edited = form("Shop", &["address", "openid"], &shop(), &shop());
        let expected = json!({"title": "Shop", "x": 1, "allowedScopes": ["openid", "address"]});
        assert_eq!(edited.body, Ok(object(&expected)));
        assert_eq!(
            (edited.text.clone(), edited.is_as_shown),
            (pretty(&object(&expected)), false)
        );
        assert_eq!(edited.was, edited.text);
    }

    #[test]
    fn the_fields_follow_a_changed_text() {
        let text = r#"{"title": "Store"}"#;
        let edited = form("Shop", &["openid"], &shop(), text);
        assert_eq!(edited.fields.title, "Store");
        assert_eq!(edited.fields.scopes.len(), 5, "left out: every scope");
        assert_eq!((edited.text.as_str(), edited.was.as_str()), (text, text));
    }

    #[test]
    fn a_text_that_is_no_object_stays_and_so_do_the_fields() {
        let edited = form("Shop", &["openid"], &shop(), "{");
        assert!(matches!(edited.body, Err(Unread::Flaw(_))));
        assert_eq!((edited.text.as_str(), edited.was), ("{", shop()));
        assert_eq!(edited.fields.title, "Shop");
    }

    #[test]
    fn who_changed_both_is_asked_which_to_take() {
        let text = r#"{"title": "Text"}"#;
        let edited = form("Field", &["openid"], &shop(), text);
        assert_eq!(edited.body, Err(Unread::Both));
        assert_eq!(
            (edited.text.as_str(), edited.fields.title.as_str()),
            (text, "Field")
        );
        let title = |take| {
            let edited = form_that_takes(Some(take), "Field", &["openid"], &shop(), text);
            edited.body.unwrap()["title"].as_str().unwrap().to_owned()
        };
        assert_eq!(
            (title("json"), title("fields")),
            ("Text".to_owned(), "Field".to_owned())
        );
        // The same on both sides needs no question.
        let same = shop().replace("Shop", "Store");
        assert!(form("Store", &["openid"], &shop(), &same).body.is_ok());
    }

    #[test]
    fn who_sends_nothing_but_json_is_understood() {
        let fields = vec![("json".to_owned(), r#"{"title":"a"}"#.to_owned())];
        let edited: Edited<TokenFields> = edited(&Submitted::preview("/p", fields));
        assert_eq!(edited.body, Ok(object(&json!({"title": "a"}))));
    }
}
