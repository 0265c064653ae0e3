//! Taking a lot in: a scanned label fills in the item, the lot and its last good day.

use super::Trouble;
use super::api::read_label;
use crate::prelude::*;
use crate::{
    frame::use_here,
    i18n::{t, t_string, tu_string, use_i18n},
    inventory::{Done, DoneBar, api::post_receipt},
    parts::{Icon, Notice, Said, Saying, ScanField, Scanned, Speaker, Svg, Tone},
};
use leptos::{ev, task::spawn_local};
use model::{LineLot, LotLabel, NewLine, NewReceipt, PostingId, Quantity, Tracking};

/// The form of a delivery of one lot.
#[component]
pub fn TakeIn(store: String, again: Callback<()>) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let speaker: Speaker = expect_context();
    let store = StoredValue::new(store);
    let item = RwSignal::new(None::<LotLabel>);
    let (lot, day, size) = (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new("1".to_owned()));
    let (said, failure): (_, Trouble) = (RwSignal::new(None::<Said>), RwSignal::new(None));
    let (busy, clear, done) = (RwSignal::new(false), Trigger::new(), RwSignal::new(None::<Done>));
    let id = StoredValue::new(PostingId::new());
    let say = move |tone: Tone, text: String| {
        speaker.play(tone);
        said.update(|said| *said = Some(Said::after(said.as_ref(), tone, text)));
    };
    let scanned = move |scanned: Scanned| {
        spawn_local(async move {
            match read_label(scanned.code.clone()).await {
                Ok(Some(label)) if label.tracking == Tracking::Lot => {
                    say(Tone::Good, label.name.clone());
                    lot.set(label.lot.clone().unwrap_or_default());
                    day.set(label.expires_on.map(|day| day.to_string()).unwrap_or_default());
                    size.set(label.quantity.to_string());
                    item.set(Some(label));
                    failure.set(None);
                }
                Ok(Some(label)) => say(Tone::Warn, tu_string!(words, lots.untold, name = label.name).to_string()),
                Ok(None) => say(Tone::Warn, tu_string!(words, lots.unknown, code = scanned.code).to_string()),
                Err(error) => failure.set(Some(error)),
            }
            clear.notify();
        });
    };
    let wanted = move || size.read().trim().replace(',', ".").parse::<Quantity>().ok();
    let ready = move || item.read().is_some() && !lot.read().trim().is_empty() && wanted().is_some();
    let book = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let Some((label, quantity)) = item.get_untracked().zip(untrack(wanted)) else { return };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let named = LineLot {
            line: 1,
            lot: lot.get_untracked().trim().to_owned(),
            expires_on: day.get_untracked().parse().ok(),
        };
        let new = NewReceipt {
            id: id.get_value(),
            store: store.get_value(),
            occurred_at: None,
            number: None,
            order: None,
            lines: vec![NewLine { sku: label.sku, quantity, unit_price: None }],
            lots: vec![named],
            rejected: Vec::new(),
        };
        let by = Some(here.me().key());
        spawn_local(async move {
            let answer = post_receipt(new, by).await;
            if busy.try_set(false).is_some() {
                return; // The page is gone.
            }
            match answer {
                Ok(receipt) => {
                    let text = tu_string!(words, lots.taken, name = label.name).to_string();
                    done.set(Some(Done::new(receipt.id, text)));
                    id.set_value(PostingId::new());
                    item.set(None);
                    lot.set(String::new());
                    day.set(String::new());
                    again.run(());
                }
                Err(error) => failure.set(Some(error)),
            }
        });
    };
    let name = move || item.with(|item| item.as_ref().map(|item| item.name.clone()));
    view! {
        <section class="card" aria-labelledby="lot-in">
            <h2 id="lot-in">{t!(words, lots.take_in)}</h2>
            <p>{t!(words, lots.take_in_hint)}</p>
            <ScanField clear said on_code=Callback::new(scanned) on_text=Callback::new(|_| {}) />
            <Saying said />
            <Show when=move || item.read().is_some()>
                <form class="move-new" on:submit=book>
                    <div class="field"><label for="lot-code">{t!(words, lots.code)}</label>
                        <input id="lot-code" required maxlength="64" autocomplete="off" prop:value=lot on:input=move |event| lot.set(event_target_value(&event)) /></div>
                    <div class="field"><label for="lot-day">{t!(words, lots.last_day)}</label>
                        <input id="lot-day" type="date" prop:value=day on:input=move |event| day.set(event_target_value(&event)) /></div>
                    <div class="field"><label for="lot-size">{t!(words, lots.how_many)}</label>
                        <input id="lot-size" required inputmode="decimal" maxlength="16" autocomplete="off" prop:value=size on:input=move |event| size.set(event_target_value(&event)) /></div>
                    <button type="submit" class="button primary" disabled=move || busy.get() || !ready()>
                        <Svg icon=Icon::Receive />{move || t_string!(words, lots.book, size = size.get(), name = name().unwrap_or_default()).to_string()}
                    </button>
                </form>
            </Show>
            <Notice failure />
            <DoneBar done on_undone=again />
        </section>
    }
}
