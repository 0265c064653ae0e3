//! Places inside a store: a tree of rooms, shelves and bins. Sales leave from SHOP; goods come to the others by transfer.

use crate::store::SHOP;
use crate::{Event, Inventory};
use auth::Act;
use db::{Tx, execute, fetch_all, fetch_one, fetch_optional};
use model::{
    Action, Actor, COUNT_REACH, Error, Flaw, LocationId, LocationKind, NewPlace, Place, PlaceChange, Result, Reused,
    Since, StoreId,
};

/// How many places a store may have.
const PLACES_MAX: i64 = 2_000;
/// How deep the tree may be.
const DEPTH_MAX: usize = 8;

#[derive(sqlx::FromRow)]
struct Row {
    id: LocationId,
    site: StoreId,
    store: String,
    parent: Option<String>,
    code: String,
    name: String,
    archived: i64,
    items: i64,
}

impl From<Row> for Place {
    fn from(row: Row) -> Self {
        let Row { id, store, parent, code, name, archived, items, .. } = row;
        // An item lies there at most twice, fit to be sold and not: 2 002 balances are more than a thousand items.
        let items = items.min(COUNT_REACH + 1);
        Self { id, store, parent, code, name, archived: archived == 1, items }
    }
}

macro_rules! places {
    ($tx:expr, $where:literal, $by:expr) => {
        fetch_all!(
            $tx,
            concat!(
                "select l.id, l.store as site, s.code as store, p.code as parent, l.code, l.name,
                        cast(case when l.archived_at is null then 0 else 1 end as bigint) as archived,
                        (select count(distinct item) from (
                             select item from (select b.item from inventory_balance b
                                               where b.location = l.id and b.on_hand > 0 limit 2002) above
                             union all
                             select item from (select b.item from inventory_balance b
                                               where b.location = l.id and b.on_hand < 0 limit 2002) below) counted) as items
                 from inventory_location l
                 join inventory_store s on s.id = l.store
                 left join inventory_location p on p.id = l.parent
                 where l.kind = 'physical' and ",
                $where,
                " order by l.code"
            ),
            $by
        )
    };
}

impl Inventory {
    /// The places of a store where goods lie, by code; those given up too.
    pub async fn places(&self, actor: &Actor, store: &str) -> Result<Since<Vec<Place>>> {
        let site = self.site(actor, Action::SeeStock, store).await?;
        let mut tx = self.auth.read(actor, Action::SeeStock.at(site.store.id)).await?;
        let rows: Vec<Row> = places!(&mut tx, "l.store = $1", site.store.id)?;
        let total = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        let data = rows.into_iter().map(Place::from).collect();
        Ok(Since { data, as_of: self.auth.log().head(&mut tx).await?, total })
    }

    /// Adds a place; sending the same again answers with it.
    ///
    /// Errors: [`Error::Invalid`] for a code that is taken or none, for a parent that is not there, and when there are
    /// too many.
    pub async fn add_place(&self, actor: &Actor, new: NewPlace) -> Result<Place> {
        check(&new)?;
        let site = self.site(actor, Action::EditItems, &new.store).await?;
        let store = site.store.id;
        let mut act = self.auth.act(actor, Action::EditItems.at(store)).await?;
        if let Some(before) = find(&mut act, new.id).await? {
            act.withdraw().await?;
            let same = (&before.store, &before.code, &before.parent) == (&new.store, &new.code, &new.parent);
            return if same { Ok(before.into()) } else { Err(Error::Conflict(Reused::Id)) };
        }
        act.alone("inventory_location").await?;
        let parent = match &new.parent {
            Some(code) => Some(parent(&mut act, store, code).await?),
            None => None,
        };
        let (count,): (i64,) =
            fetch_one!(act, "select count(*) from inventory_location where store = $1 and kind = 'physical'", store)?;
        if count >= PLACES_MAX {
            let message = format!("a store has at most {PLACES_MAX} places");
            return Err(Flaw::new("code", "too_many", message).into());
        }
        let added = execute!(
            act,
            "insert into inventory_location (id, store, parent, code, name, kind) values ($1, $2, $3, $4, $5, $6)
             on conflict (store, code) do nothing",
            new.id,
            store,
            parent,
            &new.code,
            new.name.trim(),
            LocationKind::Physical.name()
        )?;
        if added == 0 {
            let message = format!("{} is another place of this store; use another code", new.code);
            return Err(Flaw::new("code", "place_taken", message).into());
        }
        let place = Place {
            id: new.id,
            store: new.store,
            parent: new.parent,
            code: new.code,
            name: new.name.trim().to_owned(),
            archived: false,
            items: 0,
        };
        end(act, "inventory.place_added", store, &place).await?;
        Ok(place)
    }

    /// May they change that place, at this moment? Errors: as [`Inventory::change_place`].
    pub async fn may_change_place(&self, actor: &Actor, id: LocationId) -> Result<()> {
        self.store_of_place(actor, id).await.map(drop)
    }

    async fn store_of_place(&self, actor: &Actor, id: LocationId) -> Result<StoreId> {
        let mut tx = self.auth.read(actor, Action::EditItems.anywhere()).await?;
        let place = find(&mut tx, id).await?.filter(|row| actor.scope(Action::EditItems).holds(row.site));
        Ok(place.ok_or(Error::NotFound)?.site)
    }

    /// Renames a place, gives it up when it is empty, or takes it up again.
    ///
    /// Errors: [`Error::NotFound`]; [`Error::Invalid`] for what is not empty, for SHOP, and for a name that is none.
    pub async fn change_place(&self, actor: &Actor, id: LocationId, change: PlaceChange) -> Result<Place> {
        if let Some(name) = &change.name {
            check_name(name)?;
        }
        let store = self.store_of_place(actor, id).await?;
        let mut act = self.auth.act(actor, Action::EditItems.at(store)).await?;
        if change.archived == Some(true) {
            // Nothing comes to lie there, and nothing is sent there, while it is looked at.
            act.alone("inventory_location").await?;
            act.alone("inventory_transfer").await?;
            act.alone("inventory_balance").await?;
        }
        let before: Place = find(&mut act, id).await?.ok_or(Error::NotFound)?.into();
        let place = Place {
            name: change.name.map_or_else(|| before.name.clone(), |name| name.trim().to_owned()),
            archived: change.archived.unwrap_or(before.archived),
            ..before.clone()
        };
        let topic = match (place.archived, before.archived) {
            (true, false) => "inventory.place_archived",
            (false, true) => "inventory.place_reopened",
            _ if place.name != before.name => "inventory.place_renamed",
            _ => {
                act.withdraw().await?;
                self.auth.keep_answer(actor, 200, &place, None).await?;
                return Ok(place);
            }
        };
        if place.archived && !before.archived {
            empty(&mut act, &before).await?;
        }
        execute!(
            act,
            "update inventory_location set name = $2, archived_at = $3 where id = $1",
            id,
            &place.name,
            place.archived.then(model::Time::now)
        )?;
        end(act, topic, store, &place).await?;
        Ok(place)
    }
}

async fn end(act: Act, topic: &'static str, store: StoreId, place: &Place) -> Result<()> {
    let event = Event::Place { topic, store, place: place.clone() };
    let status = if topic == "inventory.place_added" { 201 } else { 200 };
    act.conclude(event, status, place).await
}

async fn find(tx: &mut Tx, id: LocationId) -> Result<Option<Row>> {
    let rows: Vec<Row> = places!(tx, "l.id = $1", id)?;
    Ok(rows.into_iter().next())
}

/// The place of that code in which others may be.
async fn parent(tx: &mut Tx, store: StoreId, code: &str) -> Result<LocationId> {
    let found = on_use(tx, store, code).await?;
    let message = format!("there is no place {code:?} in this store");
    let found = found.ok_or_else(|| Error::from(Flaw::new("parent", "unknown_place", message)))?;
    let mut above = Some(found);
    for _ in 1..DEPTH_MAX {
        let Some(place) = above else { return Ok(found) };
        let row: Option<(Option<LocationId>,)> =
            fetch_optional!(tx, "select parent from inventory_location where id = $1", place)?;
        above = row.and_then(|(parent,)| parent);
    }
    let message = format!("places lie in one another at most {DEPTH_MAX} deep");
    if above.is_none() { Ok(found) } else { Err(Flaw::new("parent", "too_deep", message).into()) }
}

/// The place of that code where goods may lie.
pub(crate) async fn on_use(tx: &mut Tx, store: StoreId, code: &str) -> Result<Option<LocationId>> {
    let row: Option<(LocationId,)> = fetch_optional!(
        tx,
        "select id from inventory_location
         where store = $1 and code = $2 and kind = 'physical' and archived_at is null",
        store,
        code
    )?;
    Ok(row.map(|(id,)| id))
}

/// Where that store's goods are while they are on the way.
pub(crate) async fn transit(tx: &mut Tx, store: StoreId) -> Result<LocationId> {
    let (id,): (LocationId,) =
        fetch_one!(tx, "select id from inventory_location where store = $1 and code = 'TRANSIT'", store)?;
    Ok(id)
}

/// Refuses to give up what is in use.
async fn empty(tx: &mut Tx, place: &Place) -> Result<()> {
    let (promised, inside, awaited): (i64, i64, i64) = fetch_one!(
        tx,
        "select (select count(*) from inventory_balance where location = $1 and reserved <> 0),
                (select count(*) from inventory_location where parent = $1 and archived_at is null),
                (select count(*) from inventory_transfer t join inventory_paper p on p.id = t.paper
                 where (t.from_location = $1 or t.to_location = $1)
                   and p.state not in ('received', 'closed', 'cancelled'))",
        place.id
    )?;
    let why = if place.code == SHOP {
        "sales leave from it"
    } else if place.items > 0 || promised > 0 {
        "there is something in it; move that first"
    } else if inside > 0 {
        "there are places in it; give those up first"
    } else if awaited > 0 {
        "a transfer leads there; finish or cancel that first"
    } else {
        return Ok(());
    };
    Err(Flaw::new("archived", "in_use", why).into())
}

fn check(new: &NewPlace) -> Result<()> {
    let plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-';
    if new.code.is_empty() || new.code.len() > 20 || !new.code.chars().all(plain) {
        return Err(Flaw::new("code", "place_code", "use 1 to 20 of the letters A-Z, digits and -").into());
    }
    check_name(&new.name)
}

fn check_name(name: &str) -> Result<()> {
    if name.trim().is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
        return Err(Flaw::new("name", "name_length", "use 1 to 100 visible characters").into());
    }
    Ok(())
}
