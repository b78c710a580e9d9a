//! What comes in: a call that is let through, with its body read.

use super::{error::ConfigError, version::Precondition};
use crate::{
    bearer::{self, Authorization},
    parameters,
    provider::Provider,
};
use axum::{
    RequestExt as _,
    extract::{FromRequest, Path, Request},
};
use http::{HeaderMap, Method};
use policy::admin_scope;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value};
use std::{borrow::Cow, collections::HashMap, marker::PhantomData};
use store::Store;

/// A call that may be made.
pub(crate) struct Call<B = ()> {
    pub(super) provider: Provider,
    /// The customer's id.
    pub(super) customer: String,
    /// The id at the end of the path; empty where there is none.
    pub(super) id: String,
    /// What the document of the path must still be.
    pub(super) precondition: Precondition,
    pub(super) body: B,
}

impl<B> Call<B> {
    pub(super) fn store(&self) -> &Store {
        self.provider.store()
    }
}

/// What a call sends.
pub(crate) trait Sent: Sized + Send {
    /// Reads the body of a request that is let through.
    fn read(request: Request) -> impl Future<Output = Result<Self, ConfigError>> + Send;

    /// What the body must be like; `None` where there is none.
    fn schema(schemas: &mut SchemaGenerator) -> Option<Schema>;
}

/// Nothing. A body that comes all the same is not looked at.
impl Sent for () {
    async fn read(_: Request) -> Result<Self, ConfigError> {
        Ok(())
    }

    fn schema(_: &mut SchemaGenerator) -> Option<Schema> {
        None
    }
}

/// A JSON object that is to become a `D`. Its members are read by whoever
/// answers the call, who knows what else it takes.
pub(crate) struct Document<D> {
    pub(super) members: Map<String, Value>,
    becomes: PhantomData<fn() -> D>,
}

/// What POST carries where it must say more than PUT.
pub(crate) trait Creation: JsonSchema {
    /// What must be there.
    const REQUIRED: &'static str;
    /// And what it must be.
    const TYPE: &'static str;
}

/// A draft of something that is yet to be made.
pub(crate) struct New<D>(PhantomData<fn() -> D>);

impl<D: Creation> JsonSchema for New<D> {
    fn schema_name() -> Cow<'static, str> {
        format!("New{}", D::schema_name()).into()
    }

    fn json_schema(schemas: &mut SchemaGenerator) -> Schema {
        let draft = schemas.subschema_for::<D>();
        json_schema!({
            "allOf": [draft],
            "required": [D::REQUIRED],
            "properties": { D::REQUIRED: { "type": D::TYPE } },
        })
    }
}

impl<D: JsonSchema> Sent for Document<D> {
    async fn read(request: Request) -> Result<Self, ConfigError> {
        let body = parameters::body(request).await?;
        Ok(Self {
            members: serde_json::from_slice(&body).map_err(ConfigError::Malformed)?,
            becomes: PhantomData,
        })
    }

    fn schema(schemas: &mut SchemaGenerator) -> Option<Schema> {
        Some(schemas.subschema_for::<D>())
    }
}

impl<B: Sent> FromRequest<Provider> for Call<B> {
    type Rejection = ConfigError;

    async fn from_request(mut request: Request, provider: &Provider) -> Result<Self, ConfigError> {
        // What cannot be decoded names nothing.
        let Path(mut names) = request
            .extract_parts::<Path<HashMap<String, String>>>()
            .await
            .map_err(|_| ConfigError::NotFound)?;
        let customer = names.remove("customer").unwrap_or_default();
        let customer = provider
            .admit(
                &customer,
                request.headers(),
                request.method(),
                below_customer(request.uri().path()),
            )
            .await?;
        Ok(Self {
            provider: provider.clone(),
            customer,
            id: names.remove("id").unwrap_or_default(),
            precondition: Precondition::of(request.headers()),
            body: B::read(request).await?,
        })
    }
}

/// The path relative to `/{customerId}/`, as it was sent: an encoded slash does
/// not make two segments of one.
fn below_customer(path: &str) -> &str {
    path.trim_start_matches('/')
        .split_once('/')
        .map_or("", |(_, rest)| rest)
}

impl Provider {
    /// Lets a call through, or not: there must be a live administrative token
    /// of this customer with a scope that covers the method on the path, which
    /// is relative to `/{customerId}/`.
    ///
    /// Returns the customer's id.
    pub(crate) async fn admit(
        &self,
        customer: &str,
        headers: &HeaderMap,
        method: &Method,
        path: &str,
    ) -> Result<String, ConfigError> {
        let customer = self
            .customer(customer, headers)
            .await?
            .ok_or(ConfigError::NotFound)?;
        let Authorization::Bearer(token) = bearer::authorization(headers) else {
            return Err(ConfigError::Unauthorized);
        };
        let token = self
            .live_access_token(&customer.id, token)
            .await?
            // A person's token is no key to the configuration, whatever it carries.
            .filter(|token| token.person_id.is_none())
            .ok_or(ConfigError::Forbidden)?;
        if admin_scope::allows(&token.scope, method.as_str(), path) {
            Ok(customer.id)
        } else {
            Err(ConfigError::Forbidden)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::below_customer;

    #[test]
    fn scopes_are_about_what_stands_below_the_customer() {
        for (path, below) in [
            ("/c/config/tokenPolicies", "config/tokenPolicies"),
            ("/c/config/clients/a%2Fb", "config/clients/a%2Fb"),
            ("/c", ""),
            ("/", ""),
        ] {
            assert_eq!(below_customer(path), below, "{path}");
        }
    }
}
