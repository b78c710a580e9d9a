//! What a PUT or POST makes of a person.

use super::{How, Line, Outcome, lines};
use oidc::time::UnixTime;
use policy::{
    body::PropertyError,
    feeds::claims_of,
    profile::{Person, PersonDraft},
};
use serde_json::{Map, Value};

/// The property that is taken and never shown.
const PASSWORD: &str = "password";

/// What a body makes of a person; without one, the person it creates, who has
/// no UUID yet and needs a password.
///
/// # Errors
/// When the API would refuse it.
pub fn person(
    before: Option<&Person>,
    body: &Map<String, Value>,
    now: UnixTime,
) -> Result<Outcome<Person>, PropertyError> {
    let draft = PersonDraft::from_json(body, now)?;
    if before.is_none() && draft.password.is_none() {
        return Err(PropertyError::required(PASSWORD));
    }
    let mut after = draft.person;
    if let Some(before) = before {
        after.profile.uuid.clone_from(&before.profile.uuid);
    }
    let mut shown = body.clone();
    shown.shift_remove(PASSWORD);
    let mut lines = lines(
        before.map(person_body).as_ref(),
        &person_body(&after),
        &shown,
        |property, _| left_out(property, before.is_none()),
    );
    lines.extend(draft.password.map(|_| password_line(before.is_none())));
    Ok(Outcome { after, lines })
}

/// The body of a PUT that changes nothing: the attributes beside each other.
#[must_use]
pub fn person_body(person: &Person) -> Map<String, Value> {
    let mut members = Map::new();
    if let Some(username) = &person.username {
        members.insert("username".to_owned(), username.clone().into());
    }
    if !person.description.is_empty() {
        members.insert("description".to_owned(), person.description.clone().into());
    }
    if let Ok(Value::Object(profile)) = serde_json::to_value(&person.profile) {
        members.extend(profile);
    }
    members
        .retain(|name, value| !matches!(name.as_str(), "uuid" | "lastUpdated") && !value.is_null());
    members
}

fn password_line(is_new: bool) -> Line {
    let remark = if is_new {
        "It is kept as a hash, and never shown."
    } else {
        "It is set: the one before is good for nothing."
    };
    Line {
        property: PASSWORD.to_owned(),
        before: None,
        after: None,
        how: How::Changed,
        remark: Some(remark.to_owned()),
    }
}

fn left_out(property: &str, is_new: bool) -> String {
    let claims: Vec<String> = claims_of(property)
        .iter()
        .map(|claim| format!("`{claim}`"))
        .collect();
    match (claims.is_empty(), is_new) {
        (_, true) => String::new(),
        (true, false) => "Left out. It is empty then.".to_owned(),
        (false, false) => format!(
            "Left out. It is empty then, and feeds nothing: {}.",
            claims.join(", ")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::{person, person_body};
    use crate::put::How;
    use oidc::time::UnixTime;
    use serde_json::{Map, Value, json};

    const NOW: UnixTime = UnixTime(1_800_000_000);

    fn object(value: &Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn what_is_left_out_of_a_person_is_empty_and_its_claims_are_named() {
        let whole = object(
            &json!({ "username": "eve", "description": "d", "email": "e@v",
            "emailVerified": 7, "givenName": "Eve", "attributes": { "a": 1 }, "password": "p" }),
        );
        let eve = person(None, &whole, NOW).unwrap().after;
        let body = person_body(&eve);
        assert!(!body.contains_key("mobileNumberVerified") && !body.contains_key("uuid"));
        let same = person(Some(&eve), &body, NOW).unwrap();
        assert_eq!(person_body(&same.after), body);
        assert!(same.lines.iter().all(|line| line.how == How::Same));

        let less = object(&json!({ "email": "e@v", "uuid": "mine", "password": "q" }));
        let lines = person(Some(&eve), &less, NOW).unwrap().lines;
        for (property, how, remark) in [
            (
                "givenName",
                How::Reset,
                "feeds nothing: `given_name`, `name`",
            ),
            ("emailVerified", How::Reset, "`email_verified`"),
            ("username", How::Reset, "empty then"),
            ("attributes", How::Reset, "empty then"),
            ("nickname", How::LeftOut, "stays as it is"),
            ("uuid", How::Ignored, "ignores it"),
            (
                "password",
                How::Changed,
                "the one before is good for nothing",
            ),
        ] {
            let line = lines.iter().find(|line| line.property == property);
            let line = line.unwrap();
            assert_eq!(line.how, how, "{property}");
            assert!(line.remark.as_deref().unwrap_or_default().contains(remark));
        }
        // No password is ever shown.
        assert!(
            lines
                .iter()
                .all(|line| line.after.as_deref() != Some("\"q\""))
        );
    }

    #[test]
    fn somebody_new_needs_a_password() {
        let body = object(&json!({ "email": "e@v" }));
        let error = person(None, &body, NOW).unwrap_err();
        assert_eq!(error.to_string(), "('password',) field required");
    }
}
