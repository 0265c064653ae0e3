//! Serial numbers: each piece is in one place, whatever a document says; a sale is a fact, and what does not fit it waits
//! for a person.

use crate::common::{Open, adjustment, give_back, line, open, receipt, sale, units};
use crate::lots::lot;
use crate::promise::order;
use crate::transfers::{step, to_paris};
use db::test::on_each;
use model::{
    Amount, Channel, Error, Goods, HandOver, Line, NewAdjustment, NewInspection, NewLine, NewReceipt, NewReturn,
    NewReversal, NewSale, NewSupplierReturn, NewSupplierReturnLine, OfLine, PaperId, Pick, Picking, PostingId, Receipt,
    Refusal, Result, ReturnReason, ReturnTo, Supplier, SupplierId, Tracking, TransferStep,
};

/// So many cups, with these numbers.
pub fn pieces(quantity: &str, serials: &[&str]) -> NewLine {
    NewLine { serials: serials.iter().map(|serial| (*serial).to_owned()).collect(), ..line("CUP", quantity) }
}

fn amount(quantity: &str, serials: &[&str]) -> Amount {
    let NewLine { sku, quantity, serials, .. } = pieces(quantity, serials);
    Amount { sku, quantity, serials, lot: None }
}

pub fn correction(quantity: &str, serials: &[&str]) -> NewAdjustment {
    let NewLine { sku, serials, .. } = pieces("1", serials);
    let lines = vec![Line { sku, quantity: units(quantity), reason: None, lot: None, serials }];
    NewAdjustment { lines, ..adjustment("CUP", quantity) }
}

/// Why not, in a word, and in a sentence.
fn why<T: std::fmt::Debug>(answer: Result<T>) -> (String, String) {
    match answer {
        Err(Error::Invalid(flaws)) => (flaws[0].code.to_string(), flaws[0].message.to_string()),
        other => panic!("{other:?}"),
    }
}

pub fn code<T: std::fmt::Debug>(answer: Result<T>) -> String {
    why(answer).0
}

impl Open {
    /// LON and PAR, where each cup has a serial number.
    pub async fn with_serials(db: db::Db) -> Self {
        let store = open(db).await;
        store.inventory.add_store(&store.owner, "PAR", "Paris", "EUR", "Europe/Paris").await.expect("it opens");
        store.track("CUP", Tracking::Serial).await;
        store
    }

    pub async fn bring(&self, place: &str, quantity: &str, serials: &[&str]) -> Result<Receipt> {
        let new = NewReceipt { store: place.into(), ..receipt(vec![pieces(quantity, serials)]) };
        self.inventory.post_receipt(&self.owner, new).await
    }

    pub async fn sell_pieces(&self, place: &str, quantity: &str, serials: &[&str]) -> Receipt {
        let new = NewSale { store: place.into(), ..sale(vec![pieces(quantity, serials)]) };
        self.inventory.post_sale(&self.owner, new).await.expect("a sale is a fact")
    }

    async fn give_pieces_back(&self, quantity: &str, serials: &[&str], of: Option<PostingId>) -> Result<Receipt> {
        let new = NewReturn { sale: of, ..give_back(vec![pieces(quantity, serials)]) };
        self.inventory.post_return(&self.owner, new).await
    }

    /// The numbers that a store lists, with how many of each where that is not one.
    pub async fn numbers(&self, place: &str) -> Vec<String> {
        let lots = self.lots_in(place).await.into_iter();
        let mut told: Vec<String> = lots
            .map(|lot| if lot.on_hand == units("1") { lot.lot } else { format!("{} {}", lot.on_hand, lot.lot) })
            .collect();
        told.sort();
        told
    }

    pub async fn kinds(&self, place: &str) -> Vec<String> {
        let open = self.inventory.exceptions(&self.owner, place, None).await.expect("readable").data;
        open.into_iter().map(|case| case.exception.kind).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_names_each_piece_once_and_none_that_is_somewhere() {
    on_each(async |db| {
        let store = Open::with_serials(db).await;
        assert_eq!(code(store.bring("LON", "2", &[]).await), "missing_serial");
        assert_eq!(code(store.bring("LON", "2", &["A"]).await), "missing_serial");
        assert_eq!(code(store.bring("LON", "1", &["A", "B"]).await), "serial_count");
        assert_eq!(code(store.bring("LON", "1.5", &["A"]).await), "missing_serial", "half a piece has no number");
        assert_eq!(code(store.bring("LON", "2", &["A", " A"]).await), "serial_twice");
        assert_eq!(code(store.bring("LON", "1", &[" "]).await), "text");
        let twice = receipt(vec![pieces("1", &["A"]), pieces("1", &["A"])]);
        assert_eq!(code(store.inventory.post_receipt(&store.owner, twice).await), "serial_twice");
        let as_lot = NewReceipt { lots: vec![lot(1, "A", None)], ..receipt(vec![pieces("1", &["A"])]) };
        assert_eq!(code(store.inventory.post_receipt(&store.owner, as_lot).await), "no_lots");
        let of_mug = receipt(vec![NewLine { sku: "MUG".into(), ..pieces("1", &["A"]) }]);
        assert_eq!(code(store.inventory.post_receipt(&store.owner, of_mug).await), "no_serials");

        let new = receipt(vec![pieces("2", &["A", "B "])]);
        let first = store.inventory.post_receipt(&store.owner, new.clone()).await.expect("posted");
        assert_eq!(store.inventory.post_receipt(&store.owner, new).await, Ok(first), "the same again counts once");
        assert_eq!(store.numbers("LON").await, ["A", "B"]);
        let (short, long) = why(store.bring("PAR", "1", &["A"]).await);
        assert_eq!(
            (short.as_str(), long.as_str()),
            ("serial_here", "A of CUP is in London (Shop) already; look at the number again")
        );
        assert_eq!(code(store.bring("LON", "2", &["C", "B"]).await), "serial_here");
        assert_eq!(store.numbers("LON").await, ["A", "B"], "all of it or nothing");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_is_taken_with_any_number_or_none_and_what_does_not_fit_waits_for_a_person() {
    on_each(async |db| {
        let store = Open::with_serials(db).await;
        let brought = store.bring("LON", "3", &["A", "B", "C"]).await.expect("posted");
        store.sell_pieces("LON", "1", &["B"]).await;
        assert_eq!((store.numbers("LON").await, store.kinds("LON").await), (vec!["A".into(), "C".into()], Vec::new()));

        // Sold already: it is told until the sale is undone.
        let again = store.sell_pieces("LON", "1", &["B"]).await;
        assert_eq!(store.kinds("LON").await, ["serial_conflict"]);
        assert_eq!(store.numbers("LON").await, ["-1 B", "A", "C"]);
        store.undo(again.id).await;
        assert_eq!((store.numbers("LON").await, store.kinds("LON").await), (vec!["A".into(), "C".into()], Vec::new()));

        // Nobody has seen it: its delivery sets it right.
        store.sell_pieces("LON", "1", &["NEW"]).await;
        assert_eq!(store.kinds("LON").await, ["serial_conflict"]);
        store.bring("LON", "1", &["NEW"]).await.expect("late");
        assert_eq!((store.numbers("LON").await, store.kinds("LON").await), (vec!["A".into(), "C".into()], Vec::new()));

        // One of two, and nobody said which: neither is taken, and both are listed until somebody says it.
        let nameless = store.sell_pieces("LON", "1", &[]).await;
        assert_eq!(
            (store.numbers("LON").await, store.kinds("LON").await),
            (vec!["A".into(), "C".into()], vec!["serial_conflict".into()])
        );
        assert_eq!(store.level("CUP").await.on_hand, units("1"));
        store.undo(nameless.id).await;
        assert!(store.kinds("LON").await.is_empty());

        // The last one needs no number.
        store.sell_pieces("LON", "1", &["A"]).await;
        let last = store.sell_pieces("LON", "1", &[]).await;
        assert_eq!((store.numbers("LON").await, store.kinds("LON").await), (Vec::new(), Vec::new()));
        store.undo(last.id).await;
        assert_eq!(store.numbers("LON").await, ["C"]);

        // A delivery that is undone takes back what it brought, also what was sold since: then that is told.
        store.undo(brought.id).await;
        assert!(store.kinds("LON").await.contains(&"serial_conflict".to_owned()));
        let web = NewSale { channel: Channel::Web, ..sale(vec![pieces("1", &["C"])]) };
        assert_eq!(code(store.inventory.post_sale(&store.owner, web).await), "lot_of_promise");
        let two = sale(vec![pieces("1", &["C", "D"])]);
        assert_eq!(code(store.inventory.post_sale(&store.owner, two).await), "serial_count");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_back_or_is_corrected_is_named_and_counts_may_differ() {
    on_each(async |db| {
        let store = Open::with_serials(db).await;
        store.bring("LON", "3", &["A", "B", "C"]).await.expect("posted");
        let sold = store.sell_pieces("LON", "2", &["A", "B"]).await;
        assert_eq!(code(store.give_pieces_back("1", &[], None).await), "missing_serial");
        assert_eq!(code(store.give_pieces_back("1", &[], Some(sold.id)).await), "missing_serial", "one of two");
        assert_eq!(code(store.give_pieces_back("1", &["C"], None).await), "serial_here");
        let back = store.give_pieces_back("1", &["B"], Some(sold.id)).await.expect("it is back");
        assert_eq!(store.numbers("LON").await, ["B", "C"]);
        assert_eq!(code(store.give_pieces_back("1", &["B"], None).await), "serial_here");
        let undo = NewReversal { id: PostingId::new(), reason: None };
        let both = store.inventory.reverse(&store.owner, sold.id, undo).await;
        assert_eq!(both, Err(Refusal::Returned.into()), "B would be there twice");
        store.give_pieces_back("1", &[], Some(sold.id)).await.expect("the other one of the sale");
        store.undo(back.id).await;
        assert_eq!(store.numbers("LON").await, ["A", "C"]);
        let scrap = NewReturn { to: ReturnTo::Scrap, ..give_back(vec![pieces("1", &["B"])]) };
        store.inventory.post_return(&store.owner, scrap).await.expect("it lies nowhere");

        let correct = async |quantity, serials: &[&str]| {
            store.inventory.post_adjustment(&store.owner, correction(quantity, serials)).await
        };
        assert_eq!(code(correct("-1", &[]).await), "missing_serial", "one of two");
        let (short, long) = why(correct("-1", &["B"]).await);
        assert_eq!(
            (short.as_str(), long.as_str()),
            ("serial_not_here", "B of CUP is not here, nobody has it; look at the number again")
        );
        assert_eq!(code(correct("1", &[]).await), "missing_serial");
        assert_eq!(code(correct("1", &["A"]).await), "serial_here");
        let lost = correct("-1", &["A"]).await.expect("lost");
        correct("1", &["D"]).await.expect("found");
        assert_eq!(store.numbers("LON").await, ["C", "D"]);
        store.undo(lost.id).await;

        // A count says how many there are and not which: what it contradicts is told until somebody says it.
        let count = |counted: &str, version| model::NewCount {
            id: PostingId::new(),
            store: "LON".into(),
            sku: "CUP".into(),
            counted: units(counted),
            version,
            reason: "count".into(),
        };
        let version = store.level("CUP").await.version;
        store.inventory.count(&store.owner, count("2", version)).await.expect("counted");
        assert_eq!(store.kinds("LON").await, ["serial_conflict"]);
        let which = NewAdjustment {
            lines: vec![correction("-1", &["C"]).lines.remove(0), correction("1", &[]).lines.remove(0)],
            ..adjustment("CUP", "1")
        };
        store.inventory.post_adjustment(&store.owner, which).await.expect("it was C");
        assert_eq!((store.numbers("LON").await, store.kinds("LON").await), (vec!["A".into(), "D".into()], Vec::new()));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pieces_travel_by_their_numbers() {
    on_each(async |db| {
        let store = Open::with_serials(db).await;
        store.bring("LON", "3", &["A", "B", "C"]).await.expect("posted");
        let begin = async |lines| store.inventory.add_transfer(&store.owner, to_paris(lines)).await;
        assert_eq!(code(begin(vec![amount("1", &["A", "B"])]).await), "serial_count");
        let trip = begin(vec![amount("2", &["A"])]).await.expect("drafted");
        assert_eq!(
            (trip.lines[0].tracking, trip.lines[0].serials.as_slice()),
            (Tracking::Serial, ["A".to_owned()].as_slice())
        );
        let send = async || store.take(trip.id, step(TransferStep::Dispatch)).await;
        assert_eq!(code(send().await), "missing_serial", "two go, and one is named");
        let name = async |serials: &[&str]| {
            let lines = vec![amount("2", serials)];
            store.take(trip.id, step(TransferStep::Lines { lines })).await.expect("it is a draft")
        };
        name(&["A", "NOBODY"]).await;
        assert_eq!(code(send().await), "serial_not_here");
        assert_eq!(name(&["A", "B"]).await.lines[0].serials, ["A", "B"]);
        send().await.expect("sent");
        assert_eq!(store.numbers("LON").await, ["C"]);
        let (short, long) = why(store.bring("PAR", "1", &["B"]).await);
        assert_eq!(
            (short.as_str(), long.as_str()),
            ("serial_here", "B of CUP is on its way between two places already; look at the number again")
        );

        let arrive = async |lines, last| store.take(trip.id, step(TransferStep::Arrive { lines, last })).await;
        assert_eq!(code(arrive(vec![amount("1", &[])], false).await), "missing_serial", "one of two");
        assert_eq!(code(arrive(vec![amount("1", &["C"])], false).await), "serial_not_sent");
        arrive(vec![amount("1", &["B"])], true).await.expect("the other one is missing");
        assert_eq!(store.numbers("PAR").await, ["B"]);
        store
            .take(trip.id, step(TransferStep::Settle { goods: Goods::Home, lines: Vec::new() }))
            .await
            .expect("it was left behind");
        assert_eq!(store.numbers("LON").await, ["A", "C"]);

        // All that is on the way needs no numbers.
        let trip = begin(vec![amount("1", &["C"])]).await.expect("drafted");
        store.take(trip.id, step(TransferStep::Dispatch)).await.expect("sent");
        store.take(trip.id, step(TransferStep::Arrive { lines: Vec::new(), last: false })).await.expect("all of it");
        assert_eq!(store.numbers("PAR").await, ["B", "C"]);
        // Sold where it is not: a transfer sets it right.
        store.sell_pieces("PAR", "1", &["A"]).await;
        assert_eq!(store.kinds("PAR").await, ["serial_conflict"]);
        let trip = begin(vec![amount("1", &["A"])]).await.expect("drafted");
        store.take(trip.id, step(TransferStep::Dispatch)).await.expect("sent");
        store.take(trip.id, step(TransferStep::Arrive { lines: Vec::new(), last: false })).await.expect("it was there");
        assert!(store.kinds("PAR").await.is_empty());
        assert_eq!(store.numbers("PAR").await, ["B", "C"]);
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_and_a_supplier_and_an_inspection_take_the_piece_that_is_named() {
    on_each(async |db| {
        let store = Open::with_serials(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        store.bring("LON", "4", &["A", "B", "C", "D"]).await.expect("posted");
        let drafted = inventory.add_order(owner, order(&[("CUP", "2")])).await.expect("drafted");
        let order = inventory.confirm_order(owner, drafted.id, Some(drafted.version)).await.expect("confirmed");
        assert_eq!(order.lines[0].tracking, Tracking::Serial);
        let picking = Picking { lines: vec![Pick { line: 1, before: units("0"), picked: units("2") }] };
        inventory.pick_order(owner, order.id, picking).await.expect("picked");
        let hand = async |serials: &[&str]| {
            let serials = serials.iter().map(|serial| (*serial).to_owned()).collect();
            let lines = vec![OfLine { line: 1, quantity: units("1"), serials, from: Vec::new() }];
            inventory.hand_over(owner, order.id, None, HandOver { id: PostingId::new(), lines }).await
        };
        assert_eq!(code(hand(&["A", "B"]).await), "serial_count");
        hand(&["B"]).await.expect("handed over");
        assert_eq!(
            (store.numbers("LON").await, store.kinds("LON").await),
            (vec!["A".into(), "C".into(), "D".into()], Vec::new())
        );

        let id = a_supplier(&store).await;
        let back = |lot: Option<&str>| NewSupplierReturn {
            id: PaperId::new(),
            store: "LON".into(),
            supplier: id,
            order: None,
            note: None,
            lines: vec![NewSupplierReturnLine {
                sku: "CUP".into(),
                quantity: units("1"),
                reason: ReturnReason::Damaged,
                condition: Default::default(),
                lot: lot.map(str::to_owned),
            }],
        };
        assert_eq!(code(inventory.send_back(owner, back(None)).await), "missing_serial");
        assert_eq!(code(inventory.send_back(owner, back(Some("B"))).await), "serial_not_here");
        inventory.send_back(owner, back(Some("C"))).await.expect("it goes back");
        assert_eq!(store.numbers("LON").await, ["A", "D"]);

        let aside = NewReturn { to: ReturnTo::Quarantine, ..give_back(vec![pieces("1", &["B"])]) };
        inventory.post_return(owner, aside).await.expect("set aside");
        let looked = |lot: Option<&str>| NewInspection {
            id: PostingId::new(),
            store: "LON".into(),
            sku: "CUP".into(),
            quantity: units("1"),
            lot: lot.map(str::to_owned),
            scrap: false,
            aside: false,
            reason: "looked at".into(),
        };
        assert_eq!(code(inventory.inspect(owner, looked(Some("A"))).await), "serial_not_here", "it is on the shelf");
        inventory.inspect(owner, looked(Some("B"))).await.expect("sold again");
        assert_eq!(store.numbers("LON").await, ["A", "B", "D"]);
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

async fn a_supplier(store: &Open) -> SupplierId {
    let new = crate::buying::supplier("ACME", "0");
    let Supplier { id, .. } = store.inventory.add_supplier(&store.owner, new).await.expect("added");
    id
}
