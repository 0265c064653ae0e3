//! The list of lots: a tap shows where one is and went; what is called back can be let go again.

use super::api::{change_lot, lots, trace_lot};
use super::day::{Corrected, LastDay};
use super::trace::Trace;
use super::ways::{Ways, WaysOut};
use super::{Trouble, barred, called};
use crate::prelude::*;
use crate::{
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    parts::{quantity, use_day},
};
use leptos::task::spawn_local;
use model::{Action, Lot, LotAfter, LotId, LotList, LotPatch, LotQuery, LotStatus, LotTrace, Quantity, Tracking};

/// The lots that are shown, and the one that is open.
#[derive(Clone, Copy)]
pub struct Board {
    pub lots: RwSignal<Vec<Lot>>,
    pub failure: Trouble,
    pub again: StoredValue<Option<Callback<()>>>,
    /// A day that was just corrected.
    pub corrected: RwSignal<Option<Corrected>>,
    pub busy: RwSignal<bool>,
    /// There are more behind the last one.
    pub more: RwSignal<bool>,
    /// Somebody has read on.
    read_on: StoredValue<bool>,
    /// What to do with those of one store.
    pub ways: Option<WaysOut>,
    open: RwSignal<Option<LotId>>,
    pub trace: RwSignal<Option<LotTrace>>,
}

impl Board {
    /// Shows these.
    pub fn new(lots: Vec<Lot>) -> Self {
        Self {
            lots: RwSignal::new(lots),
            failure: RwSignal::new(None),
            again: StoredValue::new(None),
            corrected: RwSignal::new(None),
            busy: RwSignal::new(false),
            more: RwSignal::new(false),
            read_on: StoredValue::new(false),
            ways: None,
            open: RwSignal::new(None),
            trace: RwSignal::new(None),
        }
    }

    /// Shows these of one store, with what to do with them.
    pub fn of_store(store: String, first: LotList) -> Self {
        let board = Self { ways: Some(WaysOut::new(store)), ..Self::new(first.lots) };
        board.more.set(first.more);
        board
    }

    /// Shows what is so by now.
    pub fn renew(self, now: LotList) {
        self.lots.set(now.lots);
        self.more.set(now.more);
    }

    /// What has to be asked to see anew what is shown.
    pub fn shown(self, query: LotQuery) -> LotQuery {
        let last = self.lots.with_untracked(|lots| lots.last().map(LotAfter::from));
        LotQuery { up_to: last.filter(|_| self.read_on.get_value()), ..query }
    }

    /// Reads the next page.
    pub fn read_on(self, query: LotQuery) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        let after = self.lots.with_untracked(|lots| lots.last().map(LotAfter::from));
        spawn_local(async move {
            let answer = lots(LotQuery { after, ..query }).await;
            if self.busy.try_set(false).is_some() {
                return; // The page is gone.
            }
            match answer {
                Ok(page) => {
                    self.read_on.set_value(true);
                    self.more.set(page.data.more);
                    self.lots.update(|lots| {
                        // What was there already stands in its new place.
                        lots.retain(|lot| page.data.lots.iter().all(|new| new.id != lot.id));
                        lots.extend(page.data.lots);
                    });
                }
                Err(failure) => self.failure.set(Some(failure)),
            }
        });
    }

    /// Asks for what is so by now.
    pub fn ask_again(self) {
        self.again.get_value().iter().for_each(|again| again.run(()));
    }

    /// Opens one, or closes it again.
    pub fn turn(self, id: LotId) {
        self.trace.set(None);
        if self.open.get_untracked() == Some(id) {
            return self.open.set(None);
        }
        self.open.set(Some(id));
        spawn_local(async move {
            let answer = trace_lot(id).await;
            // Another one may be open by now, or the page be gone.
            if self.open.try_get_untracked() != Some(Some(id)) {
                return;
            }
            match answer {
                Ok(trace) => self.trace.set(Some(trace)),
                Err(failure) => self.failure.set(Some(failure)),
            }
        });
    }

    /// Changes one, and then shows what is so by now.
    pub fn change(self, id: LotId, patch: LotPatch, done: impl FnOnce() + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            let answer = change_lot(id, patch).await;
            if self.busy.try_set(false).is_some() {
                return; // The page is gone.
            }
            if let Ok(lot) = &answer {
                let (status, expired, day) = (lot.status, lot.expired, lot.expires_on);
                self.lots.update(|lots| {
                    for lot in lots.iter_mut().filter(|lot| lot.id == id) {
                        (lot.status, lot.expired, lot.expires_on) = (status, expired, day);
                    }
                });
                done();
            }
            self.failure.set(answer.err());
            self.ask_again();
        });
    }
}

/// All of them.
#[component]
pub fn Rows(board: Board) -> impl IntoView {
    // A row stays, with what is being typed in it, until something of its own lot is different.
    let key = |lot: &Lot| (lot.id, lot.status, lot.expires_on, lot.expired, lot.on_hand.parts(), lot.shelf.parts());
    view! {
        <ul class="moves">
            <For each=move || board.lots.get() key=key let:lot><Row board lot /></For>
        </ul>
    }
}

#[component]
fn Row(board: Board, lot: Lot) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let (id, status, on_hand) = (lot.id, lot.status, lot.on_hand);
    let day = lot.expires_on.map(|day| use_day(day.to_string()));
    // Of a piece nobody asks how long it is good, as long as nobody says it.
    let kept = StoredValue::new(lot.clone());
    let (piece, gone) = (lot.tracking == Tracking::Serial, on_hand == Quantity::ZERO);
    let until = move || match day {
        Some(day) => t_string!(words, lots.until, day = day.get()).to_string(),
        None if piece => String::new(),
        None => t_string!(words, lots.always).to_owned(),
    };
    let name = lot.name.clone();
    let (code, mark) = (lot.lot.clone(), lot.lot.clone());
    let tracking = lot.tracking;
    let called = move || called(words, tracking, &code);
    let many = move || match (piece, gone) {
        (true, true) => t_string!(words, lots.serial.sold).to_owned(),
        (true, false) => String::new(),
        _ => format!("{} {}", quantity(words.get_locale(), on_hand), kept.with_value(|lot| lot.unit.clone())),
    };
    let bad = move || kept.with_value(|lot| barred(words, lot));
    let open = Memo::new(move |_| board.open.get() == Some(id));
    // A lot that is as it should be is one calm row until somebody looks at it.
    let asked = Memo::new(move |_| open.get() || bad().is_some());
    let next = move |status: LotStatus| {
        move |_| board.change(id, LotPatch { status: Some(status), ..LotPatch::default() }, || {})
    };
    view! {
        <li class="card lot" data-lot=mark>
            <button type="button" class="lot-open" aria-expanded=move || if open.get() { "true" } else { "false" } on:click=move |_| board.turn(id)>
                <strong>{name}</strong>
                <span>{called}</span>
                <span>{until}</span>
                <span>{many}</span>
                {move || bad().map(|word| view! { <span class="tag" data-state="short">{word}</span> })}
            </button>
            <Show when=move || asked.get() && here.may(Action::EditItems)>
                {if status == LotStatus::Ok {
                    view! {
                        <div class="lot-ways">
                            <button type="button" class="button" disabled=board.busy on:click=next(LotStatus::Recalled)>{t!(words, lots.recall)}</button>
                            <button type="button" class="button" disabled=board.busy on:click=next(LotStatus::Hold)>{t!(words, lots.hold)}</button>
                        </div>
                    }.into_any()
                } else {
                    view! { <button type="button" class="button" disabled=board.busy on:click=next(LotStatus::Ok)>{t!(words, lots.release)}</button> }.into_any()
                }}
            </Show>
            {board.ways.map(|ways| view! { <Show when=move || asked.get()><Ways board ways lot=kept.get_value() /></Show> })}
            <Show when=move || open.get()>
                <LastDay board lot=kept.get_value() />
                <Trace board />
            </Show>
        </li>
    }
}
