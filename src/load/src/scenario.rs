//! What is measured.

use crate::profile::Algorithm;
use clap::ValueEnum;

/// Something that clients do with a provider again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Scenario {
    /// GET of the discovery document.
    Discovery,
    /// GET of the key set.
    Jwks,
    /// `client_credentials`, answered with an opaque access token.
    Opaque,
    /// The same, answered with a token signed by RS256.
    Rs256,
    /// By ES256.
    Es256,
    /// By Ed25519.
    #[value(name = "eddsa")]
    EdDsa,
    /// From the authorization request over the sign-in page, where a person is
    /// chosen, to userinfo. Each time a new browser.
    Flow,
    /// The same with a password, which is compared with a slow hash.
    FlowPassword,
    /// Exchange of a refresh token for the next one.
    Refresh,
    /// Introspection of one's own opaque access token.
    Introspection,
    /// GET of userinfo.
    #[value(name = "userinfo")]
    UserInfo,
}

impl Scenario {
    pub(crate) const ALL: [Self; 11] = [
        Self::Discovery,
        Self::Jwks,
        Self::Opaque,
        Self::Rs256,
        Self::Es256,
        Self::EdDsa,
        Self::Flow,
        Self::FlowPassword,
        Self::Refresh,
        Self::Introspection,
        Self::UserInfo,
    ];

    /// What it is called in the table.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Discovery => "discovery",
            Self::Jwks => "JWKS",
            Self::Opaque => "client_credentials opaque",
            Self::Rs256 => "client_credentials RS256",
            Self::Es256 => "client_credentials ES256",
            Self::EdDsa => "client_credentials EdDSA",
            Self::Flow => "whole flow",
            Self::FlowPassword => "whole flow, password",
            Self::Refresh => "refresh",
            Self::Introspection => "introspection",
            Self::UserInfo => "userinfo",
        }
    }

    /// What access tokens must be signed with.
    pub(crate) const fn algorithm(self) -> Option<Algorithm> {
        match self {
            Self::Rs256 => Some(Algorithm::RS256),
            Self::Es256 => Some(Algorithm::ES256),
            Self::EdDsa => Some(Algorithm::EdDSA),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scenario_is_run_once() {
        assert_eq!(Scenario::ALL, Scenario::value_variants());
    }
}
