//! Counting one item: the shelf is right, and the number follows it, unless it moved while one counted.

use crate::correction::posted;
use crate::document::{Draft, DraftLine, check_text, hash};
use crate::exception::conflict;
use crate::item::ItemRow;
use crate::store::Site;
use crate::{Event, Inventory, Posted, correction, item, kit, ledger};
use auth::Act;
use db::{Tx, fetch_optional};
use model::{
    Action, Actor, Channel, Condition, Corrected, DocumentKind, Error, Flaw, ItemId, NewCount, PostingId, Quantity,
    Result, Reused, Time,
};

impl Inventory {
    /// Sets an item's stock to what was counted, as an adjustment by the difference.
    ///
    /// The count names the balance's version that its author saw. When the balance has moved since, nothing is
    /// posted: [`Error::Conflict`] with [`Reused::Version`], and the author chooses anew. A count that finds what is
    /// there already books nothing, and is remembered: `None`. A difference above the store's limit waits
    /// for somebody else, as any other correction does.
    pub async fn count(&self, actor: &Actor, new: NewCount) -> Result<Option<Corrected>> {
        check(&new)?;
        let site = self.site(actor, Action::Adjust, &new.store).await?;
        let mut act = self.auth.act(actor, Action::Adjust.at(site.store.id)).await?;
        // Two counts of the same item at once would not see that they disagree.
        act.alone("inventory_counted").await?;
        let hash = hash(DocumentKind::Adjustment, &new);
        if let Some(paper) = correction::known(&mut act, new.id, &hash).await? {
            return self.held_before(act, &site, &paper).await.map(Some);
        }
        // The version has moved by this count itself when it is sent again.
        let before = ledger::before(&mut act, new.id, &hash).await;
        if !matches!(before, Ok(None)) {
            return posted(self.answer_before(actor, act, before, Error::NotFound).await).map(Some);
        }
        let (item, differs) = match difference(&mut act, &site, &new).await {
            Ok(found) => found,
            Err(error) => return posted(self.answer_before(actor, act, Ok(None), error).await).map(Some),
        };
        if differs == Quantity::ZERO {
            return self.confirm(act, actor, &site, &item, new.counted).await.map(|()| None);
        }
        let draft = draft(&site, new, item, differs, hash);
        if correction::waits(&mut act, &site, &draft).await? {
            return self.hold_correction(act, &site, &draft, true).await.map(Some);
        }
        let (item, now, me) = (&draft.lines[0].item, Time::now(), actor.principal.to_string());
        let differs = conflict::counted_by_another(&mut act, site.shop, item.id, &me, now).await?;
        super::remember(&mut act, draft.id, site.shop, item.id, now, &me).await?;
        let closed = conflict::counted_anew(&mut act, &site, &[item.id]).await?;
        // The count that settles a disagreement is the last word, not one more.
        let opened = if differs && closed.is_empty() {
            conflict::disagree(&mut act, &site, draft.id, &[item]).await?
        } else {
            Vec::new()
        };
        let tell = |posted: &mut Posted| {
            posted.exceptions.extend(opened);
            posted.closed.extend(closed);
        };
        posted(self.post_telling(act, actor, &site, &draft, Action::Adjust, tell).await).map(Some)
    }

    /// The number is right: that is worth knowing too, and ends a dispute about it.
    async fn confirm(&self, mut act: Act, actor: &Actor, site: &Site, item: &ItemRow, counted: Quantity) -> Result<()> {
        let (store, sku) = (site.store.id, item.sku.clone());
        // No posting books it, so none can be undone.
        let (nothing, me) = (PostingId::new(), actor.principal.to_string());
        super::remember(&mut act, nothing, site.shop, item.id, Time::now(), &me).await?;
        let closed = conflict::counted_anew(&mut act, site, &[item.id]).await?;
        act.conclude(Event::CountConfirmed { store, sku, counted, closed }, 200, &None::<Corrected>).await
    }
}

fn check(new: &NewCount) -> Result<()> {
    let mut flaws = Vec::new();
    if new.counted.is_negative() || new.counted > Quantity::LINE_MAX {
        let message = format!("count from 0 to {}", Quantity::LINE_MAX);
        flaws.push(Flaw::new("counted", "quantity", message));
    }
    check_text(&mut flaws, "reason", Some(&new.reason), 200);
    correction::check_reason(&mut flaws, "reason", &new.reason);
    if flaws.is_empty() { Ok(()) } else { Err(Error::Invalid(flaws)) }
}

/// The item, and how many more there are than the number says.
async fn difference(tx: &mut Tx, site: &Site, new: &NewCount) -> Result<(ItemRow, Quantity)> {
    let found = item::by_sku(tx, &[&new.sku]).await?.remove(&new.sku);
    if let Some(flaw) = found.as_ref().and_then(|item| kit::refused("sku", item)) {
        return Err(flaw.into());
    }
    let Some(item) = found.filter(ItemRow::stocked) else {
        return Err(Flaw::new("sku", "unknown_sku", format!("there is no item {:?} to count", new.sku)).into());
    };
    let (on_hand, version) = level(tx, site, item.id).await?;
    if version != new.version {
        return Err(Error::Conflict(Reused::Version));
    }
    Ok((item, Quantity::from_parts(new.counted.parts() - on_hand.parts())))
}

fn draft(site: &Site, new: NewCount, item: ItemRow, quantity: Quantity, hash: Vec<u8>) -> Draft {
    let (from, to) = if quantity.is_negative() { (site.shop, site.shrinkage) } else { (site.shrinkage, site.shop) };
    let (at, lot, condition) = (Some(site.shop), None, Condition::Sellable);
    let line = DraftLine { item, from, to, at, lot, condition, quantity, unit_price: None, list: None, reason: None };
    Draft {
        id: new.id,
        kind: DocumentKind::Adjustment,
        effect: DocumentKind::Adjustment,
        occurred_at: None,
        number: None,
        channel: Channel::Till,
        reason: Some(new.reason),
        reverses: None,
        returns: None,
        seen: Some(new.version),
        author: None,
        lines: vec![line],
        kits: Vec::new(),
        hash,
    }
}

/// What is at the selling location, and the balance's version; zeros when nothing ever moved there.
async fn level(tx: &mut Tx, site: &Site, item: ItemId) -> Result<(Quantity, i64)> {
    let row: Option<(Quantity, i64)> = fetch_optional!(
        tx,
        "select on_hand, version from inventory_balance
         where location = $1 and item = $2 and lot = $3 and condition = $4",
        site.shop,
        item,
        ledger::NO_LOT,
        ledger::SELLABLE
    )?;
    Ok(row.unwrap_or_default())
}
