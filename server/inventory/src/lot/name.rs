//! The lots that a document names: checked, found or written down.

use crate::document::{DocumentLine, check_text};
use crate::item::ItemRow;
use auth::Act;
use db::{Tx, execute, insert_rows, query_rows};
use model::barcode::Date;
use model::{DocumentKind, Error, Flaw, ItemId, LineLot, LotId, Result};
use std::collections::BTreeMap;

/// A lot as a document names it; or the serial numbers of a line, each of which is a lot of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) codes: Vec<String>,
    pub(crate) expires_on: Option<Date>,
}

impl Named {
    /// That lot, or the serial number of the only piece.
    pub(crate) fn one(code: &str, expires_on: Option<Date>) -> Self {
        Self { codes: vec![code.trim().to_owned()], expires_on }
    }

    /// These serial numbers.
    pub(crate) fn serials(codes: &[String]) -> Self {
        Self { codes: codes.iter().map(|code| code.trim().to_owned()).collect(), expires_on: None }
    }
}

/// A lot that is written down.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) id: LotId,
    pub(super) expires_on: Option<Date>,
    pub(super) status: String,
}

/// Gives each line the lot that the document names for it.
pub(crate) fn name(lines: &mut [DocumentLine], lots: Vec<LineLot>) -> Result<()> {
    let mut flaws = Vec::new();
    if lots.len() > lines.len() {
        flaws.push(Flaw::new("lots", "line_count", "name one lot for each line at most"));
    }
    let most = lines.len();
    for (nth, lot) in lots.into_iter().enumerate().take(most) {
        check_text(&mut flaws, &format!("lots[{nth}].lot"), Some(&lot.lot), 64);
        let at = usize::try_from(lot.line).unwrap_or_default().wrapping_sub(1);
        match lines.get_mut(at) {
            Some(line) if line.lot.is_none() => {
                line.lot = Some(Named::one(&lot.lot, lot.expires_on));
            }
            Some(_) => flaws.push(Flaw::new(format!("lots[{nth}].line"), "line_twice", "name each line once")),
            None => {
                let message = "the delivery has no such line; lines count from 1";
                flaws.push(Flaw::new(format!("lots[{nth}].line"), "unknown_line", message));
            }
        }
    }
    if flaws.is_empty() { Ok(()) } else { Err(Error::Invalid(flaws)) }
}

/// A delivery of what is tracked by lot says which, and so does what goes back to a supplier; of what is not told apart
/// no correction does.
pub(crate) fn flaw(kind: DocumentKind, item: &ItemRow, at: usize, named: Option<&Named>) -> Option<Flaw> {
    let says = matches!(kind, DocumentKind::Receipt | DocumentKind::SupplierReturn);
    match named {
        // What has serial numbers has rules of its own.
        None if says && item.has_lots() && !item.has_serials() => {
            let message = format!("{} is told apart by lot: say which lot this is", item.sku);
            Some(Flaw::new(format!("lines[{at}].lot"), "missing_lot", message))
        }
        Some(_) if (says || kind == DocumentKind::Adjustment) && !item.has_lots() => {
            let message = format!("{} is not told apart by lot; set its tracking to lot first, or name none", item.sku);
            Some(Flaw::new(format!("lines[{at}].lot"), "no_lots", message))
        }
        _ => None,
    }
}

/// What is promised names no lot.
pub(crate) fn promised(at: usize) -> Flaw {
    let message = "a promise names no lot: what expires first is taken when the goods leave; leave it out";
    Flaw::new(format!("lines[{at}].lot"), "lot_of_promise", message)
}

/// The lots of these names; those that nobody has seen before are written down. In the order of their names, as whoever
/// else writes them down does.
pub(super) async fn find_or_add(
    act: &mut Act,
    named: &BTreeMap<(ItemId, String), (String, Option<Date>)>,
) -> Result<BTreeMap<(ItemId, String), Known>> {
    let journal = act.journal();
    let rows: Vec<(LotId, &ItemId, &String, Option<String>)> = named
        .iter()
        .map(|((item, code), (_, day))| (LotId::new(), item, code, day.map(|day| day.to_string())))
        .collect();
    insert_rows!(
        act,
        "insert into inventory_lot (id, item, code, expires_on, status, journal) ",
        &rows,
        |row, lot| {
            row.push_bind(lot.0).push_bind(*lot.1).push_bind(lot.2).push_bind(lot.3.as_deref());
            row.push_bind("ok").push_bind(journal);
        },
        " on conflict (item, code) do nothing"
    )?;
    let mut known = read(act, &rows).await?;
    for (key, (sku, day)) in named {
        let (Some(lot), Some(day)) = (known.get_mut(key), *day) else { continue };
        match lot.expires_on {
            None => {
                first_day(act, lot.id, day).await?;
                lot.expires_on = Some(day);
            }
            Some(known) if known != day => {
                let message =
                    format!("lot {} of {sku} is known with {known} as its last day; look at the goods again", key.1);
                return Err(Flaw::new("lots", "expires_on", message).into());
            }
            Some(_) => {}
        }
    }
    Ok(known)
}

/// A lot that was sold before it was delivered, or came without its day, has one from now on.
async fn first_day(act: &mut Act, lot: LotId, day: Date) -> Result<()> {
    let day = day.to_string();
    execute!(act, "update inventory_lot set expires_on = $2 where id = $1", lot, &day)?;
    execute!(act, "update inventory_lot_balance set until = $2 where lot = $1", lot, &day)?;
    Ok(())
}

async fn read(
    tx: &mut Tx,
    wanted: &[(LotId, &ItemId, &String, Option<String>)],
) -> Result<BTreeMap<(ItemId, String), Known>> {
    let rows: Vec<(ItemId, String, LotId, Option<String>, String)> = query_rows!(
        tx,
        "with wanted (item, code) as (",
        wanted,
        |row, lot| {
            row.push_bind(*lot.1).push_bind(lot.2);
        },
        ") select l.item, l.code, l.id, l.expires_on, l.status
         from wanted join inventory_lot l on l.item = wanted.item and l.code = wanted.code"
    )?;
    let known = rows.into_iter().map(|(item, code, id, expires_on, status)| {
        ((item, code), Known { id, expires_on: super::date(expires_on), status })
    });
    Ok(known.collect())
}
