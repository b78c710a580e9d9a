//! Decides what a token may carry and which claims are released.
//!
//! Invariant: no I/O, no clock, no randomness; and the only place that decides
//! this. The provider issues, the browser predicts and the explanation explains
//! by calling the same functions.
//!
//! Start at [`predict`], which is [`grant`] followed by [`release`].
//!
//! ```
//! use oidc::scope::Scope;
//! use policy::{grant::DropReason, release::Facts, token_policy::TokenPolicyDraft};
//!
//! let body = serde_json::json!({ "title": "Storefront", "allowedScopes": ["openid"] });
//! let policy = TokenPolicyDraft::from_json(body.as_object().unwrap())?.with_id("1".to_owned());
//! let requested = Scope::parse("openid address").scope;
//!
//! let prediction = policy::predict(&requested, None, &policy, &Facts::default());
//! assert_eq!(prediction.granted.scope.to_string(), "openid");
//! assert_eq!(prediction.granted.dropped[0].reason, DropReason::NotInAllowedScopes);
//! # Ok::<(), policy::token_policy::PropertyError>(())
//! ```

pub mod admin_scope;
pub mod body;
pub mod client;
pub mod client_metadata;
pub mod fault;
pub mod feeds;
pub mod grant;
pub mod limits;
pub mod login_policy;
pub mod profile;
pub mod release;
#[cfg(feature = "schema")]
mod schema;
pub mod token_policy;

use oidc::{claims_request::ClaimsRequest, scope::Scope};
use release::Facts;
use serde::{Deserialize, Serialize};
use token_policy::TokenPolicy;

/// What a login will be granted, and what will then be told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prediction {
    /// What the token will carry, and what is dropped on the way.
    pub granted: grant::Granted,
    /// The userinfo answer; `None` when the token may not read it.
    pub userinfo: Option<release::Claims>,
    /// The claims about the person in the ID token of a code.
    pub id_token: release::Claims,
}

/// Predicts a login with a code, with the functions the provider issues with.
/// `claims` is the request's parameter of that name.
#[must_use]
pub fn predict(
    requested: &Scope,
    claims: Option<&ClaimsRequest>,
    policy: &TokenPolicy,
    facts: &Facts,
) -> Prediction {
    let granted = grant::grant_login(requested, policy);
    let userinfo = facts.userinfo(&granted.scope, claims).ok();
    let id_token = facts.id_token(&granted.scope, claims, false);
    Prediction {
        granted,
        userinfo,
        id_token,
    }
}

#[cfg(test)]
mod tests {
    use super::{
        grant::grant_login,
        predict,
        profile::Profile,
        release::{Facts, userinfo},
    };
    use crate::token_policy::TokenPolicyDraft;
    use oidc::scope::Scope;
    use proptest::prelude::*;
    use serde_json::json;

    fn some_scope() -> impl Strategy<Value = Scope> {
        let word = prop_oneof![
            4 => prop::sample::select(vec!["openid", "profile", "email", "address", "phone"])
                .prop_map(str::to_owned),
            1 => "[a-zA-Z*:/.]{1,8}",
        ];
        prop::collection::vec(word, 0..8).prop_map(|words| Scope::parse(&words.join(" ")).scope)
    }

    fn some_profile() -> impl Strategy<Value = Profile> {
        let text = || prop_oneof![Just(String::new()), "[a-z]{1,6}"];
        (text(), text(), text(), text(), text(), any::<Option<i64>>()).prop_map(
            |(given_name, birthday, email, mobile_number, city, email_verified)| {
                let mut profile = Profile {
                    uuid: "u-1".to_owned(),
                    given_name,
                    birthday,
                    email,
                    email_verified,
                    mobile_number,
                    ..Profile::default()
                };
                profile.primary_address.city = city;
                profile
            },
        )
    }

    proptest! {
        #[test]
        fn predicting_is_granting_and_then_releasing(
            requested in some_scope(), allowed in some_scope(), profile in some_profile()
        ) {
            let body = json!({ "title": "t", "allowedScopes": allowed });
            let policy = TokenPolicyDraft::from_json(body.as_object().unwrap())
                .unwrap()
                .with_id("i".to_owned());
            let prediction = predict(&requested, None, &policy, &Facts::of(&profile, None));
            let granted = grant_login(&requested, &policy);
            prop_assert_eq!(&prediction.granted, &granted);
            prop_assert_eq!(prediction.userinfo, userinfo(&granted.scope, &profile).ok());
            // Nothing is lost and nothing is made up.
            for token in &requested {
                let dropped = granted.dropped.iter().any(|dropped| dropped.token == *token);
                prop_assert!(granted.scope.contains(token.as_str()) != dropped);
                prop_assert!(dropped || allowed.contains(token.as_str()));
            }
            prop_assert_eq!(granted.scope.len() + granted.dropped.len(), requested.len());
        }
    }
}
