//! The checks of an ID token, each with its result.

use serde::{Deserialize, Serialize};

/// One check and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// What was checked.
    pub name: CheckName,
    /// Whether it holds.
    pub passed: bool,
    /// What was compared with what, for a person to read.
    pub detail: String,
}

/// What is checked before an ID token is believed.
/// [Core section 3.1.3.7](https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation)
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CheckName {
    /// The signature fits a key of the provider.
    Signature,
    /// `iss` is the issuer that was asked.
    Issuer,
    /// `aud` names this client.
    Audience,
    /// `exp` lies ahead.
    Expiry,
    /// `iat` does not lie ahead.
    IssuedAt,
    /// `nonce` is the one that was sent.
    Nonce,
    /// `at_hash` fits the access token.
    /// [Core section 3.1.3.8](https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowTokenValidation)
    AccessTokenHash,
    /// `c_hash` fits the code.
    /// [Core section 3.3.2.10](https://openid.net/specs/openid-connect-core-1_0.html#HybridTokenValidation)
    CodeHash,
    /// `sub` is the same in the ID token and at userinfo.
    /// [Core section 5.3.2](https://openid.net/specs/openid-connect-core-1_0.html#UserInfoResponse)
    Subject,
}

impl CheckName {
    /// Every check, in the order they are shown.
    pub const ALL: [Self; 9] = [
        Self::Signature,
        Self::Issuer,
        Self::Audience,
        Self::Expiry,
        Self::IssuedAt,
        Self::Nonce,
        Self::AccessTokenHash,
        Self::CodeHash,
        Self::Subject,
    ];

    /// What the check is called on the page.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Signature => "Signature",
            Self::Issuer => "Issuer (iss)",
            Self::Audience => "Audience (aud)",
            Self::Expiry => "Expiry (exp)",
            Self::IssuedAt => "Issued at (iat)",
            Self::Nonce => "Nonce",
            Self::AccessTokenHash => "Access token hash (at_hash)",
            Self::CodeHash => "Code hash (c_hash)",
            Self::Subject => "Subject (sub)",
        }
    }
}
