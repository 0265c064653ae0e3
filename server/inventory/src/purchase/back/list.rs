//! Lists of returns to suppliers: what waits for its credit, the latest step first.

use crate::Inventory;
use crate::store::Site;
use db::{Tx, fetch_all};
use model::{
    Action, Actor, Money, Page, PaperId, PaperKind, Result, SupplierReturnQuery, SupplierReturnRow,
    SupplierReturnState, Time,
};

#[derive(sqlx::FromRow)]
struct Row {
    id: PaperId,
    number: String,
    supplier_name: String,
    #[sqlx(try_from = "String")]
    state: SupplierReturnState,
    version: i64,
    lines: i64,
    value: Money,
    author: String,
    changed_at: Time,
}

impl Row {
    fn told(self, site: &Site) -> SupplierReturnRow {
        let Self { id, number, supplier_name, state, version, lines, value, author, changed_at } = self;
        let currency = site.store.currency.clone();
        SupplierReturnRow { id, number, supplier_name, state, version, lines, value, currency, author, changed_at }
    }
}

impl Inventory {
    /// A page of a store's returns to suppliers, the latest step first; `limit` is 1 to 200.
    pub async fn supplier_returns(
        &self,
        actor: &Actor,
        query: &SupplierReturnQuery,
        limit: i64,
    ) -> Result<Page<SupplierReturnRow>> {
        let site = self.site(actor, Action::SeeStock, &query.store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let limit = limit.clamp(1, 200);
        let mut rows = page(&mut tx, &site, query, limit + 1).await?;
        let size = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > size;
        rows.truncate(size);
        let next = rows.last().filter(|_| more).map(|row| format!("{}\n{}", row.changed_at.micros(), row.id));
        let data = rows.into_iter().map(|row| row.told(&site)).collect();
        Ok(Page { data, as_of: self.auth.log().head(&mut tx).await?, next })
    }
}

/// Each state, and all of them together, has its stretch of an index.
async fn page(tx: &mut Tx, site: &Site, query: &SupplierReturnQuery, limit: i64) -> Result<Vec<Row>> {
    let (before, id) = query.after.unwrap_or((Time::from_micros(i64::MAX), PaperId(uuid::Uuid::max())));
    macro_rules! page {
        ($where:literal) => {
            fetch_all!(
                tx,
                concat!(
                    "select p.id, p.number, s.name as supplier_name, p.state, p.version, r.lines, r.value, p.author,
                            p.changed_at
                     from inventory_paper p
                     join inventory_supplier_return r on r.paper = p.id
                     join inventory_supplier s on s.id = p.party
                     where p.store = $1 and p.kind = $2 and ",
                    $where,
                    " and (p.changed_at, p.id) < ($4, $5) order by p.changed_at desc, p.id desc limit $6"
                ),
                site.store.id,
                PaperKind::SupplierReturn.name(),
                query.state.map_or("", SupplierReturnState::name),
                before,
                id,
                limit
            )
        };
    }
    let rows: Vec<Row> = if query.state.is_some() { page!("p.state = $3") } else { page!("$3 = ''") }?;
    Ok(rows)
}
