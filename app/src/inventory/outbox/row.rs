//! One thing that waits: what, how much, when, and the way out while nobody else knows of it.

use super::{
    entry::Entry,
    page::Speech,
    use_outbox,
    words::{object, things, title},
};
use crate::prelude::*;
use crate::{
    i18n::{t, t_string, tu_string, use_i18n},
    inventory::ago::{Ago, Clock},
    parts::{Icon, Svg, Tone},
};
use model::PostingId;

/// Its row, with the clock that says that nobody has acknowledged it yet.
#[component]
pub(super) fn Row(id: PostingId, clock: Clock, speech: Speech) -> impl IntoView {
    let words = use_i18n();
    let outbox = use_outbox();
    let entry = Memo::new(move |_| outbox.queue.with(|queue| queue.find(id).cloned()));
    let Some(first) = entry.get_untracked() else { return ().into_any() };
    let icon = first.kind().icon();
    let (at, zone, store) = (first.at(), first.time_zone.clone(), first.store().to_owned());
    let (name, told) = (first.clone(), first);
    let sending = move || outbox.sending.get() == Some(id);
    let state = move || match sending() {
        true => view! { <span class="tag"><Svg icon=Icon::Refresh />{t!(words, waiting.sending)}</span> },
        false => view! { <span class="tag"><Svg icon=Icon::Clock />{t!(words, waiting.waits)}</span> },
    };
    view! {
        <li class="waiting-row" data-state=move || if sending() { "sending" } else { "waiting" }>
            <span class="waiting-icon"><Svg icon /></span>
            <div class="waiting-what">
                <h3>{move || title(words, &name)}</h3>
                <p>{move || things(words, &told)}</p>
                <div class="waiting-facts"><span>{store}</span><Ago at zone clock /></div>
            </div>
            <div class="waiting-state">{move || state()}</div>
            <WayOut id entry speech />
        </li>
    }
}

/// Cancelling, in two taps; not for what the server may have.
#[component]
fn WayOut(id: PostingId, entry: Memo<Option<Entry>>, speech: Speech) -> impl IntoView {
    let words = use_i18n();
    let outbox = use_outbox();
    let (asking, busy) = (RwSignal::new(false), RwSignal::new(false));
    let sent = move || entry.with(|entry| entry.as_ref().is_some_and(Entry::may_have_arrived));
    let what = move || entry.with(|entry| entry.as_ref().map(|entry| object(words, entry)).unwrap_or_default());
    let done = move |cancelled: bool| {
        busy.try_set(false);
        asking.try_set(false);
        if cancelled {
            speech.say(Tone::Done, tu_string!(words, waiting.cancelled).to_string());
        } else {
            speech.say(Tone::Bad, tu_string!(words, waiting.too_late).to_string());
        }
    };
    let cancel = move |_| {
        busy.set(true);
        outbox.cancel(id, done);
    };
    let ask = move || {
        view! {
            <button type="button" class="button quiet" on:click=move |_| asking.set(true)
                aria-label=move || t_string!(words, waiting.cancel_it, what = what()).to_string()>{t!(words, waiting.cancel)}</button>
        }
    };
    view! {
        <div class="waiting-ways">
            <Show when=move || !sent() fallback=move || view! { <p class="quiet">{t!(words, waiting.may_be_there)}</p> }>
                <Show when=move || asking.get() fallback=ask>
                    <p>{t!(words, waiting.cancel_sure)}</p>
                    <button type="button" class="button" disabled=busy on:click=cancel>{move || t_string!(words, waiting.cancel_it, what = what()).to_string()}</button>
                    <button type="button" class="button" disabled=busy on:click=move |_| asking.set(false)>{t!(words, waiting.keep)}</button>
                </Show>
            </Show>
        </div>
    }
}
