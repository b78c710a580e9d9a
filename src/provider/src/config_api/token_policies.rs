//! `/{customerId}/config/tokenPolicies`

use super::{
    answer::{Done, Linked, List, Listed, Made, OwnLink, Shown, Versioned},
    call::{Call, Document},
    clients,
    error::ConfigError,
    operation::Operation,
};
use crate::uuid;
use http::{Method, StatusCode};
use policy::token_policy::{TokenPolicy, TokenPolicyDraft};
use schemars::JsonSchema;
use serde::Serialize;
use store::Deletion;

const LIST: &str = "config/tokenPolicies";
const ITEM: &str = "config/tokenPolicies/{id}";

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::new(
            Method::GET,
            LIST,
            ("listTokenPolicies", "Lists the token policies"),
            list,
        ),
        Operation::new(
            Method::POST,
            LIST,
            ("createTokenPolicy", "Creates a token policy"),
            create,
        )
        .makes("$response.body")
        .remark("Answers with the new policy's id alone. Left-out `allowedScopes` allow every scope of the discovery document.")
        .refuses(StatusCode::CONFLICT, "There are as many as there may be."),
        Operation::new(
            Method::GET,
            ITEM,
            ("getTokenPolicy", "Shows a token policy"),
            show,
        ),
        Operation::new(
            Method::PUT,
            ITEM,
            ("replaceTokenPolicy", "Replaces a token policy"),
            replace,
        )
        .conditional()
        .remark("All of it: what is left out gets its default, which for `allowedScopes` is every scope. Tokens that were issued keep their scopes."),
        Operation::new(
            Method::DELETE,
            ITEM,
            ("deleteTokenPolicy", "Deletes a token policy"),
            delete,
        )
        .conditional()
        .refuses(
            StatusCode::CONFLICT,
            "Clients use it. `errors` is a text that holds a JSON array of their paths.",
        ),
    ]
}

/// What a list says of a policy.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TokenPolicyItem")]
pub(crate) struct Item {
    id: String,
    title: String,
    #[serde(rename = "_links")]
    links: OwnLink,
}

impl Listed for Item {
    const LIST: &'static str = "tokenPolicies";
}

fn path(customer: &str, id: &str) -> String {
    format!("/{customer}/{LIST}/{id}")
}

/// The policy as its address shows it.
pub(crate) fn linked(customer: &str, policy: TokenPolicy) -> Linked<TokenPolicy> {
    Linked {
        links: OwnLink::at(path(customer, &policy.id)),
        document: policy,
    }
}

async fn list(call: Call) -> Result<Shown<List<Item>>, ConfigError> {
    let policies = call.store().token_policies(&call.customer).await?;
    let item = |policy: TokenPolicy| Item {
        links: OwnLink::at(path(&call.customer, &policy.id)),
        id: policy.id,
        title: policy.title,
    };
    Ok(Shown(List(policies.into_iter().map(item).collect())))
}

async fn create(call: Call<Document<TokenPolicyDraft>>) -> Result<Made<String>, ConfigError> {
    let policy = TokenPolicyDraft::from_json(&call.body.members)?.with_id(uuid::random());
    call.store()
        .insert_token_policy(&call.customer, &policy)
        .await?;
    tracing::info!(
        customer = call.customer,
        policy = policy.id,
        "created a token policy"
    );
    Ok(Made {
        at: path(&call.customer, &policy.id),
        body: policy.id,
    })
}

async fn show(call: Call) -> Result<Versioned<Linked<TokenPolicy>>, ConfigError> {
    let policy = call.store().token_policy(&call.customer, &call.id).await?;
    let policy = policy.ok_or(ConfigError::NotFound)?;
    Ok(Versioned(linked(&call.customer, policy)))
}

async fn replace(
    call: Call<Document<TokenPolicyDraft>>,
) -> Result<Shown<Linked<TokenPolicy>>, ConfigError> {
    // The id in the path counts, not one in the body.
    let policy = TokenPolicyDraft::from_json(&call.body.members)?.with_id(call.id.clone());
    let replaced = call
        .store()
        .change_token_policy(&call.customer, &call.id, |current| {
            let current = linked(&call.customer, current);
            call.precondition.allow(&current)?;
            Ok::<_, ConfigError>(policy)
        })
        .await?;
    let policy = replaced.ok_or(ConfigError::NotFound)?;
    tracing::info!(
        customer = call.customer,
        policy = policy.id,
        "replaced a token policy"
    );
    Ok(Shown(linked(&call.customer, policy)))
}

async fn delete(call: Call) -> Result<Done, ConfigError> {
    let deletion = call
        .store()
        .delete_token_policy_if(&call.customer, &call.id, |current| {
            call.precondition.allow(&linked(&call.customer, current))
        })
        .await?;
    match deletion {
        Deletion::Done => {
            tracing::info!(
                customer = call.customer,
                policy = call.id,
                "deleted a token policy"
            );
            Ok(Done)
        }
        Deletion::NotFound => Err(ConfigError::NotFound),
        Deletion::InUse(clients) => {
            let path = |client: &String| clients::path_in_errors(&call.customer, client);
            Err(clients::in_use(clients.iter().map(path)))
        }
    }
}
