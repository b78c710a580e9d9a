//! Faults: what the provider can do wrong on request, so that others see whether
//! their programs notice.
//!
//! An extension: Identity Cloud has nothing like it.

mod catalogue;
mod draft;

pub use catalogue::{Area, FaultName};
pub use draft::FaultDraft;

use serde::{Deserialize, Serialize};

/// A fault that is switched on.
///
/// Serialised as the configuration API writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Fault {
    /// A UUID.
    pub id: String,
    /// What goes wrong.
    pub name: FaultName,
    /// The client that suffers from it; all of the customer's when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// Where it happens, for those of [`Area::Transport`]; everywhere when left
    /// out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub endpoints: Vec<Endpoint>,
    /// How much of it; what it counts, the catalogue says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<i64>,
    /// How often it happens; for good when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
}

impl Fault {
    /// Whether a client may suffer from it. Where it is not known which client
    /// it is (`None`), only from those that all suffer from.
    #[must_use]
    pub fn concerns(&self, client: Option<&str>) -> bool {
        self.client.is_none() || self.client.as_deref() == client
    }

    /// Whether it happens at this endpoint.
    #[must_use]
    pub fn covers(&self, endpoint: Endpoint) -> bool {
        self.endpoints.is_empty() || self.endpoints.contains(&endpoint)
    }

    /// How much of it, said or not; 0 where there is nothing to count.
    #[must_use]
    pub fn amount(&self) -> i64 {
        let usual = self.name.amount().map(|amount| amount.usual);
        self.value.or(usual).unwrap_or_default()
    }
}

/// What a fault's `value` counts, and within which bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Amount {
    /// What it counts, in the plural.
    pub unit: &'static str,
    /// The smallest that is taken.
    #[serde(rename = "minimum")]
    pub least: i64,
    /// The largest that is taken.
    #[serde(rename = "maximum")]
    pub most: i64,
    /// What is taken when it is left out.
    #[serde(rename = "default")]
    pub usual: i64,
}

/// An endpoint that a fault may be restricted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Endpoint {
    /// The discovery document.
    Discovery,
    /// The key set.
    Jwk,
    /// The authorization endpoint.
    Authorize,
    /// The token endpoint.
    Token,
    /// The userinfo endpoint.
    UserInfo,
    /// The introspection endpoint.
    Introspect,
    /// The revocation endpoint.
    Revoke,
    /// Where clients register themselves.
    Register,
    /// The end session endpoint.
    #[serde(rename = "end_session")]
    EndSession,
}

impl Endpoint {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Discovery,
        Self::Jwk,
        Self::Authorize,
        Self::Token,
        Self::UserInfo,
        Self::Introspect,
        Self::Revoke,
        Self::Register,
        Self::EndSession,
    ];

    /// The word that stands for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Discovery => "discovery",
            Self::Jwk => "jwk",
            Self::Authorize => "authorize",
            Self::Token => "token",
            Self::UserInfo => "userinfo",
            Self::Introspect => "introspect",
            Self::Revoke => "revoke",
            Self::Register => "register",
            Self::EndSession => "end_session",
        }
    }

    /// The endpoint this word stands for.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|endpoint| endpoint.as_str() == text)
    }

    /// Whether a client can be told from a request to it. The documents are read
    /// by whoever likes, and who registers is no client yet.
    #[must_use]
    pub const fn knows_clients(self) -> bool {
        !matches!(self, Self::Discovery | Self::Jwk | Self::Register)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn fault(client: Option<&str>) -> Fault {
        Fault {
            id: "1".to_owned(),
            name: FaultName::Slow,
            client: client.map(str::to_owned),
            endpoints: Vec::new(),
            value: None,
            times: None,
        }
    }

    #[test]
    fn a_fault_of_one_client_concerns_nobody_else() {
        for (of, who, concerned) in [
            (None, None, true),
            (None, Some("a"), true),
            (Some("a"), Some("a"), true),
            (Some("a"), Some("b"), false),
            (Some("a"), None, false),
        ] {
            assert_eq!(fault(of).concerns(who), concerned, "{of:?} {who:?}");
        }
    }

    #[test]
    fn without_endpoints_a_fault_is_everywhere() {
        let everywhere = fault(None);
        let somewhere = Fault {
            endpoints: vec![Endpoint::Jwk],
            ..fault(None)
        };
        for endpoint in Endpoint::ALL {
            assert!(everywhere.covers(endpoint));
            assert_eq!(somewhere.covers(endpoint), endpoint == Endpoint::Jwk);
            assert_eq!(Endpoint::parse(endpoint.as_str()), Some(endpoint));
            assert_eq!(json!(endpoint), endpoint.as_str());
        }
    }

    #[test]
    fn what_is_not_said_is_as_the_catalogue_says() {
        assert_eq!(fault(None).amount(), 3000);
        let said = Fault {
            value: Some(5),
            ..fault(None)
        };
        assert_eq!(said.amount(), 5);
        let uncountable = Fault {
            name: FaultName::BadSignature,
            ..fault(None)
        };
        assert_eq!(uncountable.amount(), 0);
    }
}
