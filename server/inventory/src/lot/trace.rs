//! Where a lot is, the deliveries it came from, and to whom it went.

use super::list::{find, places};
use crate::Inventory;
use db::{Tx, fetch_all};
use model::{
    Action, Actor, DocumentKind, Error, LotId, LotMove, LotPaper, LotTrace, PaperId, PaperKind, PostingId, Quantity,
    Result, StoreId, SupplierId, Time,
};

/// How many moves of a lot are told.
const MOVES: i64 = 500;

#[derive(sqlx::FromRow)]
struct MoveRow {
    posting: PostingId,
    kind: String,
    number: Option<String>,
    store_id: StoreId,
    store: String,
    store_name: String,
    time_zone: String,
    from_code: String,
    to_code: String,
    from_name: Option<String>,
    to_name: Option<String>,
    quantity: Quantity,
    occurred_at: Time,
    actor: String,
    reverses: Option<PostingId>,
    paper: Option<PaperId>,
    paper_kind: Option<String>,
    paper_number: Option<String>,
    customer: Option<String>,
    contact: Option<String>,
    supplier: Option<SupplierId>,
    supplier_name: Option<String>,
}

impl MoveRow {
    /// As they may see it: who a customer is, is told to those only who may promise there.
    fn told(self, actor: &Actor) -> Option<LotMove> {
        let promises = actor.scope(Action::Promise).holds(self.store_id);
        let paper = self.paper.zip(self.paper_number).zip(self.paper_kind.as_deref().and_then(PaperKind::named));
        Some(LotMove {
            posting: self.posting,
            kind: DocumentKind::named(&self.kind)?,
            number: self.number,
            store: self.store,
            store_name: self.store_name,
            from: self.from_code,
            to: self.to_code,
            from_name: self.from_name,
            to_name: self.to_name,
            quantity: self.quantity,
            occurred_at: self.occurred_at,
            time_zone: self.time_zone,
            actor: self.actor,
            reverses: self.reverses,
            paper: paper.map(|((id, number), kind)| LotPaper { kind, id, number }),
            party: self.supplier_name.or(self.customer.filter(|_| promises)),
            contact: self.contact.filter(|_| promises),
            supplier: self.supplier,
        })
    }
}

impl Inventory {
    /// Where a lot is, from where it came, and to whom it went, in the reader's stores.
    pub async fn lot_trace(&self, actor: &Actor, id: LotId) -> Result<LotTrace> {
        let mut tx = self.auth.read(actor, Action::SeeStock.anywhere()).await?;
        let row = find(&mut tx, id).await?.ok_or(Error::NotFound)?;
        let scope = actor.scope(Action::SeeStock);
        let lot = row.seen(&mut tx, &scope).await?;
        let places = places(&mut tx, id, &scope).await?;
        let (moves, more) = moves(&mut tx, actor, id).await?;
        Ok(LotTrace { lot, places, moves, more })
    }
}

async fn moves(tx: &mut Tx, actor: &Actor, lot: LotId) -> Result<(Vec<LotMove>, bool)> {
    let scope = actor.scope(Action::SeeStock);
    // Which of the reader's stores, the database asks: of many moves the latest of theirs are told.
    let stores: Vec<(StoreId,)> =
        fetch_all!(tx, "select distinct store from inventory_lot_balance where lot = $1", lot)?;
    let mut all: Vec<MoveRow> = Vec::new();
    for (store,) in stores.into_iter().filter(|(store,)| scope.holds(*store)) {
        all.extend(moves_in(tx, lot, store).await?);
    }
    all.sort_by_key(|row| std::cmp::Reverse((row.occurred_at, row.posting)));
    let most = usize::try_from(MOVES).unwrap_or(usize::MAX);
    let more = all.len() > most;
    all.truncate(most);
    Ok((all.into_iter().filter_map(|row| row.told(actor)).collect(), more))
}

/// The latest of one store. What is undone, and what comes back of a sale, belongs to the document of what it undoes or
/// brings back.
async fn moves_in(tx: &mut Tx, lot: LotId, store: StoreId) -> Result<Vec<MoveRow>> {
    Ok(fetch_all!(
        tx,
        "with latest as (
             select p.id as posting, p.kind, p.number, p.actor, p.reverses, m.store, m.from_location, m.to_location,
                    m.occurred_at, t.line, t.quantity, coalesce(p.reverses, p.returns, p.id) as of_posting
             from inventory_lot_movement t
             join inventory_movement m on m.posting = t.posting and m.line = t.line and m.store = $2
             join inventory_posting p on p.id = t.posting
             where t.lot = $1 order by m.occurred_at desc, t.posting desc, t.line limit $3
         ), filed as (
             select l.*, coalesce(
                        (select h.paper from inventory_order_handed h where h.posting = l.of_posting limit 1),
                        (select r.paper from inventory_purchase_receipt r where r.posting = l.of_posting limit 1),
                        (select d.id from inventory_paper d where d.id = l.of_posting),
                        (select d.id from inventory_posting o join inventory_paper d on d.number = o.number
                         where o.id = l.of_posting and o.kind = 'transfer' and d.kind = 'transfer')) as paper
             from latest l
         )
         select l.posting, l.kind, l.number, s.id as store_id, s.code as store, s.name as store_name, s.time_zone,
                f.code as from_code, g.code as to_code, l.quantity, l.occurred_at, l.actor, l.reverses,
                case when f.kind = 'physical' then f.name end as from_name,
                case when g.kind = 'physical' then g.name end as to_name,
                l.paper, d.kind as paper_kind, d.number as paper_number, o.customer, o.contact,
                u.id as supplier, u.name as supplier_name
         from filed l
         join inventory_store s on s.id = l.store
         join inventory_location f on f.id = l.from_location
         join inventory_location g on g.id = l.to_location
         left join inventory_paper d on d.id = l.paper
         left join inventory_order o on o.paper = d.id
         left join inventory_supplier u on u.id = d.party
         order by l.occurred_at desc, l.posting desc, l.line",
        lot,
        store,
        MOVES + 1
    )?)
}
