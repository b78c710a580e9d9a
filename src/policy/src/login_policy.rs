//! Login policies: where people live, which response types a client may use,
//! and which claims come without being asked for.

mod draft;

pub use draft::{AllowedResponseTypes, LoginPolicyDraft, PushClaims};

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where people live and how they may sign in.
///
/// Serialised as it is kept; the configuration API shows
/// [`allowed_response_types`](Self::allowed_response_types) and
/// [`push_claims`](Self::push_claims) under addresses of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct LoginPolicy {
    /// A UUID.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// The sign-in page. Kept and shown, not followed: there is one sign-in page.
    #[serde(rename = "loginURL", default, skip_serializing_if = "String::is_empty")]
    pub login_url: String,
    /// Where the people of this policy are kept.
    #[serde(default)]
    pub identity_store_details: IdentityStoreDetails,
    /// Claims that come without being asked for.
    #[serde(default, skip_serializing_if = "CustomClaims::is_empty")]
    pub custom_claims: CustomClaims,
    /// The response types its clients may ask for; `["code"]` by default.
    pub allowed_response_types: Vec<String>,
    /// Whether the claims of granted scopes are put into the ID token.
    // Inferred: the meaning follows from the name (domain notes, section 2.3).
    #[serde(default)]
    pub push_claims: bool,
}

/// The user store. Described, so that documents look as they should; people are
/// always the customer's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct IdentityStoreDetails {
    /// `janrainCapture`.
    #[serde(rename = "type")]
    pub store_type: String,
    /// How it would be reached.
    pub connection_details: ConnectionDetails,
}

/// How the user store would be reached. Its `clientSecret` is taken and not kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ConnectionDetails {
    /// The host.
    pub domain: String,
    /// 26 characters.
    pub application_id: String,
    /// `user` unless said otherwise.
    pub entity_type: String,
    /// 32 characters.
    pub client_id: String,
}

/// Claim names, each with the attribute it is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct CustomClaims {
    /// For the ID token.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub id_token: BTreeMap<String, String>,
    /// For userinfo.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub userinfo: BTreeMap<String, String>,
}

impl CustomClaims {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.id_token.is_empty() && self.userinfo.is_empty()
    }
}

impl LoginPolicy {
    /// The `type` every identity store has.
    pub const STORE_TYPE: &str = "janrainCapture";

    /// A policy that allows `code` and adds no claims.
    #[must_use]
    pub fn new(id: String, title: String) -> Self {
        Self {
            id,
            title,
            login_url: String::new(),
            identity_store_details: IdentityStoreDetails {
                store_type: Self::STORE_TYPE.to_owned(),
                connection_details: ConnectionDetails {
                    entity_type: "user".to_owned(),
                    ..ConnectionDetails::default()
                },
            },
            custom_claims: CustomClaims::default(),
            allowed_response_types: vec!["code".to_owned()],
            push_claims: false,
        }
    }
}
