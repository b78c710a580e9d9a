//! Follows the form in the page.
//!
//! The page works before its WebAssembly arrives, so a person may have typed
//! and ticked by then; and a browser that goes back fills in a form itself. So
//! what stands in the form is always asked of the form.

use super::{fields::Fields, workbench::Bench};
use crate::{
    dom,
    storage::{self, Kept},
};
use leptos::{prelude::*, web_sys::wasm_bindgen::JsCast as _};
use serde_json::Value;
use web_sys::{FormData, HtmlFormElement, HtmlInputElement, js_sys::Array};

/// Reads what was typed so far, offers the draft kept last, and keeps every
/// change from then on.
pub fn start(bench: Bench) {
    let form = document().get_element_by_id("build");
    let Some(form) = form.and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) else {
        return;
    };
    follow(bench, &form);
    offer_kept(bench, &form);
    let followed = form.clone();
    dom::listen(&form, "input", move |_| {
        follow(bench, &followed);
        storage::write(Kept::Draft, &*bench.fields.read_untracked());
    });
    dom::say_alive();
}

/// Takes over what the form says.
fn follow(bench: Bench, form: &HtmlFormElement) {
    let now = read(form, &bench.fields.read_untracked());
    if now != *bench.fields.read_untracked() {
        bench.fields.set(now);
    }
}

fn read(form: &HtmlFormElement, default: &Fields) -> Fields {
    let Ok(data) = FormData::new_with_form(form) else {
        return default.clone();
    };
    let pairs: Vec<(String, String)> = Array::from(&data)
        .iter()
        .filter_map(|pair| {
            let pair = Array::from(&pair);
            Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
        })
        .collect();
    Fields::from_pairs(&pairs, default)
}

/// Offers the request composed last: what the page opens with stays as it is
/// until then.
fn offer_kept(bench: Bench, form: &HtmlFormElement) {
    let kept = storage::read::<Value>(Kept::Draft).and_then(|kept| Fields::from_kept(&kept));
    let (Some(kept), Some(button)) = (kept, document().get_element_by_id("restore")) else {
        return;
    };
    let kept = bench.choices.with_value(|choices| choices.adopt(&kept));
    if kept == *bench.fields.read_untracked() {
        return;
    }
    drop(button.remove_attribute("hidden"));
    let form = form.clone();
    let offer = button.clone();
    dom::listen(&button, "click", move |_| {
        drop(offer.set_attribute("hidden", ""));
        fill(&form, &kept);
        bench.fields.set(kept.clone());
    });
}

/// Writes into the form what the fields say.
fn fill(form: &HtmlFormElement, fields: &Fields) {
    let elements = form.elements();
    for at in 0..elements.length() {
        let Some(element) = elements.item(at) else {
            continue;
        };
        // Selections and text areas have the same properties.
        let field: HtmlInputElement = element.unchecked_into();
        let name = field.name();
        if name.is_empty() {
            // Only shown, like the box of `openid`.
            continue;
        }
        match field.type_().as_str() {
            "checkbox" => field.set_checked(fields.holds(&name, &field.value())),
            "radio" => field.set_checked(fields.get(&name) == field.value()),
            "text" | "textarea" | "select-one" => field.set_value(fields.get(&name)),
            _ => {}
        }
    }
}
