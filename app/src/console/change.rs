//! A change of the configuration: what came of it, and the calls it took.

use crate::components::{prose::Prose, transcript::Transcript};
use leptos::prelude::*;
use playground::{Change, Kept};

/// What came of a change, and every call it took.
#[component]
pub fn ChangeMade(
    change: Kept<Change>,
    /// What it did, in a sentence. Text in backquotes is code.
    #[prop(into)]
    headline: String,
) -> impl IntoView {
    let Change {
        method,
        path,
        status,
        exchanges,
        ..
    } = change.what;
    let done = (200..300).contains(&status);
    let (class, sign) = if done {
        ("alert success", "✓")
    } else {
        ("alert", "✕")
    };
    let calls = format!(
        "{} calls: `{} {path}` answered {status}",
        exchanges.len(),
        method.as_str()
    );
    view! {
        <section class="change" aria-label="What was done">
            <h2 class="sr">"What was done"</h2>
            <p class=class role="status">
                <span class="sign" aria-hidden="true">{sign}</span>
                <span><Prose text=headline/></span>
            </p>
            <details class="quiet">
                <summary><Prose text=calls/></summary>
                <Transcript exchanges prefix="change" reveal=false/>
            </details>
        </section>
    }
}
