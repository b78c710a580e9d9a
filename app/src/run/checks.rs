//! The checks of the ID token, each with its result.

use crate::components::{json::JsonLines, prose::Prose};
use leptos::prelude::*;
use oidc::verification::Check;
use policy::release::Claims;

#[component]
pub fn Checks(checks: Vec<Check>, id_token: Option<Claims>) -> impl IntoView {
    let failed = checks.iter().filter(|check| !check.passed).count();
    let summary = match (checks.len(), failed) {
        (0, _) => return ().into_any(),
        (all, 0) => format!("{all} checks passed"),
        (all, failed) => format!("{failed} of {all} checks failed"),
    };
    let rows = checks
        .into_iter()
        .map(|check| {
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
        })
        .collect_view();
    let claims = id_token.map(|claims| {
        let lines = diagnosis::panes::plain_lines(&claims);
        view! {
            <details>
                <summary>"Claims of the ID token"</summary>
                <JsonLines lines/>
            </details>
        }
    });
    view! {
        <section class="checks" aria-labelledby="checks-title">
            <div class="section-head">
                <h2 id="checks-title">"ID token"</h2>
                <p class="hint">{summary}</p>
            </div>
            <ul>{rows}</ul>
            {claims}
        </section>
    }
    .into_any()
}
