//! `/{customerId}/config/keys/rotate`. Beyond Akamai.

use super::{answer::Made, call::Call, error::ConfigError, operation::Operation};
use http::{Method, StatusCode};
use schemars::JsonSchema;
use serde::Serialize;

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::new(
            Method::POST,
            "config/keys/rotate",
            ("rotateKeys", "Gives the customer new signing keys"),
            rotate,
        )
        .remark("Beyond Akamai. The former keys stay published until the last token they signed has expired.")
        .refuses(
            StatusCode::TOO_MANY_REQUESTS,
            "As many former keys as may be are still published.",
        ),
    ]
}

/// The keys that sign from now on.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RotatedKeys")]
pub(crate) struct Rotated {
    /// Their names in the JWKS, one of each algorithm.
    kids: Vec<String>,
}

async fn rotate(call: Call) -> Result<Made<Rotated>, ConfigError> {
    let kids = call.provider.keys().rotate(&call.customer).await?;
    Ok(Made {
        at: format!("/{}/login/jwk", call.customer),
        body: Rotated { kids },
    })
}
