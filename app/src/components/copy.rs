//! A button that copies what an element shows.

use leptos::prelude::*;

/// Copies the text of the element with the id `target`. Without scripts it is
/// not shown: the text can be selected.
#[island]
pub fn CopyButton(
    /// The id of the element whose text is copied.
    target: String,
    /// What is copied, for the button's label: "Copy curl".
    label: String,
) -> impl IntoView {
    let (done, set_done) = signal(false);
    let copy = move |_| {
        copy_text_of(&target);
        set_done.set(true);
        set_timeout(
            move || set_done.set(false),
            std::time::Duration::from_millis(1500),
        );
    };
    view! {
        <button class="button small scripted" type="button" on:click=copy>
            <span aria-live="polite">
                {move || if done.get() { "Copied".to_owned() } else { label.clone() }}
            </span>
        </button>
    }
}

#[cfg(feature = "hydrate")]
fn copy_text_of(id: &str) {
    let text = document()
        .get_element_by_id(id)
        .and_then(|element| element.text_content());
    if let Some(text) = text {
        drop(window().navigator().clipboard().write_text(&text));
    }
}

#[cfg(not(feature = "hydrate"))]
fn copy_text_of(_: &str) {}
