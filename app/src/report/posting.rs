//! What the goods of a document cost, then and as it was learnt later, for those who may see costs.

use super::api::find_posting_cost;
use crate::prelude::*;
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    inventory::item_link,
    parts::{Notice, money, quantity, use_day},
};
use leptos::task::spawn_local;
use leptos_router::components::A;
use model::{Action, CostEntry, DocumentKind, Error, Money, PostingCost, PostingId, Quantity};

/// Entries listed at most.
const ENTRIES_MAX: usize = 200;

/// What is known once one has looked; a document that moved no goods has none.
type Told = Option<Result<Option<PostingCost>, Failure>>;

/// The line that opens into what the goods cost; read when one looks, and anew each time.
#[component]
pub fn CostOf(
    /// The document.
    posting: PostingId,
    /// What it is.
    kind: DocumentKind,
    /// ISO 4217.
    currency: String,
) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let currency = StoredValue::new(currency);
    let (open, told) = (RwSignal::new(false), RwSignal::new(Told::None));
    let look = move |_| {
        open.update(|open| *open = !*open);
        if !open.get_untracked() {
            return;
        }
        spawn_local(async move {
            let answer = match find_posting_cost(posting).await {
                Err(Failure::Said(Error::NotFound)) => Ok(None),
                answer => answer.map(Some),
            };
            told.try_set(Some(answer));
        });
    };
    let failure = Signal::derive(move || told.get().and_then(Result::err));
    view! {
        <Show when=move || here.may(Action::SeeReports)>
            <details class="posting-lines posting-cost" on:toggle=look>
                <summary>{t!(words, costing.posting)}</summary>
                <Notice failure />
                {move || inside(told.get()).map(|cost| match cost {
                    Inside::Busy => view! { <p class="quiet" role="status">{t!(words, costing.posting_busy)}</p> },
                    Inside::Nothing => view! { <p class="quiet">{t!(words, costing.posting_none)}</p> },
                    Inside::Cost(cost) => view! { <Entries cost kind currency=currency.get_value() /> },
                })}
            </details>
        </Show>
    }
}

/// What stands inside it.
enum Inside {
    Busy,
    Nothing,
    Cost(PostingCost),
}

/// Nothing while a failure is told.
fn inside(told: Told) -> Option<Inside> {
    match told {
        None => Some(Inside::Busy),
        Some(Ok(None)) => Some(Inside::Nothing),
        Some(Ok(Some(cost))) => Some(Inside::Cost(cost)),
        Some(Err(_)) => None,
    }
}

/// A sum that would leave the range stops growing.
fn sum(entries: &[CostEntry]) -> Money {
    entries.iter().fold(Money::ZERO, |sum, entry| sum.checked_add(entry.inventory).unwrap_or(sum))
}

#[component]
fn Entries(cost: PostingCost, kind: DocumentKind, currency: String) -> impl IntoView {
    let words = use_i18n();
    let PostingCost { cost, mut data, .. } = cost;
    let change = sum(&data);
    let first = data.first().map(|entry| entry.seq);
    data.truncate(ENTRIES_MAX);
    let currency = StoredValue::new(currency);
    let amount = move |value: Money| currency.with_value(|currency| money(words.get_locale(), currency, value));
    let size = move |value: Money| amount(Money::from_parts(value.parts().saturating_abs()));
    let title = move || match kind {
        DocumentKind::Sale => t_string!(words, costing.posting_sold, amount = amount(cost)).to_string(),
        DocumentKind::Return => t_string!(words, costing.posting_back, amount = amount(-cost)).to_string(),
        _ if change > Money::ZERO => t_string!(words, costing.posting_more, amount = size(change)).to_string(),
        _ if change < Money::ZERO => t_string!(words, costing.posting_less, amount = size(change)).to_string(),
        _ => t_string!(words, costing.posting_same).to_owned(),
    };
    let entry = move |entry: CostEntry| {
        let later = (Some(entry.seq) != first).then(|| entry.day.clone());
        view! { <Entry entry later currency=currency.get_value() /> }
    };
    view! {
        <p><strong>{title}</strong></p>
        <ul>{data.into_iter().map(entry).collect_view()}</ul>
    }
}

/// How one item's worth changed; what was told later says when.
#[component]
fn Entry(entry: CostEntry, later: Option<String>, currency: String) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let CostEntry { sku, name, quantity: many, inventory, revaluation, residue, .. } = entry;
    let currency = StoredValue::new(currency);
    let amount = move |value: Money| currency.with_value(|currency| money(words.get_locale(), currency, value));
    let signed = move |value: Money| {
        if value > Money::ZERO { format!("+{}", amount(value)) } else { amount(value) }
    };
    let link = move || item_link(&sku, &here.store().get().code);
    let later = later.map(|day| {
        let day = use_day(day);
        view! { <small>{move || t_string!(words, costing.posting_later, day = day.get()).to_string()}</small> }
    });
    view! {
        <li>
            {(many != Quantity::ZERO).then(|| view! { <b>{move || quantity(words.get_locale(), many)}</b> })}
            <A href=link>{name}</A>
            <span>{move || signed(inventory)}</span>
            {later}
            {(revaluation != Money::ZERO).then(|| view! {
                <small>{move || t_string!(words, costing.posting_gone, amount = amount(revaluation)).to_string()}</small>
            })}
            {(residue != Money::ZERO).then(|| view! {
                <small>{move || t_string!(words, costing.posting_rounding, amount = amount(residue)).to_string()}</small>
            })}
        </li>
    }
}
