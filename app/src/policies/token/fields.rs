//! A token policy as fields of a form.

use crate::{policies::editor::Fields, submitted::Submitted};
use policy::token_policy::every_scope;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// What the fields say. An empty lifetime is one that is left out.
#[derive(Clone, Debug)]
pub struct TokenFields {
    /// `title`.
    pub title: String,
    /// `accessTokenLifetime`, as it was typed.
    pub access: String,
    /// `refreshTokenLifetime`, as it was typed.
    pub refresh: String,
    /// `allowedScopes`, ticked and typed.
    pub scopes: Vec<String>,
    /// `useAccessJWT`.
    pub jwt: bool,
}

impl TokenFields {
    /// The names of the fields, which are those of the members but for scopes.
    pub const TITLE: &str = "title";
    /// See [`TokenFields::access`].
    pub const ACCESS: &str = "accessTokenLifetime";
    /// See [`TokenFields::refresh`].
    pub const REFRESH: &str = "refreshTokenLifetime";
    /// A ticked scope.
    pub const SCOPE: &str = "scope";
    /// Typed scopes, separated by spaces or commas.
    pub const OWN: &str = "own";
    /// See [`TokenFields::jwt`].
    pub const JWT: &str = "useAccessJWT";

    fn scope_set(&self) -> BTreeSet<&str> {
        self.scopes.iter().map(String::as_str).collect()
    }
}

/// In whatever order scopes stand.
impl PartialEq for TokenFields {
    fn eq(&self, other: &Self) -> bool {
        (&self.title, &self.access, &self.refresh, self.jwt)
            == (&other.title, &other.access, &other.refresh, other.jwt)
            && self.scope_set() == other.scope_set()
    }
}

impl Fields for TokenFields {
    fn of(body: &Map<String, Value>) -> Self {
        let scopes = match body.get("allowedScopes") {
            None | Some(Value::Null) => every_scope().iter().map(ToString::to_string).collect(),
            Some(Value::Array(items)) => {
                let texts = items.iter().filter_map(Value::as_str);
                texts.map(str::to_owned).collect()
            }
            Some(_) => Vec::new(),
        };
        Self {
            title: as_typed(body.get(Self::TITLE)),
            access: as_typed(body.get(Self::ACCESS)),
            refresh: as_typed(body.get(Self::REFRESH)),
            scopes,
            jwt: body.get(Self::JWT) == Some(&Value::Bool(true)),
        }
    }

    fn sent(form: &Submitted) -> Option<Self> {
        let title = form.value(Self::TITLE)?.to_owned();
        let typed = |name| form.value(name).unwrap_or_default().trim().to_owned();
        let own = typed(Self::OWN);
        let own = own
            .split(|letter: char| letter.is_whitespace() || letter == ',')
            .filter(|scope| !scope.is_empty());
        Some(Self {
            title,
            access: typed(Self::ACCESS),
            refresh: typed(Self::REFRESH),
            scopes: form
                .values(Self::SCOPE)
                .chain(own)
                .map(str::to_owned)
                .collect(),
            jwt: form.value(Self::JWT).is_some(),
        })
    }

    fn write(&self, was: &Self, body: &mut Map<String, Value>) {
        if self.title != was.title {
            body.insert(Self::TITLE.to_owned(), self.title.clone().into());
        }
        for (name, now, before) in [
            (Self::ACCESS, &self.access, &was.access),
            (Self::REFRESH, &self.refresh, &was.refresh),
        ] {
            if now.is_empty() && now != before {
                body.shift_remove(name);
            } else if now != before {
                body.insert(name.to_owned(), number(now));
            }
        }
        if self.scope_set() != was.scope_set() {
            body.insert(
                "allowedScopes".to_owned(),
                ordered(&was.scopes, &self.scopes),
            );
        }
        if self.jwt != was.jwt {
            body.insert(Self::JWT.to_owned(), self.jwt.into());
        }
    }
}

/// What was there stays where it was; what is new comes after it.
fn ordered(was: &[String], now: &[String]) -> Value {
    let mut list: Vec<&String> = was.iter().filter(|scope| now.contains(scope)).collect();
    for scope in now {
        if !list.contains(&scope) {
            list.push(scope);
        }
    }
    list.into_iter().cloned().map(Value::from).collect()
}

/// A number, or what was typed in its place: the API says what is wrong with it.
fn number(text: &str) -> Value {
    text.parse::<i64>()
        .map_or_else(|_| text.into(), Value::from)
}

fn as_typed(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::TokenFields;
    use crate::{policies::editor::Fields as _, submitted::Submitted};
    use serde_json::{Map, Value, json};

    fn object(value: &Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    fn written(before: &Value, change: impl FnOnce(&mut TokenFields)) -> Value {
        let mut body = object(before);
        let was = TokenFields::of(&body);
        let mut now = was.clone();
        change(&mut now);
        now.write(&was, &mut body);
        body.into()
    }

    #[test]
    fn only_what_changed_is_written() {
        let before = json!({"title": "t", "accessTokenLifetime": 60, "_links": {}});
        assert_eq!(written(&before, |_| {}), before);
        assert_eq!(
            written(&before, |fields| fields.access.clear()),
            json!({"title": "t", "_links": {}})
        );
        assert_eq!(
            written(&before, |fields| fields.refresh = "an hour".to_owned()),
            json!({"title": "t", "accessTokenLifetime": 60, "_links": {}, "refreshTokenLifetime": "an hour"})
        );
        assert_eq!(
            written(&before, |fields| fields.jwt = true)["useAccessJWT"],
            true
        );
        let scopes = written(&before, |fields| {
            fields.scopes.retain(|scope| scope != "email");
            fields.scopes.insert(0, "own".to_owned());
        });
        assert_eq!(
            scopes["allowedScopes"],
            json!(["openid", "profile", "address", "phone", "own"])
        );
    }

    #[test]
    fn whatever_stands_in_the_body_can_be_shown() {
        let odd = json!({"title": 1, "accessTokenLifetime": "60", "allowedScopes": "openid", "useAccessJWT": "yes"});
        let fields = TokenFields::of(&object(&odd));
        assert_eq!((fields.title.as_str(), fields.access.as_str()), ("1", "60"));
        assert!(fields.scopes.is_empty() && !fields.jwt);
    }

    #[test]
    fn typed_scopes_are_told_apart_by_spaces_and_commas() {
        let sent = [
            ("title", "t"),
            ("scope", "openid"),
            ("own", " a,b  c\r\n d "),
            ("useAccessJWT", "true"),
        ];
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let form = Submitted::preview("/p", sent.into_iter().map(owned).collect());
        let fields = TokenFields::sent(&form).unwrap();
        assert_eq!(fields.scopes, ["openid", "a", "b", "c", "d"]);
        assert!(fields.jwt);
        assert!(TokenFields::sent(&Submitted::default()).is_none());
    }
}
