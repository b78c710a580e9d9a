//! Login policies: which response types a client may use.

use serde::{Deserialize, Serialize};

/// Where people live and how they may sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LoginPolicy {
    /// A UUID.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// The response types its clients may ask for; `["code"]` by default.
    pub allowed_response_types: Vec<String>,
}
