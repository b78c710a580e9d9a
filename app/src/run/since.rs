//! What has changed in the sandbox since a run.

use crate::components::prose::Prose;
use diagnosis::since::Since;
use leptos::prelude::*;

#[component]
pub fn ChangedSince(since: Since) -> impl IntoView {
    let Since {
        changes,
        next,
        policy,
    } = since;
    let title = if next.is_some() {
        "Made under the earlier policy"
    } else {
        "The client is gone"
    };
    let items = changes
        .into_iter()
        .map(|text| view! { <li><Prose text/></li> })
        .collect_view();
    let link = policy.map(|id| {
        view! { <p><a href=format!("/policies/token/{id}")>"The token policy by now"</a></p> }
    });
    view! {
        <section class="changes since" aria-labelledby="since-title">
            <h2 id="since-title">
                <span class="sign" aria-hidden="true">"▲"</span>
                " "
                {title}
            </h2>
            <p>"Since this run:"</p>
            <ul class="effects">{items}</ul>
            {next.map(|text| view! { <p><Prose text/></p> })}
            {link}
        </section>
    }
}
