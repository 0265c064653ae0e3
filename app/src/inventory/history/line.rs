//! One posting of the history: a sentence, who and where, and its lines behind it.

use super::feed::Feed;
use crate::prelude::*;
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, use_i18n},
    inventory::{
        ago::{Ago, Clock},
        api::posting,
        delivery,
        reason::reason,
        stock::item_link,
        taxes::Taxes,
        told::{icon, sentence},
        undo::Undo,
    },
    parts::{Notice, Svg, money, quantity},
    prefs::Words,
    report::CostOf,
};
use leptos::task::spawn_local;
use leptos_router::components::A;
use model::{DocumentKind, HistoryLine, PostingId, ReceiptLine};

/// A posting, and for those who may, the way back.
#[component]
pub fn Posting(line: HistoryLine, feed: Feed, clock: Clock) -> impl IntoView {
    let words = use_i18n();
    let zone = use_here().store().get_untracked().time_zone;
    let (kind, id, undone, may_undo) = (line.kind, line.posting, line.reversed_by.is_some(), line.may_undo);
    let at = line.occurred_at;
    let told = StoredValue::new(line.clone());
    let sale = (kind == DocumentKind::Sale && !undone).then_some(id);
    let delivery = (kind == DocumentKind::Receipt && !undone).then_some(id);
    view! {
        <li class="movement posting" class:undone=undone data-kind=kind.name() id=format!("p-{id}")>
            <span class="movement-icon"><Svg icon=icon(kind) /></span>
            <p class="movement-what">
                <strong>{move || told.with_value(|line| sentence(words, line))}</strong>
                {undone.then(|| view! { <span class="tag">{t!(words, item.undone)}</span> })}
            </p>
            <div class="movement-why">
                {why(words, &line)}
                <p class="movement-who">{place(&line)}</p>
                <Ago at zone clock />
                <CostOf posting=id kind currency=line.currency.clone() />
                <Lines line />
            </div>
            <div class="posting-ways">
                {sale.map(|id| view! { <BringBack id /> })}
                {delivery.map(|id| view! { <Costs id /> })}
                {may_undo.then(|| view! { <Undo posting=id kind on_answer=Callback::new(move |()| feed.again(id)) /> })}
            </div>
        </li>
    }
}

/// The way from a sale to its return.
#[component]
fn BringBack(id: PostingId) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let link = move || format!("/return?store={}&sale={id}", here.store().get().code);
    view! {
        <Show when=move || here.may(model::Action::TakeBack)>
            <A href=link attr:class="button quiet">{t!(words, day.history.bring_back)}</A>
        </Show>
    }
}

/// The way to what a delivery cost.
#[component]
fn Costs(id: PostingId) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    view! {
        <Show when=move || here.may(model::Action::Receive)>
            <A href=move || delivery::link(id, &here.store().get().code) attr:class="button quiet">{t!(words, purchases.costs.open)}</A>
        </Show>
    }
}

/// The reason and the number on the slip, when there are any.
fn why(words: Words, line: &HistoryLine) -> impl IntoView + use<> {
    let why =
        line.reason.clone().map(|stored| view! { <p class="movement-reason">{move || reason(words, &stored)}</p> });
    let number = line.number.clone().map(|number| {
        let number = StoredValue::new(number);
        view! { <p class="movement-number">{t!(words, item.number, number = move || number.get_value())}</p> }
    });
    (why, number)
}

/// Who, in which store, on which device.
fn place(line: &HistoryLine) -> String {
    let parts = [line.actor.as_str(), line.store.as_str(), line.device.as_str()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// What it moved, line by line; what a list leaves out is read when one looks.
#[component]
fn Lines(line: HistoryLine) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let currency = StoredValue::new(line.currency.clone());
    let (id, count, taxes) = (line.posting, line.line_count, line.tax);
    let lines = RwSignal::new(line.lines);
    let failure = RwSignal::new(None::<Failure>);
    let open = move |_| {
        if lines.with_untracked(|lines| i64::try_from(lines.len()).unwrap_or(i64::MAX)) >= count {
            return;
        }
        spawn_local(async move {
            match posting(id).await {
                Ok(whole) => drop(lines.try_set(whole.data.lines)),
                Err(error) => drop(failure.try_set(Some(error))),
            }
        });
    };
    let row = move |line: ReceiptLine| {
        let locale = words.get_locale();
        let link = item_link(&line.sku, &here.store().get().code);
        let price = line.unit_price.map(|price| currency.with_value(|currency| money(locale, currency, price)));
        let after = line.on_hand.map(|on_hand| {
            let number = quantity(locale, on_hand);
            view! { <small>{t!(words, item.after, number = number)}</small> }
        });
        view! {
            <li>
                <b>{quantity(locale, line.quantity)}</b>
                <A href=link>{line.name}</A>
                <span>{price}</span>
                {line.list.map(|list| view! { <small>{list}</small> })}
                {after}
            </li>
        }
    };
    view! {
        <details class="posting-lines" on:toggle=open>
            <summary>{t!(words, day.history.lines, count = move || count.unsigned_abs())}</summary>
            <Notice failure />
            <ul>{move || lines.get().into_iter().map(row).collect_view()}</ul>
            <Taxes taxes currency=currency.get_value() />
        </details>
    }
}
