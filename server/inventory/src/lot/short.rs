//! What leaves by its lot, to a supplier, to another place or after it was looked at: no more of a lot than is there.

use crate::balance::{Key, NO_LOT, hold};
use crate::document::{Draft, DraftLine};
use auth::Act;
use db::query_rows;
use model::{Condition, Flaw, ItemId, LocationId, PromisePolicy, Quantity, Refusal, Result};
use std::collections::{BTreeSet, HashMap};

/// The refusal of what [`lacking`] finds.
pub(crate) async fn short(act: &mut Act, draft: &Draft) -> Result<Option<Refusal>> {
    let found = lacking(act, draft).await?;
    Ok(found.map(|(line, available)| Refusal::OutOfStock { sku: line.item.sku.clone(), available }))
}

/// The first line that names a lot of which less is there, and how many are, unless the item's policy allows that. Nobody
/// changes its balances until the act ends. Errors: `Invalid` for a lot that nobody has seen.
pub(crate) async fn lacking<'a>(act: &mut Act, draft: &'a Draft) -> Result<Option<(&'a DraftLine, Quantity)>> {
    let codes = |line: &DraftLine| line.lot.iter().flat_map(|lot| lot.codes.clone()).collect::<Vec<_>>();
    let named: Vec<(&DraftLine, String)> =
        draft.lines.iter().flat_map(|line| codes(line).into_iter().map(move |code| (line, code))).collect();
    if named.is_empty() {
        return Ok(None);
    }
    hold_all(act, draft).await?;
    let rows: Vec<(LocationId, ItemId, String, String, Quantity)> = query_rows!(
        act,
        "with wanted (item, code, location, condition) as (",
        &named,
        |row, one| {
            row.push_bind(one.0.item.id).push_bind(&one.1).push_bind(place(one.0)).push_bind(one.0.condition.name());
        },
        ") select w.location, w.item, w.code, w.condition, coalesce(b.on_hand, 0)
         from wanted w join inventory_lot l on l.item = w.item and l.code = w.code
         left join inventory_lot_balance b on b.lot = l.id and b.location = w.location and b.item = w.item
                                          and b.condition = w.condition"
    )?;
    let there: HashMap<(LocationId, ItemId, &str, &str), Quantity> = rows
        .iter()
        .map(|(place, item, code, condition, size)| ((*place, *item, code.as_str(), condition.as_str()), *size))
        .collect();
    for (at, line) in draft.lines.iter().enumerate() {
        // A serial number is looked for when the goods are booked: it may be somewhere else.
        let Some(code) = line.lot.as_ref().and_then(|lot| lot.codes.first()).filter(|_| !line.item.has_serials())
        else {
            continue;
        };
        let Some(size) = there.get(&(place(line), line.item.id, code.as_str(), line.condition.name())) else {
            let message = format!("nobody has seen a lot {code} of {}; look at the goods again", line.item.sku);
            return Err(Flaw::new(format!("lines[{at}].lot"), "unknown_lot", message).into());
        };
        let allowed = line.item.policy(draft.channel) != PromisePolicy::Forbid && line.condition == Condition::Sellable;
        // An adjustment says with a minus what it takes away.
        let taken = if line.quantity.is_negative() { -line.quantity } else { line.quantity };
        if taken > *size && !allowed {
            return Ok(Some((line, (*size).max(Quantity::ZERO))));
        }
    }
    Ok(None)
}

/// The place that a line leaves.
fn place(line: &DraftLine) -> LocationId {
    line.at.unwrap_or(line.from)
}

/// Takes the draft's balances in the order of their keys, as whoever posts does: also of lines that name no lot.
async fn hold_all(act: &mut Act, draft: &Draft) -> Result<()> {
    let of =
        |line: &DraftLine| Some(Key { location: line.at?, item: line.item.id, lot: NO_LOT, condition: line.condition });
    let keys: BTreeSet<Key> = draft.lines.iter().filter_map(of).collect();
    for key in &keys {
        hold(act, key).await?;
    }
    Ok(())
}
