//! What purchase orders look like in words.

use crate::i18n::t_string;
use crate::prefs::Words;
use crate::prelude::*;
use model::{PaperId, PurchaseState};

/// The name of a state.
pub fn state(words: Words, state: PurchaseState) -> &'static str {
    match state {
        PurchaseState::Draft => t_string!(words, purchases.state.draft),
        PurchaseState::Submitted => t_string!(words, purchases.state.submitted),
        PurchaseState::Approved => t_string!(words, purchases.state.approved),
        PurchaseState::Sent => t_string!(words, purchases.state.sent),
        PurchaseState::PartlyReceived => t_string!(words, purchases.state.partly_received),
        PurchaseState::Received => t_string!(words, purchases.state.received),
        PurchaseState::Closed => t_string!(words, purchases.state.closed),
        PurchaseState::ClosedShort => t_string!(words, purchases.state.closed_short),
        PurchaseState::Rejected => t_string!(words, purchases.state.rejected),
        PurchaseState::Cancelled => t_string!(words, purchases.state.cancelled),
    }
}

/// The way to an order.
pub fn link(id: PaperId, store: &str) -> String {
    format!("/purchases/{id}?store={}", crate::inventory::escape(store))
}

/// A state, as a mark: never by colour alone.
#[component]
pub fn State(#[prop(into)] of: Signal<PurchaseState>) -> impl IntoView {
    let words = crate::i18n::use_i18n();
    view! { <span class="state" data-state=move || of.get().name()>{move || state(words, of.get())}</span> }
}
