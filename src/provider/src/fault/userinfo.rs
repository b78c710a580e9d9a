//! Answers of userinfo that are about somebody else.

use super::SOMEBODY_ELSE;
use crate::provider::Provider;
use policy::{fault::FaultName, release::Claims};
use serde_json::json;

/// Makes the claims wrong that a client is told.
pub(crate) async fn spoil_userinfo(
    provider: &Provider,
    customer: &str,
    client: &str,
    claims: &mut Claims,
) {
    let active = provider.active(customer, Some(client)).await;
    if active.take(FaultName::UserInfoWrongSub).await.is_some() {
        claims.insert("sub".to_owned(), json!(SOMEBODY_ELSE));
    }
    if active.take(FaultName::UserInfoMissingSub).await.is_some() {
        claims.shift_remove("sub");
    }
}
