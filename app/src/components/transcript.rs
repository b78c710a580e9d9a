//! Every exchange of a run, in order.

use crate::components::http_message::Exchange;
use leptos::prelude::*;
use oidc::exchange::RecordedExchange;

/// A list of exchanges that open.
#[component]
pub fn Transcript(
    exchanges: Vec<RecordedExchange>,
    /// Makes the ids of this list's parts unique on the page.
    #[prop(into)]
    prefix: String,
    reveal: bool,
) -> impl IntoView {
    let items = exchanges
        .into_iter()
        .enumerate()
        .map(|(index, recorded)| {
            view! {
                <li>
                    <Exchange recorded id=format!("{prefix}-{}", index + 1) reveal/>
                </li>
            }
        })
        .collect_view();
    view! { <ol class="transcript">{items}</ol> }
}
