//! The parameters that a first request can do without.

use super::{
    fields::{Fields, OWN},
    notes::Remarks,
};
use leptos::prelude::*;

/// The values of `prompt` on offer; the empty one leaves it out.
const PROMPTS: [&str; 3] = ["", "login", "none"];

/// The values of `response_type` on offer: those whose answer the playground
/// can read. The empty one leaves it out.
const OFFERED_TYPES: [&str; 5] = [
    "code",
    "code id_token",
    "code token",
    "code id_token token",
    "",
];

/// The values of `display` on offer; the empty one leaves it out.
const DISPLAYS: [&str; 5] = ["", "page", "popup", "touch", "wap"];

/// A text of the form, with a label.
#[component]
pub fn TextField(
    /// The field's name in the form, and its id.
    name: &'static str,
    #[prop(default = name)] label: &'static str,
    fields: Fields,
    #[prop(optional)] placeholder: &'static str,
) -> impl IntoView {
    view! {
        <label for=name>{label}</label>
        <input
            id=name
            name=name
            type="text"
            autocomplete="off"
            autocapitalize="none"
            spellcheck="false"
            placeholder=(!placeholder.is_empty()).then_some(placeholder)
            value=fields.get(name).to_owned()
        />
    }
}

/// A choice of the form, with a label; the empty value leaves the parameter out.
#[component]
fn Choice(name: &'static str, values: &'static [&'static str], fields: Fields) -> impl IntoView {
    let options = values
        .iter()
        .map(|value| {
            let label = if value.is_empty() { "left out" } else { value };
            view! { <option value=*value selected=fields.get(name) == *value>{label}</option> }
        })
        .collect_view();
    view! {
        <label for=name>{name}</label>
        <select id=name name=name>{options}</select>
    }
}

/// `state`, `nonce`, PKCE, `prompt` and `login_hint`, folded away.
#[component]
pub fn MoreParameters(fields: Fields) -> impl IntoView {
    let text = |name| {
        let fields = fields.clone();
        view! { <TextField name fields/> }
    };
    view! {
        <details class="field more">
            <summary>"state, nonce, PKCE, prompt, login_hint"</summary>
            <div class="field">
                {text("state")}
                <p class="hint">
                    "Empty leaves it out; the answer then cannot be told from a forged one, and the playground refuses it."
                </p>
            </div>
            <div class="field">{text("nonce")}</div>
            <Pkce fields=fields.clone()/>
            <div class="field">
                <Choice name="prompt" values=&PROMPTS fields=fields.clone()/>
                <p class="hint">
                    <code>"login"</code>
                    " asks again although there is a session; "
                    <code>"none"</code>
                    " never asks."
                </p>
            </div>
            <div class="field">{text("login_hint")}</div>
        </details>
    }
}

/// `response_type`, the parameters that say how somebody is to sign in,
/// `claims`, and parameters of one's own, folded away.
#[component]
pub fn FurtherParameters(
    fields: Fields,
    /// The response types that the client may ask for.
    response_types: Vec<String>,
) -> impl IntoView {
    let text = |name, placeholder| {
        let fields = fields.clone();
        view! { <TextField name fields placeholder/> }
    };
    view! {
        <details class="field more">
            <summary>"response_type, max_age, claims, your own"</summary>
            <ResponseTypeField fields=fields.clone() allowed=response_types/>
            <div class="field">
                {text("max_age", "for example 300")}
                <p class="hint">"Seconds since somebody signed in; after that, sign in again."</p>
            </div>
            <div class="field">
                {text("ui_locales", "for example de en")}
                <p class="hint">"The languages the sign-in page should speak; this provider speaks English."</p>
            </div>
            <div class="field">
                {text("acr_values", "")}
                <p class="hint">"How strictly to sign in, the preferred way first: a wish."</p>
            </div>
            <div class="field">
                <Choice name="display" values=&DISPLAYS fields=fields.clone()/>
            </div>
            <ClaimsField fields=fields.clone()/>
            <OwnParameters fields/>
        </details>
    }
}

#[component]
fn ResponseTypeField(fields: Fields, allowed: Vec<String>) -> impl IntoView {
    let options = OFFERED_TYPES
        .into_iter()
        .map(|value| {
            let label = if value.is_empty() {
                "left out".to_owned()
            } else if allowed.iter().any(|own| own == value) {
                value.to_owned()
            } else {
                format!("{value} (not allowed by the login policy)")
            };
            view! { <option value=value selected=fields.get("response_type") == value>{label}</option> }
        })
        .collect_view();
    view! {
        <div class="field">
            <label for="response_type">"response_type"</label>
            <select id="response_type" name="response_type">{options}</select>
            <p class="hint">"What the provider answers with. What the login policy does not allow is refused."</p>
        </div>
    }
}

#[component]
fn ClaimsField(fields: Fields) -> impl IntoView {
    view! {
        <div class="field">
            <label for="claims">"claims"</label>
            <textarea
                id="claims"
                name="claims"
                rows="3"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                placeholder=r#"{"userinfo": {"birthdate": null}}"#
            >
                {fields.get("claims").to_owned()}
            </textarea>
            <p class="hint">"Single claims by name, as JSON. The token policy does not bind them: our reading."</p>
            <Remarks field="claims".to_owned()/>
        </div>
    }
}

#[component]
fn OwnParameters(fields: Fields) -> impl IntoView {
    let rows = OWN
        .iter()
        .enumerate()
        .map(|(index, (name, value))| {
            let part = |field: &'static str, label: String| {
                view! {
                    <input
                        name=field
                        type="text"
                        aria-label=label
                        placeholder=if field == *name { "name" } else { "value" }
                        autocomplete="off"
                        autocapitalize="none"
                        spellcheck="false"
                        value=fields.get(field).to_owned()
                    />
                }
            };
            let row = index + 1;
            view! {
                <div class="own-parameter">
                    {part(name, format!("Name of your own parameter {row}"))}
                    {part(value, format!("Value of your own parameter {row}"))}
                </div>
            }
        })
        .collect_view();
    view! {
        <fieldset class="field">
            <legend class="label">"Your own parameters"</legend>
            {rows}
            <p class="hint">"Sent as they are; a provider ignores those it does not know."</p>
        </fieldset>
    }
}

#[component]
fn Pkce(fields: Fields) -> impl IntoView {
    view! {
        <div class="field">
            <label class="choice">
                <input
                    type="checkbox"
                    name="pkce"
                    value="S256"
                    checked=!fields.get("pkce").is_empty()
                />
                <span class="choice-name">"PKCE"</span>
                <span class="hint">
                    "code_challenge, S256. A public client is refused without it."
                </span>
            </label>
            <input
                type="hidden"
                name="code_verifier"
                value=fields.get("code_verifier").to_owned()
            />
        </div>
    }
}
