//! The parameters that a first request can do without.

use super::fields::{Fields, PROMPTS};
use leptos::prelude::*;

/// A text of the form, with a label.
#[component]
pub fn TextField(
    /// The field's name in the form, and its id.
    name: &'static str,
    #[prop(default = name)] label: &'static str,
    fields: RwSignal<Fields>,
    /// Where the text stands in the form's data.
    get: fn(&Fields) -> &String,
    /// The same place, to be written.
    get_mut: fn(&mut Fields) -> &mut String,
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
            value=get(&fields.read_untracked()).clone()
            prop:value=move || get(&fields.read()).clone()
            on:input:target=move |event| *get_mut(&mut fields.write()) = event.target().value()
        />
    }
}

/// `state`, `nonce`, PKCE, `prompt` and `login_hint`, folded away.
#[component]
pub fn MoreParameters(fields: RwSignal<Fields>) -> impl IntoView {
    let prompts = PROMPTS
        .into_iter()
        .map(|value| {
            let label = if value.is_empty() { "left out" } else { value };
            view! {
                <option value=value selected=move || fields.read().prompt == value>{label}</option>
            }
        })
        .collect_view();
    view! {
        <details class="field more">
            <summary>"state, nonce, PKCE, prompt, login_hint"</summary>
            <div class="field">
                <TextField name="state" fields get=|f| &f.state get_mut=|f| &mut f.state/>
                <p class="hint">
                    "Empty leaves it out; the answer then cannot be told from a forged one, and the playground refuses it."
                </p>
            </div>
            <div class="field">
                <TextField name="nonce" fields get=|f| &f.nonce get_mut=|f| &mut f.nonce/>
            </div>
            <Pkce fields/>
            <div class="field">
                <label for="prompt">"prompt"</label>
                <select
                    id="prompt"
                    name="prompt"
                    prop:value=move || fields.read().prompt.clone()
                    on:change:target=move |event| fields.write().prompt = event.target().value()
                >
                    {prompts}
                </select>
                <p class="hint">
                    <code>"login"</code>
                    " asks again although there is a session; "
                    <code>"none"</code>
                    " never asks."
                </p>
            </div>
            <div class="field">
                <TextField
                    name="login_hint"
                    fields
                    get=|f| &f.login_hint
                    get_mut=|f| &mut f.login_hint
                />
            </div>
        </details>
    }
}

#[component]
fn Pkce(fields: RwSignal<Fields>) -> impl IntoView {
    let on = move || fields.read().pkce;
    view! {
        <div class="field">
            <label class="choice">
                <input
                    type="checkbox"
                    name="pkce"
                    value="S256"
                    checked=on
                    prop:checked=on
                    on:change:target=move |event| fields.write().pkce = event.target().checked()
                />
                <span class="choice-name">"PKCE"</span>
                <span class="hint">
                    "code_challenge, S256. A public client is refused without it."
                </span>
            </label>
            <input
                type="hidden"
                name="code_verifier"
                value=fields.read_untracked().code_verifier.clone()
                prop:value=move || fields.read().code_verifier.clone()
            />
        </div>
    }
}
