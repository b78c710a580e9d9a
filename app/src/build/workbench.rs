//! The island: the Build form, alive in the browser, and its prediction.

use super::{
    fields::Fields,
    form::BuildForm,
    live,
    prediction::{Evidence, Headline, Prediction},
    workspace::Workspace,
};
use crate::storage::{self, Kept};
use leptos::prelude::*;

/// The Build form; with `forecast`, the prediction stands beside it.
#[island]
pub fn Workbench(
    workspace: Workspace,
    /// Whether the prediction is shown: on a page that has no result yet.
    forecast: bool,
) -> impl IntoView {
    let typed = live::typed(&workspace.fields);
    let fields = RwSignal::new(workspace.fields.clone());
    let kept = RwSignal::new(None::<Fields>);
    let shared = StoredValue::new(workspace);
    come_alive(fields, kept, shared, typed);
    let prediction = Memo::new(move |_| {
        let fields = fields.get();
        forecast
            .then(|| shared.with_value(|workspace| Prediction::of(workspace, &fields)))
            .flatten()
    });
    let title = if forecast {
        "Build"
    } else {
        "Build the next run"
    };
    let summary = move || shared.with_value(|workspace| workspace.summary(&fields.read()));
    view! {
        {forecast.then(|| view! { <Headline prediction/> })}
        <details class="fold">
            <summary>
                {title} " " <span class="hint">{summary}</span>
            </summary>
            <BuildForm fields kept shared title/>
        </details>
        {forecast.then(|| view! { <Evidence prediction/> })}
    }
}

/// Once after hydration: puts back what was typed before it, and looks for a
/// kept draft to offer. From then on every change is kept.
fn come_alive(
    fields: RwSignal<Fields>,
    kept: RwSignal<Option<Fields>>,
    shared: StoredValue<Workspace>,
    typed: Option<Fields>,
) {
    Effect::new(move |first: Option<()>| {
        let now = fields.get();
        if first.is_some() {
            storage::write(Kept::Draft, &now);
            return;
        }
        let draft = storage::read::<Fields>(Kept::Draft)
            .map(|draft| shared.with_value(|workspace| workspace.adopt(draft)));
        kept.set(draft.filter(|draft| *draft != now));
        if let Some(typed) = typed.clone() {
            fields.set(typed);
        }
        say_alive();
    });
}

/// Marks the document once the form is alive, for the style sheet.
#[cfg(feature = "hydrate")]
fn say_alive() {
    if let Some(root) = document().document_element() {
        drop(root.set_attribute("data-live", "yes"));
    }
}

#[cfg(not(feature = "hydrate"))]
fn say_alive() {}
