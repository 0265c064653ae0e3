//! The connection pill: one of three words, and a mark beside it; what waits to be sent is counted, and one tap away.

use crate::prelude::*;
use crate::{
    i18n::{t_string, use_i18n},
    live::{Connection, Live},
};

/// Says whether what is shown is true now, and how much waits for a connection.
#[component]
pub fn Pill(
    /// How many things wait to be sent.
    #[prop(optional, into)]
    waiting: Signal<usize>,
    /// Where one sees what is left to send, while something is.
    #[prop(optional, into)]
    left: Signal<Option<String>>,
) -> impl IntoView {
    let words = use_i18n();
    let state = expect_context::<Live>().state();
    let name = move || match state.get() {
        Connection::Live => "live",
        Connection::Reconnecting => "reconnecting",
        Connection::Offline => "offline",
    };
    let text = move || match (state.get(), waiting.get()) {
        (Connection::Live, _) => t_string!(words, common.pill.live).to_string(),
        (Connection::Reconnecting, _) => t_string!(words, common.pill.reconnecting).to_string(),
        (Connection::Offline, 0) => t_string!(words, common.pill.offline).to_string(),
        (Connection::Offline, count) => t_string!(words, common.pill.waiting, count = count.to_string()).to_string(),
    };
    view! {
        <a class="pill-link" href=move || left.get()>
            <span class="pill" role="status" data-state=move || name()><span class="pill-mark"></span>{move || text()}</span>
        </a>
    }
}
