//! Lists of corrections that had to wait: the latest step first; and how many wait.

use crate::store::Site;
use crate::{Inventory, paper};
use db::{Tx, fetch_all};
use model::{
    Action, Actor, CorrectionQuery, CorrectionRow, CorrectionState, Money, Page, PaperId, PaperKind, Result, StoreId,
    Time,
};

#[derive(sqlx::FromRow)]
struct Row {
    id: PaperId,
    number: String,
    #[sqlx(try_from = "String")]
    state: CorrectionState,
    version: i64,
    reason: String,
    item: String,
    lines: i64,
    value: Option<Money>,
    author: String,
    occurred_at: Time,
    changed_at: Time,
}

impl Row {
    fn told(self, site: &Site) -> CorrectionRow {
        let Self { id, number, state, version, reason, item, lines, value, author, occurred_at, changed_at } = self;
        let currency = site.store.currency.clone();
        CorrectionRow {
            id,
            number,
            state,
            version,
            reason,
            item,
            lines,
            value,
            currency,
            author,
            occurred_at,
            changed_at,
        }
    }
}

impl Inventory {
    /// A page of a store's corrections that had to wait, the latest step first; `limit` is 1 to 200.
    pub async fn corrections(&self, actor: &Actor, query: &CorrectionQuery, limit: i64) -> Result<Page<CorrectionRow>> {
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
async fn page(tx: &mut Tx, site: &Site, query: &CorrectionQuery, limit: i64) -> Result<Vec<Row>> {
    let (before, id) = query.after.unwrap_or((Time::from_micros(i64::MAX), PaperId(uuid::Uuid::max())));
    macro_rules! page {
        ($where:literal) => {
            fetch_all!(
                tx,
                concat!(
                    "select p.id, p.number, p.state, p.version, c.reason, i.name as item, c.lines, c.value, p.author,
                            c.occurred_at, p.changed_at
                     from inventory_paper p
                     join inventory_correction c on c.paper = p.id
                     join inventory_correction_line l on l.paper = p.id and l.line = 1
                     join inventory_item i on i.id = l.item
                     where p.store = $1 and p.kind = $2 and ",
                    $where,
                    " and (p.changed_at, p.id) < ($4, $5) order by p.changed_at desc, p.id desc limit $6"
                ),
                site.store.id,
                PaperKind::Adjustment.name(),
                query.state.map_or("", CorrectionState::name),
                before,
                id,
                limit
            )
        };
    }
    let rows: Vec<Row> = if query.state.is_some() { page!("p.state = $3") } else { page!("$3 = ''") }?;
    Ok(rows)
}

/// How many corrections of a store wait for somebody.
pub(crate) async fn waiting(tx: &mut Tx, store: StoreId) -> Result<i64> {
    paper::count(tx, store, PaperKind::Adjustment, CorrectionState::Waiting.name()).await
}
