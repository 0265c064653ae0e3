//! Transfers, places and conditions, on both engines.

use crate::common::{Open, SKUS, give_back, limit_of, line, open, receipt, units};
use db::test::on_each;
use model::{
    Actor, Amount, Condition, Error, Goods, Grant, LocationId, NewInspection, NewPlace, NewReturn, NewTransfer,
    NewTransferStep, PaperId, PaperKind, PersonId, PlaceChange, PostingId, Principal, Quantity, Refusal, Result,
    ReturnTo, Reused, Role, SetAside, StockRow, Transfer, TransferQuery, TransferState, TransferStep,
};

pub fn amounts(of: &[(&str, &str)]) -> Vec<Amount> {
    of.iter()
        .map(|(sku, size)| Amount { sku: (*sku).into(), quantity: units(size), serials: Vec::new(), lot: None })
        .collect()
}

pub fn to_paris(lines: Vec<Amount>) -> NewTransfer {
    let (id, store, to_store) = (PaperId::new(), "LON".into(), Some("PAR".into()));
    NewTransfer { id, store, from: None, to_store, to: None, note: None, lines }
}

pub fn step(step: TransferStep) -> NewTransferStep {
    NewTransferStep { id: PostingId::new(), version: None, step }
}

pub fn arrive(of: &[(&str, &str)], last: bool) -> NewTransferStep {
    step(TransferStep::Arrive { lines: amounts(of), last })
}

impl Open {
    /// LON with ten of everything, and PAR.
    pub async fn two(db: db::Db) -> Self {
        let store = open(db).await;
        store.inventory.add_store(&store.owner, "PAR", "Paris", "EUR", "Europe/Paris").await.expect("it opens");
        let all = SKUS.map(|sku| line(sku, "10")).to_vec();
        store.inventory.post_receipt(&store.owner, receipt(all)).await.expect("posted");
        store
    }

    pub async fn take(&self, id: PaperId, new: NewTransferStep) -> Result<Transfer> {
        self.inventory.step_transfer(&self.owner, id, new).await
    }

    /// What is there: store, place, condition, how many.
    async fn whereabouts(&self, sku: &str) -> Vec<(String, String, Condition, Quantity)> {
        let sheet = self.inventory.sheet(&self.owner, "LON", sku).await.expect("a sheet");
        let told = |row: StockRow| (row.store, row.location, row.condition, row.on_hand);
        sheet.stock.into_iter().map(told).filter(|row| row.3 != Quantity::ZERO).collect()
    }

    pub async fn on_sale(&self, store: &str, sku: &str) -> Quantity {
        let row = self.inventory.level(&self.owner, store, sku).await.expect("readable");
        row.map(|row| row.on_hand).unwrap_or_default()
    }

    /// Someone with that role in that store.
    pub async fn person(&self, role: Role, store: &str) -> Actor {
        let store = self.inventory.store(&self.owner, model::Action::SeeStock, store).await.expect("known").id;
        let principal = Principal::Person(PersonId::new());
        Actor { principal, grants: vec![Grant { role, store: Some(store) }], ..Actor::system("ann") }
    }
}

#[tokio::test]
async fn what_is_sent_is_on_the_way_until_it_arrives() {
    on_each(async |db| {
        let store = Open::two(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let new = to_paris(amounts(&[("CUP", "6"), ("MUG", "2")]));
        let opened = inventory.add_transfer(owner, new.clone()).await.expect("opened");
        assert_eq!((opened.number.as_str(), opened.state), ("TR-LON-1", TransferState::Draft));
        assert_eq!(inventory.add_transfer(owner, new).await.expect("the same").id, opened.id);
        let sent = store.take(opened.id, step(TransferStep::Dispatch)).await.expect("sent");
        assert_eq!((sent.state, sent.lines[0].in_transit), (TransferState::InTransit, units("6")));
        assert_eq!(store.on_sale("LON", "CUP").await, units("4"));
        assert_eq!(store.on_sale("PAR", "CUP").await, units("0"));
        let coming = inventory.in_transit_to(owner, "PAR", &["CUP", "PLATE"]).await.expect("readable");
        assert_eq!(coming.into_iter().collect::<Vec<_>>(), [("CUP".to_owned(), units("6"))]);

        let some = store.take(opened.id, arrive(&[("CUP", "4")], false)).await.expect("some arrived");
        assert_eq!((some.state, some.lines[0].received), (TransferState::PartlyReceived, units("4")));
        let all = store.take(opened.id, arrive(&[], false)).await.expect("the rest arrived");
        assert_eq!((all.state, all.lines[0].in_transit), (TransferState::Received, units("0")));
        assert_eq!(store.on_sale("PAR", "CUP").await, units("6"));
        assert_eq!(store.on_sale("PAR", "MUG").await, units("2"));
        let closed = store.take(opened.id, step(TransferStep::Close)).await.expect("closed");
        assert_eq!(closed.state, TransferState::Closed);
        store.assert_sound().await;
        assert_eq!(inventory.rebuild(owner).await, Ok(0), "a rebuild changes nothing");
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_is_not_there_does_not_leave_and_a_step_counts_once() {
    on_each(async |db| {
        let store = Open::two(db).await;
        let opened =
            store.inventory.add_transfer(&store.owner, to_paris(amounts(&[("CUP", "11")]))).await.expect("opened");
        let dispatch = step(TransferStep::Dispatch);
        let short = Refusal::OutOfStock { sku: "CUP".into(), available: units("10") };
        for _ in 0..2 {
            assert_eq!(store.take(opened.id, dispatch.clone()).await, Err(Error::Refused(short.clone())));
        }
        let fewer = step(TransferStep::Lines { lines: amounts(&[("CUP", "10")]) });
        store.take(opened.id, fewer).await.expect("written");
        let dispatch = step(TransferStep::Dispatch);
        let sent = store.take(opened.id, dispatch.clone()).await.expect("sent");
        assert_eq!(store.take(opened.id, dispatch).await, Ok(sent), "sent once");
        let again = store.take(opened.id, step(TransferStep::Dispatch)).await;
        assert_eq!(again, Err(Error::Refused(Refusal::WrongState { state: "in_transit".into() })));
        let stale = NewTransferStep { version: Some(1), ..arrive(&[], false) };
        assert_eq!(store.take(opened.id, stale).await, Err(Error::Conflict(Reused::Version)));
        assert_eq!(store.on_sale("LON", "CUP").await, units("0"));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn more_than_was_sent_does_not_arrive_and_a_shortage_is_settled() {
    on_each(async |db| {
        let store = Open::two(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        for (goods, at_home) in [(Goods::Home, "6"), (Goods::WrittenOff, "1")] {
            let opened = inventory.add_transfer(owner, to_paris(amounts(&[("CUP", "5")]))).await.expect("opened").id;
            store.take(opened, step(TransferStep::Dispatch)).await.expect("sent");
            let more = store.take(opened, arrive(&[("CUP", "6")], false)).await;
            assert!(matches!(&more, Err(Error::Invalid(flaws)) if flaws[0].code == "more_than_sent"), "{more:?}");
            let short = store.take(opened, arrive(&[("CUP", "4")], true)).await.expect("that was all");
            assert_eq!(short.state, TransferState::Short);
            let settled =
                store.take(opened, step(TransferStep::Settle { goods, lines: Vec::new() })).await.expect("settled");
            assert_eq!(settled.state, TransferState::Received);
            let line = &settled.lines[0];
            assert_eq!((line.shipped, line.received, line.in_transit), (units("5"), units("4"), units("0")));
            let settled = if goods == Goods::Home { line.returned } else { line.lost };
            assert_eq!(settled, units("1"));
            assert_eq!(store.on_sale("LON", "CUP").await, units(at_home));
            store.assert_sound().await;
        }
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn calling_off_asks_where_the_goods_are() {
    on_each(async |db| {
        let store = Open::two(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let opened = inventory.add_transfer(owner, to_paris(amounts(&[("CUP", "5")]))).await.expect("opened").id;
        store.take(opened, step(TransferStep::Dispatch)).await.expect("sent");
        let blank = store.take(opened, step(TransferStep::Cancel { goods: None })).await;
        assert!(matches!(&blank, Err(Error::Invalid(flaws)) if flaws[0].code == "goods"), "{blank:?}");
        let home = step(TransferStep::Cancel { goods: Some(Goods::Home) });
        assert_eq!(store.take(opened, home).await.expect("called off").state, TransferState::Cancelled);
        assert_eq!(store.on_sale("LON", "CUP").await, units("10"));
        let draft = inventory.add_transfer(owner, to_paris(Vec::new())).await.expect("opened").id;
        let nothing = store.take(draft, step(TransferStep::Dispatch)).await;
        assert!(matches!(nothing, Err(Error::Invalid(_))), "there is nothing to send");
        let cancelled = store.take(draft, step(TransferStep::Cancel { goods: None })).await.expect("called off");
        assert_eq!(cancelled.state, TransferState::Cancelled);
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn who_sends_is_of_the_one_store_and_who_receives_of_the_other() {
    on_each(async |db| {
        let store = Open::two(db).await;
        let inventory = &store.inventory;
        let (ann, pierre) = (store.person(Role::Employee, "LON").await, store.person(Role::Employee, "PAR").await);
        inventory.add_store(&store.owner, "ROM", "Rome", "EUR", "Europe/Rome").await.expect("it opens");
        let stranger = store.person(Role::Manager, "ROM").await;
        let reader = store.person(Role::ReadOnly, "LON").await;
        let new = to_paris(amounts(&[("CUP", "5")]));
        assert_eq!(inventory.add_transfer(&pierre, new.clone()).await, Err(Error::NotFound));
        assert!(matches!(inventory.add_transfer(&reader, new.clone()).await, Err(Error::Forbidden(_))));
        let ends = |transfer: &Transfer| transfer.lines.iter().map(|line| (line.here, line.there)).collect::<Vec<_>>();
        let opened = inventory.add_transfer(&ann, new).await.expect("opened");
        let id = opened.id;
        assert_eq!(ends(&opened), [(Some(units("10")), None)], "what Paris has is Paris's");
        let coming = inventory.transfer(&pierre, id).await.expect("it comes to them").data;
        assert_eq!((coming.id, ends(&coming)), (id, vec![(None, Some(Quantity::ZERO))]));
        assert_eq!(inventory.transfer(&stranger, id).await.map(drop), Err(Error::NotFound));
        let dispatch = || step(TransferStep::Dispatch);
        assert!(matches!(inventory.step_transfer(&pierre, id, dispatch()).await, Err(Error::Forbidden(_))));
        assert!(matches!(inventory.step_transfer(&reader, id, dispatch()).await, Err(Error::Forbidden(_))));
        assert_eq!(inventory.step_transfer(&stranger, id, dispatch()).await, Err(Error::NotFound));
        inventory.step_transfer(&ann, id, dispatch()).await.expect("sent");
        assert!(matches!(inventory.step_transfer(&ann, id, arrive(&[], false)).await, Err(Error::Forbidden(_))));
        let home = step(TransferStep::Cancel { goods: Some(Goods::Home) });
        assert!(matches!(inventory.step_transfer(&pierre, id, home).await, Err(Error::Forbidden(_))));
        inventory.step_transfer(&pierre, id, arrive(&[], false)).await.expect("arrived");
        let query = |store: &str, arriving| TransferQuery { store: store.into(), arriving, all: true };
        let listed =
            async |actor, query| inventory.transfers(actor, &query, None, 50).await.map(|page| page.data.len());
        assert_eq!(listed(&pierre, query("PAR", true)).await, Ok(1));
        assert_eq!(listed(&ann, query("LON", false)).await, Ok(1));
        assert_eq!(listed(&ann, query("PAR", true)).await, Err(Error::NotFound));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn above_the_limit_somebody_else_approves() {
    on_each(async |db| {
        let store = Open::two(db).await;
        let inventory = &store.inventory;
        let (mark, mary) = (store.person(Role::Manager, "LON").await, store.person(Role::Manager, "LON").await);
        let limit = Some(crate::common::money("10"));
        inventory.change_rules(&store.owner, "LON", limit_of(PaperKind::Transfer, limit)).await.expect("set");
        let opened = inventory.add_transfer(&mark, to_paris(amounts(&[("CUP", "5")]))).await.expect("opened");
        assert!(opened.needs_approval, "5 × 2.55");
        let own = Err(Error::Refused(Refusal::OwnWork));
        assert_eq!(inventory.step_transfer(&mark, opened.id, step(TransferStep::Dispatch)).await, own);
        assert_eq!(inventory.step_transfer(&mark, opened.id, step(TransferStep::Approve)).await, own);
        let approved = inventory.step_transfer(&mary, opened.id, step(TransferStep::Approve)).await.expect("approved");
        assert_eq!(approved.state, TransferState::Approved);
        let more = step(TransferStep::Lines { lines: amounts(&[("CUP", "9")]) });
        let late = Err(Error::Refused(Refusal::WrongState { state: "approved".into() }));
        assert_eq!(inventory.step_transfer(&mark, opened.id, more).await, late);
        inventory.step_transfer(&mark, opened.id, step(TransferStep::Dispatch)).await.expect("sent");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn who_wrote_lines_above_the_limit_does_not_approve_them() {
    on_each(async |db| {
        let store = Open::two(db).await;
        let inventory = &store.inventory;
        let (mark, mary) = (store.person(Role::Manager, "LON").await, store.person(Role::Manager, "LON").await);
        let ann = store.person(Role::Employee, "LON").await;
        let limit = Some(crate::common::money("10"));
        inventory.change_rules(&store.owner, "LON", limit_of(PaperKind::Transfer, limit)).await.expect("set");
        let id = inventory.add_transfer(&ann, to_paris(amounts(&[("CUP", "1")]))).await.expect("opened").id;
        let lines = |of: &[(&str, &str)]| step(TransferStep::Lines { lines: amounts(of) });
        let approve = || step(TransferStep::Approve);
        inventory.step_transfer(&mark, id, lines(&[("CUP", "2")])).await.expect("written");
        inventory.step_transfer(&mark, id, lines(&[("CUP", "9")])).await.expect("written");
        let own = Err(Error::Refused(Refusal::OwnWork));
        assert_eq!(inventory.step_transfer(&mark, id, approve()).await, own);
        inventory.step_transfer(&ann, id, lines(&[("MUG", "1")])).await.expect("written");
        assert_eq!(inventory.step_transfer(&mark, id, approve()).await, own, "the cups are still mark's");
        let approved = inventory.step_transfer(&mary, id, approve()).await.expect("approved");
        assert_eq!(approved.state, TransferState::Approved);

        let small = inventory.add_transfer(&ann, to_paris(Vec::new())).await.expect("opened").id;
        inventory.step_transfer(&mark, small, lines(&[("CUP", "1")])).await.expect("written");
        inventory.step_transfer(&mark, small, approve()).await.expect("within the limit it is nobody else's matter");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

fn shelf(code: &str, parent: Option<&str>) -> NewPlace {
    let (store, name) = ("LON".into(), format!("shelf {code}"));
    NewPlace { id: LocationId::new(), store, parent: parent.map(str::to_owned), code: code.into(), name }
}

#[tokio::test]
async fn goods_move_between_places_of_a_store_and_only_an_empty_one_is_given_up() {
    on_each(async |db| {
        let store = Open::two(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let room = inventory.add_place(owner, shelf("ROOM", None)).await.expect("added");
        let rack = inventory.add_place(owner, shelf("A1", Some("ROOM"))).await.expect("added");
        let taken = inventory.add_place(owner, shelf("A1", None)).await;
        assert!(matches!(&taken, Err(Error::Invalid(flaws)) if flaws[0].code == "place_taken"), "{taken:?}");
        let new = NewTransfer { to_store: None, to: Some("A1".into()), ..to_paris(amounts(&[("CUP", "4")])) };
        let id = inventory.add_transfer(owner, new).await.expect("opened").id;
        let give_up = || PlaceChange { archived: Some(true), name: None };
        let awaited = inventory.change_place(owner, rack.id, give_up()).await;
        assert!(matches!(&awaited, Err(Error::Invalid(flaws)) if flaws[0].code == "in_use"), "{awaited:?}");
        store.take(id, step(TransferStep::Dispatch)).await.expect("sent");
        store.take(id, arrive(&[], false)).await.expect("arrived");
        let lies = |place: &str, size| ("LON".to_owned(), place.to_owned(), Condition::Sellable, units(size));
        assert_eq!(store.whereabouts("CUP").await, [lies("A1", "4"), lies("SHOP", "6")]);
        assert_eq!(store.on_sale("LON", "CUP").await, units("6"), "sales leave from SHOP");
        for place in [rack.id, room.id] {
            assert!(matches!(inventory.change_place(owner, place, give_up()).await, Err(Error::Invalid(_))));
        }
        let back = NewTransfer { from: Some("A1".into()), to_store: None, ..to_paris(amounts(&[("CUP", "4")])) };
        let id = inventory.add_transfer(owner, back).await.expect("opened").id;
        store.take(id, step(TransferStep::Dispatch)).await.expect("sent");
        store.take(id, arrive(&[], false)).await.expect("arrived");
        assert!(inventory.change_place(owner, rack.id, give_up()).await.expect("given up").archived);
        let renamed = PlaceChange { name: Some("back room".into()), archived: None };
        assert_eq!(inventory.change_place(owner, room.id, renamed).await.expect("renamed").name, "back room");
        let ann = store.person(Role::Employee, "LON").await;
        assert!(matches!(inventory.add_place(&ann, shelf("B1", None)).await, Err(Error::Forbidden(_))));
        assert!(matches!(inventory.change_place(&ann, room.id, give_up()).await, Err(Error::Forbidden(_))));
        store.assert_sound().await;
        assert_eq!(inventory.rebuild(owner).await, Ok(0), "a rebuild changes nothing");
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_comes_back_is_set_aside_looked_at_and_sold_or_scrapped() {
    on_each(async |db| {
        let store = Open::two(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let back = |to| NewReturn { to, ..give_back(vec![line("CUP", "3")]) };
        let aside = inventory.post_return(owner, back(ReturnTo::Quarantine)).await.expect("posted");
        inventory.post_return(owner, back(ReturnTo::Scrap)).await.expect("posted");
        let lies = |condition, size| ("LON".to_owned(), "SHOP".to_owned(), condition, units(size));
        let (sold, kept) = (Condition::Sellable, Condition::Quarantine);
        assert_eq!(store.whereabouts("CUP").await, [lies(sold, "10"), lies(kept, "3")]);
        let looked = |quantity: &str, scrap| NewInspection {
            id: PostingId::new(),
            store: "LON".into(),
            sku: "CUP".into(),
            quantity: units(quantity),
            lot: None,
            scrap,
            aside: false,
            reason: "looked at".into(),
        };
        let waits = async |who| inventory.set_aside(who, "LON", 200).await.map(|page| page.data);
        let lots = |of: Vec<SetAside>| of.into_iter().map(|one| (one.sku, one.lot, one.quantity)).collect::<Vec<_>>();
        assert_eq!(waits(owner).await.map(lots), Ok(vec![("CUP".to_owned(), None, units("3"))]));
        let named = NewInspection { lot: Some("L1".into()), ..looked("1", false) };
        assert!(matches!(inventory.inspect(owner, named).await, Err(Error::Invalid(_))), "it has no lots");
        let first = looked("2", false);
        let receipt = inventory.inspect(owner, first.clone()).await.expect("sold again");
        assert_eq!(inventory.inspect(owner, first).await, Ok(receipt), "once");
        inventory.inspect(owner, looked("1", true)).await.expect("scrapped");
        assert_eq!(store.whereabouts("CUP").await, [lies(sold, "12")]);
        assert_eq!(waits(owner).await.map(lots), Ok(vec![]));
        let none = Refusal::OutOfStock { sku: "CUP".into(), available: units("0") };
        assert_eq!(inventory.inspect(owner, looked("1", true)).await, Err(Error::Refused(none.clone())));
        let undo = model::NewReversal { id: PostingId::new(), reason: None };
        assert_eq!(inventory.reverse(owner, aside.id, undo).await, Err(Error::Refused(none)), "it was looked at");
        let reader = store.person(Role::ReadOnly, "LON").await;
        assert!(matches!(inventory.inspect(&reader, looked("1", true)).await, Err(Error::Forbidden(_))));
        let elsewhere = store.person(Role::Employee, "PAR").await;
        assert_eq!(waits(&elsewhere).await, Err(Error::NotFound));
        store.assert_sound().await;
        assert_eq!(inventory.rebuild(owner).await, Ok(0), "a rebuild changes nothing");
        store.close().await;
    })
    .await;
}

async fn tampered(sql: &'static str) {
    on_each(async |db| {
        let store = Open::two(db).await;
        let new = to_paris(amounts(&[("CUP", "5")]));
        let id = store.inventory.add_transfer(&store.owner, new).await.expect("opened").id;
        store.take(id, step(TransferStep::Dispatch)).await.expect("sent");
        store.assert_sound().await;
        let mut tx = store.db.begin().await.expect("a transaction");
        assert!(db::execute!(&mut tx, sql).expect("the hand succeeds") > 0);
        tx.commit().await.expect("committed");
        assert!(!store.inventory.verify(&store.owner).await.expect("readable").is_empty(), "nobody noticed: {sql}");
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_line_that_says_more_arrived_is_found() {
    tampered("update inventory_transfer_line set received = received + 1").await;
}

#[tokio::test]
async fn a_line_whose_sum_is_right_and_figures_are_not_is_found() {
    tampered("update inventory_transfer_line set shipped = shipped + 1, lost = lost + 1").await;
}

#[tokio::test]
async fn a_line_that_is_gone_is_found() {
    tampered("delete from inventory_transfer_line").await;
}
