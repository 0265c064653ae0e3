//! For whom an item is kept; what is set aside without an order is let go here, or kept a day longer.

use super::book::Book;
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    json::Answer,
    parts::{Moment, Notice, quantity},
    prelude::*,
};
use leptos::{server_fn::codec::Json, task::spawn_local};
use leptos_router::components::A;
use model::{Action, NewEnd, Reservation, ReservationId};

#[cfg(feature = "ssr")]
use {
    crate::caller::{caller, complete},
    inventory::Inventory,
};

/// How much longer, in seconds.
const DAY: i64 = 86_400;

/// Lets goods go that were kept; the same again changes nothing.
#[server(prefix = "/api/inventory", endpoint = "release_reservation", input = Json, output = Answer)]
pub async fn release_reservation(id: ReservationId) -> Result<Reservation, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.release(&actor, id).await }).await?)
}

/// Keeps goods until another moment.
#[server(prefix = "/api/inventory", endpoint = "extend_reservation", input = Json, output = Answer)]
pub async fn extend_reservation(id: ReservationId, end: NewEnd) -> Result<Reservation, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.extend(&actor, id, end).await }).await?)
}

/// For whom it is kept.
#[component]
pub fn Held(book: Book) -> impl IntoView {
    let words = use_i18n();
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let row = move |held: Reservation| view! { <Row book held busy failure /> };
    view! {
        <Show when=move || { book.with(|sheet| !sheet.reservations.is_empty()) }>
            <section class="card places">
                <h2>{t!(words, item.held)}</h2>
                <ul>{move || book.with(|sheet| sheet.reservations.clone()).into_iter().map(row).collect_view()}</ul>
            </section>
        </Show>
        <Notice failure />
    }
}

#[component]
fn Row(book: Book, held: Reservation, busy: RwSignal<bool>, failure: RwSignal<Option<Failure>>) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let zone = here.store().get_untracked().time_zone;
    let left = held.quantity.checked_add(-held.fulfilled).unwrap_or_default();
    // What an order keeps is let go by the order.
    let free = held.document.is_none();
    let (id, end) = (held.id, held.expires_at);
    let until = end.map(|at| view! { <small>{t!(words, item.kept_until)}" "<Moment at zone /></small> });
    let name = match held.document.zip(held.number) {
        Some((order, number)) => view! { <A href=here.link(&format!("/orders/{order}"))>{number}</A> }.into_any(),
        None => view! { <span>{t!(words, item.set_aside)}" · "{held.author}" "{until}</span> }.into_any(),
    };
    let done = move |answer: Result<Reservation, Failure>| {
        if busy.try_set(false).is_none() {
            failure.set(answer.err());
            book.load();
        }
    };
    let let_go = move |_| {
        busy.set(true);
        spawn_local(async move { done(release_reservation(id).await) });
    };
    let longer = move |_| {
        let Some(end) = end else { return };
        busy.set(true);
        // From the end that was seen: a second tap on the way is the same day.
        let end = NewEnd { expires_at: end.plus_seconds(DAY) };
        spawn_local(async move { done(extend_reservation(id, end).await) });
    };
    view! {
        <li class="kept-for">{name}<strong>{move || quantity(words.get_locale(), left)}</strong>
            <Show when=move || free && here.may(Action::Promise)>
                <span class="kept-ways">
                    <button type="button" class="button quiet" disabled=busy on:click=longer>{move || t_string!(words, item.keep_longer)}</button>
                    <button type="button" class="button quiet" disabled=busy on:click=let_go>{move || t_string!(words, item.let_go)}</button>
                </span>
            </Show>
        </li>
    }
}
