//! What stands in the form before the island is alive.
//!
//! The page works before its WebAssembly arrives, so a person may have typed
//! and ticked by then; and a browser that goes back fills in a form itself.

use super::fields::Fields;

/// What the form in the page says, as far as it differs from what the server
/// sent. Must be asked before the island takes the form over.
#[cfg(feature = "hydrate")]
#[must_use]
pub fn typed(sent: &Fields) -> Option<Fields> {
    use web_sys::{FormData, HtmlFormElement, wasm_bindgen::JsCast as _};
    let form = leptos::prelude::document()
        .get_element_by_id("build")?
        .dyn_into::<HtmlFormElement>()
        .ok()?;
    let data = FormData::new_with_form(&form).ok()?;
    let pairs: Vec<(String, String)> = FIELDS
        .iter()
        .flat_map(|name| {
            data.get_all(name)
                .to_vec()
                .into_iter()
                .map(move |value| (name, value))
        })
        .filter_map(|(name, value)| Some(((*name).to_owned(), value.as_string()?)))
        .collect();
    let typed = Fields::from_pairs(&pairs, sent);
    (typed != *sent).then_some(typed)
}

/// The names of the form's fields.
#[cfg(feature = "hydrate")]
const FIELDS: [&str; 10] = [
    "client",
    "person",
    "scope",
    "own_scope",
    "state",
    "nonce",
    "pkce",
    "code_verifier",
    "prompt",
    "login_hint",
];

/// There is no page here.
#[cfg(not(feature = "hydrate"))]
#[must_use]
pub fn typed(_: &Fields) -> Option<Fields> {
    None
}
