//! The tokens of a run beside each other, taken apart.

use super::checks::Checks;
use crate::components::{countdown::Countdown, prose::Prose};
use diagnosis::{
    look::{Member, look_into},
    tokens::{Ended, Generation, Life, State},
    words::from_now,
};
use leptos::prelude::*;
use oidc::{exchange::MASK, time::UnixTime, verification::Check};

/// Tokens that came together, and whether the access token's signature fits.
pub type Together = (Generation, Option<Check>);

/// How the page was asked for.
#[derive(Clone, Copy, Debug)]
struct View {
    /// The server's time.
    now: UnixTime,
    /// Whether secrets are shown.
    reveal: bool,
}

#[component]
pub fn Tokens(
    /// The oldest first.
    mut tokens: Vec<Together>,
    now: UnixTime,
    reveal: bool,
) -> impl IntoView {
    let Some(newest) = tokens.pop() else {
        return ().into_any();
    };
    let as_asked = View { now, reveal };
    let hint = match newest.0.step {
        Some(step) => format!(
            "The newest, from step {}. Signatures are checked here; what is masked is shown with the secrets.",
            step + 1
        ),
        None => {
            "As the token endpoint gave them. Open one to see every member explained.".to_owned()
        }
    };
    let earlier = earlier(tokens, as_asked);
    view! {
        <section class="run-tokens" id="tokens" aria-labelledby="tokens-title">
            <div class="section-head">
                <h2 id="tokens-title">"Tokens"</h2>
                <p class="hint">{hint}</p>
            </div>
            {together(newest, as_asked)}
            {earlier}
        </section>
    }
    .into_any()
}

fn earlier(tokens: Vec<Together>, view: View) -> Option<AnyView> {
    let label = match tokens.len() {
        0 => return None,
        1 => "The tokens before".to_owned(),
        more => format!("{more} generations of tokens before"),
    };
    let all = tokens
        .into_iter()
        .rev()
        .map(|one| {
            let from = match one.0.step {
                Some(step) => format!("From step {}", step + 1),
                None => "From the run itself".to_owned(),
            };
            view! {
                <h3>{from}</h3>
                {together(one, view)}
            }
        })
        .collect_view();
    Some(
        view! {
            <details class="quiet earlier">
                <summary>{label}</summary>
                {all}
            </details>
        }
        .into_any(),
    )
}

/// The three tokens of one answer.
fn together(tokens: Together, view: View) -> AnyView {
    let (generation, signature) = tokens;
    let Generation {
        response,
        checks,
        access,
        refresh,
        ..
    } = generation;
    let id_token = response.id_token.map(|token| {
        let checks = view! { <Checks checks/> }.into_any();
        shown(
            "ID token",
            "Who signed in, for the client. Not for APIs.",
            &token,
            None,
            checks,
            view,
        )
    });
    let of_access = signature.map(signature_line).into_any();
    let access = shown(
        "Access token",
        "For userinfo and other APIs.",
        &response.access_token,
        Some(&access),
        of_access,
        view,
    );
    let refresh = response.refresh_token.map(|token| {
        let nothing = ().into_any();
        let life = refresh.as_ref();
        shown(
            "Refresh token",
            "For new tokens, at the token endpoint only.",
            &token,
            life,
            nothing,
            view,
        )
    });
    view! { <div class="beside">{id_token} {access} {refresh}</div> }.into_any()
}

/// One token: what it is for, whether it counts, and what stands in it.
fn shown(
    title: &'static str,
    purpose: &'static str,
    token: &str,
    life: Option<&Life>,
    checks: AnyView,
    view: View,
) -> AnyView {
    let text = if view.reveal {
        token.to_owned()
    } else {
        MASK.to_owned()
    };
    let inside = match look_into(token) {
        Some(readable) => {
            let signed = readable.algorithm.unwrap_or_else(|| "nothing".to_owned());
            let until = readable.payload.iter().find(|member| member.name == "exp");
            let until = until.and_then(|member| member.moment).filter(|_| life.is_none());
            view! {
                <p class="hint">"A JWT, signed with " <code>{signed}</code> {until.map(|_| "; ")} {counts_until(until, view)}</p>
                <details>
                    <summary>"Header and payload"</summary>
                    <h4>"Header"</h4>
                    {members(readable.header, view)}
                    <h4>"Payload"</h4>
                    {members(readable.payload, view)}
                </details>
            }
            .into_any()
        }
        None => view! {
            <p class="hint">
                "Opaque: a random text that says nothing by itself. Only the provider knows what it stands for; introspection is the way to look into it."
            </p>
        }
        .into_any(),
    };
    view! {
        <article class="token">
            <h3>{title}</h3>
            <p class="hint">{purpose}</p>
            {life.map(|life| life_line(life, view))}
            {checks}
            {inside}
            <pre class="raw" tabindex="0"><code>{text}</code></pre>
        </article>
    }
    .into_any()
}

fn counts_until(until: Option<UnixTime>, view: View) -> Option<impl IntoView> {
    until.map(|until| view! { <Countdown until now=view.now/> })
}

/// Whether a token counts, with a sign and a word.
fn life_line(life: &Life, view: View) -> impl IntoView + use<> {
    let state = life.state(view.now);
    let (class, sign, words) = match state {
        State::Live => ("pass", "✓", "Counts".to_owned()),
        State::Expired(_) => ("drop", "▲", "Over".to_owned()),
        State::Ended(ended) => ("fail", "✕", ended_by(ended)),
    };
    let until = life.until.filter(|_| !matches!(state, State::Ended(_)));
    view! {
        <p class=format!("life {class}")>
            <span class="sign" aria-hidden="true">{sign}</span>
            <span>{words} {until.map(|_| " · ")} {counts_until(until, view)}</span>
        </p>
    }
}

fn ended_by(ended: Ended) -> String {
    match ended {
        Ended::Exchanged(step) => format!("Exchanged in step {}", step + 1),
        Ended::Revoked(step) | Ended::RevokedWithRefresh(step) => {
            format!("Revoked in step {}", step + 1)
        }
        Ended::Replayed(step) => format!("Revoked in step {}: a token came twice", step + 1),
    }
}

fn signature_line(check: Check) -> impl IntoView {
    let (class, sign, word) = if check.passed {
        ("pass", "✓", "passed")
    } else {
        ("fail", "✗", "failed")
    };
    view! {
        <p class=format!("life {class}")>
            <span class="sign" aria-hidden="true">{sign}</span>
            <span><span class="sr">{word} ": "</span> <Prose text=check.detail/></span>
        </p>
    }
}

/// The members of a header or payload, each with its meaning.
fn members(members: Vec<Member>, view: View) -> impl IntoView {
    let rows = members
        .into_iter()
        .map(|member| {
            let moment = member.moment.map(|moment| {
                view! { <span class="hint">{moment.to_string()} ", " {from_now(moment, view.now)}</span> }
            });
            view! {
                <dt><code>{member.name}</code></dt>
                <dd>
                    <code class="wrap">{member.value}</code>
                    {moment}
                    <span class="hint"><Prose text=member.meaning/></span>
                </dd>
            }
        })
        .collect_view();
    view! { <dl class="meanings">{rows}</dl> }
}
