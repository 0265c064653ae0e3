//! What goods of a transfer that are lost are worth, and who may write them off.

use crate::transfer::{Line, Trip};
use crate::transfer_move::Part;
use crate::{approval, correction, paper};
use auth::Act;
use model::{Approver, Goods, Money, PaperKind, Quantity, Refusal, Result};

/// May whoever acts say that of these goods, which did not arrive? Lost above the store's limit for corrections, somebody
/// says so who may approve them, and who neither wrote the transfer nor sent or received its goods.
///
/// Errors: [`Refusal::WriteOff`]; [`Refusal::OnlyAdministrator`] and [`Refusal::OnlyChief`] when the store leaves it to one.
pub(crate) async fn may_settle(act: &mut Act, trip: &Trip, goods: Goods, gone: &[Part<'_>]) -> Result<()> {
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
fn lost(trip: &Trip, gone: &[Part<'_>]) -> Option<Money> {
    let now = |line: &Line| -> i64 {
        let of = gone.iter().filter(|part| part.line.item.id == line.item.id);
        of.map(|part| part.size.parts()).sum()
    };
    let lost = trip.lines.iter().map(|line| (&line.item, Quantity::from_parts(line.lost.parts() + now(line))));
    correction::worth_of(lost.filter(|(_, quantity)| *quantity != Quantity::ZERO))
}
