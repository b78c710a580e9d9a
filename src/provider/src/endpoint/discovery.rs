//! The discovery document.
//! [Discovery section 4](https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig)

use crate::{fault, oauth_error::ErrorResponse, provider::Provider};
use axum::{
    body::Bytes,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, header};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};
use store::Customer;

/// Both public documents may change at any moment, and at once new keys sign:
/// a browser that kept the former could not check a single ID token.
/// [RFC 9111 section 5.2.2.4](https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2.4)
pub(crate) const CACHE: &str = "no-cache";

/// How many written documents are kept. When there are more, all are forgotten.
const MOST: usize = 1000;

/// The documents, written once for each customer: nothing in them depends on
/// anything but its id and whether clients may register, unless a fault is
/// switched on.
#[derive(Debug, Default)]
pub(crate) struct Documents(Mutex<HashMap<(String, bool), Bytes>>);

/// The customer's metadata.
pub(crate) async fn get(
    State(provider): State<Provider>,
    Path(customer): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ErrorResponse> {
    let customer = provider.customer_or_error(&customer, &headers).await?;
    let document = provider.discovery_document(customer).await;
    let document = document.map_err(|error| {
        tracing::error!(%error, "the discovery document cannot be written");
        ErrorResponse::server_error()
    })?;
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, CACHE),
    ];
    Ok((headers, document).into_response())
}

impl Provider {
    async fn discovery_document(&self, customer: Customer) -> Result<Bytes, serde_json::Error> {
        let registers = self.registers(&customer);
        let key = (customer.id, registers);
        let spoiled = !self.active(&key.0, None).await.is_empty();
        if !spoiled && let Some(document) = self.0.discovery.get(&key) {
            return Ok(document);
        }
        let mut metadata = self.metadata(&key.0);
        metadata.registration_endpoint = registers.then(|| self.registration_endpoint(&key.0));
        if spoiled {
            fault::spoil_metadata(self, &key.0, &mut metadata).await;
        }
        let document = Bytes::from(serde_json::to_vec(&metadata)?);
        if !spoiled {
            self.0.discovery.put(key, document.clone());
        }
        Ok(document)
    }
}

impl Documents {
    fn get(&self, key: &(String, bool)) -> Option<Bytes> {
        self.lock().get(key).cloned()
    }

    fn put(&self, key: (String, bool), document: Bytes) {
        let mut documents = self.lock();
        if documents.len() >= MOST {
            documents.clear();
        }
        documents.insert(key, document);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(String, bool), Bytes>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
