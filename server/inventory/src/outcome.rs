//! What an id was answered with: the registry of postings that were made or refused.

use crate::document::Draft;
use crate::ledger::Outcome;
use crate::store::Site;
use auth::Act;
use db::{Tx, fetch_optional};
use model::{Error, PostingId, Receipt, Refusal, Result, Reused, Time};

/// Writes a refused id down with its answer; `false` when it is there already.
pub(crate) async fn refuse(act: &mut Act, site: &Site, draft: &Draft, refusal: &Refusal) -> Result<bool> {
    let answer = serde_json::to_string(refusal).expect("these types hold nothing that JSON cannot say");
    let (journal, principal) = (act.journal(), act.actor().principal.to_string());
    let (name, device, now) = (act.actor().name.clone(), act.actor().via.device.clone(), Time::now());
    let rows = db::execute!(
        act,
        "insert into inventory_posting (id, payload_hash, kind, outcome, answer, store, number, principal, actor,
                                        device, occurred_at, recorded_at, reverses, journal)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) on conflict do nothing",
        draft.id,
        &draft.hash,
        draft.kind.name(),
        "refused",
        &answer,
        site.store.id,
        &draft.number,
        &principal,
        &name,
        &device,
        draft.occurred_at.unwrap_or(now),
        now,
        // A refused attempt leaves the original free to be undone by another.
        None::<PostingId>,
        journal
    )?;
    Ok(rows == 1)
}

/// The first outcome of the draft's id, if it has one; else `otherwise`.
pub(crate) async fn before_or(tx: &mut Tx, draft: &Draft, otherwise: Outcome) -> Result<Outcome> {
    match before(tx, draft.id, &draft.hash).await? {
        Some(receipt) => Ok(Outcome::Before(Box::new(receipt))),
        None => Ok(otherwise),
    }
}

/// What that id was answered with before: the receipt, or the same refusal; other content is a conflict.
pub(crate) async fn before(tx: &mut Tx, id: PostingId, hash: &[u8]) -> Result<Option<Receipt>> {
    let row: Option<(Vec<u8>, String, String)> =
        fetch_optional!(tx, "select payload_hash, outcome, answer from inventory_posting where id = $1", id)?;
    let Some((known, outcome, answer)) = row else { return Ok(None) };
    if known != hash {
        return Err(Error::Conflict(Reused::Id));
    }
    if outcome == "refused" {
        let refusal: Refusal = serde_json::from_str(&answer).map_err(|_| Error::NotFound)?;
        return Err(refusal.into());
    }
    crate::posting::stored(&answer).map(Some)
}
