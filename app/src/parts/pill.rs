//! The connection pill: one of three words, and a mark beside it.

use crate::{
    i18n::{t_string, use_i18n},
    live::{Connection, Live},
};
use leptos::prelude::*;

/// Says whether what is shown is true now.
#[component]
pub fn Pill() -> impl IntoView {
    let words = use_i18n();
    let state = expect_context::<Live>().state();
    let name = move || match state.get() {
        Connection::Live => "live",
        Connection::Reconnecting => "reconnecting",
        Connection::Offline => "offline",
    };
    let text = move || match state.get() {
        Connection::Live => t_string!(words, common.pill.live),
        Connection::Reconnecting => t_string!(words, common.pill.reconnecting),
        Connection::Offline => t_string!(words, common.pill.offline),
    };
    view! { <span class="pill" role="status" data-state=name><span class="pill-mark"></span>{text}</span> }.into_any()
}
