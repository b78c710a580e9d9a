//! `/{customerId}/config/faults`. Beyond Akamai.

use super::{
    answer::{Done, Linked, List, Listed, Made, OwnLink, Shown},
    call::{Call, Document},
    error::ConfigError,
    operation::Operation,
};
use crate::uuid;
use http::{Method, StatusCode};
use policy::{
    body::PropertyError,
    fault::{Amount, Area, Endpoint, Fault, FaultDraft, FaultName},
};
use schemars::JsonSchema;
use serde::Serialize;
use store::KeptFault;

const LIST: &str = "config/faults";
const ITEM: &str = "config/faults/{id}";
const CATALOGUE: &str = "config/faults/catalog";

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::new(
            Method::GET,
            LIST,
            (
                "listFaults",
                "Lists the faults that are switched on, and how often each happened",
            ),
            list,
        )
        .remark("Beyond Akamai. A fault that has happened as often as it should stays in the list until it is deleted or its place is needed."),
        Operation::new(
            Method::POST,
            LIST,
            ("createFault", "Switches a fault on"),
            create,
        )
        .makes("$response.body#/id")
        .remark("From then on the provider does wrong what the catalogue says of `name`: for one client or for all, for good or the next `times` times it happens. The configuration API and administrative tokens are never wrong. Every answer for the customer says so in the header `OIDC-Playground-Faults`.")
        .refuses(StatusCode::CONFLICT, "There are as many as there may be."),
        Operation::new(
            Method::DELETE,
            LIST,
            ("deleteFaults", "Switches all faults off"),
            delete_all,
        ),
        Operation::new(
            Method::GET,
            CATALOGUE,
            (
                "listFaultCatalog",
                "Lists the faults there are, and what is right to do about each",
            ),
            catalogue,
        ),
        Operation::new(Method::GET, ITEM, ("getFault", "Shows a fault"), show),
        Operation::new(
            Method::DELETE,
            ITEM,
            ("deleteFault", "Switches a fault off"),
            delete,
        ),
    ]
}

/// A fault and what became of it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Fault")]
pub(crate) struct Kept {
    #[serde(flatten)]
    fault: Fault,
    /// How often it happened.
    hits: u32,
    /// How often it may still happen; left out where it happens for good.
    #[serde(skip_serializing_if = "Option::is_none")]
    remaining: Option<u32>,
}

impl Listed for Linked<Kept> {
    const LIST: &'static str = "faults";
}

/// What the catalogue says of a fault.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "FaultCatalogItem")]
pub(crate) struct Entry {
    name: FaultName,
    /// What goes wrong.
    area: Area,
    /// What the provider does. Text in backquotes is code.
    does: &'static str,
    /// What a program does that is right about it.
    right_reaction: &'static str,
    /// What `value` counts; left out where there is nothing to count.
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Amount>,
    /// What `endpoints` may list; empty where there is no choice.
    endpoints: &'static [Endpoint],
    /// Whether it may be restricted to a `client`.
    per_client: bool,
}

impl Listed for Entry {
    const LIST: &'static str = "catalog";
}

impl Entry {
    fn of(name: FaultName) -> Self {
        Self {
            name,
            area: name.area(),
            does: name.does(),
            right_reaction: name.right(),
            value: name.amount(),
            endpoints: name.endpoints(),
            per_client: name.knows_clients(),
        }
    }
}

fn path(customer: &str, id: &str) -> String {
    format!("/{customer}/{LIST}/{id}")
}

fn linked(customer: &str, kept: KeptFault) -> Linked<Kept> {
    Linked {
        links: OwnLink::at(path(customer, &kept.fault.id)),
        document: Kept {
            remaining: kept.remaining(),
            hits: kept.hits,
            fault: kept.fault,
        },
    }
}

async fn list(call: Call) -> Result<Shown<List<Linked<Kept>>>, ConfigError> {
    let faults = call.store().faults(&call.customer).await?.into_iter();
    let faults = faults.map(|kept| linked(&call.customer, kept)).collect();
    Ok(Shown(List(faults)))
}

async fn catalogue(_: Call) -> Result<Shown<List<Entry>>, ConfigError> {
    let entries = FaultName::ALL.iter().copied().map(Entry::of).collect();
    Ok(Shown(List(entries)))
}

async fn create(call: Call<Document<FaultDraft>>) -> Result<Made<Linked<Kept>>, ConfigError> {
    let fault = FaultDraft::from_json(&call.body.members)?.with_id(uuid::random());
    if let Some(client) = &fault.client {
        let found = call.store().client(&call.customer, client).await?;
        found.ok_or_else(|| PropertyError::new("client", "there is no such client"))?;
    }
    call.store().insert_fault(&call.customer, &fault).await?;
    call.provider.faults().forget(&call.customer);
    tracing::info!(
        customer = call.customer,
        fault = fault.name.as_str(),
        "switched a fault on"
    );
    Ok(Made {
        at: path(&call.customer, &fault.id),
        body: linked(&call.customer, KeptFault { fault, hits: 0 }),
    })
}

async fn show(call: Call) -> Result<Shown<Linked<Kept>>, ConfigError> {
    let kept = call.store().fault(&call.customer, &call.id).await?;
    let kept = kept.ok_or(ConfigError::NotFound)?;
    Ok(Shown(linked(&call.customer, kept)))
}

async fn delete(call: Call) -> Result<Done, ConfigError> {
    if !call.store().delete_fault(&call.customer, &call.id).await? {
        return Err(ConfigError::NotFound);
    }
    call.provider.faults().forget(&call.customer);
    tracing::info!(
        customer = call.customer,
        fault = call.id,
        "switched a fault off"
    );
    Ok(Done)
}

async fn delete_all(call: Call) -> Result<Done, ConfigError> {
    let faults = call.store().clear_faults(&call.customer).await?;
    call.provider.faults().forget(&call.customer);
    tracing::info!(customer = call.customer, faults, "switched all faults off");
    Ok(Done)
}
