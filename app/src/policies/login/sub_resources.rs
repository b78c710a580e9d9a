//! What a login policy says under addresses of its own.

use crate::{policies::editor::SEEN, submitted::Submitted};
use leptos::prelude::*;
use oidc::response_type::ResponseType;
use policy::login_policy::LoginPolicy;
use provider::versions;

/// The field of a ticked response type.
pub const TYPE: &str = "type";
/// The field that is ticked when claims are pushed.
pub const PUSH: &str = "push";

/// Two small forms, each a PUT of its own.
#[component]
pub fn SubResources(
    policy: LoginPolicy,
    /// The policy's page.
    address: String,
    /// What was sent, when one of them was refused.
    form: Submitted,
) -> impl IntoView {
    let is_types = form.value("about") == Some("types");
    let ticked = |own: ResponseType| {
        if is_types {
            form.values(TYPE).any(|sent| sent == own.as_str())
        } else {
            let allowed = &policy.allowed_response_types;
            allowed.iter().any(|allowed| allowed == own.as_str())
        }
    };
    let boxes = ResponseType::ALL
        .into_iter()
        .map(|own| {
            view! {
                <label class="choice">
                    <input type="checkbox" name=TYPE value=own.as_str() checked=ticked(own)/>
                    <code class="choice-name">{own.as_str()}</code>
                    <span class="hint">{flow(own)}</span>
                </label>
            }
        })
        .collect_view();
    let types = versions::response_types(&policy);
    let push = versions::push_claims(&policy);
    view! {
        <section class="sides" aria-label="Settings with addresses of their own">
            <form class="side" method="post" action=format!("{address}/response-types")>
                <h2>"Allowed response types"</h2>
                <input type="hidden" name="about" value="types"/>
                <input type="hidden" name=SEEN value=types/>
                <fieldset class="field">
                    <legend class="label">"Clients may ask for"</legend>
                    {boxes}
                </fieldset>
                <p class="actions"><button class="button" type="submit">"Send the PUT of response types"</button></p>
            </form>
            <form class="side" method="post" action=format!("{address}/push-claims")>
                <h2>"Push claims"</h2>
                <input type="hidden" name="about" value="push"/>
                <input type="hidden" name=SEEN value=push/>
                <label class="choice">
                    <input type="checkbox" name=PUSH value="true" checked=policy.push_claims/>
                    <span class="choice-name">"Push claims into the ID token"</span>
                    <span class="hint">"The claims of the granted scopes come with the ID token, and not only from userinfo. Our reading of the name."</span>
                </label>
                <p class="actions"><button class="button" type="submit">"Send the PUT of pushClaims"</button></p>
            </form>
        </section>
    }
}

/// What a response type is for.
fn flow(response_type: ResponseType) -> &'static str {
    match response_type.as_str() {
        "code" => "the authorization code flow",
        "id_token" | "id_token token" => "an implicit flow: tokens in the address",
        _ => "a hybrid flow: a code, and tokens in the address",
    }
}
