//! What came of a change on a policy's page, and what else can be done there.

use super::{editor::SEEN, review::Lines};
use crate::console::change::ChangeMade;
use diagnosis::put;
use leptos::prelude::*;
use playground::{Change, Kept};
use serde_json::{Map, Value};

/// What came of a change that was asked for on this page, with what it changed.
#[component]
pub fn Made(change: Kept<Change>) -> impl IntoView {
    let headline = headline(&change.what);
    let before = change.what.before.as_deref().and_then(document);
    let after = document(&change.what.answer).filter(|_| change.what.is_done());
    let lines = before
        .zip(after)
        .map(|(before, after)| put::changes(&before, &after))
        .filter(|lines| !lines.is_empty())
        .map(|lines| view! { <Lines lines before=true/> });
    view! {
        <div class="made">
            <ChangeMade change headline/>
            {lines}
        </div>
    }
}

fn headline(change: &Change) -> &'static str {
    match (change.is_done(), change.path.contains("/clients/")) {
        (true, true) => "The client has another policy now.",
        (true, false) if change.before.is_none() => "The policy is made.",
        (true, false) if change.path.contains("/tokenPolicies/") => {
            "The policy is changed. The next token is issued by it."
        }
        (true, false) => "The policy is changed. The next sign-in follows it.",
        (false, _) => "Nothing was changed.",
    }
}

/// A document of the API without what the API adds.
fn document(text: &str) -> Option<Map<String, Value>> {
    let mut document: Map<String, Value> = serde_json::from_str(text).ok()?;
    document.retain(|name, _| !matches!(name.as_str(), "id" | "_links"));
    Some(document)
}

/// Copying and deleting.
#[component]
pub fn Others(
    /// The policy's page.
    address: String,
    /// The page of a new one that begins as this one is.
    copy: String,
    /// The version the page shows.
    version: String,
    is_used: bool,
) -> impl IntoView {
    view! {
        <section aria-labelledby="more-title">
            <h2 id="more-title">"Copy or delete"</h2>
            {is_used
                .then(|| {
                    view! {
                        <p class="hint">
                            "The API refuses to delete a policy that clients use. Give them another one first."
                        </p>
                    }
                })}
            <form class="actions" method="post" action=format!("{address}/delete")>
                <a class="button" href=copy>"Copy it"</a>
                <input type="hidden" name=SEEN value=version/>
                <button class="button danger" type="submit">"Delete it"</button>
            </form>
        </section>
    }
}
