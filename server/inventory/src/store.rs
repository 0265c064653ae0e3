//! Stores and the places inside them.

use crate::{Event, Inventory, document};
use db::{Tx, execute, fetch_all, fetch_optional, insert_rows, query_rows};
use iso_currency::Currency;
use model::{Action, Actor, Error, Flaw, LocationId, LocationKind, Refusal, Result, Scope, Store, StoreId, Time};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What posting needs to know of an open store; none of it ever changes.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) store: Store,
    /// Where sales leave from and deliveries arrive.
    pub(crate) shop: LocationId,
    pub(crate) supplier: LocationId,
    pub(crate) customer: LocationId,
    pub(crate) shrinkage: LocationId,
    pub(crate) service: LocationId,
    /// What this store has sent and what has not arrived yet.
    pub(crate) transit: LocationId,
    pub(crate) inspection: LocationId,
    pub(crate) scrap: LocationId,
    pub(crate) zone: jiff::tz::TimeZone,
}

/// How long a store counts as open without another look: closed by another process, it is so everywhere within this.
const OPEN: Duration = Duration::from_millis(500);
/// The selling location's code.
pub(crate) const SHOP: &str = "SHOP";

/// The places that every store starts with.
const PLACES: [(&str, &str, LocationKind); 8] = [
    (SHOP, "Shop", LocationKind::Physical),
    ("SUPPLIER", "Suppliers", LocationKind::Supplier),
    ("CUSTOMER", "Customers", LocationKind::Customer),
    ("SHRINKAGE", "Shrinkage", LocationKind::Shrinkage),
    ("SERVICE", "Services", LocationKind::Service),
    ("TRANSIT", "On the way", LocationKind::Transit),
    ("INSPECTION", "Inspection", LocationKind::Inspection),
    ("SCRAP", "Scrap", LocationKind::Scrap),
];

#[derive(sqlx::FromRow)]
struct StoreRow {
    id: StoreId,
    code: String,
    name: String,
    currency: String,
    time_zone: String,
}

impl From<StoreRow> for Store {
    fn from(row: StoreRow) -> Self {
        Self { id: row.id, code: row.code, name: row.name, currency: row.currency, time_zone: row.time_zone }
    }
}

impl Inventory {
    /// Opens a store, for who manages all of them: `code` is 1 to 12 of `A-Z 0-9 -`, `currency` ISO 4217, `time_zone` IANA.
    pub async fn add_store(
        &self,
        actor: &Actor,
        code: &str,
        name: &str,
        currency: &str,
        time_zone: &str,
    ) -> Result<Store> {
        let store = parse(code, name, currency, time_zone)?;
        let mut act = self.auth.act_everywhere(actor, Action::ManageStores).await?;
        let added = execute!(
            act,
            "insert into inventory_store (id, code, name, currency, time_zone, created_at)
             values ($1, $2, $3, $4, $5, $6) on conflict (code) do nothing",
            store.id,
            &store.code,
            &store.name,
            &store.currency,
            &store.time_zone,
            Time::now()
        )?;
        if added == 0 {
            return Err(Refusal::StoreTaken { store: store.code }.into());
        }
        insert_rows!(
            act,
            "insert into inventory_location (id, store, parent, code, name, kind) ",
            &PLACES,
            |row, place| {
                row.push_bind(LocationId::new()).push_bind(store.id).push_bind(None::<LocationId>);
                row.push_bind(place.0).push_bind(place.1).push_bind(place.2.name());
            },
            ""
        )?;
        act.commit(Event::StoreAdded(store.clone())).await?;
        Ok(store)
    }

    /// The open stores whose stock they may see, by code.
    pub async fn stores(&self, actor: &Actor) -> Result<Vec<Store>> {
        let mut tx = self.auth.read(actor, Action::SeeStock.anywhere()).await?;
        let rows: Vec<StoreRow> = fetch_all!(
            &mut tx,
            "select id, code, name, currency, time_zone from inventory_store where closed_at is null order by code"
        )?;
        let scope = actor.scope(Action::SeeStock);
        Ok(rows.into_iter().filter(|row| scope.holds(row.id)).map(Store::from).collect())
    }

    /// The store of that code, if they may do that there; a store that is not theirs is as good as none.
    pub async fn store(&self, actor: &Actor, action: Action, code: &str) -> Result<Store> {
        Ok(self.site(actor, action, code).await?.store.clone())
    }

    /// What posting needs to know of the store of that code.
    ///
    /// Someone who may act in some stores only learns nothing about the others: unknown and foreign are both refused.
    pub(crate) async fn site(&self, actor: &Actor, action: Action, code: &str) -> Result<Arc<Site>> {
        let scope = actor.scope(action);
        if scope.is_empty() {
            // Auth says no, and writes it down.
            self.auth.read(actor, action.anywhere()).await?;
        }
        match self.known_site(code).await? {
            Some(site) if scope.holds(site.store.id) => Ok(site),
            _ if scope == Scope::All => {
                Err(Flaw::new("store", "unknown_store", format!("there is no store {code:?}; check its code")).into())
            }
            _ => Err(Error::NotFound),
        }
    }

    /// The same, whoever asks; `None` when no open store has that code.
    pub(crate) async fn known_site(&self, code: &str) -> Result<Option<Arc<Site>>> {
        if let Some((read, site)) = self.sites.read().expect("nobody panics while holding it").get(code)
            && read.elapsed() < OPEN
        {
            return Ok(Some(site.clone()));
        }
        // Its age counts from the question: a closing that came while it was answered is then seen in time.
        let asked = Instant::now();
        let Some(site) = self.find_site(code).await? else { return Ok(None) };
        let site = Arc::new(site);
        self.sites.write().expect("nobody panics while holding it").insert(code.to_owned(), (asked, site.clone()));
        Ok(Some(site))
    }

    /// After a store was closed or opened here, it is so here at once.
    pub(crate) fn forget_sites(&self) {
        self.sites.write().expect("nobody panics while holding it").clear();
    }

    async fn find_site(&self, code: &str) -> Result<Option<Site>> {
        let reader = Actor::system("inventory");
        let mut tx = self.auth.read(&reader, Action::SeeStock.anywhere()).await?;
        let row: Option<StoreRow> = fetch_optional!(
            &mut tx,
            "select id, code, name, currency, time_zone from inventory_store where code = $1 and closed_at is null",
            code
        )?;
        let Some(row) = row else { return Ok(None) };
        let places: Vec<(LocationId, String)> = fetch_all!(
            &mut tx,
            // A store may have thousands of shelves.
            "select id, code from inventory_location where store = $1 and code in ($2, $3, $4, $5, $6, $7, $8, $9)",
            row.id,
            PLACES[0].0,
            PLACES[1].0,
            PLACES[2].0,
            PLACES[3].0,
            PLACES[4].0,
            PLACES[5].0,
            PLACES[6].0,
            PLACES[7].0
        )?;
        let place = |code: &str| {
            let found = places.iter().find(|place| place.1 == code).map(|place| place.0);
            found.ok_or(Error::NotFound)
        };
        Ok(Some(Site {
            shop: place(SHOP)?,
            supplier: place("SUPPLIER")?,
            customer: place("CUSTOMER")?,
            shrinkage: place("SHRINKAGE")?,
            service: place("SERVICE")?,
            transit: place("TRANSIT")?,
            inspection: place("INSPECTION")?,
            scrap: place("SCRAP")?,
            zone: jiff::tz::TimeZone::get(&row.time_zone).unwrap_or(jiff::tz::TimeZone::UTC),
            store: row.into(),
        }))
    }
}

impl Site {
    /// A moment on the store's own clock: `2026-11-22T14:05`.
    pub(crate) fn local(&self, time: Time) -> String {
        let moment = jiff::Timestamp::from_microsecond(time.micros()).unwrap_or_default();
        moment.to_zoned(self.zone.clone()).strftime("%Y-%m-%dT%H:%M").to_string()
    }

    /// When today began on the store's own clock.
    pub(crate) fn start_of_today(&self) -> Time {
        let now = jiff::Timestamp::now();
        let start = now.to_zoned(self.zone.clone()).start_of_day().map_or(now, |start| start.timestamp());
        Time::from_micros(start.as_microsecond())
    }

    /// The first moment of a day, `2026-10-31`, on the store's own clock; `None` for what is no day.
    pub(crate) fn start_of(&self, day: &str) -> Option<Time> {
        let date = document::day(day)?;
        let start = date.to_zoned(self.zone.clone()).ok()?.start_of_day().ok()?;
        Some(Time::from_micros(start.timestamp().as_microsecond()))
    }

    /// The first moment after a day, `2026-10-31`, on the store's own clock; `None` for what is no day.
    pub(crate) fn end_of(&self, day: &str) -> Option<Time> {
        end_of(&self.zone, day)
    }
}

fn end_of(zone: &jiff::tz::TimeZone, day: &str) -> Option<Time> {
    let next = document::day(day)?.tomorrow().ok()?.to_zoned(zone.clone()).ok()?.start_of_day().ok()?;
    Some(Time::from_micros(next.timestamp().as_microsecond()))
}

/// The first moment after a day, `2026-10-31`, on the clock of that IANA zone; `None` for what is no day.
pub(crate) fn end_of_day(zone: &str, day: &str) -> Option<Time> {
    end_of(&jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC), day)
}

/// The codes of these places.
pub(crate) async fn codes(
    tx: &mut Tx,
    places: impl Iterator<Item = LocationId>,
) -> Result<HashMap<LocationId, String>> {
    let places: Vec<LocationId> = places.collect();
    let rows: Vec<(LocationId, String)> = query_rows!(
        tx,
        "with wanted (place) as (",
        &places,
        |row, place| {
            row.push_bind(*place);
        },
        ") select l.id, l.code from wanted join inventory_location l on l.id = wanted.place"
    )?;
    Ok(rows.into_iter().collect())
}

fn parse(code: &str, name: &str, currency: &str, time_zone: &str) -> Result<Store> {
    let mut flaws = Vec::new();
    let plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-';
    if code.is_empty() || code.len() > 12 || !code.chars().all(plain) {
        flaws.push(Flaw::new("code", "store_code", "use 1 to 12 of the letters A-Z, digits and -"));
    }
    if name.trim().is_empty() || name.chars().count() > 100 {
        flaws.push(Flaw::new("name", "name_length", "use 1 to 100 characters"));
    }
    if Currency::from_code(currency).is_none() {
        flaws.push(Flaw::new("currency", "unknown_currency", "use a code of ISO 4217, such as GBP"));
    }
    if jiff::tz::TimeZone::get(time_zone).is_err() {
        flaws.push(Flaw::new("time_zone", "unknown_time_zone", "use a name such as Europe/London"));
    }
    if !flaws.is_empty() {
        return Err(Error::Invalid(flaws));
    }
    Ok(Store {
        id: StoreId::new(),
        code: code.to_owned(),
        name: name.trim().to_owned(),
        currency: currency.to_owned(),
        time_zone: time_zone.to_owned(),
    })
}
