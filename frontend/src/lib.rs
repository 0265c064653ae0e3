//! What only the browser compiles: bringing the rendered page to life.

use app::App;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called once by the page's start script.
#[wasm_bindgen]
pub fn hydrate() {
    std::panic::set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        app::problems::tell(&panic.payload_as_str().unwrap_or("a panic").replace('\n', " "), &place);
    }));
    leptos::mount::hydrate_lazy(App);
}
