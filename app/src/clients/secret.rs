//! A client's secret: shown when it is asked for, and replaced by another.

use crate::components::copy::CopyButton;
use leptos::prelude::*;
use policy::client::{Client, ClientType};

#[component]
pub fn Secret(
    client: Client,
    /// The secret, when it was asked for.
    #[prop(optional_no_strip)]
    secret: Option<String>,
) -> impl IntoView {
    if client.client_type == ClientType::Public {
        return view! {
            <section aria-labelledby="secret-title">
                <h2 id="secret-title">"Secret"</h2>
                <p>"None: a public client proves with PKCE that it is the one who asked."</p>
            </section>
        }
        .into_any();
    }
    let at = format!("/clients/{}/secret", client.id);
    let shown = match secret {
        Some(secret) => view! {
            <p class="secret">
                <code id="secret" class="wrap">{secret}</code>
                <CopyButton target="secret".to_owned() label="Copy secret".to_owned()/>
            </p>
        }
        .into_any(),
        None => view! {
            <p>
                <span aria-hidden="true">"••••••••"</span>
                <span class="sr">"Not shown."</span>
            </p>
            <form method="post" action=format!("{at}/show") class="actions">
                <button class="button" type="submit">"Show the secret"</button>
            </form>
        }
        .into_any(),
    };
    view! {
        <section aria-labelledby="secret-title">
            <h2 id="secret-title">"Secret"</h2>
            {shown}
            <form method="post" action=at class="actions">
                <button class="button danger" type="submit">"Reset the secret"</button>
                <span class="hint">"The one it has is good for nothing from then on. Tokens that were issued stay."</span>
            </form>
        </section>
    }
    .into_any()
}
