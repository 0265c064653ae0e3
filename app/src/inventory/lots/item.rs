//! The lots of one item, on its sheet, and whether its goods are told apart at all.

use super::api::{ItemLots, find_item_lots, track_item};
use super::day::CorrectedBar;
use super::list::{Board, Rows};
use crate::prelude::*;
use crate::{
    frame::use_here,
    i18n::{t, use_i18n},
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
    let tracked = RwSignal::new(first.data.tracking == Tracking::Lot);
    let board = Board::new(first.data.lots);
    let wanted = StoredValue::new((store.clone(), sku.clone()));
    let read = move || wanted.with_value(|(store, sku)| find_item_lots(store.clone(), sku.clone()));
    let following = follow(vec![format!("stock:{store}")], first.as_of, read, move |now: ItemLots| {
        tracked.set(now.tracking == Tracking::Lot);
        board.lots.set(now.lots);
    });
    board.again.set_value(Some(Callback::new(move |()| following.now())));
    let busy = RwSignal::new(false);
    let turn = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let next = if tracked.get_untracked() { Tracking::None } else { Tracking::Lot };
        spawn_local(async move {
            let answer = track_item(wanted.with_value(|(_, sku)| sku.clone()), next).await;
            if busy.try_set(false).is_some() {
                return; // The page is gone.
            }
            if answer.is_ok() {
                tracked.set(next == Tracking::Lot);
            }
            board.failure.set(answer.err());
        });
    };
    let none = move || board.lots.with(Vec::is_empty);
    view! {
        <Show when=move || tracked.get() || !none() || here.may(Action::EditItems)>
            <section class="card" aria-labelledby="item-lots">
                <h2 id="item-lots">{t!(words, lots.title)}</h2>
                <Show when=move || tracked.get() && none()><p>{t!(words, lots.none_left)}</p></Show>
                <CorrectedBar board />
                <Rows board />
                <Notice failure=board.failure />
                <Show when=move || here.may(Action::EditItems)>
                    <button type="button" class="button wide" disabled=busy on:click=turn>
                        {move || if tracked.get() { t!(words, lots.untrack).into_any() } else { t!(words, lots.track).into_any() }}
                    </button>
                </Show>
            </section>
        </Show>
    }
}
