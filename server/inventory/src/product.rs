//! Products: items as the catalogue shows them one by one, and the same change made to many.

use crate::alter::apply;
use crate::change::{by_sku, within};
use crate::item::{self, ItemRow};
use crate::{Inventory, code, kit};
use auth::Act;
use db::{Tx, execute, fetch_one, query_rows};
use model::{
    Action, Actor, Bulk, Changed, Channel, Error, ItemId, Limit, Product, PromisePolicy, Quantity, Result, Reused,
    Scope, Since, StoreId, TaxClassId, Time, coin_digits,
};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use uuid::Uuid;

#[derive(sqlx::FromRow)]
pub(crate) struct Row {
    #[sqlx(flatten)]
    item: ItemRow,
    version: i64,
    archived_at: Option<Time>,
    image: Option<String>,
    category: Option<String>,
    tax_class: Option<TaxClassId>,
}

impl Inventory {
    /// The product with that code as [`Inventory::find_item`] finds it, archived or not, with the limits of the reader's stores; true up
    /// to `as_of`.
    pub async fn product(&self, actor: &Actor, code: &str) -> Result<Since<Product>> {
        self.find_product(actor, code).await?.ok_or(Error::NotFound)
    }

    /// The same, if there is one.
    pub async fn find_product(&self, actor: &Actor, code: &str) -> Result<Option<Since<Product>>> {
        let mut tx = self.auth.read(actor, Action::SeeStock.anywhere()).await?;
        let as_of = self.auth.log().head(&mut tx).await?;
        let Some(row) = code::find(&mut tx, code).await? else { return Ok(None) };
        let mine = actor.scope(Action::SeeStock);
        let found = whole(&mut tx, &[&row.sku], &mine).await?.pop();
        Ok(found.map(|data| Since { data, as_of, total: 1 }))
    }

    /// Makes the same change to these items; those without a price keep it when prices change.
    pub async fn change_many(&self, actor: &Actor, store: &str, skus: Vec<String>, bulk: Bulk) -> Result<Changed> {
        self.change_many_once(actor, None, store, skus, bulk).await
    }

    /// The same. Under an id that its author made it counts once: a repeat is answered with the first outcome.
    ///
    /// # Errors
    /// `Conflict(Id)` when that id came with another change before.
    pub async fn change_many_once(
        &self,
        actor: &Actor,
        id: Option<Uuid>,
        store: &str,
        skus: Vec<String>,
        bulk: Bulk,
    ) -> Result<Changed> {
        within(skus.len())?;
        let site = self.site(actor, Action::EditItems, store).await?;
        let limits = if let Bulk::Limits(limit) = &bulk { vec![limit.clone()] } else { Vec::new() };
        let stores = self.limited(actor, Some(&limits)).await?;
        let digits = coin_digits(&site.store.currency);
        let mut act = self.auth.act(actor, Action::EditItems.anywhere()).await?;
        if let Some(id) = id
            && let Some(before) = before(&mut act, id, &(store, &skus, &bulk)).await?
        {
            // What was seen may be a twin's that is not on disk yet.
            act.withdraw().await?;
            return before;
        }
        let products = by_sku(&mut act, &skus.iter().map(String::as_str).collect::<Vec<_>>()).await?;
        let (mut wanted, mut kept) = (Vec::new(), Vec::new());
        for sku in &skus {
            match products.get(sku).map(|product| (product, bulk.patch(product, digits))) {
                Some((product, Some(patch))) => wanted.push((product, patch)),
                _ => kept.push(sku.clone()),
            }
        }
        let changes = apply(&mut act, wanted, &stores).await?;
        if id.is_some() {
            let outcome = Changed { journal: Some(act.journal()), changed: changes.len() as u64, kept: kept.clone() };
            answer(&mut act, &outcome).await?;
        }
        self.commit_changes(act, changes, kept, "", None).await
    }
}

/// What that id was answered with before; other content is a conflict. An id that is new is taken by this act: a twin
/// waits for it.
async fn before(act: &mut Act, id: Uuid, content: &(&str, &Vec<String>, &Bulk)) -> Result<Option<Result<Changed>>> {
    let json = serde_json::to_vec(content).expect("these types hold nothing that JSON cannot say");
    let (journal, hash) = (act.journal(), Sha256::digest(json).to_vec());
    let taken = execute!(
        act,
        "insert into inventory_change (journal, cause, changed_at, id, payload_hash) values ($1, $2, $3, $4, $5)
         on conflict (id) do nothing",
        journal,
        "",
        Time::now(),
        id,
        &hash
    )?;
    if taken == 1 {
        return Ok(None);
    }
    let (known, answer): (Vec<u8>, String) =
        fetch_one!(act, "select payload_hash, answer from inventory_change where id = $1", id)?;
    if known != hash {
        return Ok(Some(Err(Error::Conflict(Reused::Id))));
    }
    // Only a hand in the database can make it unreadable.
    Ok(Some(serde_json::from_str(&answer).map_err(|_| Error::NotFound)))
}

/// Writes down what an act that has an id is answered with.
async fn answer(act: &mut Act, outcome: &Changed) -> Result<()> {
    let text = serde_json::to_string(outcome).expect("these types hold nothing that JSON cannot say");
    let journal = act.journal();
    execute!(act, "update inventory_change set answer = $1 where journal = $2", &text, journal)?;
    Ok(())
}

/// The products of these SKUs, whole, by SKU; limits of the stores in scope only.
pub(crate) async fn whole(tx: &mut Tx, skus: &[&str], scope: &Scope) -> Result<Vec<Product>> {
    let mut rows: Vec<Row> = query_rows!(
        tx,
        "with wanted (sku) as (",
        skus,
        |row, sku| {
            row.push_bind(*sku);
        },
        ") select i.id, i.sku, i.name, i.unit, i.kind, i.price, i.promise_policy, i.web_policy, i.costing, i.tracking, i.version, i.archived_at, i.image,
                  i.tax_class, k.name as category
         from wanted join inventory_item i on i.sku = wanted.sku left join inventory_category k on k.id = i.category"
    )?;
    rows.sort_by(|one, other| one.item.sku.cmp(&other.item.sku));
    let ids: Vec<ItemId> = rows.iter().map(|row| row.item.id).collect();
    let mut codes = item::codes(tx, &ids).await?;
    let mut limits = limits(tx, &ids, scope).await?;
    let kits: Vec<ItemId> = rows.iter().filter(|row| row.item.is_kit()).map(|row| row.item.id).collect();
    let mut made = kit::of_items(tx, &kits).await?;
    let whole = rows.into_iter().map(|row| {
        let (id, promise) = (row.item.id, row.item.policy(Channel::Till));
        let web_promise = row.item.web_policy.as_deref().map(PromisePolicy::named);
        Product {
            item: row.item.with(codes.remove(&id).unwrap_or_default()),
            version: row.version,
            archived: row.archived_at.is_some(),
            image: row.image,
            promise,
            web_promise,
            category: row.category,
            components: made.remove(&id).unwrap_or_default(),
            tax_class: row.tax_class,
            limits: limits.remove(&id).unwrap_or_default(),
        }
    });
    Ok(whole.collect())
}

#[derive(sqlx::FromRow)]
struct LimitRow {
    item: ItemId,
    store: StoreId,
    code: String,
    minimum: Option<Quantity>,
    maximum: Option<Quantity>,
}

async fn limits(tx: &mut Tx, items: &[ItemId], scope: &Scope) -> Result<HashMap<ItemId, Vec<Limit>>> {
    let rows: Vec<LimitRow> = query_rows!(
        tx,
        "with wanted (item) as (",
        items,
        |row, item| {
            row.push_bind(*item);
        },
        ") select l.item, l.store, s.code, l.minimum, l.maximum
         from wanted join inventory_limit l on l.item = wanted.item join inventory_store s on s.id = l.store
         order by s.code"
    )?;
    let mut limits: HashMap<ItemId, Vec<Limit>> = HashMap::new();
    for row in rows.into_iter().filter(|row| scope.holds(row.store)) {
        let LimitRow { item, code: store, minimum, maximum, .. } = row;
        limits.entry(item).or_default().push(Limit { store, minimum, maximum });
    }
    Ok(limits)
}
