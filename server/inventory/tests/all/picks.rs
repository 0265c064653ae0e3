//! Promises of what lies in several places, and which lots are fetched from where; on both engines.

use crate::common::{Open, give_back, item, line, open, receipt, sale, units};
use crate::lots::LATER;
use crate::promise::hold;
use crate::transfers::step;
use db::{fetch_all, test::on_each};
use model::{
    Amount, Error, GridQuery, HandOver, ItemKind, LocationId, NewPlace, NewReturn, NewTransfer, OfLine, Order, PaperId,
    PostingId, PromisePolicy, Quantity, Refusal, Result, ReturnTo, Taken, Tracking, Transfer, TransferStep,
};
use storeroom_inventory::StockFilter;

/// A hand-over of so many of the first line, some of them from where it is said: place, lot, how many.
pub fn fetched(quantity: &str, from: &[(&str, Option<&str>, &str)]) -> HandOver {
    let from = from.iter().map(|(place, lot, size)| Taken {
        location: (*place).to_owned(),
        lot: lot.map(str::to_owned),
        quantity: units(size),
    });
    let lines = vec![OfLine { line: 1, quantity: units(quantity), serials: Vec::new(), from: from.collect() }];
    HandOver { id: PostingId::new(), lines }
}

/// From where the first line is taken: `SHOP 2: LATE 2`, the place, how many, and of which lots.
pub fn takes(order: &Order) -> Vec<String> {
    let told = |take: &model::Take| {
        let lots: Vec<_> = take.lots.iter().map(|lot| format!("{} {}", lot.lot, lot.quantity)).collect();
        let lots = if lots.is_empty() { String::new() } else { format!(": {}", lots.join(", ")) };
        format!("{} {}{lots}", take.location, take.quantity)
    };
    order.lines[0].takes.iter().map(told).collect()
}

impl Open {
    /// LON with these places besides the one where sales leave from.
    pub async fn places(&self, codes: &[&str]) {
        for code in codes {
            let (id, store, name) = (LocationId::new(), "LON".into(), format!("the {code}"));
            let place = NewPlace { id, store, parent: None, code: (*code).into(), name };
            self.inventory.add_place(&self.owner, place).await.expect("a place");
        }
    }

    pub async fn draft_move(&self, sku: &str, size: &str, from: &str, to: &str) -> Transfer {
        let lines = vec![Amount { sku: sku.into(), quantity: units(size), serials: Vec::new(), lot: None }];
        let (id, store) = (PaperId::new(), "LON".into());
        let (from, to) = (Some(from.to_owned()), Some(to.to_owned()));
        let new = NewTransfer { id, store, from, to_store: None, to, note: None, lines };
        self.inventory.add_transfer(&self.owner, new).await.expect("drafted")
    }

    /// Moves so many from one place to another; refused as a promise is.
    pub async fn carry(&self, sku: &str, size: &str, from: &str, to: &str) -> Result<()> {
        let trip = self.draft_move(sku, size, from, to).await;
        self.take(trip.id, step(TransferStep::Dispatch)).await?;
        self.take(trip.id, step(TransferStep::Arrive { lines: Vec::new(), last: false })).await.expect("it arrives");
        Ok(())
    }

    /// How many the grid says are available in other places than the shop.
    async fn elsewhere(&self, sku: &str) -> Quantity {
        let query = GridQuery { store: "LON".into(), ..GridQuery::default() };
        let grid = self.inventory.grid(&self.owner, &query, 0, 50).await.expect("the grid").data;
        grid.iter().find(|row| row.sku == sku).expect("its row").elsewhere
    }

    /// What lies where: place, lot, how many.
    pub async fn lying(&self) -> Vec<(String, String, String)> {
        let mut tx = self.db.read().await.expect("a snapshot");
        let rows: Vec<(String, String, model::Quantity)> = fetch_all!(
            &mut tx,
            "select p.code, l.code, b.on_hand from inventory_lot_balance b
             join inventory_location p on p.id = b.location join inventory_lot l on l.id = b.lot
             where b.on_hand <> 0 order by p.code, l.expires_on, l.code"
        )
        .expect("readable");
        rows.into_iter().map(|(place, lot, size)| (place, lot, size.to_string())).collect()
    }

    /// Of each place: how many are there, and how many of them are reserved.
    pub async fn by_place(&self, sku: &str) -> Vec<(String, String, String)> {
        let (sku, store) = (Some(sku.to_owned()), Some("LON".to_owned()));
        let filter = StockFilter { sku, store, limit: 50, ..StockFilter::default() };
        let rows = self.inventory.stock(&self.owner, &filter).await.expect("readable").data;
        let row = |row: model::StockRow| (row.location, row.on_hand.to_string(), row.reserved.to_string());
        rows.into_iter().map(row).collect()
    }
}

fn three(of: &[(&str, &str, &str)]) -> Vec<(String, String, String)> {
    of.iter().map(|(one, two, three)| ((*one).into(), (*two).into(), (*three).into())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_kept_in_all_places_and_fetched_by_the_lot_that_expires_first() {
    on_each(async |db| {
        let store = Open::with_lots(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        store.places(&["BACK", "SHELF"]).await;
        store.deliver("5", "LATE", Some(LATER[1])).await.expect("posted");
        store.deliver("3", "SOON", Some(LATER[0])).await.expect("posted");
        let trip = store.draft_move("CUP", "6", "SHOP", "BACK").await;
        let first: Vec<_> = trip.lines[0].lots.iter().map(|lot| (lot.lot.as_str(), lot.quantity)).collect();
        assert_eq!(first, [("SOON", units("3")), ("LATE", units("3"))], "what is moved first");
        store.carry("CUP", "6", "SHOP", "BACK").await.expect("moved");

        let order = store.confirmed(&[("CUP", "4")]).await.expect("two are in the shop, two more in the stock room");
        let list = ["SHOP 2: LATE 2", "BACK 2: SOON 2"];
        assert_eq!(takes(&order), list);
        assert_eq!(store.by_place("CUP").await, three(&[("BACK", "6", "2"), ("SHOP", "2", "2")]));
        assert_eq!(store.elsewhere("CUP").await, units("4"), "beside what is in the shop");
        let refused = store.confirmed(&[("CUP", "5")]).await;
        let short = Refusal::OutOfStock { sku: "CUP".into(), available: units("4") };
        assert_eq!(refused, Err(short.into()), "no more is promised than all places have");
        let held = inventory.hold(owner, hold(&[("CUP", "3")])).await.expect("kept whole in the stock room");
        assert_eq!(store.by_place("CUP").await, three(&[("BACK", "6", "5"), ("SHOP", "2", "2")]));
        assert_eq!(store.elsewhere("CUP").await, units("1"), "what is kept is nobody else's");
        let moved = store.carry("CUP", "2", "BACK", "SHELF").await;
        assert!(matches!(moved, Err(Error::Refused(Refusal::OutOfStock { .. }))), "what is kept stays: {moved:?}");
        inventory.release(owner, held.reservations[0].id).await.expect("let go");

        let all = fetched("4", &[]);
        let done = inventory.hand_over(owner, order.id, None, all.clone()).await.expect("handed over");
        assert_eq!((done.state.as_str(), done.lines[0].takes.len()), ("fulfilled", 0));
        let left = three(&[("BACK", "SOON", "1"), ("BACK", "LATE", "3")]);
        assert_eq!(store.lying().await, left, "from both places, the lot that expires first in each");
        store.undo(all.id).await;
        assert_eq!(takes(&store.order(order.id).await), list, "it is back where it was, and kept again");
        let before = three(&[("BACK", "SOON", "3"), ("BACK", "LATE", "3"), ("SHOP", "LATE", "2")]);
        assert_eq!(store.lying().await, before);

        let other = fetched("3", &[("BACK", Some("LATE"), "3")]);
        let partly = inventory.hand_over(owner, order.id, None, other).await.expect("another lot, and another place");
        assert_eq!(store.lying().await, three(&[("BACK", "SOON", "3"), ("SHOP", "LATE", "2")]));
        assert_eq!(takes(&partly), ["BACK 1: SOON 1"], "what was kept first is used up");
        assert_eq!(store.by_place("CUP").await, three(&[("BACK", "3", "1"), ("SHOP", "2", "0")]), "the shop is free");
        store.assert_sound().await;
        assert_eq!(inventory.rebuild(owner).await, Ok(0));
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_gets_what_lies_elsewhere_and_what_is_set_aside_is_promised_to_nobody() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        store.places(&["BACK"]).await;
        store.policy("CUP", PromisePolicy::Allow).await;
        store.receive(&[("CUP", "4"), ("MUG", "2")]).await;
        store.carry("CUP", "3", "SHOP", "BACK").await.expect("moved");
        let cracked = NewReturn { to: ReturnTo::Quarantine, ..give_back(vec![line("CUP", "9")]) };
        inventory.post_return(owner, cracked).await.expect("set aside");
        let order = store.confirmed(&[("CUP", "5")]).await.expect("the rest is waited for");
        assert_eq!((order.lines[0].reserved, order.lines[0].backordered), (units("4"), units("1")));
        assert_eq!(takes(&order), ["SHOP 1", "BACK 3"]);
        store.receive(&[("CUP", "1")]).await;
        store.carry("CUP", "1", "SHOP", "BACK").await.expect("what came is moved before anybody keeps it");
        assert_eq!(inventory.keep_promises_once().await, Ok((0, 1)));
        assert_eq!(takes(&store.order(order.id).await), ["SHOP 1", "BACK 4"]);
        let unknown = inventory.hand_over(owner, order.id, None, fetched("1", &[("NOWHERE", None, "1")])).await;
        assert!(matches!(unknown, Err(Error::Invalid(_))), "{unknown:?}");
        let many = inventory.hand_over(owner, order.id, None, fetched("1", &[("BACK", None, "2")])).await;
        assert!(matches!(many, Err(Error::Invalid(_))), "{many:?}");
        let no_lots = inventory.hand_over(owner, order.id, None, fetched("1", &[("BACK", Some("L"), "1")])).await;
        assert!(matches!(no_lots, Err(Error::Invalid(_))), "{no_lots:?}");

        // A kit is put together where sales leave from: what lies elsewhere makes none.
        inventory.add_item(owner, item("SET", ItemKind::Stocked)).await.expect("added");
        store.make("SET", &[("MUG", "1")]).await.expect("made");
        store.carry("MUG", "2", "SHOP", "BACK").await.expect("moved");
        let kit = store.confirmed(&[("SET", "1")]).await;
        assert!(matches!(kit, Err(Error::Refused(Refusal::OutOfStock { .. }))), "{kit:?}");
        assert_eq!(takes(&store.confirmed(&[("MUG", "2")]).await.expect("by itself")), ["BACK 2"]);
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_piece_is_fetched_from_where_its_number_is() {
    on_each(async |db| {
        let store = open(db).await;
        store.track("CUP", Tracking::Serial).await;
        store.places(&["BACK"]).await;
        let pieces = model::NewLine { serials: ["A", "B", "C", "D"].map(str::to_owned).to_vec(), ..line("CUP", "4") };
        store.inventory.post_receipt(&store.owner, receipt(vec![pieces])).await.expect("posted");
        let serials = vec!["C".to_owned(), "D".to_owned()];
        let lines = vec![Amount { sku: "CUP".into(), quantity: units("2"), serials, lot: None }];
        let (id, store_code, to) = (PaperId::new(), "LON".into(), Some("BACK".to_owned()));
        let new = NewTransfer { id, store: store_code, from: None, to_store: None, to, note: None, lines };
        let trip = store.inventory.add_transfer(&store.owner, new).await.expect("drafted");
        store.take(trip.id, step(TransferStep::Dispatch)).await.expect("sent");
        store.take(trip.id, step(TransferStep::Arrive { lines: Vec::new(), last: false })).await.expect("it arrives");
        let order = store.confirmed(&[("CUP", "3")]).await.expect("confirmed");
        assert_eq!(takes(&order), ["SHOP 2", "BACK 1"]);
        let mut goods = fetched("2", &[]);
        goods.lines[0].serials = vec!["A".into(), "D".into()];
        store.inventory.hand_over(&store.owner, order.id, None, goods).await.expect("handed over");
        assert_eq!(store.lying().await, three(&[("BACK", "C", "1"), ("SHOP", "B", "1")]));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_place_owes_is_not_there_for_others() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        store.places(&["BACK"]).await;
        store.policy("CUP", PromisePolicy::Forbid).await;
        inventory.post_receipt(owner, receipt(vec![line("CUP", "10")])).await.expect("posted");
        store.carry("CUP", "5", "SHOP", "BACK").await.expect("moved");
        store.confirmed(&[("CUP", "5")]).await.expect("kept in the shop");
        inventory.post_sale(owner, sale(vec![line("CUP", "5")])).await.expect("a fact takes them all the same");
        let none = Refusal::OutOfStock { sku: "CUP".into(), available: units("0") };
        assert_eq!(store.confirmed(&[("CUP", "1")]).await, Err(none.clone().into()), "five are there, and promised");
        assert_eq!(inventory.hold(owner, hold(&[("CUP", "1")])).await, Err(none.into()));
        inventory.post_receipt(owner, receipt(vec![line("CUP", "2")])).await.expect("posted");
        store.confirmed(&[("CUP", "2")]).await.expect("two more are there than promised");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}
