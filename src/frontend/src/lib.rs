//! Starts hydration in the browser.
//!
//! Invariant: nothing but the entry. Everything is under `wasm32`, so that
//! checking the workspace never compiles `app` for the browser and the server
//! at once.
#![cfg(target_arch = "wasm32")]

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the script of the page once the WebAssembly is loaded.
#[wasm_bindgen]
pub fn hydrate() {
    // Says in the browser's console what went wrong; too large to be shipped.
    #[cfg(debug_assertions)]
    console_error_panic_hook::set_once();
    app::components::copy::listen();
    app::components::countdown::start();
    leptos::mount::hydrate_islands();
}
