//! A form that is answered with its own page: filled in as it was sent, with
//! what is wrong with it, or with what it would do.

use leptos::prelude::use_context;

/// What a form sent, and what is to be said about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Submitted {
    /// The path of the page the form is on, with its query if it has one.
    pub page: String,
    /// The HTTP status of the answer: 200 for a preview, 422 for a field that
    /// cannot be taken, 409 and 412 for a conflict.
    pub status: u16,
    /// Decoded names and values, in the order they were sent.
    pub fields: Vec<(String, String)>,
    /// What is wrong, each with the field it belongs to.
    pub problems: Vec<FieldProblem>,
    /// The id of the change that was refused, if one was asked for.
    pub change: Option<String>,
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    /// The field's name; empty when it is about the whole form.
    pub field: String,
    /// What is wrong and what to do, in a sentence. Text in backquotes is code.
    pub text: String,
}

impl FieldProblem {
    /// Something wrong with a field.
    #[must_use]
    pub fn new(field: &str, text: impl Into<String>) -> Self {
        Self {
            field: field.to_owned(),
            text: text.into(),
        }
    }
}

impl Submitted {
    /// The form as it was sent, for showing what it would do.
    #[must_use]
    pub fn preview(page: &str, fields: Vec<(String, String)>) -> Self {
        Self {
            page: page.to_owned(),
            status: 200,
            fields,
            ..Self::default()
        }
    }

    /// The form as it was sent, with what is wrong.
    #[must_use]
    pub fn refused(
        page: &str,
        status: u16,
        fields: Vec<(String, String)>,
        problems: Vec<FieldProblem>,
    ) -> Self {
        Self {
            status,
            problems,
            ..Self::preview(page, fields)
        }
    }

    /// The first value of a field, also when it is empty.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find_map(|(own, value)| (own == name).then_some(value.as_str()))
    }

    /// All values of a field.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields
            .iter()
            .filter(move |(own, _)| own == name)
            .map(|(_, value)| value.as_str())
    }

    /// What is wrong with a field, as one text.
    #[must_use]
    pub fn problem(&self, field: &str) -> Option<String> {
        let texts: Vec<&str> = self
            .problems
            .iter()
            .filter(|problem| problem.field == field)
            .map(|problem| problem.text.as_str())
            .collect();
        (!texts.is_empty()).then(|| texts.join(" "))
    }
}

/// What was sent to the page being rendered; `None` when it is just opened.
#[must_use]
pub fn submitted() -> Option<Submitted> {
    use_context()
}

#[cfg(test)]
mod tests {
    use super::{FieldProblem, Submitted};

    #[test]
    fn values_and_problems_are_found_by_field() {
        let fields = [("a", "1"), ("b", ""), ("a", "2")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec();
        let problems = vec![
            FieldProblem::new("a", "Too short."),
            FieldProblem::new("a", "Too plain."),
        ];
        let sent = Submitted::refused("/p", 422, fields, problems);
        assert_eq!(sent.value("a"), Some("1"));
        assert_eq!(sent.value("b"), Some(""));
        assert_eq!(sent.value("c"), None);
        assert_eq!(sent.values("a").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(sent.problem("a").as_deref(), Some("Too short. Too plain."));
        assert_eq!(sent.problem("b"), None);
    }
}
