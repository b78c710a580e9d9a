//! Sign-outs that come back to another application's request.

use super::SOMEBODY_ELSE;
use crate::provider::Provider;
use policy::fault::FaultName;

/// The `state` that a browser is sent back with after signing out.
pub(crate) async fn logout_state(
    provider: &Provider,
    customer: &str,
    client: Option<&str>,
    state: Option<&str>,
) -> Option<String> {
    let active = provider.active(customer, client).await;
    if state.is_some() && active.take(FaultName::LogoutMissingState).await.is_some() {
        None
    } else if active.take(FaultName::LogoutWrongState).await.is_some() {
        Some(SOMEBODY_ELSE.to_owned())
    } else {
        state.map(str::to_owned)
    }
}
