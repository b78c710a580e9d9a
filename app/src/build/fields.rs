//! The Build form as data: what stands in it, and the draft it makes.

use diagnosis::evidence::Draft;
use oidc::{
    pkce::CodeVerifier,
    scope::{OPENID, Scope},
};
use policy::release::StandardScope;
use serde::{Deserialize, Serialize};

/// The scopes with a tick box of their own. `openid` is not among them: it is
/// always asked for.
pub const OFFERED: [StandardScope; 4] = [
    StandardScope::Profile,
    StandardScope::Email,
    StandardScope::Address,
    StandardScope::Phone,
];

/// The values of `prompt` on offer; the empty one leaves it out.
pub const PROMPTS: [&str; 3] = ["", "login", "none"];

/// What stands in the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fields {
    /// The client's id.
    pub client: String,
    /// The person's UUID; empty asks on the sign-in page.
    pub person: String,
    /// The ticked scopes of [`OFFERED`], in that order.
    pub scopes: Vec<String>,
    /// Further scopes, as typed.
    pub own_scope: String,
    /// Left out when empty.
    pub state: String,
    /// Left out when empty.
    pub nonce: String,
    /// Whether a code challenge is sent.
    pub pkce: bool,
    /// The verifier the challenge is made of.
    pub code_verifier: String,
    /// Left out when empty.
    pub prompt: String,
    /// Left out when empty.
    pub login_hint: String,
}

impl Fields {
    /// The form that makes this draft. A draft without a verifier gets the one
    /// at hand, for when PKCE is ticked again.
    #[must_use]
    pub fn of(draft: &Draft, spare_verifier: &str) -> Self {
        let parsed = Scope::parse(&draft.scope).scope;
        let offered = |token: &str| OFFERED.iter().any(|scope| scope.as_str() == token);
        let own: Vec<&str> = draft
            .scope
            .split(' ')
            .filter(|word| *word != OPENID && !offered(word) && !word.is_empty())
            .collect();
        Self {
            client: draft.client.clone(),
            person: draft.person.clone().unwrap_or_default(),
            scopes: OFFERED
                .iter()
                .map(|scope| scope.as_str())
                .filter(|token| parsed.contains(token))
                .map(str::to_owned)
                .collect(),
            own_scope: own.join(" "),
            state: draft.state.clone().unwrap_or_default(),
            nonce: draft.nonce.clone().unwrap_or_default(),
            pkce: draft.code_verifier.is_some(),
            code_verifier: draft
                .code_verifier
                .as_ref()
                .map_or(spare_verifier, CodeVerifier::as_str)
                .to_owned(),
            prompt: draft.prompt.clone().unwrap_or_default(),
            login_hint: draft.login_hint.clone().unwrap_or_default(),
        }
    }

    /// Reads submitted pairs. Without any field of the form in them, the form
    /// is `default`; with one, an absent tick box is unticked.
    #[must_use]
    pub fn from_pairs(pairs: &[(String, String)], default: &Self) -> Self {
        let find = |name: &str| {
            pairs
                .iter()
                .find_map(|(own, value)| (own == name).then_some(value.as_str()))
        };
        if find("client").is_none() && find("scope").is_none() {
            return default.clone();
        }
        let text = |name: &str, default: &str| find(name).unwrap_or(default).to_owned();
        let ticked = |token: &str| {
            pairs
                .iter()
                .any(|(name, value)| name == "scope" && value.split(' ').any(|word| word == token))
        };
        Self {
            client: text("client", &default.client),
            person: text("person", &default.person),
            scopes: OFFERED
                .iter()
                .map(|scope| scope.as_str())
                .filter(|token| ticked(token))
                .map(str::to_owned)
                .collect(),
            own_scope: text("own_scope", ""),
            state: text("state", &default.state),
            nonce: text("nonce", &default.nonce),
            pkce: find("pkce").is_some(),
            code_verifier: find("code_verifier")
                .filter(|text| CodeVerifier::new(text).is_ok())
                .unwrap_or(&default.code_verifier)
                .to_owned(),
            prompt: text("prompt", ""),
            login_hint: text("login_hint", ""),
        }
    }

    /// The draft the form makes: `openid` first, then the ticked scopes, then
    /// one's own as typed.
    #[must_use]
    pub fn draft(&self) -> Draft {
        let mut words = vec![OPENID];
        words.extend(self.scopes.iter().map(String::as_str));
        let own = self.own_scope.trim();
        if !own.is_empty() {
            words.push(own);
        }
        let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Draft {
            client: self.client.clone(),
            person: filled(&self.person),
            scope: words.join(" "),
            state: filled(&self.state),
            nonce: filled(&self.nonce),
            code_verifier: self
                .pkce
                .then(|| CodeVerifier::new(&self.code_verifier).ok())
                .flatten(),
            prompt: filled(&self.prompt),
            login_hint: filled(&self.login_hint),
        }
    }

    /// Whether one of the [`OFFERED`] scopes is ticked.
    #[must_use]
    pub fn is_ticked(&self, scope: StandardScope) -> bool {
        self.scopes.iter().any(|own| own == scope.as_str())
    }

    /// Ticks or unticks one of the [`OFFERED`] scopes.
    pub fn tick(&mut self, scope: StandardScope, on: bool) {
        self.scopes = OFFERED
            .into_iter()
            .filter(|own| {
                if *own == scope {
                    on
                } else {
                    self.is_ticked(*own)
                }
            })
            .map(|own| own.as_str().to_owned())
            .collect();
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
        assert_eq!(Fields::of(&draft(), "").draft(), draft());
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
            &pairs(&[("client", "c"), ("state", ""), ("person", "")]),
            &draft(),
        );
        assert_eq!((read.state, read.person), (None, None));
    }

    #[test]
    fn a_verifier_that_is_none_is_replaced() {
        let read = draft_from_pairs(
            &pairs(&[("client", "c"), ("pkce", "on"), ("code_verifier", "short")]),
            &draft(),
        );
        assert_eq!(read.code_verifier, draft().code_verifier);
    }
}
