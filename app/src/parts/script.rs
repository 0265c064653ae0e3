//! Scripts that only some pages need: fetched when the first of them does, from where the page's head says.

use crate::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event};

/// Calls back once that script is here, or with `false` when it did not come; `global` is what it leaves behind.
pub fn when_loaded(name: &str, global: &str, then: Box<dyn FnOnce(bool)>) {
    if js_sys::Reflect::has(&window(), &global.into()) == Ok(true) {
        return then(true);
    }
    let Some(script) = script(name) else { return then(false) };
    let awaited = script.clone();
    let then = Closure::once_into_js(move |event: Event| {
        let came = event.type_() == "load";
        if !came {
            // The next one to ask tries again.
            awaited.remove();
        }
        then(came);
    });
    for event in ["load", "error"] {
        script.add_event_listener_with_callback(event, then.unchecked_ref()).ok();
    }
}

/// The script element, made once. The page's policy trusts it because a trusted script made it.
fn script(name: &str) -> Option<Element> {
    let id = format!("{name}-script");
    if let Some(script) = document().get_element_by_id(&id) {
        return Some(script);
    }
    let address = document().query_selector(&format!("meta[name={name}]")).ok()??.get_attribute("content")?;
    let script = document().create_element("script").ok()?;
    script.set_id(&id);
    // As a module its names stay its own: as a plain script ECharts would put its `WeakMap` in place of the browser's.
    script.set_attribute("type", "module").ok()?;
    script.set_attribute("src", &address).ok()?;
    document().head()?.append_child(&script).ok()?;
    Some(script)
}
