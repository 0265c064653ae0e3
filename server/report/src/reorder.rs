//! What a store should buy today, from whom, and why.

use crate::demand::{self, Demand};
use crate::proposal::{COVER_DAYS, Standing};
use crate::{Report, morning, period, projection};
use inventory::Candidate;
use model::{
    Action, Actor, Buying, Money, Proposal, PurchaseQuery, PurchaseRow, PurchaseShow, PurchaseState, Quantity, Result,
    Since, SupplierId, ToBuy, Why,
};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// The most lines that are proposed for one supplier: as many as one order takes.
const LINES_MAX: usize = 1_000;
/// The most drafts that are told: a page of orders.
const DRAFTS_MAX: i64 = 200;
/// Days that a delivery takes when its supplier says nothing.
const LEAD_DAYS: i64 = 7;

/// From whom, in the order of the list: by code.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct From {
    code: String,
    name: String,
    id: Option<SupplierId>,
}

/// A proposal, and how urgent it is.
struct Urgent {
    proposal: Proposal,
    /// What is there and nobody waits for, and what a week sells: the less of it is there, the more urgent.
    left: Quantity,
    week: Quantity,
}

impl Report {
    /// What a store should buy on a day (today when none is named), by supplier, the most urgent first. Errors:
    /// `Forbidden`; `NotFound` for a store that is not theirs; `Invalid` for no day.
    pub async fn to_buy(&self, actor: &Actor, store: &str, day: Option<&str>) -> Result<Since<Buying>> {
        let day = day.map(|day| period::day("day", day)).transpose()?;
        let store = self.inventory.store(actor, Action::Purchase, store).await?;
        let today = day.or_else(|| period::today(&store.time_zone).parse().ok()).unwrap_or_default();
        // First: what happens while the rest is read is read again, and never missed.
        let mut tx = self.auth.read(actor, Action::Purchase.at(store.id)).await?;
        let as_of = projection::as_of(&mut tx).await?;
        drop(tx);
        let drafts = self.drafts(actor, &store.code).await?;
        let mut tx = self.auth.read(actor, Action::Purchase.at(store.id)).await?;
        tx.patient().await?;
        let mornings = morning::wanted(&mut tx, store.id).await?;
        let known = Demand::before(&mut tx, store.id, today).await?;
        drop(tx);
        let candidates = self.inventory.candidates(actor, &store.code, &today.to_string(), known.items()).await?;
        let mut by_supplier: BTreeMap<From, Vec<Urgent>> = BTreeMap::new();
        for candidate in candidates {
            let from = From {
                code: candidate.supplier.clone().unwrap_or_default(),
                name: candidate.supplier_name.clone().unwrap_or_default(),
                id: candidate.supplier_id,
            };
            by_supplier.entry(from).or_default().extend(propose(&known, today, candidate));
        }
        let suppliers: Vec<_> = by_supplier.into_iter().filter(|(_, lines)| !lines.is_empty()).map(grouped).collect();
        let total = i64::try_from(suppliers.len()).unwrap_or(i64::MAX);
        Ok(Since { data: Buying { day: today.to_string(), suppliers, drafts, mornings }, as_of, total })
    }

    /// What is written and not sent on its way.
    async fn drafts(&self, actor: &Actor, store: &str) -> Result<Vec<PurchaseRow>> {
        let state = Some(PurchaseState::Draft);
        let query = PurchaseQuery { store: store.to_owned(), show: PurchaseShow::All, state, after: None };
        Ok(self.inventory.purchases(actor, &query, DRAFTS_MAX).await?.data)
    }
}

/// What is proposed of an item, if anything is.
fn propose(known: &Demand, today: jiff::civil::Date, item: Candidate) -> Option<Urgent> {
    let lead = usize::try_from(item.lead_days.unwrap_or(LEAD_DAYS)).unwrap_or_default();
    let cover = usize::try_from(item.cover_days.unwrap_or(COVER_DAYS)).unwrap_or_default();
    let until = known.expected(item.item, lead);
    let whole = known.expected(item.item, lead + cover);
    // What should be left then, in days of what it sells from then on.
    let safe = item.safety_days.and_then(|days| usize::try_from(days).ok());
    let safe = safe.map(|days| Quantity::from_parts(known.expected(item.item, lead + days).parts() - until.parts()));
    let standing = Standing {
        available: item.available,
        on_order: item.on_order,
        promised: item.backordered,
        minimum: item.minimum,
        maximum: item.maximum,
        safety: item.safety.max(safe),
        least: item.least,
        multiple: item.multiple,
        until_it_comes: until,
        while_it_lasts: Quantity::from_parts(whole.parts() - until.parts()),
    };
    let quantity = standing.missing();
    (quantity > Quantity::ZERO).then(|| Urgent {
        left: Quantity::from_parts(item.available.parts() - item.backordered.parts()),
        week: known.expected(item.item, 7),
        proposal: Proposal {
            sku: item.sku,
            name: item.name,
            unit: item.unit,
            quantity,
            multiple: item.multiple,
            unit_cost: item.cost,
            why: Why {
                sold: known.sold(item.item, 1),
                left: item.available,
                on_order: item.on_order,
                promised: item.backordered,
                expected: until,
                arrives_on: demand::on(today, lead).to_string(),
                floor: standing.floor(),
            },
        },
    })
}

/// What is left, counted in what a week sells; what nobody buys and nobody waits for comes last.
fn urgency(one: &Urgent, other: &Urgent) -> Ordering {
    let weight = |a: &Urgent, b: &Urgent| i128::from(a.left.parts()) * i128::from(b.week.parts());
    let unsold = |urgent: &Urgent| urgent.week == Quantity::ZERO && !urgent.left.is_negative();
    (unsold(one).cmp(&unsold(other)))
        .then_with(|| weight(one, other).cmp(&weight(other, one)))
        .then_with(|| one.proposal.sku.cmp(&other.proposal.sku))
}

fn grouped((from, mut lines): (From, Vec<Urgent>)) -> ToBuy {
    lines.sort_by(urgency);
    lines.truncate(LINES_MAX);
    let lines: Vec<Proposal> = lines.into_iter().map(|urgent| urgent.proposal).collect();
    let value = lines.iter().fold(Money::ZERO, |sum, line| {
        let line = line.unit_cost.and_then(|cost| cost.checked_times(line.quantity)).unwrap_or_default();
        sum.checked_add(line).unwrap_or(sum)
    });
    ToBuy { supplier_id: from.id, supplier: from.code, supplier_name: from.name, lines, value }
}
