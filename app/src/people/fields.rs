//! A person's form: its fields, and the body they make.

use crate::{policies::editor::Fields, submitted::Submitted};
use diagnosis::put::person_body;
use policy::profile::Person;
use serde_json::{Map, Value, json};

/// The fields, named by the paths of the properties they are of.
pub const NAMES: [&str; 21] = [
    "email",
    "username",
    "password",
    "description",
    "givenName",
    "middleName",
    "familyName",
    "nickname",
    "displayName",
    "gender",
    "birthday",
    "emailVerified",
    "mobileNumber",
    "mobileNumberVerified",
    "primaryAddress.address1",
    "primaryAddress.address2",
    "primaryAddress.city",
    "primaryAddress.stateAbbreviation",
    "primaryAddress.zip",
    "primaryAddress.country",
    "attributes",
];

/// The object that the parts of the address are in.
const ADDRESS: &str = "primaryAddress";

/// What stands in the fields, in the order of [`NAMES`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonFields([String; NAMES.len()]);

/// The body of a new person who is like another, but for what only one person
/// can have. A password is to be given.
#[must_use]
pub fn copied(person: &Person) -> Map<String, Value> {
    let mut document = person_body(person);
    document.shift_remove("username");
    document.insert("email".to_owned(), json!(""));
    document.insert("password".to_owned(), json!(""));
    document
}

/// What a new person begins with.
#[must_use]
pub fn fresh() -> Map<String, Value> {
    let empty = ["email", "password", "givenName", "familyName"];
    let members = empty.map(|name| (name.to_owned(), json!("")));
    members.into_iter().collect()
}

impl PersonFields {
    /// What stands in a field.
    #[must_use]
    pub fn value(&self, name: &str) -> String {
        let at = NAMES.iter().position(|own| *own == name);
        at.map(|at| self.0[at].clone()).unwrap_or_default()
    }
}

impl Fields for PersonFields {
    fn of(body: &Map<String, Value>) -> Self {
        Self(NAMES.map(|name| {
            let value = match name.split_once('.') {
                Some((object, part)) => body.get(object).and_then(|object| object.get(part)),
                None => body.get(name),
            };
            shown(name, value.unwrap_or(&Value::Null))
        }))
    }

    fn sent(form: &Submitted) -> Option<Self> {
        form.value("email")?;
        Some(Self(NAMES.map(|name| {
            form.value(name).unwrap_or_default().replace('\r', "")
        })))
    }

    fn write(&self, was: &Self, body: &mut Map<String, Value>) {
        for (at, name) in NAMES.iter().enumerate() {
            if self.0[at] == was.0[at] {
                continue;
            }
            let value = member(name, &self.0[at]);
            match name.split_once('.') {
                Some((object, part)) => set_part(body, object, part, value),
                None => set(body, name, value),
            }
        }
    }
}

/// A value as its field shows it.
fn shown(name: &str, value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) if name != "attributes" => text.clone(),
        Value::Object(_) => serde_json::to_string_pretty(value).unwrap_or_default(),
        other => other.to_string(),
    }
}

/// What a field makes; `None` where it is left out.
fn member(name: &str, text: &str) -> Option<Value> {
    match name {
        // Spaces belong to a password.
        "password" => (!text.is_empty()).then(|| json!(text)),
        "username" | "attributes" | "emailVerified" | "mobileNumberVerified"
            if text.trim().is_empty() =>
        {
            None
        }
        "attributes" | "emailVerified" | "mobileNumberVerified" => {
            Some(serde_json::from_str(text).unwrap_or_else(|_| json!(text.trim())))
        }
        _ => Some(json!(text.trim())),
    }
}

fn set(body: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    match value {
        Some(value) => body.insert(name.to_owned(), value),
        None => body.shift_remove(name),
    };
}

/// Sets a part of an object, which is made if it is not there.
fn set_part(body: &mut Map<String, Value>, object: &str, part: &str, value: Option<Value>) {
    debug_assert_eq!(object, ADDRESS);
    let parts = body.entry(object).or_insert_with(|| json!({}));
    if !parts.is_object() {
        *parts = json!({});
    }
    if let Some(parts) = parts.as_object_mut() {
        set(parts, part, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &Value) -> PersonFields {
        PersonFields::of(body.as_object().unwrap())
    }

    fn typed_over(body: &Value, fields: &[(&str, &str)]) -> Value {
        let before = read(body);
        let sent = NAMES.map(|name| {
            let mut typed = fields.iter();
            let typed = typed.find(|(own, _)| *own == name).map(|(_, value)| *value);
            (
                name.to_owned(),
                typed.map_or_else(|| before.value(name), str::to_owned),
            )
        });
        let form = Submitted::preview("/p", sent.to_vec());
        let mut made = body.as_object().unwrap().clone();
        PersonFields::sent(&form).unwrap().write(&before, &mut made);
        Value::Object(made)
    }

    #[test]
    fn what_nobody_typed_over_stays_as_it_was() {
        let body = json!({ "email": "a@b", "emailVerified": 7, "mobileNumberVerified": true,
            "primaryAddress": { "city": "Porto", "zip": 4000 }, "attributes": { "a": [1] }, "x": 1 });
        assert_eq!(typed_over(&body, &[]), body);
    }

    #[test]
    fn what_is_typed_becomes_what_the_property_is() {
        let body =
            json!({ "email": "a@b", "username": "a", "emailVerified": 7, "primaryAddress": 1 });
        let made = typed_over(
            &body,
            &[
                ("email", " c@d "),
                ("username", ""),
                ("password", " p "),
                ("emailVerified", "true"),
                ("mobileNumberVerified", "yesterday"),
                ("primaryAddress.city", "Porto"),
                ("attributes", "{\"level\": \"gold\"}"),
            ],
        );
        assert_eq!(
            made,
            json!({ "email": "c@d", "emailVerified": true, "primaryAddress": { "city": "Porto" },
                "password": " p ", "mobileNumberVerified": "yesterday",
                "attributes": { "level": "gold" } })
        );
        assert_eq!(
            typed_over(&json!({ "emailVerified": 7 }), &[("emailVerified", "")]),
            json!({})
        );
        let broken = typed_over(&json!({}), &[("attributes", "{")]);
        assert_eq!(broken, json!({ "attributes": "{" }));
    }
}
