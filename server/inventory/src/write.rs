//! The one bulk write: a posting and all of its movements at once.

use crate::document::Draft;
use crate::event::Posted;
use crate::kit;
use crate::paper::Author;
use crate::store::Site;
use crate::tax;
use auth::Act;

/// Writes them, and the taxes in them, with what the act writes next. [`db::Error::Duplicate`] then says that the id, or another reversal of the
/// same, is there already.
pub(crate) fn posting(act: &mut Act, site: &Site, draft: &Draft, posted: &Posted) {
    let receipt = &posted.receipt;
    let answer = serde_json::to_string(receipt).expect("these types hold nothing that JSON cannot say");
    let (by, journal) = (act.actor(), act.journal());
    let Author { principal, name: actor, device } = draft.author.clone().unwrap_or_else(|| Author {
        principal: by.principal.to_string(),
        name: by.name.clone(),
        device: by.via.device.clone(),
    });
    db::insert_later!(
        act,
        "insert into inventory_posting (id, payload_hash, kind, outcome, answer, store, number, principal, actor, device,
                                        occurred_at, recorded_at, reverses, returns, journal) ",
        [(answer, principal, actor, device)],
        |row, (answer, principal, actor, device)| {
            row.push_bind(draft.id).push_bind(draft.hash.clone()).push_bind(draft.kind.name()).push_bind("posted");
            row.push_bind(answer).push_bind(site.store.id).push_bind(draft.number.clone()).push_bind(principal);
            row.push_bind(actor).push_bind(device).push_bind(receipt.occurred_at).push_bind(receipt.recorded_at);
            row.push_bind(draft.reverses).push_bind(draft.returns).push_bind(journal);
        }
    );
    kit::write(act, draft.id, &posted.kits);
    db::insert_later!(
        act,
        "insert into inventory_movement (posting, line, item, lot, store, from_location, to_location, condition,
                                         quantity, unit_price, reason, version, occurred_at, recorded_at) ",
        &posted.movements,
        |row, moved| {
            row.push_bind(draft.id).push_bind(moved.line).push_bind(moved.item).push_bind(moved.lot);
            row.push_bind(site.store.id).push_bind(moved.from).push_bind(moved.to);
            row.push_bind(moved.condition.name()).push_bind(moved.quantity);
            // A line's own reason, or else the document's.
            row.push_bind(moved.unit_price).push_bind(moved.reason.as_ref().or(draft.reason.as_ref()).cloned());
            row.push_bind(moved.version).push_bind(receipt.occurred_at).push_bind(receipt.recorded_at);
        }
    );
    tax::write(act, site, posted);
}
