//! A shared tablet that nobody touches asks who is working; each person comes back to where they were.

use super::api::sign_out;
use crate::frame::Here;
use crate::inventory::keep;
use crate::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_location;
use std::time::Duration;

/// Where this browser keeps when it was last touched: one for all its windows.
const TOUCHED: &str = "touched";
/// How often that is looked at.
const LOOK: Duration = Duration::from_secs(5);

/// Where this browser keeps the page on which that person was.
pub(super) fn place_of(person: &str) -> String {
    format!("place:{person}")
}

/// Watches over a shared tablet; elsewhere it does nothing. Without a connection nobody is asked anything: a PIN is
/// looked at by the server only, and whoever is there goes on working.
#[component]
pub fn Watch(
    /// Who is here.
    here: Here,
) -> impl IntoView {
    let me = here.me();
    let Some(minutes) = me.lock_minutes else { return };
    let place = place_of(&me.key());
    let location = use_location();
    Effect::new(move || {
        let path = location.pathname.get();
        // On the way out the address is the door's already.
        if !matches!(path.as_str(), "/who" | "/sign-in") {
            keep::save(&place, &(path + &location.search.get()));
        }
    });
    let still_ms = f64::from(minutes) * 60_000.0;
    let leaving = StoredValue::new(false);
    Effect::new(move || {
        let touch = || {
            keep::save(TOUCHED, &js_sys::Date::now());
        };
        touch();
        let hands =
            ["pointerdown", "keydown", "wheel"].map(|hand| window_event_listener_untyped(hand, move |_| touch()));
        let look = move || {
            let touched_ms: f64 = keep::load(TOUCHED).unwrap_or_default();
            if leaving.try_get_value().unwrap_or(true) || js_sys::Date::now() - touched_ms < still_ms {
                return;
            }
            leaving.set_value(true);
            spawn_local(async move {
                // A yes leads on by itself; without one it is tried again.
                sign_out().await.ok();
                leaving.try_set_value(false);
            });
        };
        let watch = set_interval_with_handle(look, LOOK);
        on_cleanup(move || {
            hands.into_iter().for_each(|listener| listener.remove());
            watch.into_iter().for_each(|watch| watch.clear());
        });
    });
}
