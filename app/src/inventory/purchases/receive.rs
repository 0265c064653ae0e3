//! Receiving what came with an order: what is expected stands there, each scan counts, and others' deliveries show at once.

use super::{
    api::find_purchase,
    arrival::{Desk, PadFor},
    counted::{Counted, REASONS},
    lots::Lots,
    order::nobody,
    told::link,
};
use crate::{
    i18n::{t, t_string, use_i18n},
    inventory::{
        DoneBar,
        arriving::{AtDelivery, Beside},
        lots::Numbers as Serials,
    },
    live::Live,
    parts::{Empty, Icon, Notice, Pad, Saying, ScanField, Scanned, Skeleton, Svg, quantity},
};
use crate::{json::brought, prelude::*};
use leptos::either::Either;
use leptos_meta::Title;
use leptos_router::{components::A, hooks::use_params_map};
use model::{Purchase, PurchaseLine, PurchaseStep, Quantity, Since, Tracking};

/// The page: `/purchases/ID/receive?store=LON`.
#[component]
pub fn ReceivePage() -> impl IntoView {
    let words = use_i18n();
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").and_then(|id| id.parse().ok()).unwrap_or_else(nobody));
    let found = brought(move || id.get(), find_purchase);
    view! {
        <Title text=move || t_string!(words, day.receive.title) />
        <Transition fallback=|| view! { <Skeleton rows=8 /> }>
            {drawn(move || async move {
                match found.await {
                    Ok(first) => Either::Left(view! { <Door first /> }),
                    Err(failure) => Either::Right(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn Door(first: Since<Purchase>) -> impl IntoView {
    let words = use_i18n();
    let (id, store) = (first.data.id, first.data.store.clone());
    let (number, supplier) = (StoredValue::new(first.data.number.clone()), first.data.supplier.name.clone());
    let desk = Desk::open(first, words);
    let back = StoredValue::new(link(id, &store));
    let live = expect_context::<Live>();
    let names = move || live.present(&format!("at:{id}"));
    let open = Memo::new(move |_| {
        // What was counted here, or sent and not answered, still has its way, whoever has booked in the rest.
        let counted = desk.draft.with(|draft| draft.sent.is_some() || !draft.lines.is_empty());
        desk.order.with(|order| {
            let expected = order.lines.iter().any(|line| line.open > Quantity::ZERO);
            (expected || counted) && order.next.contains(&PurchaseStep::Receive)
        })
    });
    view! {
        <A href=back.get_value() attr:class="back"><Svg icon=Icon::Back />{number.get_value()}</A>
        <div class="till purchase">
            <section class="till-main">
                <header class="purchase-head">
                    <h1>{t!(words, purchases.receive.title, number = move || number.get_value())}<small>{supplier}</small></h1>
                </header>
                <div role="status" class="others-place">
                    <Show when=move || !names().is_empty()>
                        <p class="others"><Svg icon=Icon::Person />{t!(words, purchases.others, names = move || names().join(", "))}</p>
                    </Show>
                </div>
                <DoneBar done=desk.done on_undone=Callback::new(move |()| desk.follow.get_value().iter().for_each(|follow| follow.now())) />
                <AtDelivery together=desk.together delivery=id on_booked=Callback::new(move |()| desk.follow.get_value().iter().for_each(|follow| follow.now())) />
                <Show when=move || open.get() fallback=move || view! {
                    <Empty icon=Icon::Check title=move || t!(words, purchases.receive.nothing_title) text=move || t!(words, purchases.receive.nothing_text)>
                        <A href=back.get_value() attr:class="button primary">{t!(words, purchases.receive.to_order)}</A>
                    </Empty>
                }>
                    <ScanField clear=desk.clear said=desk.said on_code=Callback::new(move |scanned| desk.scanned(scanned)) on_text=Callback::new(|_| {}) />
                    <Saying said=desk.said />
                    <Expected desk />
                </Show>
            </section>
            <Show when=move || open.get()><Side desk /></Show>
        </div>
    }
}

/// What is to come, and what came with it that was not ordered.
#[component]
fn Expected(desk: Desk) -> impl IntoView {
    let words = use_i18n();
    let others = move || desk.together.others(desk.id);
    let rows = move || {
        let lines = desk.order.with(|order| {
            let shown = order.lines.iter().filter(|line| line.ordered > Quantity::ZERO);
            shown.map(|line| (line.sku.clone(), line.name.clone())).collect::<Vec<_>>()
        });
        let extra = desk.draft.with(|draft| {
            let beside = draft.lines.iter().filter(|line| lines.iter().all(|(sku, _)| *sku != line.sku));
            beside.map(|line| (line.sku.clone(), line.name.clone())).collect::<Vec<_>>()
        });
        let mut rows: Vec<_> = lines.into_iter().chain(extra).collect();
        // What others have found that was not ordered, and is not counted here.
        for line in others().into_iter().flat_map(|part| part.lines) {
            if rows.iter().all(|(sku, _)| *sku != line.sku) {
                rows.push((line.sku, line.name));
            }
        }
        rows
    };
    view! {
        <ul class="lines" aria-label=move || t_string!(words, purchases.lines_name)>
            <For each=rows key=|row| row.0.clone() let:row><Row desk sku=row.0 name=row.1 /></For>
        </ul>
    }
}

#[component]
fn Row(desk: Desk, sku: String, name: String) -> impl IntoView {
    let words = use_i18n();
    let (sku, name) = (StoredValue::new(sku), StoredValue::new(name));
    let line: Memo<Option<PurchaseLine>> = Memo::new(move |_| {
        desk.order.with(|order| sku.with_value(|sku| order.lines.iter().find(|line| line.sku == *sku).cloned()))
    });
    let counted = Memo::new(move |_| desk.draft.with(|draft| sku.with_value(|sku| draft.of(sku))));
    let open = move || line.with(|line| line.as_ref().map(|line| line.open).unwrap_or_default());
    let ordered = Memo::new(move |_| line.with(|line| line.as_ref().is_some_and(|line| line.ordered > Quantity::ZERO)));
    let shown = move |size: Quantity| quantity(words.get_locale(), size);
    let step = move |by: i64| {
        let now = counted.with_untracked(|counted| counted.taken.parts());
        let size = Quantity::from_parts((now + by * Quantity::ONE).max(0));
        desk.change(|draft| draft.line(&sku.get_value(), &name.get_value()).take(size));
    };
    let left = move || counted.with(|counted| counted.left > Quantity::ZERO);
    let tracking = Memo::new(move |_| sku.with_value(|sku| desk.tracking(sku)));
    let lots = move || tracking.get() == Tracking::Lot;
    let reason = move |word: &'static str| match word {
        "wrong" => t_string!(words, purchases.receive.wrong),
        "expired" => t_string!(words, purchases.receive.expired),
        _ => t_string!(words, purchases.receive.damaged),
    };
    view! {
        <li class="line purchase-line">
            <div class="line-name">
                <strong>{name.get_value()}</strong>
                <span class="line-facts">
                    <span>{sku.get_value()}</span>
                    <Show when=move || ordered.get() fallback=move || view! { <span class="line-extra">{t!(words, purchases.extra)}</span> }>
                        <span class="purchase-here">{t!(words, purchases.receive.expected, open = move || shown(open()))}</span>
                    </Show>
                    <Beside together=desk.together delivery=desk.id sku here=Signal::derive(move || counted.read().taken) />
                </span>
            </div>
            <div class="line-count">
                <button type="button" class="icon-button" aria-label=move || t_string!(words, till.fewer, name = name.get_value()).to_string() on:click=move |_| step(-1)><Svg icon=Icon::Minus /></button>
                <button type="button" class="line-quantity" aria-label=move || t_string!(words, purchases.quantity_of, name = name.get_value(), quantity = shown(counted.read().taken)).to_string()
                    on:click=move |_| desk.pad.set(Some(PadFor::Taken(sku.get_value(), name.get_value())))>{move || shown(counted.read().taken)}</button>
                <button type="button" class="icon-button" aria-label=move || t_string!(words, till.more, name = name.get_value()).to_string() on:click=move |_| step(1)><Svg icon=Icon::Plus /></button>
            </div>
            <div class="line-money">
                <Show when=move || ordered.get()>
                    <button type="button" class="line-price" aria-label=move || t_string!(words, purchases.receive.set_left, name = name.get_value()).to_string()
                        on:click=move |_| desk.pad.set(Some(PadFor::Left(sku.get_value(), name.get_value())))>
                        {move || if left() { t_string!(words, purchases.not_taken, size = shown(counted.read().left)).to_string() } else { t_string!(words, purchases.receive.left).to_owned() }}
                    </button>
                </Show>
            </div>
            <Show when=lots><Lots desk sku name counted /></Show>
            <Show when=move || tracking.get() == Tracking::Serial><Pieces desk sku name counted /></Show>
            <Show when=left>
                <div class="purchase-why" role="group" aria-label=move || t_string!(words, purchases.receive.why_of, name = name.get_value()).to_string()>
                    {REASONS.map(|word| view! {
                        <button type="button" class="chip" class:chosen=move || counted.read().reason == word aria-pressed=move || (counted.read().reason == word).to_string()
                            on:click=move |_| desk.change(|draft| word.clone_into(&mut draft.line(&sku.get_value(), &name.get_value()).reason))>{move || reason(word)}</button>
                    }).collect_view()}
                </div>
            </Show>
        </li>
    }
}

/// Which pieces they are; a scanned label names one.
#[component]
fn Pieces(desk: Desk, sku: StoredValue<String>, name: StoredValue<String>, counted: Memo<Counted>) -> impl IntoView {
    let (serials, all) =
        (Signal::derive(move || counted.read().serials.clone()), Signal::derive(move || counted.read().taken));
    let add = move |serial: String| desk.name(sku.get_value(), name.get_value(), serial);
    let drop = move |serial: String| {
        desk.change(|draft| {
            let line = draft.line(&sku.get_value(), &name.get_value());
            line.serials.retain(|known| *known != serial);
            let left = line.taken.checked_add(Quantity::whole(-1)).unwrap_or_default();
            line.take(left.max(Quantity::ZERO));
        });
    };
    let called = Signal::derive(move || name.get_value());
    view! { <Serials name=called serials all on_add=Callback::new(add) on_drop=Callback::new(drop) /> }
}

#[component]
fn Side(desk: Desk) -> impl IntoView {
    let words = use_i18n();
    let count = Memo::new(move |_| desk.count());
    let again = Memo::new(move |_| desk.unanswered());
    let button = move || match count.get() {
        _ if again.get() => t_string!(words, transfers.again).to_owned(),
        0 => t_string!(words, purchases.receive.none).to_owned(),
        count => t_string!(words, purchases.receive.book, count = count).to_string(),
    };
    let asked = Memo::new(move |_| desk.asked.get() && !desk.over().is_empty());
    view! {
        <aside class="till-side purchase-side">
            <Show when=move || desk.pad.read().is_none() fallback=move || view! { <Numbers desk /> }>
                <button type="button" class="button wide" on:click=move |_| desk.all()><Svg icon=Icon::Check />{t!(words, purchases.receive.all)}</button>
                <div class="field"><label for="arrival-number">{t!(words, purchases.receive.number)}</label>
                    <input id="arrival-number" maxlength="64" autocomplete="off" prop:value=move || desk.draft.read().number.clone()
                        on:input=move |event| desk.change(|draft| draft.number = event_target_value(&event)) /></div>
                <Notice failure=desk.failure />
                <Show when=move || again.get()><p class="card">{t!(words, transfers.not_answered)}</p></Show>
                <Show when=move || asked.get() fallback=move || view! {
                    <button type="button" class="button primary wide purchase-next" disabled=move || count.get() == 0 && !again.get() || desk.busy.get() on:click=move |_| desk.book_in()>{move || button()}</button>
                }><Over desk /></Show>
            </Show>
        </aside>
    }
}

/// More is counted than is still to come by now: that is asked about, once.
#[component]
fn Over(desk: Desk) -> impl IntoView {
    let words = use_i18n();
    let shown = move |size: Quantity| quantity(words.get_locale(), size);
    let line = move |(name, counted, open): (String, Quantity, Quantity)| {
        view! { <li>{t_string!(words, purchases.receive.over_line, name = name, counted = shown(counted), open = shown(open)).to_string()}</li> }
    };
    view! {
        <div class="notice notice-asks" data-kind="warn" role="alert">
            <p>{t!(words, purchases.receive.over)}</p>
            <ul>{move || desk.over().into_iter().map(line).collect_view()}</ul>
            <button type="button" class="button wide" on:click=move |_| desk.asked.set(false)>{t!(words, purchases.receive.look)}</button>
            <button type="button" class="button wide" disabled=desk.busy on:click=move |_| desk.book_in()>{t!(words, purchases.receive.book_over)}</button>
        </div>
    }
}

/// The number pad, while it is open.
#[component]
fn Numbers(desk: Desk) -> impl IntoView {
    let words = use_i18n();
    let Some(open) = desk.pad.get_untracked() else { return ().into_any() };
    let is_left = matches!(open, PadFor::Left(..));
    let (PadFor::Taken(sku, name) | PadFor::Left(sku, name)) = open;
    let counted = desk.draft.with_untracked(|draft| draft.of(&sku));
    let start = if is_left { counted.left } else { counted.taken }.to_string();
    let close = move || {
        desk.pad.set(None);
        desk.clear.notify();
    };
    let (sku, name) = (StoredValue::new(sku), StoredValue::new(name));
    let title = move || match is_left {
        true => t_string!(words, purchases.receive.left_of, name = name.get_value()).to_string(),
        false => t_string!(words, purchases.how_many, name = name.get_value()).to_string(),
    };
    let done = move |number: String| {
        if let Ok(size) = number.parse() {
            desk.change(|draft| {
                let line = draft.line(&sku.get_value(), &name.get_value());
                if is_left { line.left = size } else { line.take(size) }
            });
        }
        close();
    };
    let scan = move |code| {
        close();
        desk.scanned(Scanned { code, typed: false });
    };
    view! {
        <Pad title=title start fractions=true on_done=Callback::new(done) on_code=Callback::new(scan) on_close=Callback::new(move |()| close()) />
    }
    .into_any()
}
