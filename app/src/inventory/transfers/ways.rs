//! What can be done with a transfer now: one main button that says so, and the ways out beside it.

use super::{settle::Settling, trip::Trip};
use crate::prelude::*;
use crate::{
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    parts::quantity,
    rules::approves,
};
use model::{Action, Goods, Quantity, TransferState, TransferStep};

fn sum(sizes: impl Iterator<Item = Quantity>) -> Quantity {
    sizes.fold(Quantity::ZERO, |sum, more| sum.checked_add(more).unwrap_or(sum))
}

/// The buttons that its state leaves.
#[component]
pub fn Ways(trip: Trip) -> impl IntoView {
    let state = move || trip.now.with(|now| now.state);
    let leaves = move || matches!(state(), TransferState::Draft | TransferState::Approved) && trip.sends();
    let comes = move || state().is_under_way() && trip.receives();
    let open = move || matches!(state(), TransferState::PartlyReceived | TransferState::Short) && trip.sends();
    view! {
        <div class="move-ways">
            <Show when=leaves><Leaving trip /></Show>
            <Show when=comes><Arriving trip /></Show>
            <Show when=open><Settling trip /></Show>
            <Show when=move || state() == TransferState::InTransit && trip.sends()><Calling trip /></Show>
            <Show when=move || state() == TransferState::Received && trip.sends()><Closing trip /></Show>
        </div>
    }
}

/// Sends it, has it approved, or drops it.
#[component]
fn Leaving(trip: Trip) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let size = move || trip.now.with(|now| sum(now.lines.iter().map(|line| line.asked)));
    let send = move || {
        let count = quantity(words.get_locale(), size());
        t_string!(words, transfers.send, count = count).to_string()
    };
    let asks = move || trip.now.with(|now| now.needs_approval);
    let by = move || trip.now.with(|now| now.approved_by);
    let idle = move || trip.busy.get() || size() == Quantity::ZERO;
    view! {
        <Show when=move || !asks()>
            <button type="button" class="button primary wide" disabled=idle on:click=move |_| trip.take(TransferStep::Dispatch)>{send}</button>
        </Show>
        <Show when=asks>
            <p class="card">{t!(words, transfers.needs_approval)}" "{move || by().map(|by| approves(words, by))}</p>
            <Show when=move || here.may(Action::Approve)>
                <button type="button" class="button primary wide" disabled=idle on:click=move |_| trip.take(TransferStep::Approve)>{t!(words, transfers.approve)}</button>
            </Show>
        </Show>
        <button type="button" class="button wide" disabled=trip.busy on:click=move |_| trip.take(TransferStep::Cancel { goods: None })>{t!(words, transfers.drop)}</button>
    }
}

/// Books in what came: all of it, or what was counted. What nobody answered comes first.
#[component]
fn Arriving(trip: Trip) -> impl IntoView {
    let words = use_i18n();
    let counted = move || trip.arrived.with(|arrived| sum(arrived.lines.values().map(|line| line.quantity)));
    let left = move || trip.now.with(|now| sum(now.lines.iter().map(|line| line.in_transit)));
    let again = Memo::new(move |_| !trip.busy.get() && trip.arrived.with(|arrived| arrived.sent.is_some()));
    let none = move || counted() == Quantity::ZERO;
    let fewer = move || !again.get() && !none() && counted() < left();
    let no_more = move || !again.get() && none() && trip.now.with(|now| now.state == TransferState::PartlyReceived);
    let button = move || {
        let locale = words.get_locale();
        if again.get() {
            t_string!(words, transfers.again).to_owned()
        } else if none() {
            t_string!(words, transfers.all_arrived, count = quantity(locale, left())).to_string()
        } else {
            t_string!(words, transfers.book_in, count = quantity(locale, counted())).to_string()
        }
    };
    view! {
        <Show when=move || again.get()><p class="card">{t!(words, transfers.not_answered)}</p></Show>
        <button type="button" class="button primary wide" disabled=trip.busy on:click=move |_| trip.book(false)>{button}</button>
        <Show when=fewer>
            <button type="button" class="button wide" disabled=trip.busy on:click=move |_| trip.book(true)>{t!(words, transfers.rest_missing)}</button>
        </Show>
        <Show when=no_more>
            <button type="button" class="button wide" disabled=trip.busy on:click=move |_| trip.book(true)>{t!(words, transfers.no_more)}</button>
        </Show>
    }
}

/// Calls it off while it is on the way.
#[component]
fn Calling(trip: Trip) -> impl IntoView {
    let words = use_i18n();
    let asking = RwSignal::new(false);
    let off = move |goods| trip.take(TransferStep::Cancel { goods: Some(goods) });
    let ask = move || view! { <button type="button" class="button wide" on:click=move |_| asking.set(true)>{t!(words, transfers.call_off)}</button> };
    view! {
        <Show when=move || asking.get() fallback=ask>
            <section class="card move-settle">
                <h2>{t!(words, transfers.where_goods)}</h2>
                <button type="button" class="button wide" disabled=trip.busy on:click=move |_| off(Goods::Home)>{t!(words, transfers.home)}</button>
                <button type="button" class="button wide" disabled=trip.busy on:click=move |_| off(Goods::WrittenOff)>{t!(words, transfers.written_off)}</button>
                <button type="button" class="button wide" on:click=move |_| asking.set(false)>{t!(words, transfers.keep)}</button>
            </section>
        </Show>
    }
}

#[component]
fn Closing(trip: Trip) -> impl IntoView {
    let words = use_i18n();
    view! {
        <button type="button" class="button primary wide" disabled=trip.busy on:click=move |_| trip.take(TransferStep::Close)>{t!(words, transfers.close)}</button>
    }
}
