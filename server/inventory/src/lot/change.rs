//! Holding a lot, calling it back, letting it be sold again; correcting its last day.

use super::list::{Row, find};
use crate::document::check_text;
use crate::{Event, Inventory};
use auth::Act;
use db::{execute, fetch_all, fetch_optional};
use model::barcode::Date;
use model::{
    Action, Actor, Error, Flaw, ItemId, ItemNews, ItemPatch, LocationId, Lot, LotId, LotPatch, LotStatus, Result,
};
use serde::{Deserialize, Serialize};

/// What became of a lot, as the journal tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotChanged {
    /// Which.
    pub lot: LotId,
    /// The item.
    pub item: ItemId,
    /// Its stock keeping unit.
    pub sku: String,
    /// The lot, as it stands on the goods.
    pub code: String,
    /// Whether it might be sold.
    pub before: LotStatus,
    /// Whether it may be sold now.
    pub after: LotStatus,
    /// Its last day, when that was corrected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<LotDay>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A last day that was corrected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotDay {
    /// What stood there, if anything did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Date>,
    /// What stands there now.
    pub after: Date,
}

impl LotChanged {
    /// The change that a journal line tells of, if it does.
    #[must_use]
    pub fn of(line: &log::Line) -> Option<Self> {
        let told = ["inventory.lot_changed", "inventory.lot_day_corrected"].contains(&&*line.topic);
        told.then(|| serde_json::from_str(&line.body).ok()).flatten()
    }

    /// As screens hear it: something about the item is different, and nothing in the catalogue.
    #[must_use]
    pub fn news(self) -> ItemNews {
        ItemNews { item: self.item, sku: self.sku, version: 0, change: ItemPatch::default() }
    }
}

impl Inventory {
    /// Says whether a lot may be sold, or until when it is good, in all stores. It is undone by saying what stood there
    /// before; sending the same again changes nothing. Errors: `NotFound`; `Invalid` for a day without a reason.
    pub async fn change_lot(&self, actor: &Actor, id: LotId, patch: LotPatch) -> Result<Lot> {
        check(&patch)?;
        let mut act = self.auth.act(actor, Action::EditItems.anywhere()).await?;
        let Some(row) = find(&mut act, id).await? else {
            act.withdraw().await?;
            return Err(Error::NotFound);
        };
        let (before, last) = (LotStatus::named(&row.status), row.last());
        let after = patch.status.unwrap_or(before);
        let day = patch.expires_on.filter(|day| last != Some(*day));
        if before == after && day.is_none() {
            act.withdraw().await?;
            let lot = self.lot_seen(actor, id).await?;
            self.auth.keep_answer(actor, 200, &lot, None).await?;
            return Ok(lot);
        }
        write(&mut act, &row, (before, after), day).await?;
        let day = day.map(|after| LotDay { before: last, after });
        let (item, sku, code) = (row.item, row.sku.clone(), row.code.clone());
        let changed = LotChanged { lot: id, item, sku, code, before, after, day, reason: patch.reason };
        let lot = row.changed(after, day.map(|day| day.after)).seen(&mut act, &actor.scope(Action::SeeStock)).await?;
        act.conclude(Event::LotChanged(changed), 200, &lot).await?;
        Ok(lot)
    }

    /// The lot, with what the stores have of it that they see; none for who sees no stock.
    async fn lot_seen(&self, actor: &Actor, id: LotId) -> Result<Lot> {
        let mut tx = self.auth.read(actor, Action::EditItems.anywhere()).await?;
        let row = find(&mut tx, id).await?.ok_or(Error::NotFound)?;
        row.seen(&mut tx, &actor.scope(Action::SeeStock)).await
    }

    /// Is there such a lot for them, and may they change it?
    pub async fn permit_lot(&self, actor: &Actor, id: LotId) -> Result<()> {
        let mut tx = self.auth.read(actor, Action::EditItems.anywhere()).await?;
        let known: Option<(LotId,)> = fetch_optional!(&mut tx, "select id from inventory_lot where id = $1", id)?;
        known.map(drop).ok_or(Error::NotFound)
    }
}

fn check(patch: &LotPatch) -> Result<()> {
    let mut flaws = Vec::new();
    check_text(&mut flaws, "reason", patch.reason.as_deref(), 200);
    if patch.expires_on.is_some() && patch.reason.is_none() {
        flaws.push(Flaw::new("reason", "missing", "say why its last day is another one"));
    }
    if patch.status.is_none() && patch.expires_on.is_none() {
        flaws.push(Flaw::new("status", "missing", "say whether it may be sold, or until when it is good"));
    }
    if flaws.is_empty() { Ok(()) } else { Err(Error::Invalid(flaws)) }
}

async fn write(act: &mut Act, row: &Row, status: (LotStatus, LotStatus), day: Option<Date>) -> Result<()> {
    let (journal, day) = (act.journal(), day.map(|day| day.to_string()));
    if day.is_some() {
        hold(act, row.item).await?;
    }
    // On PostgreSQL somebody may have been faster since it was read.
    let written = execute!(
        act,
        "update inventory_lot set status = $2, expires_on = coalesce($3, expires_on), journal = $4
         where id = $1 and status = $5 and coalesce(expires_on, '') = $6",
        row.id,
        status.1.name(),
        day.as_deref(),
        journal,
        status.0.name(),
        row.expires_on.as_deref().unwrap_or_default()
    )?;
    if written == 0 {
        return Err(Error::Busy);
    }
    if let Some(day) = day {
        execute!(act, "update inventory_lot_balance set until = $2 where lot = $1", row.id, &day)?;
    }
    Ok(())
}

/// The balances of an item, in their order: while they are held, nobody lays down goods under the day that was wrong.
async fn hold(act: &mut Act, item: ItemId) -> Result<()> {
    let places: Vec<(LocationId,)> =
        fetch_all!(act, "select distinct location from inventory_balance where item = $1 order by location", item)?;
    for (place,) in places {
        execute!(
            act,
            "update inventory_balance set reserved = reserved where location = $1 and item = $2",
            place,
            item
        )?;
    }
    Ok(())
}
