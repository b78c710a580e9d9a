//! The list of operations, for whoever shows it.

use http::Method;

/// An operation of the configuration API, as others may know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigurationCall {
    /// The method.
    pub method: Method,
    /// The path below `/{customerId}/`, for example `config/clients/{id}`.
    pub path: &'static str,
    /// The `operationId` of the OpenAPI document.
    pub name: &'static str,
    /// One line on what it does.
    pub summary: &'static str,
    /// What is worth knowing beyond that; may be empty.
    pub remark: &'static str,
}

/// Everything that takes an administrative token: what the router and the
/// OpenAPI document are made of.
#[must_use]
pub fn configuration_calls() -> Vec<ConfigurationCall> {
    super::operations()
        .into_iter()
        .map(|operation| ConfigurationCall {
            method: operation.method,
            path: operation.path,
            name: operation.name,
            summary: operation.summary,
            remark: operation.remark,
        })
        .collect()
}
