//! From the rows of a customer to its keys.

use super::{
    SigningError,
    key::{PrivateKey, PublicKey},
    keys::{READ_AGAIN, STAYS_PUBLISHED},
    set::KeySet,
};
use crate::remembered::Reading;
use oidc::time::UnixTime;
use std::sync::Arc;
use store::SigningKey;

/// What follows from a customer's own keys, the newest first, when it is `now`.
/// It holds until it is time to look again, or a key is no longer published.
/// What is in `last` is parsed already.
pub(super) fn reading(
    own: &[SigningKey],
    deployment: &Arc<KeySet>,
    last: Option<&KeySet>,
    now: UnixTime,
) -> Result<Reading<KeySet>, SigningError> {
    let value = if own.is_empty() {
        Arc::clone(deployment)
    } else {
        let mut retired = retired(own, last, now)?;
        if deployment_until(own).is_some_and(|end| now < end) {
            retired.extend(deployment.signing().cloned());
        }
        Arc::new(KeySet::new(signing(own, last)?, retired))
    };
    let ends = own.iter().filter_map(|key| key.published_until);
    let until = ends
        .chain(deployment_until(own))
        .filter(|end| now < *end)
        .fold(now.plus(READ_AGAIN), UnixTime::min);
    Ok(Reading {
        value,
        at: now,
        until,
    })
}

fn signing(
    own: &[SigningKey],
    last: Option<&KeySet>,
) -> Result<Vec<Arc<PrivateKey>>, SigningError> {
    own.iter()
        .filter(|key| key.published_until.is_none())
        .map(|key| match last.and_then(|last| last.private(&key.kid)) {
            Some(known) => Ok(Arc::clone(known)),
            None => parsed(key),
        })
        .collect()
}

fn retired(
    own: &[SigningKey],
    last: Option<&KeySet>,
    now: UnixTime,
) -> Result<Vec<Arc<PublicKey>>, SigningError> {
    own.iter()
        .filter(|key| key.published_until.is_some_and(|end| now < end))
        .map(|key| match last.and_then(|last| last.named(&key.kid)) {
            Some(known) => Ok(Arc::clone(known)),
            None => parsed(key).map(|key| Arc::clone(key.public())),
        })
        .collect()
}

/// Until when the deployment's keys are published for a customer that has these
/// of its own: the first rotation retired them. Once that one's keys are swept
/// away, the oldest that are left are old enough to tell the same.
fn deployment_until(own: &[SigningKey]) -> Option<UnixTime> {
    let first = own.iter().map(|key| key.created_at).min()?;
    Some(first.plus(STAYS_PUBLISHED))
}

pub(super) fn parsed(key: &SigningKey) -> Result<Arc<PrivateKey>, SigningError> {
    PrivateKey::from_pkcs8(key.algorithm, &key.pkcs8).map(Arc::new)
}
