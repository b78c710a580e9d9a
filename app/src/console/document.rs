//! A page on which a document is edited: fields at one side, the JSON at the
//! other, and what sending it will change below.

use crate::{
    console::change::ChangeMade,
    policies::{
        conflict::{ConflictView, conflict},
        editor::{BASE, Fields, JSON, SEEN, pretty},
        editor_view::{Carried, FollowEditor, SentSide, Shown},
        review::{Lines, SURE},
    },
    submitted::Submitted,
};
use diagnosis::{
    consequences::Warning,
    json_text::Flaw,
    put::{self, Outcome},
};
use leptos::prelude::*;
use playground::{Change, Kept};
use policy::body::PropertyError;
use serde_json::{Map, Value};

/// A document that is edited.
pub struct Drafted<F, T> {
    /// Both sides of the form, and what comes of them.
    pub shown: Shown<F, T>,
    /// The form, if one was sent.
    form: Submitted,
}

impl<F: Fields, T> Drafted<F, T> {
    /// The form as it was sent, or a fresh one of the document. `make` says what
    /// a body makes.
    #[must_use]
    pub fn new(
        document: &Map<String, Value>,
        form: Option<&Submitted>,
        make: impl FnOnce(&Map<String, Value>) -> Result<Outcome<T>, PropertyError>,
    ) -> Self {
        // Another form of the page says nothing about this one.
        let form = form.filter(|form| form.value(JSON).is_some());
        Self {
            shown: Shown::new(document, form, make),
            form: form.cloned().unwrap_or_default(),
        }
    }

    /// What the body makes, if it can be stored.
    #[must_use]
    pub fn after(&self) -> Option<&T> {
        self.shown.after()
    }

    /// What is wrong with a property, by its place.
    #[must_use]
    pub fn problem(&self, property: &str) -> Option<String> {
        let error = self.shown.error()?;
        let place = error.place();
        // What cannot change names itself in the sentence.
        let named = || error.problem.split(' ').next() == Some(property);
        let own = if place.is_empty() {
            named()
        } else {
            place.split('[').next() == Some(property)
        };
        own.then(|| said(&error))
    }
}

/// What is wrong, as a sentence.
fn said(error: &PropertyError) -> String {
    let flaw = Flaw {
        at: None,
        problem: error.problem.clone(),
    };
    flaw.to_string()
}

/// What the editor is to know of a document that is there already.
pub struct Existing {
    /// As PUT takes it.
    pub document: Map<String, Value>,
    /// Its version, as `ETag` names it.
    pub version: String,
    /// What the draft would make of it, as PUT takes it.
    pub after: Option<Map<String, Value>>,
}

/// The editor, with what somebody else changed meanwhile above it.
#[component]
pub fn DocumentEditor<F, T>(
    drafted: Drafted<F, T>,
    /// The fields of the form.
    fields: AnyView,
    /// Where the form is, and is sent to.
    address: String,
    /// What is there; `None` where something new is made.
    #[prop(optional_no_strip)]
    existing: Option<Existing>,
    warnings: Vec<Warning>,
) -> impl IntoView
where
    F: Fields + Clone + Send + Sync + 'static,
    T: 'static,
{
    let new = existing.is_none();
    let preview = format!("{address}/preview");
    let Drafted { shown, form } = drafted;
    let carried = |name: &str, fresh: String| {
        let carried = form.value(name).filter(|value| !value.is_empty());
        carried.map_or(fresh, str::to_owned)
    };
    let (base, seen, conflict) = existing.map_or_else(Default::default, |existing| {
        let (document, version) = (&existing.document, &existing.version);
        (
            carried(BASE, pretty(document)),
            carried(SEEN, version.clone()),
            conflict(&form, document, version, existing.after.as_ref()),
        )
    });
    let sure = form.value(SURE).is_some();
    let was = shown.edited.was.clone();
    let page = address.clone();
    view! {
        <div id="region-conflict" data-region>
            {conflict.map(|conflict| view! { <ConflictView conflict page/> })}
        </div>
        <form id="policy" class="editor" method="post" action=address data-preview=preview.clone()>
            <Carried was base seen/>
            <div class="sides">
                <section class="side" aria-labelledby="fields-title">
                    <h2 id="fields-title">"Fields"</h2>
                    {fields}
                </section>
                <SentSide shown warnings sure new preview=preview.clone()/>
            </div>
        </form>
    }
}

/// Keeps the page in step with the editor; stands at the end of the page.
#[component]
pub fn FollowDocument() -> impl IntoView {
    view! { <FollowEditor/> }
}

/// What came of a change, with what is different since.
#[component]
pub fn DocumentMade(change: Kept<Change>, #[prop(into)] headline: String) -> impl IntoView {
    let object = |text: &str| {
        let mut document: Map<String, Value> = serde_json::from_str(text).ok()?;
        document.retain(|name, _| !OURS.contains(&name.as_str()));
        Some(document)
    };
    let before = change.what.before.as_deref().and_then(object);
    let after = object(&change.what.answer).filter(|_| change.what.is_done());
    let lines = before
        .zip(after)
        .map(|(before, after)| put::changes(&before, &after))
        .filter(|lines| !lines.is_empty())
        .map(|lines| view! { <Lines lines before=true/> });
    view! {
        <div class="made">
            <ChangeMade change headline/>
            {lines}
        </div>
    }
}

/// What the API says by itself in a document.
const OURS: [&str; 4] = ["id", "uuid", "_links", "lastUpdated"];
