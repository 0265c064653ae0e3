//! What may have to be bought: items as they stand in a store, and the rules by which they are bought.

use crate::promise::outlook;
use crate::{Event, Inventory, document, item, kit, lot};
use db::{Tx, fetch_all, fetch_optional, insert_rows, query_rows};
use model::{
    Action, Actor, CategoryId, Error, Flaw, ItemId, Money, Quantity, ReorderRule, Result, StoreId, SupplierId,
};
use serde::{Deserialize, Serialize};

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
    /// The items of a store that may have to be bought on that day (`2026-11-29`), by SKU: those of `sold`, and of the
    /// others those of which something is missing, promised or wanted though nobody buys them. Errors: `Forbidden`;
    /// `NotFound` for a store that is not theirs.
    pub async fn candidates(
        &self,
        actor: &Actor,
        store: &str,
        day: &str,
        sold: impl IntoIterator<Item = ItemId>,
    ) -> Result<Vec<Candidate>> {
        let site = self.site(actor, Action::Purchase, store).await?;
        let store = site.store.id;
        let mut tx = self.auth.read(actor, Action::Purchase.at(store)).await?;
        tx.patient().await?;
        let barred = lot::barred_in(&mut tx, &site.store).await?;
        let mut items: Vec<ItemId> = sold.into_iter().chain(barred.keys().copied()).collect();
        items.extend(wanting(&mut tx, store).await?);
        items.sort_unstable();
        items.dedup();
        let mut found: Vec<Candidate> = query_rows!(
            &mut tx,
            "with wanted (item, store, day) as (",
            &items,
            |row, item| {
                row.push_bind(*item).push_bind(store).push_bind(day);
            },
            ") select i.id as item, i.sku, i.name, i.unit,
                    coalesce((select cast(sum(b.on_hand - b.reserved) as bigint) from inventory_balance b
                              where b.item = w.item and b.store = w.store and b.condition = 'sellable'), 0) as available,
                    coalesce((select cast(sum(l.ordered) as bigint)
                              from inventory_purchase_line l cross join inventory_paper p
                              where l.item = w.item and l.received < l.ordered and p.id = l.paper and p.store = w.store
                                and p.kind = 'purchase_order' and p.state in ('draft', 'submitted', 'approved')), 0)
                        as on_order,
                    limits.minimum, limits.maximum, rule.safety, rule.safety_days, rule.cover_days,
                    s.id as supplier_id, s.code as supplier, s.name as supplier_name, best.price as cost,
                    best.minimum as least, coalesce(rule.multiple, best.multiple) as multiple,
                    coalesce(best.lead_days, s.lead_days) as lead_days
             from wanted w
             join inventory_item i on i.id = w.item
             left join inventory_supplier_item best on best.item = w.item and best.supplier = (
                 select l.supplier from inventory_supplier_item l cross join inventory_supplier s
                 where l.item = w.item and l.archived = 0 and s.id = l.supplier and s.archived = 0
                 order by case when l.price is null then 1 else 0 end, l.price, s.code limit 1)
             left join inventory_supplier s on s.id = best.supplier
             left join inventory_limit limits on limits.store = w.store and limits.item = i.id
             left join inventory_reorder rule on rule.store = w.store and rule.item = i.id
             where i.kind = 'stocked' and i.archived_at is null
               and (s.id is not null or limits.minimum is not null or rule.safety is not null
                    or rule.safety_days is not null
                    or exists (select 1 from inventory_order_line o
                               where o.item = i.id and o.store = w.store and o.backordered > 0))
               and (rule.snoozed_until is null or rule.snoozed_until <= w.day)"
        )?;
        let places: Vec<_> = found.iter().map(|candidate| (store, candidate.item)).collect();
        let outlook = outlook(&mut tx, &places).await?;
        for candidate in &mut found {
            let outlook = outlook.get(&(store, candidate.item)).copied().unwrap_or_default();
            let barred = barred.get(&candidate.item).copied().unwrap_or_default();
            candidate.available = Quantity::from_parts(candidate.available.parts() - barred.parts());
            candidate.on_order = Quantity::from_parts(candidate.on_order.parts() + outlook.incoming.parts());
            candidate.backordered = outlook.backordered;
        }
        found.sort_unstable_by(|one, other| one.sku.cmp(&other.sku));
        Ok(found)
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

/// The items of which there may be too few though nobody buys them. Of all others there is more than should be left:
/// nothing of them is promised or below zero, and they are above their minimum; or there are none, and nobody wants any.
async fn wanting(tx: &mut Tx, store: StoreId) -> Result<Vec<ItemId>> {
    let rows: Vec<(ItemId,)> = fetch_all!(
        tx,
        "select item from inventory_narrow where list = 'low' and store = $1 and category = $2 and archived = 0
         union
         select n.item from inventory_narrow n
         join inventory_limit l on l.store = n.store and l.item = n.item and l.maximum is not null
         where n.list = 'short' and n.store = $1 and n.category = $2 and n.archived = 0
         union select item from inventory_limit where store = $1 and moved = 0
         union select item from inventory_balance where store = $1 and (on_hand < 0 or reserved > 0)
         union select item from inventory_reorder where store = $1
         union select item from inventory_order_line where store = $1 and backordered > 0",
        store,
        CategoryId(uuid::Uuid::nil())
    )?;
    Ok(rows.into_iter().map(|(item,)| item).collect())
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
