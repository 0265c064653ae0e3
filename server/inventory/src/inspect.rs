//! Looking at what was set aside: back to where it is sold, or to scrap.

use crate::document::{Draft, DraftLine, check_text, hash};
use crate::store::Site;
use crate::{Inventory, item, ledger};
use db::Tx;
use model::{Action, Actor, Channel, Condition, DocumentKind, Error, Flaw, NewInspection, Quantity, Receipt, Result};

impl Inventory {
    /// Says of goods in quarantine that they may be sold, or that they are good for nothing.
    ///
    /// Goods change their condition in two movements, out of the one and into the other, with INSPECTION between: a
    /// movement has one real place, and one condition. What goes to scrap is an adjustment. Errors:
    /// [`model::Refusal::OutOfStock`] for more than is there.
    pub async fn inspect(&self, actor: &Actor, new: NewInspection) -> Result<Receipt> {
        check(&new)?;
        let site = self.site(actor, Action::Adjust, &new.store).await?;
        let mut act = self.auth.act(actor, Action::Adjust.at(site.store.id)).await?;
        let draft = match draft(&mut act, &site, &new).await {
            Ok(draft) => draft,
            Err(error) => {
                let before = ledger::before(&mut act, new.id, &hash(kind(&new), &new)).await;
                return self.answer_before(actor, act, before, error).await;
            }
        };
        self.post_draft(act, actor, &site, &draft, Action::Adjust).await
    }
}

const fn kind(new: &NewInspection) -> DocumentKind {
    if new.scrap { DocumentKind::Adjustment } else { DocumentKind::Transfer }
}

fn check(new: &NewInspection) -> Result<()> {
    let mut flaws = Vec::new();
    if new.quantity.is_negative() || new.quantity == Quantity::ZERO || new.quantity > Quantity::LINE_MAX {
        let message = format!("use a quantity above 0, at most {}", Quantity::LINE_MAX);
        flaws.push(Flaw::new("quantity", "quantity", message));
    }
    check_text(&mut flaws, "reason", Some(&new.reason), 200);
    if flaws.is_empty() { Ok(()) } else { Err(Error::Invalid(flaws)) }
}

async fn draft(tx: &mut Tx, site: &Site, new: &NewInspection) -> Result<Draft> {
    let Some(item) = item::by_sku(tx, &[&new.sku]).await?.remove(&new.sku).filter(item::ItemRow::stocked) else {
        return Err(Flaw::new("sku", "unknown_sku", format!("there is no item {:?} to look at", new.sku)).into());
    };
    let out = DraftLine {
        item,
        from: site.shop,
        to: if new.scrap { site.scrap } else { site.inspection },
        at: Some(site.shop),
        lot: None,
        condition: Condition::Quarantine,
        // An adjustment says with a minus what it takes away.
        quantity: if new.scrap { -new.quantity } else { new.quantity },
        unit_price: None,
        list: None,
        reason: None,
    };
    let back = DraftLine {
        item: out.item.clone(),
        from: site.inspection,
        to: site.shop,
        at: Some(site.shop),
        lot: None,
        condition: Condition::Sellable,
        quantity: new.quantity,
        unit_price: None,
        list: None,
        reason: None,
    };
    let lines = if new.scrap { vec![out] } else { vec![out, back] };
    let kind = kind(new);
    Ok(Draft {
        id: new.id,
        kind,
        effect: kind,
        occurred_at: None,
        number: None,
        channel: Channel::Till,
        reason: Some(new.reason.clone()),
        reverses: None,
        returns: None,
        seen: None,
        lines,
        hash: hash(kind, new),
    })
}
