//! What every editor of a policy shows beside its fields.

use super::{
    editor::{BASE, Edited, FIELDS, Fields, JSON, SEEN, TAKE, Unread, WAS, edited, untouched},
    review::Review,
};
use crate::{
    components::{field::TextArea, live_form::LiveForm, prose::Prose},
    submitted::Submitted,
};
use diagnosis::{
    consequences::Warning,
    json_text,
    put::{Line, Outcome},
};
use leptos::prelude::*;
use policy::body::PropertyError;
use serde_json::{Map, Value};

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

/// What is wrong with the body, in its line.
fn problem<F>(edited: &Edited<F>, error: Option<&PropertyError>) -> Option<String> {
    match &edited.body {
        Err(Unread::Flaw(flaw)) => Some(flaw.to_string()),
        Err(Unread::Both) => Some("The fields and the JSON were both changed, and say different things. Choose which to take; until then nothing is sent.".to_owned()),
        Ok(_) => error.map(|error| json_text::flaw(&edited.text, error).to_string()),
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
    let problem = problem(&edited, error.as_ref());
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

/// An editor as it is shown.
#[derive(Clone)]
pub struct Shown<F, T> {
    /// Both sides.
    pub edited: Edited<F>,
    /// What the body makes of the document, if there is a body.
    outcome: Option<Result<Outcome<T>, PropertyError>>,
}

impl<F: Fields, T> Shown<F, T> {
    /// Puts a form in step, or shows a document nobody has edited yet. `put`
    /// says what a body makes of it.
    #[must_use]
    pub fn new(
        document: &Map<String, Value>,
        form: Option<&Submitted>,
        put: impl FnOnce(&Map<String, Value>) -> Result<Outcome<T>, PropertyError>,
    ) -> Self {
        // Not a form that was sent for something else on the page.
        let form = form.filter(|form| form.value(JSON).is_some());
        let edited = form.map_or_else(|| untouched(document), edited);
        let outcome = edited.body.as_ref().ok().map(put);
        Self {
            // Nobody is blamed for what is not filled in yet.
            outcome: outcome.filter(|outcome| form.is_some() || outcome.is_ok()),
            edited,
        }
    }

    /// Why the API would refuse the body.
    #[must_use]
    pub fn error(&self) -> Option<PropertyError> {
        let outcome = self.outcome.as_ref()?;
        outcome.as_ref().err().cloned()
    }

    /// The document afterwards.
    #[must_use]
    pub fn after(&self) -> Option<&T> {
        let outcome = self.outcome.as_ref()?.as_ref().ok()?;
        Some(&outcome.after)
    }

    fn lines(&self) -> Option<Vec<Line>> {
        let outcome = self.outcome.as_ref()?.as_ref().ok()?;
        Some(outcome.lines.clone())
    }
}

/// The JSON, what it will change, and the buttons.
#[component]
pub fn SentSide<F, T>(
    shown: Shown<F, T>,
    warnings: Vec<Warning>,
    /// Whether the person said to be sure to be locked out.
    sure: bool,
    /// Whether something new is made.
    new: bool,
    /// Where the form is looked at without sending it.
    preview: String,
) -> impl IntoView
where
    F: Fields + Clone + Send + Sync + 'static,
    T: 'static,
{
    let error = shown.error();
    let content = match shown.lines() {
        Some(lines) => view! { <Review lines warnings sure new/> }.into_any(),
        // While the JSON is typed, what is said under it stays as it was.
        None => view! {
            <p class="hint">"That can be said when the body can be stored."</p>
            {problem(&shown.edited, error.as_ref())
                .map(|problem| {
                    view! {
                        <p class="field-problem">
                            <span class="sign" aria-hidden="true">"✕"</span>
                            <span><Prose text=problem/></span>
                        </p>
                    }
                })}
        }
        .into_any(),
    };
    let (title, send) = if new {
        ("What is made", "Create it")
    } else {
        ("What the PUT will change", "Send the PUT")
    };
    view! {
        <div class="side">
            <section class="side" aria-labelledby="json-title">
                <h2 id="json-title">"What is sent"</h2>
                <Json edited=shown.edited error preview=preview.clone()/>
            </section>
            <section id="region-review" data-region class="review" aria-labelledby="review-title">
                <h2 id="review-title">{title}</h2>
                {content}
            </section>
            <p class="actions">
                <button class="button primary" type="submit">{send}</button>
                <button class="button unscripted" type="submit" formaction=preview>
                    "Show what it will change"
                </button>
            </p>
        </div>
    }
}

/// What is said to who edited a policy that is not there any more.
#[component]
pub fn GoneNotice() -> impl IntoView {
    view! {
        <p class="alert" role="alert">
            <span class="sign" aria-hidden="true">"✕"</span>
            <span>
                "The policy you edited was deleted meanwhile, or is not of this sandbox. What you typed is here: it can be made as a new one."
            </span>
        </p>
    }
}

/// Keeps the page in step with the editor.
#[component]
pub fn FollowEditor() -> impl IntoView {
    view! { <LiveForm form="policy".to_owned()/> }
}
