//! Lists of movements: the ledger as people and other systems read it.

use crate::store::SHOP;
use crate::{Inventory, code};
use db::{Tx, fetch_all};
use model::{
    Action, Actor, Condition, DocumentKind, Error, Flaw, LocationId, LocationKind, LotId, Money, Movement, Page,
    PostingId, Quantity, Result, StoreId, Time,
};

/// Which movements a list shows, newest first.
#[derive(Clone, Debug, Default)]
pub struct MovementFilter {
    /// Only this store; else all that they may see.
    pub store: Option<String>,
    /// Only this item.
    pub sku: Option<String>,
    /// `(recorded_at, posting, line)` after which the page starts.
    pub after: Option<(Time, PostingId, i64)>,
    /// 1 to 200.
    pub limit: i64,
}

#[derive(sqlx::FromRow)]
pub(crate) struct Row {
    pub(crate) posting: PostingId,
    pub(crate) line: i64,
    kind: String,
    number: Option<String>,
    sku: String,
    store: String,
    from_location: LocationId,
    to_location: LocationId,
    from_code: String,
    to_code: String,
    from_kind: String,
    to_kind: String,
    lot: Option<LotId>,
    #[sqlx(try_from = "String")]
    condition: Condition,
    pub(crate) quantity: Quantity,
    unit_price: Option<Money>,
    reason: Option<String>,
    actor: String,
    device: String,
    occurred_at: Time,
    pub(crate) recorded_at: Time,
    pub(crate) version: Option<i64>,
    reverses: Option<PostingId>,
    reversed_by: Option<PostingId>,
    shop: LocationId,
}

impl Row {
    /// How it changed what the store has: one of its ends is a real place, or none.
    pub(crate) fn change(&self) -> Quantity {
        let real = |kind: &str| i64::from(kind == LocationKind::Physical.name());
        Quantity::from_parts(self.quantity.parts() * (real(&self.to_kind) - real(&self.from_kind)))
    }

    /// Did it change what sales leave from?
    pub(crate) fn sells(&self) -> bool {
        let here = self.from_location == self.shop || self.to_location == self.shop;
        here && self.condition.is_sellable() && self.lot.is_none()
    }

    pub(crate) fn told(self, on_hand: Option<Quantity>) -> Result<Movement> {
        let change = self.change();
        Ok(Movement {
            posting: self.posting,
            line: self.line,
            kind: DocumentKind::named(&self.kind).ok_or(Error::NotFound)?,
            number: self.number,
            sku: self.sku,
            store: self.store,
            from: self.from_code,
            to: self.to_code,
            quantity: self.quantity,
            condition: self.condition,
            change,
            on_hand,
            unit_price: self.unit_price,
            reason: self.reason,
            actor: self.actor,
            device: self.device,
            occurred_at: self.occurred_at,
            recorded_at: self.recorded_at,
            reverses: self.reverses,
            reversed_by: self.reversed_by,
        })
    }
}

impl Inventory {
    /// A page of movements, newest first by when we learnt of them.
    pub async fn movements(&self, actor: &Actor, filter: &MovementFilter) -> Result<Page<Movement>> {
        let stores = self.reach(actor, filter.store.as_deref()).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.anywhere()).await?;
        if let Some(sku) = &filter.sku
            && code::find(&mut tx, sku).await?.is_none()
        {
            return Err(Flaw::new("sku", "unknown_sku", format!("there is no item {sku:?}")).into());
        }
        let limit = filter.limit.clamp(1, 200);
        let mut rows = Vec::new();
        for store in stores {
            rows.extend(page(&mut tx, store.id, filter, limit + 1).await?);
        }
        rows.sort_by_key(|row| std::cmp::Reverse((row.recorded_at, row.posting, row.line)));
        rows.truncate(usize::try_from(limit + 1).unwrap_or(usize::MAX));
        let more = rows.len() > usize::try_from(limit).unwrap_or(usize::MAX);
        if more {
            rows.pop();
        }
        let last = rows.last().map(|row| format!("{}\n{}\n{}", row.recorded_at.micros(), row.posting, row.line));
        let next = more.then_some(last).flatten();
        let as_of = self.auth.log().head(&mut tx).await?;
        let data = rows.into_iter().map(|row| row.told(None)).collect::<Result<_>>()?;
        Ok(Page { data, as_of, next })
    }
}

/// One store's page: through the index of the store, or of the item in it.
pub(crate) async fn page(tx: &mut Tx, store: StoreId, filter: &MovementFilter, limit: i64) -> Result<Vec<Row>> {
    let latest = (Time::from_micros(i64::MAX), PostingId(uuid::Uuid::max()), i64::MAX);
    let (before, posting, line) = filter.after.unwrap_or(latest);
    macro_rules! page {
        ($where:literal) => {
            fetch_all!(
                tx,
                concat!(
                    "select m.posting, m.line, p.kind, p.number, i.sku, s.code as store, m.from_location, m.to_location,
                            f.code as from_code, t.code as to_code, f.kind as from_kind,
                            t.kind as to_kind, m.lot, m.condition, m.quantity, m.unit_price, m.reason, p.actor,
                            p.device, m.occurred_at, m.recorded_at, m.version, p.reverses, r.id as reversed_by,
                            h.id as shop
                     from inventory_movement m
                     join inventory_posting p on p.id = m.posting
                     join inventory_item i on i.id = m.item
                     join inventory_store s on s.id = m.store
                     join inventory_location f on f.id = m.from_location
                     join inventory_location t on t.id = m.to_location
                     join inventory_location h on h.store = m.store and h.code = $6
                     left join inventory_posting r on r.reverses = m.posting
                     where m.store = $1
                       and (m.recorded_at, m.posting, m.line) < ($2, $3, $4) and ",
                    $where,
                    " order by m.recorded_at desc, m.posting desc, m.line desc limit $5"
                ),
                store,
                before,
                posting,
                line,
                limit,
                SHOP,
                filter.sku.clone().unwrap_or_default()
            )
        };
    }
    if filter.sku.is_some() {
        Ok(page!("m.item = (select id from inventory_item where sku = $7)")?)
    } else {
        Ok(page!("$7 = ''")?)
    }
}
