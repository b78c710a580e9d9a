//! One call: to be asked about, or made.

use super::{
    permissions::shortened,
    scopes::{OurReading, OurReadingReason},
};
use crate::components::{prose::Prose, transcript::Transcript};
use diagnosis::admin::{
    CallMade, Effect, Permission, Refusal, advice, agreement, effect, is_our_reading,
};
use leptos::prelude::*;
use oidc::scope::ScopeToken;
use playground::AdminTokenView;

/// Asks before a call that makes, changes or removes something.
#[component]
pub fn AskFirst(
    view: AdminTokenView,
    method: String,
    path: String,
    /// What would be sent.
    #[prop(optional_no_strip)]
    body: Option<String>,
) -> impl IntoView {
    let place = view.lab.places.iter().find(|place| place.path == path);
    let call = place.and_then(|place| place.calls.iter().find(|call| call.method == method));
    let (Some(place), Some(call)) = (place, call) else {
        return ().into_any();
    };
    let (text, button, danger) = match effect(&method, call.name) {
        Effect::Makes(what) => (
            format!("It makes {what}, with this body. Change it as you like."),
            "Make it",
            false,
        ),
        Effect::Changes(text) => (text.to_owned(), "Make the call", true),
        Effect::Reads | Effect::SendsBack => (String::new(), "Make the call", false),
    };
    let item = (!place.item.is_empty()).then(|| view! { " · "<b>{place.item.clone()}</b> });
    let locks_out = view.lab.loses_way_in(&method, &path).then(|| {
        view! {
            <p class="alert">
                <span class="sign" aria-hidden="true">"✕"</span>
                <span>
                    "This is the last way to change the configuration: afterwards you are locked out. The page "
                    <a href="/admin-tokens">"Administrative tokens"</a>
                    " can put the client back."
                </span>
            </p>
        }
    });
    let class = if danger {
        "button danger"
    } else {
        "button primary"
    };
    let value = format!("{method} {path}");
    let back = format!("/admin-tokens/{}#permissions", view.token.id);
    view! {
        <section class="call-panel asked" id="call" aria-labelledby="call-title">
            <h3 id="call-title" tabindex="-1" autofocus=true>"Make this call?"</h3>
            <p><code>{method.clone()}" "{shortened(&path)}</code>{item}</p>
            <p>{call.summary}". "{text}</p>
            {locks_out}
            <form method="post" action=format!("/admin-tokens/{}/calls", view.token.id)>
                <input type="hidden" name="sure" value="yes"/>
                {body.map(|body| view! {
                    <div class="field">
                        <label for="body">"Body"</label>
                        <textarea id="body" name="body" rows="7" class="code" spellcheck="false" autocomplete="off">
                            {format!("\n{body}")}
                        </textarea>
                    </div>
                })}
                <p class="actions">
                    <button class=class type="submit" name="call" value=value>{button}</button>
                    <a class="button" href=back>"Leave it"</a>
                </p>
            </form>
        </section>
    }
    .into_any()
}

/// A call that was made: the answer, whether it was predicted, and what to do
/// about a refusal.
#[component]
pub fn Made(view: AdminTokenView, made: CallMade, reveal: bool) -> impl IntoView {
    let said = agreement(&made);
    let (class, sign) = match (made.agrees(), made.was_allowed()) {
        (Some(true), Some(true)) => ("call-panel yes", "✓"),
        (Some(true), _) => ("call-panel no", "✕"),
        _ => ("call-panel wrong", "▲"),
    };
    let status = match made.status {
        Some(403) => "403 Forbidden".to_owned(),
        Some(status) => status.to_string(),
        None => "no answer".to_owned(),
    };
    let prepared = (!made.prepared.is_empty()).then(|| {
        let exchanges = made.prepared.clone();
        view! {
            <details class="quiet">
                <summary>"What was read before, to be sent back"</summary>
                <Transcript exchanges prefix="prepared" reveal/>
            </details>
        }
    });
    let refused =
        matches!(made.expected, Permission::Refused(_)) && made.was_allowed() == Some(false);
    let exchanges = made.exchanges.clone();
    view! {
        <section class=class id="call" aria-labelledby="call-title">
            <div role="status">
                <h3 id="call-title" tabindex="-1" autofocus=true>
                    <span class="sign" aria-hidden="true">{sign}</span>" "
                    <code>{made.method.clone()}" "{shortened(&made.path)}</code>
                    " answered "{status}
                </h3>
                <p><Prose text=said/></p>
            </div>
            {(!made.answer.is_empty()).then(|| view! {
                <pre class="answer" tabindex="0"><code>{answer_text(&made.answer, reveal)}</code></pre>
            })}
            <Transcript exchanges prefix="called" reveal/>
            {prepared}
            {refused.then(|| view! { <WayOut view made/> })}
        </section>
    }
}

/// The answer as JSON to be read, without secrets.
fn answer_text(answer: &str, reveal: bool) -> String {
    let pretty = serde_json::from_str::<serde_json::Value>(answer)
        .map_or_else(|_| answer.to_owned(), |json| format!("{json:#}"));
    oidc::exchange::body_pieces(&pretty)
        .into_iter()
        .map(|piece| match piece {
            oidc::exchange::Piece::Plain(text) => text,
            oidc::exchange::Piece::Secret(text) if reveal => text,
            oidc::exchange::Piece::Secret(_) => oidc::exchange::MASK.to_owned(),
        })
        .collect()
}

/// Which scope would allow the call, and one click to ask for it.
#[component]
fn WayOut(view: AdminTokenView, made: CallMade) -> impl IntoView {
    let action = format!("/admin-tokens/{}/again", view.token.id);
    if let Permission::Refused(Refusal::Dead(_)) = made.expected {
        return view! {
            <form method="post" action=action>
                <p>"No scope helps a token that does not count any more. By RFC 6750 the answer would be 401 with "<code>"invalid_token"</code>"."</p>
                <input type="hidden" name="call" value=format!("{} {}", made.method, made.path)/>
                <p class="actions"><button class="button primary" type="submit">"Ask for another with the same scopes"</button></p>
            </form>
        }
        .into_any();
    }
    let client = view.lab.client(&view.token.what.client);
    let Some(policy) = client.and_then(|client| view.lab.policy_of(client)) else {
        return view! { <p>"Its configuration client is not there any more."</p> }.into_any();
    };
    let found = advice(policy, (&made.method, &made.path), &view.lab.calls());
    let Some(smallest) = found.smallest.clone() else {
        return ().into_any();
    };
    let title = policy.title.clone();
    let lists_smallest = found.lists_smallest();
    let listed = found
        .listed
        .iter()
        .find(|scope| **scope != smallest)
        .cloned();
    let call = format!("{} {}", made.method, made.path);
    let policy_says = if lists_smallest {
        format!("Token policy “{title}” lists it: ask for it.")
    } else if let Some(wider) = &listed {
        format!(
            "Token policy “{title}” does not list it, but it lists `{wider}`, which allows more."
        )
    } else {
        format!(
            "Token policy “{title}” lists neither it nor a wider one. It can be added to `allowedScopes` first."
        )
    };
    let ask = |scope: &ScopeToken, primary: bool| {
        let class = if primary { "button primary" } else { "button" };
        view! {
            <button class=class type="submit" name="scope" value=scope.to_string()>
                <span>"Ask again with "<code>{scope.to_string()}</code></span>
            </button>
        }
    };
    let add = (!lists_smallest).then(|| {
        let class = if listed.is_none() { "button primary" } else { "button" };
        view! {
            <button class=class type="submit" name="add" value=smallest.to_string()>
                <span>"Add "<code>{shortened(smallest.as_str())}</code>" to the policy and ask again"</span>
            </button>
        }
    });
    view! {
        <form class="way-out" method="post" action=action>
            <p>
                "The smallest scope that allows it: "<code>{smallest.to_string()}</code>
                {is_our_reading(smallest.as_str()).then(|| view! { <OurReading/> })}
                ". "<Prose text=policy_says/>
            </p>
            {is_our_reading(smallest.as_str()).then(|| view! { <OurReadingReason/> })}
            <input type="hidden" name="call" value=call/>
            <p class="actions">
                {lists_smallest.then(|| ask(&smallest, true))}
                {listed.map(|wider| ask(&wider, !lists_smallest))}
                {add}
            </p>
        </form>
    }
    .into_any()
}
