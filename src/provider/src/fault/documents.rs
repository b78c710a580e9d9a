//! Public documents that are wrong. Nobody says who they are who reads them, so
//! that they are wrong for all.

use super::OTHER_ISSUER;
use crate::provider::{Provider, ProviderError};
use axum::body::Bytes;
use oidc::metadata::ProviderMetadata;
use policy::fault::FaultName;

/// Makes the discovery document wrong.
pub(crate) async fn spoil_metadata(
    provider: &Provider,
    customer: &str,
    metadata: &mut ProviderMetadata,
) {
    let active = provider.active(customer, None).await;
    if active.take(FaultName::DiscoveryWrongIssuer).await.is_some() {
        OTHER_ISSUER.clone_into(&mut metadata.issuer);
    }
    if active.take(FaultName::DiscoveryJwksMoved).await.is_some() {
        // Nothing is there.
        metadata.jwks_uri.push_str("-moved");
    }
}

/// The key set, or what is to be shown in its place.
pub(crate) async fn spoil_jwks(
    provider: &Provider,
    customer: &str,
    jwks: Bytes,
) -> Result<Bytes, ProviderError> {
    let active = provider.active(customer, None).await;
    if active.take(FaultName::JwksEmpty).await.is_some() {
        Ok(Bytes::from_static(br#"{"keys":[]}"#))
    } else if active.take(FaultName::JwksStale).await.is_some() {
        provider.keys().retired_jwks(customer).await
    } else {
        Ok(jwks)
    }
}
