//! What only the browser compiles: bringing the rendered page to life.

use app::App;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called once by the page's start script.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(App);
}
