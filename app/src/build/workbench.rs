//! The island: the Build form, alive in the browser, and its prediction.

use super::{
    fields::Fields,
    form::BuildForm,
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
    /// Whether the draft kept in the browser replaces the fields: on a page
    /// whose address does not say what to compose.
    restore: bool,
) -> impl IntoView {
    let fields = RwSignal::new(workspace.fields.clone());
    let shared = StoredValue::new(workspace);
    keep_draft(fields, shared, restore);
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
    view! {
        {forecast.then(|| view! { <Headline prediction/> })}
        <details class="fold" open=forecast>
            <summary>{title}</summary>
            <BuildForm fields shared title/>
        </details>
        {forecast.then(|| view! { <Evidence prediction/> })}
    }
}

/// Reads the kept draft once after hydration, and keeps every change from then on.
fn keep_draft(fields: RwSignal<Fields>, shared: StoredValue<Workspace>, restore: bool) {
    Effect::new(move |first: Option<()>| {
        let now = fields.get();
        if first.is_none() {
            say_alive();
        }
        if first.is_some() {
            storage::write(Kept::Draft, &now);
        } else if restore && let Some(kept) = storage::read::<Fields>(Kept::Draft) {
            let adopted = shared.with_value(|workspace| workspace.adopt(kept));
            if adopted != now {
                fields.set(adopted);
            }
        }
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
