//! One return to a supplier: what went back, whether it was credited, and the way back.

use super::{
    api::{credit_supplier_return, find_supplier_return},
    shown, state_name,
};
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    inventory::{
        purchases::{order::nobody, told},
        reason::reason,
        undo::Undo,
    },
    live::{Follow, follow},
    parts::{Icon, Moment, Notice, Skeleton, Svg, money, quantity},
};
use crate::{json::brought, prelude::*};
use leptos::{either::Either, ev, task::spawn_local};
use leptos_meta::Title;
use leptos_router::{components::A, hooks::use_params_map};
use model::{DocumentKind, PostingId, Since, SupplierCredit, SupplierReturn, SupplierReturnLine, SupplierReturnState};

/// The page: `/supplier-returns/ID?store=LON`.
#[component]
pub fn SupplierReturnPage() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").and_then(|id| id.parse().ok()).unwrap_or_else(nobody));
    let found = brought(move || id.get(), find_supplier_return);
    view! {
        <Title text=move || t_string!(words, purchases.returns.title) />
        <A href=move || shown(&here.store().get().code, "") attr:class="back"><Svg icon=Icon::Back />{t!(words, purchases.returns.title)}</A>
        <Transition fallback=|| view! { <Skeleton rows=8 /> }>
            {drawn(move || async move {
                match found.await {
                    Ok(first) => Either::Left(view! { <One first /> }),
                    Err(failure) => Either::Right(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn One(first: Since<SupplierReturn>) -> impl IntoView {
    let words = use_i18n();
    let zone = use_here().store().get_untracked().time_zone;
    let id = first.data.id;
    let SupplierReturn { number, supplier_name, order, order_number, note, author, created_at, store, .. } =
        first.data.clone();
    let lines = first.data.lines.clone();
    // Where nobody ever said a cost, a sum of nothing would only mislead.
    let costed = lines.iter().any(|line| line.unit_cost.is_some());
    let currency = StoredValue::new(first.data.currency.clone());
    let now = RwSignal::new(first.data);
    let following =
        follow(vec![format!("paper:{id}")], first.as_of, move || find_supplier_return(id), move |data| now.set(data));
    let state = Memo::new(move |_| now.with(|now| now.state));
    let order = order.zip(order_number).map(|(order, number)| {
        view! { <A href=told::link(order, &store)>{t!(words, purchases.returns.of_order, number = number)}</A> }
    });
    view! {
        <div class="till purchase">
            <section class="till-main">
                <header class="purchase-head">
                    <h1>{supplier_name}<small>{number}</small></h1>
                    <span class="state" data-state=move || state.get().name()>{move || state_name(words, state.get())}</span>
                    <p class="quiet">{t!(words, purchases.returns.by, name = author)}" · "<Moment at=created_at zone />" "{order}</p>
                    {note.map(|note| view! { <p class="quiet">{note}</p> })}
                </header>
                <ul class="lines" aria-label=move || t_string!(words, purchases.returns.lines_name)>
                    {lines.into_iter().map(|line| view! { <Line line currency=currency.get_value() /> }).collect_view()}
                </ul>
            </section>
            <aside class="till-side purchase-side">
                <Show when=move || costed>
                    <p class="purchase-total"><span>{t!(words, purchases.returns.value)}</span>
                        <strong>{move || now.with(|now| money(words.get_locale(), &now.currency, now.value))}</strong></p>
                </Show>
                <Credit now following />
                <Show when=move || now.with(|now| now.may_undo)>
                    <Undo posting=PostingId(id.0) kind=DocumentKind::SupplierReturn on_answer=Callback::new(move |()| following.now()) />
                </Show>
            </aside>
        </div>
    }
}

#[component]
fn Line(line: SupplierReturnLine, currency: String) -> impl IntoView {
    let words = use_i18n();
    let SupplierReturnLine { sku, name, quantity: size, reason: why, condition, lot, unit_cost } = line;
    let value = unit_cost.and_then(|cost| cost.checked_times(size));
    view! {
        <li class="line purchase-line">
            <div class="line-name">
                <strong>{name}</strong>
                <span class="line-facts">
                    <span>{sku}</span>
                    {lot.map(|lot| view! { <span>{t!(words, lots.of, lot = lot)}</span> })}
                    {(!condition.is_sellable()).then(|| view! { <span>{t!(words, purchases.returns.aside)}</span> })}
                    <span>{move || reason(words, why.name())}</span>
                </span>
            </div>
            <p class="line-count purchase-count">{move || quantity(words.get_locale(), size)}</p>
            <div class="line-money"><strong>{move || value.map(|value| money(words.get_locale(), &currency, value))}</strong></div>
        </li>
    }
}

/// Whether the supplier has credited it, by which number; and that they have not after all.
#[component]
fn Credit(now: RwSignal<SupplierReturn>, following: Follow) -> impl IntoView {
    let words = use_i18n();
    let number = RwSignal::new(String::new());
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let say = move |credit: Option<String>| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let (id, version) = now.with_untracked(|now| (now.id, now.version));
        spawn_local(async move {
            let answer = credit_supplier_return(id, version, SupplierCredit { number: credit }).await;
            if busy.try_set(false).is_some() {
                return; // The page is gone.
            }
            failure.set(answer.err());
            following.now();
        });
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        say(Some(number.get_untracked().trim().to_owned()));
    };
    let silent = move || number.with(|number| number.trim().is_empty());
    let may = move || now.with(|now| now.may_credit);
    let waits = move || now.with(|now| now.state == SupplierReturnState::Sent);
    let credit = move || now.with(|now| now.credit.clone());
    view! {
        {move || credit().map(|number| view! { <p>{t!(words, purchases.returns.credited_by, number = number)}</p> })}
        <Show when=move || may() && waits()>
            <form class="line-lot" on:submit=submit>
                <label class="field"><span>{t!(words, purchases.returns.credit_number)}</span>
                    <input required maxlength="64" autocomplete="off" prop:value=number on:input=move |event| number.set(event_target_value(&event)) /></label>
                <button type="submit" class="button primary wide" disabled=move || busy.get() || silent()>{t!(words, purchases.returns.credit)}</button>
            </form>
        </Show>
        <Show when=move || may() && !waits()>
            <button type="button" class="button wide" disabled=busy on:click=move |_| say(None)>{t!(words, purchases.returns.not_credited)}</button>
        </Show>
        <Notice failure />
    }
}
