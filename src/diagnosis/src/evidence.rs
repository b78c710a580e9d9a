//! What is known about a run: the evidence everything else is read from.

use oidc::{
    authorization::AuthorizationRequest,
    error::OAuthError,
    exchange::{RecordedExchange, Step},
    pkce::{CodeVerifier, S256},
    scope::Scope,
    time::UnixTime,
    token::TokenResponse,
    verification::Check,
};
use policy::{client::ClientType, profile::Profile, release::Claims, token_policy::TokenPolicy};
use serde::{Deserialize, Serialize};

/// What a person composes before a run. Every text may break any rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The id of the client that asks.
    pub client: String,
    /// The UUID of the person to sign in; `None` asks on the sign-in page.
    pub person: Option<String>,
    /// The `scope` parameter as typed.
    pub scope: String,
    /// `state`.
    pub state: Option<String>,
    /// `nonce`.
    pub nonce: Option<String>,
    /// The PKCE secret; `None` sends no challenge.
    pub code_verifier: Option<CodeVerifier>,
    /// `prompt`.
    pub prompt: Option<String>,
    /// `login_hint`.
    pub login_hint: Option<String>,
    /// `response_type`.
    #[serde(default = "code")]
    pub response_type: Option<String>,
    /// Parameters beyond these, of a specification or of one's own, in order.
    #[serde(default)]
    pub further: Vec<(String, String)>,
}

/// What drafts asked for before there was a choice.
#[expect(
    clippy::unnecessary_wraps,
    reason = "the default of an optional member"
)]
fn code() -> Option<String> {
    Some("code".to_owned())
}

impl Draft {
    /// Whether tokens come back with the code. What comes in the fragment of an
    /// address stays in the browser, so a form is asked for.
    #[must_use]
    pub fn is_hybrid(&self) -> bool {
        let words = self.response_type.as_deref().unwrap_or_default().split(' ');
        words.into_iter().any(|word| word.ends_with("token"))
    }

    /// The request this draft stands for: the one way from a draft to a request.
    /// What is empty is not sent.
    #[must_use]
    pub fn request(&self, redirect_uri: &str) -> AuthorizationRequest {
        let challenge = self.code_verifier.as_ref().map(CodeVerifier::challenge);
        let mut request = AuthorizationRequest {
            client_id: filled(&self.client),
            redirect_uri: filled(redirect_uri),
            response_type: self.response_type.as_deref().and_then(filled),
            response_mode: self.is_hybrid().then(|| "form_post".to_owned()),
            scope: filled(&self.scope),
            state: self.state.as_deref().and_then(filled),
            nonce: self.nonce.as_deref().and_then(filled),
            code_challenge_method: challenge.as_ref().map(|_| S256.to_owned()),
            code_challenge: challenge.map(|challenge| challenge.as_str().to_owned()),
            prompt: self.prompt.as_deref().and_then(filled),
            login_hint: self.login_hint.as_deref().and_then(filled),
            ..AuthorizationRequest::default()
        };
        for (name, value) in &self.further {
            if !name.is_empty() && !value.is_empty() {
                request.add(name, value);
            }
        }
        request
    }
}

fn filled(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// The client of a run, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientView {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Whether it can keep a secret.
    pub client_type: ClientType,
    /// The id of its token policy.
    pub token_policy: String,
}

/// The person of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonView {
    /// The `sub` claim.
    pub uuid: String,
    /// What people call them.
    pub name: String,
    /// The e-mail address.
    pub email: String,
}

/// How the granted scope became known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HowLearnt {
    /// The token response says it.
    TokenResponse,
    /// The token response leaves it out: it equals the request.
    /// [RFC 6749 section 5.1](https://www.rfc-editor.org/rfc/rfc6749#section-5.1)
    NotSaid,
    /// No token was issued.
    NothingIssued,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// Every step was taken.
    Completed,
    /// The provider answered at the redirect URI with an error.
    Refused(OAuthError),
    /// A step after the callback failed.
    Failed {
        /// The step.
        step: Step,
        /// What happened.
        message: String,
        /// The error answer, if there was one.
        error: Option<OAuthError>,
        /// What to do about it.
        advice: String,
    },
}

/// The token policy was changed before the run, over the configuration API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyChange {
    /// The policy as it was read.
    pub before: TokenPolicy,
    /// The policy as it was written.
    pub after: TokenPolicy,
    /// The scopes that were added.
    pub added: Scope,
    /// The requests it took.
    pub exchanges: Vec<RecordedExchange>,
}

/// A run: one login from the request to the claims.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Its id.
    pub id: String,
    /// When the browser was sent off.
    pub started_at: UnixTime,
    /// When it is forgotten.
    pub expires_at: UnixTime,
    /// The provider that was asked.
    pub issuer: String,
    /// What the person composed.
    pub draft: Draft,
    /// What was sent.
    pub request: AuthorizationRequest,
    /// The address the browser was sent to, byte for byte.
    pub authorization_url: String,
    /// Who asked.
    pub client: ClientView,
    /// Who really signed in.
    pub signed_in: Option<PersonView>,
    /// The attributes of the person who signed in.
    pub profile: Option<Profile>,
    /// The token policy as it stood when the tokens were issued.
    pub policy: TokenPolicy,
    /// What went over the wire, in order.
    pub exchanges: Vec<RecordedExchange>,
    /// The checks of the ID token.
    pub checks: Vec<Check>,
    /// The answer of the token endpoint.
    pub token: Option<TokenResponse>,
    /// How [`Run::granted`] became known.
    pub learnt: HowLearnt,
    /// The scope the token carries; `None` when none was issued.
    pub granted: Option<Scope>,
    /// The claims of the ID token.
    pub id_token: Option<Claims>,
    /// The answer of userinfo.
    pub userinfo: Option<Claims>,
    /// How it ended.
    pub outcome: Outcome,
    /// The change of the token policy that came before.
    pub change: Option<PolicyChange>,
    /// The id of the run this one repeats.
    pub previous: Option<String>,
    /// How long our own work took, in microseconds.
    pub server_micros: u64,
}

#[cfg(test)]
mod tests {
    use super::{Draft, Run};
    use crate::fixture::{any_run, draft};
    use oidc::pkce::CodeVerifier;
    use proptest::prelude::*;

    #[test]
    fn a_draft_sends_what_is_filled_in_and_nothing_else() {
        let bare = Draft {
            state: Some(String::new()),
            prompt: Some(String::new()),
            ..draft("openid")
        };
        assert_eq!(
            bare.request("https://a.test/cb").url("/authorize"),
            "/authorize?client_id=c-1&redirect_uri=https%3A%2F%2Fa.test%2Fcb&response_type=code&scope=openid"
        );
        let full = Draft {
            state: Some("s".to_owned()),
            nonce: Some("n".to_owned()),
            code_verifier: CodeVerifier::new(&"v".repeat(43)).ok(),
            prompt: Some("login".to_owned()),
            login_hint: Some("a@b".to_owned()),
            ..draft("openid email")
        };
        let names: Vec<String> = full
            .request("/cb")
            .parameters()
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        assert_eq!(
            names,
            [
                "client_id",
                "redirect_uri",
                "response_type",
                "scope",
                "state",
                "nonce",
                "code_challenge",
                "code_challenge_method",
                "prompt",
                "login_hint"
            ]
        );
    }

    #[test]
    fn tokens_that_come_with_the_code_are_asked_for_as_a_form() {
        for (response_type, mode) in [
            ("code", None),
            ("code token", Some("form_post")),
            ("code id_token", Some("form_post")),
        ] {
            let hybrid = Draft {
                response_type: Some(response_type.to_owned()),
                ..draft("openid")
            };
            let request = hybrid.request("/cb");
            assert_eq!(request.response_mode.as_deref(), mode, "{response_type}");
        }
    }

    #[test]
    fn what_was_kept_before_there_was_a_choice_asks_for_a_code() {
        let mut kept = serde_json::to_value(draft("openid")).unwrap();
        for name in ["response_type", "further"] {
            kept.as_object_mut().unwrap().remove(name);
        }
        assert_eq!(
            serde_json::from_value::<Draft>(kept).unwrap(),
            draft("openid")
        );
    }

    proptest! {
        #[test]
        fn a_run_survives_being_stored(run in any_run()) {
            let text = serde_json::to_string(&run).unwrap();
            prop_assert_eq!(serde_json::from_str::<Run>(&text).unwrap(), run);
        }
    }
}
