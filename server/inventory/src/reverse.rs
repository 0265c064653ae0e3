//! Undo: a posting's movements the other way round, never an edit.

use crate::document::{Draft, DraftLine, action, hash};
use crate::item::ItemRow;
use crate::kit::KitLine;
use crate::ledger::Outcome;
use crate::{Inventory, Posted, correction, counting, kit, ledger, promise, purchase, transfer_found};
use auth::Act;
use db::{Tx, fetch_all, fetch_optional};
use model::{
    Action, Actor, Channel, Condition, DocumentKind, Error, Flaw, LocationId, LocationKind, Money, NewReversal,
    PostingId, Quantity, Receipt, Refusal, Result, StoreId, Time,
};

/// How long the author of a posting may undo it without the right to undo anything.
const AUTHOR_SECONDS: i64 = 15 * 60;

#[derive(sqlx::FromRow)]
struct Original {
    kind: String,
    outcome: String,
    store: StoreId,
    code: String,
    principal: String,
    recorded_at: Time,
    number: Option<String>,
}

#[derive(sqlx::FromRow)]
struct OriginalLine {
    #[sqlx(flatten)]
    item: ItemRow,
    from_location: LocationId,
    to_location: LocationId,
    #[sqlx(try_from = "String")]
    condition: Condition,
    quantity: Quantity,
    unit_price: Option<Money>,
    reason: Option<String>,
    from_kind: String,
    to_kind: String,
}

impl Inventory {
    /// Undoes a posting by one with the opposite movements: once, and never a reversal itself.
    ///
    /// Anything may be undone with the right to; what one posted oneself, also within 15 minutes without it.
    ///
    /// Errors: [`Refusal::AlreadyReversed`]; [`Refusal::Returned`] for a sale of which something was brought back;
    /// [`Refusal::PlaceGivenUp`] when goods would come to lie where nobody looks any more; and as the ledger's.
    pub async fn reverse(&self, actor: &Actor, posting: PostingId, new: NewReversal) -> Result<Receipt> {
        if new.reason.as_ref().is_some_and(|text| text.chars().count() > 200 || text.chars().any(char::is_control)) {
            return Err(Flaw::new("reason", "text", "use at most 200 visible characters").into());
        }
        let gates = [
            Action::Reverse,
            Action::Sell,
            Action::TakeBack,
            Action::Adjust,
            Action::Receive,
            Action::Transfer,
            Action::Purchase,
        ];
        let gate = gates.into_iter().find(|gate| actor.may(gate.anywhere())).unwrap_or(Action::Reverse);
        let mut tx = self.auth.read(actor, gate.anywhere()).await?;
        let original = original(&mut tx, posting).await?;
        let kind = DocumentKind::named(&original.kind).ok_or(Error::NotFound)?;
        let lines = lines(&mut tx, posting).await?;
        let kits = kit::of_posting(&mut tx, posting).await?;
        drop(tx);
        let lost = lines.first().and_then(|line| line.reason.as_deref());
        let found = transfer_found::has_way_back(kind, lost);
        if let (DocumentKind::Transfer, Some(number), false) = (kind, &original.number, found) {
            let message = format!("it belongs to {number}: say there what became of the goods");
            return Err(Flaw::new("posting", "of_document", message).into());
        }
        // What was goods then is made of others now: it would lie on a shelf that it has not.
        let of_kit = lines.iter().find_map(|line| kit::refused("posting", &line.item));
        let right = right(actor, original.store, &original.principal, original.recorded_at, kind)?;
        let site = self.site(actor, right, &original.code).await?;
        let draft = Draft {
            id: new.id,
            kind: DocumentKind::Reversal,
            effect: kind,
            occurred_at: None,
            number: None,
            channel: Channel::Till,
            hash: hash(DocumentKind::Reversal, &(posting, &new)),
            reason: new.reason,
            reverses: Some(posting),
            returns: None,
            seen: None,
            author: None,
            lines: lines.into_iter().map(|line| line.reversed(kind)).collect(),
            kits: kits.into_iter().map(|kit| KitLine { quantity: -kit.quantity, ..kit }).collect(),
        };
        let mut act = self.auth.act(actor, right.at(site.store.id)).await?;
        let not_undone: Option<Error> = match kind {
            DocumentKind::Reversal => Some(Refusal::IsReversal.into()),
            DocumentKind::Sale if is_returned(&mut act, posting).await? => Some(Refusal::Returned.into()),
            _ => of_kit.map(Error::from),
        };
        if let Some(error) = not_undone {
            let before = ledger::before(&mut act, draft.id, &draft.hash).await;
            return self.answer_before(actor, act, before, error).await;
        }
        let reopened = promise::reopen(&mut act, &site, posting).await?;
        let given_back = purchase::give_back(&mut act, posting).await?;
        let back_again = match kind {
            DocumentKind::SupplierReturn => [purchase::take_back(&mut act, posting).await?, None],
            DocumentKind::Adjustment => {
                let corrected = correction::take_back(&mut act, posting).await?;
                [corrected, counting::take_back(&mut act, &site, posting).await?]
            }
            _ => match &original.number {
                Some(number) if found => {
                    [transfer_found::take_back(&mut act, original.store, number, posting).await?, None]
                }
                // Goods that were set aside or looked at went by no transfer.
                _ => [None, None],
            },
        };
        let tell = |posted: &mut Posted| {
            posted.steps.extend(back_again.into_iter().flatten());
            if let Some((step, delivery)) = given_back {
                posted.steps.push(step);
                posted.delivery = Some(delivery);
            }
        };
        let mut outcome = match ledger::post(&mut act, &site, &draft).await {
            Ok(Outcome::Now(posted)) => written(&mut act, posting, posted).await,
            other => other,
        };
        if let Ok(Outcome::Now(posted)) = &mut outcome {
            if let Some(order) = reopened {
                order.keep_again(&mut act, &site, posted).await?;
            }
            tell(posted);
        }
        self.answer_outcome(act, actor, &site, &draft, right, outcome).await
    }
}

/// Whether that actor may undo a posting that is not undone yet: what a list shows beside it.
///
/// Of a transfer only what it lost has a way back of its own: [`transfer_found::has_way_back`].
pub(crate) fn may_undo(actor: &Actor, store: StoreId, principal: &str, recorded_at: Time, kind: DocumentKind) -> bool {
    kind != DocumentKind::Reversal && right(actor, store, principal, recorded_at, kind).is_ok()
}

/// Under which right they may undo it.
pub(crate) fn right(
    actor: &Actor,
    store: StoreId,
    principal: &str,
    recorded_at: Time,
    kind: DocumentKind,
) -> Result<Action> {
    if actor.may(Action::Reverse.at(store)) {
        return Ok(Action::Reverse);
    }
    let own = principal == actor.principal.to_string() && kind != DocumentKind::Reversal;
    if !own || !actor.may(action(kind).at(store)) {
        // What is in a store that is not theirs is as good as not there.
        let sees = actor.scope(Action::SeeStock).holds(store);
        return Err(if sees { Error::Forbidden(Action::Reverse) } else { Error::NotFound });
    }
    if Time::now() > recorded_at.plus_seconds(AUTHOR_SECONDS) {
        return Err(Refusal::UndoClosed.into());
    }
    Ok(action(kind))
}

async fn original(tx: &mut Tx, posting: PostingId) -> Result<Original> {
    let row: Option<Original> = fetch_optional!(
        tx,
        "select p.kind, p.outcome, p.store, s.code, p.principal, p.recorded_at, p.number
         from inventory_posting p join inventory_store s on s.id = p.store where p.id = $1",
        posting
    )?;
    row.filter(|row| row.outcome == "posted").ok_or(Error::NotFound)
}

/// Writes what was posted: only what is written can be promised. What was undone before is answered as it was; what
/// would lie in a place that was given up is refused, now that nobody gives one up until the act ends.
async fn written(act: &mut Act, original: PostingId, posted: Box<Posted>) -> Result<Outcome> {
    match act.settle().await {
        Err(db::Error::Duplicate(_)) => return Ok(Outcome::Overtaken),
        settled => settled?,
    }
    let given_up: Option<(String,)> = fetch_optional!(
        act,
        "select l.code from inventory_movement m
         join inventory_location l on l.id in (m.from_location, m.to_location) and l.archived_at is not null
         where m.posting = $1 order by m.line limit 1",
        original
    )?;
    match given_up {
        Some((place,)) => Err(Refusal::PlaceGivenUp { place }.into()),
        None => Ok(Outcome::Now(posted)),
    }
}

/// Was something of that sale brought back, by a return that was not undone? Nobody brings any back until the act ends.
async fn is_returned(act: &mut Act, sale: PostingId) -> Result<bool> {
    act.take_turn(sale.0).await?;
    let row: Option<(PostingId,)> = fetch_optional!(
        act,
        "select b.id from inventory_posting b
         where b.returns = $1 and not exists (select 1 from inventory_posting u where u.reverses = b.id) limit 1",
        sale
    )?;
    Ok(row.is_some())
}

/// Was that sale undone? Nobody undoes it until the act ends.
pub(crate) async fn is_undone(act: &mut Act, sale: PostingId) -> Result<bool> {
    act.take_turn(sale.0).await?;
    let row: Option<(PostingId,)> = fetch_optional!(act, "select id from inventory_posting where reverses = $1", sale)?;
    Ok(row.is_some())
}

async fn lines(tx: &mut Tx, posting: PostingId) -> Result<Vec<OriginalLine>> {
    Ok(fetch_all!(
        tx,
        "select i.id, i.sku, i.name, i.unit, i.kind, i.price, i.promise_policy, i.web_policy, i.costing, i.tracking,
                m.from_location, m.to_location, m.condition, m.quantity, m.unit_price, m.reason,
                f.kind as from_kind, t.kind as to_kind
         from inventory_movement m
         join inventory_item i on i.id = m.item
         join inventory_location f on f.id = m.from_location
         join inventory_location t on t.id = m.to_location
         where m.posting = $1 order by m.line",
        posting
    )?)
}

impl OriginalLine {
    /// The same, the other way round; its quantity carries the opposite sign of the document's.
    fn reversed(self, kind: DocumentKind) -> DraftLine {
        // What took something away said so with a minus: its undoing gives back, with a plus.
        let real = |kind: &str| kind == LocationKind::Physical.name();
        let at = [(self.from_location, &self.from_kind), (self.to_location, &self.to_kind)];
        let took =
            kind == DocumentKind::Adjustment && !real(&self.to_kind) && self.to_kind != LocationKind::Service.name();
        DraftLine {
            quantity: if took { self.quantity } else { -self.quantity },
            from: self.to_location,
            to: self.from_location,
            at: at.into_iter().find(|(_, kind)| real(kind)).map(|(place, _)| place),
            lot: None,
            condition: self.condition,
            unit_price: self.unit_price,
            list: None,
            reason: self.reason,
            item: self.item,
        }
    }
}
