//! The ledger: the only place where stock changes.

use crate::document::Draft;
use crate::event::{Moved, Posted};
use crate::exception::{self, Crossing};
use crate::outcome::before_or;
pub(crate) use crate::outcome::{before, refuse};
use crate::store::{SHOP, Site};
use crate::write;
use auth::Act;
use db::{Tx, fetch_optional, insert_later, query_rows};
use model::{
    Change, Channel, DocumentKind, Error, Flaw, ItemId, LocationId, Money, Quantity, Receipt, ReceiptLine, Refusal,
    Result, Reused, Time,
};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// What became of a draft.
pub(crate) enum Outcome {
    /// It is in the ledger now, if the act is committed.
    Now(Box<Posted>),
    /// It was posted before; the act is to be dropped.
    Before(Box<Receipt>),
    /// Its id, or another reversal of the same, was there first; the act is to be dropped.
    Overtaken,
    /// The stock does not cover the promise; the act is to be dropped.
    Short(Refusal),
}

/// No lot: items whose lots are not tracked.
pub(crate) const NO_LOT: Uuid = Uuid::nil();
/// The condition of what may be sold.
pub(crate) const SELLABLE: &str = "sellable";

/// One balance that a draft changes: by how much, with how many movements.
struct Leg {
    item: ItemId,
    delta: i64,
    movements: i64,
}

/// A balance after the change.
#[derive(Clone, sqlx::FromRow)]
struct Balance {
    item: ItemId,
    on_hand: Quantity,
    reserved: Quantity,
    version: i64,
    reserved_version: i64,
}

impl Balance {
    /// What it becomes; `None` beyond what can be counted.
    fn after(&self, leg: &Leg) -> Option<Self> {
        let on_hand = Quantity::from_parts(self.on_hand.parts().checked_add(leg.delta)?);
        Some(Self { on_hand, version: self.version + leg.movements, ..self.clone() })
    }
}

/// Posts a draft inside the act: balances, the posting, its movements, exceptions.
///
/// Balances are taken in the order of their keys, always: two documents with the same items in another order would
/// otherwise wait for each other for ever.
pub(crate) async fn post(act: &mut Act, site: &Site, draft: &Draft) -> Result<Outcome> {
    post_after(act, site, draft, &BTreeMap::new()).await
}

/// The same for goods that were reserved, after the reservations gave up that much in this act: a fact, as what a customer
/// takes at the till is.
pub(crate) async fn post_after(
    act: &mut Act,
    site: &Site,
    draft: &Draft,
    given_up: &BTreeMap<ItemId, i64>,
) -> Result<Outcome> {
    let legs = legs(site, draft)?;
    let promise = draft.kind == DocumentKind::Sale && draft.channel == Channel::Web && given_up.is_empty();
    let balances = if promise {
        match promised(act, site, draft, &legs).await? {
            Ok(balances) => balances,
            Err(refusal) => return before_or(act, draft, Outcome::Short(refusal)).await,
        }
    } else {
        change(act, site, &legs).await?
    };
    if draft.seen.is_some_and(|seen| balances.values().any(|balance| balance.version != seen + 1)) {
        return Err(Error::Conflict(Reused::Version));
    }
    let recorded_at = Time::now();
    let mut posted = tell(site, draft, &legs, &balances, recorded_at)?;
    write::posting(act, site, draft, &posted);
    let crossings = crossings(draft, &legs, &balances, given_up);
    if !crossings.is_empty()
        && let Err(error) = act.settle().await
    {
        return if matches!(error, db::Error::Duplicate(_)) { Ok(Outcome::Overtaken) } else { Err(error.into()) };
    }
    posted.exceptions = exception::open(act, site, draft.id, recorded_at, &crossings).await?;
    posted.closed = exception::cover(act, site, recorded_at, &crossings).await?;
    Ok(Outcome::Now(Box::new(posted)))
}

/// What is changed, by item: all of a draft's physical ends are the store's selling location.
fn legs(site: &Site, draft: &Draft) -> Result<BTreeMap<ItemId, Leg>> {
    let mut legs: BTreeMap<ItemId, Leg> = BTreeMap::new();
    for line in &draft.lines {
        let size = line.quantity.abs().parts();
        let delta = if line.to == site.shop {
            size
        } else if line.from == site.shop {
            -size
        } else {
            continue;
        };
        let leg = legs.entry(line.item.id).or_insert(Leg { item: line.item.id, delta: 0, movements: 0 });
        leg.delta = leg.delta.checked_add(delta).ok_or_else(|| too_much(&line.item.sku))?;
        leg.movements += 1;
    }
    Ok(legs)
}

fn too_much(sku: &str) -> Error {
    Flaw::new("lines", "quantity", format!("the stock of {sku} would leave the range that can be counted")).into()
}

/// The balances that SQLite's writer knows, by location and item.
#[derive(Default)]
struct Known(HashMap<(LocationId, ItemId), Balance>);

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
                row.push_bind($site.shop).push_bind(leg.item).push_bind(NO_LOT).push_bind(SELLABLE);
                row.push_bind($site.store.id).push_bind(leg.delta).push_bind(0_i64).push_bind(leg.movements);
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
async fn change(tx: &mut Tx, site: &Site, legs: &BTreeMap<ItemId, Leg>) -> Result<BTreeMap<ItemId, Balance>> {
    let Known(mut known) = tx.memo().and_then(db::Memo::take).unwrap_or_default();
    if known.len() + legs.len() > KNOWN_MAX {
        known.clear();
    }
    let after = |leg: &Leg| known.get(&(site.shop, leg.item))?.after(leg);
    let foreseen: Option<BTreeMap<_, _>> = legs.values().map(|leg| Some((leg.item, after(leg)?))).collect();
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
                "returning item, on_hand, reserved, version, reserved_version"
            )?;
            rows.into_iter().map(|row| (row.item, row)).collect()
        }
    };
    if let Some(memo) = tx.memo() {
        known.extend(balances.values().map(|balance| ((site.shop, balance.item), balance.clone())));
        memo.keep(Known(known));
    }
    Ok(balances)
}

/// Changes balances by a promise: refused as soon as one of them would not cover it, unless the item's policy allows.
async fn promised(
    tx: &mut Tx,
    site: &Site,
    draft: &Draft,
    legs: &BTreeMap<ItemId, Leg>,
) -> Result<Result<BTreeMap<ItemId, Balance>, Refusal>> {
    let mut balances = BTreeMap::new();
    for leg in legs.values() {
        let line = draft.lines.iter().find(|line| line.item.id == leg.item);
        let item = &line.expect("each leg comes from a line").item;
        if item.promise_policy != "forbid" {
            balances.extend(change(tx, site, &BTreeMap::from([(leg.item, Leg { ..*leg })])).await?);
            continue;
        }
        forget(tx);
        let row: Option<Balance> = fetch_optional!(
            tx,
            "update inventory_balance set on_hand = on_hand + $1, version = version + $2
             where location = $3 and item = $4 and lot = $5 and condition = $6 and on_hand - reserved + $1 >= 0
             returning item, on_hand, reserved, version, reserved_version",
            leg.delta,
            leg.movements,
            site.shop,
            leg.item,
            NO_LOT,
            SELLABLE
        )?;
        match row {
            Some(row) => balances.insert(leg.item, row),
            None => return Ok(Err(out_of_stock(tx, site, leg.item, &item.sku).await?)),
        };
    }
    Ok(Ok(balances))
}

async fn out_of_stock(tx: &mut Tx, site: &Site, item: ItemId, sku: &str) -> Result<Refusal> {
    let row: Option<(Quantity,)> = fetch_optional!(
        tx,
        "select on_hand - reserved from inventory_balance
         where location = $1 and item = $2 and lot = $3 and condition = $4",
        site.shop,
        item,
        NO_LOT,
        SELLABLE
    )?;
    Ok(Refusal::OutOfStock { sku: sku.to_owned(), available: row.map(|(available,)| available).unwrap_or_default() })
}

/// Puts into words what the draft does, line by line.
fn tell(
    site: &Site,
    draft: &Draft,
    legs: &BTreeMap<ItemId, Leg>,
    balances: &BTreeMap<ItemId, Balance>,
    recorded_at: Time,
) -> Result<Posted> {
    // Where each balance stood before the draft; it is walked forward line by line.
    let mut running: BTreeMap<ItemId, (i64, i64)> = BTreeMap::new();
    for (item, balance) in balances {
        let leg = &legs[item];
        running.insert(*item, (balance.on_hand.parts() - leg.delta, balance.version - leg.movements));
    }
    let mut total = Money::ZERO;
    let (mut lines, mut movements) = (Vec::new(), Vec::new());
    for (at, line) in (1_i64..).zip(&draft.lines) {
        let after = running.get_mut(&line.item.id).map(|(on_hand, version)| {
            let size = line.quantity.abs().parts();
            *on_hand += if line.to == site.shop { size } else { -size };
            *version += 1;
            (Quantity::from_parts(*on_hand), *version)
        });
        let value =
            line.unit_price.map(|price| price.checked_times(line.quantity).ok_or_else(|| too_much(&line.item.sku)));
        total = total.checked_add(value.transpose()?.unwrap_or_default()).ok_or_else(|| too_much(&line.item.sku))?;
        movements.push(Moved {
            line: at,
            item: line.item.id,
            stocked: line.item.stocked(),
            from: line.from,
            to: line.to,
            quantity: line.quantity.abs(),
            unit_price: line.unit_price,
            reason: line.reason.clone(),
            version: after.map(|(_, version)| version),
        });
        lines.push(ReceiptLine {
            sku: line.item.sku.clone(),
            name: line.item.name.clone(),
            quantity: line.quantity,
            unit_price: line.unit_price,
            on_hand: after.map(|(on_hand, _)| on_hand),
            version: after.map(|(_, version)| version),
        });
    }
    if total.parts().abs() > Money::PRICE_MAX.parts() {
        let message = format!("the document's total may be {} at most; split it", Money::PRICE_MAX);
        return Err(Flaw::new("lines", "total", message).into());
    }
    let occurred_at = draft.occurred_at.unwrap_or(recorded_at);
    let receipt = Receipt {
        id: draft.id,
        kind: draft.kind,
        store: site.store.code.clone(),
        number: draft.number.clone(),
        currency: site.store.currency.clone(),
        occurred_at,
        recorded_at,
        reverses: draft.reverses,
        total,
        lines,
        seq: None,
    };
    let changes = changes(site, draft, balances)?;
    Ok(Posted {
        receipt,
        store: site.store.id,
        local: site.local(occurred_at),
        channel: draft.channel,
        reason: draft.reason.clone(),
        effect: draft.effect,
        movements,
        exceptions: Vec::new(),
        closed: Vec::new(),
        steps: Vec::new(),
        reservations: Vec::new(),
        changes,
    })
}

fn changes(site: &Site, draft: &Draft, balances: &BTreeMap<ItemId, Balance>) -> Result<Vec<Change>> {
    let mut changes = Vec::with_capacity(balances.len());
    for (item, balance) in balances {
        let sku = sku(draft, *item);
        if balance.on_hand.abs() > Quantity::BALANCE_MAX {
            return Err(too_much(sku));
        }
        changes.push(Change {
            store: site.store.code.clone(),
            location: site.shop,
            location_code: SHOP.to_owned(),
            item: *item,
            sku: sku.to_owned(),
            on_hand: balance.on_hand,
            reserved: balance.reserved,
            version: balance.version,
            reserved_version: balance.reserved_version,
        });
    }
    Ok(changes)
}

/// Balances that went below zero with this draft, or below what is promised, or came back from there.
fn crossings(
    draft: &Draft,
    legs: &BTreeMap<ItemId, Leg>,
    balances: &BTreeMap<ItemId, Balance>,
    given_up: &BTreeMap<ItemId, i64>,
) -> Vec<Crossing> {
    let all = balances.iter().flat_map(|(item, balance)| {
        let line = draft.lines.iter().find(|line| line.item.id == *item);
        let row = &line.expect("each balance comes from a line").item;
        let (now, promised) = (balance.on_hand.parts(), balance.reserved.parts());
        let stood = now - legs[item].delta;
        let had = promised + given_up.get(item).copied().unwrap_or_default();
        let below_zero = Crossing::through_zero(row, stood, now);
        [below_zero, Crossing::through_promises(row, (stood, had), (now, promised))]
    });
    all.filter(Crossing::is_one).collect()
}

fn sku(draft: &Draft, item: ItemId) -> &str {
    let line = draft.lines.iter().find(|line| line.item.id == item);
    line.map(|line| line.item.sku.as_str()).unwrap_or_default()
}

/// The place where a movement touches stock, seen from the store's selling location: in, out, or not at all.
pub(crate) fn sign(shop: LocationId, from: LocationId, to: LocationId) -> i64 {
    i64::from(to == shop) - i64::from(from == shop)
}
