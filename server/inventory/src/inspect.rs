//! Setting goods aside, and looking at what was set aside: back to where it is sold, or to scrap.

use crate::correction::posted;
use crate::document::{Draft, DraftLine, check_text, hash};
use crate::lot::{self, Named};
use crate::store::Site;
use crate::{Inventory, correction, item, kit, ledger};
use auth::Act;
use db::{Tx, fetch_all, fetch_optional};
use model::{
    Action, Actor, Channel, Condition, Corrected, DocumentKind, Error, Flaw, NewInspection, Page, Quantity, Refusal,
    Result, SetAside, Tracking,
};

#[derive(sqlx::FromRow)]
struct Row {
    sku: String,
    name: String,
    unit: String,
    tracking: String,
    lot: Option<String>,
    expires_on: Option<String>,
    quantity: Quantity,
}

impl Inventory {
    /// What of a store waits for somebody to look at it, by name: at most 1 to 200. What is in no lot is one line.
    pub async fn set_aside(&self, actor: &Actor, store: &str, limit: i64) -> Result<Page<SetAside>> {
        let site = self.site(actor, Action::SeeStock, store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        // The condition is written out, so that both engines take the index of what is set aside.
        let rows: Vec<Row> = fetch_all!(
            &mut tx,
            "select i.sku, i.name, i.unit, i.tracking, q.lot, q.expires_on, q.quantity
             from (select b.item, cast(null as text) as lot, cast(null as text) as expires_on,
                          cast(b.on_hand - coalesce((
                              select sum(p.on_hand) from inventory_lot_balance p
                              where p.location = b.location and p.item = b.item and p.condition = 'quarantine'
                          ), 0) as bigint) as quantity
                   from inventory_balance b
                   where b.location = $1 and b.condition = 'quarantine' and b.on_hand <> 0
                   union all
                   select b.item, l.code, l.expires_on, p.on_hand
                   from inventory_balance b
                   join inventory_lot_balance p on p.location = b.location and p.item = b.item
                                                and p.condition = 'quarantine'
                   join inventory_lot l on l.id = p.lot
                   where b.location = $1 and b.condition = 'quarantine' and b.on_hand <> 0) q
             join inventory_item i on i.id = q.item
             where q.quantity > 0
             order by i.name, i.sku, coalesce(q.lot, '') limit $2",
            site.shop,
            limit.clamp(1, SetAside::MOST.into())
        )?;
        let told = |row: Row| {
            let Row { sku, name, unit, tracking, lot, expires_on, quantity } = row;
            let (tracking, expires_on) = (Tracking::named(&tracking), lot::date(expires_on));
            SetAside { sku, name, unit, tracking, lot, expires_on, quantity }
        };
        let data = rows.into_iter().map(told).collect();
        Ok(Page { data, as_of: self.auth.log().head(&mut tx).await?, next: None })
    }

    /// Says of goods in quarantine that they may be sold, or that they are good for nothing; or sets goods aside.
    ///
    /// Goods change their condition in two movements, out of the one and into the other, with INSPECTION between: a
    /// movement has one real place, and one condition. What goes to scrap is an adjustment, and above the store's limit
    /// for corrections it waits for somebody else as they do. Errors: [`Refusal::OutOfStock`] for more than is there.
    pub async fn inspect(&self, actor: &Actor, new: NewInspection) -> Result<Corrected> {
        check(&new)?;
        let site = self.site(actor, Action::Adjust, &new.store).await?;
        let mut act = self.auth.act(actor, Action::Adjust.at(site.store.id)).await?;
        let hash = hash(kind(&new), &new);
        if let Some(paper) = correction::known(&mut act, new.id, &hash).await? {
            return self.held_before(act, &site, &paper).await;
        }
        let draft = match draft(&mut act, &site, &new).await {
            Ok(draft) => draft,
            Err(error) => {
                let before = ledger::before(&mut act, new.id, &hash).await;
                return posted(self.answer_before(actor, act, before, error).await);
            }
        };
        if new.scrap {
            let before = ledger::before(&mut act, new.id, &hash).await;
            if !matches!(before, Ok(None)) {
                return posted(self.answer_before(actor, act, before, Error::NotFound).await);
            }
            if correction::waits(&mut act, &site, &draft).await? {
                // What is not there is said to whoever tells it, not to whoever approves it.
                if let Some(refusal) = short(&mut act, &site, &draft.lines[0]).await? {
                    drop(act);
                    return posted(self.refuse(actor, &site, &draft, Action::Adjust, refusal).await);
                }
                return self.hold_correction(act, &site, &draft, false).await;
            }
        }
        posted(self.post_draft(act, actor, &site, &draft, Action::Adjust).await)
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
    if new.scrap && new.aside {
        flaws.push(Flaw::new("aside", "both", "set them aside, or say that they are good for nothing; not both"));
    }
    check_text(&mut flaws, "reason", Some(&new.reason), 200);
    correction::check_reason(&mut flaws, "reason", &new.reason);
    check_text(&mut flaws, "lot", new.lot.as_deref(), 64);
    if flaws.is_empty() { Ok(()) } else { Err(Error::Invalid(flaws)) }
}

/// The refusal of more than is set aside.
async fn short(tx: &mut Tx, site: &Site, line: &DraftLine) -> Result<Option<Refusal>> {
    let row: Option<(Quantity,)> = fetch_optional!(
        tx,
        "select on_hand from inventory_balance where location = $1 and item = $2 and lot = $3 and condition = $4",
        site.shop,
        line.item.id,
        ledger::NO_LOT,
        line.condition.name()
    )?;
    let available = row.map(|(size,)| size).unwrap_or_default().max(Quantity::ZERO);
    let sku = line.item.sku.clone();
    Ok((line.quantity.abs() > available).then_some(Refusal::OutOfStock { sku, available }))
}

async fn draft(act: &mut Act, site: &Site, new: &NewInspection) -> Result<Draft> {
    let found = item::by_sku(act, &[&new.sku]).await?.remove(&new.sku);
    if let Some(flaw) = found.as_ref().and_then(|item| kit::refused("sku", item)) {
        return Err(flaw.into());
    }
    let Some(item) = found.filter(item::ItemRow::stocked) else {
        return Err(Flaw::new("sku", "unknown_sku", format!("there is no item {:?} to look at", new.sku)).into());
    };
    if new.lot.is_some() && !item.has_lots() {
        let message = format!("{} is not told apart by lot; name none", item.sku);
        return Err(Flaw::new("lot", "no_lots", message).into());
    }
    let lot = new.lot.as_ref().map(|lot| Named::one(lot, None)).or(item.has_serials().then(|| Named::serials(&[])));
    let (before, after) = match new.aside {
        true => (Condition::Sellable, Condition::Quarantine),
        false => (Condition::Quarantine, Condition::Sellable),
    };
    let out = DraftLine {
        item,
        from: site.shop,
        to: if new.scrap { site.scrap } else { site.inspection },
        at: Some(site.shop),
        lot,
        condition: before,
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
        // Of the lot that it was, which comes along.
        lot: None,
        condition: after,
        quantity: new.quantity,
        unit_price: None,
        list: None,
        reason: None,
    };
    let lines = if new.scrap { vec![out] } else { vec![out, back] };
    let kind = kind(new);
    let draft = Draft {
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
        author: None,
        lines,
        kits: Vec::new(),
        hash: hash(kind, new),
    };
    match lot::short(act, &draft).await? {
        Some(refusal) => Err(Error::Refused(refusal)),
        None => Ok(draft),
    }
}
