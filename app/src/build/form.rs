//! The form that composes a request.

use super::{
    fields::{Fields, OFFERED},
    notes::{Badge, PolicyNote, Remarks},
    parameters::{FurtherParameters, MoreParameters, TextField},
    request_url::RequestUrl,
    workspace::{ClientChoice, Workspace},
};
use leptos::prelude::*;
use policy::{profile::Person, release::StandardScope};

#[component]
pub fn BuildForm(workspace: Workspace, title: &'static str) -> impl IntoView {
    let response_types = workspace.response_types();
    let Workspace {
        fields,
        clients,
        people,
        issuer,
        previous,
        ..
    } = workspace;
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
                <button class="button small" type="button" id="restore" hidden>
                    "Restore my last request"
                </button>
            </div>
            {previous.map(|previous| view! { <input type="hidden" name="previous" value=previous/> })}
            <ClientField fields=fields.clone() clients issuer/>
            <PersonField fields=fields.clone() people/>
            <ScopeField fields=fields.clone()/>
            <MoreParameters fields=fields.clone()/>
            <FurtherParameters fields response_types/>
            <RequestUrl/>
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

#[component]
fn ClientField(fields: Fields, clients: Vec<ClientChoice>, issuer: String) -> impl IntoView {
    let options = clients
        .into_iter()
        .map(|client| {
            let kind = if client.confidential {
                "confidential"
            } else {
                "public"
            };
            view! {
                <option value=client.id.clone() selected=fields.get("client") == client.id>
                    {client.name} " (" {kind} ")"
                </option>
            }
        })
        .collect_view();
    view! {
        <div class="field">
            <span class="label">"Provider"</span>
            <p class="value">"Bundled, this sandbox"</p>
            <code class="hint wrap">{issuer}</code>
        </div>
        <div class="field">
            <label class="label" for="client">"Client"</label>
            <select id="client" name="client">{options}</select>
            <p class="hint"><PolicyNote/></p>
        </div>
    }
}

#[component]
fn PersonField(fields: Fields, people: Vec<Person>) -> impl IntoView {
    let chosen = fields.get("person").to_owned();
    let choice = move |value: String, name: String, description: String| {
        let checked = value == chosen;
        view! {
            <label class="choice">
                <input type="radio" name="person" value=value checked=checked/>
                <span class="choice-name">{name}</span>
                <span class="hint">{description}</span>
            </label>
        }
    };
    let choices = people
        .into_iter()
        .map(|person| {
            let profile = person.profile;
            choice(profile.uuid, profile.given_name, person.description)
        })
        .collect_view();
    let nobody = choice(
        String::new(),
        "Ask me".to_owned(),
        "Nobody: shows the provider's sign-in page.".to_owned(),
    );
    view! {
        <fieldset class="field people">
            <legend class="label">"Sign in as"</legend>
            {choices}
            {nobody}
        </fieldset>
    }
}

#[component]
fn ScopeField(fields: Fields) -> impl IntoView {
    let boxes = OFFERED
        .into_iter()
        .map(|scope| {
            let ticked = fields.holds("scope", scope.as_str());
            view! { <ScopeBox scope ticked/> }
        })
        .collect_view();
    view! {
        <fieldset class="field scope-boxes">
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
                    placeholder="for example loyalty"
                />
                <Remarks field="own_scope".to_owned()/>
            </div>
        </fieldset>
    }
}

#[component]
fn ScopeBox(scope: StandardScope, ticked: bool) -> impl IntoView {
    let token = scope.as_str();
    view! {
        <div class="scope" data-scope=token>
            <label class="choice">
                <input type="checkbox" name="scope" value=token checked=ticked/>
                <code class="choice-name">{token}</code>
                <span class="hint">{scope.claims().join(", ")}</span>
                <Badge scope=token.to_owned()/>
            </label>
        </div>
    }
}
