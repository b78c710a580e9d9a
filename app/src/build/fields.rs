//! The Build form as data: what stands in it, and the draft it makes.

use diagnosis::evidence::Draft;
use oidc::{
    pkce::CodeVerifier,
    scope::{OPENID, Scope},
};
use policy::release::StandardScope;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The scopes with a tick box of their own. `openid` is not among them: it is
/// always asked for.
pub const OFFERED: [StandardScope; 4] = [
    StandardScope::Profile,
    StandardScope::Email,
    StandardScope::Address,
    StandardScope::Phone,
];

/// Fields whose absence from an address means what the page opens with; any
/// other absent field is empty.
const PRESET: [&str; 6] = [
    "client",
    "person",
    "response_type",
    "state",
    "nonce",
    "code_verifier",
];

/// Fields of the form that are parameters as they stand, and of
/// [`Draft::further`].
const FURTHER: [&str; 5] = ["max_age", "ui_locales", "acr_values", "display", "claims"];

/// Rows for parameters of one's own: the fields of the name and of the value.
pub const OWN: [(&str, &str); 3] = [
    ("own_name_1", "own_value_1"),
    ("own_name_2", "own_value_2"),
    ("own_name_3", "own_value_3"),
];

/// Every field with one value, in the order they are kept.
fn names() -> impl Iterator<Item = &'static str> {
    let single = ["own_scope", "pkce", "prompt", "login_hint"];
    let own = OWN.iter().flat_map(|(name, value)| [*name, *value]);
    PRESET.into_iter().chain(single).chain(FURTHER).chain(own)
}

/// What stands in the form: the pairs a browser submits, without those that are
/// empty and those that the form does not have, in an order of their own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// The form that makes this draft. A draft without a verifier gets the one
    /// at hand, for when PKCE is ticked again.
    #[must_use]
    pub fn of(draft: &Draft, spare_verifier: &str) -> Self {
        let offered = |token: &str| OFFERED.iter().any(|scope| scope.as_str() == token);
        let own: Vec<&str> = draft
            .scope
            .split(' ')
            .filter(|word| *word != OPENID && !offered(word) && !word.is_empty())
            .collect();
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let verifier = draft.code_verifier.as_ref();
        let mut pairs: Vec<(&str, String)> = vec![
            ("client", draft.client.clone()),
            ("person", text(&draft.person)),
            ("scope", draft.scope.clone()),
            ("own_scope", own.join(" ")),
            ("response_type", text(&draft.response_type)),
            ("state", text(&draft.state)),
            ("nonce", text(&draft.nonce)),
            (
                "code_verifier",
                verifier
                    .map_or(spare_verifier, CodeVerifier::as_str)
                    .to_owned(),
            ),
            ("prompt", text(&draft.prompt)),
            ("login_hint", text(&draft.login_hint)),
        ];
        if verifier.is_some() {
            pairs.push(("pkce", "S256".to_owned()));
        }
        let mut rows = OWN.iter();
        for (name, value) in &draft.further {
            if FURTHER.contains(&name.as_str()) {
                pairs.push((name, value.clone()));
            } else if let Some((own_name, own_value)) = rows.next() {
                pairs.push((own_name, name.clone()));
                pairs.push((own_value, value.clone()));
            }
        }
        let find = |wanted: &str| {
            let found = pairs.iter().find(|(name, _)| *name == wanted);
            found.map(|(_, value)| value.as_str())
        };
        Self::kept(find, |token| {
            Scope::parse(&draft.scope).scope.contains(token)
        })
    }

    /// Reads submitted pairs. Without any field of the form in them, the form
    /// is `default`; with one, an absent tick box is unticked.
    #[must_use]
    pub fn from_pairs(pairs: &[(String, String)], default: &Self) -> Self {
        let find = |wanted: &str| {
            let found = pairs.iter().find(|(name, _)| name == wanted);
            found.map(|(_, value)| value.as_str())
        };
        if find("client").is_none() && find("scope").is_none() {
            return default.clone();
        }
        let ticked = |token: &str| {
            pairs
                .iter()
                .any(|(name, value)| name == "scope" && value.split(' ').any(|word| word == token))
        };
        let value = |name: &str| match find(name) {
            Some(text) if name == "code_verifier" && CodeVerifier::new(text).is_err() => {
                Some(default.get(name))
            }
            None if PRESET.contains(&name) => Some(default.get(name)),
            found => found,
        };
        Self::kept(value, ticked)
    }

    /// Reads what the browser kept, as it is written now or as it was before:
    /// an object with a member for each field.
    #[must_use]
    pub fn from_kept(kept: &Value) -> Option<Self> {
        let pairs: Vec<(String, String)> = match kept {
            Value::Array(pairs) => pairs
                .iter()
                .filter_map(|pair| {
                    Some((pair[0].as_str()?.to_owned(), pair[1].as_str()?.to_owned()))
                })
                .collect(),
            Value::Object(members) => members
                .iter()
                .flat_map(|(name, value)| match value {
                    Value::String(text) => vec![(name.clone(), text.clone())],
                    Value::Bool(true) => vec![(name.clone(), "S256".to_owned())],
                    Value::Array(scopes) => scopes
                        .iter()
                        .filter_map(|scope| Some(("scope".to_owned(), scope.as_str()?.to_owned())))
                        .collect(),
                    _ => Vec::new(),
                })
                .collect(),
            _ => return None,
        };
        let code = Self(vec![("response_type".to_owned(), "code".to_owned())]);
        Some(Self::from_pairs(&pairs, &code))
    }

    /// The form of these values and tick boxes, in the order they are kept.
    fn kept<'a>(value: impl Fn(&str) -> Option<&'a str>, ticked: impl Fn(&str) -> bool) -> Self {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let texts = names()
            .filter_map(|name| Some(pair(name, value(name).filter(|text| !text.is_empty())?)));
        let scopes = OFFERED
            .iter()
            .map(|scope| scope.as_str())
            .filter(|token| ticked(token))
            .map(|token| pair("scope", token));
        Self(texts.chain(scopes).collect())
    }

    /// The same with another value in one field.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Self {
        Self::kept(
            |own| Some(if own == name { value } else { self.get(own) }),
            |token| self.holds("scope", token),
        )
    }

    /// The value of a field; empty when there is none.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(own, _)| own == name);
        found.map_or("", |(_, value)| value)
    }

    /// Whether a field has this value: for tick boxes and choices.
    #[must_use]
    pub fn holds(&self, name: &str, value: &str) -> bool {
        self.0
            .iter()
            .any(|(own, other)| own == name && other == value)
    }

    /// The draft the form makes: `openid` first, then the ticked scopes, then
    /// one's own as typed.
    #[must_use]
    pub fn draft(&self) -> Draft {
        let mut words = vec![OPENID];
        words.extend(
            OFFERED
                .iter()
                .map(|scope| scope.as_str())
                .filter(|token| self.holds("scope", token)),
        );
        let own = self.get("own_scope").trim();
        if !own.is_empty() {
            words.push(own);
        }
        let filled = |name: &str| Some(self.get(name).to_owned()).filter(|text| !text.is_empty());
        let further = FURTHER
            .into_iter()
            .map(|name| (name, self.get(name)))
            .chain(
                OWN.iter()
                    .map(|(name, value)| (self.get(name).trim(), self.get(value))),
            )
            .filter(|(name, value)| !name.is_empty() && !value.is_empty())
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Draft {
            client: self.get("client").to_owned(),
            person: filled("person"),
            scope: words.join(" "),
            state: filled("state"),
            nonce: filled("nonce"),
            code_verifier: filled("pkce")
                .and_then(|_| CodeVerifier::new(self.get("code_verifier")).ok()),
            prompt: filled("prompt"),
            login_hint: filled("login_hint"),
            response_type: filled("response_type"),
            further,
        }
    }
}

/// Reads the submitted Build form into a draft.
#[must_use]
pub fn draft_from_pairs(pairs: &[(String, String)], default: &Draft) -> Draft {
    Fields::from_pairs(pairs, &Fields::of(default, "")).draft()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn draft() -> Draft {
        Draft {
            client: "c".to_owned(),
            person: Some("p".to_owned()),
            scope: "openid profile address".to_owned(),
            state: Some("s".to_owned()),
            nonce: Some("n".to_owned()),
            code_verifier: CodeVerifier::new(&"v".repeat(43)).ok(),
            prompt: None,
            login_hint: None,
            response_type: Some("code".to_owned()),
            further: Vec::new(),
        }
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn a_draft_survives_the_form() {
        let full = Draft {
            response_type: None,
            further: pairs(&[
                ("max_age", "60"),
                ("claims", "{\"userinfo\":{}}"),
                ("tenant", "blue"),
                ("scope", "again"),
            ]),
            ..draft()
        };
        for draft in [draft(), full] {
            assert_eq!(Fields::of(&draft, "").draft(), draft);
        }
    }

    #[test]
    fn an_address_without_fields_gives_the_default() {
        assert_eq!(draft_from_pairs(&pairs(&[("utm", "x")]), &draft()), draft());
    }

    #[test]
    fn an_absent_tick_box_is_unticked_and_openid_stays() {
        let read = draft_from_pairs(&pairs(&[("client", "c"), ("scope", "email")]), &draft());
        assert_eq!(read.scope, "openid email");
        assert_eq!(read.code_verifier, None);
        assert_eq!(read.response_type.as_deref(), Some("code"));
    }

    #[test]
    fn own_scopes_come_last_and_as_typed() {
        let read = draft_from_pairs(
            &pairs(&[
                ("client", "c"),
                ("own_scope", " Loyalty  other "),
                ("scope", "phone"),
            ]),
            &draft(),
        );
        assert_eq!(read.scope, "openid phone Loyalty  other");
    }

    #[test]
    fn an_emptied_field_is_left_out() {
        let read = draft_from_pairs(
            &pairs(&[
                ("client", "c"),
                ("state", ""),
                ("person", ""),
                ("response_type", ""),
            ]),
            &draft(),
        );
        assert_eq!(
            (read.state, read.person, read.response_type),
            (None, None, None)
        );
    }

    #[test]
    fn a_parameter_of_ones_own_needs_a_name_and_a_value() {
        let read = draft_from_pairs(
            &pairs(&[
                ("client", "c"),
                ("own_name_1", "nameless"),
                ("own_value_2", "valueless"),
                ("own_name_3", " tenant "),
                ("own_value_3", " blue"),
                ("acr_values", "2"),
            ]),
            &draft(),
        );
        assert_eq!(
            read.further,
            pairs(&[("acr_values", "2"), ("tenant", " blue")])
        );
    }

    #[test]
    fn a_verifier_that_is_none_is_replaced() {
        let read = draft_from_pairs(
            &pairs(&[("client", "c"), ("pkce", "on"), ("code_verifier", "short")]),
            &draft(),
        );
        assert_eq!(read.code_verifier, draft().code_verifier);
    }

    #[test]
    fn what_was_kept_is_read_whoever_wrote_it() {
        let fields = Fields::of(&draft(), "");
        let now = serde_json::to_value(&fields).unwrap();
        assert_eq!(Fields::from_kept(&now), Some(fields.clone()));
        let earlier = json!({ "client": "c", "person": "p", "scopes": ["profile", "address"],
            "own_scope": "", "state": "s", "nonce": "n", "pkce": true,
            "code_verifier": "v".repeat(43), "prompt": "", "login_hint": "" });
        assert_eq!(Fields::from_kept(&earlier), Some(fields));
        for odd in [json!(null), json!(1), json!("x")] {
            assert_eq!(Fields::from_kept(&odd), None);
        }
        for odd in [json!([1, [2], ["client"]]), json!({ "client": {} })] {
            assert!(Fields::from_kept(&odd).is_some(), "{odd}");
        }
    }
}
