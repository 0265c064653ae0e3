//! Balances: what lies where, of which lot, in which condition, and how a draft changes it.

use crate::document::Draft;
use crate::lot;
use crate::store::Site;
use db::{Tx, execute, fetch_optional, insert_later, query_rows};
use model::{Condition, DocumentKind, ItemId, LocationId, LotId, PromisePolicy, Quantity, Refusal, Result};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// No lot: a balance is of all lots together, so that what is promised is one row's business; [`crate::lot`] says of
/// which lots it is made.
pub(crate) const NO_LOT: LotId = LotId(Uuid::nil());

/// What a balance is of. Balances are taken in this order, always.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::FromRow)]
pub(crate) struct Key {
    pub(crate) location: LocationId,
    pub(crate) item: ItemId,
    pub(crate) lot: LotId,
    #[sqlx(try_from = "String")]
    pub(crate) condition: Condition,
}

impl Key {
    /// What may be sold of an item at a place, of whichever lot.
    pub(crate) const fn sellable(location: LocationId, item: ItemId) -> Self {
        Self { location, item, lot: NO_LOT, condition: Condition::Sellable }
    }
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "item {} ({}) at location {}", self.item, self.condition.name(), self.location)
    }
}

/// Takes a balance that is there: nobody else changes it until the transaction ends.
pub(crate) async fn hold(tx: &mut Tx, key: &Key) -> Result<()> {
    execute!(
        tx,
        "update inventory_balance set reserved = reserved
         where location = $1 and item = $2 and lot = $3 and condition = $4",
        key.location,
        key.item,
        key.lot,
        key.condition.name()
    )?;
    Ok(())
}

/// One balance that a draft changes: by how much, with how many movements.
#[derive(Clone, Copy)]
pub(crate) struct Leg {
    pub(crate) key: Key,
    pub(crate) delta: i64,
    pub(crate) movements: i64,
}

/// What a draft changes, in the order of the keys.
pub(crate) type Legs = BTreeMap<Key, Leg>;

/// A balance after the change.
#[derive(Clone, sqlx::FromRow)]
pub(crate) struct Balance {
    #[sqlx(flatten)]
    pub(crate) key: Key,
    pub(crate) on_hand: Quantity,
    pub(crate) reserved: Quantity,
    pub(crate) version: i64,
    /// Rises by one with each change of `reserved`: it changes without a movement.
    pub(crate) reserved_version: i64,
}

/// The balances that a draft has changed.
pub(crate) type Balances = BTreeMap<Key, Balance>;

impl Balance {
    /// What it becomes; `None` beyond what can be counted.
    fn after(&self, leg: &Leg) -> Option<Self> {
        let on_hand = Quantity::from_parts(self.on_hand.parts().checked_add(leg.delta)?);
        Some(Self { on_hand, version: self.version + leg.movements, ..self.clone() })
    }
}

/// The balances that SQLite's writer knows.
#[derive(Default)]
struct Known(HashMap<Key, Balance>);

/// How many balances it knows at most: some MiB.
const KNOWN_MAX: usize = 20_000;

/// Balances have changed otherwise than by [`change`]: what is known of them is not true any more.
pub(crate) fn forget(tx: &mut Tx) {
    if let Some(memo) = tx.memo() {
        memo.take::<Known>();
    }
}

/// Writes legs with one of the bulk macros: each a new balance, or added to the one that is there.
macro_rules! write_legs {
    ($write:ident, $tx:expr, $site:expr, $legs:expr, $returning:literal) => {
        $write!(
            $tx,
            "insert into inventory_balance (location, item, lot, condition, store, on_hand, reserved, version) ",
            $legs,
            |row, leg| {
                row.push_bind(leg.key.location).push_bind(leg.key.item).push_bind(leg.key.lot);
                row.push_bind(leg.key.condition.name()).push_bind($site.store.id).push_bind(leg.delta);
                row.push_bind(0_i64).push_bind(leg.movements);
            },
            concat!(
                " on conflict (location, item, lot, condition) do update
                  set on_hand = inventory_balance.on_hand + excluded.on_hand,
                      version = inventory_balance.version + excluded.version ",
                $returning
            )
        )
    };
}

/// Changes balances by facts: never refused. SQLite's one writer knows what it wrote lately; such balances need not be
/// asked for, and are written with the posting.
pub(crate) async fn change(tx: &mut Tx, site: &Site, legs: &Legs) -> Result<Balances> {
    let Known(mut known) = tx.memo().and_then(db::Memo::take).unwrap_or_default();
    if known.len() + legs.len() > KNOWN_MAX {
        known.clear();
    }
    let after = |leg: &Leg| known.get(&leg.key)?.after(leg);
    let foreseen: Option<Balances> = legs.values().map(|leg| Some((leg.key, after(leg)?))).collect();
    let rows: Vec<&Leg> = legs.values().collect();
    let balances = match foreseen {
        Some(balances) if !balances.is_empty() => {
            write_legs!(insert_later, tx, site, &rows, "");
            balances
        }
        _ => {
            let rows: Vec<Balance> = write_legs!(
                query_rows,
                tx,
                site,
                &rows,
                "returning location, item, lot, condition, on_hand, reserved, version, reserved_version"
            )?;
            rows.into_iter().map(|row| (row.key, row)).collect()
        }
    };
    if let Some(memo) = tx.memo() {
        known.extend(balances.iter().map(|(key, balance)| (*key, balance.clone())));
        memo.keep(Known(known));
    }
    Ok(balances)
}

/// Changes balances by a promise: refused as soon as one of them would not cover what is taken, unless the item's
/// policy for the draft's channel allows. What is brought is never refused.
pub(crate) async fn promised(
    tx: &mut Tx,
    site: &Site,
    draft: &Draft,
    legs: &Legs,
) -> Result<Result<Balances, Refusal>> {
    let mut balances = BTreeMap::new();
    for leg in legs.values() {
        let Key { location, item, lot, condition } = leg.key;
        let line = draft.lines.iter().find(|line| line.item.id == item);
        let named = &line.expect("each leg comes from a line").item;
        let allowed = named.policy(draft.channel) != PromisePolicy::Forbid && condition.is_sellable();
        if allowed || leg.delta > 0 {
            balances.extend(change(tx, site, &BTreeMap::from([(leg.key, *leg)])).await?);
            continue;
        }
        forget(tx);
        // What is moved may be of any lot; what is sold may not.
        let blocked = if draft.kind == DocumentKind::Sale { lot::blocked(tx, site, leg.key, named).await? } else { 0 };
        let row: Option<Balance> = fetch_optional!(
            tx,
            "update inventory_balance set on_hand = on_hand + $1, version = version + $2
             where location = $3 and item = $4 and lot = $5 and condition = $6 and on_hand - reserved - $7 + $1 >= 0
             returning location, item, lot, condition, on_hand, reserved, version, reserved_version",
            leg.delta,
            leg.movements,
            location,
            item,
            lot,
            condition.name(),
            blocked
        )?;
        match row {
            Some(row) => balances.insert(leg.key, row),
            None => return Ok(Err(out_of_stock(tx, leg.key, &named.sku, blocked).await?)),
        };
    }
    Ok(Ok(balances))
}

async fn out_of_stock(tx: &mut Tx, key: Key, sku: &str, blocked: i64) -> Result<Refusal> {
    let row: Option<(Quantity,)> = fetch_optional!(
        tx,
        "select on_hand - reserved - $5 from inventory_balance
         where location = $1 and item = $2 and lot = $3 and condition = $4",
        key.location,
        key.item,
        key.lot,
        key.condition.name(),
        blocked
    )?;
    Ok(Refusal::OutOfStock { sku: sku.to_owned(), available: row.map(|(available,)| available).unwrap_or_default() })
}
