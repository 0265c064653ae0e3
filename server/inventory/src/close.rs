//! Closing a store: out of every list at once, with the goods that only it had; the ledger and the journal keep it.

use crate::{Event, Inventory, item};
use auth::Act;
use db::{execute, fetch_optional, query_rows};
use model::{Action, Actor, ItemId, Result, StoreId, Time};

/// What an archived item's SKU ends with while its store is closed, so that the SKU is free for another item.
pub(crate) const ASIDE: &str = " (closed)";
/// How many characters that is.
const ASIDE_CHARS: i64 = 9;

impl Inventory {
    /// May they open and close stores? Errors: `Forbidden`.
    pub async fn manages_stores(&self, actor: &Actor) -> Result<()> {
        self.auth.read(actor, Action::ManageStores.anywhere()).await.map(drop)
    }

    /// Closes a store: nobody sees it, or what happened in it, in any list, search or report, and nothing is posted
    /// there any more. Those of `items` that no other open store ever had are archived with it.
    ///
    /// Nothing is removed: [`Inventory::reopen_store`] brings all of it back. Errors: as [`Inventory::store`].
    pub async fn close_store(&self, actor: &Actor, code: &str, items: &[ItemId]) -> Result<()> {
        let site = self.site(actor, Action::ManageStores, code).await?;
        let store = site.store.id;
        let mut act = self.auth.act(actor, Action::ManageStores.at(store)).await?;
        let closed = execute!(
            act,
            "update inventory_store set closed_at = $1 where id = $2 and closed_at is null",
            Time::now(),
            store
        )?;
        if closed == 0 {
            return act.withdraw().await;
        }
        let archived = archive(&mut act, items).await?;
        act.commit(Event::StoreClosed { store, code: code.to_owned(), items: archived }).await?;
        self.forget_sites();
        Ok(())
    }

    /// Opens a closed store again, with those of `items` that were archived with it and whose SKU is still free;
    /// `false` when no closed store has that code. Errors: `Forbidden`.
    pub async fn reopen_store(&self, actor: &Actor, code: &str, items: &[ItemId]) -> Result<bool> {
        let mut tx = self.auth.read(actor, Action::ManageStores.anywhere()).await?;
        let row: Option<(StoreId,)> =
            fetch_optional!(&mut tx, "select id from inventory_store where code = $1 and closed_at is not null", code)?;
        drop(tx);
        let Some((store,)) = row else { return Ok(false) };
        let mut act = self.auth.act(actor, Action::ManageStores.at(store)).await?;
        let opened = execute!(
            act,
            "update inventory_store set closed_at = null where id = $1 and closed_at is not null",
            store
        )?;
        if opened == 0 {
            act.withdraw().await?;
            return Ok(true);
        }
        let items = bring_back(&mut act, items).await?;
        act.commit(Event::StoreReopened { store, code: code.to_owned(), items }).await?;
        self.forget_sites();
        Ok(true)
    }
}

/// Archives those of the items that no open store ever had, and frees their SKUs.
async fn archive(act: &mut Act, items: &[ItemId]) -> Result<Vec<ItemId>> {
    let now = Time::now();
    let rows: Vec<(ItemId,)> = query_rows!(
        act,
        "with wanted (id, suffix, moment) as (",
        items,
        |row, item| {
            row.push_bind(*item).push_bind(ASIDE).push_bind(now);
        },
        ") update inventory_item set archived_at = wanted.moment, sku = inventory_item.sku || wanted.suffix,
                                   version = inventory_item.version + 1
         from wanted
         where inventory_item.id = wanted.id and inventory_item.archived_at is null
           and not exists (select 1 from inventory_component c where c.component = inventory_item.id and c.until is null)
           and not exists (select 1 from inventory_movement m join inventory_store s on s.id = m.store
                           where m.item = inventory_item.id and s.closed_at is null)
         returning inventory_item.id"
    )?;
    item::forget(act);
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Takes those of the items up again that were archived with their store, under their own SKU if nobody took it.
async fn bring_back(act: &mut Act, items: &[ItemId]) -> Result<Vec<ItemId>> {
    let rows: Vec<(ItemId,)> = query_rows!(
        act,
        "with wanted (id, suffix, suffix_chars) as (",
        items,
        |row, item| {
            row.push_bind(*item).push_bind(format!("%{ASIDE}")).push_bind(ASIDE_CHARS);
        },
        ") update inventory_item
         set archived_at = null, version = inventory_item.version + 1,
             sku = substr(inventory_item.sku, 1, cast(length(inventory_item.sku) - wanted.suffix_chars as integer))
         from wanted
         where inventory_item.id = wanted.id and inventory_item.archived_at is not null
           and inventory_item.sku like wanted.suffix
           and not exists (select 1 from inventory_item other where other.sku = substr(
               inventory_item.sku, 1, cast(length(inventory_item.sku) - wanted.suffix_chars as integer)))
         returning inventory_item.id"
    )?;
    item::forget(act);
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_is_as_long_as_it_says() {
        assert_eq!(i64::try_from(ASIDE.chars().count()), Ok(ASIDE_CHARS));
    }
}
