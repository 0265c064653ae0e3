//! What a delivery cost: freight or duty is added to it after it came, and shared out among its goods.

pub mod api;

use super::{purchases::nobody, stock::item_link};
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, tu_string, use_i18n},
    live::{Follow, follow},
    parts::{Empty, Icon, Moment, Notice, Said, Saying, Skeleton, Speaker, Svg, Tone, as_number, money, quantity},
};
use crate::{json::brought, prelude::*};
use api::{find_delivery_costs, tell_costs};
use leptos::{either::Either, ev, task::spawn_local};
use leptos_meta::Title;
use leptos_router::{components::A, hooks::use_params_map};
use model::{DeliveryCosts, DeliveryLine, Money, NewCosts, PostingId, Since, ToldCosts};

/// The way to a delivery's costs.
pub fn link(id: PostingId, store: &str) -> String {
    format!("/deliveries/{id}?store={}", super::escape(store))
}

/// The page: `/deliveries/ID?store=LON`.
#[component]
pub fn DeliveryPage() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let params = use_params_map();
    let id = Memo::new(move |_| {
        params.read().get("id").and_then(|id| id.parse().ok()).unwrap_or_else(|| PostingId(nobody().0))
    });
    let found = brought(move || id.get(), find_delivery_costs);
    view! {
        <Title text=move || t_string!(words, purchases.costs.title) />
        <A href=move || here.link("/history") attr:class="back"><Svg icon=Icon::Back />{t!(words, frame.to.history)}</A>
        <Transition fallback=|| view! { <Skeleton rows=8 /> }>
            {drawn(move || async move {
                match found.await {
                    Ok(first) => Either::Left(view! { <Delivery first /> }),
                    Err(failure) => Either::Right(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn Delivery(first: Since<DeliveryCosts>) -> impl IntoView {
    let words = use_i18n();
    let zone = StoredValue::new(use_here().store().get_untracked().time_zone);
    let Since { data, as_of, .. } = first;
    let DeliveryCosts { posting: id, number, actor, occurred_at, store, .. } = data.clone();
    let currency = StoredValue::new(data.currency.clone());
    let now = RwSignal::new(data);
    let following = follow(
        vec![format!("work:{store}"), format!("stock:{store}")],
        as_of,
        move || find_delivery_costs(id),
        move |data| now.set(data),
    );
    let typed = RwSignal::new(String::new());
    // What is typed, as an amount above zero.
    let amount = Memo::new(move |_| {
        let amount = typed.with(|typed| as_number::<Money>(typed));
        amount.filter(|amount| *amount > Money::ZERO && *amount <= Money::PRICE_MAX)
    });
    let store = StoredValue::new(store);
    let rows = move || {
        let (shares, told) = now.with(|now| (amount.get().and_then(|amount| now.shares(amount)), now.now()));
        let rows = now.with(|now| now.lines.clone()).into_iter().zip(told).enumerate().map(|(at, (line, known))| {
            let share = shares.as_ref().and_then(|shares| shares.get(at).copied());
            view! { <Line line known share currency=currency.get_value() store=store.get_value() /> }
        });
        rows.collect_view()
    };
    let undone = move || now.with(|now| now.undone);
    let told = move || {
        now.with(|now| now.told.iter().rev().filter(|told| told.landed > Money::ZERO).cloned().collect::<Vec<_>>())
    };
    view! {
        <div class="till purchase">
            <section class="till-main">
                <header class="purchase-head">
                    <h1>{t!(words, purchases.costs.title)}<small>{number}</small></h1>
                    <p class="quiet">{t!(words, purchases.receipt, name = actor)}" · "<Moment at=occurred_at zone=zone.get_value() /></p>
                </header>
                <ul class="lines" aria-label=move || t_string!(words, purchases.costs.lines_name)>{rows}</ul>
            </section>
            <aside class="till-side purchase-side">
                <Show when=move || !undone() fallback=move || view! { <p class="notice" data-kind="warn">{t!(words, purchases.costs.undone)}</p> }>
                    <Add now typed amount following />
                </Show>
                <h2>{t!(words, purchases.costs.told)}</h2>
                <Show when=move || !told().is_empty() fallback=move || view! {
                    <Empty icon=Icon::Truck title=move || t!(words, purchases.costs.none_title) text=move || t!(words, purchases.costs.none_text) />
                }>
                    <ul class="told-costs">
                        <For each=told key=|told| told.id let:told><Told told now zone=zone.get_value() following /></For>
                    </ul>
                </Show>
            </aside>
        </div>
    }
}

#[component]
fn Line(
    line: DeliveryLine,
    /// What one cost, and what of freight and the like is on all of it.
    known: (Option<Money>, Money),
    share: Option<Money>,
    currency: String,
    store: String,
) -> impl IntoView {
    let words = use_i18n();
    let DeliveryLine { sku, name, quantity: size, .. } = line;
    let currency = StoredValue::new(currency);
    let amount = move |sum: Money| money(words.get_locale(), &currency.get_value(), sum);
    let (cost, landed) = known;
    let each = move || match cost {
        Some(cost) => t_string!(words, purchases.costs.each, amount = amount(cost)).to_string(),
        None => t_string!(words, purchases.costs.no_cost).to_owned(),
    };
    view! {
        <li class="line purchase-line">
            <div class="line-name">
                <strong><A href=item_link(&sku, &store)>{name}</A></strong>
                <span class="line-facts">
                    <span>{sku}</span>
                    <span>{each}</span>
                    {(landed > Money::ZERO).then(|| view! { <span>{move || t_string!(words, purchases.costs.landed, amount = amount(landed)).to_string()}</span> })}
                </span>
            </div>
            <p class="line-count purchase-count">{move || quantity(words.get_locale(), size)}</p>
            <div class="line-money"><strong>{move || share.map(|share| format!("+{}", amount(share)))}</strong></div>
        </li>
    }
}

/// The amount, what for, and the one button that says what it does.
#[component]
fn Add(
    now: RwSignal<DeliveryCosts>,
    typed: RwSignal<String>,
    amount: Memo<Option<Money>>,
    following: Follow,
) -> impl IntoView {
    let words = use_i18n();
    let what = RwSignal::new(String::new());
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let said = RwSignal::new(None::<Said>);
    let speaker = expect_context::<Speaker>();
    // One id for all tries of the same, so that an answer that was lost does not count twice.
    let telling = StoredValue::new(PostingId::new());
    let currency = StoredValue::new(now.with_untracked(|now| now.currency.clone()));
    let shown = move |sum: Money| money(words.get_locale(), &currency.get_value(), sum);
    let unknown = move || amount.get().is_some() && now.with(|now| now.shares(Money::ZERO).is_none());
    let label = move || match amount.get() {
        Some(sum) => t_string!(words, purchases.costs.share, amount = shown(sum)).to_string(),
        None => t_string!(words, purchases.costs.nothing).to_owned(),
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let Some(landed) = amount.get_untracked().filter(|_| !busy.get_untracked()) else { return };
        busy.set(true);
        let id = now.with_untracked(|now| now.posting);
        let what_for = Some(what.get_untracked().trim().to_owned()).filter(|what| !what.is_empty());
        let new = NewCosts {
            id: telling.get_value(),
            occurred_at: None,
            lines: Vec::new(),
            landed: Some(landed),
            what: what_for,
            undoes: None,
        };
        spawn_local(async move {
            let answer = tell_costs(id, new).await;
            if busy.try_set(false).is_some() {
                return; // The page is gone.
            }
            if answer.is_ok() {
                telling.set_value(PostingId::new());
                let text = untrack(|| tu_string!(words, purchases.costs.shared, amount = shown(landed)).to_string());
                said.update(|said| *said = Some(Said::after(said.as_ref(), Tone::Done, text)));
                speaker.play(Tone::Done);
                typed.set(String::new());
                what.set(String::new());
            }
            failure.set(answer.err());
            following.now();
        });
    };
    let fresh = move || telling.set_value(PostingId::new());
    view! {
        <form class="purchase-costs" on:submit=submit>
            <h2>{t!(words, purchases.costs.add)}</h2>
            <p class="quiet">{t!(words, purchases.costs.how)}</p>
            <div class="field">
                <label for="costs-amount">{move || t_string!(words, purchases.costs.amount, currency = currency.get_value()).to_string()}</label>
                <input id="costs-amount" inputmode="decimal" maxlength="14" autocomplete="off" prop:value=typed
                    on:input=move |event| { fresh(); typed.set(event_target_value(&event)) } />
            </div>
            <div class="field">
                <label for="costs-what">{t!(words, purchases.costs.what)}</label>
                <input id="costs-what" maxlength="200" autocomplete="off" prop:value=what
                    on:input=move |event| { fresh(); what.set(event_target_value(&event)) } />
            </div>
            <Show when=unknown><p class="quiet">{t!(words, purchases.costs.unknown)}</p></Show>
            <Notice failure />
            <Saying said />
            <button type="submit" class="button primary wide" disabled=move || busy.get() || amount.get().is_none()>{label}</button>
        </form>
    }
}

/// What was added, by whom and when, and the way back.
#[component]
fn Told(told: ToldCosts, now: RwSignal<DeliveryCosts>, zone: String, following: Follow) -> impl IntoView {
    let words = use_i18n();
    let ToldCosts { id: telling, landed, what, actor, at, .. } = told;
    let (delivery, currency) = now.with_untracked(|now| (now.posting, now.currency.clone()));
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    // One id for all tries, so that an answer that was lost does not count twice.
    let undoing = PostingId::new();
    let undone_by = Memo::new(move |_| now.with(|now| now.undone_by(telling).map(str::to_owned)));
    let may_undo =
        move || now.with(|now| !now.undone && now.told.iter().any(|told| told.id == telling && told.may_undo));
    let undo = move |_| {
        busy.set(true);
        let (lines, undoes) = (Vec::new(), Some(telling));
        let back = NewCosts { id: undoing, occurred_at: None, lines, landed: None, what: None, undoes };
        spawn_local(async move {
            let answer = tell_costs(delivery, back).await;
            if busy.try_set(false).is_none() {
                failure.set(answer.err());
                following.now();
            }
        });
    };
    view! {
        <li class="card" class:undone=move || undone_by.get().is_some()>
            <p><strong>{move || money(words.get_locale(), &currency, landed)}</strong>{what.map(|what| format!(" · {what}"))}</p>
            <p class="quiet">{actor}" · "<Moment at zone /></p>
            {move || undone_by.get().map(|name| view! { <p class="quiet">{t!(words, purchases.costs.taken_back, name = name)}</p> })}
            <Show when=may_undo>
                <button type="button" class="button quiet" disabled=busy on:click=undo>
                    <Svg icon=Icon::Undo />{t!(words, common.undo)}
                </button>
            </Show>
            <Notice failure />
        </li>
    }
}
