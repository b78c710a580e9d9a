//! `/{customerId}/config/people`. Beyond Akamai.

use super::{
    answer::{Done, Linked, List, Listed, Made, OwnLink, Shown, Versioned},
    call::{Call, Creation, Document, New},
    error::ConfigError,
    operation::Operation,
};
use crate::{
    provider::{Provider, ProviderError},
    uuid,
};
use http::{Method, StatusCode};
use policy::{
    body::PropertyError,
    profile::{Person, PersonDraft, Profile},
};
use schemars::JsonSchema;
use serde::Serialize;
use store::Credentials;

const LIST: &str = "config/people";
const ITEM: &str = "config/people/{id}";

pub(super) fn operations() -> Vec<Operation> {
    const TAKEN: &str = "Somebody else signs in by this e-mail address or user name";
    vec![
        Operation::new(Method::GET, LIST, ("listPeople", "Lists the people"), list),
        Operation::new(
            Method::POST,
            LIST,
            ("createPerson", "Creates a person"),
            create,
        )
        .makes("$response.body#/uuid")
        .remark("Beyond Akamai. A password is required, and never shown.")
        .refuses(
            StatusCode::CONFLICT,
            "Somebody else signs in by this e-mail address or user name, or there are as many as there may be.",
        ),
        Operation::new(Method::GET, ITEM, ("getPerson", "Shows a person"), show),
        Operation::new(
            Method::PUT,
            ITEM,
            ("replacePerson", "Replaces a person"),
            replace,
        )
        .conditional()
        .remark("All attributes: what is left out is empty afterwards. The password is set when it is given.")
        .refuses(StatusCode::CONFLICT, TAKEN),
        Operation::new(
            Method::DELETE,
            ITEM,
            (
                "deletePerson",
                "Deletes a person, with their sessions and tokens",
            ),
            delete,
        )
        .conditional(),
    ]
}

/// A person as the API shows them: the attributes beside each other.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Person")]
pub(crate) struct Attributes {
    /// A name to sign in with besides the e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    /// One line on what makes this person worth choosing.
    #[serde(skip_serializing_if = "String::is_empty")]
    description: String,
    #[serde(flatten)]
    profile: Profile,
}

/// What a list says of a person.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "PersonItem")]
pub(crate) struct Item {
    uuid: String,
    email: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    given_name: String,
    family_name: String,
    #[serde(rename = "_links")]
    links: OwnLink,
}

impl Creation for PersonDraft {
    const REQUIRED: &'static str = "password";
    const TYPE: &'static str = "string";
}

impl Listed for Item {
    const LIST: &'static str = "people";
}

fn path(customer: &str, uuid: &str) -> String {
    format!("/{customer}/{LIST}/{uuid}")
}

/// The person as their address shows them.
pub(crate) fn linked(customer: &str, person: Person) -> Linked<Attributes> {
    Linked {
        links: OwnLink::at(path(customer, &person.profile.uuid)),
        document: Attributes {
            username: person.username,
            description: person.description,
            profile: person.profile,
        },
    }
}

async fn list(call: Call) -> Result<Shown<List<Item>>, ConfigError> {
    let people = call.store().people(&call.customer).await?;
    let item = |person: Person| Item {
        links: OwnLink::at(path(&call.customer, &person.profile.uuid)),
        uuid: person.profile.uuid,
        email: person.profile.email,
        username: person.username,
        given_name: person.profile.given_name,
        family_name: person.profile.family_name,
    };
    Ok(Shown(List(people.into_iter().map(item).collect())))
}

async fn create(
    call: Call<Document<New<PersonDraft>>>,
) -> Result<Made<Linked<Attributes>>, ConfigError> {
    let draft = PersonDraft::from_json(&call.body.members, call.provider.now())?;
    let password = draft.password;
    let password = password.ok_or_else(|| PropertyError::required("password"))?;
    let mut person = draft.person;
    person.profile.uuid = uuid::random();
    let new = Credentials {
        password_hash: hash(&call.provider, password).await?,
        person,
    };
    if !call.store().insert_person(&call.customer, &new).await? {
        return Err(taken());
    }
    let person = new.person;
    tracing::info!(
        customer = call.customer,
        person = person.profile.uuid,
        "created a person"
    );
    Ok(Made {
        at: path(&call.customer, &person.profile.uuid),
        body: linked(&call.customer, person),
    })
}

async fn show(call: Call) -> Result<Versioned<Linked<Attributes>>, ConfigError> {
    let person = call.store().person(&call.customer, &call.id).await?;
    let person = person.ok_or(ConfigError::NotFound)?;
    Ok(Versioned(linked(&call.customer, person)))
}

async fn replace(
    call: Call<Document<PersonDraft>>,
) -> Result<Shown<Linked<Attributes>>, ConfigError> {
    let PersonDraft {
        mut person,
        password,
    } = PersonDraft::from_json(&call.body.members, call.provider.now())?;
    person.profile.uuid.clone_from(&call.id);
    let password_hash = match password {
        Some(password) => Some(hash(&call.provider, password).await?),
        None => None,
    };
    let hash = password_hash.as_deref();
    let replaced = call
        .store()
        .replace_credentials_if(&call.customer, &person, hash, |current| {
            call.precondition.allow(&linked(&call.customer, current))
        });
    match replaced.await? {
        None => return Err(ConfigError::NotFound),
        Some(false) => return Err(taken()),
        Some(true) => {}
    }
    tracing::info!(
        customer = call.customer,
        person = call.id,
        "replaced a person"
    );
    Ok(Shown(linked(&call.customer, person)))
}

async fn delete(call: Call) -> Result<Done, ConfigError> {
    let deleted = call
        .store()
        .delete_person_if(&call.customer, &call.id, |current| {
            call.precondition.allow(&linked(&call.customer, current))
        });
    if !deleted.await? {
        return Err(ConfigError::NotFound);
    }
    tracing::info!(
        customer = call.customer,
        person = call.id,
        "deleted a person"
    );
    Ok(Done)
}

async fn hash(provider: &Provider, password: String) -> Result<String, ConfigError> {
    let hashed = provider.0.passwords.hash(password).await;
    Ok(hashed.map_err(ProviderError::from)?)
}

fn taken() -> ConfigError {
    ConfigError::Conflict("another person signs in by this e-mail address or user name")
}
