//! The form: how much of what is there goes back, each with its reason.

use super::{desk::Desk, shown};
use crate::{failure::Failure, json::brought, prelude::*};
use crate::{
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    inventory::{
        lots::{api::trace_lot, called},
        picker::Pick,
        purchases::{
            api::{find_purchase, find_supplier},
            choose::Choose,
        },
        reason::reason,
    },
    parts::{Empty, Icon, Notice, Pad, Scanned, Skeleton, Svg, quantity, use_day},
};
use leptos::either::EitherOf3;
use leptos_router::{components::A, hooks::use_navigate};
use model::{
    DocumentKind, Error, Lot, LotId, LotStatus, LotTrace, PaperId, Quantity, ReturnReason, Supplier, SupplierId,
    ToSendBack,
};
use serde::{Deserialize, Serialize};

/// To whom it goes, with which order it came, and what came with that; and the lot that it is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Begun {
    /// `None` when the books do not say who delivered the lot.
    supplier: Option<SupplierId>,
    supplier_name: String,
    order: Option<(PaperId, String)>,
    came: Vec<String>,
    lot: Option<Lot>,
}

async fn begin(store: String, supplier: String, order: String, lot: String) -> Result<(String, Begun), Failure> {
    let Ok(lot) = lot.parse::<LotId>() else { return begin_with(store, supplier, order).await };
    let LotTrace { lot, moves, .. } = trace_lot(lot).await?;
    // The latest of its deliveries here that says from whom it came.
    let came = moves
        .iter()
        .find(|moved| moved.kind == DocumentKind::Receipt && moved.store == store && moved.supplier.is_some());
    let order =
        came.and_then(|moved| moved.paper.as_ref()).filter(|_| supplier.is_empty()).map(|paper| paper.id.to_string());
    let lot = Some(lot);
    if supplier.is_empty() && order.is_none() {
        let (supplier_name, came) = (String::new(), Vec::new());
        return Ok((store, Begun { supplier: None, supplier_name, order: None, came, lot }));
    }
    let (store, begun) = begin_with(store, supplier, order.unwrap_or_default()).await?;
    Ok((store, Begun { lot, ..begun }))
}

async fn begin_with(store: String, supplier: String, order: String) -> Result<(String, Begun), Failure> {
    let (nothing, lot) = (|| Failure::Said(Error::NotFound), None);
    if let Ok(order) = order.parse::<PaperId>() {
        let order = find_purchase(order).await?.data;
        let came = order.lines.into_iter().filter(|line| line.received > Quantity::ZERO).map(|line| line.sku).collect();
        let (supplier, supplier_name) = (Some(order.supplier.id), order.supplier.name);
        return Ok((order.store, Begun { supplier, supplier_name, order: Some((order.id, order.number)), came, lot }));
    }
    let (supplier, _) = find_supplier(supplier.parse().map_err(|_| nothing())?).await?;
    let (supplier, supplier_name) = (Some(supplier.id), supplier.name);
    Ok((store, Begun { supplier, supplier_name, order: None, came: Vec::new(), lot }))
}

/// The form, once it is known to whom.
#[component]
pub fn Send(supplier: String, order: String, lot: String) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let first = brought(
        move || (here.store().get().code, supplier.clone(), order.clone(), lot.clone()),
        |(store, supplier, order, lot)| begin(store, supplier, order, lot),
    );
    view! {
        <A href=move || shown(&here.store().get().code, "") attr:class="back"><Svg icon=Icon::Back />{t!(words, purchases.returns.title)}</A>
        <Transition fallback=|| view! { <Skeleton rows=8 /> }>
            {drawn(move || async move {
                match first.await {
                    Ok((store, begun)) => match (begun.supplier, begun.lot.clone()) {
                        (None, Some(lot)) => EitherOf3::A(view! { <FromWhom store lot /> }),
                        (Some(supplier), _) => EitherOf3::B(view! { <Form store supplier begun /> }),
                        (None, None) => {
                            let failure = Failure::Said(Error::NotFound);
                            EitherOf3::C(view! { <Notice failure=Signal::stored(Some(failure)) /> })
                        }
                    },
                    Err(failure) => EitherOf3::C(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
    }
}

/// Nobody wrote down who delivered a lot: it is asked.
#[component]
fn FromWhom(store: String, lot: Lot) -> impl IntoView {
    let words = use_i18n();
    let navigate = StoredValue::new(use_navigate());
    let (id, store) = (lot.id, StoredValue::new(store));
    let begin = move |supplier: Supplier| {
        let to = format!("{}&supplier={}&lot={id}", shown(&store.get_value(), ""), supplier.id);
        navigate.with_value(|navigate| navigate(&to, Default::default()));
    };
    view! {
        <Choose title=Signal::derive(move || t_string!(words, purchases.returns.choose).to_owned())
            text=Signal::derive(move || t_string!(words, purchases.returns.choose_text).to_owned())
            busy=Signal::stored(false) failure=RwSignal::new(None) on_choose=Callback::new(begin) />
    }
}

#[component]
fn Form(store: String, supplier: SupplierId, begun: Begun) -> impl IntoView {
    let words = use_i18n();
    let Begun { supplier_name, order, came, lot, .. } = begun;
    let (order, number) = order.unzip();
    let desk = Desk::open(words, store, supplier, order, came, lot);
    let rows = move || 0..desk.rows.with(Vec::len);
    let any = Memo::new(move |_| desk.rows.with(|rows| !rows.is_empty()));
    view! {
        <div class="till purchase">
            <section class="till-main">
                <header class="purchase-head">
                    <h1>{supplier_name}
                        {number.map(|number| view! { <small>{t!(words, purchases.returns.of_order, number = number)}</small> })}
                    </h1>
                </header>
                <Pick picker=desk.picker on_pick=Callback::new(move |picked| desk.add(picked)) />
                <Show when=move || any.get() fallback=move || (!desk.loading.get()).then(|| view! {
                    <Empty icon=Icon::Barcode title=move || t!(words, purchases.returns.begin_title) text=move || t!(words, purchases.returns.begin_text) />
                })>
                    <ul class="lines" aria-label=move || t_string!(words, purchases.returns.lines_name)>
                        <For each=rows key=|at| *at let:at><Row desk at /></For>
                    </ul>
                </Show>
            </section>
            <Side desk />
        </div>
    }
}

#[component]
fn Row(desk: Desk, at: usize) -> impl IntoView {
    let words = use_i18n();
    let Some(first) = desk.rows.with_untracked(|rows| rows.get(at).cloned()) else { return ().into_any() };
    let row = Memo::new(move |_| desk.rows.with(|rows| rows.get(at).map(|row| (row.going, row.reason))));
    let going = move || row.get().map(|row| row.0).unwrap_or_default();
    let (called, lot, sells) = (first.of.name.clone(), first.of.lot.clone(), first.of.condition.is_sellable());
    // Of one item there may be several rows: each has a name of its own.
    let name = Signal::derive(move || {
        let aside = (!sells).then(|| t_string!(words, purchases.returns.aside).to_owned());
        [Some(called.clone()), lot.clone(), aside].into_iter().flatten().collect::<Vec<_>>().join(", ")
    });
    let there = first.of.on_hand;
    let shown = move |size: Quantity| quantity(words.get_locale(), size);
    let step = move |by: i64| desk.set(at, Quantity::from_parts(going().parts() + by * Quantity::ONE));
    let goes = Memo::new(move |_| going() > Quantity::ZERO);
    let is = move |reason: ReturnReason| row.get().is_some_and(|row| row.1 == reason);
    view! {
        <li class="line purchase-line">
            <div class="line-name">
                <strong>{first.of.name.clone()}</strong>
                <span class="line-facts"><span>{first.of.sku.clone()}</span><Facts of=first.of /></span>
            </div>
            <div class="line-count">
                <button type="button" class="icon-button" aria-label=move || t_string!(words, till.fewer, name = name.get()).to_string() on:click=move |_| step(-1)><Svg icon=Icon::Minus /></button>
                <button type="button" class="line-quantity" aria-label=move || t_string!(words, purchases.quantity_of, name = name.get(), quantity = shown(going())).to_string()
                    on:click=move |_| desk.pad.set(Some(at))>{move || shown(going())}</button>
                <button type="button" class="icon-button" aria-label=move || t_string!(words, till.more, name = name.get()).to_string() on:click=move |_| step(1)><Svg icon=Icon::Plus /></button>
            </div>
            <div class="line-money">
                <button type="button" class="line-price" aria-label=move || t_string!(words, purchases.returns.whole_of, name = name.get(), size = shown(there)).to_string() on:click=move |_| desk.set(at, there)>{t!(words, purchases.returns.whole, size = move || shown(there))}</button>
            </div>
            <Show when=move || goes.get()>
                <div class="purchase-why" role="group" aria-label=move || t_string!(words, purchases.returns.why_of, name = name.get()).to_string()>
                    {ReturnReason::ALL.map(|one| view! {
                        <button type="button" class="chip" class:chosen=move || is(one) aria-pressed=move || is(one).to_string()
                            on:click=move |_| desk.because(at, one)>{move || reason(words, one.name())}</button>
                    }).collect_view()}
                </div>
            </Show>
        </li>
    }
    .into_any()
}

/// Where it lies, of which lot it is, and what is wrong with that.
#[component]
fn Facts(of: ToSendBack) -> impl IntoView {
    let words = use_i18n();
    let (aside, status, expired) = (!of.condition.is_sellable(), of.status, of.expired);
    let day = of.expires_on.map(|day| use_day(day.to_string()));
    let bad = move || match status {
        LotStatus::Recalled => Some(t_string!(words, lots.recalled)),
        LotStatus::Hold => Some(t_string!(words, lots.held)),
        LotStatus::Ok => expired.then(|| t_string!(words, lots.expired)),
    };
    view! {
        {aside.then(|| view! { <span>{t!(words, purchases.returns.aside)}</span> })}
        {of.lot.map(|lot| view! { <span>{move || called(words, of.tracking, &lot)}</span> })}
        {day.map(|day| view! { <span>{t!(words, lots.until, day = move || day.get())}</span> })}
        {move || bad().map(|bad| view! { <span class="line-short"><Svg icon=Icon::Warning />{bad}</span> })}
    }
}

#[component]
fn Side(desk: Desk) -> impl IntoView {
    let words = use_i18n();
    let count = Memo::new(move |_| desk.count());
    let button = move || match count.get() {
        0 => t_string!(words, purchases.returns.nothing).to_owned(),
        count => t_string!(words, purchases.returns.send, count = count).to_string(),
    };
    view! {
        <aside class="till-side purchase-side">
            <Show when=move || desk.pad.read().is_none() fallback=move || view! { <Numbers desk /> }>
                <div class="field"><label for="return-note">{t!(words, purchases.note)}</label>
                    <input id="return-note" maxlength="200" autocomplete="off" prop:value=desk.note on:input=move |event| desk.note.set(event_target_value(&event)) /></div>
                <Notice failure=desk.failure />
                <button type="button" class="button primary wide purchase-next" disabled=move || count.get() == 0 || desk.busy.get() on:click=move |_| desk.send()>{move || button()}</button>
            </Show>
        </aside>
    }
}

/// The number pad, while it is open.
#[component]
fn Numbers(desk: Desk) -> impl IntoView {
    let words = use_i18n();
    let Some(at) = desk.pad.get_untracked() else { return ().into_any() };
    let Some(row) = desk.rows.with_untracked(|rows| rows.get(at).cloned()) else { return ().into_any() };
    let close = move || {
        desk.pad.set(None);
        desk.picker.clear();
    };
    let (name, fractions, start) = (row.of.name, row.of.unit != "piece", row.going.to_string());
    let title = move || t_string!(words, purchases.how_many, name = name.clone()).to_string();
    let done = move |number: String| {
        number.parse().into_iter().for_each(|size| desk.set(at, size));
        close();
    };
    let scan = move |code| {
        close();
        desk.picker.scanned(Scanned { code, typed: false }, Callback::new(move |picked| desk.add(picked)));
    };
    view! {
        <Pad title=title start fractions on_done=Callback::new(done) on_code=Callback::new(scan) on_close=Callback::new(move |()| close()) />
    }
    .into_any()
}
