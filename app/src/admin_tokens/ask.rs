//! The form that asks for a token.

use super::{
    form::AskFields,
    scopes::{OurReading, OurReadingReason},
};
use crate::{
    components::{
        field::{TextInput, described_by, problem_id},
        prose::Prose,
    },
    submitted::Submitted,
};
use diagnosis::admin::{Slip, gloss, is_our_reading, request_body};
use leptos::prelude::*;
use playground::LabView;

/// The id of the form.
pub const FORM: &str = "admin-token";
/// Where the form is sent to see what it would do.
const PREVIEW: &str = "/admin-tokens/preview";

/// Client, scopes, and the buttons.
#[component]
pub fn AskForm(
    lab: LabView,
    fields: AskFields,
    sent: Submitted,
    title: &'static str,
    /// Whether the page follows the form.
    #[prop(optional)]
    live: bool,
) -> impl IntoView {
    let preview = if live { "button unscripted" } else { "button" };
    let summary = fields
        .typed(&lab)
        .map(|typed| typed.scope())
        .unwrap_or_default();
    let problem = sent.problem("own");
    let refused = sent.status >= 400;
    view! {
        <details class="fold" open=refused>
            <summary>{title}" "<span class="hint">{summary}</span></summary>
            <form id=FORM class="build" method="post" action="/admin-tokens" data-preview=PREVIEW>
                <div class="build-head"><h2>{title}</h2></div>
                <ClientChoice lab=lab.clone() chosen=fields.client.clone() problem=sent.problem("client")/>
                <ScopeChoice lab fields=fields.clone()/>
                <TextInput
                    name="own" label="Scopes of your own" value=fields.own code=true problem
                    hint="With spaces between them. Try `XXXXX`, or a slip such as `*.**`."
                />
                <p class="actions">
                    <button class="button primary" type="submit">"Get the token"</button>
                    <button class=preview type="submit" formaction=PREVIEW>"Preview"</button>
                </p>
            </form>
        </details>
    }
}

#[component]
fn ClientChoice(
    lab: LabView,
    chosen: String,
    #[prop(optional_no_strip)] problem: Option<String>,
) -> impl IntoView {
    let options = lab
        .clients
        .iter()
        .map(|client| {
            let selected = client.id == chosen;
            view! { <option value=client.id.clone() selected=selected>{client.name.clone()}</option> }
        })
        .collect_view();
    let policy = lab.client(&chosen).and_then(|client| lab.policy_of(client));
    let policy = policy.map(|policy| {
        let href = format!("/policies/token/{}", policy.id);
        view! { <p class="hint">"Token policy "<a href=href>{policy.title.clone()}</a></p> }
    });
    let invalid = problem.as_ref().map(|_| "true");
    let described = described_by("client", false, problem.is_some());
    view! {
        <div class="field">
            <label for="client">"Configuration client"</label>
            <select id="client" name="client" aria-invalid=invalid aria-describedby=described>{options}</select>
            <div id="client-policy" data-region>{policy}</div>
            {problem.map(|text| view! {
                <p class="field-problem" id=problem_id("client")>
                    <span class="sign" aria-hidden="true">"✕"</span>
                    <span><Prose text/></span>
                </p>
            })}
        </div>
    }
}

#[component]
fn ScopeChoice(lab: LabView, fields: AskFields) -> impl IntoView {
    let policy = fields.policy(&lab);
    let offered = fields.offered(&lab);
    let ours = offered.iter().any(|scope| is_our_reading(scope));
    let boxes = offered
        .into_iter()
        .map(|scope| {
            let listed = policy.is_some_and(|policy| policy.allowed_scopes.contains(&scope));
            let checked = fields.ticked.contains(&scope);
            view! { <ScopeBox scope checked listed/> }
        })
        .collect_view();
    view! {
        <fieldset class="field scopes-asked" id="scopes-asked" data-region>
            <legend class="label">"Scopes"</legend>
            {boxes}
            {ours.then(|| view! { <OurReadingReason/> })}
        </fieldset>
    }
}

#[component]
fn ScopeBox(scope: String, checked: bool, listed: bool) -> impl IntoView {
    let means = gloss(&scope).unwrap_or_else(|| "allows no call".to_owned());
    let ours = is_our_reading(&scope);
    view! {
        <div class="scope">
            <label class="choice">
                <input type="checkbox" name="scope" value=scope.clone() checked=checked/>
                <code class="choice-name">{scope}</code>
                <span class="hint"><Prose text=means/>{ours.then(|| view! { <OurReading/> })}</span>
                {(!listed).then(|| view! { <span class="badge">"not in allowedScopes"</span> })}
            </label>
        </div>
    }
}

/// What seems wrong with what was typed, with what may have been meant.
#[component]
pub fn Slips(slips: Vec<Slip>) -> impl IntoView {
    if slips.is_empty() {
        return ().into_any();
    }
    let items = slips
        .into_iter()
        .map(|slip| {
            let use_it = slip.meant.map(|meant| {
                let value = format!("{} {meant}", slip.word);
                view! {
                    " "
                    <button class="button small" type="submit" form=FORM formaction=PREVIEW name="use" value=value>
                        "Use "<code>{meant}</code>
                    </button>
                }
            });
            view! { <li><Prose text=slip.text/>{use_it}</li> }
        })
        .collect_view();
    view! {
        <section class="slips" aria-labelledby="slips-title">
            <h2 id="slips-title">"Before you send it"</h2>
            <ul>{items}</ul>
        </section>
    }
    .into_any()
}

/// The body of the request, one line per parameter.
#[component]
pub fn RequestBody(words: Vec<String>) -> impl IntoView {
    let lines = request_body(&words)
        .into_iter()
        .enumerate()
        .map(|(at, (name, value))| {
            let encoded: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
            view! {
                <span class="url-line">
                    {(at > 0).then(|| view! { <span class="sign">"&"</span> })}
                    <span class="key">{name}</span>
                    <span class="sign">"="</span>
                    {encoded}
                </span>
            }
        })
        .collect_view();
    view! {
        <section class="admin-request" aria-labelledby="body-title">
            <h2 id="body-title">"The request"</h2>
            <p class="hint">
                <code>"POST login/token"</code>
                ", with the client's id and secret in the header "<code>"Authorization: Basic"</code>
                ". The body:"
            </p>
            <pre class="url" tabindex="0"><code>{lines}</code></pre>
        </section>
    }
}
