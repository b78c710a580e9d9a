//! The verdict: the largest thing on the page.

use crate::components::prose::Prose;
use diagnosis::verdict::{Tone, Verdict};
use leptos::prelude::*;

/// The class, the sign and the word of a tone: never colour alone.
pub const fn tone_signs(tone: Tone) -> (&'static str, &'static str, &'static str) {
    match tone {
        Tone::LetThrough => ("pass", "✓", "Let through"),
        Tone::NoValue => ("quiet", "○", "Granted, no value"),
        Tone::Dropped => ("drop", "▲", "Dropped"),
        Tone::Failed => ("fail", "✕", "Failed"),
    }
}

/// One sentence, and the reason under it.
#[component]
pub fn VerdictView(
    verdict: Verdict,
    /// What stands above the sentence, for example "Prediction".
    eyebrow: &'static str,
    /// Whether the sentence gets the focus when the page opens, so that it is
    /// read out, and the next Tab leads to its buttons.
    #[prop(optional)]
    focused: bool,
    /// Buttons under the sentence.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let (class, sign, word) = tone_signs(verdict.tone);
    view! {
        <section class=format!("verdict {class}") aria-labelledby="verdict-title" data-finding=verdict.id>
            <p class="eyebrow">
                {eyebrow} " · " <span class="tone">{word}</span>
            </p>
            <div role="status">
                <h1 tabindex=focused.then_some("-1") autofocus=focused>
                    <span class="sign" aria-hidden="true">{sign}</span>
                    <span id="verdict-title"><Prose text=verdict.headline/></span>
                </h1>
                <p class="lead"><Prose text=verdict.detail/></p>
            </div>
            {children.map(|children| children())}
        </section>
    }
}
