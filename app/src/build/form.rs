//! The form that composes a request.

use super::{
    fields::{Fields, OFFERED},
    parameters::{MoreParameters, TextField},
    request_url::RequestUrl,
    workspace::Workspace,
};
use crate::components::prose::Prose;
use diagnosis::verdict;
use leptos::prelude::*;
use policy::{profile::Person, release::StandardScope};

#[component]
pub fn BuildForm(
    fields: RwSignal<Fields>,
    /// The request composed last, on offer.
    kept: RwSignal<Option<Fields>>,
    shared: StoredValue<Workspace>,
    title: &'static str,
) -> impl IntoView {
    let workspace = shared.get_value();
    let redirect_uri = workspace.redirect_uri.clone();
    let request = Memo::new(move |_| fields.read().draft().request(&redirect_uri));
    view! {
        <form
            class="build"
            id="build"
            method="post"
            action="/runs"
            autocomplete="off"
            aria-label=title
        >
            <div class="section-head build-head">
                <h2>{title}</h2>
                <RestoreButton fields kept/>
            </div>
            {workspace
                .previous
                .clone()
                .map(|previous| view! { <input type="hidden" name="previous" value=previous/> })}
            <ClientField fields shared/>
            <PersonField fields people=workspace.people/>
            <ScopeField fields shared/>
            <MoreParameters fields/>
            <RequestUrl request endpoint=workspace.authorization_endpoint/>
            <p class="actions">
                <button class="button primary" type="submit">"Run"</button>
                <button
                    class="button unscripted"
                    type="submit"
                    formaction="/draft"
                >
                    "Update the prediction"
                </button>
            </p>
        </form>
    }
}

/// Offers the request composed last: what the page opens with stays as it is
/// until then.
#[component]
fn RestoreButton(fields: RwSignal<Fields>, kept: RwSignal<Option<Fields>>) -> impl IntoView {
    let restore = move |_| {
        if let Some(draft) = kept.get_untracked() {
            kept.set(None);
            fields.set(draft);
        }
    };
    view! {
        <button
            class="button small"
            type="button"
            hidden=move || kept.read().is_none()
            on:click=restore
        >
            "Restore my last request"
        </button>
    }
}

#[component]
fn ClientField(fields: RwSignal<Fields>, shared: StoredValue<Workspace>) -> impl IntoView {
    let workspace = shared.get_value();
    let options = workspace
        .clients
        .iter()
        .map(|client| {
            let id = client.id.clone();
            let selected = {
                let id = id.clone();
                move || fields.read().client == id
            };
            view! {
                <option value=id selected=selected>
                    {client.name.clone()} " (" {client.client_type.as_str()} ")"
                </option>
            }
        })
        .collect_view();
    let policy = move || {
        shared.with_value(|workspace| {
            workspace
                .policy(&fields.read())
                .map(|policy| format!("Token policy: “{}”", policy.title))
        })
    };
    view! {
        <div class="field">
            <span class="label">"Provider"</span>
            <p class="value">"Bundled, this sandbox"</p>
            <code class="hint wrap">{workspace.issuer.clone()}</code>
        </div>
        <div class="field">
            <label class="label" for="client">"Client"</label>
            <select
                id="client"
                name="client"
                prop:value=move || fields.read().client.clone()
                on:change:target=move |event| fields.write().client = event.target().value()
            >
                {options}
            </select>
            <p class="hint">{policy}</p>
        </div>
    }
}

#[component]
fn PersonField(fields: RwSignal<Fields>, people: Vec<Person>) -> impl IntoView {
    let choices = people
        .into_iter()
        .map(|person| {
            let name = person.profile.given_name.clone();
            view! {
                <PersonChoice
                    fields
                    value=person.profile.uuid
                    name=name
                    description=person.description
                />
            }
        })
        .collect_view();
    view! {
        <fieldset class="field people">
            <legend class="label">"Sign in as"</legend>
            {choices}
            <PersonChoice
                fields
                value=String::new()
                name="Ask me".to_owned()
                description="Nobody: shows the provider's sign-in page.".to_owned()
            />
        </fieldset>
    }
}

#[component]
fn PersonChoice(
    fields: RwSignal<Fields>,
    value: String,
    name: String,
    description: String,
) -> impl IntoView {
    let own = value.clone();
    let checked = move || fields.read().person == own;
    let chosen = value.clone();
    view! {
        <label class="choice">
            <input
                type="radio"
                name="person"
                value=value
                checked=checked.clone()
                prop:checked=checked
                on:change=move |_| fields.write().person.clone_from(&chosen)
            />
            <span class="choice-name">{name}</span>
            <span class="hint">{description}</span>
        </label>
    }
}

#[component]
fn ScopeField(fields: RwSignal<Fields>, shared: StoredValue<Workspace>) -> impl IntoView {
    let boxes = OFFERED
        .into_iter()
        .map(|scope| view! { <ScopeBox fields shared scope/> })
        .collect_view();
    let findings = move || {
        verdict::remarks(fields.read().own_scope.trim())
            .into_iter()
            .map(|text| view! { <span class="finding"><Prose text/></span> })
            .collect_view()
    };
    view! {
        <fieldset class="field scopes">
            <legend class="label">"Scopes"</legend>
            <div class="scope" data-scope="openid">
                <label class="choice">
                    <input type="checkbox" checked disabled aria-describedby="why-openid"/>
                    <input type="hidden" name="scope" value="openid"/>
                    <code class="choice-name">"openid"</code>
                    <span class="hint">"sub"</span>
                </label>
                <details class="why">
                    <summary>"Locked: why"</summary>
                    <p id="why-openid">
                        "Without "<code>"openid"</code>
                        " it is no OpenID Connect request: no ID token, no userinfo. Hosted Login refuses it with “Scope must include 'openid'”."
                    </p>
                </details>
            </div>
            {boxes}
            <div class="field own-scope">
                <TextField
                    name="own_scope"
                    label="Your own scope"
                    fields
                    get=|f| &f.own_scope
                    get_mut=|f| &mut f.own_scope
                    placeholder="for example loyalty"
                />
                <p class="hint" aria-live="polite">{findings}</p>
            </div>
        </fieldset>
    }
}

#[component]
fn ScopeBox(
    fields: RwSignal<Fields>,
    shared: StoredValue<Workspace>,
    scope: StandardScope,
) -> impl IntoView {
    let token = scope.as_str();
    let checked = move || fields.read().is_ticked(scope);
    let allowed = move || {
        shared.with_value(|workspace| {
            workspace
                .policy(&fields.read())
                .is_none_or(|policy| policy.allowed_scopes.contains(token))
        })
    };
    view! {
        <div class="scope" data-scope=token>
            <label class="choice">
                <input
                    type="checkbox"
                    name="scope"
                    value=token
                    checked=checked
                    prop:checked=checked
                    on:change:target=move |event| {
                        let on = event.target().checked();
                        fields.write().tick(scope, on);
                    }
                />
                <code class="choice-name">{token}</code>
                <span class="hint">{scope.claims().join(", ")}</span>
                <span class="badge" hidden=allowed>"not in the policy"</span>
            </label>
        </div>
    }
}
