//! Transfers: what is to be sent from one place to another, how it is put together, and how it is told.
//!
//! Its lines are set in `transfer_lines`, what moves goods is in `transfer_step`, the lists are in `transfer_list`.

use crate::balance::{Key, NO_LOT};
use crate::item::ItemRow;
use crate::ledger::SELLABLE;
use crate::paper::{self, NewPaper, Opened, Paper, Stepped};
use crate::store::{SHOP, Site};
use crate::transfer_lines::{check_amounts, set_lines};
use crate::{Event, Inventory, approval, document, lot, place};
use auth::Act;
use db::{Tx, execute, fetch_all, fetch_one};
use model::{
    Action, Actor, Error, Flaw, ItemId, LocationId, LotTake, Money, NewTransfer, PaperId, PaperKind, Quantity, Result,
    Reused, Since, Store, StoreId, Tracking, Transfer, TransferLine, TransferState,
};
use std::collections::HashMap;
use std::sync::Arc;

/// One line, with what the ledger has to know of its item.
#[derive(Clone, sqlx::FromRow)]
pub(crate) struct Line {
    #[sqlx(flatten)]
    pub(crate) item: ItemRow,
    pub(crate) asked: Quantity,
    pub(crate) shipped: Quantity,
    pub(crate) received: Quantity,
    pub(crate) returned: Quantity,
    pub(crate) lost: Quantity,
    here: Quantity,
    there: Quantity,
    /// The serial numbers that are to be sent, or were.
    #[sqlx(skip)]
    pub(crate) serials: Vec<String>,
    /// The lots that are to be sent by their names, or were.
    #[sqlx(skip)]
    pub(crate) named: Vec<LotTake>,
}

impl Line {
    /// How many are on the way.
    pub(crate) fn in_transit(&self) -> Quantity {
        let gone = self.received.parts() + self.returned.parts() + self.lost.parts();
        Quantity::from_parts(self.shipped.parts() - gone)
    }

    /// How many are to be sent of which nobody names the lot.
    pub(crate) fn nameless(&self) -> i64 {
        self.named.iter().fold(self.asked.parts(), |left, one| left - one.quantity.parts()).max(0)
    }
}

/// A transfer as a step finds it.
pub(crate) struct Trip {
    pub(crate) paper: Paper,
    pub(crate) from: LocationId,
    pub(crate) to: LocationId,
    pub(crate) lines: Vec<Line>,
}

impl Trip {
    pub(crate) fn state(&self) -> Result<TransferState> {
        // Only a hand in the database can make it another; `verify` finds that.
        TransferState::named(&self.paper.state).ok_or(Error::NotFound)
    }

    /// What it is worth, at the items' prices.
    pub(crate) fn value(&self) -> Money {
        let worth = self.lines.iter().filter_map(|line| line.item.price?.checked_times(line.asked));
        worth.fold(Money::ZERO, |sum, more| sum.checked_add(more).unwrap_or(Money::PRICE_MAX))
    }
}

impl Inventory {
    /// Opens a transfer as a draft. Sending the same again answers with it as it is.
    ///
    /// Who sends needs the right in the store that sends; the other store is only named. Errors: as
    /// [`Inventory::store`]; [`Error::Invalid`] for unknown places, items and quantities.
    pub async fn add_transfer(&self, actor: &Actor, new: NewTransfer) -> Result<Transfer> {
        check(&new)?;
        let hash = document::hash(model::DocumentKind::Transfer, &new);
        let site = self.site(actor, Action::Transfer, &new.store).await?;
        let to_site = self.destination(&new).await?;
        let mut act = self.auth.act(actor, Action::Transfer.at(site.store.id)).await?;
        let to_store = (to_site.store.id != site.store.id).then_some(to_site.store.id);
        let opened = paper::open(
            &mut act,
            &site,
            NewPaper {
                id: new.id,
                kind: PaperKind::Transfer,
                to_store,
                party: None,
                state: TransferState::Draft.name(),
                hash: &hash,
                reference: None,
                note: new.note.as_deref(),
                due_on: None,
            },
        )
        .await?;
        let paper = match opened {
            Opened::Now(paper) => *paper,
            Opened::Before(paper) => {
                act.withdraw().await?;
                return self.transfer_again(actor, paper.id, 201).await;
            }
        };
        let from = end(&mut act, &site, new.from.as_deref(), "from").await?;
        let to = end(&mut act, &to_site, new.to.as_deref(), "to").await?;
        if from == to {
            return Err(Flaw::new("to", "same_place", "goods go from one place to another; choose another one").into());
        }
        execute!(
            act,
            "insert into inventory_transfer (paper, from_location, to_location) values ($1, $2, $3)",
            paper.id,
            from,
            to
        )?;
        // From here on neither is given up: a transfer leads there. On PostgreSQL one may have been a moment ago.
        end(&mut act, &site, new.from.as_deref(), "from").await?;
        end(&mut act, &to_site, new.to.as_deref(), "to").await?;
        set_lines(&mut act, paper.id, &new.lines).await?;
        let trip = read(&mut act, paper).await?;
        self.end_transfer_step(act, "inventory.transfer_written", trip, 201).await
    }

    async fn destination(&self, new: &NewTransfer) -> Result<Arc<Site>> {
        let code = new.to_store.as_deref().unwrap_or(&new.store);
        let unknown = || Flaw::new("to_store", "unknown_store", format!("there is no store {code:?}; check its code"));
        self.known_site(code).await?.ok_or_else(|| unknown().into())
    }

    /// The open stores to which goods can be sent, for who may send from that one: their codes and names are no secret
    /// to them, what is in them is. Nobody else is told any.
    pub async fn destinations(&self, actor: &Actor, store: &str) -> Result<Vec<Store>> {
        let site = self.site(actor, Action::SeeStock, store).await?;
        if !actor.may(Action::Transfer.at(site.store.id)) {
            return Ok(Vec::new());
        }
        let all = self.stores(&Actor::system("inventory")).await?;
        Ok(all.into_iter().filter(|other| other.id != site.store.id).collect())
    }

    /// A transfer that they may see: of a store of theirs, or on its way to one.
    pub async fn transfer(&self, actor: &Actor, id: PaperId) -> Result<Since<Transfer>> {
        let paper = self.paper(actor, PaperKind::Transfer, id).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.anywhere()).await?;
        // It may have taken a step since.
        let paper = paper::find_paper(&mut tx, paper.id).await?.ok_or(Error::NotFound)?;
        let trip = read(&mut tx, paper).await?;
        let data = told(&mut tx, actor, &trip).await?;
        Ok(Since { data, as_of: self.auth.log().head(&mut tx).await?, total: 1 })
    }

    /// What was there before, as it is now; it is what the request's key is answered with from now on.
    pub(crate) async fn transfer_again(&self, actor: &Actor, id: PaperId, status: u16) -> Result<Transfer> {
        let transfer = self.transfer(actor, id).await?.data;
        self.auth.keep_answer(actor, status, &transfer, None).await?;
        Ok(transfer)
    }

    /// Ends a step that moved no goods.
    pub(crate) async fn end_transfer_step(
        &self,
        mut act: Act,
        topic: &'static str,
        trip: Trip,
        status: u16,
    ) -> Result<Transfer> {
        let actor = act.actor().clone();
        let transfer = told(&mut act, &actor, &trip).await?;
        let lines: HashMap<&str, Quantity> =
            transfer.lines.iter().map(|line| (line.sku.as_str(), line.asked)).collect();
        let told = serde_json::json!({ "asked": lines, "note": trip.paper.note });
        let stepped = Stepped { topic, store: trip.paper.store, step: trip.paper.step(), told };
        match act.commit_answering(Event::Stepped(Box::new(stepped)), status, &transfer).await? {
            Some(done) if done.before.is_none() => Ok(transfer),
            // This act is undone; its twin's answer is told.
            Some(_) => Err(Error::Conflict(Reused::Key)),
            None => self.transfer_again(&actor, transfer.id, status).await,
        }
    }
}

/// The place at one end of it.
async fn end(act: &mut Act, site: &Site, code: Option<&str>, field: &str) -> Result<LocationId> {
    let Some(code) = code.filter(|code| *code != SHOP) else { return Ok(site.shop) };
    let message = format!("there is no place {code:?} in {}; check its code", site.store.code);
    place::on_use(act, site.store.id, code).await?.ok_or_else(|| Flaw::new(field, "unknown_place", message).into())
}

fn check(new: &NewTransfer) -> Result<()> {
    let mut flaws = Vec::new();
    document::check_text(&mut flaws, "note", new.note.as_deref(), 200);
    check_amounts(&mut flaws, &new.lines, false);
    if flaws.is_empty() { Ok(()) } else { Err(Error::Invalid(flaws)) }
}

/// Reads where it goes and its lines, by SKU.
pub(crate) async fn read(tx: &mut Tx, paper: Paper) -> Result<Trip> {
    let (from, to): (LocationId, LocationId) =
        fetch_one!(tx, "select from_location, to_location from inventory_transfer where paper = $1", paper.id)?;
    let mut lines: Vec<Line> = fetch_all!(
        tx,
        "select i.id, i.sku, i.name, i.unit, i.kind, i.price, i.promise_policy, i.web_policy, i.costing, i.tracking, l.asked, l.shipped, l.received,
                l.returned, l.lost, coalesce(f.on_hand, 0) as here, coalesce(t.on_hand, 0) as there
         from inventory_transfer_line l
         join inventory_item i on i.id = l.item
         left join inventory_balance f on f.location = $2 and f.item = l.item and f.lot = $4 and f.condition = $5
         left join inventory_balance t on t.location = $3 and t.item = l.item and t.lot = $4 and t.condition = $5
         where l.paper = $1 order by i.sku",
        paper.id,
        from,
        to,
        NO_LOT,
        SELLABLE
    )?;
    if lines.iter().any(|line| line.item.has_serials()) {
        let serials: Vec<(ItemId, String)> = fetch_all!(
            tx,
            "select item, code from inventory_transfer_serial where paper = $1 order by item, code",
            paper.id
        )?;
        for line in &mut lines {
            let of = serials.iter().filter(|(item, _)| *item == line.item.id);
            line.serials = of.map(|(_, code)| code.clone()).collect();
        }
    }
    if lines.iter().any(|line| line.item.by_lot()) {
        let lots: Vec<(ItemId, String, Option<String>, Quantity)> = fetch_all!(
            tx,
            "select n.item, n.code, l.expires_on, n.quantity
             from inventory_transfer_lot n join inventory_lot l on l.item = n.item and l.code = n.code
             where n.paper = $1 order by n.item, n.code",
            paper.id
        )?;
        for line in lines.iter_mut().filter(|line| line.item.by_lot()) {
            let of = lots.iter().filter(|lot| lot.0 == line.item.id);
            let named = of.map(|(_, code, until, quantity)| LotTake {
                lot: code.clone(),
                expires_on: lot::date(until.clone()),
                quantity: *quantity,
            });
            line.named = named.collect();
        }
    }
    Ok(Trip { paper, from, to, lines })
}

/// A transfer as they are told of it: what is in a store is for who sees its stock.
pub(crate) async fn told(tx: &mut Tx, actor: &Actor, trip: &Trip) -> Result<Transfer> {
    let paper = &trip.paper;
    let state = trip.state()?;
    let to_store = paper.to_store.unwrap_or(paper.store);
    let stores: Vec<(StoreId, String)> =
        fetch_all!(tx, "select id, code from inventory_store where id = $1 or id = $2", paper.store, to_store)?;
    let store = |id: StoreId| stores.iter().find(|store| store.0 == id).map(|store| store.1.clone());
    let codes = crate::store::codes(tx, [trip.from, trip.to].into_iter()).await?;
    let by = approval::approver(tx, paper.store, PaperKind::Transfer, trip.value()).await?.filter(|_| state.is_draft());
    let sees = |store: StoreId| actor.may(Action::SeeStock.at(store));
    let (sees_here, sees_there) = (sees(paper.store), sees(to_store));
    let mut lots = lots(tx, paper.store, state, trip).await?;
    if !sees_here {
        lots.iter_mut().for_each(Vec::clear);
    }
    let lines = trip.lines.iter().zip(lots).map(|(line, lots)| TransferLine {
        item: line.item.id,
        sku: line.item.sku.clone(),
        name: line.item.name.clone(),
        asked: line.asked,
        shipped: line.shipped,
        received: line.received,
        in_transit: line.in_transit(),
        returned: line.returned,
        lost: line.lost,
        here: sees_here.then_some(line.here),
        there: sees_there.then_some(line.there),
        tracking: Tracking::named(&line.item.tracking),
        serials: line.serials.clone(),
        named: line.named.clone(),
        lots,
    });
    Ok(Transfer {
        id: paper.id,
        number: paper.number.clone(),
        state,
        version: paper.version,
        store: store(paper.store).ok_or(Error::NotFound)?,
        from: codes.get(&trip.from).cloned().unwrap_or_default(),
        to_store: store(to_store).ok_or(Error::NotFound)?,
        to: codes.get(&trip.to).cloned().unwrap_or_default(),
        note: paper.note.clone(),
        author: paper.author.clone(),
        approver: paper.approver.clone(),
        needs_approval: by.is_some(),
        approved_by: by,
        created_at: paper.created_at,
        changed_at: paper.changed_at,
        lines: lines.collect(),
    })
}

/// Until it leaves, the lots of each line from which what names none leaves first; then those that are on the way.
async fn lots(tx: &mut Tx, store: StoreId, state: TransferState, trip: &Trip) -> Result<Vec<Vec<LotTake>>> {
    let none = vec![Vec::new(); trip.lines.len()];
    if !trip.lines.iter().any(|line| line.item.by_lot()) {
        return Ok(none);
    }
    match state {
        TransferState::Draft | TransferState::Approved => leaving(tx, store, trip).await,
        _ if state.is_under_way() => {
            let transit = place::transit(tx, store).await?;
            let mut sent = lot::on_the_way(tx, &trip.paper.number, transit).await?;
            Ok(trip
                .lines
                .iter()
                .map(|line| sent.remove(&line.item.id).filter(|_| line.item.by_lot()).unwrap_or_default())
                .collect())
        }
        _ => Ok(none),
    }
}

async fn leaving(tx: &mut Tx, store: StoreId, trip: &Trip) -> Result<Vec<Vec<LotTake>>> {
    let (zone,): (String,) = fetch_one!(tx, "select time_zone from inventory_store where id = $1", store)?;
    let mut wanted: Vec<(Key, i64)> = Vec::new();
    let mut named: Vec<(Key, &str, i64)> = Vec::new();
    for line in &trip.lines {
        let key = Key::sellable(trip.from, line.item.id);
        wanted.push((key, if line.item.by_lot() { line.nameless() } else { 0 }));
        named.extend(line.named.iter().map(|one| (key, one.lot.as_str(), one.quantity.parts())));
    }
    lot::first(tx, &zone, &wanted, &named).await
}
