//! What every editor of a policy shows beside its fields.

use super::editor::{BASE, Edited, FIELDS, JSON, SEEN, TAKE, Unread, WAS};
use crate::components::{field::TextArea, live_form::LiveForm};
use diagnosis::json_text;
use leptos::prelude::*;
use policy::body::PropertyError;

/// What the form carries along: what both sides showed last, what the document
/// was when the page was opened, and which version that was.
#[component]
pub fn Carried(was: String, base: String, seen: String) -> impl IntoView {
    view! {
        <div id="region-carried" data-region hidden>
            <input type="hidden" name=WAS value=was/>
            <input type="hidden" name=BASE value=base/>
            <input type="hidden" name=SEEN value=seen/>
        </div>
    }
}

/// The JSON of the body, and what is wrong with it, in its line.
#[component]
pub fn Json<F: Send + Sync + 'static>(
    edited: Edited<F>,
    /// Why the API would refuse the body.
    #[prop(optional_no_strip)]
    error: Option<PropertyError>,
    /// Where the form is looked at without sending it.
    preview: String,
) -> impl IntoView {
    let both = edited.body == Err(Unread::Both);
    let problem = match &edited.body {
        Err(Unread::Flaw(flaw)) => Some(flaw.to_string()),
        Err(Unread::Both) => Some("The fields and the JSON were both changed, and say different things. Choose which to take; until then nothing is sent.".to_owned()),
        Ok(_) => error.map(|error| json_text::flaw(&edited.text, &error).to_string()),
    };
    let rows = edited.text.lines().count().clamp(12, 28) + 1;
    let choice = both.then(|| {
        view! {
            <p class="actions">
                <button class="button" type="submit" name=TAKE value=FIELDS formaction=preview.clone()>
                    "Take the fields"
                </button>
                <button class="button" type="submit" name=TAKE value=JSON formaction=preview.clone()>
                    "Take the JSON"
                </button>
            </p>
        }
    });
    view! {
        <div id="region-json" data-region>
            <TextArea
                name=JSON label="Body, as JSON" value=edited.text rows problem
                hint="All of it is replaced: what you leave out gets its default."
            />
            {choice}
        </div>
    }
}

/// The buttons under an editor, and what keeps the page in step with it.
#[component]
pub fn Buttons(
    /// Where the form is looked at without sending it.
    preview: String,
    /// What sending it is called.
    send: &'static str,
) -> impl IntoView {
    view! {
        <p class="actions editor-actions">
            <button class="button primary" type="submit">{send}</button>
            <button class="button unscripted" type="submit" formaction=preview>
                "Show what it will change"
            </button>
        </p>
    }
}

/// Keeps the page in step with the editor.
#[component]
pub fn FollowEditor() -> impl IntoView {
    view! { <LiveForm form="policy".to_owned()/> }
}
