//! What leaves by its lot, to a supplier or after it was looked at: no more of a lot than is there.

use crate::balance::{Key, NO_LOT, hold};
use crate::document::{Draft, DraftLine};
use crate::store::Site;
use auth::Act;
use db::query_rows;
use model::{Condition, Flaw, ItemId, PromisePolicy, Quantity, Refusal, Result};
use std::collections::{BTreeSet, HashMap};

/// The first line that names a lot of which less is there, unless the item's policy allows that. Nobody changes its
/// balances until the act ends. Errors: `Invalid` for a lot that nobody has seen.
pub(crate) async fn short(act: &mut Act, site: &Site, draft: &Draft) -> Result<Option<Refusal>> {
    let codes = |line: &DraftLine| line.lot.iter().flat_map(|lot| lot.codes.clone()).collect::<Vec<_>>();
    let named: Vec<(&DraftLine, String)> =
        draft.lines.iter().flat_map(|line| codes(line).into_iter().map(move |code| (line, code))).collect();
    if named.is_empty() {
        return Ok(None);
    }
    hold_all(act, &named).await?;
    let rows: Vec<(ItemId, String, String, Quantity)> = query_rows!(
        act,
        "with wanted (item, code, location, condition) as (",
        &named,
        |row, one| {
            row.push_bind(one.0.item.id).push_bind(&one.1).push_bind(site.shop).push_bind(one.0.condition.name());
        },
        ") select w.item, w.code, w.condition, coalesce(b.on_hand, 0)
         from wanted w join inventory_lot l on l.item = w.item and l.code = w.code
         left join inventory_lot_balance b on b.lot = l.id and b.location = w.location and b.item = w.item
                                          and b.condition = w.condition"
    )?;
    let there: HashMap<(ItemId, &str, &str), Quantity> =
        rows.iter().map(|(item, code, condition, size)| ((*item, code.as_str(), condition.as_str()), *size)).collect();
    for (at, line) in draft.lines.iter().enumerate() {
        // A serial number is looked for when the goods are booked: it may be somewhere else.
        let Some(code) = line.lot.as_ref().and_then(|lot| lot.codes.first()).filter(|_| !line.item.has_serials())
        else {
            continue;
        };
        let Some(size) = there.get(&(line.item.id, code.as_str(), line.condition.name())) else {
            let message = format!("nobody has seen a lot {code} of {}; look at the goods again", line.item.sku);
            return Err(Flaw::new(format!("lines[{at}].lot"), "unknown_lot", message).into());
        };
        let allowed = line.item.policy(draft.channel) != PromisePolicy::Forbid && line.condition == Condition::Sellable;
        // An adjustment says with a minus what it takes away.
        let taken = if line.quantity.is_negative() { -line.quantity } else { line.quantity };
        if taken > *size && !allowed {
            let sku = line.item.sku.clone();
            return Ok(Some(Refusal::OutOfStock { sku, available: (*size).max(Quantity::ZERO) }));
        }
    }
    Ok(None)
}

/// Takes their balances, in the order of their keys.
async fn hold_all(act: &mut Act, named: &[(&DraftLine, String)]) -> Result<()> {
    let of =
        |line: &DraftLine| Some(Key { location: line.at?, item: line.item.id, lot: NO_LOT, condition: line.condition });
    let keys: BTreeSet<Key> = named.iter().filter_map(|(line, _)| of(line)).collect();
    for key in &keys {
        hold(act, key).await?;
    }
    Ok(())
}
