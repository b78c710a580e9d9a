//! The keys of one customer at one moment.

use super::{
    Flaw, SigningError,
    key::{PrivateKey, PublicKey},
    token,
};
use axum::body::Bytes;
use oidc::signing_algorithm::SigningAlgorithm;
use serde::Serialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// One key of each algorithm that signs, and the retired ones that are still
/// published.
pub(super) struct KeySet {
    signing: Vec<Arc<PrivateKey>>,
    retired: Vec<Arc<PublicKey>>,
    jwks: Bytes,
}

impl KeySet {
    /// The order in the JWKS is: what signs as [`SigningAlgorithm::ALL`] lists
    /// it, then `retired` as it comes.
    pub(super) fn new(mut signing: Vec<Arc<PrivateKey>>, retired: Vec<Arc<PublicKey>>) -> Self {
        signing.sort_by_key(|key| key.public().algorithm() as u8);
        let published: Vec<&Value> = signing
            .iter()
            .map(|key| key.public())
            .chain(&retired)
            .map(|key| key.jwk())
            .collect();
        let jwks = json!({ "keys": published }).to_string().into();
        Self {
            signing,
            retired,
            jwks,
        }
    }

    /// The document.
    /// [RFC 7517 section 5](https://www.rfc-editor.org/rfc/rfc7517#section-5)
    pub(super) fn jwks(&self) -> Bytes {
        self.jwks.clone()
    }

    /// The public halves of what signs.
    pub(super) fn signing(&self) -> impl Iterator<Item = &Arc<PublicKey>> {
        self.signing.iter().map(|key| key.public())
    }

    /// The published key of this name.
    pub(super) fn named(&self, kid: &str) -> Option<&Arc<PublicKey>> {
        let mut published = self.signing().chain(&self.retired);
        published.find(|key| key.kid() == kid)
    }

    /// The private half of the key of this name, if it signs.
    pub(super) fn private(&self, kid: &str) -> Option<&Arc<PrivateKey>> {
        self.signing.iter().find(|key| key.public().kid() == kid)
    }

    /// The document of somebody who has not seen the last rotation.
    pub(super) fn retired_jwks(&self) -> Bytes {
        let retired: Vec<&Value> = self.retired.iter().map(|key| key.jwk()).collect();
        json!({ "keys": retired }).to_string().into()
    }

    /// A signed token in compact form.
    pub(super) fn sign(
        &self,
        algorithm: SigningAlgorithm,
        typ: &str,
        claims: &impl Serialize,
        flaw: Option<&Flaw>,
    ) -> Result<String, SigningError> {
        let key = self
            .signing
            .iter()
            .find(|key| key.public().algorithm() == algorithm)
            .ok_or(SigningError::Missing(algorithm))?;
        token::signed(key, typ, claims, flaw)
    }
}
