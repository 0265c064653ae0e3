//! Goods that a step of a transfer moves: of which lines and lots, from where to where, and as which posting.

use crate::document::{Draft, DraftLine};
use crate::lot::{self, Named};
use crate::place;
use crate::store::Site;
use crate::transfer::{Line, Trip};
use crate::transfer_found::LOST;
use crate::transfer_lines::stocked;
use auth::Act;
use db::fetch_optional;
use model::{
    Amount, Channel, Condition, DocumentKind, Error, Flaw, Goods, ItemId, LocationId, PostingId, Quantity, Result,
    TransferState,
};
use std::collections::{BTreeMap, HashMap};

/// Which figures of a line a move adds to: shipped, received, returned, lost.
#[derive(Clone, Copy)]
pub(crate) enum Figure {
    Shipped,
    Received,
    Returned,
    Lost,
}

/// So many of a line, of a lot if one is named.
pub(crate) struct Part<'a> {
    pub(crate) line: &'a Line,
    pub(crate) size: Quantity,
    lot: Option<String>,
}

/// Goods that a step moves.
pub(crate) struct Move<'a> {
    pub(crate) id: PostingId,
    pub(crate) hash: Vec<u8>,
    pub(crate) figure: Figure,
    pub(crate) from: LocationId,
    pub(crate) to: LocationId,
    /// Which of the two is a real place.
    pub(crate) at: Option<LocationId>,
    pub(crate) reason: Option<&'static str>,
    /// Above zero each.
    pub(crate) lines: Vec<Part<'a>>,
    /// The serial numbers that are named.
    pub(crate) serials: HashMap<ItemId, Vec<String>>,
    pub(crate) state: TransferState,
}

/// Everything that is to be sent: of the lots that are named, the rest of none that is.
pub(crate) fn to_send(trip: &Trip) -> Vec<Part<'_>> {
    let mut parts = Vec::with_capacity(trip.lines.len());
    for line in &trip.lines {
        let mut left = line.asked.parts();
        for one in &line.named {
            let size = one.quantity.parts().min(left);
            left -= size;
            if size > 0 {
                parts.push(Part { line, size: Quantity::from_parts(size), lot: Some(one.lot.clone()) });
            }
        }
        if left > 0 {
            parts.push(Part { line, size: Quantity::from_parts(left), lot: None });
        }
    }
    parts
}

/// Everything that is on the way.
pub(crate) fn all(trip: &Trip) -> Vec<Part<'_>> {
    let under_way = trip.lines.iter().filter(|line| line.in_transit() != Quantity::ZERO);
    under_way.map(|line| Part { line, size: line.in_transit(), lot: None }).collect()
}

/// These, of which no more can come than is on the way, of an item and of a lot.
pub(crate) async fn some<'a>(act: &mut Act, trip: &'a Trip, lines: &[Amount]) -> Result<Vec<Part<'a>>> {
    let items = stocked(act, lines).await?;
    let known: HashMap<ItemId, &Line> = trip.lines.iter().map(|line| (line.item.id, line)).collect();
    let mut sent = HashMap::new();
    if lines.iter().any(|line| line.lot.is_some()) {
        let transit = place::transit(act, trip.paper.store).await?;
        sent = lot::on_the_way(act, &trip.paper.number, transit).await?;
    }
    let mut came = Vec::with_capacity(lines.len());
    let mut sums: HashMap<ItemId, i64> = HashMap::new();
    let mut flaws = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let item = items[&line.sku].id;
        let found = known.get(&item).copied();
        let left = found.map(Line::in_transit).unwrap_or_default();
        let sum = sums.entry(item).or_default();
        *sum += line.quantity.parts();
        let Some(found) = found.filter(|_| *sum <= left.parts()) else {
            let message = format!("{left} of {} are on the way; book in the others by a correction", line.sku);
            flaws.push(Flaw::new(format!("lines[{at}].quantity"), "more_than_sent", message));
            continue;
        };
        let code = line.lot.as_deref().map(str::trim);
        if let Some(code) = code {
            let lots = sent.get(&item).map(Vec::as_slice).unwrap_or_default();
            let left = lots.iter().find(|one| one.lot == code).map(|one| one.quantity).unwrap_or_default();
            if line.quantity > left {
                let message = format!("{left} of lot {code} of {} are on the way; look at the label again", line.sku);
                flaws.push(Flaw::new(format!("lines[{at}].lot"), "lot_not_sent", message));
            }
        }
        came.push(Part { line: found, size: line.quantity, lot: code.map(str::to_owned) });
    }
    if flaws.is_empty() { Ok(came) } else { Err(Error::Invalid(flaws)) }
}

/// How many are on the way after these.
pub(crate) fn left(trip: &Trip, gone: &[Part<'_>]) -> i64 {
    let before: i64 = trip.lines.iter().map(|line| line.in_transit().parts()).sum();
    before - gone.iter().map(|part| part.size.parts()).sum::<i64>()
}

/// The serial numbers that these name.
pub(crate) fn named(trip: &Trip, lines: &[Amount]) -> HashMap<ItemId, Vec<String>> {
    let serials = trip.lines.iter().filter_map(|line| {
        Some((line.item.id, lines.iter().find(|amount| amount.sku == line.item.sku)?.serials.clone()))
    });
    serials.collect()
}

/// What is on the way ends where it started, or nowhere.
pub(crate) fn back<'a>(
    site: &Site,
    trip: &Trip,
    id: (PostingId, Vec<u8>),
    goods: Goods,
    lines: Vec<Part<'a>>,
    state: TransferState,
) -> Move<'a> {
    let (figure, to, at, reason) = match goods {
        Goods::Home => (Figure::Returned, trip.from, Some(trip.from), "returned"),
        Goods::WrittenOff => (Figure::Lost, site.shrinkage, None, LOST),
    };
    let (id, hash, from, reason, serials) = (id.0, id.1, site.transit, Some(reason), HashMap::new());
    Move { id, hash, figure, from, to, at, reason, lines, serials, state }
}

/// What it adds to the figures of each line.
pub(crate) fn more(moved: &Move<'_>) -> Vec<(ItemId, [i64; 4])> {
    let mut more: BTreeMap<ItemId, [i64; 4]> = BTreeMap::new();
    for part in &moved.lines {
        more.entry(part.line.item.id).or_default()[moved.figure as usize] += part.size.parts();
    }
    more.into_iter().collect()
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

/// No more of a lot that is named leaves than is there.
pub(crate) async fn lots_there(act: &mut Act, draft: &Draft) -> Result<()> {
    let Some((line, there)) = lot::lacking(act, draft).await? else { return Ok(()) };
    let code = line.lot.as_ref().and_then(|lot| lot.codes.first()).map(String::as_str).unwrap_or_default();
    let message = format!("{there} of lot {code} of {} are there; look at the label again", line.item.sku);
    Err(Flaw::new("lots", "lot_not_here", message).into())
}

pub(crate) fn draft(trip: &Trip, moved: &Move<'_>) -> Draft {
    let lines = moved.lines.iter().map(|Part { line, size, lot }| DraftLine {
        item: line.item.clone(),
        from: moved.from,
        to: moved.to,
        at: moved.at,
        lot: match line.item.has_serials() {
            true => Some(Named::serials(moved.serials.get(&line.item.id).map(Vec::as_slice).unwrap_or_default())),
            false => lot.as_deref().map(|lot| Named::one(lot, None)),
        },
        condition: Condition::Sellable,
        quantity: *size,
        unit_price: None,
        list: None,
        reason: None,
    });
    Draft {
        id: moved.id,
        kind: DocumentKind::Transfer,
        effect: DocumentKind::Transfer,
        occurred_at: None,
        number: Some(trip.paper.number.clone()),
        channel: Channel::Till,
        reason: moved.reason.map(str::to_owned),
        reverses: None,
        returns: None,
        seen: None,
        author: None,
        lines: lines.collect(),
        kits: Vec::new(),
        hash: moved.hash.clone(),
    }
}
