//! `/{customerId}/config/loginPolicies`

use super::{
    answer::{Done, Linked, List, Listed, Made, OwnLink, Shown, Versioned},
    call::{Call, Creation, Document, New},
    clients,
    error::ConfigError,
    operation::Operation,
};
use crate::uuid;
use http::{Method, StatusCode};
use policy::login_policy::{
    AllowedResponseTypes, CustomClaims, IdentityStoreDetails, LoginPolicy, LoginPolicyDraft,
    PushClaims,
};
use schemars::JsonSchema;
use serde::Serialize;
use store::Deletion;

const LIST: &str = "config/loginPolicies";
const ITEM: &str = "config/loginPolicies/{id}";
const RESPONSE_TYPES: &str = "config/loginPolicies/{id}/allowedResponseTypes";
const PUSH_CLAIMS: &str = "config/loginPolicies/{id}/pushClaims";

pub(super) fn operations() -> Vec<Operation> {
    let mut operations = vec![
        Operation::new(
            Method::GET,
            LIST,
            ("listLoginPolicies", "Lists the login policies"),
            list,
        ),
        Operation::new(
            Method::POST,
            LIST,
            ("createLoginPolicy", "Creates a login policy"),
            create,
        )
        .makes("$response.body")
        .remark("Answers with the new policy's id alone. `identityStoreDetails` is required; what it describes is not connected to. Its `clientSecret` is taken and not kept.")
        .refuses(StatusCode::CONFLICT, "There are as many as there may be."),
        Operation::new(
            Method::GET,
            ITEM,
            ("getLoginPolicy", "Shows a login policy"),
            show,
        ),
        Operation::new(
            Method::PUT,
            ITEM,
            ("replaceLoginPolicy", "Replaces a login policy"),
            replace,
        )
        .conditional()
        .remark("Its title, `loginURL` and `customClaims`: left-out claims are none afterwards. `identityStoreDetails` may be left out and cannot change."),
        Operation::new(
            Method::DELETE,
            ITEM,
            ("deleteLoginPolicy", "Deletes a login policy"),
            delete,
        )
        .conditional()
        .refuses(
            StatusCode::CONFLICT,
            "Clients use it. `errors` is a text that holds a JSON array of their ids.",
        ),
    ];
    operations.extend(sub_resources());
    operations
}

/// What a policy says under addresses of its own.
fn sub_resources() -> [Operation; 4] {
    [
        Operation::new(
            Method::GET,
            RESPONSE_TYPES,
            (
                "getAllowedResponseTypes",
                "Shows which response types clients may ask for",
            ),
            show_response_types,
        ),
        Operation::new(
            Method::PUT,
            RESPONSE_TYPES,
            (
                "setAllowedResponseTypes",
                "Sets which response types clients may ask for",
            ),
            set_response_types,
        )
        .conditional(),
        Operation::new(
            Method::GET,
            PUSH_CLAIMS,
            ("getPushClaims", "Shows whether claims are pushed"),
            show_push_claims,
        ),
        Operation::new(
            Method::PUT,
            PUSH_CLAIMS,
            ("setPushClaims", "Sets whether claims are pushed"),
            set_push_claims,
        )
        .conditional()
        .remark("Pushed claims are those of the granted scopes, put into the ID token."),
    ]
}

/// What a list says of a policy.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "LoginPolicyItem")]
pub(crate) struct Item {
    id: String,
    title: String,
    #[serde(rename = "_links")]
    links: OwnLink,
}

impl Creation for LoginPolicyDraft {
    const REQUIRED: &'static str = "identityStoreDetails";
    const TYPE: &'static str = "object";
}

impl Listed for Item {
    const LIST: &'static str = "loginPolicies";
}

/// What a policy's own address shows.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "LoginPolicy")]
pub(crate) struct Main {
    id: String,
    title: String,
    #[serde(rename = "loginURL", skip_serializing_if = "String::is_empty")]
    login_url: String,
    identity_store_details: IdentityStoreDetails,
    #[serde(skip_serializing_if = "CustomClaims::is_empty")]
    custom_claims: CustomClaims,
}

fn path(customer: &str, id: &str) -> String {
    format!("/{customer}/{LIST}/{id}")
}

/// The policy as its own address shows it.
pub(crate) fn linked(customer: &str, policy: LoginPolicy) -> Linked<Main> {
    Linked {
        links: OwnLink::at(path(customer, &policy.id)),
        document: Main {
            id: policy.id,
            title: policy.title,
            login_url: policy.login_url,
            identity_store_details: policy.identity_store_details,
            custom_claims: policy.custom_claims,
        },
    }
}

async fn list(call: Call) -> Result<Shown<List<Item>>, ConfigError> {
    let policies = call.store().login_policies(&call.customer).await?;
    let item = |policy: LoginPolicy| Item {
        links: OwnLink::at(path(&call.customer, &policy.id)),
        id: policy.id,
        title: policy.title,
    };
    Ok(Shown(List(policies.into_iter().map(item).collect())))
}

// Inferred: that it answers like the creation of a token policy.
async fn create(call: Call<Document<New<LoginPolicyDraft>>>) -> Result<Made<String>, ConfigError> {
    let policy = LoginPolicyDraft::from_json(&call.body.members)?.create(uuid::random())?;
    call.store()
        .insert_login_policy(&call.customer, &policy)
        .await?;
    tracing::info!(
        customer = call.customer,
        policy = policy.id,
        "created a login policy"
    );
    Ok(Made {
        at: path(&call.customer, &policy.id),
        body: policy.id,
    })
}

/// The policy of the path.
async fn found<B>(call: &Call<B>) -> Result<LoginPolicy, ConfigError> {
    let policy = call.store().login_policy(&call.customer, &call.id).await?;
    policy.ok_or(ConfigError::NotFound)
}

/// Makes of the policy of the path what `change` says.
async fn change<B>(
    call: &Call<B>,
    change: impl FnOnce(LoginPolicy) -> Result<LoginPolicy, ConfigError> + Send,
) -> Result<LoginPolicy, ConfigError> {
    let changed = call
        .store()
        .change_login_policy(&call.customer, &call.id, change)
        .await?;
    let policy = changed.ok_or(ConfigError::NotFound)?;
    tracing::info!(
        customer = call.customer,
        policy = policy.id,
        "changed a login policy"
    );
    Ok(policy)
}

async fn show(call: Call) -> Result<Versioned<Linked<Main>>, ConfigError> {
    Ok(Versioned(linked(&call.customer, found(&call).await?)))
}

async fn replace(
    call: Call<Document<LoginPolicyDraft>>,
) -> Result<Shown<Linked<Main>>, ConfigError> {
    let draft = LoginPolicyDraft::from_json(&call.body.members)?;
    let policy = change(&call, |current| {
        let replaced = draft.replace(current.clone())?;
        let current = linked(&call.customer, current);
        call.precondition.allow(&current)?;
        Ok(replaced)
    })
    .await?;
    Ok(Shown(linked(&call.customer, policy)))
}

async fn delete(call: Call) -> Result<Done, ConfigError> {
    let deletion = call
        .store()
        .delete_login_policy_if(&call.customer, &call.id, |current| {
            call.precondition.allow(&linked(&call.customer, current))
        })
        .await?;
    match deletion {
        Deletion::Done => {
            tracing::info!(
                customer = call.customer,
                policy = call.id,
                "deleted a login policy"
            );
            Ok(Done)
        }
        Deletion::NotFound => Err(ConfigError::NotFound),
        Deletion::InUse(clients) => Err(clients::in_use(clients.into_iter())),
    }
}

/// What a policy says of response types, as its address shows it.
pub(crate) fn response_types(policy: &LoginPolicy) -> AllowedResponseTypes {
    AllowedResponseTypes {
        allowed_response_types: policy.allowed_response_types.clone(),
    }
}

/// What a policy says of pushed claims, as its address shows it.
pub(crate) fn push_claims(policy: &LoginPolicy) -> PushClaims {
    PushClaims {
        push_claims: policy.push_claims,
    }
}

async fn show_response_types(call: Call) -> Result<Versioned<AllowedResponseTypes>, ConfigError> {
    Ok(Versioned(response_types(&found(&call).await?)))
}

async fn set_response_types(
    call: Call<Document<AllowedResponseTypes>>,
) -> Result<Shown<AllowedResponseTypes>, ConfigError> {
    let sent = AllowedResponseTypes::from_json(&call.body.members)?;
    change(&call, |current| {
        call.precondition.allow(&response_types(&current))?;
        Ok(LoginPolicy {
            allowed_response_types: sent.allowed_response_types.clone(),
            ..current
        })
    })
    .await?;
    Ok(Shown(sent))
}

async fn show_push_claims(call: Call) -> Result<Versioned<PushClaims>, ConfigError> {
    Ok(Versioned(push_claims(&found(&call).await?)))
}

async fn set_push_claims(
    call: Call<Document<PushClaims>>,
) -> Result<Shown<PushClaims>, ConfigError> {
    let sent = PushClaims::from_json(&call.body.members)?;
    change(&call, |current| {
        call.precondition.allow(&push_claims(&current))?;
        Ok(LoginPolicy {
            push_claims: sent.push_claims,
            ..current
        })
    })
    .await?;
    Ok(Shown(sent))
}
