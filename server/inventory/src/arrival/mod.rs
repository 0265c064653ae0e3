//! What people count of a delivery before it is booked in: each has a part of their own, which all of them see.
//!
//! A part has the id of the posting that books it: however many book it, it counts once. Its row is taken before the order
//! and the balances, always.

mod book;
mod rest;
mod show;
pub(crate) mod verify;

pub(crate) use book::posting;

use crate::document::{Document, check_text};
use crate::{Event, Inventory, item, paper};
use auth::Act;
use db::{Tx, execute, fetch_optional};
use model::{
    Action, Actor, Arrival, ArrivalState, Error, Flaw, NewArrival, NewReceipt, PaperId, PaperKind, PostingId, Quantity,
    Result, Reused, StoreId, Time,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The state of a part that its own device booked in, maybe with more than is known here.
const POSTED: &str = "posted";

/// A part, as the table has it.
#[derive(Clone, Debug, sqlx::FromRow)]
struct Part {
    id: PostingId,
    delivery: PaperId,
    store: StoreId,
    principal: String,
    person: String,
    turn: i64,
    content: String,
    state: String,
    ender: Option<String>,
    changed_at: Time,
}

impl Part {
    /// The receipt that it becomes.
    fn receipt(&self) -> Result<NewReceipt> {
        // Only a hand in the database can make it unreadable; `verify` finds that.
        serde_json::from_str(&self.content).map_err(|_| Error::NotFound)
    }

    fn state(&self) -> Result<ArrivalState> {
        if self.state == POSTED {
            Ok(ArrivalState::Booked)
        } else {
            ArrivalState::named(&self.state).ok_or(Error::NotFound)
        }
    }
}

/// Which delivery a journal line is about, when it tells of a part of one that is not booked in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// The order, or what its parts have in common.
    pub delivery: PaperId,
    /// Whose part, by its id.
    pub arrival: PostingId,
    /// What was counted of each item that changed, so many in all by now.
    pub items: Vec<CountedItem>,
}

/// What somebody counted of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountedItem {
    /// Its SKU.
    pub sku: String,
    /// How many are taken.
    pub quantity: Quantity,
}

impl Counted {
    /// What that journal line tells of a part; `None` for other topics.
    #[must_use]
    pub fn of(line: &log::Line) -> Option<Self> {
        let is = matches!(line.topic.as_str(), "inventory.arrival_counted" | "inventory.arrival_discarded");
        is.then(|| serde_json::from_str(&line.body).ok()).flatten()
    }

    fn event(self, topic: &'static str, store: StoreId, subject: String) -> Event {
        let told = serde_json::to_value(self).expect("these types hold nothing that JSON cannot say");
        Event::Told { topic, store, subject, told }
    }
}

impl Inventory {
    /// Tells what they have counted of a delivery so far, all of it; answers with it as it is known now. What is older than
    /// that changes nothing, and neither does what comes for a part that is booked in. One that somebody discarded is open
    /// again: the device on which it was counted knows better.
    ///
    /// Errors: [`Error::NotFound`] for an order of another store; [`Reused::Id`] when the part is somebody else's;
    /// `Invalid`.
    pub async fn share_arrival(&self, actor: &Actor, new: NewArrival) -> Result<Arrival> {
        let receipt = &new.receipt;
        check(&new)?;
        let site = self.site(actor, Action::Receive, &receipt.store).await?;
        let mut act = self.auth.act(actor, Action::Receive.at(site.store.id)).await?;
        let delivery = match receipt.order {
            Some(order) => order_of(&mut act, order, site.store.id).await?,
            None => new.delivery,
        };
        known(&mut act, receipt).await?;
        let before = part(&mut act, receipt.id).await?;
        if before.as_ref().is_some_and(|part| part.principal != actor.principal.to_string()) {
            return Err(Error::Conflict(Reused::Id));
        }
        let written = write(&mut act, delivery, site.store.id, &new).await?;
        let after = part(&mut act, receipt.id).await?.ok_or(Error::NotFound)?;
        if !written {
            act.withdraw().await?;
            let mut tx = self.auth.read(actor, Action::Receive.at(site.store.id)).await?;
            let told = show::told(&mut tx, actor, vec![after]).await?.pop().ok_or(Error::NotFound)?;
            drop(tx);
            self.auth.keep_answer(actor, 200, &told, None).await?;
            return Ok(told);
        }
        let told = show::told(&mut act, actor, vec![after]).await?.pop().ok_or(Error::NotFound)?;
        let items = changed(before.map(|part| part.receipt()).transpose()?.as_ref(), receipt);
        let counted = Counted { delivery, arrival: receipt.id, items };
        let subject = receipt.number.clone().unwrap_or_else(|| site.store.code.clone());
        act.conclude(counted.event("inventory.arrival_counted", site.store.id, subject), 200, &told).await?;
        Ok(told)
    }

    /// Says that what somebody counted does not count; answers with it. The same again changes nothing.
    ///
    /// Errors: [`Error::NotFound`]; [`model::Refusal::WrongState`] for what is booked in.
    pub async fn discard_arrival(&self, actor: &Actor, id: PostingId) -> Result<Arrival> {
        let store = self.arrival_of(actor, Action::Receive, id).await?.store;
        let mut act = self.auth.act(actor, Action::Receive.at(store)).await?;
        let (ender, now) = (actor.name.clone(), Time::now());
        let gone = execute!(
            act,
            "update inventory_arrival set state = 'discarded', ender = $2, changed_at = $3
             where id = $1 and state = 'open'
               and not exists (select 1 from inventory_posting p where p.id = inventory_arrival.id)",
            id,
            &ender,
            now
        )?;
        let part = part(&mut act, id).await?.ok_or(Error::NotFound)?;
        let told = show::told(&mut act, actor, vec![part.clone()]).await?.pop().ok_or(Error::NotFound)?;
        if gone == 0 {
            act.withdraw().await?;
            if told.state != ArrivalState::Discarded {
                return Err(model::Refusal::WrongState { state: told.state.name().into() }.into());
            }
            self.auth.keep_answer(actor, 200, &told, None).await?;
            return Ok(told);
        }
        let counted = Counted { delivery: part.delivery, arrival: id, items: changed(None, &part.receipt()?) };
        act.conclude(counted.event("inventory.arrival_discarded", store, part.person.clone()), 200, &told).await?;
        Ok(told)
    }

    /// A part in a store in which they may do that. What is not theirs is as good as none.
    async fn arrival_of(&self, actor: &Actor, action: Action, id: PostingId) -> Result<Part> {
        let mut tx = self.auth.read(actor, action.anywhere()).await?;
        let scope = actor.scope(action);
        part(&mut tx, id).await?.filter(|part| scope.holds(part.store)).ok_or(Error::NotFound)
    }

    /// May they take part in that delivery? Errors: `Forbidden`; [`Error::NotFound`].
    pub async fn may_receive(&self, actor: &Actor, id: PostingId) -> Result<()> {
        self.arrival_of(actor, Action::Receive, id).await.map(drop)
    }
}

/// What can be seen of it without looking anything up.
fn check(new: &NewArrival) -> Result<()> {
    let receipt = &new.receipt;
    if new.turn < 1 {
        return Err(Flaw::new("turn", "quantity", "count the changes from 1").into());
    }
    if receipt.lines.is_empty() {
        let mut flaws = Vec::new();
        check_text(&mut flaws, "number", receipt.number.as_deref(), 64);
        if !receipt.lots.is_empty() {
            flaws.push(Flaw::new("lots", "line", "there is no line that they could be of"));
        }
        if !flaws.is_empty() {
            return Err(Error::Invalid(flaws));
        }
    } else {
        Document::try_from(receipt.clone())?;
    }
    crate::purchase::sound(&receipt.rejected)?;
    if receipt.order.is_none() && !receipt.rejected.is_empty() {
        return Err(crate::posting::not_ordered());
    }
    Ok(())
}

/// That order, when it is of that store.
async fn order_of(act: &mut Act, order: PaperId, store: StoreId) -> Result<PaperId> {
    let paper = paper::find_paper(act, order).await?;
    let theirs = paper.filter(|paper| paper.kind == PaperKind::PurchaseOrder && paper.store == store);
    theirs.map(|paper| paper.id).ok_or(Error::NotFound)
}

/// Errors: `Invalid` for items that nobody knows.
async fn known(act: &mut Act, receipt: &NewReceipt) -> Result<()> {
    let mut skus: Vec<&str> = receipt.lines.iter().map(|line| line.sku.as_str()).collect();
    skus.extend(receipt.rejected.iter().map(|line| line.sku.as_str()));
    skus.sort_unstable();
    skus.dedup();
    let items = item::by_sku(act, &skus).await?;
    let lines = receipt.lines.iter().map(|line| &line.sku).enumerate().map(|(at, sku)| ("lines", at, sku));
    let rejected = receipt.rejected.iter().map(|line| &line.sku).enumerate().map(|(at, sku)| ("rejected", at, sku));
    let strange = lines.chain(rejected).filter(|(_, _, sku)| !items.contains_key(*sku));
    let flaws = strange.map(|(field, at, sku)| {
        let message = format!("there is no item {sku:?}; add it first or check the SKU");
        Flaw::new(format!("{field}[{at}].sku"), "unknown_sku", message)
    });
    let flaws: Vec<Flaw> = flaws.collect();
    if flaws.is_empty() { Ok(()) } else { Err(Error::Invalid(flaws)) }
}

async fn part(tx: &mut Tx, id: PostingId) -> Result<Option<Part>> {
    Ok(fetch_optional!(
        tx,
        "select id, delivery, store, principal, person, turn, content, state, ender, changed_at
         from inventory_arrival where id = $1",
        id
    )?)
}

/// Writes it down, unless it is old or over; whether it did.
async fn write(act: &mut Act, delivery: PaperId, store: StoreId, new: &NewArrival) -> Result<bool> {
    let (principal, person) = (act.actor().principal.to_string(), act.actor().name.clone());
    // When it was counted is when it is booked in: nobody has said that yet.
    let receipt = NewReceipt { occurred_at: None, ..new.receipt.clone() };
    let content = serde_json::to_string(&receipt).expect("these types hold nothing that JSON cannot say");
    let lines = i64::try_from(receipt.lines.len() + receipt.rejected.len()).unwrap_or(i64::MAX);
    let written = execute!(
        act,
        "insert into inventory_arrival (id, delivery, store, principal, person, turn, lines, content, state, opened_at,
                                        changed_at)
         select $1, $2, $3, $4, $5, $6, $7, $8, 'open', $9, $9
         where not exists (select 1 from inventory_posting where id = $1)
         on conflict (id) do update
         set delivery = excluded.delivery, person = excluded.person, turn = excluded.turn, lines = excluded.lines,
             content = excluded.content, state = 'open', ender = null, changed_at = excluded.changed_at
         where inventory_arrival.turn < excluded.turn and inventory_arrival.state in ('open', 'discarded')
           and inventory_arrival.principal = excluded.principal and inventory_arrival.store = excluded.store",
        receipt.id,
        delivery,
        store,
        &principal,
        &person,
        new.turn,
        lines,
        &content,
        Time::now()
    )?;
    Ok(written == 1)
}

/// How many of each item are taken by now, where that is not what it was.
fn changed(before: Option<&NewReceipt>, now: &NewReceipt) -> Vec<CountedItem> {
    let sums = |receipt: &NewReceipt| {
        let mut sums = BTreeMap::<String, i64>::new();
        for line in &receipt.lines {
            let sum = sums.entry(line.sku.clone()).or_default();
            *sum = sum.saturating_add(line.quantity.parts());
        }
        sums
    };
    let (before, now) = (before.map(sums).unwrap_or_default(), sums(now));
    let gone = before.keys().filter(|sku| !now.contains_key(*sku)).map(|sku| (sku.clone(), 0));
    let counted = now.iter().filter(|(sku, size)| before.get(*sku) != Some(*size));
    let counted = counted.map(|(sku, size)| (sku.clone(), *size)).chain(gone);
    counted.map(|(sku, size)| CountedItem { sku, quantity: Quantity::from_parts(size) }).collect()
}
