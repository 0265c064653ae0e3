//! Transfers that name lots: what was scanned is what lies there, and a recall finds it; on both engines.

use crate::common::{Open, units};
use crate::lots::LATER;
use crate::serials::code;
use crate::transfers::{step, to_paris};
use db::test::on_each;
use model::{
    Amount, Error, Goods, LotStatus, LotTake, NewTransfer, PromisePolicy, Quantity, TransferState, TransferStep,
};

/// So many cups of that lot; of none that is named where it is empty.
fn of(lot: &str, quantity: &str) -> Amount {
    let lot = Some(lot.to_owned()).filter(|lot| !lot.is_empty());
    Amount { sku: "CUP".into(), quantity: units(quantity), serials: Vec::new(), lot }
}

fn told(lots: &[LotTake]) -> Vec<(&str, Quantity)> {
    lots.iter().map(|one| (one.lot.as_str(), one.quantity)).collect()
}

impl Open {
    /// LON with BACK, and PAR, where cups are told apart by lot and do not leave unless they are there.
    async fn with_moves(db: db::Db) -> Self {
        let store = Self::with_lots(db).await;
        store.inventory.add_store(&store.owner, "PAR", "Paris", "EUR", "Europe/Paris").await.expect("it opens");
        store.places(&["BACK"]).await;
        store.policy("CUP", PromisePolicy::Forbid).await;
        store.deliver("5", "SOON", Some(LATER[0])).await.expect("posted");
        store.deliver("5", "LATE", Some(LATER[1])).await.expect("posted");
        store
    }

    /// Code and quantity of each lot in that store, what expires first at the top.
    async fn lots_of(&self, store: &str) -> Vec<(String, Quantity)> {
        self.lots_in(store).await.into_iter().map(|lot| (lot.lot, lot.on_hand)).collect()
    }
}

fn lie(of: &[(&str, &str)]) -> Vec<(String, Quantity)> {
    of.iter().map(|(lot, size)| ((*lot).to_owned(), units(size))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lot_that_was_scanned_is_the_one_that_lies_there() {
    on_each(async |db| {
        let store = Open::with_moves(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let to_back = |lines| NewTransfer { to_store: None, to: Some("BACK".into()), ..to_paris(lines) };
        let new = to_back(vec![of(" LATE ", "3"), of("", "1")]);
        let trip = inventory.add_transfer(owner, new.clone()).await.expect("drafted");
        assert_eq!(inventory.add_transfer(owner, new).await.as_ref(), Ok(&trip), "once");
        assert_eq!((trip.lines.len(), trip.lines[0].asked), (1, units("4")));
        assert_eq!(told(&trip.lines[0].named), [("LATE", units("3"))]);
        assert_eq!(told(&trip.lines[0].lots), [("SOON", units("1"))], "the rest, by what expires first");
        let sent = store.take(trip.id, step(TransferStep::Dispatch)).await.expect("sent");
        assert_eq!(told(&sent.lines[0].lots), [("SOON", units("1")), ("LATE", units("3"))], "on the way");
        let last = false;
        let came = store.take(trip.id, step(TransferStep::Arrive { lines: Vec::new(), last })).await.expect("arrived");
        assert!(came.lines[0].lots.is_empty(), "nothing is on the way");
        let lying = [("BACK", "SOON", "1"), ("BACK", "LATE", "3"), ("SHOP", "SOON", "4"), ("SHOP", "LATE", "2")];
        let lying: Vec<_> = lying.iter().map(|one| (one.0.to_owned(), one.1.to_owned(), one.2.to_owned())).collect();
        assert_eq!(store.lying().await, lying);

        let late = store.lots_in("LON").await.into_iter().find(|lot| lot.lot == "LATE").expect("it is there").id;
        let trace = inventory.lot_trace(owner, late).await.expect("readable");
        let moves: Vec<_> = trace.moves.iter().map(|moved| (moved.to.as_str(), moved.quantity)).collect();
        assert_eq!(moves, [("BACK", units("3")), ("TRANSIT", units("3")), ("SHOP", units("5"))]);

        // What is called back is moved by its name, too.
        store.set_lot("SOON", LotStatus::Recalled).await;
        let trip = inventory.add_transfer(owner, to_back(vec![of("SOON", "4")])).await.expect("drafted");
        store.take(trip.id, step(TransferStep::Dispatch)).await.expect("sent");
        let home = TransferStep::Cancel { goods: Some(Goods::Home) };
        store.take(trip.id, step(home)).await.expect("called off");
        assert_eq!(store.lying().await, lying, "it is back where it was");
        store.assert_sound().await;
        assert_eq!(inventory.rebuild(owner).await, Ok(0));
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_arrives_of_a_lot_is_taken_from_what_is_on_its_way() {
    on_each(async |db| {
        let store = Open::with_moves(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        store.deliver("5", "OTHER", None).await.expect("posted");
        let new = to_paris(vec![of("LATE", "3"), of("SOON", "2")]);
        let trip = inventory.add_transfer(owner, new).await.expect("drafted");
        store.take(trip.id, step(TransferStep::Dispatch)).await.expect("sent");
        assert_eq!(store.lots_of("LON").await, lie(&[("SOON", "3"), ("LATE", "2"), ("OTHER", "5")]));
        let arrive = async |lines| {
            let step = step(TransferStep::Arrive { lines, last: false });
            store.take(trip.id, step).await
        };
        for strange in ["OTHER", "NONE"] {
            assert_eq!(code(arrive(vec![of(strange, "1")]).await), "lot_not_sent", "{strange}");
        }
        assert_eq!(code(arrive(vec![of("LATE", "4")]).await), "lot_not_sent", "three are on the way");
        assert_eq!(code(arrive(vec![of("LATE", "3"), of("SOON", "3")]).await), "more_than_sent");
        let some = arrive(vec![of("LATE", "2")]).await.expect("arrived");
        assert_eq!((some.state, some.lines[0].received), (TransferState::PartlyReceived, units("2")));
        assert_eq!(told(&some.lines[0].lots), [("SOON", units("2")), ("LATE", units("1"))]);
        assert_eq!(store.lots_of("PAR").await, lie(&[("LATE", "2")]));
        assert_eq!(code(arrive(vec![of("LATE", "2")]).await), "lot_not_sent", "one is left of it");
        arrive(vec![of("", "1"), of("LATE", "1")]).await.expect("what names none is of what is left");
        assert_eq!(store.lots_of("PAR").await, lie(&[("SOON", "1"), ("LATE", "3")]));
        let lost = TransferStep::Settle { goods: Goods::WrittenOff, lines: vec![of("SOON", "1")] };
        let done = store.take(trip.id, step(lost)).await.expect("lost");
        assert_eq!((done.state, done.lines[0].lost), (TransferState::Received, units("1")));

        let late = store.lots_in("PAR").await.into_iter().find(|lot| lot.lot == "LATE").expect("it is there").id;
        let trace = inventory.lot_trace(owner, late).await.expect("readable");
        let places: Vec<_> = trace.places.iter().map(|place| (place.store.as_str(), place.on_hand)).collect();
        assert_eq!(places, [("LON", units("2")), ("PAR", units("3"))]);
        store.assert_sound().await;
        assert_eq!(inventory.rebuild(owner).await, Ok(0));
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lot_that_nobody_has_seen_or_that_lies_elsewhere_does_not_leave() {
    on_each(async |db| {
        let store = Open::with_moves(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let begin = async |lines| inventory.add_transfer(owner, to_paris(lines)).await;
        assert_eq!(code(begin(vec![of("NONE", "1")]).await), "unknown_lot");
        assert_eq!(code(begin(vec![of(" ", "1")]).await), "text");
        assert_eq!(code(begin(vec![of("SOON", "1"), of("SOON ", "1")]).await), "twice");
        assert_eq!(code(begin(vec![Amount { sku: "MUG".into(), ..of("SOON", "1") }]).await), "no_lots");

        let trip = begin(vec![of("SOON", "6"), of("", "1")]).await.expect("drafted");
        let refused = store.take(trip.id, step(TransferStep::Dispatch)).await;
        let Err(Error::Invalid(flaws)) = refused else { panic!("{refused:?}") };
        let (short, long) = (flaws[0].code.as_str(), flaws[0].message.as_str());
        assert_eq!((short, long), ("lot_not_here", "5 of lot SOON of CUP are there; look at the label again"));
        let write = async |lines| {
            let written = store.take(trip.id, step(TransferStep::Lines { lines })).await;
            written.expect("it is a draft").lines
        };
        let lines = write(vec![of("SOON", "2"), of("LATE", "1")]).await;
        assert_eq!(told(&lines[0].named), [("LATE", units("1")), ("SOON", units("2"))]);
        let lines = write(vec![of("", "2")]).await;
        assert_eq!((lines[0].asked, lines[0].named.len()), (units("2"), 0), "none is named any more");
        assert_eq!(told(&lines[0].lots), [("SOON", units("2"))]);
        assert!(write(vec![of("", "0")]).await.is_empty(), "it is taken out");

        store.carry("CUP", "5", "SHOP", "BACK").await.expect("moved");
        write(vec![of("SOON", "1")]).await;
        assert_eq!(code(store.take(trip.id, step(TransferStep::Dispatch)).await), "lot_not_here", "it lies in BACK");
        let from = NewTransfer { from: Some("BACK".into()), ..to_paris(vec![of("SOON", "1")]) };
        let there = inventory.add_transfer(owner, from).await.expect("drafted");
        store.take(there.id, step(TransferStep::Dispatch)).await.expect("sent");
        assert_eq!(store.lots_of("LON").await, lie(&[("SOON", "4"), ("LATE", "5")]));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}
