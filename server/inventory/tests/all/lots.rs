//! Lots: they come with deliveries, leave by what expires first, and what must not be sold is not promised.

use crate::common::{Open, adjustment, line, open, receipt, sale, units};
use crate::transfers::{step, to_paris};
use db::test::on_each;
use model::{
    Amount, Channel, Error, HoldKind, HoldLine, ItemPatch, LineLot, Lot, LotPatch, LotStatus, NewHold, NewReversal,
    NewSale, PostingId, Receipt, Refusal, Result, Role, Tracking, TransferStep,
};
use storeroom_inventory::LotFilter;

/// Far away and long ago: tests do not depend on the day on which they run.
pub const LATER: [&str; 2] = ["2098-12-31", "2099-12-31"];
pub const OVER: &str = "2020-01-31";

/// A hold of so many cups.
fn hold(quantity: &str) -> NewHold {
    let lines = vec![HoldLine { id: Default::default(), sku: "CUP".into(), quantity: units(quantity) }];
    NewHold { store: "LON".into(), kind: HoldKind::default(), expires_at: None, lines }
}

pub fn lot(line: u32, lot: &str, day: Option<&str>) -> LineLot {
    LineLot { line, lot: lot.into(), expires_on: day.map(|day| day.parse().expect("a day")) }
}

impl Open {
    /// LON, where cups are told apart by lot.
    pub async fn with_lots(db: db::Db) -> Self {
        let store = open(db).await;
        store.track("CUP", Tracking::Lot).await;
        store
    }

    pub async fn track(&self, sku: &str, tracking: Tracking) {
        let patch = ItemPatch { tracking: Some(tracking), ..ItemPatch::default() };
        self.inventory.change_item(&self.owner, sku, None, patch).await.expect("it is changed");
    }

    pub async fn deliver(&self, quantity: &str, code: &str, day: Option<&str>) -> Result<Receipt> {
        let new = model::NewReceipt { lots: vec![lot(1, code, day)], ..receipt(vec![line("CUP", quantity)]) };
        self.inventory.post_receipt(&self.owner, new).await
    }

    async fn sell_cups(&self, quantity: &str) -> Receipt {
        self.inventory.post_sale(&self.owner, sale(vec![line("CUP", quantity)])).await.expect("a sale is a fact")
    }

    pub async fn undo(&self, posting: PostingId) {
        let undo = NewReversal { id: PostingId::new(), reason: None };
        self.inventory.reverse(&self.owner, posting, undo).await.expect("it is undone");
    }

    pub async fn lots_in(&self, store: &str) -> Vec<Lot> {
        let filter = LotFilter { limit: 200, ..LotFilter::default() };
        self.inventory.lots(&self.owner, store, &filter).await.expect("readable").data
    }

    /// Code and quantity of each lot in LON, what expires first at the top.
    pub async fn shelf(&self) -> Vec<(String, String)> {
        self.lots_in("LON").await.into_iter().map(|lot| (lot.lot, lot.on_hand.to_string())).collect()
    }

    pub async fn set_lot(&self, code: &str, status: LotStatus) {
        let lot = self.lots_in("LON").await.into_iter().find(|lot| lot.lot == code).expect("it is there");
        let changed = self
            .inventory
            .change_lot(&self.owner, lot.id, LotPatch { status: Some(status), ..LotPatch::default() })
            .await
            .expect("changed");
        assert_eq!((changed.status, changed.id), (status, lot.id));
    }
}

fn told(of: &[(&str, &str)]) -> Vec<(String, String)> {
    of.iter().map(|(code, size)| ((*code).to_owned(), (*size).to_owned())).collect()
}

fn promise(quantity: &str) -> NewSale {
    NewSale { channel: Channel::Web, ..sale(vec![line("CUP", quantity)]) }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_expires_first_leaves_first_and_an_undoing_gives_the_same_lots_back() {
    on_each(async |db| {
        let store = Open::with_lots(db).await;
        store.deliver("5", "LATE", Some(LATER[1])).await.expect("posted");
        store.deliver("3", "SOON", Some(LATER[0])).await.expect("posted");
        store.deliver("2", "EVER", None).await.expect("posted");
        assert_eq!(store.shelf().await, told(&[("SOON", "3"), ("LATE", "5"), ("EVER", "2")]));

        let sold = store.sell_cups("4").await;
        assert_eq!(sold.lines.len(), 1, "the slip has one line for what was sold");
        assert_eq!(store.shelf().await, told(&[("LATE", "4"), ("EVER", "2")]));
        store.undo(sold.id).await;
        assert_eq!(store.shelf().await, told(&[("SOON", "3"), ("LATE", "5"), ("EVER", "2")]));

        // More than there is: a sale is a fact, and what nothing covers is of no lot.
        store.sell_cups("11").await;
        assert_eq!(store.shelf().await, told(&[]));
        assert_eq!(store.level("CUP").await.on_hand, units("-1"));
        let kinds = store.inventory.exceptions(&store.owner, "LON", None).await.expect("readable").data;
        assert_eq!(kinds.iter().map(|case| case.exception.kind.as_str()).collect::<Vec<_>>(), ["negative"]);
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_must_not_be_sold_is_not_promised_and_its_sale_opens_an_exception() {
    on_each(async |db| {
        let store = Open::with_lots(db).await;
        store.deliver("4", "OLD", Some(OVER)).await.expect("posted");
        store.deliver("3", "BACK", Some(LATER[0])).await.expect("posted");
        store.deliver("2", "GOOD", Some(LATER[1])).await.expect("posted");
        store.set_lot("BACK", LotStatus::Recalled).await;
        let short = store.inventory.post_sale(&store.owner, promise("3")).await;
        let (sku, available) = ("CUP".to_owned(), units("2"));
        assert_eq!(short, Err(Error::Refused(Refusal::OutOfStock { sku: sku.clone(), available })));
        let held = store.inventory.hold(&store.owner, hold("3")).await;
        assert_eq!(held.map(drop), Err(Error::Refused(Refusal::OutOfStock { sku, available })));
        store.set_lot("BACK", LotStatus::Ok).await;
        store.inventory.post_sale(&store.owner, promise("4")).await.expect("recalled no more");
        assert_eq!(store.shelf().await, told(&[("OLD", "4"), ("GOOD", "1")]));

        // The till takes what is good, and then what is there.
        store.sell_cups("1").await;
        let open = async || store.inventory.exceptions(&store.owner, "LON", None).await.expect("readable").data;
        assert_eq!(open().await.len(), 0);
        store.sell_cups("1").await;
        let cases = open().await;
        assert_eq!(cases.iter().map(|case| case.exception.kind.as_str()).collect::<Vec<_>>(), ["expired_sale"]);
        // What is written off takes what is over.
        store.inventory.post_adjustment(&store.owner, adjustment("CUP", "-2")).await.expect("posted");
        assert_eq!(store.shelf().await, told(&[("OLD", "1")]));
        let barred = LotFilter { barred: true, limit: 10, ..LotFilter::default() };
        let page = store.inventory.lots(&store.owner, "LON", &barred).await.expect("readable").data;
        assert!(page.len() == 1 && page[0].expired);
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_of_what_has_lots_says_which() {
    on_each(async |db| {
        let store = Open::with_lots(db).await;
        let post = async |new| store.inventory.post_receipt(&store.owner, new).await;
        let code = |answer: Result<Receipt>| match answer {
            Err(Error::Invalid(flaws)) => flaws[0].code.to_string(),
            other => panic!("{other:?}"),
        };
        assert_eq!(code(post(receipt(vec![line("CUP", "1")])).await), "missing_lot");
        let of_mug = model::NewReceipt { lots: vec![lot(1, "L1", None)], ..receipt(vec![line("MUG", "1")]) };
        assert_eq!(code(post(of_mug).await), "no_lots");
        let beyond = model::NewReceipt { lots: vec![lot(2, "L1", None)], ..receipt(vec![line("CUP", "1")]) };
        assert_eq!(code(post(beyond).await), "unknown_line");
        store.deliver("1", "L1", Some(LATER[0])).await.expect("posted");
        assert_eq!(code(store.deliver("1", "L1", Some(LATER[1])).await), "expires_on", "the goods say something else");
        store.deliver("1", "L1", None).await.expect("it is known until when it is good");
        assert_eq!(store.shelf().await, told(&[("L1", "2")]));
        let post_office = ItemPatch { tracking: Some(Tracking::Lot), ..ItemPatch::default() };
        let refused = store.inventory.change_item(&store.owner, "POST", None, post_office).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "a service has no lots");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lots_travel_and_their_trace_tells_where_they_went() {
    on_each(async |db| {
        let store = Open::with_lots(db).await;
        store.inventory.add_store(&store.owner, "PAR", "Paris", "EUR", "Europe/Paris").await.expect("it opens");
        store.deliver("5", "SOON", Some(LATER[0])).await.expect("posted");
        store.deliver("5", "LATE", Some(LATER[1])).await.expect("posted");
        let lines = vec![Amount { sku: "CUP".into(), quantity: units("7"), serials: Vec::new(), lot: None }];
        let trip = store.inventory.add_transfer(&store.owner, to_paris(lines)).await.expect("opened");
        store.take(trip.id, step(TransferStep::Dispatch)).await.expect("sent");
        assert_eq!(store.shelf().await, told(&[("LATE", "3")]));
        assert!(store.lots_in("PAR").await.is_empty(), "they are on the way");
        store.take(trip.id, step(TransferStep::Arrive { lines: Vec::new(), last: false })).await.expect("arrived");
        let there: Vec<_> = store.lots_in("PAR").await.into_iter().map(|lot| (lot.lot, lot.on_hand)).collect();
        assert_eq!(there, [("SOON".to_owned(), units("5")), ("LATE".to_owned(), units("2"))]);
        store.sell_cups("1").await;

        let late = store.lots_in("LON").await.remove(0).id;
        let trace = store.inventory.lot_trace(&store.owner, late).await.expect("readable");
        let places: Vec<_> = trace.places.iter().map(|place| (place.store.as_str(), place.on_hand)).collect();
        assert_eq!(places, [("LON", units("2")), ("PAR", units("2"))]);
        assert_eq!(trace.lot.on_hand, units("4"));
        let moves: Vec<_> = trace.moves.iter().map(|moved| (moved.kind.name(), moved.quantity)).collect();
        let [one, two, five] = ["1", "2", "5"].map(units);
        assert_eq!(moves, [("sale", one), ("transfer", two), ("transfer", two), ("receipt", five)]);
        assert_eq!(trace.moves[1].number, Some(trip.number), "by the document's number");

        let ann = store.someone(Role::Employee).await;
        let trace = store.inventory.lot_trace(&ann, late).await.expect("readable");
        assert!(trace.places.iter().all(|place| place.store == "LON"), "what is elsewhere is not theirs to see");
        assert!(trace.moves.iter().all(|moved| moved.store == "LON"));
        let recalled = LotPatch { status: Some(LotStatus::Recalled), ..LotPatch::default() };
        assert!(matches!(store.inventory.change_lot(&ann, late, recalled).await, Err(Error::Forbidden(_))));
        assert_eq!(store.inventory.lots(&ann, "PAR", &LotFilter::default()).await.map(drop), Err(Error::NotFound));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lot_that_somebody_changed_by_hand_is_found() {
    on_each(async |db| {
        let store = Open::with_lots(db.clone()).await;
        store.deliver("5", "L1", None).await.expect("posted");
        store.sell_cups("2").await;
        for (statement, broken) in [
            ("update inventory_lot_balance set on_hand = on_hand + 1", "a lot's balance = replay of its movements"),
            ("update inventory_lot set status = 'recalled'", "a lot is what the journal says"),
        ] {
            let mut tx = db.begin().await.expect("a transaction");
            db::execute!(&mut tx, statement).expect("it is tampered with");
            tx.commit().await.expect("it is written");
            let findings = store.inventory.verify(&store.owner).await.expect("readable");
            assert!(findings.iter().any(|finding| finding.invariant == broken), "{broken}: {findings:?}");
        }
        let mut tx = db.begin().await.expect("a transaction");
        let undone = db::execute!(&mut tx, "update inventory_lot_movement set quantity = quantity - 1");
        assert!(undone.is_err(), "what moved stays");
        drop(tx);
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_must_not_be_sold_is_not_available_and_what_was_promised_then_is_told() {
    on_each(async |db| {
        let store = Open::with_lots(db).await;
        for (code, day) in [("L1", OVER), ("L2", LATER[0]), ("L3", LATER[1])] {
            store.deliver("4", code, Some(day)).await.expect("posted");
        }
        store.inventory.post_receipt(&store.owner, receipt(vec![line("MUG", "3")])).await.expect("posted");
        let figures = async || {
            let level = store.level("CUP").await;
            let query = model::GridQuery { store: "LON".into(), ..model::GridQuery::default() };
            let grid = store.inventory.grid(&store.owner, &query, 0, 200).await.expect("readable").data;
            let row = |sku: &str| grid.iter().find(|row| row.sku == sku).cloned().expect("it is in the grid");
            assert_eq!((row("CUP").barred, row("CUP").available), (level.barred, level.available), "as on its sheet");
            assert_eq!((row("MUG").barred, row("MUG").available), (units("0"), units("3")));
            (level.on_hand.to_string(), level.barred.to_string(), level.available.to_string())
        };
        let told = |of: [&str; 3]| (of[0].to_owned(), of[1].to_owned(), of[2].to_owned());
        assert_eq!(figures().await, told(["12", "4", "8"]), "one is expired");
        store.set_lot("L2", LotStatus::Recalled).await;
        assert_eq!(figures().await, told(["12", "8", "4"]));
        store.inventory.hold(&store.owner, hold("3")).await.expect("of the third");
        assert_eq!(figures().await, told(["12", "8", "1"]));
        store.set_lot("L3", LotStatus::Hold).await;
        assert_eq!(figures().await, told(["12", "12", "-3"]), "what is promised is not there");
        store.set_lot("L2", LotStatus::Ok).await;
        assert_eq!(figures().await, told(["12", "8", "1"]));
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_last_day_is_corrected_with_a_reason_and_back_again() {
    on_each(async |db| {
        let store = Open::with_lots(db).await;
        store.deliver("4", "L1", Some(OVER)).await.expect("posted");
        store.deliver("4", "L2", Some(LATER[0])).await.expect("posted");
        let of = async |code: &str| store.lots_in("LON").await.into_iter().find(|lot| lot.lot == code).expect("there");
        let id = of("L1").await.id;
        let correct = async |day: &str, reason: Option<&str>| {
            let (expires_on, reason) = (day.parse().ok(), reason.map(str::to_owned));
            store.inventory.change_lot(&store.owner, id, LotPatch { status: None, expires_on, reason }).await
        };
        assert!(matches!(correct(LATER[1], None).await, Err(Error::Invalid(_))), "nobody says why");
        let nothing = store.inventory.change_lot(&store.owner, id, LotPatch::default()).await;
        assert!(matches!(nothing, Err(Error::Invalid(_))));
        let changed = correct(LATER[1], Some("misread")).await.expect("corrected");
        assert_eq!((changed.expires_on, changed.expired), (LATER[1].parse().ok(), false));
        assert_eq!(store.shelf().await, told(&[("L2", "4"), ("L1", "4")]), "in the order of the days");
        store.inventory.post_sale(&store.owner, promise("8")).await.expect("it may be promised now");
        store.deliver("1", "L1", Some(LATER[1])).await.expect("the goods say so too");
        correct(LATER[1], Some("again")).await.expect("the same again changes nothing");
        correct(OVER, Some("undone")).await.expect("it goes back");
        assert!(of("L1").await.expired);
        let ann = store.someone(Role::Employee).await;
        let patch = LotPatch { status: None, expires_on: LATER[0].parse().ok(), reason: Some("mine".into()) };
        assert!(matches!(store.inventory.change_lot(&ann, id, patch).await, Err(Error::Forbidden(_))));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lot_is_over_when_its_day_is_over_on_the_store_s_clock() {
    on_each(async |db| {
        let store = Open::with_lots(db).await;
        // Two clocks that are 25 hours apart: their days are never the same.
        for (code, zone) in [("EAST", "Pacific/Kiritimati"), ("WEST", "Pacific/Niue")] {
            store.inventory.add_store(&store.owner, code, code, "USD", zone).await.expect("it opens");
        }
        let zone = jiff::tz::TimeZone::get("Pacific/Niue").expect("a zone");
        let today = jiff::Timestamp::now().to_zoned(zone).date().to_string();
        for code in ["EAST", "WEST"] {
            let lots = vec![lot(1, "L1", Some(&today))];
            let new = model::NewReceipt { store: code.into(), lots, ..receipt(vec![line("CUP", "1")]) };
            store.inventory.post_receipt(&store.owner, new).await.expect("posted");
        }
        let [east, west] = ["EAST", "WEST"].map(|code| store.lots_in(code));
        assert_eq!((east.await[0].expired, west.await[0].expired), (true, false));
        let id = store.lots_in("WEST").await[0].id;
        assert!(store.inventory.lot_trace(&store.owner, id).await.expect("readable").lot.expired, "in one of them");
        let west = store.inventory.store(&store.owner, model::Action::SeeStock, "WEST").await.expect("known");
        let grants = vec![model::Grant { role: Role::Employee, store: Some(west.id) }];
        let ann = model::Actor { grants, ..store.someone(Role::Employee).await };
        let trace = store.inventory.lot_trace(&ann, id).await.expect("readable");
        assert!(!trace.lot.expired, "elsewhere is not their clock");
        assert_eq!((trace.places[0].store_name.as_str(), trace.moves[0].from_name.as_deref()), ("WEST", None));
        store.close().await;
    })
    .await;
}
