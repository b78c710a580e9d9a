//! One operation: what answers it, and what the OpenAPI document says of it.
//!
//! Both come from one description, so that neither knows what the other does
//! not: the body and the answer are described by the types the handler takes
//! and returns.

use super::{
    answer::Answer,
    call::{Call, Sent},
    error::ConfigError,
};
use crate::provider::Provider;
use axum::{
    response::IntoResponse as _,
    routing::{MethodFilter, MethodRouter, on},
};
use http::{Method, StatusCode};
use schemars::{Schema, SchemaGenerator};

/// An operation of the configuration API.
pub(crate) struct Operation {
    pub(crate) method: Method,
    /// The path below `/{customer}/`, for example `config/clients/{id}`.
    pub(crate) path: &'static str,
    /// The `operationId`.
    pub(crate) name: &'static str,
    /// One line on what it does.
    pub(crate) summary: &'static str,
    /// What is worth knowing beyond that.
    pub(crate) remark: &'static str,
    /// Describes what is sent; `None` where nothing is.
    pub(crate) sent: fn(&mut SchemaGenerator) -> Option<Schema>,
    /// The status of success.
    pub(crate) status: StatusCode,
    /// Describes what comes back then.
    pub(crate) answer: fn(&mut SchemaGenerator) -> Option<Schema>,
    /// Whether the answer names the version of what it shows.
    pub(crate) versioned: bool,
    /// Whether it can be tied to a version.
    pub(crate) conditional: bool,
    /// Where the id of what was made stands in the answer, as a
    /// [runtime expression](https://spec.openapis.org/oas/v3.1.1.html#runtime-expressions).
    pub(crate) id_at: Option<&'static str>,
    /// Why it may be refused, beyond what any call may be refused for.
    pub(crate) refusals: Vec<(StatusCode, &'static str)>,
    handler: MethodRouter<Provider>,
}

impl Operation {
    /// An operation that `handler` answers.
    ///
    /// `method` is one of GET, POST, PUT and DELETE. GET answers HEAD too.
    pub(crate) fn new<H, F, B, A>(
        method: Method,
        path: &'static str,
        (name, summary): (&'static str, &'static str),
        handler: H,
    ) -> Self
    where
        H: Fn(Call<B>) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Result<A, ConfigError>> + Send + 'static,
        B: Sent + 'static,
        A: Answer + 'static,
    {
        let filter = MethodFilter::try_from(method.clone()).unwrap_or(MethodFilter::GET);
        let answer = async move |call: Call<B>| handler(call).await.into_response();
        Self {
            method,
            path,
            name,
            summary,
            remark: "",
            sent: B::schema,
            status: A::STATUS,
            answer: A::schema,
            versioned: A::VERSIONED,
            conditional: false,
            id_at: None,
            refusals: Vec::new(),
            handler: on(filter, answer),
        }
    }

    /// Says more of it.
    pub(crate) fn remark(mut self, remark: &'static str) -> Self {
        self.remark = remark;
        self
    }

    /// Says where the id of what it makes stands in its answer.
    pub(crate) fn makes(mut self, id_at: &'static str) -> Self {
        self.id_at = Some(id_at);
        self
    }

    /// It heeds `If-Match`.
    pub(crate) fn conditional(mut self) -> Self {
        self.conditional = true;
        self.refuses(
            StatusCode::PRECONDITION_FAILED,
            "It is another version by now than `If-Match` names. Nothing was changed.",
        )
    }

    /// It may be refused with this status, and why.
    pub(crate) fn refuses(mut self, status: StatusCode, why: &'static str) -> Self {
        self.refusals.push((status, why));
        self
    }

    /// The path that leads to it, and what answers there.
    pub(crate) fn into_route(self) -> (String, MethodRouter<Provider>) {
        (format!("/{{customer}}/{}", self.path), self.handler)
    }
}
