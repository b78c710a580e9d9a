//! JSON as a person types it: what is wrong with it, and in which line.

use policy::body::{PropertyError, Step};
use serde_json::{Map, Value};
use std::fmt;

/// A place in a text. Both count from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// What is wrong with a text, and where. Printed as a sentence; text in
/// backquotes is code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// Where; `None` where it is about the whole.
    pub at: Option<Position>,
    /// What.
    pub problem: String,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at {
            Some(Position { line, column }) => {
                write!(f, "Line {line}, column {column}: {}.", self.problem)
            }
            None => write!(f, "{}.", capitalised(&self.problem)),
        }
    }
}

/// Reads a JSON object in which every member stands once.
///
/// # Errors
/// Names the first thing that is wrong. The API itself takes the last of
/// members that stand there twice; a person did not mean that.
pub fn object(text: &str) -> Result<Map<String, Value>, Flaw> {
    let value: Value = serde_json::from_str(text).map_err(|error| syntax(text, &error))?;
    let first = text.len() - text.trim_start().len();
    let Value::Object(members) = value else {
        return Err(Flaw {
            at: Some(position(text, first)),
            problem: format!(
                "this is {}; the body is an object, `{{ … }}`",
                kind_of(&value)
            ),
        });
    };
    let twice = places(text).into_iter().find(|place| place.again);
    match twice {
        None => Ok(members),
        Some(place) => Err(Flaw {
            at: Some(position(text, place.name)),
            problem: format!(
                "`{}` stands here a second time; only one can count",
                policy::body::place(&place.path)
            ),
        }),
    }
}

/// Where a property that cannot be stored stands, and what is wrong with it.
#[must_use]
pub fn flaw(text: &str, error: &PropertyError) -> Flaw {
    let problem = match error.path.as_slice() {
        [] => error.problem.clone(),
        path => format!("`{}`: {}", policy::body::place(path), error.problem),
    };
    Flaw {
        at: locate(text, &error.path),
        problem,
    }
}

/// Where the value at a path stands, or else what it would stand in. `None` for
/// the empty path.
#[must_use]
pub fn locate(text: &str, path: &[Step]) -> Option<Position> {
    if path.is_empty() || serde_json::from_str::<Value>(text).is_err() {
        return None;
    }
    let places = places(text);
    let found = (1..=path.len()).rev().find_map(|length| {
        let part = &path[..length];
        places.iter().rfind(|place| place.path == part)
    });
    let whole = text.len() - text.trim_start().len();
    Some(position(text, found.map_or(whole, |place| place.value)))
}

fn syntax(text: &str, error: &serde_json::Error) -> Flaw {
    let said = error.to_string();
    let problem = said
        .split_once(" at line ")
        .map_or(said.as_str(), |(problem, _)| problem);
    let problem = if error.is_eof() {
        "the text ends before the object does"
    } else {
        problem
    };
    // The column counts bytes.
    let line = text.split('\n').nth(error.line().saturating_sub(1));
    let column = line.unwrap_or_default().char_indices();
    let column = column.take_while(|(at, _)| *at < error.column()).count();
    Flaw {
        at: Some(Position {
            line: error.line().max(1),
            column: column.max(1),
        }),
        problem: problem.to_owned(),
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Array(_) => "a list",
        Value::String(_) => "a text",
        Value::Number(_) => "a number",
        Value::Bool(_) => "`true` or `false`",
        Value::Null => "`null`",
        Value::Object(_) => "an object",
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

fn position(text: &str, offset: usize) -> Position {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let begins = before.rfind('\n').map_or(0, |at| at + 1);
    Position {
        line,
        column: before[begins..].chars().count() + 1,
    }
}

/// Where something stands: offsets in bytes.
struct Place {
    path: Vec<Step>,
    /// Where its name begins; of an item, the item.
    name: usize,
    value: usize,
    /// Whether its object has a member of this name already.
    again: bool,
}

/// Every member and item of a text that is JSON, in order.
fn places(text: &str) -> Vec<Place> {
    let mut scanner = Scanner {
        text,
        at: 0,
        path: Vec::new(),
        places: Vec::new(),
    };
    scanner.value();
    scanner.places
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    path: Vec<Step>,
    places: Vec<Place>,
}

impl Scanner<'_> {
    fn peek(&mut self) -> Option<u8> {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
        self.text.as_bytes().get(self.at).copied()
    }

    fn value(&mut self) {
        match self.peek() {
            Some(b'{') => self.members(),
            Some(b'[') => self.items(),
            Some(b'"') => {
                self.text_value();
            }
            Some(_) => {
                let rest = &self.text[self.at..];
                let end = rest.find([',', ']', '}', ' ', '\t', '\r', '\n']);
                self.at += end.unwrap_or(rest.len());
            }
            None => {}
        }
    }

    fn members(&mut self) {
        self.at += 1;
        let mut names: Vec<String> = Vec::new();
        while self.peek() == Some(b'"') {
            let begins = self.at;
            let name = self.text_value();
            self.peek();
            self.at += 1;
            self.peek();
            let again = names.contains(&name);
            names.push(name.clone());
            self.enter(Step::Member(name.into()), begins, again);
            if self.peek() == Some(b',') {
                self.at += 1;
            }
        }
        self.at += 1;
    }

    fn items(&mut self) {
        self.at += 1;
        let mut index = 0;
        while self.peek().is_some_and(|next| next != b']') {
            let begins = self.at;
            self.enter(Step::Item(index), begins, false);
            index += 1;
            if self.peek() == Some(b',') {
                self.at += 1;
            }
        }
        self.at += 1;
    }

    /// Notes what begins here, and goes through it.
    fn enter(&mut self, step: Step, name: usize, again: bool) {
        self.path.push(step);
        self.places.push(Place {
            path: self.path.clone(),
            name,
            value: self.at,
            again,
        });
        self.value();
        self.path.pop();
    }

    /// Goes over a text in quotes, and returns what it says.
    fn text_value(&mut self) -> String {
        let begins = self.at;
        let mut escaped = false;
        let inside = self.text[begins + 1..].char_indices();
        let closing = inside.into_iter().find(|(_, letter)| {
            let closes = *letter == '"' && !escaped;
            escaped = *letter == '\\' && !escaped;
            closes
        });
        self.at = closing.map_or(self.text.len(), |(at, _)| begins + at + 2);
        serde_json::from_str(&self.text[begins..self.at]).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::{flaw, object};
    use policy::token_policy::TokenPolicyDraft;
    use proptest::prelude::*;
    use serde_json::{Map, Value, json};

    #[test]
    fn what_is_no_object_is_named_with_line_and_column() {
        for (text, said) in [
            (
                "",
                "Line 1, column 1: the text ends before the object does.",
            ),
            (
                "{\n  \"title\": \"a\",\n",
                "Line 3, column 1: the text ends before the object does.",
            ),
            (
                "{\n  \"title\": \"a\",\n}",
                "Line 3, column 1: trailing comma.",
            ),
            (
                "{\"t\":[\"openid\" \"profile\"]}",
                "Line 1, column 16: expected `,` or `]`.",
            ),
            ("{\"é\": x}", "Line 1, column 7: expected value."),
            (
                " [1]",
                "Line 1, column 2: this is a list; the body is an object, `{ … }`.",
            ),
            (
                "\"a\"",
                "Line 1, column 1: this is a text; the body is an object, `{ … }`.",
            ),
            (
                "null",
                "Line 1, column 1: this is `null`; the body is an object, `{ … }`.",
            ),
            ("{} {}", "Line 1, column 4: trailing characters."),
            (
                "{\n \"a\": {\"b\": 1, \"b\": 2}\n}",
                "Line 2, column 16: `a.b` stands here a second time; only one can count.",
            ),
            (
                r#"{"title":1,"t\u0069tle":2}"#,
                "Line 1, column 12: `title` stands here a second time; only one can count.",
            ),
        ] {
            assert_eq!(object(text).unwrap_err().to_string(), said, "{text}");
        }
    }

    #[test]
    fn a_property_that_cannot_be_stored_is_found_in_its_line() {
        for (text, said) in [
            (
                "{\n  \"title\": \"a\",\n  \"accessTokenLifetime\": 5\n}",
                "Line 3, column 26: `accessTokenLifetime`: ensure this value is greater than or equal to 60.",
            ),
            (
                "{\"title\": \"a\",\n \"allowedScopes\": [\n  \"openid\",\n  7]}",
                "Line 4, column 3: `allowedScopes[1]`: str type expected.",
            ),
            ("\n {}", "Line 2, column 2: `title`: field required."),
            (
                r#"{"x":"\"}","title": null, "y":[[],{}]}"#,
                "Line 1, column 21: `title`: field required.",
            ),
        ] {
            let body = object(text).unwrap();
            let error = TokenPolicyDraft::from_json(&body).unwrap_err();
            assert_eq!(flaw(text, &error).to_string(), said);
        }
    }

    #[test]
    fn what_is_about_nothing_in_the_text_has_no_line() {
        let error = policy::body::PropertyError::unchangeable("type");
        assert_eq!(flaw("{}", &error).to_string(), "Type cannot be changed.");
    }

    fn some_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            "\\PC{0,6}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[a-c\"\\\\é]{0,3}", inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn nothing_typed_makes_it_panic(text in "[\\[\\]{}\",:a1é\\\\ \n]{0,40}") {
            let _ = object(&text);
        }

        #[test]
        fn what_is_an_object_is_read_as_the_api_reads_it(value in some_json()) {
            let members: Map<String, Value> = [("x".to_owned(), value)].into_iter().collect();
            for text in [json!(members).to_string(), serde_json::to_string_pretty(&members).unwrap()] {
                prop_assert_eq!(object(&text).unwrap(), members.clone());
            }
        }
    }
}
