//! Goods whose cost nobody has told: what they are worth, and what was earned with them, is a guess until somebody does.
//!
//! Only in stores that tell costs at all: a store that never does wants no list of all its goods. Goods of which some
//! delivery's cost was told before are worth as much as then, and nothing is missing.

use super::Crossing;
use crate::Inventory;
use crate::document::Draft;
use crate::item::ItemRow;
use crate::store::Site;
use auth::Act;
use db::{Tx, fetch_all, query_rows};
use model::{
    Action, Actor, DocumentKind, Error, ExceptionId, ExceptionKind, ItemId, LineCost, Money, NewCosts, PostingId,
    Result, Reused, StoreId, Time,
};
use std::collections::{BTreeMap, BTreeSet};

/// May a draft say what goods cost, or take back what was said?
pub(crate) fn concerns(draft: &Draft) -> bool {
    draft.effect == DocumentKind::Receipt
}

/// What a delivery, or its undoing, leaves open or closes.
pub(crate) async fn of_delivery(act: &mut Act, site: &Site, draft: &Draft) -> Result<Vec<Crossing>> {
    let goods = draft.lines.iter().filter(|line| line.item.stocked());
    if let Some(original) = draft.reverses {
        let gone: Vec<(ItemId,)> = fetch_all!(
            act,
            "select item from inventory_exception where opened_by = $1 and kind = $2 and state = 'open'",
            original,
            ExceptionKind::MissingCost.name()
        )?;
        return Ok(gone
            .into_iter()
            .map(|(item,)| Crossing::gone(ExceptionKind::MissingCost, site.shop, item))
            .collect());
    }
    let (told, untold): (Vec<_>, Vec<_>) = goods.partition(|line| line.unit_price.is_some());
    let told: BTreeSet<ItemId> = told.into_iter().map(|line| line.item.id).collect();
    let mut crossings = learnt(act, site, &told.iter().copied().collect::<Vec<_>>()).await?;
    let untold = untold.into_iter().map(|line| (line.item.id, &line.item));
    let untold: BTreeMap<ItemId, &ItemRow> = untold.filter(|(id, _)| !told.contains(id)).collect();
    let missing = missing(act, site.store.id, &untold.keys().copied().collect::<Vec<_>>()).await?;
    let missing = missing.iter().filter_map(|item| untold.get(item).copied());
    crossings.extend(missing.map(|item| Crossing::of(ExceptionKind::MissingCost, site.shop, item)));
    Ok(crossings)
}

/// Writes down that it was told what these cost in a store; answers with those of which it was not known before.
async fn remember(tx: &mut Tx, store: StoreId, items: &[ItemId]) -> Result<Vec<ItemId>> {
    let new: Vec<(ItemId,)> = query_rows!(
        tx,
        "insert into inventory_costed (store, item) ",
        items,
        |row, item| {
            row.push_bind(store).push_bind(*item);
        },
        " on conflict do nothing returning item"
    )?;
    Ok(new.into_iter().map(|(item,)| item).collect())
}

/// It is told what these cost from now on; answers with what was open about them.
async fn learnt(act: &mut Act, site: &Site, items: &[ItemId]) -> Result<Vec<Crossing>> {
    let new = remember(act, site.store.id, items).await?;
    if new.is_empty() {
        return Ok(Vec::new());
    }
    let open = super::list::items_of(act, site.store.id, ExceptionKind::MissingCost).await?;
    let gone = new.into_iter().filter(|item| open.contains(item));
    Ok(gone.map(|item| Crossing::gone(ExceptionKind::MissingCost, site.shop, item)).collect())
}

/// Those of which nobody has told what they cost, in a store where that is told.
async fn missing(tx: &mut Tx, store: StoreId, items: &[ItemId]) -> Result<Vec<ItemId>> {
    let rows: Vec<(ItemId,)> = query_rows!(
        tx,
        "with wanted (store, item) as (",
        items,
        |row, item| {
            row.push_bind(store).push_bind(*item);
        },
        ") select w.item from wanted w
         where exists (select 1 from inventory_costed other where other.store = w.store)
           and not exists (select 1 from inventory_costed c where c.store = w.store and c.item = w.item)"
    )?;
    Ok(rows.into_iter().map(|(item,)| item).collect())
}

/// It was told what these cost; closes what was open about them.
pub(crate) async fn told(act: &mut Act, site: &Site, items: &[ItemId]) -> Result<Vec<ExceptionId>> {
    let gone = learnt(act, site, items).await?;
    super::cover(act, Time::now(), &gone).await
}

impl Inventory {
    /// Says what one cost of the goods that an exception is about, in the delivery that opened it.
    ///
    /// Errors: `NotFound`; `Conflict(Version)` when it is settled already; those of [`Inventory::tell_costs`].
    pub async fn give_cost(&self, actor: &Actor, id: ExceptionId, telling: PostingId, cost: Money) -> Result<NewCosts> {
        let state = self.exception_state(actor, id).await?;
        if state.kind != ExceptionKind::MissingCost.name() || state.state != "open" {
            return Err(Error::Conflict(Reused::Version));
        }
        let mut tx = self.auth.read(actor, Action::Adjust.at(state.store)).await?;
        let lines: Vec<(i64,)> = fetch_all!(
            &mut tx,
            "select line from inventory_movement where posting = $1 and item = $2 order by line",
            state.opened_by,
            state.item
        )?;
        drop(tx);
        let lines = lines.into_iter().map(|(line,)| LineCost { line, unit_cost: cost }).collect();
        self.tell_costs(
            actor,
            state.opened_by,
            NewCosts { id: telling, occurred_at: None, lines, landed: None, what: None, undoes: None },
        )
        .await
    }
}
