//! What a PUT will change, before it is sent: every property of the document,
//! those that are left out with what that does to them.
//!
//! What becomes of the document is decided by the drafts in [`policy`], which
//! the API uses too; here it is compared and said.

mod client;
mod person;

pub use client::{client, client_body};
pub use person::{person, person_body};

use crate::words::duration;
use policy::{
    body::PropertyError,
    login_policy::{LoginPolicy, LoginPolicyDraft},
    token_policy::{
        ACCESS_TOKEN_LIFETIME, DEFAULT_REFRESH_TOKEN_LIFETIME, TokenPolicy, TokenPolicyDraft,
        every_scope,
    },
};
use serde::Serialize;
use serde_json::{Map, Value};

/// A property, before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its name.
    pub property: String,
    /// What it is now, as JSON; `None` for nothing.
    pub before: Option<String>,
    /// What it will be, as JSON; `None` for nothing.
    pub after: Option<String>,
    /// What becomes of it.
    pub how: How,
    /// That in a sentence. Text in backquotes is code.
    pub remark: Option<String>,
}

/// What a PUT or POST does to a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// The body repeats what is there.
    Same,
    /// The body says something else, or something new.
    Changed,
    /// The body leaves it out, and that changes it: the trap.
    Reset,
    /// The body leaves it out, and it stays or gets its default.
    LeftOut,
    /// The body has it, and nobody heeds it.
    Ignored,
}

impl Line {
    /// Whether the document says something else of it afterwards.
    #[must_use]
    pub fn changes(&self) -> bool {
        matches!(self.how, How::Changed | How::Reset)
    }
}

/// What the document will be, and every property on the way there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome<T> {
    /// The document afterwards.
    pub after: T,
    /// Its properties in the order of the document, then what is ignored.
    pub lines: Vec<Line>,
}

/// What a body makes of a token policy; without one, the policy it creates,
/// which has no id yet.
///
/// # Errors
/// When the API would refuse it.
pub fn token_policy(
    before: Option<&TokenPolicy>,
    body: &Map<String, Value>,
) -> Result<Outcome<TokenPolicy>, PropertyError> {
    let id = before.map_or_else(String::new, |policy| policy.id.clone());
    let after = TokenPolicyDraft::from_json(body)?.with_id(id);
    let lines = lines(
        before.map(token_policy_body).as_ref(),
        &token_policy_body(&after),
        body,
        left_out_of_token_policy,
    );
    Ok(Outcome { after, lines })
}

/// What a body makes of a login policy; without one, the policy it creates,
/// which has no id yet.
///
/// # Errors
/// When the API would refuse it.
pub fn login_policy(
    before: Option<&LoginPolicy>,
    body: &Map<String, Value>,
) -> Result<Outcome<LoginPolicy>, PropertyError> {
    let draft = LoginPolicyDraft::from_json(body)?;
    let after = match before {
        Some(before) => draft.replace(before.clone())?,
        None => draft.create(String::new())?,
    };
    let before = before.map(login_policy_body);
    let is_new = before.is_none();
    let lines = lines(
        before.as_ref(),
        &login_policy_body(&after),
        body,
        |property, _| left_out_of_login_policy(property, is_new),
    );
    Ok(Outcome { after, lines })
}

/// The body of a PUT that changes nothing.
#[must_use]
pub fn token_policy_body(policy: &TokenPolicy) -> Map<String, Value> {
    without(policy, &["id"])
}

/// The body of a PUT that changes nothing. What has an address of its own is no
/// part of it.
#[must_use]
pub fn login_policy_body(policy: &LoginPolicy) -> Map<String, Value> {
    without(policy, &["id", "allowedResponseTypes", "pushClaims"])
}

fn without(document: &impl Serialize, names: &[&str]) -> Map<String, Value> {
    let Ok(Value::Object(mut members)) = serde_json::to_value(document) else {
        return Map::new();
    };
    members.retain(|name, _| !names.contains(&name.as_str()));
    members
}

/// What is different between two versions of a document.
#[must_use]
pub fn changes(before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<Line> {
    let mut lines = lines(Some(before), after, after, |_, _| String::new());
    lines.retain(Line::changes);
    for line in &mut lines {
        line.how = How::Changed;
    }
    lines
}

fn lines(
    before: Option<&Map<String, Value>>,
    after: &Map<String, Value>,
    body: &Map<String, Value>,
    left_out: impl Fn(&str, &Value) -> String,
) -> Vec<Line> {
    let none = Map::new();
    let before_or_none = before.unwrap_or(&none);
    let gone = before_or_none
        .keys()
        .filter(|name| !after.contains_key(*name));
    let mut lines: Vec<Line> = after
        .keys()
        .chain(gone)
        .map(|name| line(name, before, after, body, &left_out))
        .collect();
    let known = |name: &str| after.contains_key(name) || before_or_none.contains_key(name);
    lines.extend(body.iter().filter(|(name, _)| !known(name)).map(ignored));
    lines
}

fn line(
    name: &str,
    before: Option<&Map<String, Value>>,
    after: &Map<String, Value>,
    body: &Map<String, Value>,
    left_out: impl Fn(&str, &Value) -> String,
) -> Line {
    let old = before.and_then(|before| before.get(name));
    let new = after.get(name);
    let is_left_out = body.get(name).is_none_or(Value::is_null);
    let how = match (is_left_out, old == new) {
        (true, false) if before.is_some() => How::Reset,
        (true, _) => How::LeftOut,
        (false, true) => How::Same,
        (false, false) => How::Changed,
    };
    let remark = match how {
        How::Reset => Some(left_out(name, new.unwrap_or(&Value::Null))),
        How::LeftOut if before.is_none() => Some(left_out(name, new.unwrap_or(&Value::Null))),
        How::LeftOut => Some("Left out. It stays as it is.".to_owned()),
        How::Changed => old.zip(new).and_then(|(old, new)| items(old, new)),
        How::Same | How::Ignored => None,
    };
    Line {
        property: name.to_owned(),
        before: old.map(spaced),
        after: new.map(spaced),
        how,
        remark: remark.filter(|remark| !remark.is_empty()),
    }
}

/// JSON in one line that can be broken where a person would break it.
fn spaced(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(spaced).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) => {
            let member = |(name, value): (&String, &Value)| {
                format!("{}: {}", Value::from(name.as_str()), spaced(value))
            };
            let members: Vec<String> = members.iter().map(member).collect();
            format!("{{{}}}", members.join(", "))
        }
        plain => plain.to_string(),
    }
}

/// What came into a list, and what went out of it.
fn items(old: &Value, new: &Value) -> Option<String> {
    let (old, new) = (old.as_array()?, new.as_array()?);
    let beyond = |list: &[Value], other: &[Value]| {
        let names = list.iter().filter(|item| !other.contains(item));
        let names = names.map(|item| match item {
            Value::String(text) => format!("`{text}`"),
            other => format!("`{other}`"),
        });
        names.collect::<Vec<_>>().join(", ")
    };
    let sentence =
        |names: String, verb: &str| (!names.is_empty()).then(|| format!("{verb}: {names}."));
    let said: Vec<String> = [
        sentence(beyond(new, old), "Added"),
        sentence(beyond(old, new), "Taken away"),
    ]
    .into_iter()
    .flatten()
    .collect();
    if said.is_empty() {
        return Some("Only the order is another.".to_owned());
    }
    Some(said.join(" "))
}

fn ignored((name, value): (&String, &Value)) -> Line {
    let remark = match name.as_str() {
        "id" | "_links" | "uuid" | "lastUpdated" => "The API sets it and ignores it here.",
        "allowedResponseTypes" | "pushClaims" => {
            "It has an address of its own; here the API ignores it."
        }
        _ => "The API knows no such property and ignores it.",
    };
    Line {
        property: name.clone(),
        before: None,
        after: Some(spaced(value)),
        how: How::Ignored,
        remark: Some(remark.to_owned()),
    }
}

fn left_out_of_token_policy(property: &str, _: &Value) -> String {
    let seconds = |number: u32| {
        format!(
            "Left out. It is the default then: `{number}`, {}.",
            duration(number)
        )
    };
    match property {
        "accessTokenLifetime" => seconds(*ACCESS_TOKEN_LIFETIME.end()),
        "refreshTokenLifetime" => seconds(DEFAULT_REFRESH_TOKEN_LIFETIME),
        "allowedScopes" => format!(
            "Left out. That allows every scope of the discovery document: `{}`.",
            every_scope()
        ),
        "useAccessJWT" => "Left out. Access tokens are opaque then.".to_owned(),
        _ => String::new(),
    }
}

fn left_out_of_login_policy(property: &str, is_new: bool) -> String {
    match property {
        "loginURL" if !is_new => "Left out. There is none then.",
        "customClaims" if !is_new => "Left out. There are none then.",
        _ => "",
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::{
        How, Line, changes, login_policy, login_policy_body, token_policy, token_policy_body,
    };
    use policy::{
        login_policy::LoginPolicy,
        token_policy::{TokenPolicy, TokenPolicyDraft},
    };
    use proptest::prelude::*;
    use serde_json::{Map, Value, json};

    fn object(value: &Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    fn storefront() -> TokenPolicy {
        let body = json!({ "title": "Storefront", "accessTokenLifetime": 1800,
            "refreshTokenLifetime": 3600, "allowedScopes": ["openid", "profile"], "useAccessJWT": true });
        TokenPolicyDraft::from_json(&object(&body))
            .unwrap()
            .with_id("i".to_owned())
    }

    fn put(body: &Value) -> Vec<Line> {
        token_policy(Some(&storefront()), &object(body))
            .unwrap()
            .lines
    }

    fn of<'a>(lines: &'a [Line], property: &str) -> &'a Line {
        lines.iter().find(|line| line.property == property).unwrap()
    }

    #[test]
    fn every_property_that_is_left_out_is_named_with_what_that_does() {
        let lines = put(&json!({ "title": "Storefront" }));
        for (property, after, remark) in [
            (
                "accessTokenLifetime",
                "3600",
                "Left out. It is the default then: `3600`, 1 hour.",
            ),
            (
                "refreshTokenLifetime",
                "7776000",
                "Left out. It is the default then: `7776000`, 90 days.",
            ),
            (
                "allowedScopes",
                r#"["openid", "profile", "email", "address", "phone"]"#,
                "Left out. That allows every scope of the discovery document: `openid profile email address phone`.",
            ),
            (
                "useAccessJWT",
                "false",
                "Left out. Access tokens are opaque then.",
            ),
        ] {
            let line = of(&lines, property);
            assert_eq!(line.how, How::Reset, "{property}");
            assert_eq!(line.after.as_deref(), Some(after));
            assert_eq!(line.remark.as_deref(), Some(remark));
        }
        assert_eq!(of(&lines, "title").how, How::Same);
    }

    #[test]
    fn what_comes_into_a_list_and_what_goes_is_named() {
        let mut body = token_policy_body(&storefront());
        body["allowedScopes"] = json!(["openid", "address"]);
        let lines = put(&body.clone().into());
        let line = of(&lines, "allowedScopes");
        assert_eq!(line.how, How::Changed);
        assert_eq!(
            line.remark.as_deref(),
            Some("Added: `address`. Taken away: `profile`.")
        );
        assert!(
            lines
                .iter()
                .all(|line| line.property == "allowedScopes" || line.how == How::Same)
        );

        body["allowedScopes"] = json!(["profile", "openid"]);
        let lines = put(&body.into());
        assert_eq!(
            of(&lines, "allowedScopes").remark.as_deref(),
            Some("Only the order is another.")
        );
    }

    #[test]
    fn what_nobody_heeds_is_said_to_be_ignored() {
        let mut body = token_policy_body(&storefront());
        body.insert("id".to_owned(), json!("other"));
        body.insert("allowedscopes".to_owned(), json!([]));
        let lines = put(&body.into());
        assert_eq!(of(&lines, "id").how, How::Ignored);
        assert!(
            of(&lines, "allowedscopes")
                .remark
                .as_ref()
                .unwrap()
                .contains("no such property")
        );
        assert!(!lines.iter().any(Line::changes));
    }

    #[test]
    fn null_counts_as_left_out() {
        let lines = put(&json!({ "title": "Storefront", "useAccessJWT": null }));
        assert_eq!(of(&lines, "useAccessJWT").how, How::Reset);
    }

    #[test]
    fn a_new_policy_says_what_its_defaults_are() {
        let body = object(&json!({ "title": "New", "allowedScopes": ["openid"] }));
        let lines = token_policy(None, &body).unwrap().lines;
        assert_eq!(of(&lines, "title").how, How::Changed);
        let line = of(&lines, "refreshTokenLifetime");
        assert_eq!((line.how, line.before.as_deref()), (How::LeftOut, None));
        assert!(line.remark.as_ref().unwrap().contains("90 days"));
    }

    #[test]
    fn a_login_policy_loses_what_is_left_out_and_keeps_its_store() {
        let mut policy = LoginPolicy::new("i".to_owned(), "Hosted Login".to_owned());
        policy.login_url = "https://login.example".to_owned();
        policy
            .custom_claims
            .userinfo
            .insert("tier".to_owned(), "tier".to_owned());
        policy.push_claims = true;
        let body = object(&json!({ "title": "Login", "pushClaims": false }));
        let outcome = login_policy(Some(&policy), &body).unwrap();
        assert!(outcome.after.push_claims);
        let how = |property: &str| of(&outcome.lines, property).how;
        assert_eq!(how("title"), How::Changed);
        assert_eq!(how("loginURL"), How::Reset);
        assert_eq!(how("customClaims"), How::Reset);
        assert_eq!(how("identityStoreDetails"), How::LeftOut);
        assert_eq!(how("pushClaims"), How::Ignored);
        let unchanged = login_policy(Some(&policy), &login_policy_body(&policy)).unwrap();
        assert!(unchanged.lines.iter().all(|line| line.how == How::Same));
        assert_eq!(unchanged.after, policy);
    }

    #[test]
    fn two_versions_differ_in_what_changed() {
        let (mut before, mut after) = (
            token_policy_body(&storefront()),
            token_policy_body(&storefront()),
        );
        assert_eq!(changes(&before, &after), []);
        after["title"] = json!("Shop");
        before.insert("loginURL".to_owned(), json!("https://a.example"));
        let names: Vec<String> = changes(&before, &after)
            .into_iter()
            .map(|line| line.property)
            .collect();
        assert_eq!(names, ["title", "loginURL"]);
    }

    proptest! {
        /// Nothing changes unseen: what no line says to change is as it was.
        #[test]
        fn every_change_has_its_line(
            title in "[a-z]{1,5}", access in prop::option::of(60_u32..=3600),
            refresh in prop::option::of(60_u32..=31_557_600),
            scopes in prop::option::of(prop::collection::vec("[a-c]{1,2}", 0..4)),
            jwt in prop::option::of(any::<bool>()),
        ) {
            let mut body = object(&json!({ "title": title }));
            let members = [("accessTokenLifetime", json!(access)), ("refreshTokenLifetime", json!(refresh)),
                ("allowedScopes", json!(scopes)), ("useAccessJWT", json!(jwt))];
            body.extend(members.map(|(name, value)| (name.to_owned(), value)));
            let before = storefront();
            let outcome = token_policy(Some(&before), &body).unwrap();
            let (old, new) = (token_policy_body(&before), token_policy_body(&outcome.after));
            for line in &outcome.lines {
                prop_assert_eq!(line.changes(), old[&line.property] != new[&line.property]);
                let is_left_out = body[&line.property].is_null();
                prop_assert_eq!(is_left_out, matches!(line.how, How::Reset | How::LeftOut));
            }
            prop_assert_eq!(outcome.lines.len(), 5);
        }
    }
}
