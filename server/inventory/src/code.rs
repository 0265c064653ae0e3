//! Codes: what is scanned leads to one item, in whatever form it is written.

use crate::item::ItemRow;
use crate::scale;
use auth::Act;
use db::{Tx, execute, fetch_optional, query_rows};
use model::barcode::{self, Fault, Rule, Says, Scan, Value};
use model::{Flaw, Item, ItemId, Money, Pack, Quantity, Refusal, Result};
use std::collections::HashMap;

/// What a plain code stands for.
const ONE: Quantity = Quantity::whole(1);

/// What a code means.
pub(crate) struct Meant {
    pub(crate) item: ItemRow,
    /// The name of the pack whose barcode it is.
    pub(crate) pack: Option<String>,
    /// How many are in one of what has that code.
    each: Quantity,
    much: Much,
}

/// How much of it a code says: of those that are in one of it, unless it is weighed.
#[derive(Clone, Copy, Default)]
struct Much {
    /// One, or what a label says (30); of a load what it holds (37), none when it does not say it.
    count: Option<u32>,
    /// In kilograms (310n).
    weight: Option<Quantity>,
    /// In the item's base unit, by a label of the store's own scales.
    measure: Option<Quantity>,
    /// What is to be paid for it in the store's currency (392n), also by such a label.
    worth: Option<Money>,
}

impl Much {
    const ONE: Self = Self { count: Some(1), weight: None, measure: None, worth: None };

    fn of(label: &barcode::Label) -> Self {
        if label.gtin.is_none() {
            return Self { count: label.contained_count, ..Self::default() };
        }
        let worth = label.amount.filter(|amount| amount.currency.is_none()).map(|payable| payable.amount);
        Self { count: label.count.or(Some(1)), weight: label.weight, measure: None, worth }
    }

    /// How much of an item that is sold by weight; `None` for any other, and where the label does not say it.
    fn weighed(self, item: &ItemRow) -> Option<Quantity> {
        let kilos = match item.unit.as_str() {
            "kg" => 1,
            "g" => 1_000,
            _ => return None,
        };
        if let Some(weight) = self.weight {
            return weight.checked_times(kilos);
        }
        // So much of it costs that: the price is for one of the unit.
        let (worth, price) = (self.worth?, item.price.filter(|price| *price > Money::ZERO)?);
        let (worth, price) = (i128::from(worth.parts()), i128::from(price.parts()));
        let parts = (worth * i128::from(Quantity::ONE) + price / 2) / price;
        i64::try_from(parts).ok().map(Quantity::from_parts)
    }
}

impl Meant {
    /// How many of the item it stands for.
    ///
    /// # Errors
    /// `Invalid` when the label of a load does not say it, or says more than one line can hold.
    pub(crate) fn amount(&self) -> Result<Quantity> {
        let measured = self.much.measure.or_else(|| self.much.weighed(&self.item));
        let amount = match (measured, self.much.count.filter(|count| *count > 0)) {
            (Some(measured), _) => Some(measured),
            (None, Some(count)) => self.each.checked_times(count),
            (None, None) => {
                let message = "the label does not say how many it holds (37); scan one of them and type the number";
                return Err(Flaw::new("code", "no_number", message).into());
            }
        };
        amount.filter(|amount| *amount > Quantity::ZERO && *amount <= Quantity::LINE_MAX).ok_or_else(|| {
            let message = "the label says nothing, or more than one line can hold; type the number";
            Flaw::new("code", "too_many", message).into()
        })
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    #[sqlx(flatten)]
    item: ItemRow,
    pack: Option<String>,
    each: Quantity,
}

impl Row {
    fn times(self, much: Much) -> Meant {
        Meant { item: self.item, pack: self.pack, each: self.each, much }
    }
}

/// The item with exactly that SKU, or else that barcode; else the one whose number the code says. Archived or not.
pub(crate) async fn find(tx: &mut Tx, code: &str) -> Result<Option<ItemRow>> {
    Ok(meant(tx, code).await?.map(|meant| meant.item))
}

/// The same, with how many of it the code stands for.
pub(crate) async fn meant(tx: &mut Tx, code: &str) -> Result<Option<Meant>> {
    let exact: Option<Row> = fetch_optional!(
        tx,
        "select i.id, i.sku, i.name, i.unit, i.kind, i.price, i.promise_policy, i.web_policy, i.costing, i.tracking, i.archived_at,
                b.name as pack, coalesce(b.quantity, $2) as each
         from inventory_item i left join inventory_barcode b on b.code = $1 and b.item = i.id
         where i.id = coalesce((select id from inventory_item where sku = $1),
                               (select item from inventory_barcode where code = $1))",
        code,
        ONE
    )?;
    if let Some(row) = exact {
        return Ok(Some(row.times(Much::ONE)));
    }
    let (forms, much) = forms(code, &scale::rules(tx).await?);
    let forms: Vec<(i64, String)> = (0..).zip(forms).collect();
    let rows: Vec<Row> = query_rows!(
        tx,
        "with wanted (place, code, one) as (",
        &forms,
        |row, form| {
            row.push_bind(form.0).push_bind(&form.1).push_bind(ONE);
        },
        ") select i.id, i.sku, i.name, i.unit, i.kind, i.price, i.promise_policy, i.web_policy, i.costing, i.tracking, i.archived_at,
                  b.name as pack, coalesce(b.quantity, wanted.one) as each
         from wanted join inventory_item i
           on i.id = coalesce((select s.id from inventory_item s where s.sku = wanted.code),
                              (select b.item from inventory_barcode b where b.code = wanted.code))
         left join inventory_barcode b on b.code = wanted.code and b.item = i.id
         order by wanted.place limit 1"
    )?;
    Ok(rows.into_iter().next().map(|row| row.times(much)))
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

/// The serial number that a label says; any other text is one itself.
pub(crate) fn serial(text: &str) -> String {
    label(text).and_then(|label| label.serial).unwrap_or_else(|| text.trim().to_owned())
}

/// Without what the scales' own labels say: none of these has anything else than a number.
fn read(code: &str) -> std::result::Result<Scan, Fault> {
    read_by(code, &[])
}

fn read_by(code: &str, rules: &[Rule]) -> std::result::Result<Scan, Fault> {
    let year = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).year();
    barcode::read(code, u16::try_from(year).unwrap_or_default(), rules)
}

/// How else what this code says may be written in the catalogue, what it rather means first; and how much of it.
fn forms(code: &str, rules: &[Rule]) -> (Vec<String>, Much) {
    let Ok(scan) = read_by(code, rules) else { return (Vec::new(), Much::ONE) };
    let (numbers, much) = match scan.says {
        Says::Item { gtin, or } => ([Some(gtin), or], Much::ONE),
        Says::Measured(label) => {
            let much = match label.value {
                Value::Weight(measure) => Much { measure: Some(measure), ..Much::ONE },
                Value::Price(worth) => Much { worth: Some(worth), ..Much::ONE },
            };
            ([Some(label.base), None], much)
        }
        // A load is told by what is in it (02) and how many (37).
        Says::Label(label) => ([label.gtin.or(label.contained), None], Much::of(&label)),
        // What a scanner puts in front says only what kind of bars they are.
        Says::Code(bare) if bare != code => return (vec![bare], Much::ONE),
        Says::Code(_) => ([None, None], Much::ONE),
    };
    (numbers.into_iter().flatten().flat_map(model::Gtin::forms).filter(|form| form != code).collect(), much)
}

/// What a code that nobody has is written as: without what a scanner puts in front, of a label the item's number alone.
pub(crate) fn plain(code: &str) -> String {
    let number = match read(code).map(|scan| scan.says) {
        Ok(Says::Label(_) | Says::Measured(_) | Says::Code(_)) => forms(code, &[]).0.into_iter().next(),
        _ => None,
    };
    number.unwrap_or_else(|| code.to_owned())
}

/// Whose a code is.
pub(crate) struct Owner {
    pub(crate) sku: String,
    /// It is a pack's.
    pub(crate) is_pack: bool,
    /// How many of the item it stands for.
    pub(crate) each: Quantity,
}

/// Whose these codes are, in whatever form; rather who has exactly that one.
pub(crate) async fn owners(tx: &mut Tx, codes: &[&str]) -> Result<HashMap<String, Owner>> {
    let wanted: Vec<(&str, String)> =
        codes.iter().flat_map(|code| barcode::twins(code).into_iter().map(move |twin| (*code, twin))).collect();
    let mut rows: Vec<(String, String, String, Option<String>, Quantity)> = query_rows!(
        tx,
        "with wanted (code, twin, one) as (",
        &wanted,
        |row, pair| {
            row.push_bind(pair.0).push_bind(&pair.1).push_bind(ONE);
        },
        ") select w.code, w.twin, i.sku, b.name, b.quantity
           from wanted w join inventory_barcode b on b.code = w.twin join inventory_item i on i.id = b.item
         union select w.code, w.twin, i.sku, null, w.one from wanted w join inventory_item i on i.sku = w.twin"
    )?;
    // The last one counts.
    rows.sort_by(|one, other| (one.0 == one.1, one).cmp(&(other.0 == other.1, other)));
    let owner = |(code, _, sku, pack, each): (String, String, String, Option<String>, Quantity)| {
        (code, Owner { sku, is_pack: pack.is_some(), each })
    };
    Ok(rows.into_iter().map(owner).collect())
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
    /// The pack whose barcode it is.
    pack: Option<&'a Pack>,
}

impl<'a> Given<'a> {
    fn barcodes(item: &'a Item) -> impl Iterator<Item = Given<'a>> {
        let barcodes = item.barcodes.iter().map(|code| Given { item: item.id, code, sku: false, pack: None });
        let pack = |pack: &'a Pack| Given { item: item.id, code: &pack.barcode, sku: false, pack: Some(pack) };
        barcodes.chain(item.packs.iter().map(pack))
    }
}

/// Gives new items their codes. A code means one item: no barcode is another item's barcode or SKU, and no SKU another
/// item's barcode, in whatever form.
pub(crate) async fn claim(act: &mut Act, items: &[Item]) -> Result<()> {
    let skus = items.iter().map(|item| Given { item: item.id, code: &item.sku, sku: true, pack: None });
    give(act, &items.iter().flat_map(Given::barcodes).chain(skus).collect::<Vec<_>>()).await
}

/// Takes from an item the codes that it has no more, and gives it those that are new; a pack that is called or counted
/// otherwise is a new one.
pub(crate) async fn change(act: &mut Act, before: &Item, after: &Item) -> Result<()> {
    let in_both = |item: &Item, given: &Given<'_>| match given.pack {
        Some(pack) => item.packs.contains(pack),
        None => item.barcodes.iter().any(|code| code == given.code),
    };
    for gone in Given::barcodes(before).filter(|given| !in_both(after, given)) {
        execute!(act, "delete from inventory_barcode where code = $1 and item = $2", gone.code, before.id)?;
    }
    give(act, &Given::barcodes(after).filter(|given| !in_both(before, given)).collect::<Vec<_>>()).await
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
    for Given { item, code, pack, .. } in barcodes() {
        let claimed = execute!(
            act,
            "insert into inventory_barcode (code, item, name, quantity) values ($1, $2, $3, $4)
             on conflict (code) do nothing",
            *code,
            *item,
            pack.map(|pack| pack.name.as_str()),
            pack.map_or(ONE, |pack| pack.quantity)
        )?;
        if claimed == 0 {
            return Err(taken(code));
        }
    }
    Ok(())
}
