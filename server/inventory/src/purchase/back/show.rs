//! One return to a supplier as it is shown, and what of a store's goods can go back.

use super::supplier;
use crate::ledger::{NO_LOT, SELLABLE};
use crate::paper::{self, Paper};
use crate::{Inventory, item, lot, reverse};
use db::{Tx, fetch_all, fetch_one, query_rows};
use model::{
    Action, Actor, Condition, DocumentKind, Error, Flaw, ItemId, LotStatus, Money, PaperId, PaperKind, Quantity,
    Result, ReturnReason, Since, Store, SupplierId, SupplierReturn, SupplierReturnLine, SupplierReturnState, Time,
    ToSendBack, Tracking,
};
use uuid::Uuid;

/// How many items are asked for at once.
const SKUS_MAX: usize = 1_000;

#[derive(sqlx::FromRow)]
struct LineRow {
    sku: String,
    name: String,
    quantity: Quantity,
    #[sqlx(try_from = "String")]
    reason: ReturnReason,
    #[sqlx(try_from = "String")]
    condition: Condition,
    lot: Option<String>,
    unit_cost: Option<Money>,
}

#[derive(sqlx::FromRow)]
struct Beside {
    value: Money,
    ordered: Option<PaperId>,
    order_number: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Lying {
    sku: String,
    name: String,
    unit: String,
    tracking: String,
    #[sqlx(try_from = "String")]
    condition: Condition,
    on_hand: Quantity,
}

#[derive(sqlx::FromRow)]
struct LyingLot {
    #[sqlx(flatten)]
    of: Lying,
    code: String,
    expires_on: Option<String>,
    status: String,
}

impl Inventory {
    /// A return to a supplier of a store that they may see.
    pub async fn supplier_return(&self, actor: &Actor, id: PaperId) -> Result<Since<SupplierReturn>> {
        let store = self.paper(actor, PaperKind::SupplierReturn, id).await?.store;
        let site = self.site_of(actor, store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(store)).await?;
        let paper = paper::find_paper(&mut tx, id).await?.ok_or(Error::NotFound)?;
        let data = whole(&mut tx, actor, &paper, &site.store).await?;
        Ok(Since { data, as_of: self.auth.log().head(&mut tx).await?, total: 1 })
    }

    /// What of these items can go back from where a store sells, and from what it set aside: each lot by itself, what
    /// must not be sold too. At most 1 000 are asked for at once.
    pub async fn to_send_back(&self, actor: &Actor, store: &str, skus: &[String]) -> Result<Vec<ToSendBack>> {
        if skus.len() > SKUS_MAX {
            return Err(Flaw::new("skus", "count", format!("ask for at most {SKUS_MAX} items at once")).into());
        }
        let site = self.site(actor, Action::Purchase, store).await?;
        let mut tx = self.auth.read(actor, Action::Purchase.at(site.store.id)).await?;
        let asked: Vec<&str> = skus.iter().map(String::as_str).collect();
        let items = item::by_sku(&mut tx, &asked).await?;
        let ids = |lots: bool| {
            let some = items.values().filter(|item| item.stocked() && item.has_lots() == lots);
            some.map(|item| item.id).collect::<Vec<ItemId>>()
        };
        let plain: Vec<Lying> = query_rows!(
            &mut tx,
            "with wanted (item, location, lot) as (",
            &ids(false),
            |row, item| {
                row.push_bind(*item).push_bind(site.shop).push_bind(NO_LOT);
            },
            ") select i.sku, i.name, i.unit, i.tracking, b.condition, b.on_hand - b.reserved as on_hand
             from wanted w
             join inventory_balance b on b.location = w.location and b.item = w.item and b.lot = w.lot
             join inventory_item i on i.id = w.item
             where b.on_hand > b.reserved"
        )?;
        let lots: Vec<LyingLot> = query_rows!(
            &mut tx,
            "with wanted (item, location) as (",
            &ids(true),
            |row, item| {
                row.push_bind(*item).push_bind(site.shop);
            },
            ") select i.sku, i.name, i.unit, i.tracking, b.condition, b.on_hand, l.code, l.expires_on, l.status
             from wanted w
             join inventory_lot_balance b on b.location = w.location and b.item = w.item
             join inventory_lot l on l.id = b.lot
             join inventory_item i on i.id = w.item
             where b.on_hand > 0"
        )?;
        let local = site.local(Time::now());
        let plain = plain.into_iter().map(Lying::told);
        let mut all: Vec<ToSendBack> = plain.chain(lots.into_iter().map(|one| one.told(lot::day(&local)))).collect();
        let place = |one: &ToSendBack| skus.iter().position(|sku| *sku == one.sku);
        // What must not be sold stands first: that is what mostly goes back.
        all.sort_by_cached_key(|one| {
            let good = one.status == LotStatus::Ok && !one.expired && one.condition.name() == SELLABLE;
            (place(one), good, one.expires_on, one.lot.clone())
        });
        Ok(all)
    }
}

impl Lying {
    fn told(self) -> ToSendBack {
        let Self { sku, name, unit, tracking, condition, on_hand } = self;
        let tracking = Tracking::named(&tracking);
        let (lot, expires_on, status, expired) = (None, None, LotStatus::Ok, false);
        ToSendBack { sku, name, unit, tracking, condition, lot, expires_on, status, expired, on_hand }
    }
}

impl LyingLot {
    fn told(self, today: &str) -> ToSendBack {
        let expired = self.expires_on.as_deref().is_some_and(|last| last < today);
        let (lot, status) = (Some(self.code), LotStatus::named(&self.status));
        ToSendBack { lot, expires_on: lot::date(self.expires_on), status, expired, ..self.of.told() }
    }
}

/// All of a return.
pub(super) async fn whole(tx: &mut Tx, actor: &Actor, paper: &Paper, store: &Store) -> Result<SupplierReturn> {
    let lines: Vec<LineRow> = fetch_all!(
        tx,
        "select i.sku, i.name, m.quantity, m.reason, m.condition, l.code as lot, m.unit_price as unit_cost
         from inventory_movement m
         join inventory_item i on i.id = m.item
         left join inventory_lot_movement t on t.posting = m.posting and t.line = m.line
         left join inventory_lot l on l.id = t.lot
         where m.posting = $1 order by m.line",
        paper.id
    )?;
    let beside: Beside = fetch_one!(
        tx,
        "select r.value, r.ordered, p.number as order_number
         from inventory_supplier_return r left join inventory_paper p on p.id = r.ordered where r.paper = $1",
        paper.id
    )?;
    let supplier = SupplierId(paper.party.unwrap_or_else(Uuid::nil));
    // Only a hand in the database can make it another; `verify` finds that.
    let state = SupplierReturnState::named(&paper.state).ok_or(Error::NotFound)?;
    let kind = DocumentKind::SupplierReturn;
    Ok(SupplierReturn {
        id: paper.id,
        number: paper.number.clone(),
        store: store.code.clone(),
        currency: store.currency.clone(),
        supplier,
        supplier_name: supplier::find(tx, supplier).await?.ok_or(Error::NotFound)?.name,
        order: beside.ordered,
        order_number: beside.order_number,
        state,
        version: paper.version,
        credit: paper.reference.clone(),
        note: paper.note.clone(),
        value: beside.value,
        author: paper.author.clone(),
        created_at: paper.created_at,
        changed_at: paper.changed_at,
        may_credit: state != SupplierReturnState::Undone && actor.may(Action::Purchase.at(paper.store)),
        may_undo: state == SupplierReturnState::Sent
            && reverse::may_undo(actor, paper.store, &paper.principal, paper.created_at, kind),
        lines: lines.into_iter().map(LineRow::told).collect(),
    })
}

impl LineRow {
    fn told(self) -> SupplierReturnLine {
        let Self { sku, name, quantity, reason, condition, lot, unit_cost } = self;
        SupplierReturnLine { sku, name, quantity, reason, condition, lot, unit_cost }
    }
}
