//! Lists of reservations: what is kept, for whom, and until when.

use crate::Inventory;
use db::{Tx, fetch_all, query_rows};
use model::{
    Action, Actor, ItemId, Page, PaperId, Quantity, Reservation, ReservationId, ReservationKind, ReservationState,
    Result, StoreId, Time,
};

/// How many an item's sheet shows.
const SHOWN: i64 = 20;

/// Which reservations a list shows, newest first.
#[derive(Clone, Debug, Default)]
pub struct ReservationFilter {
    /// The store's code.
    pub store: String,
    /// Only of this item.
    pub sku: Option<String>,
    /// Only in this state; what is kept when left out.
    pub state: Option<ReservationState>,
    /// `(created_at, id)` after which the page starts.
    pub after: Option<(Time, ReservationId)>,
    /// 1 to 200.
    pub limit: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: ReservationId,
    store: String,
    sku: String,
    name: String,
    quantity: Quantity,
    fulfilled: Quantity,
    #[sqlx(try_from = "String")]
    kind: ReservationKind,
    document: Option<PaperId>,
    number: Option<String>,
    #[sqlx(try_from = "String")]
    state: ReservationState,
    expires_at: Option<Time>,
    author: String,
    created_at: Time,
}

impl Row {
    /// What has had its time is expired, also while nobody has said so yet.
    fn told(self, now: Time) -> Reservation {
        let over = self.state == ReservationState::Active && self.expires_at.is_some_and(|end| end <= now);
        Reservation {
            id: self.id,
            store: self.store,
            sku: self.sku,
            name: self.name,
            quantity: self.quantity,
            fulfilled: self.fulfilled,
            kind: self.kind,
            document: self.document,
            number: self.number,
            state: if over { ReservationState::Expired } else { self.state },
            expires_at: self.expires_at,
            author: self.author,
            created_at: self.created_at,
        }
    }
}

/// What a list reads of each.
macro_rules! columns {
    () => {
        "select r.id, s.code as store, i.sku, i.name, r.quantity, r.fulfilled, r.kind, r.document, p.number, r.state,
                r.expires_at, r.author, r.created_at "
    };
}

/// The tables that it stands in.
macro_rules! tables {
    () => {
        "join inventory_store s on s.id = r.store
         join inventory_item i on i.id = r.item
         left join inventory_paper p on p.id = r.document "
    };
}

impl Inventory {
    /// A page of a store's reservations, newest first.
    pub async fn reservations(&self, actor: &Actor, filter: &ReservationFilter) -> Result<Page<Reservation>> {
        let site = self.site(actor, Action::SeeStock, &filter.store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let limit = filter.limit.clamp(1, 200);
        let state = filter.state.unwrap_or(ReservationState::Active);
        let (before, id) = filter.after.unwrap_or((Time::from_micros(i64::MAX), ReservationId(uuid::Uuid::max())));
        let now = Time::now();
        // What is over is kept in the rows until somebody says so.
        let kept = if state == ReservationState::Expired { ReservationState::Active } else { state };
        let rows: Vec<Row> = fetch_all!(
            &mut tx,
            concat!(
                columns!(),
                "from inventory_reservation r ",
                tables!(),
                "where r.store = $1 and (r.created_at, r.id) < ($2, $3) and ($4 = '' or i.sku = $4)
                   and (r.state = $5 or r.state = $6)
                   and (r.state <> 'active' or (coalesce(r.expires_at, $8) > $7) = ($5 = 'active'))
                 order by r.created_at desc, r.id desc limit $9"
            ),
            site.store.id,
            before,
            id,
            filter.sku.as_deref().unwrap_or_default(),
            state.name(),
            kept.name(),
            now,
            Time::from_micros(i64::MAX),
            limit + 1
        )?;
        let more = rows.len() > usize::try_from(limit).unwrap_or(usize::MAX);
        let shown = rows.into_iter().take(usize::try_from(limit).unwrap_or(1));
        let data: Vec<Reservation> = shown.map(|row| row.told(now)).collect();
        let last = data.last().map(|row| format!("{}\n{}", row.created_at.micros(), row.id));
        Ok(Page { data, as_of: self.auth.log().head(&mut tx).await?, next: more.then_some(last).flatten() })
    }
}

/// These reservations, in their order.
pub(super) async fn of(tx: &mut Tx, ids: &[ReservationId]) -> Result<Vec<Reservation>> {
    let rows: Vec<Row> = query_rows!(
        tx,
        "with wanted (id) as (",
        ids,
        |row, id| {
            row.push_bind(*id);
        },
        concat!(") ", columns!(), "from wanted join inventory_reservation r on r.id = wanted.id ", tables!())
    )?;
    let now = Time::now();
    let mut told: Vec<Reservation> = rows.into_iter().map(|row| row.told(now)).collect();
    told.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
    Ok(told)
}

/// For whom an item is kept in a store, oldest first.
pub(crate) async fn held(tx: &mut Tx, store: StoreId, item: ItemId) -> Result<Vec<Reservation>> {
    let now = Time::now();
    let rows: Vec<Row> = fetch_all!(
        tx,
        concat!(
            columns!(),
            "from inventory_reservation r ",
            tables!(),
            "where r.item = $1 and r.store = $2 and r.state = 'active' and coalesce(r.expires_at, $4) > $3
             order by r.created_at, r.id limit $5"
        ),
        item,
        store,
        now,
        Time::from_micros(i64::MAX),
        SHOWN
    )?;
    Ok(rows.into_iter().map(|row| row.told(now)).collect())
}
