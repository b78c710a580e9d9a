//! The parameters that a first request can do without.

use super::fields::Fields;
use leptos::prelude::*;

/// The values of `prompt` on offer; the empty one leaves it out.
const PROMPTS: [&str; 3] = ["", "login", "none"];

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
