//! Somebody else changed what is being edited.

use super::{
    editor::{BASE, SEEN},
    review::Lines,
};
use crate::submitted::Submitted;
use diagnosis::{json_text, put};
use leptos::prelude::*;
use serde_json::{Map, Value};

/// The field with the version that is overwritten knowingly.
pub const OVERWRITE: &str = "overwrite";

/// Two people's changes of one document.
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    theirs: Vec<put::Line>,
    yours: Vec<put::Line>,
    version: String,
}

/// Whether a document was changed since the form was made; `None` when it was
/// not, or when the form does not say.
#[must_use]
pub fn conflict(
    form: &Submitted,
    current: &Map<String, Value>,
    version: &str,
    own: Option<&Map<String, Value>>,
) -> Option<Conflict> {
    let seen = form.value(SEEN).filter(|seen| !seen.is_empty())?;
    if seen == version {
        return None;
    }
    let base = form.value(BASE).unwrap_or_default();
    let base = json_text::object(base).unwrap_or_default();
    Some(Conflict {
        theirs: put::changes(&base, current),
        yours: own.map_or_else(Vec::new, |own| put::changes(&base, own)),
        version: version.to_owned(),
    })
}

/// Both changes beside each other, and the ways on.
#[component]
pub fn ConflictView(
    conflict: Conflict,
    /// The page, for starting from what the other one left.
    page: String,
) -> impl IntoView {
    let Conflict {
        theirs,
        yours,
        version,
    } = conflict;
    let side = |title: &'static str, lines: Vec<put::Line>, none: &'static str| {
        let lines = if lines.is_empty() {
            view! { <p class="hint">{none}</p> }.into_any()
        } else {
            view! { <Lines lines before=true/> }.into_any()
        };
        view! { <div><h3>{title}</h3>{lines}</div> }
    };
    view! {
        <section class="conflict" aria-labelledby="conflict-title">
            <h2 id="conflict-title">"It was changed since you opened this page"</h2>
            <p>
                "In another tab, or by another program. Nothing of yours was sent, and what you typed is still below."
            </p>
            <div class="sides">
                {side("Changed meanwhile", theirs, "It is as it was when you opened it, though another version.")}
                {side("Changed by you", yours, "Nothing that can be read yet.")}
            </div>
            <p class="actions">
                <button class="button danger" type="submit" form="policy" name=OVERWRITE value=version>
                    "Overwrite their change with mine"
                </button>
                <a class="button" href=page>"Take theirs and start again"</a>
            </p>
        </section>
    }
}
