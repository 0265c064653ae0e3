//! What the goods of a transfer are worth: from which posting that is known, and who may write them off.

use crate::store::Site;
use crate::transfer::{Line, Trip};
use crate::{approval, correction, paper};
use auth::Act;
use db::fetch_optional;
use model::{Approver, Goods, Money, PaperKind, PostingId, Quantity, Refusal, Result};

/// May whoever acts say that of these goods, which did not arrive? Lost above the store's limit for corrections, somebody
/// says so who may approve them, and who neither wrote the transfer nor sent or received its goods.
///
/// Errors: [`Refusal::WriteOff`]; [`Refusal::OnlyAdministrator`] and [`Refusal::OnlyChief`] when the store leaves it to one.
pub(crate) async fn may_settle(act: &mut Act, trip: &Trip, goods: Goods, gone: &[(&Line, Quantity)]) -> Result<()> {
    if goods != Goods::WrittenOff {
        return Ok(());
    }
    let (store, value) = (trip.paper.store, lost(trip, gone).unwrap_or(approval::BEYOND_ANY));
    let Some(approver) = approval::approver(act, store, PaperKind::Adjustment, value).await? else { return Ok(()) };
    let actor = act.actor().clone();
    let enough = actor.approves(store, approver);
    if enough && !paper::wrote(act, &actor, &trip.paper).await? {
        return Ok(());
    }
    let stricter = !enough && approver != Approver::Manager;
    Err(if stricter { paper::only(approver) } else { Refusal::WriteOff.into() })
}

/// What is lost of it with these is worth; little by little that is as much as at once.
fn lost(trip: &Trip, gone: &[(&Line, Quantity)]) -> Option<Money> {
    let now = |line: &Line| -> i64 {
        let of = gone.iter().filter(|(other, _)| other.item.id == line.item.id);
        of.map(|(_, quantity)| quantity.parts()).sum()
    };
    let lost = trip.lines.iter().map(|line| (&line.item, Quantity::from_parts(line.lost.parts() + now(line))));
    correction::worth_of(lost.filter(|(_, quantity)| *quantity != Quantity::ZERO))
}

/// The posting by which the goods went on their way, when its store has the same currency as the one where they go: they
/// are worth there what they were worth then.
pub(crate) async fn sent_by(act: &mut Act, site: &Site, trip: &Trip) -> Result<Option<PostingId>> {
    let row: Option<(PostingId,)> = fetch_optional!(
        act,
        "select p.id from inventory_posting p join inventory_store s on s.id = p.store and s.currency = $3
         where p.number = $1 and p.store = $2 and p.kind = 'transfer' and p.outcome = 'posted'
         order by p.recorded_at limit 1",
        &trip.paper.number,
        trip.paper.store,
        &site.store.currency
    )?;
    Ok(row.map(|(id,)| id))
}
