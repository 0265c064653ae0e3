//! The lots of one item, on its sheet, and whether its goods are told apart at all.

use super::api::{ItemLots, find_item_lots, track_item};
use super::day::CorrectedBar;
use super::list::{Board, Rows};
use crate::prelude::*;
use crate::{
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    live::follow,
    parts::Notice,
};
use leptos::task::spawn_local;
use model::{Action, Since, Tracking};

/// The section of an item's lots in the store looked at.
#[component]
pub fn OfItem(store: String, sku: String) -> impl IntoView {
    let first = RwSignal::new(None);
    // In the browser, once the sheet stands: streamed beside it, it would come before or after what surrounds it.
    Effect::new(move || {
        let (store, sku) = (store.clone(), sku.clone());
        spawn_local(async move {
            // Whoever must not see it sees nothing of it.
            if let Ok(lots) = find_item_lots(store.clone(), sku.clone()).await {
                first.try_set(Some((store, sku, lots)));
            }
        });
    });
    move || first.get().map(|(store, sku, first)| view! { <Lots store sku first /> })
}

#[component]
fn Lots(store: String, sku: String, first: Since<ItemLots>) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let tracking = RwSignal::new(first.data.tracking);
    let board = Board::new(first.data.lots);
    let wanted = StoredValue::new((store.clone(), sku.clone()));
    let read = move || wanted.with_value(|(store, sku)| find_item_lots(store.clone(), sku.clone()));
    let following = follow(vec![format!("stock:{store}")], first.as_of, read, move |now: ItemLots| {
        tracking.set(now.tracking);
        board.lots.set(now.lots);
    });
    board.again.set_value(Some(Callback::new(move |()| following.now())));
    let tracked = move || tracking.get() != Tracking::None;
    let none = move || board.lots.with(Vec::is_empty);
    let serials = move || tracking.get() == Tracking::Serial;
    view! {
        <Show when=move || tracked() || !none() || here.may(Action::EditItems)>
            <section class="card" aria-labelledby="item-lots">
                <h2 id="item-lots">{move || if serials() { t!(words, lots.serial.title).into_any() } else { t!(words, lots.title).into_any() }}</h2>
                <Show when=move || tracked() && none()>
                    <p>{move || if serials() { t!(words, lots.serial.none_left).into_any() } else { t!(words, lots.none_left).into_any() }}</p>
                </Show>
                <CorrectedBar board />
                <Rows board />
                <Notice failure=board.failure />
                <Show when=move || here.may(Action::EditItems)><Ways board tracking sku=wanted.with_value(|(_, sku)| sku.clone()) /></Show>
            </section>
        </Show>
    }
}

/// How the item's goods are told apart: not at all, by lot, one by one.
#[component]
fn Ways(board: Board, tracking: RwSignal<Tracking>, sku: String) -> impl IntoView {
    let words = use_i18n();
    let sku = StoredValue::new(sku);
    let turn = move |next: Tracking| {
        if board.busy.get_untracked() || tracking.get_untracked() == next {
            return;
        }
        board.busy.set(true);
        spawn_local(async move {
            let answer = track_item(sku.get_value(), next).await;
            if board.busy.try_set(false).is_some() {
                return; // The page is gone.
            }
            if answer.is_ok() {
                tracking.set(next);
            }
            board.failure.set(answer.err());
        });
    };
    let word = move |way: Tracking| match way {
        Tracking::None => t_string!(words, lots.tracking.none),
        Tracking::Lot => t_string!(words, lots.tracking.lot),
        Tracking::Serial => t_string!(words, lots.tracking.serial),
    };
    let choices = Tracking::ALL.map(|way| {
        view! {
            <button type="button" class="choice" disabled=board.busy
                aria-pressed=move || if tracking.get() == way { "true" } else { "false" } on:click=move |_| turn(way)>{move || word(way)}</button>
        }
    });
    view! { <fieldset class="choices"><legend>{t!(words, lots.tracking.question)}</legend>{choices.collect_view()}</fieldset> }
}
