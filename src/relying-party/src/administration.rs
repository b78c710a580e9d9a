//! Calls to the configuration API with an administrative token.

use crate::{
    failure::Failure,
    flow::{self, RelyingParty},
    recorder::Recorder,
};
use ::http::{Method, Request, header};
use oauth2::{ClientId, ClientSecret, Scope, TokenUrl, basic::BasicClient};
use oidc::{
    exchange::{CapturedResponse, RecordedExchange, Step},
    token::TokenResponse,
};
use serde_json::{Map, Value};
use std::sync::Arc;

/// What it takes to fetch an administrative token. Holds a secret, and so
/// cannot be printed.
#[derive(Clone)]
pub struct AdminFlow {
    /// The token endpoint.
    pub token_endpoint: String,
    /// The configuration client.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// The administrative scopes to ask for, space-separated.
    pub scope: String,
}

/// A call of the configuration API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The method.
    pub method: Method,
    /// The whole address.
    pub address: String,
    /// The body, as it is to be sent; `None` sends none.
    pub body: Option<String>,
    /// The version the call is meant for, as an `ETag` named it.
    /// [RFC 9110 section 13.1.1](https://www.rfc-editor.org/rfc/rfc9110#section-13.1.1)
    pub if_match: Option<String>,
}

impl Call {
    /// Reading what is at an address.
    #[must_use]
    pub fn get(address: &str) -> Self {
        Self {
            method: Method::GET,
            address: address.to_owned(),
            body: None,
            if_match: None,
        }
    }

    /// What the transcript calls it.
    fn step(&self) -> Step {
        if self.method == Method::GET || self.method == Method::HEAD {
            Step::ConfigRead
        } else {
            Step::ConfigWrite
        }
    }
}

/// A row of calls with one administrative token, all in one transcript.
pub struct Administration {
    recorder: Recorder,
    access_token: Option<String>,
}

impl RelyingParty {
    /// Begins a row of administrative calls. Nothing is sent yet.
    #[must_use]
    pub fn administration(&self) -> Administration {
        Administration {
            recorder: Recorder::new(Arc::clone(&self.http)),
            access_token: None,
        }
    }

    /// Begins a row of calls with an administrative token that is there already.
    #[must_use]
    pub fn administration_with(&self, access_token: String) -> Administration {
        Administration {
            access_token: Some(access_token),
            ..self.administration()
        }
    }
}

impl Administration {
    /// Fetches the token the calls are made with.
    /// [RFC 6749 section 4.4](https://www.rfc-editor.org/rfc/rfc6749#section-4.4)
    ///
    /// # Errors
    /// When the token endpoint refuses, or cannot be understood.
    pub async fn sign_in(&mut self, flow: &AdminFlow) -> Result<TokenResponse, Failure> {
        const STEP: Step = Step::AdminToken;
        let endpoint = TokenUrl::new(flow.token_endpoint.clone()).map_err(|error| {
            Failure::new(
                STEP,
                format!("The token endpoint is no address: {error}."),
                "Check the discovery document.",
            )
        })?;
        let scopes = flow
            .scope
            .split(' ')
            .filter(|scope| !scope.is_empty())
            .map(|scope| Scope::new(scope.to_owned()));
        BasicClient::new(ClientId::new(flow.client_id.clone()))
            .set_client_secret(ClientSecret::new(flow.client_secret.clone()))
            .set_token_uri(endpoint)
            .exchange_client_credentials()
            .add_scopes(scopes)
            .request_async(&self.recorder.at(STEP))
            .await
            .map_err(|error| Failure::token(STEP, &error))?;
        let token = flow::read_token(STEP, &self.recorder)?;
        self.access_token = Some(token.access_token.clone());
        Ok(token)
    }

    /// Makes a call with the token. What the API answers is an answer, also when
    /// it refuses.
    ///
    /// # Errors
    /// When the call cannot be sent, or no answer came.
    pub async fn call(&self, call: &Call) -> Result<CapturedResponse, Failure> {
        let step = call.step();
        let mut request = Request::builder()
            .method(call.method.clone())
            .uri(&call.address)
            .header(header::ACCEPT, "application/json");
        if let Some(token) = &self.access_token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if let Some(version) = &call.if_match {
            request = request.header(header::IF_MATCH, version);
        }
        if call.body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let request = request
            .body(call.body.clone().unwrap_or_default().into_bytes())
            .map_err(|error| flow::bad_address(step, &error))?;
        flow::send(request, step, &self.recorder).await
    }

    /// Reads a document of the configuration API.
    ///
    /// # Errors
    /// When the API refuses, or cannot be understood.
    pub async fn get_json(&self, address: &str) -> Result<Map<String, Value>, Failure> {
        document(Step::ConfigRead, &self.call(&Call::get(address)).await?)
    }

    /// Replaces a document of the configuration API.
    ///
    /// # Errors
    /// When the API refuses, or cannot be understood.
    pub async fn put_json(
        &self,
        address: &str,
        body: &Map<String, Value>,
    ) -> Result<Map<String, Value>, Failure> {
        const STEP: Step = Step::ConfigWrite;
        let body = serde_json::to_string(body)
            .map_err(|error| Failure::unreadable(STEP, &error.to_string()))?;
        let put = Call {
            method: Method::PUT,
            body: Some(body),
            ..Call::get(address)
        };
        document(STEP, &self.call(&put).await?)
    }

    /// The failure of an answer that came last and does not say what it should.
    #[must_use]
    pub fn unreadable(&self, what_is_wrong: &str) -> Failure {
        let step = self
            .recorder
            .exchanges()
            .last()
            .map_or(Step::AdminToken, |recorded| recorded.step);
        Failure::unreadable(step, what_is_wrong)
    }

    /// Every request that was sent so far, in order.
    #[must_use]
    pub fn exchanges(&self) -> Vec<RecordedExchange> {
        self.recorder.exchanges()
    }
}

fn document(step: Step, response: &CapturedResponse) -> Result<Map<String, Value>, Failure> {
    if (200..300).contains(&response.status) {
        flow::json_object(step, response)
    } else {
        Err(Failure::status(step, response))
    }
}
