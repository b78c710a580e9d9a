//! A word for who is here for the first time. Put away, it stays away.

use crate::{components::prose::Prose, ssr};
use leptos::prelude::*;

/// The name of the cookie that remembers which hints were put away, as their
/// ids with dots between them.
pub const COOKIE: &str = "hints";

/// A hint with a button that puts it away.
#[component]
pub fn Hint(
    /// Its name, the same for ever: letters and hyphens.
    id: &'static str,
    /// What it says. Text in backquotes is code.
    text: &'static str,
) -> impl IntoView {
    (!ssr::is_put_away(id)).then(|| {
        view! {
            <aside class="first-hint" aria-label="Hint">
                <p><Prose text/></p>
                <form method="post" action="/hints">
                    <button class="button small" type="submit" name="put_away" value=id>
                        "Got it"
                    </button>
                </form>
            </aside>
        }
    })
}
