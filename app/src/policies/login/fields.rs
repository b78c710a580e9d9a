//! A login policy as fields of a form.

use crate::{policies::editor::Fields, submitted::Submitted};
use serde_json::{Map, Value};

/// What the fields say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginFields {
    /// `title`.
    pub title: String,
    /// `loginURL`; empty is left out.
    pub url: String,
    /// `customClaims.id_token`: a claim in each line, `name = attribute`.
    pub id_token: String,
    /// The same of `customClaims.userinfo`.
    pub userinfo: String,
}

impl LoginFields {
    /// The names of the fields.
    pub const TITLE: &str = "title";
    /// See [`LoginFields::url`].
    pub const URL: &str = "loginURL";
    /// See [`LoginFields::id_token`].
    pub const ID_TOKEN: &str = "id_token";
    /// See [`LoginFields::userinfo`].
    pub const USERINFO: &str = "userinfo";
}

impl Fields for LoginFields {
    fn of(body: &Map<String, Value>) -> Self {
        let text = |name| match body.get(name) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        let claims = |place| {
            lines(
                body.get("customClaims")
                    .and_then(|claims| claims.get(place)),
            )
        };
        Self {
            title: text(Self::TITLE),
            url: text(Self::URL),
            id_token: claims(Self::ID_TOKEN),
            userinfo: claims(Self::USERINFO),
        }
    }

    fn sent(form: &Submitted) -> Option<Self> {
        let title = form.value(Self::TITLE)?.to_owned();
        let claims = |name| {
            let typed = form.value(name).unwrap_or_default();
            lines(Some(&claims(typed).into()))
        };
        Some(Self {
            title,
            url: form.value(Self::URL).unwrap_or_default().trim().to_owned(),
            id_token: claims(Self::ID_TOKEN),
            userinfo: claims(Self::USERINFO),
        })
    }

    fn write(&self, was: &Self, body: &mut Map<String, Value>) {
        if self.title != was.title {
            body.insert(Self::TITLE.to_owned(), self.title.clone().into());
        }
        if self.url != was.url && self.url.is_empty() {
            body.shift_remove(Self::URL);
        } else if self.url != was.url {
            body.insert(Self::URL.to_owned(), self.url.clone().into());
        }
        if (&self.id_token, &self.userinfo) != (&was.id_token, &was.userinfo) {
            let mut places = Map::new();
            for (name, typed) in [
                (Self::ID_TOKEN, &self.id_token),
                (Self::USERINFO, &self.userinfo),
            ] {
                let claims = claims(typed);
                if !claims.is_empty() {
                    places.insert(name.to_owned(), claims.into());
                }
            }
            body.insert("customClaims".to_owned(), places.into());
        }
    }
}

/// A claim in each line.
fn lines(claims: Option<&Value>) -> String {
    let Some(Value::Object(claims)) = claims else {
        return String::new();
    };
    let line = |(name, attribute): (&String, &Value)| match attribute {
        Value::String(text) => format!("{name} = {text}"),
        other => format!("{name} = {other}"),
    };
    claims.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The claims of lines. One without `=` has no attribute: the API says so.
fn claims(typed: &str) -> Map<String, Value> {
    typed
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| {
            let (name, attribute) = line.split_once('=').unwrap_or((line, ""));
            (name.trim().to_owned(), attribute.trim().into())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::LoginFields;
    use crate::{policies::editor::Fields as _, submitted::Submitted};
    use serde_json::{Map, Value, json};

    fn object(value: &Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    fn written(before: &Value, change: impl FnOnce(&mut LoginFields)) -> Value {
        let mut body = object(before);
        let was = LoginFields::of(&body);
        let mut now = was.clone();
        change(&mut now);
        now.write(&was, &mut body);
        body.into()
    }

    #[test]
    fn claims_stand_in_lines_and_only_what_changed_is_written() {
        let before = json!({"title": "t", "loginURL": "https://a.example", "x": 1,
            "customClaims": {"userinfo": {"tier": "loyalty.tier", "odd": 7}}});
        let fields = LoginFields::of(&object(&before));
        assert_eq!(fields.userinfo, "tier = loyalty.tier\nodd = 7");
        assert_eq!(written(&before, |_| {}), before);
        let after = written(&before, |fields| {
            fields.url.clear();
            fields.userinfo = "tier = level\n\n plan=plan \nbare".to_owned();
        });
        assert_eq!(
            after,
            json!({"title": "t", "x": 1,
                "customClaims": {"userinfo": {"tier": "level", "plan": "plan", "bare": ""}}})
        );
        let none = written(&before, |fields| fields.userinfo.clear());
        assert_eq!(none["customClaims"], json!({}));
    }

    #[test]
    fn spaces_and_line_breaks_of_a_browser_are_no_change() {
        let sent = [
            ("title", "t"),
            ("userinfo", "a=b\r\n\r\n c =  d "),
            ("loginURL", " "),
        ];
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let form = Submitted::preview("/p", sent.into_iter().map(owned).collect());
        let fields = LoginFields::sent(&form).unwrap();
        assert_eq!(
            (fields.userinfo.as_str(), fields.url.as_str()),
            ("a = b\nc = d", "")
        );
        assert!(LoginFields::sent(&Submitted::default()).is_none());
    }
}
