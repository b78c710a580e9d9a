//! Userinfo beside the token policy.

use crate::components::json::JsonLines;
use diagnosis::panes::PaneLine;
use leptos::prelude::*;

/// Two documents side by side; what is missing in either stands there as a ghost.
#[component]
pub fn Panes(
    /// What userinfo said, or would say.
    userinfo: Vec<PaneLine>,
    /// Says whether it has been said or would be.
    #[prop(into)]
    userinfo_note: String,
    /// The token policy.
    policy: Vec<PaneLine>,
    /// Whose policy it is, and when.
    #[prop(into)]
    policy_note: String,
) -> impl IntoView {
    let userinfo = (!userinfo.is_empty()).then(|| view! { <JsonLines lines=userinfo/> });
    view! {
        <div class="panes">
            <section aria-labelledby="userinfo-title">
                <h2 id="userinfo-title">"Userinfo"</h2>
                <p class="hint">{userinfo_note}</p>
                {userinfo}
            </section>
            <section aria-labelledby="policy-title">
                <h2 id="policy-title">"Token policy"</h2>
                <p class="hint">{policy_note}</p>
                <JsonLines lines=policy/>
            </section>
        </div>
    }
}
