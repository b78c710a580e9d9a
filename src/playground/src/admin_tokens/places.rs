//! Every call there is, on everything the sandbox has.

use crate::{Playground, PlaygroundError};
use policy::{client::Client, profile::Person};
use provider::{ConfigurationCall, configuration_calls, seed::Seed};

/// Stands for an item where the sandbox has none.
const NOBODYS: &str = "none-yet";

/// A path of the configuration API, and the calls that can be made there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallPlace {
    /// The template, for example `config/clients/{id}`.
    pub template: &'static str,
    /// The path relative to `/{customerId}/`.
    pub path: String,
    /// What people call what is there; empty for a place there is one of.
    pub item: String,
    /// The calls, in the order of the provider's list.
    pub calls: Vec<PlaceCall>,
}

/// A call at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceCall {
    /// The method, in capitals.
    pub method: String,
    /// The provider's name for it.
    pub name: &'static str,
    /// One line on what it does.
    pub summary: &'static str,
}

/// What a collection has: ids with names.
type Items = Vec<(String, String)>;

/// What the templates are filled in with.
pub(super) struct Collections(Vec<(&'static str, Items)>);

impl Collections {
    fn items(&self, template: &str) -> Items {
        let collection = template.split('/').nth(1).unwrap_or_default();
        let found = self.0.iter().find(|(name, _)| *name == collection);
        let items = found.map(|(_, items)| items.clone()).unwrap_or_default();
        if items.is_empty() {
            return vec![(NOBODYS.to_owned(), "an id that is not there".to_owned())];
        }
        items
    }
}

impl Playground {
    /// Every path with the calls there, as the sandbox is now. Before it is
    /// written, as it will be.
    pub(super) async fn places(
        &self,
        seed: Seed,
        customer: Option<&str>,
    ) -> Result<Vec<CallPlace>, PlaygroundError> {
        let collections = match customer {
            Some(customer) => self.collections(customer).await?,
            None => of_seed(seed),
        };
        Ok(places(&collections))
    }

    async fn collections(&self, customer: &str) -> Result<Collections, PlaygroundError> {
        let store = &self.0.store;
        let seed = Seed {
            customer_id: customer.to_owned(),
            token_policies: store.token_policies(customer).await?,
            login_policies: store.login_policies(customer).await?,
            clients: store.clients(customer).await?,
            people: store.people(customer).await?,
            password: String::new(),
        };
        let mut collections = of_seed(seed);
        let faults = store.faults(customer).await?.into_iter();
        let faults = faults.map(|kept| (kept.fault.id, kept.fault.name.as_str().to_owned()));
        collections.0.push(("faults", faults.collect()));
        Ok(collections)
    }
}

fn of_seed(seed: Seed) -> Collections {
    let client = |client: Client| (client.id, client.name);
    let person = |person: Person| {
        let name = person.profile.given_name.clone();
        let email = person.profile.email.clone();
        (
            person.profile.uuid,
            if name.is_empty() { email } else { name },
        )
    };
    let token_policies = seed.token_policies.into_iter();
    let login_policies = seed.login_policies.into_iter();
    Collections(vec![
        (
            "tokenPolicies",
            token_policies
                .map(|policy| (policy.id, policy.title))
                .collect(),
        ),
        ("clients", seed.clients.into_iter().map(client).collect()),
        (
            "loginPolicies",
            login_policies
                .map(|policy| (policy.id, policy.title))
                .collect(),
        ),
        ("people", seed.people.into_iter().map(person).collect()),
    ])
}

fn places(collections: &Collections) -> Vec<CallPlace> {
    let calls = configuration_calls();
    let mut templates: Vec<&'static str> = Vec::new();
    for call in &calls {
        if !templates.contains(&call.path) {
            templates.push(call.path);
        }
    }
    templates
        .into_iter()
        .flat_map(|template| at(template, &calls, collections))
        .collect()
}

fn at(
    template: &'static str,
    calls: &[ConfigurationCall],
    collections: &Collections,
) -> Vec<CallPlace> {
    let here: Vec<PlaceCall> = calls
        .iter()
        .filter(|call| call.path == template)
        .map(|call| PlaceCall {
            method: call.method.as_str().to_owned(),
            name: call.name,
            summary: call.summary,
        })
        .collect();
    let place = |path: String, item: String| CallPlace {
        template,
        path,
        item,
        calls: here.clone(),
    };
    if !template.contains("{id}") {
        return vec![place(template.to_owned(), String::new())];
    }
    let items = collections.items(template).into_iter();
    items
        .map(|(id, item)| place(template.replace("{id}", &id), item))
        .collect()
}
