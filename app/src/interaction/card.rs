//! What all of the provider's screens have in common.

use leptos::prelude::*;

/// A screen that is one card in the middle of the page.
#[component]
pub fn Card(heading: &'static str, children: Children) -> impl IntoView {
    view! {
        <main id="main" class="sign-in">
            <div class="sign-in-card">
                <p class="eyebrow">"The bundled provider"</p>
                <h1>{heading}</h1>
                {children()}
            </div>
        </main>
    }
}

/// What is wrong with the whole form.
#[component]
pub fn Alert(text: &'static str) -> impl IntoView {
    view! {
        <p class="alert" role="alert" id="problem">
            <span class="sign" aria-hidden="true">"✕"</span>
            {text}
        </p>
    }
}

/// What went well.
#[component]
pub fn Success(text: &'static str) -> impl IntoView {
    view! {
        <p class="alert success" role="status">
            <span class="sign" aria-hidden="true">"✓"</span>
            {text}
        </p>
    }
}

/// What is said when fields are wrong. The fields say more.
pub const FIELDS_ARE_WRONG: &str = "Check what is marked below.";
