//! `/{customerId}/config/clients/{id}/secret`

use super::{
    answer::{Made, Shown},
    call::Call,
    error::ConfigError,
    operation::Operation,
};
use crate::random;
use http::Method;
use policy::client::{Client, ClientType};
use schemars::JsonSchema;
use serde::Serialize;

const PATH: &str = "config/clients/{id}/secret";

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::new(
            Method::GET,
            PATH,
            ("getClientSecret", "Shows a client's secret"),
            show,
        )
        .remark("The only place that does. A public client has none."),
        Operation::new(
            Method::POST,
            PATH,
            ("resetClientSecret", "Gives a client another secret"),
            reset,
        )
        .remark("The former one is good for nothing from then on. Tokens that were issued stay."),
    ]
}

/// The secret of a client.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ClientSecret")]
pub(crate) struct Secret {
    secret: String,
}

async fn show(call: Call) -> Result<Shown<Secret>, ConfigError> {
    let client = call.store().client(&call.customer, &call.id).await?;
    let secret = client.and_then(|client| client.secret);
    let secret = secret.ok_or(ConfigError::NotFound)?;
    Ok(Shown(Secret { secret }))
}

async fn reset(call: Call) -> Result<Made<Secret>, ConfigError> {
    let secret = random::client_secret();
    let changed = call
        .store()
        .change_client(&call.customer, &call.id, |client| {
            if client.client_type == ClientType::Public {
                return Err(ConfigError::NotFound);
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
