//! Several people at one delivery: each sees what the others counted, and it is booked in once, whoever does; on both engines.

use crate::buying::{colleague, delivery, sent, supplier};
use crate::common::{Open, line, open, receipt, units};
use db::test::on_each;
use model::{
    Action, Actor, Arrival, ArrivalState, Error, NewArrival, NewReceipt, NewReversal, PaperId, PostingId, Refusal,
    Reused, Role, Time,
};

/// What they counted so far, at a delivery without an order.
pub fn part(delivery: PaperId, turn: i64, receipt: &NewReceipt) -> NewArrival {
    NewArrival { delivery, turn, receipt: receipt.clone() }
}

async fn shared(store: &Open, who: &Actor) -> Vec<Arrival> {
    store.inventory.arrivals(who, "LON", None).await.expect("they see the store").data
}

fn counted(part: &Arrival) -> Vec<(&str, String)> {
    part.lines.iter().map(|line| (line.sku.as_str(), line.quantity.to_string())).collect()
}

#[tokio::test]
async fn everybody_at_a_delivery_sees_what_each_has_counted_and_it_is_booked_in_once() {
    on_each(async |db| {
        let store = open(db).await;
        let inventory = &store.inventory;
        let ann = store.someone(Role::Employee).await;
        let bob = colleague(&ann, "bob");
        let began = PaperId::new();
        let mine = receipt(vec![line("CUP", "2")]);
        let first = inventory.share_arrival(&ann, part(began, 1, &mine)).await.expect("known");
        assert_eq!((first.person.as_str(), first.mine, first.state), ("ann", true, ArrivalState::Open));
        let mine = NewReceipt { lines: vec![line("CUP", "3"), line("MUG", "1")], ..mine };
        inventory.share_arrival(&ann, part(began, 2, &mine)).await.expect("known");
        let theirs = receipt(vec![line("CUP", "5")]);
        inventory.share_arrival(&bob, part(began, 1, &theirs)).await.expect("they join");

        let seen = shared(&store, &bob).await;
        assert_eq!(seen.iter().map(|part| part.delivery).collect::<Vec<_>>(), [began, began]);
        let hers = seen.iter().find(|part| part.id == mine.id).expect("it is there");
        assert_eq!((hers.mine, counted(hers)), (false, vec![("CUP", "3".to_owned()), ("MUG", "1".into())]));
        assert_eq!((hers.of("CUP"), hers.lines[1].name.as_str()), (units("3"), "a MUG"));
        assert_eq!(inventory.level(&store.owner, "LON", "CUP").await.expect("read"), None, "nothing is booked in yet");

        let old = NewReceipt { lines: vec![line("CUP", "1")], ..mine.clone() };
        let late = inventory.share_arrival(&ann, part(began, 1, &old)).await.expect("answered");
        assert_eq!((late.turn, counted(&late).len()), (2, 2), "what comes late says nothing");
        let taken = inventory.share_arrival(&bob, part(began, 9, &old)).await;
        assert_eq!(taken, Err(Error::Conflict(Reused::Id)), "a part is one person's");

        let booked = inventory.book_arrival(&bob, mine.id).await.expect("her device died");
        assert_eq!((booked.id, booked.lines.len()), (mine.id, 2));
        assert_eq!(inventory.book_arrival(&bob, mine.id).await.as_ref(), Ok(&booked), "it counts once");
        assert_eq!(
            inventory.post_receipt(&ann, mine.clone()).await.as_ref(),
            Ok(&booked),
            "also when her device is back"
        );
        let moment = NewReceipt { occurred_at: Some(Time::now()), ..mine.clone() };
        assert_eq!(inventory.post_receipt(&ann, moment).await.as_ref(), Ok(&booked), "whenever it says that was");
        assert_eq!(shared(&store, &ann).await.len(), 1, "hers is no longer open");
        let after = inventory.share_arrival(&ann, part(began, 7, &mine)).await.expect("answered");
        assert_eq!((after.state, after.ender.as_deref()), (ArrivalState::Booked, Some("bob")));

        let own = inventory.post_receipt(&bob, theirs.clone()).await.expect("booked in");
        assert_eq!(inventory.book_arrival(&ann, theirs.id).await.as_ref(), Ok(&own), "whoever counted it was faster");
        assert!(shared(&store, &ann).await.is_empty());
        assert_eq!(store.level("CUP").await.on_hand, units("8"));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_a_device_counted_beyond_what_was_booked_of_it_is_booked_too() {
    on_each(async |db| {
        let store = open(db).await;
        let inventory = &store.inventory;
        let ann = store.someone(Role::Employee).await;
        let bob = colleague(&ann, "bob");
        let mine = receipt(vec![line("CUP", "3")]);
        inventory.share_arrival(&ann, part(PaperId::new(), 1, &mine)).await.expect("known");
        inventory.book_arrival(&bob, mine.id).await.expect("booked in");
        let more = NewReceipt { lines: vec![line("CUP", "5"), line("MUG", "1")], ..mine.clone() };
        let rest = inventory.post_receipt(&ann, more.clone()).await.expect("the rest");
        assert_ne!(rest.id, mine.id);
        assert_eq!(inventory.post_receipt(&ann, more).await.as_ref(), Ok(&rest), "once");
        assert_eq!((store.level("CUP").await.on_hand, store.level("MUG").await.on_hand), (units("5"), units("1")));
        let fewer = NewReceipt { lines: vec![line("CUP", "1")], ..mine.clone() };
        let conflict = Err(Error::Conflict(Reused::Id));
        assert_eq!(inventory.post_receipt(&ann, fewer.clone()).await, conflict, "somebody has to look");
        assert_eq!(inventory.post_receipt(&bob, fewer).await, conflict, "and it is not theirs");
        let undo = NewReversal { id: PostingId::new(), reason: None };
        inventory.reverse(&bob, mine.id, undo).await.expect("who booked it in may undo it");
        assert_eq!(store.level("CUP").await.on_hand, units("2"));
        assert!(shared(&store, &ann).await.is_empty(), "what was undone was booked in all the same");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn with_an_order_each_part_is_the_orders_and_what_is_not_taken_is_seen() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let acme = inventory.add_supplier(owner, supplier("ACME", "0")).await.expect("added");
        let order = sent(&store, &acme, &[("CUP", "12", "2"), ("MUG", "4", "1")]).await;
        let ann = store.someone(Role::Employee).await;
        let bob = colleague(&ann, "bob");
        let mine = delivery(&order, &[("CUP", "7")], &[("CUP", "1"), ("MUG", "2")]);
        let told = inventory.share_arrival(&ann, part(PaperId::new(), 1, &mine)).await.expect("known");
        assert_eq!((told.delivery, told.order), (order.id, Some(order.id)), "the order is what they share");
        let left: Vec<_> = told.lines.iter().map(|line| (line.sku.as_str(), line.quantity, line.rejected)).collect();
        assert_eq!(left, [("CUP", units("7"), units("1")), ("MUG", units("0"), units("2"))]);
        let version = |order: model::Since<model::Purchase>| order.data.version;
        let before = inventory.purchase(owner, order.id).await.map(version);
        inventory.share_arrival(&bob, part(order.id, 1, &delivery(&order, &[("CUP", "5")], &[]))).await.expect("known");
        assert_eq!(inventory.purchase(owner, order.id).await.map(version), before, "nobody's step is in its way");
        inventory.book_arrival(&bob, mine.id).await.expect("booked in");
        let after = inventory.purchase(owner, order.id).await.expect("it is there").data;
        assert_eq!((after.lines[0].received, after.lines[0].rejected), (units("7"), units("1")));
        let over = NewReceipt { id: PostingId::new(), ..delivery(&order, &[("CUP", "13")], &[]) };
        inventory.share_arrival(&ann, part(order.id, 1, &over)).await.expect("counted is counted");
        let refused = inventory.book_arrival(&bob, over.id).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::OverOrdered { .. }))), "{refused:?}");
        assert_eq!(shared(&store, &ann).await.len(), 2, "it is still there for somebody who may");
        inventory.book_arrival(owner, over.id).await.expect("they approve");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_is_discarded_is_not_booked_in_unless_its_device_goes_on() {
    on_each(async |db| {
        let store = open(db).await;
        let inventory = &store.inventory;
        let ann = store.someone(Role::Employee).await;
        let bob = colleague(&ann, "bob");
        let mine = receipt(vec![line("CUP", "3")]);
        let began = PaperId::new();
        inventory.share_arrival(&ann, part(began, 1, &mine)).await.expect("known");
        let gone = inventory.discard_arrival(&bob, mine.id).await.expect("discarded");
        assert_eq!((gone.state, gone.ender.as_deref()), (ArrivalState::Discarded, Some("bob")));
        assert_eq!(inventory.discard_arrival(&ann, mine.id).await, Ok(Arrival { mine: true, ..gone }), "once");
        assert!(shared(&store, &bob).await.is_empty());
        let refused = Err(Refusal::WrongState { state: "discarded".into() }.into());
        assert_eq!(inventory.book_arrival(&bob, mine.id).await, refused);
        inventory.share_arrival(&ann, part(began, 2, &mine)).await.expect("her device goes on");
        assert_eq!(shared(&store, &bob).await.len(), 1);
        inventory.book_arrival(&bob, mine.id).await.expect("booked in");
        let late = Err(Refusal::WrongState { state: "booked".into() }.into());
        assert_eq!(inventory.discard_arrival(&bob, mine.id).await, late);
        let none = receipt(Vec::new());
        inventory.share_arrival(&ann, part(began, 1, &none)).await.expect("nothing is counted yet");
        assert!(shared(&store, &bob).await.is_empty(), "who has counted nothing is not listed");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn only_who_receives_there_takes_part() {
    on_each(async |db| {
        let store = open(db).await;
        let inventory = &store.inventory;
        inventory.add_store(&store.owner, "PAR", "Paris", "EUR", "Europe/Paris").await.expect("it opens");
        let (ann, reader) = (store.someone(Role::Employee).await, store.someone(Role::ReadOnly).await);
        let paris = inventory.store(&store.owner, Action::SeeStock, "PAR").await.expect("known").id;
        let grants = vec![model::Grant { role: Role::Manager, store: Some(paris) }];
        let elsewhere = Actor { grants, ..colleague(&ann, "pierre") };
        let mine = receipt(vec![line("CUP", "3")]);
        let new = || part(PaperId::new(), 1, &mine);
        let forbidden = || Err(Error::Forbidden(Action::Receive));
        assert_eq!(inventory.share_arrival(&reader, new()).await, forbidden());
        assert_eq!(inventory.share_arrival(&elsewhere, new()).await, Err(Error::NotFound));
        inventory.share_arrival(&ann, new()).await.expect("known");
        assert_eq!(shared(&store, &reader).await.len(), 1, "what is counted is no secret to who sees the stock");
        assert_eq!(inventory.arrivals(&elsewhere, "LON", None).await.map(drop), Err(Error::NotFound));
        let also = inventory.arrivals(&elsewhere, "PAR", Some(mine.id)).await.expect("theirs").data;
        assert!(also.is_empty(), "{also:?}");
        assert!(matches!(inventory.book_arrival(&reader, mine.id).await, Err(Error::Forbidden(_))));
        assert!(matches!(inventory.discard_arrival(&reader, mine.id).await, Err(Error::Forbidden(_))));
        assert!(matches!(inventory.book_arrival(&elsewhere, mine.id).await, Err(Error::NotFound)));
        assert!(matches!(inventory.discard_arrival(&elsewhere, mine.id).await, Err(Error::NotFound)));
        let unknown = receipt(vec![line("NONE", "1")]);
        let strange = inventory.share_arrival(&ann, part(PaperId::new(), 1, &unknown)).await;
        assert!(matches!(&strange, Err(Error::Invalid(flaws)) if flaws[0].code == "unknown_sku"), "{strange:?}");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn however_many_book_it_at_once_nothing_is_booked_twice() {
    on_each(async |db| {
        let store = open(db).await;
        let ann = store.someone(Role::Employee).await;
        for round in 0..6 {
            let mine = receipt(vec![line("CUP", "1"), line("MUG", "2")]);
            store.inventory.share_arrival(&ann, part(PaperId::new(), 1, &mine)).await.expect("known");
            let more = NewReceipt { lines: vec![line("CUP", "3"), line("MUG", "2")], ..mine.clone() };
            let mut all = tokio::task::JoinSet::new();
            for nth in 0..4 {
                let (inventory, who, id) = (store.inventory.clone(), colleague(&ann, "bob"), mine.id);
                all.spawn(async move { inventory.book_arrival(&who, id).await.map(drop) });
                let (inventory, ann, more) = (store.inventory.clone(), ann.clone(), more.clone());
                // Her own device books, or tells that it has counted more.
                all.spawn(async move {
                    match nth % 2 {
                        0 => inventory.post_receipt(&ann, more).await.map(drop),
                        _ => inventory.share_arrival(&ann, part(PaperId::new(), 2, &more)).await.map(drop),
                    }
                });
            }
            while let Some(done) = all.join_next().await {
                done.expect("it ends").expect("each is answered");
            }
            store.inventory.post_receipt(&ann, more).await.expect("whatever came first, hers is booked by now");
            let expected = model::Quantity::whole(3 * (round + 1));
            assert_eq!(store.level("CUP").await.on_hand, expected, "round {round}");
        }
        assert_eq!(store.level("MUG").await.on_hand, units("12"));
        assert!(shared(&store, &ann).await.is_empty());
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_part_that_is_said_to_be_booked_and_is_not_is_found() {
    on_each(async |db| {
        let store = open(db).await;
        let mine = receipt(vec![line("CUP", "3")]);
        store.inventory.share_arrival(&store.owner, part(PaperId::new(), 1, &mine)).await.expect("known");
        store.assert_sound().await;
        let mut tx = store.db.begin().await.expect("a transaction");
        db::execute!(&mut tx, "update inventory_arrival set state = 'booked'").expect("the hand succeeds");
        tx.commit().await.expect("committed");
        assert!(!store.inventory.verify(&store.owner).await.expect("readable").is_empty());
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_device_whose_clock_is_wrong_receives_an_order_at_the_right_moment() {
    on_each(async |db| {
        let store = open(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let acme = inventory.add_supplier(owner, supplier("ACME", "0")).await.expect("added");
        let order = sent(&store, &acme, &[("CUP", "12", "2")]).await;
        // Three hours ahead; it was counted a minute before it was sent.
        let ahead = Time::now().plus_seconds(3 * 3_600);
        let new = NewReceipt { occurred_at: Some(ahead.plus_seconds(-60)), ..delivery(&order, &[("CUP", "1")], &[]) };
        let booked = inventory.post_receipt_sent(owner, new, Some(ahead)).await.expect("booked in");
        let ago = booked.recorded_at.micros() - booked.occurred_at.micros();
        assert!((60_000_000..120_000_000).contains(&ago), "{ago} µs");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}
