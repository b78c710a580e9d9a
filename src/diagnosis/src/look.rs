//! What stands in a token, member by member.

use crate::catalog;
use oidc::{jwt::Jwt, time::UnixTime};
use serde_json::{Map, Value};

/// A token that can be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Readable {
    /// What it is signed with, as its header says.
    pub algorithm: Option<String>,
    /// The members of its header.
    pub header: Vec<Member>,
    /// The members of its payload.
    pub payload: Vec<Member>,
}

/// A member of a header or a payload.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Its value: a text without quotes, everything else as JSON.
    pub value: String,
    /// The moment it stands for, if it is one.
    pub moment: Option<UnixTime>,
    /// What it means. Names are set in backticks.
    pub meaning: String,
    /// Whether nobody but the provider knows what it means.
    pub custom: bool,
}

/// Takes a token apart; `None` when it is opaque.
#[must_use]
pub fn look_into(token: &str) -> Option<Readable> {
    let jwt = Jwt::decode(token).ok()?;
    let algorithm = jwt.header.get("alg").and_then(Value::as_str);
    Some(Readable {
        algorithm: algorithm.map(str::to_owned),
        header: members(&jwt.header),
        payload: members(&jwt.payload),
    })
}

fn members(object: &Map<String, Value>) -> Vec<Member> {
    object
        .iter()
        .map(|(name, value)| member(name, value))
        .collect()
}

fn member(name: &str, value: &Value) -> Member {
    let explained = catalog::explained(name);
    Member {
        name: name.to_owned(),
        value: match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        },
        moment: moment(name, value),
        custom: explained.is_none(),
        meaning: explained.unwrap_or_else(|| catalog::custom_claim().to_owned()),
    }
}

fn moment(name: &str, value: &Value) -> Option<UnixTime> {
    let is_time = matches!(name, "exp" | "iat" | "nbf" | "auth_time" | "updated_at");
    value.as_i64().filter(|_| is_time).map(UnixTime)
}

#[cfg(test)]
mod tests {
    use super::look_into;
    use oidc::time::UnixTime;

    /// `{"alg":"none","x":1}`, `{"sub":"a","exp":60,"shoe":{"size":1},"iat":"soon"}`.
    const TOKEN: &str = "eyJhbGciOiJub25lIiwieCI6MX0.eyJzdWIiOiJhIiwiZXhwIjo2MCwic2hvZSI6eyJzaXplIjoxfSwiaWF0Ijoic29vbiJ9.";

    #[test]
    fn a_readable_token_is_told_member_by_member() {
        let readable = look_into(TOKEN).unwrap();
        assert_eq!(readable.algorithm.as_deref(), Some("none"));
        assert_eq!(
            (readable.header[1].value.as_str(), readable.header[1].custom),
            ("1", true)
        );
        let find = |name: &str| {
            let found = readable.payload.iter().find(|member| member.name == name);
            found.unwrap().clone()
        };
        assert_eq!(
            (find("sub").value.as_str(), find("sub").custom),
            ("a", false)
        );
        assert_eq!(find("exp").moment, Some(UnixTime(60)));
        assert_eq!(
            (find("iat").value.as_str(), find("iat").moment),
            ("soon", None)
        );
        assert_eq!(find("shoe").value, r#"{"size":1}"#);
        assert!(find("shoe").custom && find("shoe").meaning.starts_with("A custom claim"));
    }

    #[test]
    fn an_opaque_token_cannot_be_looked_into() {
        for token in ["", "opaque", "a.b.c", "..", &"x".repeat(5000)] {
            assert!(look_into(token).is_none(), "{token}");
        }
    }
}
