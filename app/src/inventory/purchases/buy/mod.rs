//! What to buy: by supplier, each line with its reason, and one button that writes the orders.

mod desk;
mod supplier;
mod why;

pub use why::sentence;

use crate::{
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    inventory::{Ago, Clock},
    parts::{Empty, Icon, Notice, Pad, Skeleton, Svg, UndoBar, money},
    report::api::to_buy,
};
use crate::{json::brought, prelude::*};
use desk::Desk;
use leptos::either::Either;
use leptos_meta::Title;
use leptos_router::components::A;
use model::{Buying, PurchaseRow, Since, Store};
use supplier::Supplier;

/// The page: `/purchases/buy?store=LON`.
#[component]
pub fn BuyPage() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let first = brought(
        move || here.store().get(),
        |store| async move { to_buy(store.code.clone()).await.map(|found| (store, found)) },
    );
    view! {
        <Title text=move || t_string!(words, purchases.buy.title) />
        <A href=move || here.link("/purchases") attr:class="back"><Svg icon=Icon::Back />{t!(words, purchases.back)}</A>
        <header class="page-head">
            <h1>{t!(words, purchases.buy.title)}</h1>
            <p>{t!(words, purchases.buy.lead)}</p>
        </header>
        <Transition fallback=|| view! { <Skeleton rows=8 /> }>
            {drawn(move || async move {
                match first.await {
                    Ok((store, found)) => Either::Left(view! { <Proposed store found /> }),
                    Err(failure) => Either::Right(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn Proposed(store: Store, found: Since<Buying>) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let desk = Desk::open(store, found);
    let codes =
        move || desk.buying.with(|now| now.suppliers.iter().map(|one| one.supplier.clone()).collect::<Vec<_>>());
    let any = Memo::new(move |_| desk.buying.with(|now| !now.suppliers.is_empty()));
    view! {
        <div class="till purchase">
            <section class="till-main">
                <Written desk />
                <Drafts desk />
                <Show when=move || any.get() fallback=move || view! {
                    <Empty icon=Icon::Check title=move || t!(words, purchases.buy.empty_title) text=move || t!(words, purchases.buy.empty_text)>
                        <A href=move || here.link("/suppliers") attr:class="button">{t!(words, purchases.buy.to_suppliers)}</A>
                    </Empty>
                }>
                    <For each=codes key=|code| code.clone() let:code><Supplier desk code /></For>
                </Show>
            </section>
            <Side desk any />
        </div>
    }
}

/// The orders that were just written.
#[component]
fn Written(desk: Desk) -> impl IntoView {
    let words = use_i18n();
    let links = move || {
        let orders = desk.written.get().into_iter();
        let store = desk.store.with_value(|store| store.code.clone());
        orders
            .map(|order| view! { <a class="button" href=super::told::link(order.id, &store)>{order.number}</a> })
            .collect_view()
    };
    view! {
        <Show when=move || desk.written.with(|orders| !orders.is_empty())>
            <section class="card buy-written" aria-labelledby="buy-written">
                <h2 id="buy-written">{t!(words, purchases.buy.written)}</h2>
                <p class="buy-links">{move || links()}</p>
            </section>
        </Show>
    }
}

/// Orders of before that nobody has sent: what they hold is missing below, and a forgotten one would hide it for good.
#[component]
fn Drafts(desk: Desk) -> impl IntoView {
    let words = use_i18n();
    let clock = Clock::start();
    let (store, zone) = desk.store.with_value(|store| (store.code.clone(), store.time_zone.clone()));
    let (store, zone) = (StoredValue::new(store), StoredValue::new(zone));
    let drafts = Memo::new(move |_| desk.drafts());
    let line = move |draft: PurchaseRow| {
        view! {
            <li class="purchase-receipt">
                <a class="button" href=super::told::link(draft.id, &store.get_value())>{draft.number}</a>
                <span>{draft.supplier_name}</span>
                <Ago at=draft.changed_at zone=zone.get_value() clock />
            </li>
        }
    };
    view! {
        <Show when=move || !drafts.read().is_empty()>
            <section class="card buy-written" aria-labelledby="buy-drafts">
                <h2 id="buy-drafts">{t!(words, purchases.buy.drafts)}</h2>
                <p class="hint">{t!(words, purchases.buy.drafts_text)}</p>
                <ul>{move || drafts.get().into_iter().map(line).collect_view()}</ul>
            </section>
        </Show>
    }
}

/// What all of it costs, the one button, and the way back.
#[component]
fn Side(desk: Desk, any: Memo<bool>) -> impl IntoView {
    let words = use_i18n();
    let total = move || desk.store.with_value(|store| money(words.get_locale(), &store.currency, desk.value(None)));
    let count = Memo::new(move |_| desk.count(None));
    let undo = move || {
        desk.undo.get().map(|undo| {
            let text = Signal::stored(undo.text(words));
            view! { <UndoBar text busy=desk.busy on_undo=Callback::new(move |()| desk.undo()) on_close=Callback::new(move |()| desk.undo.set(None)) /> }
        })
    };
    view! {
        <aside class="till-side purchase-side">
            <Show when=move || desk.pad.read().is_none() fallback=move || view! { <LinePad desk /> }>
                <Notice failure=desk.failure />
                {move || undo()}
                <Show when=move || any.get()>
                    <p class="purchase-total"><span>{t!(words, purchases.total)}</span><strong>{move || total()}</strong></p>
                    <button type="button" class="button primary wide purchase-next" disabled=move || desk.busy.get() || count.get() == 0
                        on:click=move |_| desk.order(None)>{t!(words, purchases.buy.order, count = move || count.get())}</button>
                    <p class="hint">{t!(words, purchases.buy.hint)}</p>
                </Show>
                <label class="tick"><input type="checkbox" prop:checked=move || desk.buying.read().mornings checked=untrack(|| desk.buying.read().mornings)
                    disabled=desk.busy on:change=move |event| desk.mornings(event_target_checked(&event)) /><span>{t!(words, purchases.buy.mornings)}</span></label>
            </Show>
        </aside>
    }
}

/// The number pad, while it is open.
#[component]
fn LinePad(desk: Desk) -> impl IntoView {
    let words = use_i18n();
    let Some(line) = desk.pad.get_untracked().and_then(|sku| desk.line(&sku)) else { return ().into_any() };
    let start = desk.quantity(&line).to_string();
    let (name, sku, fractions) = (line.name, StoredValue::new(line.sku), line.unit != "piece");
    let title = move || t_string!(words, purchases.how_many, name = name.clone()).to_string();
    let done = move |number: String| {
        number.parse().into_iter().for_each(|size| desk.set(sku.get_value(), size));
        desk.pad.set(None);
    };
    let close = move || desk.pad.set(None);
    view! {
        <Pad title=title start fractions on_done=Callback::new(done) on_code=Callback::new(move |_| close()) on_close=Callback::new(move |()| close()) />
    }
    .into_any()
}
