//! Returns to suppliers: what is there goes back with its reason, once, and comes again when that is undone.

use crate::buying::{delivery, sent, supplier};
use crate::common::{Open, line, money, open, receipt, units};
use crate::lots::OVER;
use db::test::on_each;
use model::{
    Action, Actor, Condition, DocumentKind, Error, Flaw, Grant, HistoryQuery, LotStatus, Meant, NewReversal,
    NewSupplierReturn, NewSupplierReturnLine, PaperId, PostingId, Refusal, Result, ReturnReason, Reused, Role,
    Supplier, SupplierCredit, SupplierReturn, SupplierReturnQuery, SupplierReturnState, Tracking,
};

pub fn goes(sku: &str, quantity: &str, reason: ReturnReason) -> NewSupplierReturnLine {
    let (sku, quantity) = (sku.to_owned(), units(quantity));
    NewSupplierReturnLine { sku, quantity, reason, condition: Condition::Sellable, lot: None }
}

pub fn back(supplier: &Supplier, lines: Vec<NewSupplierReturnLine>) -> NewSupplierReturn {
    NewSupplierReturn {
        id: PaperId::new(),
        store: "LON".into(),
        supplier: supplier.id,
        order: None,
        note: Some("as agreed by phone".into()),
        lines,
    }
}

fn note(number: &str) -> SupplierCredit {
    SupplierCredit { number: Some(number.into()) }
}

impl Open {
    async fn send(&self, new: NewSupplierReturn) -> Result<SupplierReturn> {
        self.inventory.send_back(&self.owner, new).await
    }

    async fn waiting(&self) -> Vec<String> {
        let state = Some(SupplierReturnState::Sent);
        let query = SupplierReturnQuery { store: "LON".into(), state, after: None };
        let page = self.inventory.supplier_returns(&self.owner, &query, 200).await.expect("readable");
        page.data.into_iter().map(|row| row.number).collect()
    }

    pub async fn take_back(&self, back: &SupplierReturn) -> Result<()> {
        let undo = NewReversal { id: PostingId::new(), reason: None };
        self.inventory.reverse(&self.owner, PostingId(back.id.0), undo).await.map(drop)
    }
}

/// The codes of what is wrong.
fn codes<T: std::fmt::Debug>(answer: Result<T>) -> Vec<String> {
    match answer {
        Err(Error::Invalid(flaws)) => flaws.into_iter().map(|flaw: Flaw| flaw.code).collect(),
        other => panic!("it was not refused as wrong: {other:?}"),
    }
}

#[tokio::test]
async fn goods_go_back_are_credited_and_come_again() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let acme = inventory.add_supplier(owner, supplier("ACME", "0")).await.expect("added");
        let order = sent(&store, &acme, &[("CUP", "12", "2.00"), ("MUG", "6", "1.25")]).await;
        inventory.post_receipt(owner, delivery(&order, &[("CUP", "12"), ("MUG", "4")], &[])).await.expect("here");

        let lines = vec![goes("CUP", "3", ReturnReason::Damaged), goes("MUG", "4", ReturnReason::TooMany)];
        let new = NewSupplierReturn { order: Some(order.id), ..back(&acme, lines) };
        let gone = store.send(new.clone()).await.expect("sent");
        assert_eq!((gone.number.as_str(), gone.state, gone.version), ("RS-LON-1", SupplierReturnState::Sent, 1));
        assert_eq!((gone.value, gone.order_number.as_deref()), (money("11"), Some("PO-LON-1")), "as was agreed");
        assert_eq!((gone.lines[0].reason, gone.lines[0].unit_cost), (ReturnReason::Damaged, Some(money("2"))));
        assert_eq!(store.send(new.clone()).await.as_ref(), Ok(&gone), "sent again, it counts once");
        let other = NewSupplierReturn { note: None, ..new };
        assert_eq!(store.send(other).await, Err(Error::Conflict(Reused::Id)));
        assert_eq!((store.level("CUP").await.on_hand, store.level("MUG").await.on_hand), (units("9"), units("0")));

        let meant = inventory.meaning(owner, "LON", "RS-LON-1").await.expect("readable");
        assert!(matches!(meant, Meant::Posting { kind: DocumentKind::SupplierReturn, .. }), "{meant:?}");
        let query = HistoryQuery { store: "LON".into(), sku: "CUP".into(), ..HistoryQuery::default() };
        let history = inventory.history(owner, &query, None, 10).await.expect("readable").data;
        assert_eq!((history[0].kind, history[0].reason.as_deref()), (DocumentKind::SupplierReturn, Some("damaged")));

        let more = vec![goes("MUG", "1", ReturnReason::Wrong)];
        let more = NewSupplierReturn { order: Some(order.id), ..back(&acme, more) };
        assert_eq!(codes(store.send(more).await), ["more_than_came"], "four came, and four went");

        let credit = |number: Option<&str>, seen| {
            let credit = SupplierCredit { number: number.map(str::to_owned) };
            inventory.credit_supplier_return(owner, gone.id, Some(seen), credit)
        };
        let credited = credit(Some("CN-7"), 1).await.expect("credited");
        assert_eq!((credited.state, credited.credit.as_deref()), (SupplierReturnState::Credited, Some("CN-7")));
        assert_eq!(credit(Some("CN-7"), 2).await, Ok(credited), "the same again changes nothing");
        assert_eq!(credit(None, 1).await, Err(Error::Conflict(Reused::Version)));
        assert_eq!(store.waiting().await, Vec::<String>::new());
        let wrong = Error::Refused(Refusal::WrongState { state: "credited".into() });
        assert_eq!(store.take_back(&gone).await, Err(wrong), "their money is here");
        assert_eq!(credit(None, 2).await.expect("not after all").state, SupplierReturnState::Sent);
        assert_eq!(store.waiting().await, ["RS-LON-1"]);

        store.take_back(&gone).await.expect("undone");
        assert_eq!(store.level("CUP").await.on_hand, units("12"));
        let undone = inventory.supplier_return(owner, gone.id).await.expect("readable").data;
        assert_eq!((undone.state, undone.may_undo, undone.version), (SupplierReturnState::Undone, false, 4));
        let wrong = Error::Refused(Refusal::WrongState { state: "undone".into() });
        assert_eq!(inventory.credit_supplier_return(owner, gone.id, None, note("CN-8")).await, Err(wrong));
        assert_eq!(store.take_back(&gone).await, Err(Refusal::AlreadyReversed.into()));
        let again = vec![goes("MUG", "4", ReturnReason::Wrong)];
        let again = NewSupplierReturn { order: Some(order.id), ..back(&acme, again) };
        assert_eq!(store.send(again).await.expect("they are here again").number, "RS-LON-2");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_called_back_lot_goes_back_by_its_name_and_no_more_of_it_than_is_there() {
    on_each(async |db| {
        let store = Open::with_lots(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let acme = inventory.add_supplier(owner, supplier("ACME", "0")).await.expect("added");
        store.deliver("5", "L1", Some(OVER)).await.expect("posted");
        store.deliver("5", "L2", None).await.expect("posted");
        store.set_lot("L2", LotStatus::Recalled).await;
        let of = |lot: &str, quantity: &str| {
            let line = goes("CUP", quantity, ReturnReason::Recalled);
            NewSupplierReturnLine { lot: Some(lot.into()), ..line }
        };
        assert_eq!(codes(store.send(back(&acme, vec![goes("CUP", "1", ReturnReason::Wrong)])).await), ["missing_lot"]);
        assert_eq!(codes(store.send(back(&acme, vec![of("L9", "1")])).await), ["unknown_lot"]);
        assert_eq!(codes(store.send(back(&acme, vec![of("L2", "1"), of("L2 ", "2")])).await), ["twice"]);
        // Ten are there, and five of that lot.
        let many = back(&acme, vec![of("L2", "6")]);
        let short = Refusal::OutOfStock { sku: "CUP".into(), available: units("5") };
        assert_eq!(store.send(many.clone()).await, Err(short.clone().into()));
        store.deliver("5", "L2", None).await.expect("posted");
        assert_eq!(store.send(many).await, Err(short.into()), "refused once, it stays refused");
        let gone = store.send(back(&acme, vec![of("L2", "10"), of("L1", "2")])).await.expect("sent");
        assert_eq!(gone.number, "RS-LON-1", "what was refused has no number");
        assert_eq!(gone.lines[0].lot.as_deref(), Some("L2"));
        assert_eq!(store.shelf().await, [("L1".to_owned(), "3".to_owned())]);
        let there = inventory.to_send_back(owner, "LON", &["CUP".into()]).await.expect("readable");
        assert_eq!((there.len(), there[0].lot.as_deref(), there[0].expired), (1, Some("L1"), true));
        store.take_back(&gone).await.expect("undone");
        assert_eq!(store.shelf().await.len(), 2, "they come to lie in their lots");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_was_set_aside_goes_back_from_there_and_never_more_than_that() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let acme = inventory.add_supplier(owner, supplier("ACME", "0")).await.expect("added");
        inventory.post_receipt(owner, receipt(vec![line("CUP", "1"), line("POST", "1")])).await.expect("posted");
        let aside =
            model::NewReturn { to: model::ReturnTo::Quarantine, ..crate::common::give_back(vec![line("CUP", "2")]) };
        inventory.post_return(owner, aside).await.expect("posted");
        let of = |quantity: &str| {
            let line = goes("CUP", quantity, ReturnReason::Damaged);
            NewSupplierReturnLine { condition: Condition::Quarantine, ..line }
        };
        let there = inventory.to_send_back(owner, "LON", &["CUP".into(), "POST".into()]).await.expect("readable");
        let there: Vec<_> = there.iter().map(|one| (one.condition, one.on_hand)).collect();
        assert_eq!(there, [(Condition::Quarantine, units("2")), (Condition::Sellable, units("1"))]);
        let short = Refusal::OutOfStock { sku: "CUP".into(), available: units("2") };
        assert_eq!(store.send(back(&acme, vec![of("3")])).await, Err(short.into()));
        store.send(back(&acme, vec![of("2"), goes("CUP", "1", ReturnReason::Wrong)])).await.expect("sent");
        assert_eq!(store.level("CUP").await.on_hand, units("0"));
        let service = back(&acme, vec![goes("POST", "1", ReturnReason::Wrong)]);
        assert_eq!(codes(store.send(service).await), ["unknown_sku"]);
        assert_eq!(codes(store.send(back(&acme, vec![of("0")])).await), ["quantity"]);
        assert_eq!(codes(store.send(back(&acme, Vec::new())).await), ["line_count"]);
        let nobody = NewSupplierReturn { supplier: model::SupplierId::new(), ..back(&acme, vec![of("1")]) };
        assert_eq!(codes(store.send(nobody).await), ["unknown_supplier"]);
        let order = NewSupplierReturn { order: Some(PaperId::new()), ..back(&acme, vec![of("1")]) };
        assert_eq!(codes(store.send(order).await), ["unknown_order"]);
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn only_who_buys_sends_back_and_elsewhere_it_is_not_there() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let acme = inventory.add_supplier(owner, supplier("ACME", "0")).await.expect("added");
        inventory.post_receipt(owner, receipt(vec![line("CUP", "2")])).await.expect("posted");
        let new = || back(&acme, vec![goes("CUP", "1", ReturnReason::Wrong)]);
        let ann = store.someone(Role::Employee).await;
        assert!(matches!(inventory.send_back(&ann, new()).await, Err(Error::Forbidden(_))));
        let gone = store.send(new()).await.expect("sent");
        let seen = inventory.supplier_return(&ann, gone.id).await.expect("it is of their store").data;
        assert_eq!((seen.may_credit, seen.may_undo), (false, false));
        let denied = inventory.credit_supplier_return(&ann, gone.id, None, note("CN-1")).await;
        assert!(matches!(denied, Err(Error::Forbidden(_))));
        assert!(matches!(inventory.to_send_back(&ann, "LON", &[]).await, Err(Error::Forbidden(_))));
        inventory.add_store(owner, "PAR", "Paris", "EUR", "Europe/Paris").await.expect("it opens");
        let paris = inventory.store(owner, Action::SeeStock, "PAR").await.expect("known").id;
        let eve = Actor { grants: vec![Grant { role: Role::Manager, store: Some(paris) }], ..ann };
        assert_eq!(inventory.supplier_return(&eve, gone.id).await.map(drop), Err(Error::NotFound));
        assert_eq!(inventory.send_back(&eve, new()).await.map(drop), Err(Error::NotFound));
        let credited = inventory.credit_supplier_return(&eve, gone.id, None, note("CN-1")).await;
        assert_eq!(credited.map(drop), Err(Error::NotFound));
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_thousand_lines_go_back_at_once_and_a_hand_in_the_database_is_found() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let acme = inventory.add_supplier(owner, supplier("ACME", "0")).await.expect("added");
        store.track("CUP", Tracking::Lot).await;
        let mut new = receipt((0..1_000).map(|_| line("CUP", "2")).collect());
        new.lots = (1..=1_000).map(|line| crate::lots::lot(line, &format!("L{line}"), None)).collect();
        inventory.post_receipt(owner, new).await.expect("posted");
        let of = |nth: i32| NewSupplierReturnLine {
            lot: Some(format!("L{nth}")),
            ..goes("CUP", "1", ReturnReason::Expired)
        };
        let gone = store.send(back(&acme, (1..=1_000).map(of).collect())).await.expect("sent");
        assert_eq!((gone.lines.len(), store.level("CUP").await.on_hand), (1_000, units("1000")));
        assert_eq!(codes(store.send(back(&acme, (1..=1_001).map(of).collect())).await), ["line_count"]);
        store.assert_sound().await;
        let mut tx = store.db.begin().await.expect("a transaction");
        db::execute!(&mut tx, "update inventory_supplier_return set value = value + 1").expect("written");
        tx.commit().await.expect("kept");
        let found = inventory.verify(owner).await.expect("readable");
        assert!(found.iter().any(|one| one.to_string().contains("RS-LON-1")), "{found:?}");
        store.close().await;
    })
    .await;
}
