//! What differs: what was counted, less what we think was there at that moment.
//!
//! That is what is on hand now, less whatever changed it after that moment. So it is the same whatever is sold between
//! the counting and the booking. *After* goes by when things happened, not by when we learnt of them: what an offline till
//! sold before the shelf was counted, and tells after it, was not on that shelf any more. Three things are not taken at
//! their word. Nothing happened later than we learnt of it. An undo says that the thing never happened, so it counts for
//! the moment of what it undoes. And what a count booked is true from the moment at which that line was counted.

use crate::event::Event;
use crate::paper::Paper;
use crate::store::Site;
use crate::{Inventory, ledger};
use db::{Tx, execute, fetch_all, fetch_optional};
use model::{
    Action, Actor, CountOutcome, CountState, CountTolerance, Error, Flaw, ItemId, Money, PaperId, PostingId, Quantity,
    Result, StoreId, Time,
};

/// A line of a count with what differs.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Variance {
    pub(super) item: ItemId,
    pub(super) sku: String,
    pub(super) name: String,
    pub(super) unit: String,
    pub(super) price: Option<Money>,
    pub(super) round: i64,
    pub(super) accepted: i64,
    pub(super) counted: Option<Quantity>,
    pub(super) counted_at: Option<Time>,
    pub(super) expected: Quantity,
    /// Something of it moved between its first and its last entry.
    pub(super) moved: i64,
    /// A later count of it was booked: this one says nothing any more.
    pub(super) superseded: i64,
    /// What was approved, if it was.
    pub(super) approved: Option<Quantity>,
    pub(super) posting: Option<PostingId>,
}

impl Variance {
    /// `counted − expected`; `None` where nothing is to be booked whatever it is.
    pub(super) fn size(&self) -> Option<Quantity> {
        let counted = self.counted.filter(|_| self.superseded == 0)?;
        Some(Quantity::from_parts(counted.parts() - self.expected.parts()))
    }

    /// What that is worth at the item's price; `None` when it has none.
    pub(super) fn value(&self) -> Result<Option<Money>> {
        let (Some(price), Some(size)) = (self.price, self.size()) else { return Ok(None) };
        let value = price.checked_times(size).filter(|value| value.parts().abs() <= Money::PRICE_MAX.parts());
        value.map(Some).ok_or_else(too_much)
    }

    /// Does it need no look?
    pub(super) fn within(&self, tolerance: CountTolerance) -> bool {
        self.size().is_none_or(|size| within(tolerance, size, self.expected))
    }
}

fn too_much() -> Error {
    let message = format!("a count may be worth {} at most; count fewer items at once", Money::PRICE_MAX);
    Flaw::new("lines", "total", message).into()
}

/// Is a difference so small that nobody has to look?
pub(super) fn within(tolerance: CountTolerance, size: Quantity, expected: Quantity) -> bool {
    let (size, of) = (i128::from(size.abs().parts()), i128::from(expected.abs().parts()));
    let share = size * 100 * i128::from(Quantity::ONE) <= i128::from(tolerance.percent.parts()) * of;
    size <= i128::from(tolerance.quantity.parts()) || share
}

/// The lines of a count by SKU, each with what we think was there when it was counted; what was booked stays as it was.
pub(super) async fn lines(tx: &mut Tx, site: &Site, paper: &Paper) -> Result<Vec<Variance>> {
    let mut lines = derived(tx, site, paper.id).await?;
    if [CountState::Posted.name(), CountState::Undone.name()].contains(&paper.state.as_str()) {
        for line in &mut lines {
            line.superseded = i64::from(line.approved.is_none());
            line.expected = line.approved.unwrap_or(line.expected);
        }
    }
    Ok(lines)
}

async fn derived(tx: &mut Tx, site: &Site, paper: PaperId) -> Result<Vec<Variance>> {
    /// The moment for which a movement `m` counts, as far as it is to be trusted: see above.
    macro_rules! moment {
        () => {
            "coalesce(a.counted_at, o.occurred_at, m.occurred_at)"
        };
    }
    macro_rules! movements {
        () => {
            " from inventory_movement m
              join inventory_posting p on p.id = m.posting
              left join inventory_posting o on o.id = p.reverses
              left join inventory_count_line a on a.posting = coalesce(p.reverses, p.id) and a.item = m.item
              where m.item = l.item and m.store = $2 and m.condition = $4
                and (m.to_location = h.location or m.from_location = h.location)"
        };
    }
    Ok(fetch_all!(
        tx,
        concat!(
            "select l.item, i.sku, i.name, i.unit, l.round, l.accepted, l.counted, l.counted_at, l.posting,
                    case when l.accurate is null then i.price else l.price end as price, l.expected as approved,
                    case when l.posting is not null then l.expected
                         else cast(coalesce(b.on_hand, 0) - coalesce((
                             select sum(case when m.to_location = h.location then m.quantity else -m.quantity end)",
            movements!(),
            " and m.recorded_at > l.counted_at and ",
            moment!(),
            " > l.counted_at), 0) as bigint) end as expected,
                    (select count(*)",
            movements!(),
            " and m.recorded_at > l.first_at and ",
            moment!(),
            " > l.first_at and (m.recorded_at <= l.counted_at or ",
            moment!(),
            " <= l.counted_at)) as moved,
                    cast(case when l.posting is null and c.counted_at > l.counted_at then 1 else 0 end as bigint) as superseded
             from inventory_count_line l
             join inventory_count h on h.paper = l.paper
             join inventory_item i on i.id = l.item
             left join inventory_balance b on b.location = h.location and b.item = l.item and b.lot = $3
                                          and b.condition = $4
             left join inventory_counted c on c.location = h.location and c.item = l.item
             where l.paper = $1 order by i.sku"
        ),
        paper,
        site.store.id,
        ledger::NO_LOT,
        ledger::SELLABLE
    )?)
}

/// What comes of these lines, and what they are worth in all, whichever way they differ: `None` when something that
/// differs has no price, so that nobody knows.
pub(super) fn outcome(lines: &[Variance], tolerance: CountTolerance) -> Result<(CountOutcome, Option<Money>)> {
    let mut outcome = CountOutcome::default();
    let mut known = true;
    for line in lines {
        let Some(size) = line.size() else { continue };
        outcome.lines += 1;
        outcome.accurate += i64::from(line.within(tolerance));
        let value = line.value()?;
        known &= value.is_some() || size == Quantity::ZERO;
        let value = value.unwrap_or_default();
        let sum = if value < Money::ZERO { &mut outcome.lost } else { &mut outcome.gained };
        let worth = Money::from_parts(value.parts().abs());
        *sum = sum.checked_add(worth).filter(|sum| *sum <= Money::PRICE_MAX).ok_or_else(too_much)?;
    }
    let all = outcome.gained.checked_add(outcome.lost).ok_or_else(too_much)?;
    Ok((outcome, known.then_some(all)))
}

/// What may differ in a store without anybody having to look; nothing while nobody has said.
pub(super) async fn tolerance(tx: &mut Tx, store: StoreId) -> Result<CountTolerance> {
    let row: Option<(Quantity, Quantity)> =
        fetch_optional!(tx, "select percent, quantity from inventory_count_tolerance where store = $1", store)?;
    Ok(row.map(|(percent, quantity)| CountTolerance { percent, quantity }).unwrap_or_default())
}

impl Inventory {
    /// What may differ in a store's counts without anybody having to look.
    pub async fn count_tolerance(&self, actor: &Actor, store: &str) -> Result<CountTolerance> {
        let site = self.site(actor, Action::SeeStock, store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        tolerance(&mut tx, site.store.id).await
    }

    /// Settles that, for whoever approves there. Errors: `Forbidden`; `Invalid` out of range.
    pub async fn set_count_tolerance(&self, actor: &Actor, store: &str, new: CountTolerance) -> Result<()> {
        let site = self.site(actor, Action::Approve, store).await?;
        let mut flaws = Vec::new();
        if new.percent.is_negative() || new.percent > Quantity::whole(100) {
            flaws.push(Flaw::new("percent", "quantity", "use 0 to 100 per cent"));
        }
        if new.quantity.is_negative() || new.quantity > Quantity::LINE_MAX {
            flaws.push(Flaw::new("quantity", "quantity", format!("use a quantity from 0 to {}", Quantity::LINE_MAX)));
        }
        if !flaws.is_empty() {
            return Err(Error::Invalid(flaws));
        }
        let store = site.store.id;
        let mut act = self.auth.act(actor, Action::Approve.at(store)).await?;
        execute!(
            act,
            "insert into inventory_count_tolerance (store, percent, quantity) values ($1, $2, $3)
             on conflict (store) do update set percent = excluded.percent, quantity = excluded.quantity",
            store,
            new.percent,
            new.quantity
        )?;
        let (topic, told) = ("inventory.count_tolerance_set", serde_json::json!({ "store": store, "tolerance": new }));
        act.commit(Event::Told { topic, store, subject: site.store.code.clone(), told }).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_the_two_tolerances_is_enough() {
        let of = |percent: i64, quantity: i64| CountTolerance {
            percent: Quantity::whole(percent),
            quantity: Quantity::whole(quantity),
        };
        let small = |tolerance, size, expected| within(tolerance, Quantity::whole(size), Quantity::whole(expected));
        assert!(small(of(2, 0), -2, 100) && small(of(0, 2), 2, 3) && small(of(0, 0), 0, 0));
        assert!(!small(of(2, 0), 3, 100) && !small(of(0, 2), -3, 3) && !small(of(50, 0), 1, 0));
    }

    #[test]
    fn a_hair_too_much_is_outside() {
        let tolerance = CountTolerance { percent: Quantity::whole(1), quantity: Quantity::ZERO };
        assert!(within(tolerance, Quantity::from_parts(100_000), Quantity::whole(100)));
        assert!(!within(tolerance, Quantity::from_parts(100_001), Quantity::whole(100)));
    }
}
