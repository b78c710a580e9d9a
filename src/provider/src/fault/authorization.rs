//! Authorization responses that a client must not take.

use super::{OTHER_ISSUER, SOMEBODY_ELSE};
use crate::provider::Provider;
use policy::fault::FaultName;

/// Whether nobody gets through to this client.
pub(crate) async fn refuses_everybody(provider: &Provider, customer: &str, client: &str) -> bool {
    let active = provider.active(customer, Some(client)).await;
    active.take(FaultName::AuthorizationRefused).await.is_some()
}

/// Makes the parameters of a response wrong, of an error as well.
pub(crate) async fn spoil_response(
    provider: &Provider,
    customer: &str,
    client: &str,
    parameters: &mut Vec<(&'static str, String)>,
) {
    let active = provider.active(customer, Some(client)).await;
    for (name, parameter, value) in [
        (
            FaultName::AuthorizationWrongState,
            "state",
            Some(SOMEBODY_ELSE),
        ),
        (FaultName::AuthorizationMissingState, "state", None),
        (FaultName::AuthorizationWrongIss, "iss", Some(OTHER_ISSUER)),
        (FaultName::AuthorizationMissingIss, "iss", None),
    ] {
        let there = parameters.iter().position(|(own, _)| *own == parameter);
        // What is not there cannot be taken away.
        if (there.is_none() && value.is_none()) || active.take(name).await.is_none() {
            continue;
        }
        match (there, value) {
            (Some(index), Some(value)) => value.clone_into(&mut parameters[index].1),
            (None, Some(value)) => parameters.push((parameter, value.to_owned())),
            (Some(index), None) => drop(parameters.remove(index)),
            (None, None) => {}
        }
    }
}
