//! The ways out for a lot on the shelf: thrown away, set aside, or back to who delivered it. Each can be undone.

use super::list::Board;
use crate::prelude::*;
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    inventory::{
        api::{adjust, inspect},
        corrections::{HeldBar, HeldNow},
        done::{Done, DoneBar},
        escape,
    },
    parts::{Icon, Svg, as_number, quantity, to_type},
};
use leptos::task::spawn_local;
use model::{Action, Corrected, Line, Lot, LotStatus, NewAdjustment, NewInspection, PostingId, Quantity, Tracking};

/// What was just done with lots of a store.
#[derive(Clone, Copy)]
pub struct WaysOut {
    store: StoredValue<String>,
    done: RwSignal<Option<Done>>,
    held: RwSignal<Option<HeldNow>>,
}

impl WaysOut {
    pub fn new(store: String) -> Self {
        Self { store: StoredValue::new(store), done: RwSignal::new(None), held: RwSignal::new(None) }
    }
}

/// One of them, ready to be sent.
enum Out {
    Away(NewAdjustment),
    Aside(NewInspection),
}

impl Out {
    /// Sends it; what it answers with waits for somebody else, or is posted.
    async fn send(self, by: String) -> Result<Corrected, Failure> {
        match self {
            Self::Away(new) => adjust(new, Some(by)).await,
            Self::Aside(new) => inspect(new).await,
        }
    }
}

/// What was just done, and the way back.
#[component]
pub fn WaysBar(board: Board, ways: WaysOut) -> impl IntoView {
    view! {
        <DoneBar done=ways.done on_undone=Callback::new(move |()| board.ask_again()) />
        <HeldBar held=ways.held />
    }
}

/// The ways out for what of a lot lies on the shelf.
#[component]
pub fn Ways(board: Board, ways: WaysOut, lot: Lot) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let (all, rest) = (lot.shelf, Quantity::from_parts(lot.on_hand.parts() - lot.shelf.parts()));
    let fresh = || (PostingId::new(), PostingId::new());
    // One id for all tries of the same, so that an answer that was lost does not count twice.
    let (typed, ids) = (RwSignal::new(to_type(words.get_locale_untracked(), all)), StoredValue::new(fresh()));
    let meant = Memo::new(move |_| {
        let wanted = typed.with(|typed| as_number::<Quantity>(typed));
        wanted.filter(|wanted| *wanted > Quantity::ZERO && *wanted <= all)
    });
    let (id, label, piece) = (lot.id, lot.name.clone(), lot.tracking == Tracking::Serial);
    let of = StoredValue::new(lot);
    let go = move |aside: bool| {
        move |_| {
            let Some(size) = meant.get_untracked().filter(|_| !board.busy.get_untracked()) else { return };
            let Lot { sku, name, lot, expired, status, .. } = of.get_value();
            let (store, (away, kept)) = (ways.store.get_value(), ids.get_value());
            let reason = match status {
                _ if expired => "expired",
                LotStatus::Recalled => "recalled",
                LotStatus::Hold => "on hold",
                LotStatus::Ok => "damaged",
            };
            let reason = reason.to_owned();
            let shown = quantity(words.get_locale_untracked(), size);
            let (text, out) = if aside {
                let told = t_string!(words, lots.ways.put_aside, name = name, quantity = shown).to_string();
                let new =
                    NewInspection { id: kept, store, sku, quantity: size, lot: Some(lot), scrap: false, aside, reason };
                (told, Out::Aside(new))
            } else {
                let told = t_string!(words, aside.thrown, name = name, quantity = shown).to_string();
                let (lot, serials) = if piece { (None, vec![lot]) } else { (Some(lot), Vec::new()) };
                let lines = vec![Line { sku, quantity: -size, reason: None, lot, serials }];
                (told, Out::Away(NewAdjustment { id: away, store, occurred_at: None, number: None, reason, lines }))
            };
            board.busy.set(true);
            let by = here.me().key();
            spawn_local(async move {
                let answer = out.send(by).await;
                if board.busy.try_set(false).is_some() {
                    return; // The page is gone.
                }
                match answer {
                    Ok(Corrected::Posted(receipt)) => {
                        ways.held.set(None);
                        ways.done.set(Some(Done::new(receipt.id, text)));
                        board.failure.set(None);
                    }
                    Ok(Corrected::Held(correction)) => {
                        ways.held.set(Some(HeldNow::from(*correction)));
                        board.failure.set(None);
                    }
                    Err(failure) => {
                        // What was refused stays refused under its id.
                        ids.try_set_value(fresh());
                        board.failure.set(Some(failure));
                    }
                }
                board.ask_again();
            });
        }
    };
    let back = move || format!("/supplier-returns?store={}&lot={id}", escape(&ways.store.get_value()));
    let stuck = move || board.busy.get() || meant.get().is_none();
    let lies = all > Quantity::ZERO;
    let label = StoredValue::new(label);
    view! {
        {(rest > Quantity::ZERO).then(|| view! {
            <p class="quiet">{move || t_string!(words, lots.ways.elsewhere, quantity = quantity(words.get_locale(), rest)).to_string()}</p>
        })}
        <Show when=move || lies && (here.may(Action::Adjust) || here.may(Action::Purchase))>
            <div class="aside-ways">
                <Show when=move || here.may(Action::Adjust)>
                    <Show when=move || !piece>
                        <label class="field"><span>{t!(words, aside.how_many)}</span>
                            <input type="text" inputmode="decimal" autocomplete="off" maxlength="16" prop:value=typed
                                aria-invalid=move || if meant.get().is_none() { "true" } else { "false" }
                                on:input:target=move |event| { ids.set_value(fresh()); typed.set(event.target().value()) } /></label>
                    </Show>
                    <button type="button" class="button" disabled=stuck on:click=go(false)>
                        {t!(words, aside.scrap)}<span class="unseen">{label.get_value()}</span></button>
                    <button type="button" class="button" disabled=stuck on:click=go(true)>
                        {t!(words, lots.ways.aside)}<span class="unseen">{label.get_value()}</span></button>
                </Show>
                <Show when=move || here.may(Action::Purchase)>
                    <a class="button" href=back><Svg icon=Icon::Truck />{t!(words, lots.ways.back)}<span class="unseen">{label.get_value()}</span></a>
                </Show>
            </div>
        </Show>
    }
}
