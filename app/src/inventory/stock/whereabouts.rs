//! Where one was in the list: kept in the browser's history, so that coming back shows the same rows.

use super::loader::Loader;
use crate::prelude::*;
use js_sys::{Object, Reflect};

const KEY: &str = "stock-scrolled-px";

/// A row is about to be opened.
pub fn remember() {
    let state = Object::new();
    let scrolled_px = window().scroll_y().unwrap_or_default();
    if Reflect::set(&state, &KEY.into(), &scrolled_px.into()).is_ok() {
        history().and_then(|history| history.replace_state(&state, "").ok());
    }
}

/// Scrolls back to where one was, once the list is as tall as it will be.
pub fn go_back(loader: Loader) {
    let wanted_px = StoredValue::new(None);
    Effect::new(move |before: Option<()>| {
        let shown = loader.window.get();
        // Until it was measured, the list is as tall as the rows that came with the page.
        let measured = shown.below_px > 0.0 || shown.end == loader.total.get();
        if before.is_none() {
            wanted_px.set_value(remembered_px());
        }
        if measured && wanted_px.get_value().is_some() {
            // The fillers get their height in this turn; the page scrolls in the next.
            request_animation_frame(move || {
                if let Some(Some(wanted_px)) = wanted_px.try_update_value(Option::take) {
                    window().scroll_to_with_x_and_y(0.0, wanted_px);
                }
            });
        }
    });
}

fn remembered_px() -> Option<f64> {
    let state = history()?.state().ok()?;
    Reflect::get(&state, &KEY.into()).ok()?.as_f64().filter(|scrolled_px| *scrolled_px > 0.0)
}

fn history() -> Option<web_sys::History> {
    window().history().ok()
}
