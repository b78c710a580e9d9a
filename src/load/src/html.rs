//! The forms of a page, as far as a browser needs them to send one.

/// A form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Form {
    /// Where it is sent; empty for the page's own address.
    pub(crate) action: String,
    /// Names and values of its input fields.
    pub(crate) fields: Vec<(String, String)>,
    /// Names and values of its buttons.
    pub(crate) buttons: Vec<(String, String)>,
}

/// All forms of a page, in order.
pub(crate) fn forms(page: &str) -> Vec<Form> {
    let mut forms = Vec::new();
    let mut open: Option<Form> = None;
    for tag in page.split('<').skip(1) {
        let (tag, _) = tag.split_once('>').unwrap_or((tag, ""));
        let (name, rest) = tag
            .split_once(|c: char| c.is_ascii_whitespace() || c == '/')
            .unwrap_or((tag, ""));
        let pair = || {
            let name = attribute(rest, "name")?;
            Some((name, attribute(rest, "value").unwrap_or_default()))
        };
        match (name.to_ascii_lowercase().as_str(), &mut open) {
            ("form", _) => {
                forms.extend(open.take());
                open = Some(Form {
                    action: attribute(rest, "action").unwrap_or_default(),
                    ..Form::default()
                });
            }
            ("input", Some(form)) => form.fields.extend(pair()),
            ("button", Some(form)) => form.buttons.extend(pair()),
            ("", _) if tag.eq_ignore_ascii_case("/form") => forms.extend(open.take()),
            _ => {}
        }
    }
    forms.extend(open);
    forms
}

/// The value of an attribute; empty when it has none.
fn attribute(tag: &str, wanted: &str) -> Option<String> {
    let mut rest = tag.trim_start();
    while !rest.is_empty() {
        let end = rest
            .find(|c: char| c == '=' || c.is_ascii_whitespace())
            .unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let (value, after) = match after.strip_prefix('=') {
            None => ("", after),
            Some(after) => value(after),
        };
        if name.eq_ignore_ascii_case(wanted) {
            return Some(unescape(value));
        }
        rest = after.trim_start();
        // A lone `=` would otherwise be looked at for ever.
        if end == 0 && after.len() == rest.len() {
            rest = rest.get(1..).unwrap_or_default();
        }
    }
    None
}

/// An attribute's value and what follows it.
fn value(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(quoted) = text.strip_prefix(quote) {
            return quoted.split_once(quote).unwrap_or((quoted, ""));
        }
    }
    let end = text
        .find(|c: char| c.is_ascii_whitespace())
        .unwrap_or(text.len());
    text.split_at(end)
}

/// The references that templates write into attributes.
fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    text.replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&#x27;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn forms_are_found_with_fields_and_buttons() {
        let page = r#"<!DOCTYPE html><input name="outside">
            <form method="post" action="/sign-in?a=1&amp;b=2">
            <input type=hidden name=interaction value='k"1'><INPUT name="email" required/>
            <button class="x" name="person" value="&lt;1&gt;">Alice</button></form>
            <form><button>Cancel</button>"#;
        assert_eq!(
            forms(page),
            [
                Form {
                    action: "/sign-in?a=1&b=2".to_owned(),
                    fields: vec![pair("interaction", "k\"1"), pair("email", "")],
                    buttons: vec![pair("person", "<1>")],
                },
                Form::default(),
            ]
        );
    }

    #[test]
    fn broken_tags_end() {
        for tag in ["= = =", "name=", "name", "=\"", "name='x", "a==b"] {
            let _ = attribute(tag, "value");
        }
        assert_eq!(attribute("a==b name=c", "name").as_deref(), Some("c"));
    }
}
