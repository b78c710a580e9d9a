//! A server that was found and may be measured.

use crate::{
    discovery::{self, Metadata},
    failure::Failure,
    http_client::{Address, Connection},
    jwt::Verifier,
    profile::{Algorithm, Machine, Profile},
    scenario::Scenario,
};
use http::HeaderMap;
use jsonwebtoken::jwk::JwkSet;
use std::sync::Arc;

/// A server and what it said of itself. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Target(Arc<Inner>);

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) profile: Profile,
    pub(crate) metadata: Metadata,
    pub(crate) discovery: Address,
    pub(crate) jwks: Address,
    pub(crate) authorize: String,
    pub(crate) token: Address,
    pub(crate) userinfo: Option<Address>,
    pub(crate) introspection: Option<Address>,
    keys: JwkSet,
}

impl std::ops::Deref for Target {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Target {
    /// Asks the server for its documents.
    pub(crate) async fn find(profile: Profile) -> Result<Self, Failure> {
        let discovery = discovery::address(&profile.issuer)?;
        let mut connection = Connection::new(&discovery.authority);
        let metadata = discovery::fetch(&mut connection, &profile.issuer).await?;
        let jwks = Address::parse(&metadata.jwks_uri)?;
        let keys = discovery::key_set(&connection.get(&jwks, &HeaderMap::new()).await?)?;
        let parse = |url: &Option<String>| url.as_deref().map(Address::parse).transpose();
        Ok(Self(Arc::new(Inner {
            discovery,
            jwks,
            authorize: metadata.authorization_endpoint.clone(),
            token: Address::parse(&metadata.token_endpoint)?,
            userinfo: parse(&metadata.userinfo_endpoint)?,
            introspection: parse(&metadata.introspection_endpoint)?,
            profile,
            metadata,
            keys,
        })))
    }

    /// A connection to it.
    pub(crate) fn connection(&self) -> Connection {
        Connection::new(&self.discovery.authority)
    }

    /// Checks its tokens.
    pub(crate) fn verifier(&self) -> Verifier {
        Verifier::new(self.keys.clone(), &self.metadata.issuer)
    }

    /// Whether it can do what the scenario does.
    pub(crate) fn offers(&self, scenario: Scenario) -> bool {
        let login = self.profile.login.as_ref();
        let chosen = login.is_some_and(|login| login.chosen.is_some());
        match scenario {
            Scenario::Discovery | Scenario::Jwks => true,
            Scenario::Opaque => self.profile.machine.is_some(),
            Scenario::Rs256 => self.signs(Algorithm::RS256),
            Scenario::Es256 => self.signs(Algorithm::ES256),
            Scenario::EdDsa => self.signs(Algorithm::EdDSA),
            Scenario::Flow | Scenario::UserInfo => chosen && self.userinfo.is_some(),
            Scenario::FlowPassword => {
                login.is_some_and(|login| login.password.is_some()) && self.userinfo.is_some()
            }
            Scenario::Refresh => chosen && self.metadata.refreshes(),
            Scenario::Introspection => {
                self.profile.machine.is_some() && self.introspection.is_some()
            }
        }
    }

    /// The client of the profile that the scenario acts as, where that is one
    /// with a secret.
    pub(crate) fn machine(&self, scenario: Scenario) -> Option<&Machine> {
        match scenario {
            Scenario::Opaque | Scenario::Introspection => self.profile.machine.as_ref(),
            _ => self.profile.signed.get(&scenario.algorithm()?),
        }
    }

    fn signs(&self, algorithm: Algorithm) -> bool {
        self.profile.signed.contains_key(&algorithm)
    }
}
