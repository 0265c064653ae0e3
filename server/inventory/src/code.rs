//! Codes: what is scanned leads to one item, in whatever form it is written.

use crate::item::ItemRow;
use auth::Act;
use db::{Tx, execute, fetch_optional, query_rows};
use model::barcode::{self, Fault, Says, Scan};
use model::{Item, ItemId, Refusal, Result};
use std::collections::HashMap;

/// The item with exactly that SKU, or else that barcode; else the one whose number the code says. Archived or not.
pub(crate) async fn find(tx: &mut Tx, code: &str) -> Result<Option<ItemRow>> {
    let exact: Option<ItemRow> = fetch_optional!(
        tx,
        "select id, sku, name, unit, kind, price, promise_policy, costing, tracking, archived_at from inventory_item
         where id = coalesce((select id from inventory_item where sku = $1),
                             (select item from inventory_barcode where code = $1))",
        code
    )?;
    if exact.is_some() {
        return Ok(exact);
    }
    let forms: Vec<(i64, String)> = (0..).zip(forms(code)).collect();
    let rows: Vec<ItemRow> = query_rows!(
        tx,
        "with wanted (place, code) as (",
        &forms,
        |row, form| {
            row.push_bind(form.0).push_bind(&form.1);
        },
        ") select i.id, i.sku, i.name, i.unit, i.kind, i.price, i.promise_policy, i.costing, i.tracking, i.archived_at
         from wanted join inventory_item i
           on i.id = coalesce((select s.id from inventory_item s where s.sku = wanted.code),
                              (select b.item from inventory_barcode b where b.code = wanted.code))
         order by wanted.place limit 1"
    )?;
    Ok(rows.into_iter().next())
}

/// What is wrong with a code that nobody has.
#[must_use]
pub fn fault(code: &str) -> Option<Fault> {
    read(code).err()
}

/// What a GS1 label says, for a code that is one.
pub(crate) fn label(code: &str) -> Option<barcode::Label> {
    if let Says::Label(label) = read(code).ok()?.says { Some(*label) } else { None }
}

/// No store has rules for labels of its own scales yet.
fn read(code: &str) -> std::result::Result<Scan, Fault> {
    let year = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).year();
    barcode::read(code, u16::try_from(year).unwrap_or_default(), &[])
}

/// How else what this code says may be written in the catalogue, what it rather means first.
fn forms(code: &str) -> Vec<String> {
    let Ok(scan) = read(code) else { return Vec::new() };
    let numbers = match scan.says {
        Says::Item { gtin, or } => [Some(gtin), or],
        Says::Measured(label) => [Some(label.base), None],
        Says::Label(label) => [label.gtin, None],
        // What a scanner puts in front says only what kind of bars they are.
        Says::Code(bare) if bare != code => return vec![bare],
        Says::Code(_) => [None, None],
    };
    numbers.into_iter().flatten().flat_map(model::Gtin::forms).filter(|form| form != code).collect()
}

/// What a code that nobody has is written as: without what a scanner puts in front, of a label the item's number alone.
pub(crate) fn plain(code: &str) -> String {
    let number = match read(code).map(|scan| scan.says) {
        Ok(Says::Label(_) | Says::Measured(_) | Says::Code(_)) => forms(code).into_iter().next(),
        _ => None,
    };
    number.unwrap_or_else(|| code.to_owned())
}

/// Whose these codes are, in whatever form: code to SKU; rather who has exactly that one.
pub(crate) async fn owners(tx: &mut Tx, codes: &[&str]) -> Result<HashMap<String, String>> {
    let wanted: Vec<(&str, String)> =
        codes.iter().flat_map(|code| barcode::twins(code).into_iter().map(move |twin| (*code, twin))).collect();
    let mut rows: Vec<(String, String, String)> = query_rows!(
        tx,
        "with wanted (code, twin) as (",
        &wanted,
        |row, pair| {
            row.push_bind(pair.0).push_bind(&pair.1);
        },
        ") select w.code, w.twin, i.sku from wanted w join inventory_barcode b on b.code = w.twin join inventory_item i on i.id = b.item
         union select w.code, w.twin, i.sku from wanted w join inventory_item i on i.sku = w.twin"
    )?;
    // The last one counts.
    rows.sort_by(|one, other| (one.0 == one.1, one).cmp(&(other.0 == other.1, other)));
    Ok(rows.into_iter().map(|(code, _, sku)| (code, sku)).collect())
}

/// Codes are given to items one act at a time: two acts at once would not see each other's other form of a number. To be
/// asked before the act writes anything, so that nobody waits here who is waited for.
pub(crate) async fn one_at_a_time(act: &mut Act) -> Result<()> {
    Ok(act.alone("inventory_barcode").await?)
}

/// A code that is given to an item.
struct Given<'a> {
    item: ItemId,
    code: &'a str,
    /// It is the item's SKU, which is a text and not a number: another item may have a twin of it as its own SKU.
    sku: bool,
}

/// Gives new items their codes. A code means one item: no barcode is another item's barcode or SKU, and no SKU another
/// item's barcode, in whatever form.
pub(crate) async fn claim(act: &mut Act, items: &[Item]) -> Result<()> {
    let skus = items.iter().map(|item| Given { item: item.id, code: &item.sku, sku: true });
    let barcodes =
        items.iter().flat_map(|item| item.barcodes.iter().map(move |code| Given { item: item.id, code, sku: false }));
    give(act, &barcodes.chain(skus).collect::<Vec<_>>()).await
}

/// Gives an item these barcodes too.
pub(crate) async fn claim_added(act: &mut Act, item: ItemId, codes: impl Iterator<Item = &String>) -> Result<()> {
    give(act, &codes.map(|code| Given { item, code, sku: false }).collect::<Vec<_>>()).await
}

async fn give(act: &mut Act, given: &[Given<'_>]) -> Result<()> {
    let taken = |barcode: &str| Refusal::BarcodeTaken { barcode: barcode.to_owned() }.into();
    let mut twins: HashMap<String, ItemId> = HashMap::new();
    let barcodes = || given.iter().filter(|given| !given.sku);
    for Given { item, code, .. } in barcodes() {
        if twins.get(*code).is_some_and(|other| other != item) {
            return Err(taken(code));
        }
        twins.extend(barcode::twins(code).into_iter().map(|twin| (twin, *item)));
    }
    let wanted: Vec<(&Given<'_>, String)> =
        given.iter().flat_map(|given| barcode::twins(given.code).into_iter().map(move |twin| (given, twin))).collect();
    let clashes: Vec<(String,)> = query_rows!(
        act,
        "with added (item, code, twin, sku) as (",
        &wanted,
        |row, pair| {
            row.push_bind(pair.0.item).push_bind(pair.0.code).push_bind(&pair.1).push_bind(i64::from(pair.0.sku));
        },
        ") select added.code from added
         where (added.sku = 0 and exists (select 1 from inventory_item i where i.sku = added.twin and i.id <> added.item))
            or exists (select 1 from inventory_barcode b where b.code = added.twin and b.item <> added.item)"
    )?;
    if let Some((code,)) = clashes.first() {
        return Err(taken(code));
    }
    for Given { item, code, .. } in barcodes() {
        let claimed = execute!(
            act,
            "insert into inventory_barcode (code, item) values ($1, $2) on conflict (code) do nothing",
            *code,
            *item
        )?;
        if claimed == 0 {
            return Err(taken(code));
        }
    }
    Ok(())
}
