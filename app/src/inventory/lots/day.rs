//! Correcting a lot's last good day: with a reason, and with the way back.

use super::list::Board;
use crate::prelude::*;
use crate::{
    frame::use_here,
    i18n::{t, t_string, tu_string, use_i18n},
    parts::UndoBar,
};
use leptos::ev;
use model::{Action, Lot, LotId, LotPatch, barcode::Date};

/// A day that was just corrected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Corrected {
    lot: LotId,
    /// What stood there.
    before: Date,
    /// What was done, in words.
    text: String,
}

/// The form, for who may say what a lot is.
#[component]
pub fn LastDay(board: Board, lot: Lot) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let (id, code, before) = (lot.id, lot.lot, lot.expires_on);
    let kept = before.map(|day| day.to_string()).unwrap_or_default();
    let (day, reason) = (RwSignal::new(kept.clone()), RwSignal::new(String::new()));
    let ready = move || !reason.read().trim().is_empty() && day.with(|day| *day != kept && day.parse::<Date>().is_ok());
    let ready = Memo::new(move |_| ready());
    let correct = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let expires_on = day.get_untracked().parse().ok();
        let reason = Some(reason.get_untracked().trim().to_owned());
        let text = tu_string!(words, lots.day.done, lot = code.clone()).to_string();
        let back = before.map(|before| Corrected { lot: id, before, text });
        board.change(id, LotPatch { status: None, expires_on, reason }, move || board.corrected.set(back));
    };
    view! {
        <Show when=move || here.may(Action::EditItems)>
            <form class="line-lot" on:submit=correct.clone()>
                <label class="field"><span>{t!(words, lots.last_day)}</span>
                    <input type="date" required prop:value=day on:input=move |event| day.set(event_target_value(&event)) /></label>
                <label class="field"><span>{t!(words, lots.day.why)}</span>
                    <input required maxlength="200" autocomplete="off" prop:value=reason on:input=move |event| reason.set(event_target_value(&event)) /></label>
                <button type="submit" class="button" disabled=move || board.busy.get() || !ready.get()>{t!(words, lots.day.correct)}</button>
            </form>
        </Show>
    }
}

/// What was just corrected, and the way back.
#[component]
pub fn CorrectedBar(board: Board) -> impl IntoView {
    let words = use_i18n();
    let undo = move |()| {
        let Some(Corrected { lot, before, .. }) = board.corrected.get_untracked() else { return };
        let reason = Some(t_string!(words, lots.day.undone).to_owned());
        let patch = LotPatch { status: None, expires_on: Some(before), reason };
        board.change(lot, patch, move || board.corrected.set(None));
    };
    let close = move |()| {
        if !board.busy.get_untracked() {
            board.corrected.set(None);
        }
    };
    view! {
        {move || board.corrected.get().map(|done| view! {
            <UndoBar text=Signal::stored(done.text) busy=board.busy on_undo=Callback::new(undo) on_close=Callback::new(close) />
        })}
    }
}
