//! Every request of a run: the run's own, and what followed.

use crate::components::{prose::Prose, transcript::Transcript};
use diagnosis::{
    evidence::Run,
    steps::{Action, Effect, FurtherStep, Mark},
};
use leptos::prelude::*;
use playground::Kept;

/// A step and what came of it.
pub type Followed = (Kept<FurtherStep>, Effect);

#[component]
pub fn Steps(
    run: Run,
    further: Vec<Followed>,
    /// The place of a step that was asked for twice and taken once.
    #[prop(optional_no_strip)]
    repeated: Option<usize>,
    reveal: bool,
) -> impl IntoView {
    let id = run.id.clone();
    let (href, label) = if reveal {
        (format!("/runs/{id}#transcript"), "Mask secrets")
    } else {
        (format!("/runs/{id}?reveal=1#transcript"), "Show secrets")
    };
    let micros = run.server_micros;
    let client = run.client.id.clone();
    let further = further
        .into_iter()
        .zip(1..)
        .map(|(step, number)| {
            let repeated = repeated == Some(number);
            let client = client.clone();
            view! { <Further step number client repeated reveal/> }
        })
        .collect_view();
    view! {
        <section class="steps" id="transcript" aria-labelledby="transcript-title">
            <div class="section-head">
                <h2 id="transcript-title">"Step by step"</h2>
                <span class="tools">
                    <span class="hint">{micros / 1000} "." {(micros % 1000) / 100} " ms at the server"</span>
                    <a class="button small" href=href>{label}</a>
                </span>
            </div>
            <Transcript exchanges=run.exchanges prefix="exchange" reveal/>
            <ol class="further">{further}</ol>
        </section>
    }
}

/// The class, the sign and the word of a mark: never colour alone.
const fn signs(mark: Mark) -> (&'static str, &'static str, &'static str) {
    match mark {
        Mark::Done => ("pass", "✓", "Done"),
        Mark::Less => ("drop", "▲", "Less"),
        Mark::Refused => ("fail", "✕", "Refused"),
    }
}

#[component]
fn Further(
    step: Followed,
    /// Its place, counted from 1.
    number: usize,
    /// The id of the run's client.
    client: String,
    /// Whether it was asked for twice and taken once.
    repeated: bool,
    reveal: bool,
) -> impl IntoView {
    let (Kept { what, .. }, effect) = step;
    let no_way_back = (what.action == Action::LogOut(false)).then(|| {
        view! { <p class="hint"><a href=format!("/clients/{client}")>"Register it at the client"</a></p> }
    });
    let (class, sign, word) = signs(effect.mark);
    let repeated = repeated.then(|| {
        view! {
            <p class="hint">
                "This was done before, from the same page: by a double click, or in another tab. It was not done again. From this page the button does it once more."
            </p>
        }
    });
    view! {
        <li class=format!("further-step {class}") id=format!("step-{number}") tabindex="-1">
            <div class="section-head">
                <h3>{number} ". " {what.action.title()}</h3>
                <time class="hint">{what.at.to_string()}</time>
            </div>
            <p class="effect">
                <span class="sign" aria-hidden="true">{sign}</span>
                <span><span class="sr">{word} ": "</span> <Prose text=effect.text/></span>
            </p>
            {no_way_back}
            {repeated}
            <Transcript exchanges=what.exchanges prefix=format!("step-{number}") reveal/>
        </li>
    }
}
