//! A person's attributes, named as the user schema names them.

mod draft;

pub use draft::{PersonDraft, is_date, is_email};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A person of a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Person {
    /// A name to sign in with besides the e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// One line on what makes this person worth choosing.
    #[serde(default)]
    pub description: String,
    /// The attributes claims are made of.
    pub profile: Profile,
}

/// The attributes claims are made of. An empty text counts as no value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Profile {
    /// The person's UUID: the `sub` claim.
    pub uuid: String,
    /// `given_name`.
    pub given_name: String,
    /// `middle_name`.
    pub middle_name: String,
    /// `family_name`.
    pub family_name: String,
    /// `nickname`.
    // Inferred: the claim is documented, its attribute is not (domain notes, section 5.1).
    pub nickname: String,
    /// `preferred_username`.
    pub display_name: String,
    /// `gender`.
    pub gender: String,
    /// `birthdate`, as YYYY-MM-DD.
    pub birthday: String,
    /// `email`. Also the name to sign in with.
    pub email: String,
    /// When the address was verified, in seconds since 1970; `None` when it was not.
    pub email_verified: Option<i64>,
    /// `phone_number`, as E.164 writes it.
    pub mobile_number: String,
    /// When the number was verified, in seconds since 1970; `None` when it was not.
    pub mobile_number_verified: Option<i64>,
    /// The parts of the `address` claim.
    pub primary_address: PrimaryAddress,
    /// `updated_at`, in seconds since 1970.
    pub last_updated: i64,
    /// Attributes of the customer's own schema, for custom claims.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub attributes: Map<String, Value>,
}

/// A postal address, in parts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct PrimaryAddress {
    /// First line of `street_address`.
    pub address1: String,
    /// Second line of `street_address`.
    pub address2: String,
    /// `locality`.
    pub city: String,
    /// `region`.
    pub state_abbreviation: String,
    /// `postal_code`.
    pub zip: String,
    /// `country`.
    pub country: String,
}

impl Profile {
    /// The value of an attribute, by its path in the user schema:
    /// `primaryAddress.city`, or a name of the customer's own. `None` when there
    /// is no such attribute, or nothing in it.
    #[must_use]
    pub fn attribute(&self, path: &str) -> Option<Value> {
        let whole = serde_json::to_value(self).ok()?;
        let standard = path
            .split('.')
            .try_fold(&whole, |value, name| value.get(name));
        let value = self.attributes.get(path).or(standard)?;
        let empty = match value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::Array(items) => items.is_empty(),
            Value::Object(members) => members.is_empty(),
            Value::Bool(_) | Value::Number(_) => false,
        };
        (!empty).then(|| value.clone())
    }

    /// Given, middle and family name with spaces between; empty when there is none.
    // Inferred: the documents call `name` composed and do not say of what.
    #[must_use]
    pub fn full_name(&self) -> String {
        [&self.given_name, &self.middle_name, &self.family_name]
            .into_iter()
            .filter(|part| !part.is_empty())
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_attribute_is_found_by_its_path_or_among_the_customers_own() {
        let mut profile = Profile {
            email: "alice@example.com".to_owned(),
            last_updated: 7,
            ..Profile::default()
        };
        profile.primary_address.city = "Porto".to_owned();
        profile
            .attributes
            .insert("loyalty.level".to_owned(), json!("gold"));
        profile.attributes.insert("empty".to_owned(), json!(""));
        for (path, expected) in [
            ("email", Some(json!("alice@example.com"))),
            ("primaryAddress.city", Some(json!("Porto"))),
            ("primaryAddress.zip", None),
            ("lastUpdated", Some(json!(7))),
            ("loyalty.level", Some(json!("gold"))),
            ("empty", None),
            ("emailVerified", None),
            ("no.such.thing", None),
            ("", None),
        ] {
            assert_eq!(profile.attribute(path), expected, "{path}");
        }
    }
}
