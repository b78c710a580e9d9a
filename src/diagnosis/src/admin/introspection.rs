//! What introspection says of an administrative token, member by member.
//! [RFC 7662 section 2.2](https://www.rfc-editor.org/rfc/rfc7662#section-2.2)

use oidc::time::UnixTime;
use serde_json::{Map, Value};

/// A member of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Its value as JSON; `None` when it is not there and that says something.
    pub value: Option<String>,
    /// What it means. Text in backquotes is code.
    pub means: String,
}

/// Explains each member of an introspection answer; none when it is no object.
#[must_use]
pub fn members(body: &str) -> Vec<Member> {
    let Ok(answer) = serde_json::from_str::<Map<String, Value>>(body) else {
        return Vec::new();
    };
    let active = answer.get("active") == Some(&Value::Bool(true));
    let mut members: Vec<Member> = answer
        .iter()
        .map(|(name, value)| Member {
            name: name.clone(),
            value: Some(value.to_string()),
            means: means(name, value, active, &answer),
        })
        .collect();
    if active && !answer.contains_key("scope") {
        let at = usize::from(!members.is_empty());
        members.insert(
            at,
            Member {
                name: "scope".to_owned(),
                value: None,
                means: "Not there: the token carries no scope. It is active all the same, and can do nothing.".to_owned(),
            },
        );
    }
    members
}

fn means(name: &str, value: &Value, active: bool, answer: &Map<String, Value>) -> String {
    match name {
        "active" if active => "The token counts: it was issued here, has not expired and was not revoked. That says nothing about what it may do.".to_owned(),
        "active" => "The token does not count: it has expired, was revoked, or was never issued. Which of them, introspection does not say.".to_owned(),
        "scope" => "What it may do, in alphabetical order. The token response has the order of the request.".to_owned(),
        "client_id" => "The configuration client it was issued to.".to_owned(),
        "token_type" => "How it is shown: in the header `Authorization: Bearer`.".to_owned(),
        "exp" => moment("It expires", value),
        "iat" => moment("It was issued", value),
        "sub" if answer.get("client_id") == Some(value) => "Whom it speaks for: the client itself, no person.".to_owned(),
        "sub" => "Whom it speaks for.".to_owned(),
        "aud" => "Whom it is for: the client and the issuer.".to_owned(),
        _ => "Not among the members of RFC 7662.".to_owned(),
    }
}

fn moment(what: &str, value: &Value) -> String {
    match value.as_i64() {
        Some(seconds) => format!("{what} at {}.", UnixTime(seconds)),
        None => format!("{what}, but this is no number of seconds."),
    }
}

#[cfg(test)]
mod tests {
    use super::members;

    #[test]
    fn a_token_without_scope_is_active_and_that_is_said() {
        let body = r#"{"active":true,"client_id":"c","exp":1795297565,"sub":"c","x":1}"#;
        let found = members(body);
        let names: Vec<(&str, bool)> = found
            .iter()
            .map(|member| (member.name.as_str(), member.value.is_some()))
            .collect();
        assert_eq!(
            names,
            [
                ("active", true),
                ("scope", false),
                ("client_id", true),
                ("exp", true),
                ("sub", true),
                ("x", true)
            ]
        );
        assert!(found[1].means.contains("can do nothing"));
        assert!(found[3].means.contains("2026-11-21 21:46:05 UTC"));
        assert!(found[4].means.contains("no person"));
    }

    #[test]
    fn a_dead_token_is_explained_and_what_is_no_object_is_not() {
        let found = members(r#"{"active":false}"#);
        assert_eq!(found.len(), 1);
        assert!(found[0].means.contains("does not count"));
        for body in ["", "[]", "{", "\"x\""] {
            assert_eq!(members(body), []);
        }
    }
}
