//! What is said beside a field, and changes with the form.

use super::workbench::Bench;
use crate::components::prose::Prose;
use diagnosis::verdict;
use leptos::prelude::*;

/// Which token policy decides.
#[island]
pub fn PolicyNote() -> impl IntoView {
    let bench = Bench::here();
    let policy = move || {
        bench.ask(|choices, fields| {
            choices
                .policy(fields)
                .map(|policy| format!("Token policy: “{}”", policy.title))
        })
    };
    view! { <span>{policy}</span> }
}

/// Stands beside a scope that the token policy does not let through.
#[island]
pub fn Badge(scope: String) -> impl IntoView {
    let bench = Bench::here();
    let allowed = move || {
        bench.ask(|choices, fields| {
            choices
                .policy(fields)
                .is_none_or(|policy| policy.allowed_scopes.contains(&scope))
        })
    };
    view! { <span class="badge" hidden=allowed>"not in the policy"</span> }
}

/// What is odd about one's own scope, or about `claims`.
#[island]
pub fn Remarks(
    /// The field's name.
    field: String,
) -> impl IntoView {
    let bench = Bench::here();
    let findings = move || {
        bench.ask(|_, fields| {
            let text = fields.get(&field).trim();
            let remarks = if field == "claims" {
                verdict::claims_remarks(text)
            } else {
                verdict::remarks(text)
            };
            remarks
                .into_iter()
                .map(|text| view! { <span class="finding"><Prose text/></span> })
                .collect_view()
        })
    };
    view! { <p class="hint" aria-live="polite">{findings}</p> }
}
