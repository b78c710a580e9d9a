//! An application of one's own: its address, and the code to paste into it.

use super::api::Loaded;
use crate::{
    components::{copy::CopyButton, field::TextInput},
    ssr,
    submitted::Submitted,
};
use diagnosis::snippets::{self, Application, Snippet};
use leptos::prelude::*;
use policy::client::{ClientKind, ClientType};

/// The field with the address to register.
pub const URI: &str = "uri";

/// What stands where the secret belongs, until it is shown.
const HIDDEN: &str = "the-secret-of-this-client";

/// What to register and what to paste.
#[component]
pub fn OwnApplication<'a>(
    loaded: &'a Loaded,
    secret: Option<&'a str>,
    sent: &'a Submitted,
) -> impl IntoView + use<> {
    let client = &loaded.client;
    let application = application(loaded, secret);
    if client.kind() == ClientKind::Configuration {
        let snippet = snippets::administrative(&application);
        return view! {
            <section class="own-application" aria-labelledby="own-title">
                <h2 id="own-title">"From your own program"</h2>
                <Code snippet/>
            </section>
        }
        .into_any();
    }
    let action = format!("/clients/{}/redirect-uris", client.id);
    let snippets = snippets::sign_in(&application)
        .into_iter()
        .enumerate()
        .map(|(at, snippet)| {
            view! {
                <details class="snippet" open=at == 0>
                    <summary>{snippet.library}</summary>
                    <Code snippet/>
                </details>
            }
        })
        .collect_view();
    let hidden = application.secret.as_deref() == Some(HIDDEN);
    view! {
        <section class="own-application" aria-labelledby="own-title">
            <h2 id="own-title">"From your own application"</h2>
            <form method="post" action=action class="stack">
                <TextInput
                    name=URI label="Redirect URI of your application" code=true keyboard="url"
                    value=sent.value(URI).unwrap_or_default() problem=sent.problem(URI)
                    hint="Where people come back to after signing in, exactly as your application sends it: `http://localhost:8080/callback`."
                />
                <p class="actions">
                    <button class="button primary" type="submit">"Register this address"</button>
                </p>
            </form>
            <p>"For " <code class="wrap">{application.redirect_uri}</code> ":"</p>
            {hidden
                .then(|| {
                    view! {
                        <p class="hint">
                            "Where the secret belongs stands " <code>{HIDDEN}</code> ". Show the secret above, and it stands here."
                        </p>
                    }
                })}
            <div class="snippets">{snippets}</div>
        </section>
    }
    .into_any()
}

#[component]
fn Code(snippet: Snippet) -> impl IntoView {
    let id = format!("snippet-{}", snippet.id);
    view! {
        <pre class="code" tabindex="0" id=id.clone()><code>{snippet.text}</code></pre>
        <p class="actions">
            <CopyButton target=id label=format!("Copy for {}", snippet.library)/>
        </p>
    }
}

fn application(loaded: &Loaded, secret: Option<&str>) -> Application {
    let (client, sandbox) = (&loaded.client, &loaded.sandbox);
    let secret = match client.client_type {
        ClientType::Public => None,
        ClientType::Confidential => Some(secret.unwrap_or(HIDDEN).to_owned()),
    };
    let base = sandbox.issuer.trim_end_matches("/login");
    Application {
        issuer: sandbox.issuer.clone(),
        client_id: client.id.clone(),
        secret,
        redirect_uri: redirect_uri(loaded),
        authorization_endpoint: sandbox.authorization_endpoint.clone(),
        token_endpoint: loaded.token_endpoint.clone(),
        userinfo_endpoint: loaded.userinfo_endpoint.clone(),
        configuration: format!("{base}/config"),
    }
}

/// The address that was registered just now, or else the last one that is not
/// the playground's.
fn redirect_uri(loaded: &Loaded) -> String {
    let registered = &loaded.client.redirect_uris;
    let own = &loaded.sandbox.redirect_uri;
    ssr::query_value(URI)
        .filter(|uri| registered.contains(uri))
        .or_else(|| registered.iter().rfind(|uri| *uri != own).cloned())
        .or_else(|| registered.last().cloned())
        .unwrap_or_else(|| own.clone())
}
