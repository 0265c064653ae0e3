//! Holding a lot, calling it back, letting it be sold again.

use super::list::find;
use crate::{Event, Inventory};
use db::{execute, fetch_optional};
use model::{Action, Actor, Error, ItemId, ItemNews, ItemPatch, Lot, LotId, LotPatch, LotStatus, Result};
use serde::{Deserialize, Serialize};

/// Whether a lot may be sold from now on, as the journal tells it.
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
    /// What stood there.
    pub before: LotStatus,
    /// What stands there now.
    pub after: LotStatus,
}

impl LotChanged {
    /// The change that a journal line tells of, if it does.
    #[must_use]
    pub fn of(line: &log::Line) -> Option<Self> {
        (line.topic == "inventory.lot_changed").then(|| serde_json::from_str(&line.body).ok()).flatten()
    }

    /// As screens hear it: something about the item is different, and nothing in the catalogue.
    #[must_use]
    pub fn news(self) -> ItemNews {
        ItemNews { item: self.item, sku: self.sku, version: 0, change: ItemPatch::default() }
    }
}

impl Inventory {
    /// Says whether a lot may be sold, in all stores. It is undone by saying what stood there before; sending the same
    /// again changes nothing. Errors: `NotFound`.
    pub async fn change_lot(&self, actor: &Actor, id: LotId, patch: LotPatch) -> Result<Lot> {
        let mut act = self.auth.act(actor, Action::EditItems.anywhere()).await?;
        let Some(row) = find(&mut act, id).await? else {
            act.withdraw().await?;
            return Err(Error::NotFound);
        };
        let (before, after) = (LotStatus::named(&row.status), patch.status);
        if before == after {
            act.withdraw().await?;
            let lot = self.lot_seen(actor, id).await?;
            self.auth.keep_answer(actor, 200, &lot, None).await?;
            return Ok(lot);
        }
        let journal = act.journal();
        // On PostgreSQL somebody may have been faster since it was read.
        let written = execute!(
            act,
            "update inventory_lot set status = $2, journal = $3 where id = $1 and status = $4",
            id,
            after.name(),
            journal,
            before.name()
        )?;
        if written == 0 {
            return Err(Error::Busy);
        }
        let changed = LotChanged { lot: id, item: row.item, sku: row.sku, code: row.code, before, after };
        let lot = Lot { status: after, ..self.lot_seen(actor, id).await? };
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
