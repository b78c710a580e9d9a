//! A button that copies what an element shows.

use leptos::prelude::*;

/// Copies the text of the element with the id `target`. Without scripts it is
/// not shown: the text can be selected.
///
/// The button is plain HTML, so that it also works where a part of the page is
/// replaced later; one listener, [`listen`], serves all of them.
#[component]
pub fn CopyButton(
    /// The id of the element whose text is copied.
    target: String,
    /// What is copied, for the button's label: "Copy curl".
    label: String,
) -> impl IntoView {
    let shown = label.clone();
    view! {
        <button class="button small scripted" type="button" data-copy=target data-label=label>
            <span aria-live="polite">{shown}</span>
        </button>
    }
}

/// How long a button says that it has copied, in milliseconds.
#[cfg(feature = "hydrate")]
const SAID_FOR: i32 = 1500;

/// Makes every [`CopyButton`] of the page copy, also those that come later.
/// Called once, when the page starts.
#[cfg(feature = "hydrate")]
pub fn listen() {
    use crate::dom;
    dom::listen(&document(), "click", |event| {
        let button = event
            .target()
            .and_then(|target| dom::element(target.into()))
            .and_then(|clicked| clicked.closest("[data-copy]").ok()?);
        if let Some(button) = button {
            copy(&button);
        }
    });
}

#[cfg(feature = "hydrate")]
fn copy(button: &web_sys::Element) {
    use crate::dom;
    let attribute = |name: &str| button.get_attribute(name).unwrap_or_default();
    let text = document()
        .get_element_by_id(&attribute("data-copy"))
        .and_then(|element| element.text_content());
    let (Some(text), Some(said)) = (text, button.first_element_child()) else {
        return;
    };
    // Whether the browser did as it was told comes later, and nothing depends on it.
    drop(window().navigator().clipboard().write_text(&text));
    said.set_text_content(Some("Copied"));
    let label = attribute("data-label");
    dom::after(SAID_FOR, move || said.set_text_content(Some(&label)));
}
