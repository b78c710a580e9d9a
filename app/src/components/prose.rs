//! Sentences with code in them.

use leptos::{either::Either, prelude::*};

/// Shows a text in which words between backquotes are code.
#[component]
pub fn Prose(#[prop(into)] text: String) -> impl IntoView {
    text.split('`')
        .enumerate()
        .map(|(index, part)| {
            let part = part.to_owned();
            if index % 2 == 1 {
                Either::Left(view! { <code>{part}</code> })
            } else {
                Either::Right(part)
            }
        })
        .collect_view()
}
