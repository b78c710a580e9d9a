//! `/{customerId}/config/reset`. Beyond Akamai.

use super::{answer::Done, call::Call, error::ConfigError, operation::Operation};
use http::{Method, StatusCode};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::new(
            Method::POST,
            "config/reset",
            (
                "resetCustomer",
                "Takes the customer back to what it began with",
            ),
            reset,
        )
        .remark("Beyond Akamai. Policies, clients with their secrets, and people with their passwords are as they were when the customer was made or loaded. Everything else goes: sessions, tokens (also the one this call is made with), rotated keys, runs of the playground.")
        .refuses(
            StatusCode::CONFLICT,
            "The customer was made by a version that did not keep what it began with.",
        ),
    ]
}

async fn reset(call: Call) -> Result<Done, ConfigError> {
    if !call.provider.reset(&call.customer).await? {
        return Err(ConfigError::NoBeginning);
    }
    tracing::info!(customer = call.customer, "reset the customer");
    Ok(Done)
}
