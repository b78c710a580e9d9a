//! `/{customerId}/config/clients`

use super::{
    answer::{Done, Link, Linked, List, Listed, Made, Shown, Versioned},
    call::{Call, Document},
    error::ConfigError,
    operation::Operation,
};
use crate::{provider::Provider, random, seed, uuid};
use http::{Method, StatusCode};
use policy::client::{Client, ClientDraft, ClientKind, ClientType};
use schemars::JsonSchema;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

const LIST: &str = "config/clients";
const ITEM: &str = "config/clients/{id}";

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::new(
            Method::GET,
            LIST,
            ("listClients", "Lists the clients"),
            list,
        ),
        Operation::new(
            Method::POST,
            LIST,
            ("createClient", "Creates a client"),
            create,
        )
        .makes("$response.body#/id")
        .remark("A confidential client without `loginPolicy` is a configuration client. A confidential client gets a secret, which is shown under `secret` only.")
        .refuses(
            StatusCode::CONFLICT,
            "Another client has this name, or there are as many as there may be.",
        ),
        Operation::new(Method::GET, ITEM, ("getClient", "Shows a client"), show),
        Operation::new(
            Method::PUT,
            ITEM,
            ("replaceClient", "Replaces a client"),
            replace,
        )
        .conditional()
        .remark("All of it but the secret: left-out redirect URIs are none afterwards. `type` cannot change, and a login policy can be exchanged but not taken away.")
        .refuses(StatusCode::CONFLICT, "Another client has this name."),
        Operation::new(
            Method::DELETE,
            ITEM,
            ("deleteClient", "Deletes a client, with its tokens"),
            delete,
        )
        .conditional(),
    ]
}

/// The links of a client.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ClientLinks")]
pub(crate) struct Links {
    /// The client itself.
    #[serde(rename = "self")]
    own: Link,
    /// The application client beside it, which every login client has.
    #[serde(skip_serializing_if = "Option::is_none")]
    application_client: Option<Link>,
}

/// A client as its address shows it.
pub(crate) type ClientShown = Linked<Client, Links>;

// Inferred: that a list shows clients whole; its documents speak of their
// policies and links.
impl Listed for ClientShown {
    const LIST: &'static str = "clients";
}

fn path(customer: &str, id: &str) -> String {
    format!("/{customer}/{LIST}/{id}")
}

/// A client as the message about a policy in use names it.
pub(super) fn path_in_errors(customer: &str, client: &str) -> String {
    format!("/customers/{customer}/clients/{client}")
}

/// What is said of a policy that clients use: a JSON array, within the text.
pub(super) fn in_use(clients: impl Iterator<Item = String>) -> ConfigError {
    let quoted: Vec<String> = clients.map(|client| format!("\"{client}\"")).collect();
    ConfigError::InUse(format!("[{}]\n", quoted.join(",\n ")))
}

/// The client as its address shows it.
pub(crate) fn linked(customer: &str, client: Client) -> ClientShown {
    let application_client = (client.kind() != ClientKind::Configuration)
        .then(|| Link::to(application_client(customer, &client.id)));
    Linked {
        links: Links {
            own: Link::to(path(customer, &client.id)),
            application_client,
        },
        document: client,
    }
}

/// Where the application client of a client would be: its ids, of the
/// documented lengths, follow from ours.
// Inferred: that they do; the real ones are of another API and lead nowhere here.
fn application_client(customer: &str, client: &str) -> String {
    let application = letters::<26>("application", customer);
    let client = letters::<32>("application client", client);
    format!("/config/{application}/clients/{client}")
}

/// So many small letters and digits that follow from an id.
fn letters<const N: usize>(kind: &str, id: &str) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
    let hash = Sha256::digest(format!("{kind}\0{id}"));
    let letter = |byte: &u8| char::from(LETTERS[usize::from(byte % 32)]);
    hash.iter().take(N).map(letter).collect()
}

async fn list(call: Call) -> Result<Shown<List<ClientShown>>, ConfigError> {
    let clients = call.store().clients(&call.customer).await?;
    let linked = |client| linked(&call.customer, client);
    Ok(Shown(List(clients.into_iter().map(linked).collect())))
}

async fn create(call: Call<Document<ClientDraft>>) -> Result<Made<ClientShown>, ConfigError> {
    let draft = ClientDraft::from_json(&call.body.members, &own_addresses(&call.provider))?;
    let secret = (draft.client_type == ClientType::Confidential).then(random::client_secret);
    let client = draft.create(uuid::random(), secret);
    call.store()
        .insert_client(&call.customer, &client, None)
        .await??;
    tracing::info!(
        customer = call.customer,
        client = client.id,
        "created a client"
    );
    Ok(Made {
        at: path(&call.customer, &client.id),
        body: linked(&call.customer, client),
    })
}

async fn show(call: Call) -> Result<Versioned<ClientShown>, ConfigError> {
    let client = call.store().client(&call.customer, &call.id).await?;
    let client = client.ok_or(ConfigError::NotFound)?;
    Ok(Versioned(linked(&call.customer, client)))
}

async fn replace(call: Call<Document<ClientDraft>>) -> Result<Shown<ClientShown>, ConfigError> {
    let Call { id, customer, .. } = &call;
    let replaced = call.store().change_client(customer, id, |current| {
        let mut known = own_addresses(&call.provider);
        known.extend(current.redirect_uris.iter().cloned());
        known.extend(current.post_logout_redirect_uris.iter().cloned());
        let draft = ClientDraft::from_json(&call.body.members, &known)?;
        let replaced = draft.replace(current.clone())?;
        call.precondition.allow(&linked(customer, current))?;
        Ok::<_, ConfigError>(replaced)
    });
    let client = replaced.await?;
    tracing::info!(customer, client = client.id, "replaced a client");
    Ok(Shown(linked(customer, client)))
}

async fn delete(call: Call) -> Result<Done, ConfigError> {
    let deleted = call
        .store()
        .delete_client_if(&call.customer, &call.id, |current| {
            call.precondition.allow(&linked(&call.customer, current))
        });
    if !deleted.await? {
        return Err(ConfigError::NotFound);
    }
    tracing::info!(
        customer = call.customer,
        client = call.id,
        "deleted a client"
    );
    Ok(Done)
}

/// Addresses of this deployment, which any client may have, whatever they are.
fn own_addresses(provider: &Provider) -> Vec<String> {
    vec![seed::callback(provider.public_url())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_application_clients_have_the_documented_lengths_and_stay() {
        let link = application_client("customer", "client");
        assert_eq!(link, application_client("customer", "client"));
        let parts: Vec<&str> = link.split('/').collect();
        assert_eq!((parts[2].len(), parts[4].len()), (26, 32));
        assert!(!parts[4].contains('-'));
        assert_ne!(link, application_client("customer", "another"));
    }

    #[test]
    fn clients_in_use_are_listed_as_documented() {
        let errors = in_use(["a", "b"].map(|id| path_in_errors("c", id)).into_iter());
        assert_eq!(
            errors.to_string(),
            "[\"/customers/c/clients/a\",\n \"/customers/c/clients/b\"]\n"
        );
    }
}
