//! What can be done with the tokens of a run.

use diagnosis::{evidence::Run, tokens};
use leptos::prelude::*;

use super::steps::Followed;

/// A quiet row of buttons; each makes a real call and adds it to the steps.
#[component]
pub fn NextSteps(run: Run, further: Vec<Followed>) -> impl IntoView {
    let steps: Vec<_> = further.iter().map(|(step, _)| step.what.clone()).collect();
    let generations = tokens::generations(&run, &steps);
    let Some(first) = generations.first() else {
        return ().into_any();
    };
    let seen = further.last().map(|(step, _)| step.id.clone());
    let scopes: Vec<String> = first.granted.iter().map(ToString::to_string).collect();
    let refreshable = tokens::refreshable(&generations).is_some();
    let used = tokens::exchanged(&generations).is_some();
    view! {
        <section class="next" id="next" aria-labelledby="next-title">
            <h2 id="next-title">"What next with these tokens"</h2>
            <p class="hint">
                "Each button makes the real call with the newest tokens of this run. It stands above then, with what it did."
            </p>
            <form method="post" action=format!("/runs/{}/steps", run.id)>
                <input type="hidden" name="seen" value=seen.unwrap_or_default()/>
                <dl class="choices">
                    {refreshable.then(|| view! { <Refresh scopes used/> })}
                    <dt>"Look into them"</dt>
                    <dd>
                        <Press what="introspect-access" label="Introspect the access token"/>
                        {refreshable
                            .then(|| view! { <Press what="introspect-refresh" label="Introspect the refresh token"/> })}
                    </dd>
                    <dt>"Use them"</dt>
                    <dd>
                        <Press what="userinfo" label="Call userinfo again"/>
                    </dd>
                    <dt>"End them"</dt>
                    <dd>
                        <Press what="revoke-access" label="Revoke the access token"/>
                        {refreshable
                            .then(|| view! { <Press what="revoke-refresh" label="Revoke the refresh token"/> })}
                        <Press what="log-out" label="Log out at the provider"/>
                    </dd>
                </dl>
            </form>
        </section>
    }
    .into_any()
}

#[component]
fn Refresh(scopes: Vec<String>, used: bool) -> impl IntoView {
    let boxes = scopes
        .into_iter()
        .map(|scope| {
            view! {
                <label class="choice">
                    <input type="checkbox" name="scope" value=scope.clone() checked=true/>
                    <code>{scope}</code>
                </label>
            }
        })
        .collect_view();
    view! {
        <dt id="refresh-label">"New ones"</dt>
        <dd>
            <div class="boxes" role="group" aria-label="Scopes to refresh for" aria-describedby="refresh-hint">
                {boxes}
            </div>
            <Press what="refresh" label="Refresh"/>
            {used.then(|| view! { <Press what="replay" label="Use the old refresh token again"/> })}
            <p class="hint" id="refresh-hint">
                "All ticked or none sends no " <code>"scope"</code> ", which asks for all of them. Fewer narrow the new access token."
            </p>
        </dd>
    }
}

#[component]
fn Press(what: &'static str, label: &'static str) -> impl IntoView {
    view! {
        <button class="button small" type="submit" name="what" value=what>
            {label}
        </button>
    }
}
