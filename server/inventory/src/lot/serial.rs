//! Serial numbers: each is a lot of exactly one piece, which is in one place or in none.
//!
//! A sale is a fact, and so is a count: where the numbers do not fit what they say, they stay as they are, and an exception
//! tells it until a later posting sets it right. Every other document names what it moves, and is refused when that is
//! somewhere else.

use super::book::shelves;
use super::shelf::Shelf;
use crate::balance::{Balances, Key, Legs, NO_LOT};
use crate::document::{DocumentLine, Draft, check_text};
use crate::exception::Crossing;
use crate::item::ItemRow;
use auth::Act;
use db::{Tx, execute, fetch_all, query_rows};
use model::{DocumentKind, Error, Flaw, ItemId, LotId, Product, Quantity, Result, Tracking};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// What a posting changes of each lot at each place, and until when the lot is good.
pub(super) type Deltas = BTreeMap<Key, (i64, String)>;

/// How many serial numbers one document may name.
const SERIALS_MAX: usize = 1_000;

/// What is wrong with the serial numbers of a document's lines, before anything is looked up: each with its item, how many
/// pieces it is of, and the numbers.
pub(crate) fn flaws<'a>(lines: impl Iterator<Item = (&'a str, Quantity, &'a [String])>) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    let mut seen = HashSet::new();
    for (at, (item, quantity, codes)) in lines.enumerate() {
        let field = format!("lines[{at}].serials");
        if sum(codes.len()) > quantity.abs().parts() || seen.len() + codes.len() > SERIALS_MAX {
            let message =
                format!("name one serial number for each piece, {SERIALS_MAX} at most; these are {}", codes.len());
            flaws.push(Flaw::new(field, "serial_count", message));
            continue;
        }
        for code in codes {
            check_text(&mut flaws, &field, Some(code), 64);
            if !seen.insert((item, code.trim())) {
                flaws.push(Flaw::new(
                    &field,
                    "serial_twice",
                    format!("{code} is there twice; each number is one piece"),
                ));
            }
        }
    }
    flaws
}

/// A delivery says the number of each piece. A till may have read one from a label of what has none: that is no matter.
pub(crate) fn flaw(kind: DocumentKind, item: &ItemRow, at: usize, line: &DocumentLine) -> Option<Flaw> {
    let says = matches!(kind, DocumentKind::Receipt | DocumentKind::Adjustment);
    if !item.has_serials() {
        let message = || format!("{} has no serial numbers; set its tracking to serial first, or name none", item.sku);
        let wrong = says && !line.serials.is_empty();
        return wrong.then(|| Flaw::new(format!("lines[{at}].serials"), "no_serials", message()));
    }
    if kind == DocumentKind::Receipt && line.lot.is_some() {
        let message = format!("{} has serial numbers; name them, and no lot", item.sku);
        return Some(Flaw::new(format!("lines[{at}].lot"), "no_lots", message));
    }
    let all = sum(line.serials.len()) == line.quantity.parts();
    (kind == DocumentKind::Receipt && !all).then(|| {
        let message =
            format!("{} has serial numbers: name one for each piece; {} are named", item.sku, line.serials.len());
        Flaw::new(format!("lines[{at}].serials"), "missing_serial", message)
    })
}

fn sum(count: usize) -> i64 {
    i64::try_from(count).map_or(i64::MAX, |count| count.saturating_mul(Quantity::ONE))
}

/// It is not said which of several pieces it is about.
pub(super) fn missing(item: &ItemRow) -> Error {
    let message = format!("{} has serial numbers: say which pieces these are", item.sku);
    Flaw::new("serials", "missing_serial", message).into()
}

/// That number did not leave with this document.
pub(super) fn not_sent(item: &ItemRow, code: &str) -> Error {
    let message = format!("{code} of {} was not sent with this; look at the number again", item.sku);
    Flaw::new("serials", "serial_not_sent", message).into()
}

/// Where a serial number is.
struct Whereabouts {
    lot: LotId,
    code: String,
    sku: String,
    /// The balance; none for what is on its way.
    key: Option<Key>,
    size: i64,
    words: String,
}

/// Do the numbers fit what a draft does? Nobody else changes its balances until the act ends, and `deltas` are not written
/// yet. Answers with the places where they begin, or cease, not to fit. Errors: `Invalid` where the draft is no fact.
pub(super) async fn judge(
    act: &mut Act,
    draft: &Draft,
    balances: &Balances,
    legs: &Legs,
    deltas: &Deltas,
) -> Result<Vec<Crossing>> {
    let lines = draft.lines.iter().filter(|line| line.item.has_serials());
    let items: BTreeMap<ItemId, &ItemRow> = lines.map(|line| (line.item.id, &line.item)).collect();
    if items.is_empty() {
        return Ok(Vec::new());
    }
    let deltas: Vec<(Key, i64)> = deltas
        .iter()
        .filter(|(key, _)| items.contains_key(&key.item))
        .map(|(key, (delta, _))| (*key, *delta))
        .collect();
    let keys: Vec<Key> = legs.keys().filter(|key| items.contains_key(&key.item)).copied().collect();
    let mut shelves = shelves(act, &keys, "").await?;
    let mut crossings = Vec::new();
    for key in &keys {
        let (Some(balance), item) = (balances.get(key), items[&key.item]) else { continue };
        let mut before = shelves.remove(key).unwrap_or_default();
        let (on_hand, change) = (balance.on_hand.parts(), legs[key].delta);
        before.loose = on_hand - change - before.batches.iter().map(|batch| batch.left).sum::<i64>();
        let here: HashMap<LotId, i64> = deltas
            .iter()
            .filter(|(of, _)| Key { lot: NO_LOT, ..*of } == *key)
            .map(|(of, delta)| (of.lot, *delta))
            .collect();
        let after = after(&before, &here, change);
        let asked = draft.lines.iter().any(|line| line.item.id == key.item && line.lot.is_some());
        if asked && draft.kind != DocumentKind::Sale && draft.reverses.is_none() {
            if let Some(lot) = here.iter().find(|(lot, delta)| **delta < 0 && after.owes(**lot)).map(|(lot, _)| *lot) {
                return Err(not_here(act, item, lot).await?);
            }
            let fewer = after.is_doubtful() && after.loose < before.loose;
            let nameless = matches!(draft.kind, DocumentKind::Return | DocumentKind::Adjustment);
            if fewer || nameless && after.loose > before.loose.max(0) {
                return Err(missing(item));
            }
        }
        crossings.push(Crossing::of_serials(key.location, item, before.contradicts(), after.contradicts()));
    }
    in_one_place(act, draft, &deltas).await?;
    crossings.retain(Crossing::is_one);
    Ok(crossings)
}

fn after(before: &Shelf, deltas: &HashMap<LotId, i64>, change: i64) -> Shelf {
    let mut after = before.clone();
    for (lot, delta) in deltas {
        after.turn(*lot, *delta);
    }
    after.loose += change - deltas.values().sum::<i64>();
    after
}

/// What arrives is nowhere else. Acts that bring pieces of an item wait here for each other: two of them at once, in two
/// stores, would not see that they bring the same one.
async fn in_one_place(act: &mut Act, draft: &Draft, deltas: &[(Key, i64)]) -> Result<()> {
    let coming: BTreeSet<LotId> = deltas.iter().filter(|(_, delta)| *delta > 0).map(|(key, _)| key.lot).collect();
    if coming.is_empty() {
        return Ok(());
    }
    let items: BTreeSet<ItemId> = deltas.iter().map(|(key, _)| key.item).collect();
    for item in items {
        execute!(act, "update inventory_item set version = version where id = $1", item)?;
    }
    let coming: Vec<LotId> = coming.into_iter().collect();
    let mut found = whereabouts(act, &coming).await?;
    // What arrives with a transfer is what was on the way.
    if draft.kind != DocumentKind::Transfer {
        found.extend(on_the_way(act, &coming).await?);
    }
    let delta = |key: Option<Key>| deltas.iter().find(|(of, _)| Some(*of) == key).map_or(0, |(_, delta)| *delta);
    let mut there: HashMap<LotId, i64> = HashMap::new();
    for one in &found {
        *there.entry(one.lot).or_default() += (one.size + delta(one.key)).max(0);
    }
    for (key, delta) in deltas.iter().filter(|(key, _)| !found.iter().any(|one| one.key == Some(*key))) {
        *there.entry(key.lot).or_default() += (*delta).max(0);
    }
    match found.into_iter().find(|one| one.size > 0 && there[&one.lot] > Quantity::ONE) {
        None => Ok(()),
        Some(Whereabouts { code, sku, words, .. }) => {
            let message = format!("{code} of {sku} is {words} already; look at the number again");
            Err(Flaw::new("serials", "serial_here", message).into())
        }
    }
}

async fn not_here(act: &mut Act, item: &ItemRow, lot: LotId) -> Result<Error> {
    let mut found = whereabouts(act, &[lot]).await?;
    found.extend(on_the_way(act, &[lot]).await?);
    let (code,): (String,) = db::fetch_one!(act, "select code from inventory_lot where id = $1", lot)?;
    let place = found.into_iter().find(|one| one.size > 0);
    let place = place.map_or_else(|| "nobody has it".to_owned(), |one| format!("it is {}", one.words));
    let message = format!("{code} of {} is not here, {place}; look at the number again", item.sku);
    Ok(Flaw::new("serials", "serial_not_here", message).into())
}

async fn whereabouts(tx: &mut Tx, lots: &[LotId]) -> Result<Vec<Whereabouts>> {
    #[derive(sqlx::FromRow)]
    struct Row {
        #[sqlx(flatten)]
        key: Key,
        size: i64,
        code: String,
        sku: String,
        store: String,
        place: String,
    }
    let rows: Vec<Row> = query_rows!(
        tx,
        "with wanted (lot) as (",
        lots,
        |row, lot| {
            row.push_bind(*lot);
        },
        ") select b.location, b.item, b.lot, b.condition, b.on_hand as size, l.code, i.sku, s.name as store, p.name as place
         from wanted join inventory_lot_balance b on b.lot = wanted.lot and b.on_hand <> 0
         join inventory_lot l on l.id = b.lot join inventory_item i on i.id = b.item
         join inventory_store s on s.id = b.store join inventory_location p on p.id = b.location"
    )?;
    let told = |Row { key, size, code, sku, store, place }: Row| {
        let words = format!("in {store} ({place})");
        Whereabouts { lot: key.lot, code, sku, key: Some(key), size, words }
    };
    Ok(rows.into_iter().map(told).collect())
}

/// Those of these that left one place and did not come to another.
async fn on_the_way(tx: &mut Tx, lots: &[LotId]) -> Result<Vec<Whereabouts>> {
    let rows: Vec<(LotId, String, String, i64)> = query_rows!(
        tx,
        "with wanted (lot) as (",
        lots,
        |row, lot| {
            row.push_bind(*lot);
        },
        ") select l.id, l.code, i.sku,
                  cast(sum(case when m.to_location = p.id then t.quantity else -t.quantity end) as bigint)
         from wanted join inventory_lot_movement t on t.lot = wanted.lot
         join inventory_movement m on m.posting = t.posting and m.line = t.line
         join inventory_location p on p.kind = 'transit' and (p.id = m.to_location or p.id = m.from_location)
         join inventory_lot l on l.id = t.lot join inventory_item i on i.id = l.item
         group by l.id, l.code, i.sku"
    )?;
    let told = |(lot, code, sku, size)| {
        let words = "on its way between two places".to_owned();
        Whereabouts { lot, code, sku, key: None, size, words }
    };
    Ok(rows.into_iter().filter(|row: &(LotId, String, String, i64)| row.3 > 0).map(told).collect())
}

/// May an item's goods be told apart one by one from now on? Not while one of its lots is of several pieces.
pub(crate) async fn may_begin(act: &mut Act, known: &Product, new: &Product) -> Result<()> {
    let (item, serial) = (new.item.id, Tracking::Serial);
    if new.item.tracking != serial || known.item.tracking == serial {
        return Ok(());
    }
    execute!(act, "update inventory_item set version = version where id = $1", item)?;
    let lots: Vec<(LotId,)> = fetch_all!(act, "select id from inventory_lot where item = $1", item)?;
    let lots: Vec<LotId> = lots.into_iter().map(|(id,)| id).collect();
    let mut found = whereabouts(act, &lots).await?;
    found.extend(on_the_way(act, &lots).await?);
    let mut there: HashMap<LotId, i64> = HashMap::new();
    for one in &found {
        *there.entry(one.lot).or_default() += one.size.max(0);
    }
    match found.into_iter().find(|one| !matches!(there[&one.lot], 0 | Quantity::ONE)) {
        None => Ok(()),
        Some(Whereabouts { code, size, words, .. }) => {
            let size = Quantity::from_parts(size);
            let message = format!(
                "lot {code} is of {size} pieces {words}: a serial number is of one; sell or correct them first"
            );
            Err(Flaw::new("tracking", "lots_left", message).into())
        }
    }
}

/// The serial numbers that are in more than one place, or of more than one piece.
pub(super) async fn doubled(tx: &mut Tx) -> Result<Vec<String>> {
    let rows: Vec<(String, String, i64)> = fetch_all!(
        tx,
        "select l.code, i.sku, b.on_hand
         from inventory_item i
         join inventory_lot l on l.item = i.id
         join inventory_lot_balance b on b.lot = l.id and b.on_hand > 0
         where i.tracking = 'serial' order by i.sku, l.code"
    )?;
    let mut there: BTreeMap<(String, String), i64> = BTreeMap::new();
    for (code, sku, size) in rows {
        *there.entry((sku, code)).or_default() += size;
    }
    let many = there.into_iter().filter(|(_, size)| *size != Quantity::ONE);
    Ok(many
        .map(|((sku, code), size)| format!("{code} of {sku} is there {} times", Quantity::from_parts(size)))
        .collect())
}
