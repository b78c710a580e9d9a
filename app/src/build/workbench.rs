//! The Build form and its prediction, alive in the browser.
//!
//! The form is plain HTML from the server. What follows it, the request, the
//! prediction and a few words here and there, are islands that share a
//! [`Bench`]; so a field more costs the browser nothing.

use super::{fields::Fields, workspace::Choices};
use leptos::prelude::*;

/// What the islands of the Build form share.
#[derive(Clone, Copy)]
pub struct Bench {
    /// What stands in the form.
    pub fields: RwSignal<Fields>,
    /// What there is to choose from.
    pub choices: StoredValue<Choices>,
}

impl Bench {
    /// The bench that an island stands on.
    #[must_use]
    pub fn here() -> Self {
        expect_context()
    }

    /// Asks the choices about what stands in the form.
    pub fn ask<T>(self, question: impl FnOnce(&Choices, &Fields) -> T) -> T {
        self.choices
            .with_value(|choices| question(choices, &self.fields.read()))
    }
}

/// Around the form and all that follows it.
#[island]
pub fn BenchIsland(choices: Choices, children: Children) -> impl IntoView {
    provide_context(Bench {
        fields: RwSignal::new(choices.fields.clone()),
        choices: StoredValue::new(choices),
    });
    children()
}

/// Begins to follow the form. The last of the islands, because what was typed
/// before may change what the others show.
#[island]
pub fn Start() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    super::live::start(Bench::here());
}

/// The choices in a few words.
#[island]
pub fn Summary() -> impl IntoView {
    let bench = Bench::here();
    view! { <span class="hint">{move || bench.ask(Choices::summary)}</span> }
}

/// The Build form; with `forecast`, the prediction stands beside it: on a page
/// that has no result yet.
#[cfg(feature = "ssr")]
#[component]
pub fn Workbench(workspace: super::workspace::Workspace, forecast: bool) -> impl IntoView {
    use super::{
        form::BuildForm,
        prediction::{Evidence, Headline},
    };
    let title = if forecast {
        "Build"
    } else {
        "Build the next run"
    };
    view! {
        <BenchIsland choices=workspace.choices()>
            {forecast.then(|| view! { <Headline/> })}
            <details class="fold">
                <summary>{title} " " <Summary/></summary>
                <BuildForm workspace title/>
            </details>
            {forecast.then(|| view! { <Evidence/> })}
            <Start/>
        </BenchIsland>
    }
}
