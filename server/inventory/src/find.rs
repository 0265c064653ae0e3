//! Scan anything: what a code or a word means in a store, and what waits there.

use crate::paper::{Paper, find_paper};
use crate::reach::{self, Filter};
use crate::stretch::{self, Kept, List};
use crate::{Inventory, code, correction, counting, exception, lot, purchase};
use db::{Tx, fetch_all, fetch_optional};
use model::{
    Action, Actor, COUNT_REACH, DocumentKind, Error, Flaw, GridQuery, Meant, PaperId, PostingId, Result, Scope, Since,
    StoreId, Waiting,
};

/// How long a code may be, in characters.
const CODE_MAX: usize = 200;

#[derive(sqlx::FromRow)]
struct PostingRow {
    id: PostingId,
    kind: String,
    store: StoreId,
    code: String,
}

impl Inventory {
    /// What a scanned code or a typed word means, seen from a store: an item by SKU, by barcode or by its number in
    /// whatever form, a document by its id or number, a piece by its serial number, a store or a place in one by code or
    /// name.
    pub async fn meaning(&self, actor: &Actor, store: &str, text: &str) -> Result<Meant> {
        let text = text.trim();
        if text.is_empty() || text.chars().count() > CODE_MAX || text.contains('\0') {
            return Err(Flaw::new("text", "text", format!("use 1 to {CODE_MAX} characters")).into());
        }
        let site = self.site(actor, Action::SeeStock, store).await?;
        let (mine, stores) = (actor.scope(Action::SeeStock), self.stores(actor).await?);
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        if let Some(row) = code::find(&mut tx, text).await? {
            // Its label may say which piece it is.
            let serial = code::label(text).and_then(|label| label.serial);
            if let Some(serial) = serial.filter(|_| row.has_serials())
                && lot::of_serial(&mut tx, &serial).await?.contains(&row.sku)
            {
                return Ok(Meant::Serial(serial));
            }
            return Ok(Meant::Item(row.sku));
        }
        if let Some(row) = posting(&mut tx, &mine, site.store.id, text).await? {
            let kind = DocumentKind::named(&row.kind).ok_or(Error::NotFound)?;
            return Ok(Meant::Posting { id: row.id, kind, store: row.code });
        }
        if let Some(paper) = paper(&mut tx, text).await?
            && let Some(store) = stores.into_iter().find(|store| paper.step().stores.contains(&store.id))
        {
            return Ok(Meant::Paper { id: paper.id, kind: paper.kind, store: store.code });
        }
        if !lot::of_serial(&mut tx, text).await?.is_empty() {
            return Ok(Meant::Serial(text.to_owned()));
        }
        if let Some(store) = place(&mut tx, &mine, site.store.id, text).await? {
            return Ok(Meant::Place(store));
        }
        Ok(code::fault(text).map_or(Meant::Nothing, |fault| Meant::Wrong(fault.to_string())))
    }

    /// How many things wait in a store.
    pub async fn waiting(&self, actor: &Actor, store: &str) -> Result<Since<Waiting>> {
        let site = self.site(actor, Action::SeeStock, store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let query = GridQuery { store: store.to_owned(), short: true, ..GridQuery::default() };
        let short = Filter { reach: COUNT_REACH + 1, ..(&query).into() };
        let short = reach::window(&mut tx, &short, &site, (0, 1)).await?.total;
        let exceptions = exception::open_count(&mut tx, site.store.id).await?;
        let offered = List { kept: Kept::Offered, by_name: false, category: None };
        let total = stretch::total(&mut tx, offered).await?;
        let (orders, deliveries) = purchase::waiting(&mut tx, site.store.id).await?;
        let (approvals, corrections, reviews) = if actor.may(Action::Approve.at(site.store.id)) {
            let corrections = correction::waiting(&mut tx, site.store.id).await?;
            (orders, corrections, counting::in_review(&mut tx, site.store.id).await?)
        } else {
            (0, 0, 0)
        };
        let counts = if actor.may(Action::Count.at(site.store.id)) { counting::due(&mut tx, &site).await? } else { 0 };
        let data = Waiting { exceptions, short, approvals, corrections, deliveries, counts, reviews };
        Ok(Since { data, as_of: self.auth.log().head(&mut tx).await?, total })
    }
}

/// The document of that id or number: rather one of this store, else the latest of theirs.
async fn posting(tx: &mut Tx, mine: &Scope, store: StoreId, text: &str) -> Result<Option<PostingRow>> {
    let id: PostingId = text.parse().unwrap_or(PostingId(uuid::Uuid::nil()));
    let rows: Vec<PostingRow> = fetch_all!(
        tx,
        "select p.id, p.kind, p.store, s.code from inventory_posting p join inventory_store s on s.id = p.store
         where (p.id = $1 or p.number = $2) and p.outcome = 'posted' order by p.recorded_at desc limit 50",
        id,
        text
    )?;
    let mut rows: Vec<PostingRow> = rows.into_iter().filter(|row| mine.holds(row.store)).collect();
    rows.sort_by_key(|row| row.store != store);
    Ok(rows.into_iter().next())
}

/// The document that lives of that number or id.
async fn paper(tx: &mut Tx, text: &str) -> Result<Option<Paper>> {
    let number: Option<(PaperId,)> =
        fetch_optional!(tx, "select id from inventory_paper where number = $1", text.to_uppercase())?;
    match number.map(|(id,)| id).or_else(|| text.parse().ok()) {
        Some(id) => find_paper(tx, id).await,
        None => Ok(None),
    }
}

/// The code of the store that has that code or name, or a place of that code or name: rather this one.
async fn place(tx: &mut Tx, mine: &Scope, store: StoreId, text: &str) -> Result<Option<String>> {
    let rows: Vec<(StoreId, String)> = fetch_all!(
        tx,
        "select s.id, s.code from inventory_store s
         where lower(s.code) = $1 or lower(s.name) = $1
            or exists (select 1 from inventory_location l where l.store = s.id and l.kind = 'physical'
                         and (lower(l.code) = $1 or lower(l.name) = $1))
         order by s.code limit 200",
        text.to_lowercase()
    )?;
    let mut rows: Vec<_> = rows.into_iter().filter(|(id, _)| mine.holds(*id)).collect();
    rows.sort_by_key(|(id, _)| *id != store);
    Ok(rows.into_iter().next().map(|(_, code)| code))
}
