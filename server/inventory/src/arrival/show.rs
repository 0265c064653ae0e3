//! What is being counted of deliveries: who, how many of what.

use super::{Part, part};
use crate::{Inventory, item};
use db::{Tx, fetch_all, query_rows};
use model::{
    Action, Actor, Arrival, ArrivalLine, ArrivalState, LineLot, NewReceipt, PostingId, Quantity, Result, Since,
};
use std::collections::{HashMap, HashSet};

impl Inventory {
    /// What people count of a store's deliveries and is not booked in, the latest change first: 200 parts at most. `also`
    /// asks for that part too, whatever became of it.
    pub async fn arrivals(&self, actor: &Actor, store: &str, also: Option<PostingId>) -> Result<Since<Vec<Arrival>>> {
        let site = self.site(actor, Action::SeeStock, store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let mut parts: Vec<Part> = fetch_all!(
            &mut tx,
            "select a.id, a.delivery, a.store, a.principal, a.person, a.turn, a.content, a.state, a.ender, a.changed_at
             from inventory_arrival a
             where a.store = $1 and a.state = 'open' and a.lines > 0
               and not exists (select 1 from inventory_posting p where p.id = a.id)
             order by a.changed_at desc, a.id desc limit 200",
            site.store.id
        )?;
        if let Some(id) = also.filter(|id| parts.iter().all(|part| part.id != *id)) {
            parts.extend(part(&mut tx, id).await?.filter(|part| part.store == site.store.id));
        }
        let total = i64::try_from(parts.len()).unwrap_or(i64::MAX);
        let data = told(&mut tx, actor, parts).await?;
        Ok(Since { data, as_of: self.auth.log().head(&mut tx).await?, total })
    }
}

/// Parts as they are told.
pub(super) async fn told(tx: &mut Tx, actor: &Actor, parts: Vec<Part>) -> Result<Vec<Arrival>> {
    let receipts = parts.iter().map(Part::receipt).collect::<Result<Vec<_>>>()?;
    let of = |receipt: &NewReceipt| {
        let skus = receipt.lines.iter().map(|line| line.sku.clone());
        skus.chain(receipt.rejected.iter().map(|line| line.sku.clone())).collect::<Vec<_>>()
    };
    let skus: HashSet<String> = receipts.iter().flat_map(of).collect();
    let skus: Vec<&str> = skus.iter().map(String::as_str).collect();
    let items = item::by_sku(tx, &skus).await?;
    let name = |sku: &str| items.get(sku).map(|item| item.name.clone()).unwrap_or_default();
    let posted = posted(tx, &parts).await?;
    let me = actor.principal.to_string();
    let told = parts.into_iter().zip(receipts).map(|(part, receipt)| {
        let state = if posted.contains(&part.id) { ArrivalState::Booked } else { part.state()? };
        Ok(Arrival {
            id: part.id,
            delivery: part.delivery,
            order: receipt.order,
            number: receipt.number.clone(),
            mine: part.principal == me,
            person: part.person,
            turn: part.turn,
            state,
            ender: part.ender,
            changed_at: part.changed_at,
            lines: lines(&receipt, name),
        })
    });
    told.collect()
}

/// Those that have a posting.
async fn posted(tx: &mut Tx, parts: &[Part]) -> Result<HashSet<PostingId>> {
    let rows: Vec<(PostingId,)> = query_rows!(
        tx,
        "with wanted (id) as (",
        parts,
        |row, part| {
            row.push_bind(part.id);
        },
        ") select p.id from wanted join inventory_posting p on p.id = wanted.id where p.outcome = 'posted'"
    )?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// What it takes, line by line, with what of it is not taken; and last what of others is not.
fn lines(receipt: &NewReceipt, name: impl Fn(&str) -> String) -> Vec<ArrivalLine> {
    let lots: HashMap<u32, &LineLot> = receipt.lots.iter().map(|lot| (lot.line, lot)).collect();
    let mut left: HashMap<&str, Quantity> =
        receipt.rejected.iter().map(|line| (line.sku.as_str(), line.quantity)).collect();
    let taken = (1..).zip(&receipt.lines).map(|(nth, line)| {
        let lot = lots.get(&nth);
        ArrivalLine {
            sku: line.sku.clone(),
            name: name(&line.sku),
            quantity: line.quantity,
            lot: lot.map(|lot| lot.lot.clone()),
            expires_on: lot.and_then(|lot| lot.expires_on),
            serials: line.serials.clone(),
            rejected: left.remove(line.sku.as_str()).unwrap_or_default(),
        }
    });
    let mut lines: Vec<ArrivalLine> = taken.collect();
    let rest = receipt.rejected.iter().filter_map(|line| {
        let rejected = left.remove(line.sku.as_str())?;
        let (sku, name, quantity) = (line.sku.clone(), name(&line.sku), Quantity::ZERO);
        Some(ArrivalLine { sku, name, quantity, lot: None, expires_on: None, serials: Vec::new(), rejected })
    });
    lines.extend(rest);
    lines
}
