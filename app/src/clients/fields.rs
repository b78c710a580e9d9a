//! A client's form: its fields, and the body they make.

use crate::{policies::editor::Fields, submitted::Submitted};
use diagnosis::put::client_body;
use oidc::redirect_uri;
use playground::SandboxView;
use policy::client::{Client, ClientType};
use serde_json::{Map, Value, json};

/// The properties that are texts.
pub const TEXTS: [&str; 5] = [
    "name",
    "type",
    "tokenPolicy",
    "loginPolicy",
    "idTokenSignedResponseAlg",
];

/// The properties that are lists of addresses, each on a line of its own.
pub const LISTS: [&str; 2] = ["redirectURIs", "postLogoutRedirectURIs"];

/// What stands in the fields, which are named like the properties: first the
/// [`TEXTS`], then the [`LISTS`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientFields([String; 7]);

/// The body of a new client that is like another.
#[must_use]
pub fn copied(client: &Client) -> Map<String, Value> {
    let mut document = client_body(client);
    let name: String = format!("Copy of {}", client.name)
        .chars()
        .take(200)
        .collect();
    document.insert("name".to_owned(), json!(name));
    document
}

/// What a new client begins with: one that signs people in, without a secret.
#[must_use]
pub fn fresh(token_policy: &str, login_policy: &str) -> Map<String, Value> {
    let given = [
        ("name", ""),
        ("type", ClientType::Public.as_str()),
        ("tokenPolicy", token_policy),
        ("loginPolicy", login_policy),
    ];
    let texts = given.into_iter();
    let mut document: Map<String, Value> = texts
        .map(|(name, value)| (name.to_owned(), json!(value)))
        .collect();
    document.insert("redirectURIs".to_owned(), json!([]));
    document
}

/// Addresses that the API takes as they are: the playground's own, and those
/// the client has.
#[must_use]
pub fn known(sandbox: &SandboxView, current: Option<&Client>) -> Vec<String> {
    let own = current.into_iter().flat_map(|client| {
        let uris = client.redirect_uris.iter();
        uris.chain(&client.post_logout_redirect_uris).cloned()
    });
    own.chain([sandbox.redirect_uri.clone()]).collect()
}

fn names() -> impl Iterator<Item = &'static str> {
    TEXTS.into_iter().chain(LISTS)
}

impl ClientFields {
    /// What stands in a field.
    #[must_use]
    pub fn value(&self, name: &str) -> String {
        let at = names().position(|own| own == name);
        at.map(|at| self.0[at].clone()).unwrap_or_default()
    }

    /// Every line of a list that is no address to register, unless it is one of
    /// those `known`; `None` when there is none.
    #[must_use]
    pub fn wrong_lines(&self, list: &str, known: &[String]) -> Option<String> {
        let text = self.value(list);
        let wrong: Vec<String> = lines(&text)
            .filter(|(_, line)| !known.iter().any(|own| own == line))
            .filter_map(|(at, line)| Some((at, redirect_uri::check(line).err()?)))
            .map(|(at, error)| format!("Line {at}: the address {error}."))
            .take(MOST_WRONG)
            .collect();
        (!wrong.is_empty()).then(|| wrong.join(" "))
    }
}

/// How many wrong lines are named at once.
const MOST_WRONG: usize = 5;

impl Fields for ClientFields {
    fn of(body: &Map<String, Value>) -> Self {
        let mut values = names().map(|name| shown(body.get(name).unwrap_or(&Value::Null)));
        Self(std::array::from_fn(|_| values.next().unwrap_or_default()))
    }

    fn sent(form: &Submitted) -> Option<Self> {
        form.value("name")?;
        let mut values = names().map(|name| form.value(name).unwrap_or_default().replace('\r', ""));
        Some(Self(std::array::from_fn(|_| {
            values.next().unwrap_or_default()
        })))
    }

    fn write(&self, was: &Self, body: &mut Map<String, Value>) {
        for (at, name) in names().enumerate() {
            if self.0[at] != was.0[at] {
                match member(name, &self.0[at]) {
                    Some(value) => body.insert(name.to_owned(), value),
                    None => body.shift_remove(name),
                };
            }
        }
    }
}

/// A value as its field shows it.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join("\n"),
        other => other.to_string(),
    }
}

/// What a field makes; `None` where it is left out.
fn member(name: &str, text: &str) -> Option<Value> {
    if LISTS.contains(&name) {
        let items: Vec<&str> = lines(text).map(|(_, line)| line).collect();
        // Redirect URIs stand in every document; the other list only when it has some.
        (!items.is_empty() || name == LISTS[0]).then(|| json!(items))
    } else {
        let text = text.trim();
        (!text.is_empty() || name == "name").then(|| json!(text))
    }
}

/// The lines with something in them, counted from 1.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(at, line)| (at + 1, line.trim()))
        .filter(|(_, line)| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &Value) -> ClientFields {
        ClientFields::of(body.as_object().unwrap())
    }

    fn sent(fields: &[(&str, &str)]) -> ClientFields {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let form = Submitted::preview("/p", fields.iter().map(owned).collect());
        ClientFields::sent(&form).unwrap()
    }

    #[test]
    fn what_is_typed_over_nothing_makes_the_body_it_shows() {
        let body = json!({
            "name": "Shop", "type": "public", "tokenPolicy": "t", "loginPolicy": "l",
            "idTokenSignedResponseAlg": "ES256",
            "redirectURIs": ["https://a.test/cb", "app:/cb"],
            "postLogoutRedirectURIs": ["https://a.test/bye"],
        });
        let mut made = Map::new();
        read(&body).write(&read(&json!({})), &mut made);
        assert_eq!(Value::Object(made), body);
    }

    #[test]
    fn only_what_is_different_is_written_and_what_is_emptied_is_left_out() {
        let body = json!({ "name": "Shop", "redirectURIs": ["a:b"], "loginPolicy": "l", "x": [1] });
        let mut made = body.as_object().unwrap().clone();
        let typed = sent(&[
            ("name", " "),
            ("redirectURIs", "\r\n \r\n"),
            ("loginPolicy", ""),
        ]);
        typed.write(&read(&body), &mut made);
        assert_eq!(
            Value::Object(made),
            json!({ "name": "", "redirectURIs": [], "x": [1] })
        );
    }

    #[test]
    fn a_body_of_anything_at_all_is_shown() {
        let fields = read(&json!({ "name": 7, "redirectURIs": [1, { "a": 2 }], "type": null }));
        assert_eq!(fields.value("name"), "7");
        assert_eq!(fields.value("redirectURIs"), "1\n{\"a\":2}");
        assert_eq!(fields.value("type"), "");
    }

    #[test]
    fn wrong_lines_are_numbered_as_they_were_typed() {
        let typed = sent(&[
            ("name", ""),
            (
                "redirectURIs",
                "\r\nhttps://a.test/cb\r\n\r\nhttp://a.test/\r\nx\r\n",
            ),
            ("postLogoutRedirectURIs", "http://own.test/"),
        ]);
        let known = ["http://own.test/".to_owned()];
        assert_eq!(
            typed.wrong_lines("redirectURIs", &known).unwrap(),
            "Line 4: the address is plain http and not one of localhost, 127.0.0.1 and [::1]. \
             Line 5: the address is not an absolute URI."
        );
        assert_eq!(typed.wrong_lines("postLogoutRedirectURIs", &known), None);
    }
}
