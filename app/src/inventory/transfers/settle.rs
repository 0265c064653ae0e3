//! What did not arrive: some of it is back, some is lost, and what is neither goes on being missed.

use super::trip::Trip;
use crate::prelude::*;
use crate::{
    i18n::{t, t_string, use_i18n},
    parts::{Icon, Svg, quantity},
};
use model::{Amount, Goods, Quantity, Tracking, Transfer, TransferLine, TransferStep};
use std::collections::BTreeMap;

/// What of each item is meant, where that is not all of it.
type Chosen = BTreeMap<String, Amount>;

/// What is still missing of it.
fn missing(trip: Trip) -> Vec<TransferLine> {
    trip.now.with(|now| now.lines.iter().filter(|line| line.in_transit > Quantity::ZERO).cloned().collect())
}

/// How many of that line are meant.
fn meant(chosen: &Chosen, line: &TransferLine) -> Quantity {
    chosen.get(&line.sku).map_or(line.in_transit, |amount| amount.quantity.min(line.in_transit))
}

/// Does that step say that goods are lost?
pub fn is_lost(step: &TransferStep) -> bool {
    matches!(
        step,
        TransferStep::Settle { goods: Goods::WrittenOff, .. } | TransferStep::Cancel { goods: Some(Goods::WrittenOff) }
    )
}

/// How many of it are lost by now.
pub fn lost_by(now: &Transfer) -> Quantity {
    now.lines.iter().fold(Quantity::ZERO, |sum, line| sum.checked_add(line.lost).unwrap_or(sum))
}

/// Asks where it is: of all that is missing, or of so many.
#[component]
pub fn Settling(trip: Trip) -> impl IntoView {
    let words = use_i18n();
    let chosen = RwSignal::new(Chosen::new());
    let count = move || {
        let lines = missing(trip);
        chosen.with(|chosen| lines.iter().map(|line| meant(chosen, line)).fold(Quantity::ZERO, plus))
    };
    let left = move || {
        quantity(words.get_locale(), missing(trip).iter().map(|line| line.in_transit).fold(Quantity::ZERO, plus))
    };
    // Of one piece there is nothing to choose.
    let several = Memo::new(move |_| {
        missing(trip).iter().map(|line| line.in_transit).fold(Quantity::ZERO, plus) > Quantity::whole(1)
    });
    let skus = move || missing(trip).into_iter().map(|line| line.sku).collect::<Vec<_>>();
    let settle = move |goods| {
        let lines = untrack(|| missing(trip));
        let some = chosen.with_untracked(|chosen| lines.iter().any(|line| meant(chosen, line) != line.in_transit));
        let amount = |line: &TransferLine| {
            let serials = chosen.with_untracked(|chosen| chosen.get(&line.sku).map(|amount| amount.serials.clone()));
            let quantity = chosen.with_untracked(|chosen| meant(chosen, line));
            Amount { sku: line.sku.clone(), quantity, serials: serials.unwrap_or_default(), lot: None }
        };
        let of = lines.iter().map(amount).filter(|amount| amount.quantity > Quantity::ZERO);
        let lines = if some { of.collect() } else { Vec::new() };
        chosen.set(Chosen::new());
        trip.take(TransferStep::Settle { goods, lines });
    };
    let idle = move || trip.busy.get() || count() == Quantity::ZERO;
    let some = move || several.get().then(|| quantity(words.get_locale(), count()));
    let home = move || match some() {
        Some(count) => t_string!(words, transfers.some_home, count = count).to_string(),
        None => t_string!(words, transfers.home).to_owned(),
    };
    let lost = move || match some() {
        Some(count) => t_string!(words, transfers.some_lost, count = count).to_string(),
        None => t_string!(words, transfers.written_off).to_owned(),
    };
    view! {
        <section class="card move-settle">
            <h2>{t!(words, transfers.where_are, count = left)}</h2>
            <Show when=move || several.get()>
                <p class="quiet">{t!(words, transfers.by_parts)}</p>
                <ul class="move-missing"><For each=skus key=String::clone let:sku><Missing trip chosen sku /></For></ul>
            </Show>
            <button type="button" class="button wide" disabled=idle on:click=move |_| settle(Goods::Home)>{home}</button>
            <button type="button" class="button wide" disabled=idle on:click=move |_| settle(Goods::WrittenOff)>{lost}</button>
        </section>
    }
}

fn plus(sum: Quantity, more: Quantity) -> Quantity {
    sum.checked_add(more).unwrap_or(sum)
}

/// How many of one item are meant, or which pieces.
#[component]
fn Missing(trip: Trip, chosen: RwSignal<Chosen>, sku: String) -> impl IntoView {
    let words = use_i18n();
    let sku = StoredValue::new(sku);
    let line = Memo::new(move |_| missing(trip).into_iter().find(|line| sku.with_value(|sku| line.sku == *sku)));
    let name = move || line.with(|line| line.as_ref().map(|line| line.name.clone()).unwrap_or_default());
    let all = move || line.with(|line| line.as_ref().map(|line| line.in_transit).unwrap_or_default());
    let now = move || {
        line.with(|line| chosen.with(|chosen| line.as_ref().map(|line| meant(chosen, line)).unwrap_or_default()))
    };
    let shown = move |size: Quantity| quantity(words.get_locale(), size);
    let set = move |quantity: Quantity, serials: Vec<String>| {
        let sku = sku.get_value();
        chosen.update(|chosen| drop(chosen.insert(sku.clone(), Amount { sku, quantity, serials, lot: None })));
    };
    let by = move |step: i64| {
        let (now, all) = untrack(|| (now(), all()));
        let size = (now.parts() + step * Quantity::ONE).clamp(0, all.parts());
        set(Quantity::from_parts(size), Vec::new());
    };
    let serials = move || {
        let of = line.with(|line| {
            line.as_ref().filter(|line| line.tracking == Tracking::Serial).map(|line| line.serials.clone())
        });
        of.unwrap_or_default()
    };
    let named = move || {
        chosen.with(|chosen| {
            sku.with_value(|sku| chosen.get(sku).map(|amount| amount.serials.clone()).unwrap_or_default())
        })
    };
    let pick = move |serial: String| {
        let mut picked = untrack(named);
        match picked.iter().position(|known| *known == serial) {
            Some(at) => drop(picked.remove(at)),
            None => picked.push(serial),
        }
        let count = i64::try_from(picked.len()).unwrap_or(i64::MAX);
        set(Quantity::whole(count), picked);
    };
    let chip = move |serial: String| {
        let (shown, known) = (serial.clone(), StoredValue::new(serial));
        let is = move || known.with_value(|known| named().contains(known));
        view! {
            <button type="button" class="chip" class:chosen=is aria-pressed=move || is().to_string() on:click=move |_| pick(known.get_value())>{shown}</button>
        }
    };
    view! {
        <li>
            <span>{move || name()}" · "{move || t_string!(words, transfers.of_missing, count = shown(now()), all = shown(all())).to_string()}</span>
            <Show when=move || serials().is_empty() fallback=move || view! {
                <span class="move-pieces" role="group" aria-label=move || t_string!(words, transfers.which_of, name = name()).to_string()>
                    <For each=serials key=String::clone children=chip />
                </span>
            }>
                <span class="move-count">
                    <button type="button" class="icon-button" aria-label=move || t_string!(words, transfers.fewer_of, name = name()).to_string() on:click=move |_| by(-1)><Svg icon=Icon::Minus /></button>
                    <button type="button" class="icon-button" aria-label=move || t_string!(words, transfers.more_of, name = name()).to_string() on:click=move |_| by(1)><Svg icon=Icon::Plus /></button>
                </span>
            </Show>
        </li>
    }
}
