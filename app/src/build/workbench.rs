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
    /// whose address does not say what to compose. Elsewhere the fields become
    /// the draft.
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

/// Reads the kept draft once after hydration, if it is wanted, and keeps what
/// stands in the form from then on.
fn keep_draft(fields: RwSignal<Fields>, shared: StoredValue<Workspace>, restore: bool) {
    Effect::new(move |first: Option<()>| {
        let now = fields.get();
        let is_first = first.is_none();
        let kept = (is_first && restore)
            .then(|| storage::read::<Fields>(Kept::Draft))
            .flatten();
        match kept.map(|kept| shared.with_value(|workspace| workspace.adopt(kept))) {
            Some(adopted) if adopted != now => fields.set(adopted),
            _ => storage::write(Kept::Draft, &now),
        }
        if is_first {
            say_alive();
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
