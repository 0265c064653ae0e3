//! The lines of a transfer: checked, set while it is put together, and counted on as goods move.

use crate::item::{self, ItemRow};
use crate::{document, kit, lot};
use auth::Act;
use db::{execute, fetch_one, insert_rows, query_rows};
use model::{Amount, Error, Flaw, ItemId, PaperId, Quantity, Result};
use std::collections::{BTreeMap, HashMap, HashSet};

/// How many lines a transfer may have, and how many lots it may name.
const LINES_MAX: usize = 1_000;

/// Each item once, or each of its lots, and a quantity of it; none of it only where that takes a line out.
pub(crate) fn check_amounts(flaws: &mut Vec<Flaw>, lines: &[Amount], none: bool) {
    if lines.len() > LINES_MAX {
        flaws.push(Flaw::new("lines", "line_count", format!("send at most {LINES_MAX} lines")));
    }
    let (mut seen, mut sums) = (HashSet::new(), HashMap::new());
    for (at, line) in lines.iter().enumerate().take(LINES_MAX) {
        let zero = line.quantity == Quantity::ZERO && !none;
        let sum = sums.entry(line.sku.as_str()).or_insert(0_i64);
        *sum = sum.saturating_add(line.quantity.parts());
        if line.quantity.is_negative() || *sum > Quantity::LINE_MAX.parts() || zero {
            let message = format!("use a quantity above 0, at most {}", Quantity::LINE_MAX);
            flaws.push(Flaw::new(format!("lines[{at}].quantity"), "quantity", message));
        }
        let lot = line.lot.as_deref().map(str::trim);
        document::check_text(flaws, &format!("lines[{at}].lot"), lot, 64);
        if !seen.insert((line.sku.as_str(), lot)) {
            let message = format!("{} is there twice; add the two up", line.sku);
            flaws.push(Flaw::new(format!("lines[{at}].sku"), "twice", message));
        }
    }
    let serials = lines.iter().map(|line| (line.sku.as_str(), line.quantity, line.serials.as_slice()));
    flaws.extend(lot::serial_flaws(serials));
}

/// These items, which have to be stocked, and told apart by lot where one is named.
pub(crate) async fn stocked(act: &mut Act, lines: &[Amount]) -> Result<HashMap<String, ItemRow>> {
    let skus: Vec<&str> = lines.iter().map(|line| line.sku.as_str()).collect();
    let items = item::by_sku(act, &skus).await?;
    let mut flaws = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let found = items.get(&line.sku);
        if let Some(item) = found.filter(|item| item.stocked()) {
            flaws.extend(lot_flaw(at, item, line));
            continue;
        }
        let field = format!("lines[{at}].sku");
        flaws.push(found.and_then(|item| kit::refused(&field, item)).unwrap_or_else(|| {
            let message = format!("there is no item {:?} that is kept in stock", line.sku);
            Flaw::new(&field, "unknown_sku", message)
        }));
    }
    if flaws.is_empty() { Ok(items) } else { Err(Error::Invalid(flaws)) }
}

fn lot_flaw(at: usize, item: &ItemRow, line: &Amount) -> Option<Flaw> {
    if line.lot.is_none() || item.by_lot() {
        return None;
    }
    let message = match item.has_serials() {
        true => format!("{} has serial numbers; name them, and no lot", item.sku),
        false => format!("{} is not told apart by lot; name none", item.sku),
    };
    Some(Flaw::new(format!("lines[{at}].lot"), "no_lots", message))
}

/// Sets how many of these are to be sent, and of which lots; none takes the line out.
pub(crate) async fn set_lines(act: &mut Act, paper: PaperId, lines: &[Amount]) -> Result<()> {
    let items = stocked(act, lines).await?;
    let mut sums: BTreeMap<ItemId, i64> = BTreeMap::new();
    for line in lines {
        *sums.entry(items[&line.sku].id).or_default() += line.quantity.parts();
    }
    let (out, set): (Vec<_>, Vec<_>) = sums.into_iter().partition(|(_, size)| *size == 0);
    for (item, _) in out {
        execute!(act, "delete from inventory_transfer_line where paper = $1 and item = $2", paper, item)?;
    }
    insert_rows!(
        act,
        "insert into inventory_transfer_line (paper, item, asked, shipped, received, returned, lost) ",
        &set,
        |row, line| {
            row.push_bind(paper).push_bind(line.0).push_bind(line.1);
            row.push_bind(0_i64).push_bind(0_i64).push_bind(0_i64).push_bind(0_i64);
        },
        " on conflict (paper, item) do update set asked = excluded.asked"
    )?;
    set_serials(act, paper, lines, &items).await?;
    set_lots(act, paper, lines, &items).await?;
    let (count, lots): (i64, i64) = fetch_one!(
        act,
        "select (select count(*) from inventory_transfer_line where paper = $1),
                (select count(*) from inventory_transfer_lot where paper = $1)",
        paper
    )?;
    if usize::try_from(count.max(lots)).is_ok_and(|count| count > LINES_MAX) {
        let message = format!("send at most {LINES_MAX} items and {LINES_MAX} lots at once");
        return Err(Flaw::new("lines", "line_count", message).into());
    }
    Ok(())
}

/// Sets which pieces of these are to be sent.
async fn set_serials(act: &mut Act, paper: PaperId, lines: &[Amount], items: &HashMap<String, ItemRow>) -> Result<()> {
    for line in lines.iter().filter(|line| items[&line.sku].has_serials()) {
        let item = items[&line.sku].id;
        execute!(act, "delete from inventory_transfer_serial where paper = $1 and item = $2", paper, item)?;
    }
    let serials: Vec<(ItemId, &str)> = lines
        .iter()
        .filter(|line| items[&line.sku].has_serials())
        .flat_map(|line| line.serials.iter().map(|code| (items[&line.sku].id, code.trim())))
        .collect();
    insert_rows!(
        act,
        "insert into inventory_transfer_serial (paper, item, code) ",
        &serials,
        |row, serial| {
            row.push_bind(paper).push_bind(serial.0).push_bind(serial.1);
        },
        ""
    )?;
    Ok(())
}

/// Sets which lots of these are to be sent. Errors: `Invalid` for one that nobody has seen.
async fn set_lots(act: &mut Act, paper: PaperId, lines: &[Amount], items: &HashMap<String, ItemRow>) -> Result<()> {
    for line in lines.iter().filter(|line| items[&line.sku].by_lot()) {
        let item = items[&line.sku].id;
        execute!(act, "delete from inventory_transfer_lot where paper = $1 and item = $2", paper, item)?;
    }
    let lot = |(at, line): (usize, &Amount)| {
        let code = line.lot.as_ref()?.trim().to_owned();
        Some((at, items[&line.sku].id, code, line.quantity))
    };
    let mut named: Vec<(usize, ItemId, String, Quantity)> = lines.iter().enumerate().filter_map(lot).collect();
    let rows: Vec<(ItemId, String)> = query_rows!(
        act,
        "with wanted (item, code) as (",
        &named,
        |row, one| {
            row.push_bind(one.1).push_bind(&one.2);
        },
        ") select l.item, l.code from wanted w join inventory_lot l on l.item = w.item and l.code = w.code"
    )?;
    let known: HashSet<(ItemId, String)> = rows.into_iter().collect();
    let strange = named.iter().filter(|one| !known.contains(&(one.1, one.2.clone())));
    let flaws = strange.map(|(at, _, code, _)| {
        let message = format!("nobody has seen a lot {code} of {}; look at the goods again", lines[*at].sku);
        Flaw::new(format!("lines[{at}].lot"), "unknown_lot", message)
    });
    let flaws: Vec<Flaw> = flaws.collect();
    if !flaws.is_empty() {
        return Err(Error::Invalid(flaws));
    }
    named.retain(|one| one.3 > Quantity::ZERO);
    insert_rows!(
        act,
        "insert into inventory_transfer_lot (paper, item, code, quantity) ",
        &named,
        |row, one| {
            row.push_bind(paper).push_bind(one.1).push_bind(&one.2).push_bind(one.3);
        },
        ""
    )?;
    Ok(())
}

/// Adds to what is known of lines: shipped, received, returned and lost, in this order.
pub(crate) async fn add_to_lines(act: &mut Act, paper: PaperId, more: &[(ItemId, [i64; 4])]) -> Result<()> {
    let rows: Vec<(ItemId,)> = query_rows!(
        act,
        "with more (paper, item, shipped, received, returned, lost) as (",
        more,
        |row, more| {
            row.push_bind(paper).push_bind(more.0).push_bind(more.1[0]).push_bind(more.1[1]);
            row.push_bind(more.1[2]).push_bind(more.1[3]);
        },
        ") update inventory_transfer_line
         set shipped = inventory_transfer_line.shipped + more.shipped,
             received = inventory_transfer_line.received + more.received,
             returned = inventory_transfer_line.returned + more.returned,
             lost = inventory_transfer_line.lost + more.lost
         from more
         where inventory_transfer_line.paper = more.paper and inventory_transfer_line.item = more.item
         returning inventory_transfer_line.item"
    )?;
    if rows.len() == more.len() { Ok(()) } else { Err(Error::NotFound) }
}
