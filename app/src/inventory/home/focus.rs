//! The focus of home: back in the scan field after each action and after whatever was opened above the page closes.

use crate::prelude::*;
use leptos::ev;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// What was clicked or closed has done its part by then.
const SETTLED: Duration = Duration::from_millis(60);
/// What lies above the page, or takes text: there the focus stays.
const ELSEWHERE: &str = "dialog[open], details.menu[open], [popover]:popover-open";

/// Puts the focus back when it belongs there. A keyboard's own walk through the page is left alone.
pub fn keep() {
    Effect::new(move || {
        let pointer = window_event_listener(ev::pointerup, move |_| soon());
        let escape = window_event_listener(ev::keyup, move |event| {
            if event.key() == "Escape" {
                soon();
            }
        });
        on_cleanup(move || {
            pointer.remove();
            escape.remove();
        });
    });
}

fn soon() {
    set_timeout(back, SETTLED);
}

/// The field takes the focus when it is nowhere else that matters; what is typed there stays.
fn back() {
    let open = document().query_selector(ELSEWHERE).ok().flatten().is_some();
    let active = document().active_element();
    let typing = active.is_some_and(|active| matches!(active.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"));
    if open || typing {
        return;
    }
    let field = document().get_element_by_id("scan-field").and_then(|field| field.dyn_into::<HtmlElement>().ok());
    if let Some(field) = field {
        field.focus().ok();
    }
}
