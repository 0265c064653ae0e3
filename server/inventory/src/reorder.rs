//! What may have to be bought: items as they stand in a store, and the rules by which they are bought.

use crate::promise::outlook;
use crate::{Event, Inventory, document, item, kit, lot};
use db::{fetch_all, fetch_optional, insert_rows};
use model::{Action, Actor, Error, Flaw, ItemId, Money, Quantity, ReorderRule, Result, StoreId, SupplierId};
use serde::{Deserialize, Serialize};

/// How many items are read at once.
const PAGE: i64 = 1_000;
/// The longest that a delivery, or what is left then, should last, in days.
const DAYS_MAX: i64 = 365;
/// How many items are put off at once.
const SNOOZED_MAX: usize = 1_000;

/// An item that a supplier sells, or of which a store wants to have some.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Candidate {
    /// The item.
    pub item: ItemId,
    /// Its stock keeping unit.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// On hand and not promised, wherever in the store it may be sold, without lots that must not be.
    pub available: Quantity,
    /// Ordered and not arrived, drafts included, or on its way from another store.
    pub on_order: Quantity,
    /// Promised to customers before it was there.
    #[sqlx(default)]
    pub backordered: Quantity,
    /// What the store wants to have at least.
    pub minimum: Option<Quantity>,
    /// What it wants to have at most.
    pub maximum: Option<Quantity>,
    /// What should be left when a delivery comes.
    pub safety: Option<Quantity>,
    /// For how many days of its sales something should be left then.
    pub safety_days: Option<i64>,
    /// For how many days a delivery should last.
    pub cover_days: Option<i64>,
    /// The supplier that sells it for least.
    pub supplier_id: Option<SupplierId>,
    /// Its code.
    pub supplier: Option<String>,
    /// Its name.
    pub supplier_name: Option<String>,
    /// What one costs there.
    pub cost: Option<Money>,
    /// What it sells at least.
    pub least: Option<Quantity>,
    /// In multiples of what, as the store or else the supplier says.
    pub multiple: Option<Quantity>,
    /// How many days it takes to come.
    pub lead_days: Option<i64>,
}

/// `safety, safety_days, multiple, cover_days, snoozed_until` of a rule.
type Row = (Option<Quantity>, Option<i64>, Option<Quantity>, Option<i64>, Option<String>);

/// How an item is bought from now on, as the journal tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruled {
    /// Of which items, by their SKUs.
    pub skus: Vec<String>,
    /// How; only the day until which they are put off when there are several.
    pub rule: ReorderRule,
}

impl Ruled {
    fn event(self, topic: &'static str, store: StoreId) -> Event {
        let code = self.skus.first().cloned().unwrap_or_default();
        let told = serde_json::to_value(self).expect("these types hold nothing that JSON cannot say");
        Event::Told { topic, store, subject: code, told }
    }
}

impl Inventory {
    /// The items of a store that may have to be bought on that day (`2026-11-29`), by SKU. Errors: `Forbidden`; `NotFound`
    /// for a store that is not theirs.
    pub async fn candidates(&self, actor: &Actor, store: &str, day: &str) -> Result<Vec<Candidate>> {
        let site = self.site(actor, Action::Purchase, store).await?;
        let mut tx = self.auth.read(actor, Action::Purchase.at(site.store.id)).await?;
        tx.patient().await?;
        let barred = lot::barred_in(&mut tx, &site.store).await?;
        let mut found: Vec<Candidate> = Vec::new();
        loop {
            let after = found.last().map(|last| last.sku.clone()).unwrap_or_default();
            let mut page: Vec<Candidate> = fetch_all!(
                &mut tx,
                "with best as (
                    select l.item, s.id, s.code, s.name, l.price, l.minimum, l.multiple,
                           coalesce(l.lead_days, s.lead_days) as lead_days,
                           row_number() over (partition by l.item order by case when l.price is null then 1 else 0 end,
                                              l.price, s.code) as place
                    from inventory_supplier_item l join inventory_supplier s on s.id = l.supplier
                    where l.archived = 0 and s.archived = 0
                 ), here as (
                    select item, cast(sum(on_hand - reserved) as bigint) as available
                    from inventory_balance where store = $1 and condition = 'sellable' group by item
                 ), planned as (
                    select l.item, cast(sum(l.ordered) as bigint) as on_order
                    from inventory_paper p join inventory_purchase_line l on l.paper = p.id
                    where p.store = $1 and p.kind = 'purchase_order' and p.state in ('draft', 'submitted', 'approved')
                    group by l.item
                 )
                 select i.id as item, i.sku, i.name, i.unit, coalesce(here.available, 0) as available,
                        coalesce(planned.on_order, 0) as on_order, limits.minimum, limits.maximum, rule.safety,
                        rule.safety_days, rule.cover_days, best.id as supplier_id, best.code as supplier,
                        best.name as supplier_name, best.price as cost, best.minimum as least,
                        coalesce(rule.multiple, best.multiple) as multiple, best.lead_days
                 from inventory_item i
                 left join best on best.item = i.id and best.place = 1
                 left join here on here.item = i.id
                 left join planned on planned.item = i.id
                 left join inventory_limit limits on limits.store = $1 and limits.item = i.id
                 left join inventory_reorder rule on rule.store = $1 and rule.item = i.id
                 where i.kind = 'stocked' and i.archived_at is null and i.sku > $2
                   and (best.code is not null or limits.minimum is not null or rule.safety is not null
                        or rule.safety_days is not null
                        or exists (select 1 from inventory_order_line w
                                   where w.item = i.id and w.store = $1 and w.backordered > 0))
                   and (rule.snoozed_until is null or rule.snoozed_until <= $3)
                 order by i.sku limit $4",
                site.store.id,
                &after,
                day,
                PAGE
            )?;
            let full = i64::try_from(page.len()) == Ok(PAGE);
            let wanted: Vec<_> = page.iter().map(|candidate| (site.store.id, candidate.item)).collect();
            let outlook = outlook(&mut tx, &wanted).await?;
            for candidate in &mut page {
                let outlook = outlook.get(&(site.store.id, candidate.item)).copied().unwrap_or_default();
                let barred = barred.get(&candidate.item).copied().unwrap_or_default();
                candidate.available = Quantity::from_parts(candidate.available.parts() - barred.parts());
                candidate.on_order = Quantity::from_parts(candidate.on_order.parts() + outlook.incoming.parts());
                candidate.backordered = outlook.backordered;
            }
            found.extend(page);
            if !full {
                return Ok(found);
            }
        }
    }

    /// How an item is bought in a store; nothing said when nobody said anything.
    ///
    /// Errors: `Forbidden`; `NotFound` for an item that is not there.
    pub async fn reorder_rule(&self, actor: &Actor, store: &str, sku: &str) -> Result<ReorderRule> {
        let site = self.site(actor, Action::SeeStock, store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let items = item::by_sku(&mut tx, &[sku]).await?;
        let item = items.get(sku).ok_or(Error::NotFound)?;
        let row: Option<Row> = fetch_optional!(
            &mut tx,
            "select safety, safety_days, multiple, cover_days, snoozed_until from inventory_reorder
             where store = $1 and item = $2",
            site.store.id,
            item.id
        )?;
        let (safety, safety_days, multiple, cover_days, snoozed_until) = row.unwrap_or_default();
        Ok(ReorderRule { safety, safety_days, multiple, cover_days, snoozed_until })
    }

    /// Says how an item is bought in a store from now on, all of it. Errors: `Forbidden`; `Invalid`.
    pub async fn set_reorder_rule(
        &self,
        actor: &Actor,
        store: &str,
        sku: &str,
        rule: ReorderRule,
    ) -> Result<ReorderRule> {
        check(&rule)?;
        let site = self.site(actor, Action::Purchase, store).await?;
        let mut act = self.auth.act(actor, Action::Purchase.at(site.store.id)).await?;
        let items = item::by_sku(&mut act, &[sku]).await?;
        let item = items.get(sku).ok_or_else(|| unknown(sku))?;
        if let Some(flaw) = kit::refused("sku", item) {
            return Err(flaw.into());
        }
        let item = item.id;
        db::execute!(
            act,
            "insert into inventory_reorder (store, item, safety, safety_days, multiple, cover_days, snoozed_until)
             values ($1, $2, $3, $4, $5, $6, $7)
             on conflict (store, item) do update set safety = excluded.safety, safety_days = excluded.safety_days,
                                                     multiple = excluded.multiple, cover_days = excluded.cover_days,
                                                     snoozed_until = excluded.snoozed_until",
            site.store.id,
            item,
            rule.safety,
            rule.safety_days,
            rule.multiple,
            rule.cover_days,
            &rule.snoozed_until
        )?;
        let told = Ruled { skus: vec![sku.to_owned()], rule: rule.clone() };
        act.conclude(told.event("inventory.reorder_rule_set", site.store.id), 200, &rule).await?;
        Ok(rule)
    }

    /// Puts items off: they are not proposed before that day, or at once again when it is `None`. 1 to 1 000 of them.
    ///
    /// Errors: `Forbidden`; `Invalid`.
    pub async fn snooze(&self, actor: &Actor, store: &str, skus: &[String], until: Option<String>) -> Result<()> {
        let rule = ReorderRule { snoozed_until: until, ..ReorderRule::default() };
        check(&rule)?;
        if skus.is_empty() || skus.len() > SNOOZED_MAX {
            return Err(Flaw::new("skus", "count", format!("name 1 to {SNOOZED_MAX} items")).into());
        }
        let site = self.site(actor, Action::Purchase, store).await?;
        let mut act = self.auth.act(actor, Action::Purchase.at(site.store.id)).await?;
        let mut names: Vec<&str> = skus.iter().map(String::as_str).collect();
        names.sort_unstable();
        names.dedup();
        let known = item::by_sku(&mut act, &names).await?;
        if let Some(missing) = names.iter().find(|name| !known.contains_key(**name)) {
            return Err(unknown(missing));
        }
        let items: Vec<ItemId> = names.iter().map(|name| known[*name].id).collect();
        insert_rows!(
            act,
            "insert into inventory_reorder (store, item, snoozed_until) ",
            &items,
            |row, item| {
                row.push_bind(site.store.id).push_bind(*item).push_bind(rule.snoozed_until.clone());
            },
            " on conflict (store, item) do update set snoozed_until = excluded.snoozed_until"
        )?;
        let told = Ruled { skus: names.into_iter().map(str::to_owned).collect(), rule };
        act.commit(told.event("inventory.reorder_snoozed", site.store.id)).await?;
        Ok(())
    }
}

fn check(rule: &ReorderRule) -> Result<()> {
    let mut flaws = Vec::new();
    if rule.safety.is_some_and(|safety| safety.is_negative() || safety > Quantity::LINE_MAX) {
        let message = format!("use a quantity from 0 to {}", Quantity::LINE_MAX);
        flaws.push(Flaw::new("safety", "quantity", message));
    }
    if rule.safety_days.is_some_and(|days| !(0..=DAYS_MAX).contains(&days)) {
        flaws.push(Flaw::new("safety_days", "days", format!("use 0 to {DAYS_MAX} days")));
    }
    if rule.multiple.is_some_and(|multiple| multiple <= Quantity::ZERO || multiple > Quantity::LINE_MAX) {
        let message = format!("use a quantity above 0, at most {}", Quantity::LINE_MAX);
        flaws.push(Flaw::new("multiple", "quantity", message));
    }
    if rule.cover_days.is_some_and(|days| !(1..=DAYS_MAX).contains(&days)) {
        flaws.push(Flaw::new("cover_days", "days", format!("use 1 to {DAYS_MAX} days")));
    }
    if rule.snoozed_until.as_ref().is_some_and(|day| document::day(day).is_none()) {
        flaws.push(Flaw::new("snoozed_until", "not_a_day", "use a day such as \"2026-12-01\""));
    }
    if flaws.is_empty() { Ok(()) } else { Err(Error::Invalid(flaws)) }
}

fn unknown(sku: &str) -> Error {
    Flaw::new("sku", "unknown_sku", format!("there is no item {sku:?}; check the SKU")).into()
}
