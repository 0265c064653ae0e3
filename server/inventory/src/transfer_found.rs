//! The way back of goods that a transfer's sender said are lost: undone, they are missed again, and somebody says anew.

use crate::paper;
use crate::transfer::read;
use crate::transfer_lines::add_to_lines;
use auth::Act;
use db::{fetch_all, fetch_optional};
use model::{
    DocumentKind, Error, ItemId, PaperId, PaperKind, PaperStep, PostingId, Quantity, Result, StoreId, TransferState,
};

/// Why goods are written off on their way, as their posting says.
pub(crate) const LOST: &str = "lost";

/// Can that posting of a transfer be undone? Only what was lost: what left, arrived or came home lies somewhere, and the
/// transfer says where.
pub(crate) fn has_way_back(kind: DocumentKind, reason: Option<&str>) -> bool {
    kind == DocumentKind::Transfer && reason == Some(LOST)
}

/// Brings the transfer along whose lost goods are about to be taken back; `None` when they are already, which the ledger
/// then tells.
pub(crate) async fn take_back(
    act: &mut Act,
    store: StoreId,
    number: &str,
    posting: PostingId,
) -> Result<Option<PaperStep>> {
    let id: Option<(PaperId,)> = fetch_optional!(
        act,
        "select id from inventory_paper where store = $1 and number = $2 and kind = $3",
        store,
        number,
        PaperKind::Transfer.name()
    )?;
    let (id,) = id.ok_or(Error::NotFound)?;
    let mut paper = paper::take(act, PaperKind::Transfer, id, None).await?;
    let undone: Option<(PostingId,)> =
        fetch_optional!(act, "select id from inventory_posting where reverses = $1", posting)?;
    if undone.is_some() {
        return Ok(None);
    }
    let lost: Vec<(ItemId, i64)> = fetch_all!(
        act,
        "select item, cast(sum(quantity) as bigint) from inventory_movement where posting = $1 group by item",
        posting
    )?;
    let back: Vec<(ItemId, [i64; 4])> = lost.into_iter().map(|(item, size)| (item, [0, 0, 0, -size])).collect();
    add_to_lines(act, id, &back).await?;
    let trip = read(act, paper.clone()).await?;
    let arrived = trip.lines.iter().any(|line| line.received != Quantity::ZERO);
    let state = match trip.state()? {
        TransferState::Cancelled if !arrived => TransferState::InTransit,
        TransferState::PartlyReceived => TransferState::PartlyReceived,
        _ => TransferState::Short,
    };
    paper::enter(act, &mut paper, state.name()).await?;
    Ok(Some(paper.step()))
}
