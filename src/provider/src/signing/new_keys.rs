//! Making keys where that holds up nobody.

use super::{SigningError, key::PrivateKey};
use crate::provider::ProviderError;
use oidc::{signing_algorithm::SigningAlgorithm, time::UnixTime};
use std::sync::Arc;
use store::SigningKey;

/// Makes a private key of an algorithm and returns its PKCS#8 form.
pub(crate) type MakeKey = dyn Fn(SigningAlgorithm) -> Result<Vec<u8>, SigningError> + Send + Sync;

/// A new key of each of these algorithms.
pub(super) async fn new_keys(
    make: Arc<MakeKey>,
    algorithms: Vec<SigningAlgorithm>,
    now: UnixTime,
) -> Result<Vec<SigningKey>, ProviderError> {
    let work = move || {
        let each = algorithms.into_iter();
        each.map(|algorithm| new_key(&*make, algorithm, now))
            .collect::<Result<Vec<_>, _>>()
    };
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(|_| SigningError::Generate)??)
}

fn new_key(
    make: &MakeKey,
    algorithm: SigningAlgorithm,
    now: UnixTime,
) -> Result<SigningKey, SigningError> {
    let pkcs8 = make(algorithm)?;
    let parsed = PrivateKey::from_pkcs8(algorithm, &pkcs8)?;
    Ok(SigningKey {
        kid: parsed.public().kid().to_owned(),
        algorithm,
        pkcs8,
        created_at: now,
        published_until: None,
    })
}
