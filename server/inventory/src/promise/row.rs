//! The rows of reservations: written as many in one statement, and read whole.

use super::balance::Sizes;
use super::told::ReservationStep;
use crate::item::ItemRow;
use crate::store::Site;
use auth::Act;
use db::{Tx, fetch_all, insert_rows, query_rows};
use model::{Error, ItemId, LocationId, PaperId, Quantity, ReservationKind, ReservationState, Result, Time};
use std::collections::{BTreeMap, BTreeSet};

/// What a statement reads of the rows that it touched.
macro_rules! touched {
    () => {
        "returning inventory_reservation.id, inventory_reservation.store, inventory_reservation.location,
                   inventory_reservation.item,
                   (select i.sku from inventory_item i where i.id = inventory_reservation.item) as sku,
                   inventory_reservation.quantity, inventory_reservation.fulfilled, inventory_reservation.kind,
                   inventory_reservation.document, inventory_reservation.line, inventory_reservation.state,
                   inventory_reservation.expires_at"
    };
}
pub(super) use touched;

/// Writes new ones; answers with how many were not there before.
pub(super) async fn insert(act: &mut Act, new: &[ReservationStep]) -> Result<u64> {
    let (principal, author, journal) = (act.actor().principal.to_string(), act.actor().name.clone(), act.journal());
    let now = Time::now();
    Ok(insert_rows!(
        act,
        "insert into inventory_reservation (id, store, location, item, quantity, fulfilled, kind, document, line, state,
                                            expires_at, principal, author, created_at, changed_at, journal) ",
        new,
        |row, step| {
            row.push_bind(step.id).push_bind(step.store).push_bind(step.location).push_bind(step.item);
            row.push_bind(step.quantity).push_bind(step.fulfilled).push_bind(step.kind.name());
            row.push_bind(step.document).push_bind(step.line).push_bind(step.state.name()).push_bind(step.expires_at);
            row.push_bind(&principal).push_bind(&author).push_bind(now).push_bind(now).push_bind(journal);
        },
        " on conflict (id) do nothing"
    )?)
}

/// A new one of that item at that place.
pub(super) fn new(
    site: &Site,
    location: LocationId,
    item: &ItemRow,
    size: i64,
    kind: ReservationKind,
) -> ReservationStep {
    ReservationStep {
        id: model::ReservationId::new(),
        store: site.store.id,
        location,
        item: item.id,
        sku: item.sku.clone(),
        quantity: Quantity::from_parts(size),
        fulfilled: Quantity::ZERO,
        kind,
        document: None,
        line: None,
        state: ReservationState::Active,
        expires_at: None,
    }
}

/// What a document keeps, oldest first. The document is taken, so nobody else changes them.
pub(super) async fn of_document(tx: &mut Tx, document: PaperId) -> Result<Vec<ReservationStep>> {
    Ok(fetch_all!(
        tx,
        "select r.id, r.store, r.location, r.item, i.sku, r.quantity, r.fulfilled, r.kind, r.document, r.line, r.state,
                r.expires_at
         from inventory_reservation r join inventory_item i on i.id = r.item
         where r.document = $1 and r.state = 'active' order by r.created_at, r.id",
        document
    )?)
}

/// What of a document's went to whom it was kept for, newest first. The document is taken, so nobody else changes them.
pub(super) async fn used_of_document(tx: &mut Tx, document: PaperId) -> Result<Vec<ReservationStep>> {
    Ok(fetch_all!(
        tx,
        "select r.id, r.store, r.location, r.item, i.sku, r.quantity, r.fulfilled, r.kind, r.document, r.line, r.state,
                r.expires_at
         from inventory_reservation r join inventory_item i on i.id = r.item
         where r.document = $1 and r.fulfilled > 0 order by r.created_at desc, r.id desc",
        document
    )?)
}

/// Writes how far these are by now.
pub(super) async fn write(act: &mut Act, steps: &[ReservationStep]) -> Result<()> {
    let (now, journal) = (Time::now(), act.journal());
    let written: Vec<(model::ReservationId,)> = query_rows!(
        act,
        "with news (id, quantity, fulfilled, state, expires_at, changed_at, journal) as (",
        steps,
        |row, step| {
            row.push_bind(step.id).push_bind(step.quantity).push_bind(step.fulfilled).push_bind(step.state.name());
            row.push_bind(step.expires_at).push_bind(now).push_bind(journal);
        },
        ") update inventory_reservation
         set quantity = news.quantity, fulfilled = news.fulfilled, state = news.state,
             expires_at = news.expires_at, changed_at = news.changed_at,
             journal = news.journal
         from news where inventory_reservation.id = news.id returning inventory_reservation.id"
    )?;
    if written.len() == steps.len() { Ok(()) } else { Err(Error::NotFound) }
}

/// What these keep of each balance: the item's row, and how many.
pub(super) async fn kept(tx: &mut Tx, steps: &[ReservationStep]) -> Result<Sizes> {
    let mut sizes: BTreeMap<(LocationId, ItemId), i64> = BTreeMap::new();
    for step in steps {
        *sizes.entry((step.location, step.item)).or_default() += step.left();
    }
    let ids: BTreeSet<ItemId> = sizes.keys().map(|(_, item)| *item).collect();
    let ids: Vec<ItemId> = ids.into_iter().collect();
    let rows: Vec<ItemRow> = query_rows!(
        tx,
        "with wanted (item) as (",
        &ids,
        |row, item| {
            row.push_bind(*item);
        },
        ") select i.id, i.sku, i.name, i.unit, i.kind, i.price, i.promise_policy, i.web_policy, i.costing, i.tracking
         from wanted join inventory_item i on i.id = wanted.item"
    )?;
    let rows: BTreeMap<ItemId, ItemRow> = rows.into_iter().map(|row| (row.id, row)).collect();
    let of = |(key, size): ((LocationId, ItemId), i64)| Some((key, (rows.get(&key.1)?.clone(), size)));
    Ok(sizes.into_iter().filter_map(of).collect())
}
