//! A delivery with what it cost, for whoever adds freight or duty to it.

use crate::{Costed, Inventory, reverse};
use db::{Tx, fetch_all, fetch_optional};
use model::{
    Action, Actor, DeliveryCosts, DeliveryLine, DocumentKind, Error, ItemKind, JournalId, LineCost, Money, PostingId,
    Result, Since, StoreId, Time, ToldCosts,
};
use std::collections::BTreeMap;

/// How many tellings are shown.
const TOLD_MAX: i64 = 100;

#[derive(sqlx::FromRow)]
struct Head {
    store: StoreId,
    code: String,
    currency: String,
    number: Option<String>,
    actor: String,
    occurred_at: Time,
    undone: i64,
}

#[derive(sqlx::FromRow)]
struct Line {
    line: i64,
    sku: String,
    name: String,
    quantity: model::Quantity,
    unit_price: Option<Money>,
}

impl Inventory {
    /// A delivery of a store in which they receive: its goods, and all that was told of their cost.
    ///
    /// Errors: `Forbidden`; `NotFound` for what is no delivery or not theirs.
    pub async fn delivery_costs(&self, actor: &Actor, receipt: PostingId) -> Result<Since<DeliveryCosts>> {
        let mut tx = self.auth.read(actor, Action::Receive.anywhere()).await?;
        let head = head(&mut tx, receipt).await?.filter(|head| actor.scope(Action::Receive).holds(head.store));
        let head = head.ok_or(Error::NotFound)?;
        let lines = lines(&mut tx, receipt).await?;
        let journals: Vec<(JournalId,)> = fetch_all!(
            &mut tx,
            "select journal from inventory_cost where receipt = $1 order by id limit $2",
            receipt,
            TOLD_MAX
        )?;
        let as_of = self.auth.log().head(&mut tx).await?;
        // The journal is asked through a connection of its own.
        drop(tx);
        let mut seqs = Vec::with_capacity(journals.len());
        for (journal,) in journals {
            seqs.push(self.auth.log().seq_of(journal).await.ok_or(Error::Busy)?);
        }
        // In the order in which they were told: ids are made by whoever tells.
        seqs.sort_unstable();
        let mut tx = self.auth.read(actor, Action::Receive.at(head.store)).await?;
        let mut told: Vec<ToldCosts> = Vec::with_capacity(seqs.len());
        let mut places: BTreeMap<i64, usize> = BTreeMap::new();
        for seq in seqs {
            let Some(line) = self.auth.log().read(&mut tx, seq - 1, 1).await?.pop() else { continue };
            let Some(costed) = Costed::of(&line) else { continue };
            let undone = costed.undoes.and_then(|undone| places.get(&undone)).and_then(|at| told.get_mut(*at));
            let undoes = undone.map(|undone| {
                undone.may_undo = false;
                undone.id
            });
            let may_undo = head.undone == 0
                && costed.landed > Money::ZERO
                && reverse::may_undo(actor, head.store, &line.principal, line.at, DocumentKind::Receipt);
            places.insert(seq, told.len());
            told.push(heard(&line, &costed, undoes, may_undo));
        }
        let data = DeliveryCosts {
            posting: receipt,
            store: head.code,
            currency: head.currency,
            number: head.number,
            actor: head.actor,
            occurred_at: head.occurred_at,
            undone: head.undone == 1,
            lines,
            told,
        };
        Ok(Since { data, as_of, total: 1 })
    }
}

async fn head(tx: &mut Tx, receipt: PostingId) -> Result<Option<Head>> {
    Ok(fetch_optional!(
        tx,
        "select p.store, s.code, s.currency, p.number, p.actor, p.occurred_at,
                cast(case when u.id is null then 0 else 1 end as bigint) as undone
         from inventory_posting p join inventory_store s on s.id = p.store
         left join inventory_posting u on u.reverses = p.id
         where p.id = $1 and p.kind = $2 and p.outcome = 'posted'",
        receipt,
        DocumentKind::Receipt.name()
    )?)
}

async fn lines(tx: &mut Tx, receipt: PostingId) -> Result<Vec<DeliveryLine>> {
    let rows: Vec<Line> = fetch_all!(
        tx,
        "select m.line, i.sku, i.name, m.quantity, m.unit_price
         from inventory_movement m join inventory_item i on i.id = m.item
         where m.posting = $1 and i.kind = $2 order by m.line",
        receipt,
        ItemKind::Stocked.name()
    )?;
    let told = rows.into_iter().map(|row| {
        let Line { line, sku, name, quantity, unit_price: unit_cost } = row;
        DeliveryLine { line, sku, name, quantity, unit_cost }
    });
    Ok(told.collect())
}

fn heard(line: &log::Line, costed: &Costed, undoes: Option<PostingId>, may_undo: bool) -> ToldCosts {
    let costs = costed.lines.iter().filter_map(|line| Some(LineCost { line: line.line, unit_cost: line.cost? }));
    let (id, lines, landed, what) = (costed.id, costs.collect(), costed.landed, costed.what.clone());
    ToldCosts { id, lines, landed, what, undoes, may_undo, actor: line.actor.clone(), at: line.at }
}
