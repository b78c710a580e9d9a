//! Reading the bodies that the configuration API takes, member by member.
//!
//! What is not known is ignored, `null` counts as left out, and the first thing
//! that cannot be stored is named.

use serde_json::{Map, Value};
use std::{borrow::Cow, fmt, ops::RangeInclusive};

/// A property that cannot be stored. Printed as the configuration API says it:
/// `('title',) field required`.
// Inferred: one message is documented, and its form is taken for all of them
// (domain notes, section 10).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PropertyError {
    /// The way to the property from the top of the body. Empty where the
    /// problem names the property itself.
    pub path: Vec<Step>,
    /// What is wrong with it.
    pub problem: String,
}

/// One step on the way to a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A member of an object.
    Member(Cow<'static, str>),
    /// An item of an array, counted from 0.
    Item(usize),
}

impl From<&'static str> for Step {
    fn from(name: &'static str) -> Self {
        Self::Member(Cow::Borrowed(name))
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Member(name) => write!(f, "'{name}'"),
            Self::Item(index) => write!(f, "{index}"),
        }
    }
}

impl PropertyError {
    /// A problem with a property of the body itself.
    #[must_use]
    pub fn new(property: &'static str, problem: impl Into<String>) -> Self {
        Self {
            path: vec![property.into()],
            problem: problem.into(),
        }
    }

    /// Where the property is, as a program writes it: `redirectURIs[1]`.
    #[must_use]
    pub fn place(&self) -> String {
        place(&self.path)
    }

    /// The same problem, seen from further up.
    #[must_use]
    pub fn below(mut self, way: impl IntoIterator<Item = Step>) -> Self {
        self.path.splice(0..0, way);
        self
    }

    /// A property that is left out.
    #[must_use]
    pub fn required(property: &'static str) -> Self {
        Self::new(property, "field required")
    }

    /// A property that stays as it was when the document was made. Printed as
    /// documented for login policies: `identityStoreDetails cannot be changed`.
    #[must_use]
    pub fn unchangeable(property: &str) -> Self {
        Self {
            path: Vec::new(),
            problem: format!("{property} cannot be changed"),
        }
    }
}

/// A way as a program writes it: `clients[0].redirectURIs[1]`.
#[must_use]
pub fn place(path: &[Step]) -> String {
    let written = |(at, step): (usize, &Step)| match step {
        Step::Member(name) if at == 0 => name.to_string(),
        Step::Member(name) => format!(".{name}"),
        Step::Item(index) => format!("[{index}]"),
    };
    path.iter().enumerate().map(written).collect()
}

impl fmt::Display for PropertyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_slice() {
            [] => {}
            [step] => write!(f, "({step},) ")?,
            [first, rest @ ..] => {
                write!(f, "({first}")?;
                for step in rest {
                    write!(f, ", {step}")?;
                }
                f.write_str(") ")?;
            }
        }
        f.write_str(&self.problem)
    }
}

impl std::error::Error for PropertyError {}

/// The members of an object, and the way to it.
#[derive(Clone, Debug)]
pub struct Members<'a> {
    members: &'a Map<String, Value>,
    path: Vec<Step>,
}

/// How long a text may be, in characters.
pub type Length = RangeInclusive<usize>;

/// How long a name or title may be. One of spaces only is none.
// Inferred: the documents are silent (domain notes, section 2.1).
pub const NAME: Length = 1..=200;

impl<'a> Members<'a> {
    /// The members of a whole body.
    #[must_use]
    pub const fn of(body: &'a Map<String, Value>) -> Self {
        Self {
            members: body,
            path: Vec::new(),
        }
    }

    /// The member, unless it is left out.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'a Value> {
        self.members.get(name).filter(|value| !value.is_null())
    }

    /// Every member.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&'a str, &'a Value)> {
        let members = self.members;
        members.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// A problem with a member.
    pub fn error(&self, name: &'static str, problem: impl Into<String>) -> PropertyError {
        self.error_below(name, [], problem)
    }

    pub(crate) fn error_below(
        &self,
        name: &'static str,
        steps: impl IntoIterator<Item = Step>,
        problem: impl Into<String>,
    ) -> PropertyError {
        let mut path = self.path.clone();
        path.push(name.into());
        path.extend(steps);
        PropertyError {
            path,
            problem: problem.into(),
        }
    }

    /// What a member that must be there was read as.
    ///
    /// # Errors
    /// When it is left out.
    pub fn required<T>(&self, name: &'static str, value: Option<T>) -> Result<T, PropertyError> {
        value.ok_or_else(|| self.error(name, "field required"))
    }

    /// A text within its bounds, without control characters.
    ///
    /// # Errors
    /// When it is something else.
    pub fn text(
        &self,
        name: &'static str,
        length: &Length,
    ) -> Result<Option<&'a str>, PropertyError> {
        self.get(name)
            .map(|value| text(value, length))
            .transpose()
            .map_err(|problem| self.error(name, problem))
    }

    /// A text, empty where it is left out.
    pub(crate) fn text_or_empty(
        &self,
        name: &'static str,
        most: usize,
    ) -> Result<String, PropertyError> {
        let text = self.text(name, &(0..=most))?;
        Ok(text.unwrap_or_default().to_owned())
    }

    /// A name or title, which must be there.
    ///
    /// # Errors
    /// When it is left out, or something else.
    pub fn name(&self, name: &'static str) -> Result<String, PropertyError> {
        let text = self.text(name, &NAME)?;
        self.required(name, text).map(str::to_owned)
    }

    /// `true` or `false`.
    ///
    /// # Errors
    /// When it is something else.
    pub fn flag(&self, name: &'static str) -> Result<Option<bool>, PropertyError> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Bool(value)) => Ok(Some(*value)),
            Some(_) => Err(self.error(name, "value could not be parsed to a boolean")),
        }
    }

    /// A whole number within its bounds; a numeric text counts as the number.
    // Inferred: one page quotes the lifetimes of token policies, another types
    // them as numbers, so both are taken (domain notes, section 10).
    pub(crate) fn integer(
        &self,
        name: &'static str,
        bounds: &RangeInclusive<i64>,
    ) -> Result<Option<i64>, PropertyError> {
        let number = match self.get(name) {
            None => return Ok(None),
            Some(Value::String(text)) => text.trim().parse().ok(),
            Some(value) => whole_number(value),
        };
        let number = number.ok_or_else(|| self.error(name, "value is not a valid integer"))?;
        let (least, most) = (bounds.start(), bounds.end());
        let problem = if number < *least {
            format!("ensure this value is greater than or equal to {least}")
        } else if number > *most {
            format!("ensure this value is less than or equal to {most}")
        } else {
            return Ok(Some(number));
        };
        Err(self.error(name, problem))
    }

    /// One of a fixed list of words.
    pub(crate) fn word<T>(
        &self,
        name: &'static str,
        parse: impl Fn(&str) -> Option<T>,
        permitted: &[&str],
    ) -> Result<Option<T>, PropertyError> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        let word = value.as_str().and_then(parse);
        word.map(Some)
            .ok_or_else(|| self.error(name, not_permitted(permitted)))
    }

    /// An object.
    pub(crate) fn object(&self, name: &'static str) -> Result<Option<Self>, PropertyError> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        let Value::Object(members) = value else {
            return Err(self.error(name, "value is not a valid dict"));
        };
        let mut path = self.path.clone();
        path.push(name.into());
        Ok(Some(Self { members, path }))
    }

    /// An array of at most so many items, each read by itself.
    pub(crate) fn list<T>(
        &self,
        name: &'static str,
        most: usize,
        read: impl Fn(&'a Value) -> Result<T, String>,
    ) -> Result<Option<Vec<T>>, PropertyError> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        let Value::Array(items) = value else {
            return Err(self.error(name, "value is not a valid list"));
        };
        if items.len() > most {
            return Err(self.error(name, too_many(most)));
        }
        let mut list = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let read = read(item);
            list.push(
                read.map_err(|problem| self.error_below(name, [Step::Item(index)], problem))?,
            );
        }
        Ok(Some(list))
    }
}

/// A text within its bounds, without control characters.
pub(crate) fn text<'a>(value: &'a Value, length: &Length) -> Result<&'a str, String> {
    let Value::String(text) = value else {
        return Err("str type expected".to_owned());
    };
    let (least, most) = (*length.start(), *length.end());
    // What is looked at as a name must be visible.
    if least > 0 && text.trim().chars().count() < least {
        return Err(format!("ensure this value has at least {least} characters"));
    }
    if text.chars().count() > most {
        return Err(format!("ensure this value has at most {most} characters"));
    }
    if text.chars().any(char::is_control) {
        return Err("ensure this value has no control characters".to_owned());
    }
    Ok(text)
}

/// A whole number, however it is written: `60`, `60.0` and `6e1` are one.
/// [JSON Schema Validation section 6.1.1](https://json-schema.org/draft/2020-12/json-schema-validation#section-6.1.1)
pub(crate) fn whole_number(value: &Value) -> Option<i64> {
    /// Up to here, reading a number with a point loses nothing.
    const EXACT: f64 = 1e15;
    let number = value.as_number()?;
    number.as_i64().or_else(|| {
        let whole = number.as_f64()?;
        // It is written without a point or exponent then.
        (whole.fract() == 0.0 && whole.abs() < EXACT)
            .then(|| format!("{whole:.0}").parse().ok())
            .flatten()
    })
}

pub(crate) fn too_many(most: usize) -> String {
    format!("ensure this value has at most {most} items")
}

pub(crate) fn not_permitted(permitted: &[&str]) -> String {
    format!(
        "value is not a valid enumeration member; permitted: '{}'",
        permitted.join("', '")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_way_to_a_property_is_written_as_documented() {
        assert_eq!(
            PropertyError::required("tokenPolicy").to_string(),
            "('tokenPolicy',) field required"
        );
        assert_eq!(
            PropertyError::unchangeable("identityStoreDetails").to_string(),
            "identityStoreDetails cannot be changed"
        );
        let body = json!({ "a": { "b": ["x", 1] } });
        let outer = Members::of(body.as_object().unwrap());
        let inner = outer.object("a").unwrap().unwrap();
        let error = inner
            .list("b", 9, |item| text(item, &NAME).map(str::to_owned))
            .unwrap_err();
        assert_eq!(error.to_string(), "('a', 'b', 1) str type expected");
        assert_eq!(error.place(), "a.b[1]");
    }

    #[test]
    fn null_counts_as_left_out() {
        let body = json!({ "a": null });
        let members = Members::of(body.as_object().unwrap());
        assert_eq!(members.text("a", &NAME), Ok(None));
        assert_eq!(members.flag("a"), Ok(None));
        assert!(members.object("a").unwrap().is_none());
        assert_eq!(members.text_or_empty("a", 1), Ok(String::new()));
        assert_eq!(
            members.name("a").unwrap_err().to_string(),
            "('a',) field required"
        );
    }

    #[test]
    fn a_whole_number_is_one_however_it_is_written() {
        for (written, number) in [
            ("60", Some(60)),
            ("60.0", Some(60)),
            ("6e1", Some(60)),
            ("-0.0", Some(0)),
            ("9007199254740991", Some(9_007_199_254_740_991)),
            ("9007199254740991.0", None),
            ("60.5", None),
            ("1e300", None),
            ("18446744073709551615", None),
            ("\"60\"", None),
            ("true", None),
        ] {
            let value: Value = serde_json::from_str(written).unwrap();
            assert_eq!(whole_number(&value), number, "{written}");
        }
    }

    #[test]
    fn texts_keep_to_their_bounds() {
        for (given, problem) in [
            (json!("é".repeat(3)), None),
            (
                json!(""),
                Some("ensure this value has at least 1 characters"),
            ),
            (
                json!(" "),
                Some("ensure this value has at least 1 characters"),
            ),
            (
                json!("abcd"),
                Some("ensure this value has at most 3 characters"),
            ),
            (
                json!("a\n"),
                Some("ensure this value has no control characters"),
            ),
            (
                json!("\u{0}b"),
                Some("ensure this value has no control characters"),
            ),
            (json!(["a"]), Some("str type expected")),
        ] {
            assert_eq!(text(&given, &(1..=3)).err().as_deref(), problem, "{given}");
        }
    }
}
