//! Which claims are made of which attribute of a person. What is made of them
//! is decided in [`release`](crate::release).

use crate::release::StandardScope;

/// The attributes by their paths in the user schema, each with its claims.
pub const FEEDS: [(&str, &[&str]); 19] = [
    ("uuid", &["sub"]),
    ("givenName", &["given_name", "name"]),
    ("middleName", &["middle_name", "name"]),
    ("familyName", &["family_name", "name"]),
    ("nickname", &["nickname"]),
    ("displayName", &["preferred_username"]),
    ("gender", &["gender"]),
    ("birthday", &["birthdate"]),
    ("email", &["email", "email_verified"]),
    ("emailVerified", &["email_verified"]),
    ("mobileNumber", &["phone_number", "phone_number_verified"]),
    ("mobileNumberVerified", &["phone_number_verified"]),
    ("primaryAddress.address1", &["address"]),
    ("primaryAddress.address2", &["address"]),
    ("primaryAddress.city", &["address"]),
    ("primaryAddress.stateAbbreviation", &["address"]),
    ("primaryAddress.zip", &["address"]),
    ("primaryAddress.country", &["address"]),
    ("lastUpdated", &["updated_at"]),
];

/// The claims made of an attribute; of an object, those of all its parts.
#[must_use]
pub fn claims_of(attribute: &str) -> &'static [&'static str] {
    FEEDS
        .iter()
        .find(|(own, _)| {
            let part = own.strip_prefix(attribute);
            part.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
        .map_or(&[], |(_, claims)| claims)
}

/// The scope that brings a standard claim.
#[must_use]
pub fn scope_of(claim: &str) -> Option<StandardScope> {
    let mut scopes = StandardScope::ALL.into_iter();
    scopes.find(|scope| scope.claims().contains(&claim))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{profile::Profile, release::claim};
    use serde_json::{Value, json};

    fn full() -> Value {
        json!({
            "uuid": "u", "givenName": "a", "middleName": "b", "familyName": "c",
            "nickname": "d", "displayName": "e", "gender": "f", "birthday": "2000-01-01",
            "email": "a@b", "emailVerified": 1, "mobileNumber": "+1", "mobileNumberVerified": 1,
            "primaryAddress": { "address1": "1", "address2": "2", "city": "3",
                "stateAbbreviation": "4", "zip": "5", "country": "6" },
            "lastUpdated": 7,
        })
    }

    fn told(profile: &Value) -> Vec<(&'static str, Option<Value>)> {
        let profile: Profile = serde_json::from_value(profile.clone()).unwrap();
        let claims = StandardScope::ALL
            .into_iter()
            .flat_map(StandardScope::claims);
        claims.map(|name| (*name, claim(name, &profile))).collect()
    }

    #[test]
    fn emptying_an_attribute_changes_the_claims_it_feeds_and_no_other() {
        for (attribute, claims) in FEEDS {
            let mut less = full();
            let pointer = format!("/{}", attribute.replace('.', "/"));
            let value = less.pointer_mut(&pointer).unwrap();
            *value = match value {
                Value::String(_) => json!(""),
                _ if attribute == "lastUpdated" => json!(0),
                _ => Value::Null,
            };
            let mut changed: Vec<&str> = told(&full())
                .into_iter()
                .zip(told(&less))
                .filter(|(before, after)| before != after)
                .map(|(before, _)| before.0)
                .collect();
            let mut expected = claims.to_vec();
            changed.sort_unstable();
            expected.sort_unstable();
            assert_eq!(changed, expected, "{attribute}");
        }
    }

    #[test]
    fn every_standard_claim_is_fed_and_has_a_scope() {
        for name in StandardScope::ALL
            .into_iter()
            .flat_map(StandardScope::claims)
        {
            let fed = FEEDS.iter().any(|(_, claims)| claims.contains(name));
            assert!(fed && scope_of(name).is_some(), "{name}");
        }
        assert_eq!(claims_of("primaryAddress"), ["address"]);
        assert!(claims_of("primary").is_empty() && claims_of("shoeSize").is_empty());
        assert_eq!(scope_of("shoe_size"), None);
    }
}
