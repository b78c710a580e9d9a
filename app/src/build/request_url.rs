//! The authorization URL, one line per parameter, byte for byte.

use super::workbench::Bench;
use leptos::{either::Either, prelude::*};
use oidc::authorization::encoded_parameter;

/// What each parameter is for, in a few words.
fn purpose(name: &str) -> &'static str {
    match name {
        "client_id" => "which client asks",
        "redirect_uri" => "where the answer goes; must match exactly",
        "response_type" => "what is asked for; a code is exchanged by the server",
        "response_mode" => "the answer comes as a form, which the server can read",
        "scope" => "what is asked for",
        "state" => "comes back unchanged: guards against forged answers",
        "nonce" => "comes back inside the ID token",
        "code_challenge" => "SHA-256 of a secret that only this client knows",
        "code_challenge_method" => "how the challenge was made",
        "prompt" => "whether to ask the person again",
        "login_hint" => "fills in the e-mail address",
        "max_age" => "sign in again when the last time is longer ago, in seconds",
        "ui_locales" => "languages for the sign-in page",
        "acr_values" => "how strictly to sign in: a wish",
        "display" => "how the sign-in page should look: a wish",
        "claims" => "single claims, asked for by name",
        _ => "",
    }
}

/// The request as the browser will send it.
#[cfg(feature = "ssr")]
#[component]
pub fn RequestUrl() -> impl IntoView {
    use crate::components::copy::CopyButton;
    view! {
        <section class="request" aria-labelledby="request-title">
            <div class="section-head">
                <h2 id="request-title">"The request"</h2>
                <span class="tools">
                    <CopyButton target="request-url".to_owned() label="Copy URL".to_owned()/>
                    <CopyButton target="request-curl".to_owned() label="Copy curl".to_owned()/>
                </span>
            </div>
            <p class="hint">"Byte for byte what your browser will be sent to."</p>
            <RequestLines/>
        </section>
    }
}

/// The address, a line for each parameter, and the same as curl.
#[island]
pub fn RequestLines() -> impl IntoView {
    let bench = Bench::here();
    let request =
        move || bench.ask(|choices, fields| fields.draft().request(&choices.redirect_uri));
    let endpoint = bench
        .choices
        .with_value(|choices| choices.authorization_endpoint.clone());
    let shown = endpoint.clone();
    let lines = move || {
        request()
            .parameters()
            .into_iter()
            .enumerate()
            .map(|(index, (name, value))| line(index, name, &value))
            .collect_view()
    };
    let curl = move || format!("curl --include '{}'", request().url(&endpoint));
    view! {
        <div class="url" id="request-url" tabindex="0" role="group" aria-label="Authorization URL">
            <code class="url-line">{shown}</code>
            {lines}
        </div>
        <pre id="request-curl" hidden>{curl}</pre>
    }
}

fn line(index: usize, name: String, value: &str) -> impl IntoView + use<> {
    let joint = if index == 0 { "?" } else { "&" };
    let encoded = encoded_parameter(&name, value);
    let (key, value) = encoded
        .split_once('=')
        .map_or((encoded.clone(), String::new()), |(key, value)| {
            (key.to_owned(), value.to_owned())
        });
    let value = if name == "scope" {
        Either::Left(scope_value(&value))
    } else {
        Either::Right((!value.is_empty()).then_some(value))
    };
    let purpose = purpose(&name);
    view! {
        <code class="url-line" data-purpose=purpose data-parameter=name>
            <span class="sign">{joint}</span>
            <span class="key">{key}</span>
            <span class="sign">"="</span>
            <span class="value">{value}</span>
        </code>
    }
}

/// Each scope in an element of its own, so that its tick box can light it up.
fn scope_value(encoded: &str) -> impl IntoView + use<> {
    encoded
        .split('+')
        .enumerate()
        .map(|(index, token)| {
            let token = token.to_owned();
            // `None`, since an empty text would be shown as a space.
            let joint = (index > 0).then_some("+");
            view! {
                {joint}
                <span data-scope=token.clone()>{token.clone()}</span>
            }
        })
        .collect_view()
}
