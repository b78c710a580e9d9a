//! The browser's page: listening to it, and waiting.
//!
//! What is listened to here is listened to for as long as the page is open.

use web_sys::{
    Element, Event, EventTarget, NodeList,
    wasm_bindgen::{JsCast as _, JsValue, closure::Closure},
};

/// Calls the handler at every such event of the target and of what is in it.
pub fn listen(target: &EventTarget, event: &str, handler: impl FnMut(Event) + 'static) {
    let handler = Closure::<dyn FnMut(Event)>::new(handler).into_js_value();
    // Fails only for a handler that cannot be called.
    drop(target.add_event_listener_with_callback(event, handler.unchecked_ref()));
}

/// Calls a function once, after so many milliseconds.
pub fn after(milliseconds: i32, then: impl FnOnce() + 'static) {
    let then = Closure::once_into_js(then);
    let window = leptos::prelude::window();
    drop(
        window.set_timeout_with_callback_and_timeout_and_arguments_0(
            then.unchecked_ref(),
            milliseconds,
        ),
    );
}

/// Calls a function again and again, each time after so many milliseconds.
pub fn every(milliseconds: i32, then: impl FnMut() + 'static) {
    let then = Closure::<dyn FnMut()>::new(then).into_js_value();
    let window = leptos::prelude::window();
    drop(
        window.set_interval_with_callback_and_timeout_and_arguments_0(
            then.unchecked_ref(),
            milliseconds,
        ),
    );
}

/// For how many seconds the page is open, whatever the clock is set to.
#[must_use]
pub fn seconds_open() -> i64 {
    let performance = leptos::prelude::window().performance();
    performance.map_or(0, |performance| {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "whole seconds are all that is asked for"
        )]
        let seconds = (performance.now() / 1000.0) as i64;
        seconds
    })
}

/// What a selector found, as a list.
#[must_use]
pub fn elements(found: Result<NodeList, JsValue>) -> Vec<Element> {
    let Ok(found) = found else { return Vec::new() };
    (0..found.length())
        .filter_map(|at| element(found.item(at)?.into()))
        .collect()
}

/// A value as an element, if it is one.
#[must_use]
pub fn element(value: JsValue) -> Option<Element> {
    value.dyn_into().ok()
}

/// Marks the document once its islands are alive, for the style sheet.
pub fn say_alive() {
    if let Some(root) = leptos::prelude::document().document_element() {
        drop(root.set_attribute("data-live", "yes"));
    }
}
