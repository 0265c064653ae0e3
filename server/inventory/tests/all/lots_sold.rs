//! Lots at the till: what a label names is sold, its undoing settles what it opened, and what comes back goes where it
//! came from.

use crate::common::{Open, booked, give_back, line, receipt, sale, units};
use crate::lots::{LATER, OVER, lot};
use db::test::on_each;
use model::{
    Channel, Error, LotStatus, NewInspection, NewLine, NewReceipt, NewReturn, NewSale, PostingId, Receipt, Result,
    ReturnTo,
};

fn cups(quantity: &str, code: &str) -> NewLine {
    NewLine { lot: Some(code.into()), ..line("CUP", quantity) }
}

fn told(of: &[(&str, &str)]) -> Vec<(String, String)> {
    of.iter().map(|(code, size)| ((*code).to_owned(), (*size).to_owned())).collect()
}

impl Open {
    async fn sell_lines(&self, lines: Vec<NewLine>) -> Receipt {
        self.inventory.post_sale(&self.owner, sale(lines)).await.expect("a sale is a fact")
    }

    async fn bring_back(&self, new: NewReturn) -> Receipt {
        self.inventory.post_return(&self.owner, new).await.expect("what comes back is a fact")
    }

    async fn open_kinds(&self) -> Vec<String> {
        let open = self.inventory.exceptions(&self.owner, "LON", None).await.expect("readable").data;
        open.into_iter().map(|case| case.exception.kind).collect()
    }
}

fn code<T: std::fmt::Debug>(answer: Result<T>) -> String {
    match answer {
        Err(Error::Invalid(flaws)) => flaws[0].code.to_string(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lot_on_the_label_is_sold_and_what_says_nothing_takes_what_expires_first() {
    on_each(async |db| {
        let store = Open::with_lots(db).await;
        store.deliver("2", "SOON", Some(LATER[0])).await.expect("posted");
        store.deliver("5", "LATE", Some(LATER[1])).await.expect("posted");
        // In whatever order they were scanned: what is named is that lot.
        let sold = store.sell_lines(vec![line("CUP", "2"), cups("1", "SOON")]).await;
        assert_eq!(sold.lines.len(), 2, "two lots are two lines");
        assert_eq!(store.shelf().await, told(&[("LATE", "4")]));
        store.sell_lines(vec![cups("1", "LATE")]).await;
        store.undo(sold.id).await;
        assert_eq!(store.shelf().await, told(&[("SOON", "2"), ("LATE", "4")]));

        // A label that nobody booked in is believed: the goods are in the customer's hands. Its delivery sets it right.
        store.sell_lines(vec![cups("2", "NEW")]).await;
        assert_eq!(store.shelf().await, told(&[("SOON", "2"), ("LATE", "4"), ("NEW", "-2")]));
        assert_eq!(store.level("CUP").await.on_hand, units("4"));
        store.deliver("3", "NEW", Some(LATER[0])).await.expect("its day is told for the first time");
        let new = store.lots_in("LON").await.into_iter().find(|lot| lot.lot == "NEW").expect("it is there");
        assert_eq!((new.on_hand, new.expires_on), (units("1"), LATER[0].parse().ok()));
        assert_eq!(code(store.deliver("1", "NEW", Some(LATER[1])).await), "expires_on");

        // What is not told apart has no lots, whatever its label says: it is sold all the same.
        store.sell_lines(vec![NewLine { lot: Some("L1".into()), ..line("MUG", "1") }]).await;
        assert!(!store.lots_in("LON").await.iter().any(|lot| lot.sku == "MUG"));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_promise_names_no_lot_and_a_lot_has_a_readable_name() {
    on_each(async |db| {
        let store = Open::with_lots(db).await;
        store.deliver("2", "SOON", Some(LATER[0])).await.expect("posted");
        let web = NewSale { channel: Channel::Web, ..sale(vec![cups("1", "SOON")]) };
        assert_eq!(code(store.inventory.post_sale(&store.owner, web).await), "lot_of_promise");
        assert_eq!(code(store.inventory.post_sale(&store.owner, sale(vec![cups("1", " ")])).await), "text");
        let long = "L".repeat(65);
        assert_eq!(code(store.inventory.post_sale(&store.owner, sale(vec![cups("1", &long)])).await), "text");
        let twice = NewReceipt { lots: vec![lot(1, "A", None)], ..receipt(vec![cups("1", "B")]) };
        assert_eq!(code(store.inventory.post_receipt(&store.owner, twice).await), "line_twice");
        assert_eq!(store.shelf().await, told(&[("SOON", "2")]));
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_of_a_barred_lot_is_booked_and_its_undoing_settles_what_it_opened() {
    on_each(async |db| {
        let store = Open::with_lots(db).await;
        store.deliver("4", "OLD", Some(OVER)).await.expect("posted");
        store.deliver("4", "BACK", Some(LATER[0])).await.expect("posted");
        store.deliver("4", "GOOD", Some(LATER[1])).await.expect("posted");
        store.set_lot("BACK", LotStatus::Recalled).await;
        let sold = store.sell_lines(vec![cups("1", "BACK")]).await;
        assert_eq!(store.open_kinds().await, ["expired_sale"]);
        let other = store.sell_lines(vec![line("CUP", "1"), cups("1", "OLD")]).await;
        assert_eq!(store.open_kinds().await, ["expired_sale"], "one for an item");
        store.undo(sold.id).await;
        assert_eq!(store.open_kinds().await, ["expired_sale"], "the other one is still out");
        store.undo(other.id).await;
        assert!(store.open_kinds().await.is_empty(), "nothing of it is out after all");
        let fine = store.sell_lines(vec![line("CUP", "1")]).await;
        let bad = store.sell_lines(vec![cups("1", "OLD")]).await;
        store.undo(fine.id).await;
        assert_eq!(store.open_kinds().await, ["expired_sale"], "the undoing of another sale changes nothing");
        store.undo(bad.id).await;
        assert!(store.open_kinds().await.is_empty());
        assert_eq!(store.shelf().await, told(&[("OLD", "4"), ("BACK", "4"), ("GOOD", "4")]));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_back_goes_back_to_the_lot_that_was_sold() {
    on_each(async |db| {
        let store = Open::with_lots(db).await;
        store.deliver("2", "SOON", Some(LATER[0])).await.expect("posted");
        store.deliver("5", "LATE", Some(LATER[1])).await.expect("posted");
        let sold = store.sell_lines(vec![line("CUP", "4")]).await;
        let of_sale = |lines| NewReturn { sale: Some(sold.id), ..give_back(lines) };
        store.bring_back(of_sale(vec![cups("1", "LATE")])).await;
        assert_eq!(store.shelf().await, told(&[("LATE", "4")]), "the label says which");
        let back = store.bring_back(of_sale(vec![line("CUP", "1")])).await;
        assert_eq!(store.shelf().await, told(&[("SOON", "1"), ("LATE", "4")]));
        store.undo(back.id).await;
        // Two of the one and one of the other are still out; the fourth was never sold, and is of no lot.
        store.bring_back(of_sale(vec![line("CUP", "4")])).await;
        assert_eq!(store.shelf().await, told(&[("SOON", "2"), ("LATE", "5")]));
        assert_eq!(store.level("CUP").await.on_hand, units("8"));

        store.bring_back(give_back(vec![cups("1", "LATE"), line("CUP", "1")])).await;
        assert_eq!(store.shelf().await, told(&[("SOON", "2"), ("LATE", "6")]), "without a sale, as it is named");
        store.bring_back(NewReturn { to: ReturnTo::Scrap, ..give_back(vec![cups("1", "SOON")]) }).await;
        assert_eq!(store.shelf().await, told(&[("SOON", "2"), ("LATE", "6")]), "it lies nowhere");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_set_aside_is_looked_at_lot_by_lot_and_stays_of_its_lot() {
    on_each(async |db| {
        let store = Open::with_lots(db).await;
        store.deliver("3", "SOON", Some(LATER[0])).await.expect("posted");
        store.deliver("3", "LATE", Some(LATER[1])).await.expect("posted");
        let sold = store.sell_lines(vec![line("CUP", "6")]).await;
        let back = NewReturn { to: ReturnTo::Quarantine, sale: Some(sold.id), ..give_back(vec![line("CUP", "6")]) };
        store.bring_back(back).await;
        let waits = async || {
            let page = store.inventory.set_aside(&store.owner, "LON", 200).await.expect("readable");
            page.data.into_iter().map(|one| (one.lot.unwrap_or_default(), one.quantity.to_string())).collect::<Vec<_>>()
        };
        assert_eq!(waits().await, told(&[("LATE", "3"), ("SOON", "3")]));
        let looked = |lot: &str, quantity: &str, scrap| NewInspection {
            id: PostingId::new(),
            store: "LON".into(),
            sku: "CUP".into(),
            quantity: units(quantity),
            lot: Some(lot.into()),
            scrap,
            aside: false,
            reason: "looked at".into(),
        };
        let good = store.inventory.inspect(&store.owner, looked("LATE", "2", false)).await.expect("sold again");
        let scrap = looked("SOON", "3", true);
        let scrapped = store.inventory.inspect(&store.owner, scrap.clone()).await.expect("scrapped");
        // None of that lot is left by now: a try whose answer was lost hears what came of it all the same.
        assert_eq!(store.inventory.inspect(&store.owner, scrap).await, Ok(scrapped));
        assert_eq!(waits().await, told(&[("LATE", "1")]));
        assert_eq!(store.shelf().await, told(&[("LATE", "3")]));
        let more = store.inventory.inspect(&store.owner, looked("SOON", "1", false)).await;
        assert!(matches!(more, Err(Error::Refused(_))), "none of that lot is left: {more:?}");
        store.undo(booked(good).id).await;
        assert_eq!(waits().await, told(&[("LATE", "3")]));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}
