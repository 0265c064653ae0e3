//! The demo store: two real days of a London gift-ware seller, moved so that the second one is today.

mod people;
mod taxes;

pub use people::{PEOPLE, SignIn};

use crate::Integration;
use crate::till::{Document, ITEMS_AT_ONCE, LINES_MAX, LineKind, Reading, SeenItem, Source, documents, new_item};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use model::{
    Action, Actor, Error, ItemId, Money, NewItem, NewLine, NewReceipt, PersonId, PostingId, Quantity, Result, Ticket,
    Time,
};
use uuid::Uuid;

/// The demo store's code.
pub const STORE: &str = "DEMO";
const SLICE: &[u8] = include_bytes!("../../fixtures/online-retail-slice.csv.gz");
const ZONE: &str = "Europe/London";

impl Integration {
    /// Is the demo store open?
    ///
    /// # Errors
    /// `Forbidden` for who sees no stock.
    pub async fn has_demo(&self, actor: &Actor) -> Result<bool> {
        Ok(self.inventory.stores(actor).await?.iter().any(|store| store.code == STORE))
    }

    /// Opens the demo store, unless it is open: its items with the taxes in their prices, a delivery, and what its till wrote until
    /// now. A demo that
    /// was removed comes back as it was. Somebody who asks meanwhile waits for the same opening.
    ///
    /// # Errors
    /// `Forbidden` for who does not manage all stores; and as posting answers.
    pub async fn open_demo(&self, actor: &Actor) -> Result<()> {
        self.auth.read_everywhere(actor, Action::ManageStores).await?;
        let _turn = self.demo.lock().await;
        let demo = Actor::system("demo");
        if self.has_demo(&demo).await? {
            return Ok(());
        }
        let mut reading = slice()?;
        if self.inventory.reopen_store(actor, STORE, &items(&reading)).await? {
            return Ok(());
        }
        move_to(&mut reading, Timestamp::now()).map_err(no_calendar)?;
        let classes = self.demo_classes(&demo).await?;
        self.inventory.add_store(&demo, STORE, "London", "GBP", ZONE).await?;
        for items in reading.items.chunks(ITEMS_AT_ONCE) {
            let new = |item: &SeenItem| NewItem { id: id_of(&item.code), ..new_item(item) };
            self.inventory.add_items(&demo, items.iter().map(new).collect()).await?;
        }
        // Before anything is sold: a sale keeps the rates of its moment.
        self.tax_demo(&demo, &reading, classes).await?;
        let mut all = delivery(&reading);
        all.extend(reading.documents.iter().flat_map(|seen| documents(&reading, seen, STORE)));
        self.post_all(&demo, all).await?;
        Ok(())
    }

    /// Opens the demo store with people whose passwords everybody knows: for a house in which nobody is yet.
    ///
    /// # Errors
    /// As [`Integration::open_demo`].
    pub async fn open_demo_with_people(&self, actor: &Actor) -> Result<()> {
        self.open_demo(actor).await?;
        self.add_people(actor).await
    }

    /// Removes the demo: its people can no longer sign in, its store is closed, and the items that only it had are
    /// archived. The journal keeps all of it, so [`Integration::open_demo`] brings the store back as it was. Answers
    /// with who could sign in until now.
    ///
    /// # Errors
    /// `Forbidden`; `LastAdministrator`, with nothing changed, when only the demo's people administer the house.
    pub async fn remove_demo(&self, actor: &Actor) -> Result<Vec<PersonId>> {
        self.auth.read_everywhere(actor, Action::ManageStores).await?;
        let store = self.inventory.store(actor, Action::ManageStores, STORE).await?;
        let _turn = self.demo.lock().await;
        let disabled = self.disable_people(actor).await?;
        self.inventory.close_store(actor, &store.code, &items(&slice()?)).await?;
        Ok(disabled)
    }
}

fn slice() -> Result<Reading> {
    Reading::of(vec![Source::bytes("online-retail-slice.csv.gz", SLICE.to_vec())])
}

/// The items that the demo brings: known by their ids, whatever else there is in the catalogue.
fn items(reading: &Reading) -> Vec<ItemId> {
    reading.items.iter().map(|item| id_of(&item.code)).collect()
}

/// The demo's item of that code has the same id everywhere.
fn id_of(code: &str) -> ItemId {
    let demo = Uuid::new_v5(&Uuid::NAMESPACE_URL, b"urn:storeroom:demo:item");
    ItemId(Uuid::new_v5(&demo, code.as_bytes()))
}

/// Moves the days so that the last one is today on London's calendar, and leaves out what is still to come.
fn move_to(reading: &mut Reading, now: Timestamp) -> Result<(), jiff::Error> {
    let zone = TimeZone::get(ZONE)?;
    let local = |time: Time| -> Result<DateTime, jiff::Error> {
        Ok(zone.to_datetime(Timestamp::from_microsecond(time.micros())?))
    };
    let Some(last) = reading.documents.last() else { return Ok(()) };
    let days = (zone.to_datetime(now).date() - local(last.at)?.date()).get_days();
    for document in &mut reading.documents {
        let moved = local(document.at)?.checked_add(days.days())?;
        document.at = Time::from_micros(zone.to_ambiguous_timestamp(moved).compatible()?.as_microsecond());
    }
    let now = Time::from_micros(now.as_microsecond());
    reading.documents.retain(|document| document.at <= now);
    Ok(())
}

fn no_calendar(cause: jiff::Error) -> Error {
    let ticket = uuid::Uuid::now_v7().to_string();
    tracing::error!(%cause, ticket, "the demo store's days cannot be moved to today");
    Error::Internal(Ticket(ticket))
}

/// What must have arrived an hour before the first sale so that the shelves are not empty: of each item nearly a
/// third more than was sold, and a dozen.
fn delivery(reading: &Reading) -> Vec<Document> {
    let Some(first) = reading.documents.first() else { return Vec::new() };
    let mut sold = vec![0_i64; reading.items.len()];
    for document in reading.documents.iter().filter(|document| document.kind != LineKind::Return) {
        for line in &document.lines {
            let out = if document.kind == LineKind::Sale { 1 } else { -1 };
            sold[line.item] += out * line.quantity.parts() / Quantity::ONE;
        }
    }
    let arrived = |(item, sold): (&SeenItem, i64)| NewLine {
        sku: item.code.clone(),
        quantity: Quantity::whole(sold.max(0) * 13 / 10 + 12),
        // A shop of this kind pays about half of what it asks.
        unit_price: item.price.map(|price| Money::from_parts(price.parts() / 2)),
        lot: None,
        serials: Vec::new(),
    };
    let goods = reading.items.iter().zip(sold).filter(|(item, _)| !item.is_service);
    let lines: Vec<NewLine> = goods.map(arrived).collect();
    let receipt = |(part, lines): (usize, &[NewLine])| {
        Document::Receipt(NewReceipt {
            lots: Vec::new(),
            id: PostingId::new(),
            store: STORE.to_owned(),
            occurred_at: Some(first.at.plus_seconds(-3_600)),
            number: Some(format!("OPENING-{}", part + 1)),
            order: None,
            lines: lines.to_vec(),
            rejected: Vec::new(),
        })
    };
    lines.chunks(LINES_MAX).enumerate().map(receipt).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(now: &str) -> Reading {
        let mut reading = slice().expect("it is sound");
        move_to(&mut reading, now.parse().expect("a time")).expect("days can be moved");
        reading
    }

    #[test]
    fn the_last_day_is_today_and_nothing_is_still_to_come() {
        let evening = moved("2026-07-14T21:00:00Z");
        assert_eq!(evening.documents.len(), 310);
        let last = evening.documents.last().expect("there are some").at.to_string();
        assert!(last.starts_with("2026-07-14T"), "{last}");
        let noon = moved("2026-07-14T11:00:00Z");
        assert!(noon.documents.len() < 310);
        assert!(noon.documents.iter().all(|document| document.at.to_string().as_str() <= "2026-07-14T11:00:00Z"));
    }

    #[test]
    fn the_delivery_covers_what_is_sold() {
        let reading = moved("2026-07-14T21:00:00Z");
        let lines: usize = delivery(&reading)
            .iter()
            .map(|document| match document {
                Document::Receipt(receipt) => receipt.lines.len(),
                other => panic!("not a receipt: {other:?}"),
            })
            .sum();
        assert_eq!(lines, reading.items.iter().filter(|item| !item.is_service).count());
    }
}
