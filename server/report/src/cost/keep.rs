//! A batch of the value journal written back: each table with one statement for a thousand rows.

use super::book::{At, Book, Layer};
use super::ledger::Ledger;
use super::part::Part;
use db::{Result, Tx, insert_rows};
use model::{ItemId, StoreId};

/// An item in a store, and where.
type Place = (StoreId, ItemId, At);

/// Writes what the batch changed, true up to `seq`.
pub async fn save(tx: &mut Tx, ledger: &Ledger, seq: i64) -> Result<()> {
    costings(tx, ledger).await?;
    piles(tx, ledger).await?;
    layers(tx, ledger).await?;
    uses(tx, ledger).await?;
    entries(tx, ledger).await?;
    db::execute!(tx, "update report_cost_head set seq = $1 where one = 1", seq)?;
    Ok(())
}

async fn costings(tx: &mut Tx, ledger: &Ledger) -> Result<()> {
    let rows: Vec<_> = ledger.costings.iter().collect();
    insert_rows!(
        tx,
        "insert into report_costing (item, costing) ",
        &rows,
        |row, costing| {
            row.push_bind(*costing.0).push_bind(costing.1.name());
        },
        " on conflict (item) do update set costing = excluded.costing",
    )?;
    Ok(())
}

async fn piles(tx: &mut Tx, ledger: &Ledger) -> Result<()> {
    let rows: Vec<_> = ledger.books.iter().map(|(key, book)| (key, book.total(), book)).collect();
    insert_rows!(
        tx,
        "insert into report_cost_pile (store, item, quantity, value, owed, owed_value, last_cost) ",
        &rows,
        |row, pile| {
            let (key, total, book): &(&(StoreId, ItemId), Part, &Book) = pile;
            row.push_bind(key.0).push_bind(key.1).push_bind(total.quantity).push_bind(total.value);
            row.push_bind(book.owed.quantity).push_bind(book.owed.value).push_bind(book.last_cost);
        },
        " on conflict (store, item) do update set quantity = excluded.quantity, value = excluded.value,
            owed = excluded.owed, owed_value = excluded.owed_value, last_cost = excluded.last_cost",
    )?;
    Ok(())
}

async fn layers(tx: &mut Tx, ledger: &Ledger) -> Result<()> {
    let mut kept: Vec<(Place, Layer)> = Vec::new();
    let mut gone: Vec<Place> = Vec::new();
    for ((store, item), book) in &ledger.books {
        for at in &book.touched {
            match book.layers.get(at) {
                Some(layer) => kept.push(((*store, *item, *at), *layer)),
                None => gone.push((*store, *item, *at)),
            }
        }
    }
    insert_rows!(
        tx,
        "insert into report_cost_layer (store, item, seq, line, account, came, value, landed, quantity_left, value_left,
            known) ",
        &kept,
        |row, kept| {
            let ((store, item, at), layer) = kept;
            row.push_bind(*store).push_bind(*item).push_bind(at.seq).push_bind(at.line).push_bind(layer.account.name());
            row.push_bind(layer.came.quantity).push_bind(layer.came.value).push_bind(layer.landed);
            row.push_bind(layer.left.quantity).push_bind(layer.left.value).push_bind(layer.known);
        },
        " on conflict (store, item, seq, line) do update set value = excluded.value, landed = excluded.landed,
            quantity_left = excluded.quantity_left, value_left = excluded.value_left, known = excluded.known",
    )?;
    insert_rows!(
        tx,
        "delete from report_cost_layer where (store, item, seq, line) in (",
        &gone,
        |row, gone| {
            row.push_bind(gone.0).push_bind(gone.1).push_bind(gone.2.seq).push_bind(gone.2.line);
        },
        ")",
    )?;
    Ok(())
}

/// What is not there any more goes; what grew or shrank is added to the row that is there, which was perhaps not read.
async fn uses(tx: &mut Tx, ledger: &Ledger) -> Result<()> {
    let mut kept: Vec<(Place, At, Part)> = Vec::new();
    let mut gone: Vec<(Place, At)> = Vec::new();
    for ((store, item), book) in &ledger.books {
        for (key, by) in &book.moved {
            let place = (*store, *item, key.0);
            if book.uses.contains_key(key) {
                kept.push((place, key.1, *by));
            } else {
                gone.push((place, key.1));
            }
        }
    }
    insert_rows!(
        tx,
        "insert into report_cost_use (store, item, layer_seq, layer_line, seq, line, quantity, value) ",
        &kept,
        |row, kept| {
            let ((store, item, layer), at, by) = kept;
            row.push_bind(*store).push_bind(*item).push_bind(layer.seq).push_bind(layer.line);
            row.push_bind(at.seq).push_bind(at.line).push_bind(by.quantity).push_bind(by.value);
        },
        " on conflict (store, item, layer_seq, layer_line, seq, line) do update
          set quantity = report_cost_use.quantity + excluded.quantity, value = report_cost_use.value + excluded.value",
    )?;
    insert_rows!(
        tx,
        "delete from report_cost_use where (store, item, layer_seq, layer_line, seq, line) in (",
        &gone,
        |row, gone| {
            let ((store, item, layer), at) = gone;
            row.push_bind(*store).push_bind(*item).push_bind(layer.seq).push_bind(layer.line);
            row.push_bind(at.seq).push_bind(at.line);
        },
        ")",
    )?;
    Ok(())
}

async fn entries(tx: &mut Tx, ledger: &Ledger) -> Result<()> {
    insert_rows!(
        tx,
        "insert into report_cost_entry (seq, nth, line, posting, store, item, day, learnt, account, quantity, inventory,
            counter, revaluation, residue) ",
        &ledger.entries,
        |row, entry| {
            row.push_bind(entry.seq).push_bind(entry.nth).push_bind(entry.line).push_bind(entry.posting);
            row.push_bind(entry.store).push_bind(entry.item).push_bind(&entry.day).push_bind(entry.learnt);
            row.push_bind(entry.account.name()).push_bind(entry.effect.quantity).push_bind(entry.effect.inventory);
            row.push_bind(entry.effect.counter).push_bind(entry.effect.revaluation).push_bind(entry.effect.residue);
        },
        "",
    )?;
    Ok(())
}
