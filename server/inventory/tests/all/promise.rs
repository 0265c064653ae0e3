//! Kept goods and their end, told as stories on both engines.

use crate::common::{Open, line, open, receipt, sale, units};
use db::test::on_each;
use model::{
    Bulk, Channel, Error, HandOver, Held, HoldKind, HoldLine, ItemPatch, NewEnd, NewHold, NewOrder, NewSale, OfLine,
    Order, OrderContent, PaperId, PostingId, PromisePolicy, Quantity, Refusal, Reservation, ReservationId,
    ReservationState, Result, Reused, Time,
};
use storeroom_inventory::{OrderFilter, ReservationFilter};

pub fn hold(lines: &[(&str, &str)]) -> NewHold {
    let lines = lines.iter().map(|(sku, quantity)| HoldLine {
        id: ReservationId::new(),
        sku: (*sku).to_owned(),
        quantity: units(quantity),
    });
    NewHold { store: "LON".into(), kind: HoldKind::Hold, expires_at: None, lines: lines.collect() }
}

fn cart_until(lines: &[(&str, &str)], end: Time) -> NewHold {
    NewHold { kind: HoldKind::Cart, expires_at: Some(end), ..hold(lines) }
}

pub fn order(lines: &[(&str, &str)]) -> NewOrder {
    let lines = lines.iter().map(|(sku, quantity)| line(sku, quantity)).collect();
    let content = OrderContent { customer: Some("Ada Byron".into()), lines, ..OrderContent::default() };
    NewOrder { id: PaperId::new(), store: "LON".into(), content }
}

pub fn hand_over(lines: &[(i64, &str)]) -> HandOver {
    let lines = lines
        .iter()
        .map(|(line, quantity)| OfLine {
            line: *line,
            quantity: units(quantity),
            serials: Vec::new(),
            from: Vec::new(),
        })
        .collect();
    HandOver { id: PostingId::new(), lines }
}

fn soon() -> Time {
    Time::from_micros(Time::now().micros() + 300_000)
}

async fn wait() {
    tokio::time::sleep(std::time::Duration::from_millis(320)).await;
}

impl Open {
    pub async fn receive(&self, lines: &[(&str, &str)]) {
        let lines = lines.iter().map(|(sku, quantity)| line(sku, quantity)).collect();
        self.inventory.post_receipt(&self.owner, receipt(lines)).await.expect("received");
    }

    pub async fn sell(&self, sku: &str, quantity: &str) {
        self.inventory.post_sale(&self.owner, sale(vec![line(sku, quantity)])).await.expect("a fact is never refused");
    }

    pub async fn policy(&self, sku: &str, policy: PromisePolicy) {
        let patch = ItemPatch { promise: Some(policy), ..ItemPatch::default() };
        self.inventory.change_item(&self.owner, sku, None, patch).await.expect("changed");
    }

    /// For what is promised over the web; as elsewhere when there is none.
    pub async fn web_policy(&self, sku: &str, policy: Option<PromisePolicy>) {
        let patch = ItemPatch { web_promise: Some(policy), ..ItemPatch::default() };
        self.inventory.change_item(&self.owner, sku, None, patch).await.expect("changed");
    }

    pub async fn keep(&self, lines: &[(&str, &str)]) -> Result<Held> {
        self.inventory.hold(&self.owner, hold(lines)).await
    }

    pub async fn confirmed(&self, lines: &[(&str, &str)]) -> Result<Order> {
        self.confirmed_through(Channel::Till, lines).await
    }

    pub async fn confirmed_through(&self, channel: Channel, lines: &[(&str, &str)]) -> Result<Order> {
        let mut new = order(lines);
        new.content.channel = channel;
        let drafted = self.inventory.add_order(&self.owner, new).await.expect("drafted");
        self.inventory.confirm_order(&self.owner, drafted.id, Some(drafted.version)).await
    }

    pub async fn order(&self, id: PaperId) -> Order {
        self.inventory.order(&self.owner, id).await.expect("the order can be read").data
    }

    /// On hand, reserved, available.
    pub async fn figures(&self, sku: &str) -> (Quantity, Quantity, Quantity) {
        let level = self.level(sku).await;
        (level.on_hand, level.reserved, level.available)
    }

    async fn oversold(&self) -> Vec<String> {
        let open = self.inventory.exceptions(&self.owner, "LON", None).await.expect("readable").data;
        open.into_iter().filter(|open| open.exception.kind == "oversold").map(|open| open.exception.sku).collect()
    }

    async fn listed(&self, state: ReservationState) -> Vec<Reservation> {
        let filter = ReservationFilter { store: "LON".into(), state: Some(state), limit: 50, ..Default::default() };
        self.inventory.reservations(&self.owner, &filter).await.expect("readable").data
    }
}

pub fn three(one: &str, two: &str, three: &str) -> (Quantity, Quantity, Quantity) {
    (units(one), units(two), units(three))
}

#[tokio::test]
async fn kept_goods_are_not_available_until_they_are_let_go() {
    on_each(async |db| {
        let store = open(db).await;
        store.receive(&[("CUP", "5"), ("MUG", "2")]).await;
        let new = hold(&[("CUP", "3"), ("MUG", "1"), ("CUP", "1")]);
        let held = store.inventory.hold(&store.owner, new.clone()).await.expect("kept");
        assert_eq!(store.figures("CUP").await, three("5", "4", "1"));
        let again = store.inventory.hold(&store.owner, new.clone()).await;
        assert_eq!(again.as_ref(), Ok(&held), "the same again keeps nothing more");
        let mut other = new;
        other.lines[0].quantity = units("2");
        assert_eq!(store.inventory.hold(&store.owner, other).await, Err(Error::Conflict(Reused::Id)));
        let refused = store.keep(&[("MUG", "1"), ("CUP", "2")]).await;
        let short = Refusal::OutOfStock { sku: "CUP".into(), available: units("1") };
        assert_eq!(refused, Err(short.into()), "all or nothing");
        assert_eq!(store.figures("MUG").await, three("2", "1", "1"));
        let first = held.reservations[0].id;
        let freed = store.inventory.release(&store.owner, first).await.expect("let go");
        assert_eq!(freed.state, ReservationState::Released);
        assert_eq!(store.inventory.release(&store.owner, first).await, Ok(freed), "a repeat changes nothing");
        assert_eq!(store.figures("CUP").await, three("5", "1", "4"));
        let late = NewEnd { expires_at: Time::now().plus_seconds(60) };
        let wrong = store.inventory.extend(&store.owner, first, late.clone()).await;
        assert!(matches!(wrong, Err(Error::Refused(Refusal::WrongState { .. }))), "{wrong:?}");
        let kept = store.inventory.extend(&store.owner, held.reservations[1].id, late.clone()).await.expect("extended");
        assert_eq!(kept.expires_at, Some(late.expires_at));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_has_had_its_time_is_expired_at_once_and_free_for_whoever_needs_it() {
    on_each(async |db| {
        let store = open(db).await;
        store.receive(&[("CUP", "5")]).await;
        let later = Time::now().plus_seconds(3_600);
        let cart = store.inventory.hold(&store.owner, cart_until(&[("CUP", "4")], later)).await.expect("kept");
        assert!(store.keep(&[("CUP", "2")]).await.is_err(), "four are in a cart");
        store.inventory.release(&store.owner, cart.reservations[0].id).await.expect("let go");
        let cart = store.inventory.hold(&store.owner, cart_until(&[("CUP", "4")], soon())).await.expect("kept");
        wait().await;
        assert_eq!(store.listed(ReservationState::Expired).await[0].id, cart.reservations[0].id);
        assert!(store.listed(ReservationState::Active).await.is_empty());
        store.keep(&[("CUP", "2")]).await.expect("the cart's time is over");
        assert_eq!(store.figures("CUP").await, three("5", "2", "3"));
        let id = cart.reservations[0].id;
        let gone = store.inventory.release(&store.owner, id).await;
        assert_eq!(gone, Err(Refusal::WrongState { state: "expired".into() }.into()));
        let mut web = sale(vec![line("CUP", "3")]);
        web.channel = Channel::Web;
        store.inventory.hold(&store.owner, cart_until(&[("CUP", "3")], soon())).await.expect("kept");
        wait().await;
        store.inventory.post_sale(&store.owner, web).await.expect("a web order also takes what is kept for nobody");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn two_processes_let_each_reservation_end_once() {
    on_each(async |db| {
        let store = open(db).await;
        store.receive(&[("CUP", "200"), ("MUG", "200")]).await;
        for _ in 0..10 {
            let lines: Vec<_> = (0..12).map(|at| (if at % 2 == 0 { "CUP" } else { "MUG" }, "1")).collect();
            let end = Time::from_micros(Time::now().micros() + 400_000);
            store.inventory.hold(&store.owner, cart_until(&lines, end)).await.expect("kept");
        }
        tokio::time::sleep(std::time::Duration::from_millis(450)).await;
        let rounds = (0..6).map(|_| {
            let inventory = store.inventory.clone();
            tokio::spawn(async move { inventory.keep_promises_once().await })
        });
        let mut ended = 0;
        for round in rounds.collect::<Vec<_>>() {
            match round.await.expect("it does not panic") {
                Ok((count, _)) => ended += count,
                Err(error) => assert_eq!(error, Error::Busy, "it is tried again"),
            }
        }
        ended += store.inventory.keep_promises_once().await.expect("kept").0;
        assert_eq!(store.figures("CUP").await, three("200", "0", "200"));
        assert!(ended <= 120, "{ended} ended, of 120");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn of_many_who_want_the_last_pieces_exactly_as_many_get_one_as_there_are() {
    on_each(async |db| {
        let store = open(db).await;
        store.receive(&[("CUP", "7"), ("MUG", "100")]).await;
        let mut tries = Vec::new();
        for at in 0..24 {
            let (inventory, owner) = (store.inventory.clone(), store.owner.clone());
            // Half of them want both items in the other order.
            let new =
                if at % 2 == 0 { hold(&[("CUP", "1"), ("MUG", "1")]) } else { hold(&[("MUG", "1"), ("CUP", "1")]) };
            let drafted = order(&[("CUP", "1"), ("MUG", "1")]);
            tries.push(tokio::spawn(async move {
                if at % 3 == 0 {
                    let id = inventory.add_order(&owner, drafted).await.expect("drafted").id;
                    return inventory.confirm_order(&owner, id, None).await.map(drop);
                }
                inventory.hold(&owner, new).await.map(drop)
            }));
        }
        let mut won = 0;
        for one in tries {
            match one.await.expect("it does not panic") {
                Ok(()) => won += 1,
                Err(error) => assert!(matches!(error, Error::Refused(Refusal::OutOfStock { .. })), "{error:?}"),
            }
        }
        assert_eq!(won, 7);
        assert_eq!(store.figures("CUP").await, three("7", "7", "0"));
        assert_eq!(store.figures("MUG").await, three("100", "7", "93"));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_till_takes_what_is_kept_and_a_person_is_told_until_it_is_covered() {
    on_each(async |db| {
        let store = open(db).await;
        store.receive(&[("CUP", "5"), ("MUG", "5")]).await;
        let held = store.keep(&[("CUP", "4"), ("MUG", "4")]).await.expect("kept");
        store.sell("CUP", "1").await;
        assert!(store.oversold().await.is_empty(), "what is left covers the promise");
        store.sell("CUP", "2").await;
        store.sell("MUG", "3").await;
        assert_eq!(store.figures("CUP").await, three("2", "4", "-2"));
        assert_eq!(store.oversold().await, ["CUP", "MUG"]);
        store.receive(&[("CUP", "2")]).await;
        assert_eq!(store.oversold().await, ["MUG"], "what came covers it");
        store.inventory.release(&store.owner, held.reservations[1].id).await.expect("let go");
        assert!(store.oversold().await.is_empty(), "a promise less");
        store.assert_sound().await;
        assert_eq!(store.inventory.rebuild(&store.owner).await, Ok(0), "a rebuild changes nothing");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn the_items_policy_decides_what_is_promised_beyond_what_is_there() {
    on_each(async |db| {
        let store = open(db).await;
        store.policy("MUG", PromisePolicy::Warn).await;
        store.policy("PLATE", PromisePolicy::Allow).await;
        assert!(store.keep(&[("CUP", "1")]).await.is_err(), "forbidden");
        store.keep(&[("MUG", "1")]).await.expect("with a warning");
        assert_eq!(store.oversold().await, ["MUG"]);
        store.keep(&[("PLATE", "1")]).await.expect("without a word");
        assert_eq!(store.oversold().await, ["MUG"]);
        assert_eq!(store.figures("PLATE").await, three("0", "1", "-1"));
        assert!(matches!(store.confirmed(&[("CUP", "1")]).await, Err(Error::Refused(Refusal::OutOfStock { .. }))));
        store.assert_sound().await;
        assert_eq!(store.inventory.rebuild(&store.owner).await, Ok(0), "also of what never moved");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_is_promised_over_the_web_goes_by_the_policy_for_the_web() {
    on_each(async |db| {
        let store = open(db).await;
        let short = |of: Result<()>| assert!(matches!(of, Err(Error::Refused(Refusal::OutOfStock { .. }))), "{of:?}");
        let cart = |sku| NewHold { kind: HoldKind::Cart, ..hold(&[(sku, "1")]) };
        let web = |sku| NewSale { channel: Channel::Web, ..sale(vec![line(sku, "1")]) };
        // In the store beyond what is there, over the web never; and the other way round.
        store.policy("MUG", PromisePolicy::Warn).await;
        store.web_policy("MUG", Some(PromisePolicy::Forbid)).await;
        store.web_policy("CUP", Some(PromisePolicy::Allow)).await;
        short(store.inventory.hold(&store.owner, cart("MUG")).await.map(drop));
        short(store.inventory.post_sale(&store.owner, web("MUG")).await.map(drop));
        short(store.confirmed_through(Channel::Web, &[("MUG", "1")]).await.map(drop));
        store.keep(&[("MUG", "1")]).await.expect("with a warning");
        assert_eq!(store.oversold().await, ["MUG"]);
        short(store.keep(&[("CUP", "1")]).await.map(drop));
        short(store.confirmed(&[("CUP", "1")]).await.map(drop));
        let waits = store.confirmed_through(Channel::Web, &[("CUP", "1")]).await.expect("it waits");
        assert_eq!((waits.channel, waits.lines[0].backordered), (Channel::Web, units("1")));
        store.inventory.hold(&store.owner, cart("CUP")).await.expect("promised");
        store.inventory.post_sale(&store.owner, web("CUP")).await.expect("sold");
        assert_eq!(store.figures("CUP").await, three("-1", "1", "-2"));
        assert_eq!(store.oversold().await, ["MUG", "CUP"], "what was promised in the store may lose");
        // Without one it is as elsewhere.
        store.web_policy("MUG", None).await;
        store.inventory.hold(&store.owner, cart("MUG")).await.expect("with a warning");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn an_order_says_through_what_it_came_for_as_long_as_it_is_a_draft() {
    on_each(async |db| {
        let store = open(db).await;
        store.receive(&[("CUP", "5")]).await;
        let new = order(&[("CUP", "1")]);
        let drafted = store.inventory.add_order(&store.owner, new.clone()).await.expect("drafted");
        assert_eq!(drafted.channel, Channel::Till, "in the store, when nothing is said");
        let content = OrderContent { channel: Channel::Web, ..new.content };
        let web = store.inventory.change_order(&store.owner, new.id, None, content.clone()).await.expect("changed");
        assert_eq!(web.channel, Channel::Web);
        let filter = OrderFilter { store: "LON".into(), limit: 10, ..OrderFilter::default() };
        let listed = store.inventory.orders(&store.owner, &filter).await.expect("readable").data;
        assert_eq!(listed[0].channel, Channel::Web);
        store.inventory.confirm_order(&store.owner, new.id, None).await.expect("promised");
        let late = store.inventory.change_order(&store.owner, new.id, None, content).await;
        assert!(matches!(late, Err(Error::Refused(Refusal::WrongState { .. }))), "{late:?}");
        let handed = store.inventory.hand_over(&store.owner, new.id, None, hand_over(&[(1, "1")])).await;
        assert_eq!(handed.expect("handed over").channel, Channel::Web);
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_hand_at_what_is_reserved_is_found_and_rebuilt() {
    on_each(async |db| {
        let store = open(db).await;
        store.receive(&[("CUP", "5")]).await;
        store.keep(&[("CUP", "2")]).await.expect("kept");
        let mut tx = store.db.begin().await.expect("a transaction");
        db::execute!(&mut tx, "update inventory_balance set reserved = reserved - 100000").expect("the hand succeeds");
        tx.commit().await.expect("committed");
        assert_eq!(store.inventory.verify(&store.owner).await.expect("readable").len(), 1);
        assert_eq!(store.inventory.rebuild(&store.owner).await, Ok(1));
        assert_eq!(store.figures("CUP").await, three("5", "2", "3"));
        let mut tx = store.db.begin().await.expect("a transaction");
        let hand = "update inventory_reservation set quantity = quantity + 100000";
        db::execute!(&mut tx, hand).expect("the hand succeeds");
        tx.commit().await.expect("committed");
        assert_eq!(store.inventory.verify(&store.owner).await.expect("readable").len(), 2, "its sum and its line");
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_may_be_promised_of_items_is_changed_and_undone() {
    on_each(async |db| {
        let store = open(db).await;
        let policy = async || store.inventory.product(&store.owner, "CUP").await.expect("there").data.promise;
        let bulk = Bulk::Promise(PromisePolicy::Allow);
        let changed =
            store.inventory.change_many(&store.owner, "LON", vec!["CUP".into()], bulk).await.expect("changed");
        assert_eq!(policy().await, PromisePolicy::Allow);
        assert!(store.confirmed(&[("CUP", "1")]).await.is_ok(), "it waits");
        store.inventory.undo_change(&store.owner, changed.journal.expect("a line")).await.expect("undone");
        assert_eq!(policy().await, PromisePolicy::Forbid);
        let web = async || store.inventory.product(&store.owner, "CUP").await.expect("there").data.web_promise;
        let bulk = Bulk::WebPromise(Some(PromisePolicy::Warn));
        let changed =
            store.inventory.change_many(&store.owner, "LON", vec!["CUP".into()], bulk).await.expect("changed");
        assert_eq!((policy().await, web().await), (PromisePolicy::Forbid, Some(PromisePolicy::Warn)));
        store.assert_sound().await;
        store.inventory.undo_change(&store.owner, changed.journal.expect("a line")).await.expect("undone");
        assert_eq!(web().await, None, "as elsewhere again");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}
