//! The ways out for a lot that nobody should buy any more, and whom one that is called back has reached; on both engines.

use crate::buying::{delivery, sent, supplier};
use crate::common::{Open, adjustment, booked, limit_of, line, money, units};
use crate::lots::{LATER, OVER, lot};
use crate::promise::{hand_over, order};
use crate::transfers::{step, to_paris};
use db::test::on_each;
use model::{
    Amount, Condition, Corrected, Error, Line, Lot, LotAfter, NewAdjustment, NewInspection, NewOrder, NewReceipt,
    OrderContent, PaperKind, PostingId, PromisePolicy, Quantity, Refusal, Result, Role, TransferStep,
};
use storeroom_inventory::LotFilter;

/// So many of that lot are written off.
fn gone(quantity: &str, code: &str) -> NewAdjustment {
    let new = adjustment("CUP", quantity);
    let lines = new.lines.into_iter().map(|line| Line { lot: Some(code.into()), ..line }).collect();
    NewAdjustment { reason: "expired".into(), lines, ..new }
}

/// So many of that lot are set aside.
fn aside(quantity: &str, code: &str) -> NewInspection {
    NewInspection {
        id: PostingId::new(),
        store: "LON".into(),
        sku: "CUP".into(),
        quantity: units(quantity),
        lot: Some(code.into()),
        scrap: false,
        aside: true,
        reason: "expired".into(),
    }
}

fn code<T: std::fmt::Debug>(answer: Result<T>) -> String {
    match answer {
        Err(Error::Invalid(flaws)) => flaws[0].code.to_string(),
        other => panic!("{other:?}"),
    }
}

impl Open {
    /// How many of a lot LON has, and how many of them lie where they are sold.
    async fn lies(&self, code: &str) -> (Quantity, Quantity) {
        let found = self.lots_in("LON").await.into_iter().find(|lot| lot.lot == code);
        found.map(|lot| (lot.on_hand, lot.shelf)).unwrap_or_default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_off_is_of_the_lot_that_is_named_also_when_it_has_to_wait() {
    on_each(async |db| {
        let store = Open::with_lots(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        store.deliver("4", "OLD", Some(OVER)).await.expect("posted");
        store.deliver("4", "GOOD", Some(LATER[0])).await.expect("posted");
        let new = gone("-3", "GOOD");
        let receipt = booked(inventory.correct(owner, new.clone()).await.expect("booked"));
        let again = booked(inventory.correct(owner, new).await.expect("the same"));
        assert_eq!(again, receipt, "once");
        assert_eq!(store.lies("OLD").await, (units("4"), units("4")), "what is named is taken, not what expired");
        assert_eq!(store.lies("GOOD").await, (units("1"), units("1")));
        store.undo(receipt.id).await;
        assert_eq!(store.lies("GOOD").await, (units("4"), units("4")));
        let plain = NewAdjustment {
            lines: vec![Line { sku: "MUG".into(), ..gone("-1", "L1").lines.remove(0) }],
            ..gone("-1", "L1")
        };
        assert_eq!(code(inventory.correct(owner, plain).await), "no_lots");
        assert_eq!(code(inventory.correct(owner, gone("-1", " ")).await), "text");

        // A cup is 2.55.
        inventory.change_rules(owner, "LON", limit_of(PaperKind::Adjustment, Some(money("5")))).await.expect("set");
        let ann = store.someone(Role::Employee).await;
        let Ok(Corrected::Held(held)) = inventory.correct(&ann, gone("-2", "OLD")).await else { panic!("it waits") };
        assert_eq!(store.lies("OLD").await, (units("4"), units("4")), "nothing has changed");
        let mark = store.someone(Role::Manager).await;
        inventory.approve_correction(&mark, held.id, None).await.expect("approved");
        assert_eq!(store.lies("OLD").await, (units("2"), units("2")));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn goods_are_set_aside_lot_by_lot_and_no_more_of_one_than_lies_there() {
    on_each(async |db| {
        let store = Open::with_lots(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        store.deliver("4", "OLD", Some(OVER)).await.expect("posted");
        store.deliver("4", "GOOD", Some(LATER[0])).await.expect("posted");
        let new = aside("3", "OLD");
        let receipt = booked(inventory.inspect(owner, new.clone()).await.expect("set aside"));
        assert_eq!(inventory.inspect(owner, new.clone()).await.map(booked).as_ref(), Ok(&receipt), "once");
        let other = NewInspection { quantity: units("1"), ..new };
        assert!(matches!(inventory.inspect(owner, other).await, Err(Error::Conflict(_))), "other content");
        assert_eq!(store.lies("OLD").await, (units("4"), units("1")));
        let waits = inventory.set_aside(owner, "LON", 200).await.expect("readable").data;
        let waits: Vec<_> = waits.into_iter().map(|goods| (goods.lot.unwrap_or_default(), goods.quantity)).collect();
        assert_eq!(waits, [("OLD".to_owned(), units("3"))]);
        let there = inventory.to_send_back(owner, "LON", &["CUP".into()]).await.expect("readable");
        assert!(there.iter().any(|one| one.condition == Condition::Quarantine && one.on_hand == units("3")));
        let short = Refusal::OutOfStock { sku: "CUP".into(), available: units("1") };
        store.policy("CUP", PromisePolicy::Forbid).await;
        assert_eq!(inventory.inspect(owner, aside("2", "OLD")).await, Err(short.into()), "four others lie there");
        store.undo(receipt.id).await;
        assert_eq!(code(inventory.inspect(owner, NewInspection { scrap: true, ..aside("1", "OLD") }).await), "both");
        assert_eq!(code(inventory.inspect(owner, aside("1", "NONE")).await), "unknown_lot");
        let looker = store.someone(Role::ReadOnly).await;
        assert!(matches!(inventory.inspect(&looker, aside("1", "OLD")).await, Err(Error::Forbidden(_))));
        store.assert_sound().await;
        assert_eq!(inventory.rebuild(owner).await, Ok(0));
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trace_names_the_delivery_the_customer_and_the_transfer_and_customers_only_to_who_promises() {
    on_each(async |db| {
        let store = Open::with_lots(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        inventory.add_store(owner, "PAR", "Paris", "EUR", "Europe/Paris").await.expect("it opens");
        let acme = inventory.add_supplier(owner, supplier("ACME", "0")).await.expect("added");
        let bought = sent(&store, &acme, &[("CUP", "9", "1.00")]).await;
        let came = NewReceipt { lots: vec![lot(1, "L1", Some(LATER[0]))], ..delivery(&bought, &[("CUP", "9")], &[]) };
        inventory.post_receipt(owner, came).await.expect("booked in");
        let NewOrder { content, .. } = order(&[("CUP", "2")]);
        let content = OrderContent { contact: Some("ada@example.com".into()), ..content };
        let wanted = inventory.add_order(owner, NewOrder { content, ..order(&[]) }).await.expect("drafted");
        inventory.confirm_order(owner, wanted.id, None).await.expect("confirmed");
        let handed = hand_over(&[(1, "2")]);
        inventory.hand_over(owner, wanted.id, None, handed.clone()).await.expect("handed over");
        store.undo(handed.id).await;
        inventory.hand_over(owner, wanted.id, None, hand_over(&[(1, "1")])).await.expect("handed over");
        let lines = vec![Amount { sku: "CUP".into(), quantity: units("3"), serials: Vec::new(), lot: None }];
        let trip = inventory.add_transfer(owner, to_paris(lines)).await.expect("opened");
        store.take(trip.id, step(TransferStep::Dispatch)).await.expect("sent");
        let walk_in = inventory.post_sale(owner, crate::common::sale(vec![line("CUP", "1")])).await.expect("sold");

        let id = store.lots_in("LON").await.remove(0).id;
        let trace = inventory.lot_trace(owner, id).await.expect("readable");
        let filed: Vec<_> = trace
            .moves
            .iter()
            .map(|moved| (moved.kind.name(), moved.paper.as_ref().map(|paper| paper.id), moved.party.as_deref()))
            .collect();
        let (ada, sold) = (Some("Ada Byron"), Some(wanted.id));
        let expected = [
            ("sale", None, None),
            ("transfer", Some(trip.id), None),
            ("sale", sold, ada),
            ("reversal", sold, ada),
            ("sale", sold, ada),
            ("receipt", Some(bought.id), Some("ACME Pottery")),
        ];
        assert_eq!(filed, expected);
        assert_eq!(trace.moves[0].posting, walk_in.id);
        assert_eq!(trace.moves[2].contact.as_deref(), Some("ada@example.com"));
        assert_eq!((trace.moves[5].supplier, trace.moves[2].supplier), (Some(acme.id), None));
        let number = trace.moves[5].paper.as_ref().map(|paper| (paper.kind, paper.number.as_str()));
        assert_eq!(number, Some((PaperKind::PurchaseOrder, "PO-LON-1")));

        let looker = store.someone(Role::ReadOnly).await;
        let seen = inventory.lot_trace(&looker, id).await.expect("readable");
        assert!(seen.moves.iter().all(|moved| moved.contact.is_none() && moved.party.as_deref() != ada));
        assert_eq!(seen.moves[5].party.as_deref(), Some("ACME Pottery"), "a supplier is no secret");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lots_are_read_on_behind_the_last_one_whatever_their_days() {
    on_each(async |db| {
        let store = Open::with_lots(db).await;
        for (code, day) in [("A", Some(OVER)), ("B", Some(OVER)), ("C", Some(LATER[0])), ("D", None), ("E", None)] {
            store.deliver("1", code, day).await.expect("posted");
        }
        let all: Vec<Lot> = store.lots_in("LON").await;
        let mut read: Vec<Lot> = Vec::new();
        loop {
            let filter = LotFilter { limit: 2, ..LotFilter::default() };
            let filter = match read.last() {
                Some(last) => filter.behind(LotAfter::from(last)),
                None => filter,
            };
            let page = store.inventory.lots(&store.owner, "LON", &filter).await.expect("readable");
            read.extend(page.data);
            if page.next.is_none() {
                break;
            }
        }
        assert_eq!(read, all, "each once, in order");
        let places: Vec<_> = all.iter().map(|lot| LotAfter::from(lot).place()).collect();
        assert!(places.is_sorted(), "the list and its places are in one order");
        store.close().await;
    })
    .await;
}
