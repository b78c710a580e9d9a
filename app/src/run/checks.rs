//! The checks of an ID token, each with its result.

use crate::components::prose::Prose;
use leptos::prelude::*;
use oidc::verification::Check;

#[component]
pub fn Checks(checks: Vec<Check>) -> impl IntoView {
    let failed = checks.iter().filter(|check| !check.passed).count();
    let open = failed > 0;
    let (class, sign, summary) = match (checks.len(), failed) {
        (0, _) => return ().into_any(),
        (all, 0) => ("checks pass", "✓", format!("{all} checks passed")),
        (all, failed) => (
            "checks fail",
            "✗",
            format!("{failed} of {all} checks failed"),
        ),
    };
    let rows = checks
        .into_iter()
        .map(|check| view! { <Row check/> })
        .collect_view();
    view! {
        <details class=class open=open>
            <summary>
                <span class="sign" aria-hidden="true">{sign}</span>
                " "
                {summary}
            </summary>
            <ul>{rows}</ul>
        </details>
    }
    .into_any()
}

#[component]
fn Row(check: Check) -> impl IntoView {
    let (class, sign, word) = if check.passed {
        ("yes", "✓", "passed")
    } else {
        ("no", "✗", "failed")
    };
    view! {
        <li class=class>
            <span class="sign" aria-hidden="true">{sign}</span>
            <span class="sr">{word}": "</span>
            <span>{check.name.title()}</span>
            <span class="hint"><Prose text=check.detail/></span>
        </li>
    }
}
