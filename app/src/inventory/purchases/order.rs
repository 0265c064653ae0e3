//! One order: its lines, how far it is, and the one next step.

use super::{
    api::find_purchase,
    desk::Desk,
    lines::Lines,
    print::Paper,
    told::State,
    ways::{Head, Ways},
};
use crate::{
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    inventory::{Ago, Clock, delivery, escape, picker::Pick},
    live::Live,
    parts::{Icon, Notice, Skeleton, Svg, money, use_day},
    rules::approves,
};
use crate::{json::brought, prelude::*};
use leptos::either::Either;
use leptos_i18n::Locale as _;
use leptos_meta::Title;
use leptos_router::{components::A, hooks::use_params_map};
use model::{Action, PaperId, Purchase, PurchaseState, PurchaseStep, Quantity, Since};

/// The page: `/purchases/ID?store=LON`.
#[component]
pub fn OrderPage() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").and_then(|id| id.parse().ok()).unwrap_or_else(nobody));
    let found = brought(move || id.get(), find_purchase);
    view! {
        <Title text=move || t_string!(words, purchases.title) />
        <A href=move || here.link("/purchases") attr:class="back no-print"><Svg icon=Icon::Back />{t!(words, purchases.back)}</A>
        <Transition fallback=|| view! { <Skeleton rows=8 /> }>
            {drawn(move || async move {
                match found.await {
                    Ok(first) => Either::Left(view! { <Order first /> }),
                    Err(failure) => Either::Right(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
    }
}

/// The id of nothing.
pub fn nobody() -> PaperId {
    PaperId(uuid::Uuid::nil())
}

#[component]
fn Order(first: Since<Purchase>) -> impl IntoView {
    let words = use_i18n();
    let (number, supplier) = (first.data.number.clone(), first.data.supplier.name.clone());
    let desk = Desk::open(first, words);
    let state = Signal::derive(move || desk.order.with(|order| order.state));
    let writes = Memo::new(move |_| desk.may(PurchaseStep::Change));
    let due_on = Memo::new(move |_| desk.order.with(|order| order.due_on.clone()));
    let due_day = Memo::new(move |_| due_on.get().map(use_day));
    let facts = move || {
        desk.order.with(|order| {
            let by = t_string!(words, purchases.by, name = order.author.clone()).to_string();
            let approver = order.approver.clone();
            let approved = approver.map(|name| t_string!(words, purchases.approved_by, name = name).to_string());
            let due = due_day.get().map(|day| t_string!(words, purchases.due, day = day.get()).to_string());
            let why = order.reason.clone().map(|reason| t_string!(words, purchases.why, reason = reason).to_string());
            [Some(by), approved, due, why].into_iter().flatten().collect::<Vec<_>>().join(" · ")
        })
    };
    view! {
        <div class="till purchase no-print">
            <section class="till-main">
                <header class="purchase-head">
                    <h1>{supplier}<small>{number}</small></h1>
                    <State of=state />
                    <p class="quiet">{move || facts()}</p>
                </header>
                <Others desk />
                <Show when=move || writes.get()>
                    <Pick picker=desk.picker on_pick=Callback::new(move |picked| desk.add(&picked)) />
                </Show>
                <Lines desk writes />
                <Receipts desk />
            </section>
            <Side desk writes />
        </div>
        <Paper order=desk.order />
    }
}

/// Who else has it open.
#[component]
fn Others(desk: Desk) -> impl IntoView {
    let words = use_i18n();
    let live = expect_context::<Live>();
    let topic = StoredValue::new(desk.order.with_untracked(|order| format!("at:{}", order.id)));
    let names = move || live.present(&topic.get_value());
    view! {
        <div role="status" class="others-place">
            <Show when=move || !names().is_empty()>
                <p class="others"><Svg icon=Icon::Person />{t!(words, purchases.others, names = move || names().join(", "))}</p>
            </Show>
        </div>
    }
}

/// The total, the next step, and the other ways.
#[component]
fn Side(desk: Desk, writes: Memo<bool>) -> impl IntoView {
    let words = use_i18n();
    let total = move || desk.order.with(|order| money(words.get_locale(), &order.currency, order.value));
    let print = move |_| drop(window().print());
    let pdf = move || {
        let language = words.get_locale().as_str();
        desk.order.with(|order| format!("/api/v1/purchase-orders/{}/pdf?lang={language}", order.id))
    };
    // The paper goes along by hand: a browser lets no page attach a file.
    let mail = move || {
        desk.order.with(|order| {
            let to = escape(&order.supplier.email).replace("%40", "@");
            let subject = escape(&format!("{} {}", t_string!(words, purchases.mail_subject), order.number));
            (!to.is_empty()).then(|| format!("mailto:{to}?subject={subject}"))
        })
    };
    // Who will have to approve it is known before it is given out of the hand.
    let waits = [PurchaseState::Draft, PurchaseState::Rejected, PurchaseState::Submitted];
    let by = move || desk.order.with(|order| order.approved_by.filter(|_| waits.contains(&order.state)));
    let here = use_here();
    let came = move || desk.order.with(|order| order.lines.iter().any(|line| line.received > Quantity::ZERO));
    let sends_back = move || here.may(Action::Purchase) && came();
    let back =
        move || desk.order.with(|order| format!("/supplier-returns?store={}&order={}", escape(&order.store), order.id));
    view! {
        <aside class="till-side purchase-side">
            <Show when=move || desk.pad.read().is_none() fallback=move || view! { <super::lines::LinePad desk /> }>
                <p class="purchase-total"><span>{t!(words, purchases.total)}</span><strong>{move || total()}</strong></p>
                <Notice failure=desk.failure />
                <Next desk />
                <p class="hint" role="status">{move || hint(desk)}</p>
                {move || by().map(|by| view! { <p class="hint">{approves(words, by)}</p> })}
                <button type="button" class="button wide" on:click=print><Svg icon=Icon::Print />{t!(words, purchases.print)}</button>
                <a class="button wide" href=pdf rel="external" download=""><Svg icon=Icon::Down />{t!(words, purchases.pdf)}</a>
                {move || mail().map(|mail| view! { <a class="button wide" href=mail rel="external">{t!(words, purchases.mail)}</a> })}
                <Show when=move || writes.get()><Head desk /></Show>
                <Show when=sends_back>
                    <A href=back attr:class="button wide"><Svg icon=Icon::Back />{t!(words, purchases.returns.order)}</A>
                </Show>
                <Ways desk />
            </Show>
        </aside>
    }
}

/// What can be done now, in a sentence.
fn hint(desk: Desk) -> &'static str {
    let words = desk.words;
    desk.order.with(|order| match order.state {
        PurchaseState::Draft | PurchaseState::Rejected if order.lines.is_empty() => {
            t_string!(words, purchases.hint.no_lines)
        }
        PurchaseState::Draft if order.lines.iter().any(|line| line.unit_cost.is_none()) => {
            t_string!(words, purchases.hint.no_cost)
        }
        PurchaseState::Draft | PurchaseState::Rejected => t_string!(words, purchases.hint.draft),
        PurchaseState::Submitted if order.next.contains(&PurchaseStep::Approve) => "",
        PurchaseState::Submitted => t_string!(words, purchases.hint.submitted),
        PurchaseState::Approved => t_string!(words, purchases.hint.approved),
        PurchaseState::Sent => t_string!(words, purchases.hint.sent),
        PurchaseState::PartlyReceived => t_string!(words, purchases.hint.partly),
        PurchaseState::Received => t_string!(words, purchases.hint.received),
        PurchaseState::Closed | PurchaseState::ClosedShort | PurchaseState::Cancelled => {
            t_string!(words, purchases.hint.settled)
        }
    })
}

/// The one button that says what comes next.
#[component]
fn Next(desk: Desk) -> impl IntoView {
    let words = use_i18n();
    let order = desk.order;
    let next = Memo::new(move |_| order.with(|order| order.next.first().copied()));
    let incomplete = move || order.with(|order| order.lines.iter().any(|line| line.unit_cost.is_none()));
    let value = move || order.with(|order| money(words.get_locale(), &order.currency, order.value));
    let approve = move || t_string!(words, purchases.act.approve, value = value()).to_string();
    let step = move |step: PurchaseStep| {
        let text = move || match step {
            PurchaseStep::Submit if order.read().above_limit => t_string!(words, purchases.act.submit).to_owned(),
            PurchaseStep::Submit | PurchaseStep::Approve => approve(),
            PurchaseStep::Send => t_string!(words, purchases.act.send).to_owned(),
            _ => t_string!(words, purchases.act.close).to_owned(),
        };
        let idle = move || desk.busy.get() || (step == PurchaseStep::Submit && incomplete());
        view! {
            <button type="button" class="button primary wide purchase-next" disabled=move || idle() on:click=move |_| desk.step(step, None)>{move || text()}</button>
        }
    };
    let receive = move || {
        let count = order.with(|order| whole(order.lines.iter().map(|line| line.open)));
        let to = order.with(|order| format!("/purchases/{}/receive?store={}", order.id, escape(&order.store)));
        view! {
            <A href=to attr:class="button primary wide purchase-next"><Svg icon=Icon::Receive />{t!(words, purchases.act.receive, count = move || count)}</A>
        }
    };
    view! {
        {move || match next.get() {
            Some(PurchaseStep::Receive) => receive().into_any(),
            Some(at @ (PurchaseStep::Submit | PurchaseStep::Approve | PurchaseStep::Send | PurchaseStep::Close)) => step(at).into_any(),
            _ => ().into_any(),
        }}
    }
}

/// How many things these are, parts rounded up.
pub fn whole(sizes: impl Iterator<Item = Quantity>) -> u64 {
    let parts: i64 = sizes.map(Quantity::parts).fold(0, i64::saturating_add);
    parts.max(0).unsigned_abs().div_ceil(Quantity::ONE.unsigned_abs())
}

/// What was booked in against it.
#[component]
fn Receipts(desk: Desk) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let clock = Clock::start();
    let zone = StoredValue::new(here.store().get_untracked().time_zone);
    let some = move || desk.order.with(|order| !order.receipts.is_empty());
    let rows = move || {
        let (receipts, store) = desk.order.with(|order| (order.receipts.clone(), order.store.clone()));
        let may_receive = here.may(Action::Receive);
        let one = move |receipt: model::PurchaseReceipt| {
            view! {
                <li class="purchase-receipt">
                    <Svg icon=if receipt.undone { Icon::Undo } else { Icon::Check } />
                    <span>{t!(words, purchases.receipt, name = receipt.actor)}{receipt.number.map(|number| format!(" · {number}"))}</span>
                    {receipt.undone.then(|| view! { <b>{t!(words, purchases.undone)}</b> })}
                    {(!receipt.undone && may_receive).then(|| view! {
                        <A href=delivery::link(receipt.posting, &store) attr:class="button quiet">{t!(words, purchases.costs.open)}</A>
                    })}
                    <Ago at=receipt.recorded_at zone=zone.get_value() clock />
                </li>
            }
        };
        receipts.into_iter().map(one).collect_view()
    };
    view! {
        <Show when=some>
            <section class="card"><h2>{t!(words, purchases.receipts)}</h2><ul>{move || rows()}</ul></section>
        </Show>
    }
}
