//! The ledger: the only place where stock changes.

use crate::balance::{Balances, Key, Leg, Legs, change, promised};
pub(crate) use crate::balance::{NO_LOT, forget};
use crate::document::{Draft, DraftLine};
use crate::event::{Moved, Posted};
use crate::exception::{self, Crossing};
use crate::store::{self, SHOP, Site};
use crate::{kit, lot, rules, tax, write};
use auth::Act;
use db::{Tx, fetch_optional};
use model::{
    Change, Condition, DocumentKind, Error, Flaw, ItemId, LineTax, Money, PostingId, Quantity, Receipt, ReceiptLine,
    Refusal, Result, Reused, Time,
};
use std::collections::BTreeMap;

/// What became of a draft.
pub(crate) enum Outcome {
    /// It is in the ledger now, if the act is committed.
    Now(Box<Posted>),
    /// It was posted before; the act is to be dropped.
    Before(Box<Receipt>),
    /// Its id, or another reversal of the same, was there first; the act is to be dropped.
    Overtaken,
    /// The stock does not cover the promise; the act is to be dropped.
    Short(Refusal),
}

/// The condition of what may be sold.
pub(crate) const SELLABLE: &str = Condition::Sellable.name();

/// Posts a draft inside the act: balances, the posting, its movements, exceptions.
///
/// Balances are taken in the order of their keys, always: two documents with the same items in another order would
/// otherwise wait for each other for ever.
pub(crate) async fn post(act: &mut Act, site: &Site, draft: &Draft) -> Result<Outcome> {
    post_after(act, site, draft, &BTreeMap::new()).await
}

/// The same for goods that were reserved, after the reservations gave up that much of these balances in this act: a fact,
/// as what a customer takes at the till is.
pub(crate) async fn post_after(
    act: &mut Act,
    site: &Site,
    draft: &Draft,
    given_up: &BTreeMap<Key, i64>,
) -> Result<Outcome> {
    let legs = legs(draft)?;
    let occurred_at = match rules::moment(act, site, draft).await {
        Ok(moment) => moment,
        // Posted before the day was locked, it is answered as it was.
        Err(error) => {
            let before = before(act, draft.id, &draft.hash).await?;
            return before.map(|receipt| Outcome::Before(Box::new(receipt))).ok_or(error);
        }
    };
    let balances = if draft.promises() && given_up.is_empty() {
        match promised(act, site, draft, &legs).await? {
            Ok(balances) => balances,
            Err(refusal) => return before_or(act, draft, Outcome::Short(refusal)).await,
        }
    } else {
        change(act, site, &legs).await?
    };
    if draft.seen.is_some_and(|seen| balances.values().any(|balance| balance.version != seen + 1)) {
        return Err(Error::Conflict(Reused::Version));
    }
    let recorded_at = Time::now();
    let moment = (occurred_at.unwrap_or(recorded_at), recorded_at);
    let taxes = tax::of(act, site, draft, moment.0).await?;
    let mut posted = tell(site, draft, (&legs, &balances), taxes, moment)?;
    posted.receipt.tax = tax::of_lines(&posted.receipt)?;
    posted.changes = changes(act, site, draft, &balances).await?;
    write::posting(act, site, draft, &posted);
    let mut crossings = crossings(draft, &legs, &balances, given_up);
    let (tracked, costed) = (lot::concerns(draft), exception::cost::concerns(draft));
    if (!crossings.is_empty() || tracked || costed)
        && let Err(error) = act.settle().await
    {
        return if matches!(error, db::Error::Duplicate(_)) { Ok(Outcome::Overtaken) } else { Err(error.into()) };
    }
    if tracked {
        let (lots, expired) = lot::book(act, site, draft, &legs, &balances, &posted.local).await?;
        posted.lots = lots;
        crossings.extend(expired);
    }
    if costed {
        crossings.extend(exception::cost::of_delivery(act, site, draft).await?);
    }
    posted.exceptions = exception::open(act, site, draft.id, recorded_at, &crossings).await?;
    posted.closed = exception::cover(act, recorded_at, &crossings).await?;
    if let Some(original) = draft.reverses.filter(|_| draft.effect == DocumentKind::Sale && !posted.lots.is_empty()) {
        posted.closed.extend(lot::close(act, site, original, recorded_at, &posted.lots).await?);
    }
    Ok(Outcome::Now(Box::new(posted)))
}

impl DraftLine {
    /// The balance that it changes, and by how much.
    fn leg(&self) -> Option<(Key, i64)> {
        let location = self.at?;
        let key = Key { location, item: self.item.id, lot: NO_LOT, condition: self.condition };
        let size = self.quantity.abs().parts();
        Some((key, if self.to == location { size } else { -size }))
    }
}

impl Key {
    /// Is it what sales leave from?
    pub(crate) fn sells(&self, site: &Site) -> bool {
        self.location == site.shop && self.condition.is_sellable() && self.lot == NO_LOT
    }
}

/// What is changed: each line has one real place at most, and so one balance.
fn legs(draft: &Draft) -> Result<Legs> {
    let mut legs = Legs::new();
    for line in &draft.lines {
        let Some((key, delta)) = line.leg() else { continue };
        let leg = legs.entry(key).or_insert(Leg { key, delta: 0, movements: 0 });
        leg.delta = leg.delta.checked_add(delta).ok_or_else(|| too_much(&line.item.sku))?;
        leg.movements += 1;
    }
    Ok(legs)
}

fn too_much(sku: &str) -> Error {
    Flaw::new("lines", "quantity", format!("the stock of {sku} would leave the range that can be counted")).into()
}

/// Puts into words what the draft does, line by line.
fn tell(
    site: &Site,
    draft: &Draft,
    (legs, balances): (&Legs, &Balances),
    taxes: Vec<Option<LineTax>>,
    (occurred_at, recorded_at): (Time, Time),
) -> Result<Posted> {
    // Where each balance stood before the draft; it is walked forward line by line.
    let mut running: BTreeMap<Key, (i64, i64)> = BTreeMap::new();
    for (key, balance) in balances {
        let leg = &legs[key];
        running.insert(*key, (balance.on_hand.parts() - leg.delta, balance.version - leg.movements));
    }
    let mut total = Money::ZERO;
    let (mut lines, mut movements, mut of_kits) = (Vec::new(), Vec::new(), Vec::new());
    let mut kits = draft.kits.iter().peekable();
    let (mut parts, mut taxes) = (0..0, taxes.into_iter());
    let value_of = |price: Option<Money>, quantity: Quantity, sku: &str| {
        price.map_or(Ok(Money::ZERO), |price| price.checked_times(quantity).ok_or_else(|| too_much(sku)))
    };
    for (at, line) in (1_i64..).zip(&draft.lines) {
        if let Some(kit) = kits.next_if(|kit| i64::try_from(kit.first) == Ok(at - 1)) {
            parts = at..at + i64::try_from(kit.sizes.len()).unwrap_or_default();
            let value = value_of(kit.unit_price, kit.quantity, &kit.item.sku)?;
            total = total.checked_add(value).ok_or_else(|| too_much(&kit.item.sku))?;
            lines.push(ReceiptLine {
                sku: kit.item.sku.clone(),
                name: kit.item.name.clone(),
                quantity: kit.quantity,
                unit_price: kit.unit_price,
                list: kit.list.clone(),
                tax: taxes.next().flatten(),
                on_hand: None,
                version: None,
            });
            of_kits.push(i64::try_from(lines.len()).unwrap_or(i64::MAX));
        }
        let after = line.leg().and_then(|(key, delta)| {
            let (on_hand, version) = running.get_mut(&key)?;
            *on_hand += delta;
            *version += 1;
            Some((key, Quantity::from_parts(*on_hand), *version))
        });
        let on_sale = after.filter(|(key, ..)| key.sells(site));
        let value = value_of(line.unit_price, line.quantity, &line.item.sku)?;
        total = total.checked_add(value).ok_or_else(|| too_much(&line.item.sku))?;
        movements.push(Moved {
            line: at,
            item: line.item.id,
            stocked: line.item.stocked(),
            from: line.from,
            to: line.to,
            lot: None,
            condition: line.condition,
            quantity: line.quantity.abs(),
            unit_price: line.unit_price,
            reason: line.reason.clone(),
            version: after.map(|(.., version)| version),
        });
        if parts.contains(&at) {
            continue;
        }
        lines.push(ReceiptLine {
            sku: line.item.sku.clone(),
            name: line.item.name.clone(),
            quantity: line.quantity,
            unit_price: line.unit_price,
            list: line.list.clone(),
            tax: taxes.next().flatten(),
            on_hand: on_sale.map(|(_, on_hand, _)| on_hand),
            version: on_sale.map(|(.., version)| version),
        });
    }
    if total.parts().abs() > Money::PRICE_MAX.parts() {
        let message = format!("the document's total may be {} at most; split it", Money::PRICE_MAX);
        return Err(Flaw::new("lines", "total", message).into());
    }
    let receipt = Receipt {
        id: draft.id,
        kind: draft.kind,
        store: site.store.code.clone(),
        number: draft.number.clone(),
        currency: site.store.currency.clone(),
        occurred_at,
        recorded_at,
        reverses: draft.reverses,
        total,
        tax: Vec::new(),
        lines,
        seq: None,
    };
    Ok(Posted {
        receipt,
        store: site.store.id,
        local: site.local(occurred_at),
        told_at: draft.occurred_at.filter(|told| *told != occurred_at),
        channel: draft.channel,
        reason: draft.reason.clone(),
        author: draft.author.clone(),
        returns: draft.returns,
        effect: draft.effect,
        movements,
        kits: kit::told(draft, &of_kits),
        exceptions: Vec::new(),
        closed: Vec::new(),
        steps: Vec::new(),
        delivery: None,
        arrival: None,
        reservations: Vec::new(),
        changes: Vec::new(),
        lots: Vec::new(),
    })
}

/// The balances after it, as screens hear of them.
async fn changes(tx: &mut Tx, site: &Site, draft: &Draft, balances: &Balances) -> Result<Vec<Change>> {
    let codes = store::codes(tx, balances.keys().map(|key| key.location).filter(|place| *place != site.shop)).await?;
    let mut changes = Vec::with_capacity(balances.len());
    for (key, balance) in balances {
        let sku = sku(draft, key.item);
        if balance.on_hand.abs() > Quantity::BALANCE_MAX {
            return Err(too_much(sku));
        }
        changes.push(Change {
            store: site.store.code.clone(),
            location: key.location,
            location_code: codes.get(&key.location).cloned().unwrap_or_else(|| SHOP.to_owned()),
            item: key.item,
            sku: sku.to_owned(),
            condition: key.condition,
            on_hand: balance.on_hand,
            reserved: balance.reserved,
            version: balance.version,
            reserved_version: balance.reserved_version,
        });
    }
    Ok(changes)
}

/// Balances that went below zero with this draft, or below what is promised, or came back from there.
fn crossings(draft: &Draft, legs: &Legs, balances: &Balances, given_up: &BTreeMap<Key, i64>) -> Vec<Crossing> {
    let all = balances.iter().flat_map(|(key, balance)| {
        let line = draft.lines.iter().find(|line| line.item.id == key.item);
        let row = &line.expect("each balance comes from a line").item;
        let (now, promised) = (balance.on_hand.parts(), balance.reserved.parts());
        let stood = now - legs[key].delta;
        let had = promised + given_up.get(key).copied().unwrap_or_default();
        let below_zero = Crossing::through_zero(key.location, row, stood, now);
        [below_zero, Crossing::through_promises(key.location, row, (stood, had), (now, promised))]
    });
    all.filter(Crossing::is_one).collect()
}

fn sku(draft: &Draft, item: ItemId) -> &str {
    let line = draft.lines.iter().find(|line| line.item.id == item);
    line.map(|line| line.item.sku.as_str()).unwrap_or_default()
}

/// Writes a refused id down with its answer; `false` when it is there already.
pub(crate) async fn refuse(act: &mut Act, site: &Site, draft: &Draft, refusal: &Refusal) -> Result<bool> {
    let answer = serde_json::to_string(refusal).expect("these types hold nothing that JSON cannot say");
    let (journal, principal) = (act.journal(), act.actor().principal.to_string());
    let (name, device, now) = (act.actor().name.clone(), act.actor().via.device.clone(), Time::now());
    let rows = db::execute!(
        act,
        "insert into inventory_posting (id, payload_hash, kind, outcome, answer, store, number, principal, actor,
                                        device, occurred_at, recorded_at, reverses, journal)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) on conflict do nothing",
        draft.id,
        &draft.hash,
        draft.kind.name(),
        "refused",
        &answer,
        site.store.id,
        &draft.number,
        &principal,
        &name,
        &device,
        draft.occurred_at.unwrap_or(now),
        now,
        // A refused attempt leaves the original free to be undone by another.
        None::<PostingId>,
        journal
    )?;
    Ok(rows == 1)
}

/// The first outcome of the draft's id, if it has one; else `otherwise`.
async fn before_or(tx: &mut Tx, draft: &Draft, otherwise: Outcome) -> Result<Outcome> {
    match before(tx, draft.id, &draft.hash).await? {
        Some(receipt) => Ok(Outcome::Before(Box::new(receipt))),
        None => Ok(otherwise),
    }
}

/// What that id was answered with before: the receipt, or the same refusal; other content is a conflict.
pub(crate) async fn before(tx: &mut Tx, id: PostingId, hash: &[u8]) -> Result<Option<Receipt>> {
    let row: Option<(Vec<u8>, String, String)> =
        fetch_optional!(tx, "select payload_hash, outcome, answer from inventory_posting where id = $1", id)?;
    let Some((known, outcome, answer)) = row else { return Ok(None) };
    if known != hash {
        return Err(Error::Conflict(Reused::Id));
    }
    if outcome == "refused" {
        let refusal: Refusal = serde_json::from_str(&answer).map_err(|_| Error::NotFound)?;
        return Err(refusal.into());
    }
    crate::posting::stored(&answer).map(Some)
}
