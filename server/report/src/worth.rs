//! What the stock is worth, what was earned with it, and why: the questions about cost.

use crate::{ROWS_MAX, Report, cost, period, projection};
use cost::AsOf;
use model::{
    Action, Actor, CostEntry, CostLayer, CostLayers, Error, Flaw, ItemId, Margin, MarginRow, Margins, Money, Period,
    PostingCost, PostingId, Quantity, Result, Worth, WorthRow,
};
use std::collections::BTreeSet;

impl Report {
    /// What the stock of a store is worth, or was; with the items worth most, or one of them. `limit` is 1 to 200.
    ///
    /// Errors: as [`Report::most_sold`]; `NotFound` for an item that is not there.
    pub async fn worth(&self, actor: &Actor, store: &str, as_of: AsOf, sku: Option<&str>, limit: i64) -> Result<Worth> {
        let limit = rows(limit)?;
        let only = self.only(actor, sku).await?;
        let (store, mut tx) = self.open(actor, store).await?;
        let head = cost::as_of(&mut tx).await?;
        let mut items = cost::worth(&mut tx, store.id, as_of).await?;
        let guessed = cost::guessed(&mut tx, store.id).await?;
        drop(tx);
        items.retain(|row| only.is_none_or(|only| row.0 == only));
        items.sort_by_key(|(item, _, value)| (-i128::from(value.parts()), *item));
        let sum = |value: Money, row: &(ItemId, Quantity, Money)| plus(value, row.2);
        let value = items.iter().fold(Money::ZERO, sum);
        let owed = items.iter().filter(|row| row.2 < Money::ZERO).fold(Money::ZERO, sum);
        let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
        items.truncate(limit);
        let called = self.inventory.called(actor, &items.iter().map(|row| row.0).collect::<Vec<_>>()).await?;
        let data = items.into_iter().filter_map(|(item, quantity, value)| {
            let called = called.get(&item)?;
            Some(WorthRow { sku: called.sku.clone(), name: called.name.clone(), quantity, value })
        });
        let as_of = if let AsOf::Seq(seq) = as_of { seq.min(head) } else { head };
        let (code, currency) = (store.code, store.currency);
        Ok(Worth { store: code, currency, value, owed, items: count, guessed, data: data.collect(), as_of })
    }

    /// The same as it was known when a second of the store's own clock ended, such as `2026-11-30T14:05:10`, or now.
    ///
    /// Errors: as [`Report::worth`]; `Invalid` for what is no such moment, or one that is still to come.
    pub async fn worth_at(&self, actor: &Actor, store: &str, at: Option<&str>) -> Result<Worth> {
        let place = self.inventory.store(actor, Action::SeeReports, store).await?;
        let moment = at.map(|at| period::end_of_second(&place.time_zone, at)).transpose()?;
        self.worth(actor, store, moment.map_or(AsOf::Now, AsOf::Moment), None, ROWS_MAX).await
    }

    /// Cost of goods sold and margin of a store from one day to another, and these days: where none is named, from the
    /// first of the month to today. Errors: as [`Report::margins`].
    pub async fn margins_of(
        &self,
        actor: &Actor,
        store: &str,
        from: Option<&str>,
        to: Option<&str>,
    ) -> Result<(Period, Margins)> {
        let place = self.inventory.store(actor, Action::SeeReports, store).await?;
        let days = period::or_this_month(&place.time_zone, from, to)?;
        let margins = self.margins(actor, store, &days, None, ROWS_MAX).await?;
        Ok((days, margins))
    }

    /// Cost of goods sold and margin of a store in a period; with the items of the highest margin, or one of them.
    ///
    /// Errors: as [`Report::worth`].
    pub async fn margins(
        &self,
        actor: &Actor,
        store: &str,
        period: &Period,
        sku: Option<&str>,
        limit: i64,
    ) -> Result<Margins> {
        let (period, limit) = (period::checked(period)?, rows(limit)?);
        let only = self.only(actor, sku).await?;
        let (store, mut tx) = self.open(actor, store).await?;
        let as_of = cost::as_of(&mut tx).await?.min(projection::as_of(&mut tx).await?);
        let moved = cost::moved(&mut tx, store.id, &period).await?;
        let revenue = cost::revenue(&mut tx, store.id, &period).await?;
        drop(tx);
        let keys: BTreeSet<ItemId> = moved.keys().chain(revenue.keys()).copied().collect();
        let keys = keys.into_iter().filter(|item| only.is_none_or(|only| *item == only));
        let margin = |item: ItemId| {
            let moved = moved.get(&item).copied().unwrap_or_default();
            let (quantity, revenue) = revenue.get(&item).copied().unwrap_or_default();
            let (cost, revaluation) = (moved.cost, moved.revaluation);
            let (residue, shrinkage) = (moved.residue, moved.shrinkage);
            let margin = plus(revenue, -plus(cost, revaluation));
            (item, quantity, Margin { revenue, cost, revaluation, residue, shrinkage, margin })
        };
        let mut items: Vec<_> = keys.map(margin).collect();
        let total = items.iter().fold(Margin::default(), |sum, (.., one)| together(&sum, one));
        items.sort_by_key(|(item, _, margin)| (-i128::from(margin.margin.parts()), *item));
        items.truncate(limit);
        let called = self.inventory.called(actor, &items.iter().map(|row| row.0).collect::<Vec<_>>()).await?;
        let data = items.into_iter().filter_map(|(item, quantity, margin)| {
            let called = called.get(&item)?;
            Some(MarginRow { sku: called.sku.clone(), name: called.name.clone(), quantity, margin })
        });
        Ok(Margins { store: store.code, currency: store.currency, total, data: data.collect(), as_of })
    }

    /// What one document did to the worth of the stock, then and later.
    ///
    /// Errors: `Forbidden`; `NotFound` for one that is not theirs, that moved no goods, or is not costed yet.
    pub async fn posting_cost(&self, actor: &Actor, posting: PostingId) -> Result<PostingCost> {
        let mut tx = self.auth.read(actor, Action::SeeReports.anywhere()).await?;
        let as_of = cost::as_of(&mut tx).await?;
        let entries = cost::of_posting(&mut tx, posting).await?;
        drop(tx);
        let mine = actor.scope(Action::SeeReports);
        if !entries.first().is_some_and(|entry| mine.holds(entry.store)) {
            return Err(Error::NotFound);
        }
        let called = self.inventory.called(actor, &entries.iter().map(|entry| entry.item).collect::<Vec<_>>()).await?;
        let goods = entries.iter().filter(|entry| entry.account == cost::Account::Goods && entry.is_own());
        let cost = goods.fold(Money::ZERO, |sum, entry| plus(sum, Money::from_parts(entry.effect.counter)));
        let data = entries.into_iter().map(|entry| {
            let called = called.get(&entry.item);
            CostEntry {
                seq: entry.seq,
                learnt: entry.learnt,
                day: entry.day,
                line: entry.line,
                sku: called.map(|called| called.sku.clone()).unwrap_or_default(),
                name: called.map(|called| called.name.clone()).unwrap_or_default(),
                quantity: Quantity::from_parts(entry.effect.quantity),
                inventory: Money::from_parts(entry.effect.inventory),
                account: entry.account.name().to_owned(),
                counter: Money::from_parts(entry.effect.counter),
                revaluation: Money::from_parts(entry.effect.revaluation),
                residue: Money::from_parts(entry.effect.residue),
            }
        });
        Ok(PostingCost { posting, cost, data: data.collect(), as_of })
    }

    /// Why an item is worth that in a store: its layers, in the order in which they leave. Errors: as [`Report::worth`].
    pub async fn cost_layers(&self, actor: &Actor, store: &str, sku: &str) -> Result<CostLayers> {
        let (called, costing) = self.inventory.costed_item(actor, sku).await?;
        let (store, mut tx) = self.open(actor, store).await?;
        let as_of = cost::as_of(&mut tx).await?;
        let (quantity, value, last_cost) = cost::pile(&mut tx, store.id, called.id).await?;
        let layers = cost::layers(&mut tx, store.id, called.id).await?;
        let data = layers.into_iter().map(|layer| CostLayer {
            posting: layer.posting,
            day: layer.day,
            account: layer.account,
            came: layer.came,
            left: layer.quantity_left,
            value: layer.value_left,
            known: layer.known,
        });
        Ok(CostLayers {
            store: store.code,
            currency: store.currency,
            sku: called.sku,
            name: called.name,
            costing,
            quantity,
            value,
            last_cost,
            data: data.collect(),
            as_of,
        })
    }

    /// The one item that is asked about, if it is one.
    async fn only(&self, actor: &Actor, sku: Option<&str>) -> Result<Option<ItemId>> {
        let Some(sku) = sku else { return Ok(None) };
        Ok(Some(self.inventory.costed_item(actor, sku).await?.0.id))
    }
}

fn rows(limit: i64) -> Result<usize> {
    let rows = usize::try_from(limit).ok().filter(|_| (1..=ROWS_MAX).contains(&limit));
    rows.ok_or_else(|| Flaw::new("limit", "bad_limit", "use a number from 1 to 200").into())
}

/// A sum that would leave the range stops growing.
fn plus(one: Money, other: Money) -> Money {
    Money::from_parts(one.parts().saturating_add(other.parts()))
}

fn together(one: &Margin, other: &Margin) -> Margin {
    Margin {
        revenue: plus(one.revenue, other.revenue),
        cost: plus(one.cost, other.cost),
        revaluation: plus(one.revaluation, other.revaluation),
        residue: plus(one.residue, other.residue),
        shrinkage: plus(one.shrinkage, other.shrinkage),
        margin: plus(one.margin, other.margin),
    }
}
