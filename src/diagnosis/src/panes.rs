//! JSON as it is shown: line by line, with what is missing as ghost lines.

use crate::evidence::Run;
use serde::{Deserialize, Serialize};

/// What a line of a pane is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum LineKind {
    /// It stands in the answer.
    Plain,
    /// It does not stand in the answer, but could.
    Ghost,
    /// It stands in the answer since the change before this run.
    Added,
}

/// One line of a pane.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaneLine {
    /// The line with its indentation.
    pub text: String,
    /// What it is.
    pub kind: LineKind,
    /// Why a ghost line is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// The userinfo answer, and what is missing in it.
#[must_use]
pub fn userinfo_lines(_run: &Run) -> Vec<PaneLine> {
    Vec::new()
}

/// The token policy, and the scopes missing in `allowedScopes`.
#[must_use]
pub fn policy_lines(_run: &Run) -> Vec<PaneLine> {
    Vec::new()
}
