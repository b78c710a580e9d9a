//! `/{customerId}/config/clients/{id}/secret`

use super::{
    answer::{Made, Shown},
    call::Call,
    error::ConfigError,
    operation::Operation,
};
use crate::random;
use http::{Method, StatusCode};
use policy::client::{Client, ClientType};
use schemars::JsonSchema;
use serde::Serialize;

const PATH: &str = "config/clients/{id}/secret";

pub(super) fn operations() -> Vec<Operation> {
    const NONE: &str = "It is a public client, which has no secret.";
    vec![
        Operation::new(
            Method::GET,
            PATH,
            ("getClientSecret", "Shows a client's secret"),
            show,
        )
        .remark("The only place that does.")
        .refuses(StatusCode::CONFLICT, NONE),
        Operation::new(
            Method::POST,
            PATH,
            ("resetClientSecret", "Gives a client another secret"),
            reset,
        )
        .remark("The former one is good for nothing from then on. Tokens that were issued stay.")
        .refuses(StatusCode::CONFLICT, NONE),
    ]
}

/// The secret of a client.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ClientSecret")]
pub(crate) struct Secret {
    secret: String,
}

// Inferred: what is said of a client that cannot have one.
const PUBLIC: ConfigError = ConfigError::Conflict("a public client has no secret");

async fn show(call: Call) -> Result<Shown<Secret>, ConfigError> {
    let client = call.store().client(&call.customer, &call.id).await?;
    let client = client.ok_or(ConfigError::NotFound)?;
    let secret = client.secret.ok_or(PUBLIC)?;
    Ok(Shown(Secret { secret }))
}

async fn reset(call: Call) -> Result<Made<Secret>, ConfigError> {
    let secret = random::client_secret();
    let changed = call
        .store()
        .change_client(&call.customer, &call.id, |client| {
            if client.client_type == ClientType::Public {
                return Err(PUBLIC);
            }
            Ok(Client {
                secret: Some(secret.clone()),
                ..client
            })
        });
    let client = changed.await?;
    tracing::info!(
        customer = call.customer,
        client = client.id,
        "reset a client's secret"
    );
    Ok(Made {
        at: format!("/{}/config/clients/{}/secret", call.customer, client.id),
        body: Secret { secret },
    })
}
