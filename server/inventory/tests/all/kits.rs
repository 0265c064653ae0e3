//! Kits, on both engines: what one is made of leaves with it and comes back with it, and it has no stock of its own.

use crate::buying;
use crate::common::{Open, adjustment, give_back, item, line, money, open, receipt, sale, units};
use crate::counting::{entries, entry, new_count};
use crate::promise::{hand_over, order, three};
use ::model::{
    Amount, Changed, Channel, Component, CountBy, EntryAside, Error, ItemKind, ItemPatch, Kit, NewReversal, NewSale,
    NewTransfer, PaperId, Pick, Picking, PostingId, ProductQuery, Quantity, Refusal, Result, Reused, Time, Tracking,
};
use db::{Db, Engine, execute, test::on_each};
use storeroom_inventory::Edit;

pub fn made(parts: &[(&str, &str)]) -> Vec<Component> {
    parts.iter().map(|(sku, quantity)| Component { sku: (*sku).into(), quantity: units(quantity) }).collect()
}

impl Open {
    pub async fn make(&self, sku: &str, parts: &[(&str, &str)]) -> Result<Changed> {
        let patch = ItemPatch { components: Some(made(parts)), ..ItemPatch::default() };
        self.inventory.change_items(&self.owner, vec![Edit { sku: sku.into(), patch }], "").await
    }

    pub async fn kit(&self, sku: &str) -> Kit {
        self.inventory.kit(&self.owner, "LON", sku).await.expect("readable").expect("a kit")
    }

    /// The kit SET of two cups and a mug, with 10 cups and 3 mugs on the shelf.
    async fn with_set(db: Db) -> Self {
        let store = open(db).await;
        store.inventory.add_item(&store.owner, item("SET", ItemKind::Stocked)).await.expect("added");
        store.make("SET", &[("CUP", "2"), ("MUG", "1")]).await.expect("made");
        store.receive(&[("CUP", "10"), ("MUG", "3")]).await;
        store
    }

    async fn on_hand(&self) -> [Quantity; 2] {
        [self.level("CUP").await.on_hand, self.level("MUG").await.on_hand]
    }
}

/// Fails unless it was refused for that reason.
fn refused<T: std::fmt::Debug>(answer: Result<T>, code: &str) {
    let Err(Error::Invalid(flaws)) = answer else { panic!("{code} expected, {answer:?} came") };
    assert_eq!(flaws[0].code, code, "{flaws:?}");
}

fn of_set(quantity: &str) -> NewSale {
    sale(vec![line("SET", quantity)])
}

#[tokio::test]
async fn a_kit_is_there_as_often_as_its_shortest_part_allows() {
    on_each(async |db| {
        let store = Open::with_set(db).await;
        let kit = store.kit("SET").await;
        assert_eq!((kit.available, kit.shortest.as_deref()), (3, Some("MUG")));
        assert_eq!(kit.parts.iter().map(|part| part.enough_for).collect::<Vec<_>>(), [5, 3]);
        store.keep(&[("CUP", "8")]).await.expect("kept");
        let kit = store.kit("50SET").await;
        assert_eq!((kit.available, kit.shortest.as_deref()), (1, Some("CUP")), "what is promised is not there");
        let (inventory, owner) = (&store.inventory, &store.owner);
        let hit = inventory.search(owner, "LON", "SET").await.expect("searched").remove(0);
        assert_eq!((hit.item.kind, hit.on_hand), (ItemKind::Kit, Some(units("1"))));
        let query = ProductQuery { store: "LON".into(), search: "SET".into(), ..ProductQuery::default() };
        let row = inventory.products(owner, &query, 0, 10).await.expect("listed").data.remove(0);
        assert_eq!((row.kind, row.kit.map(|kit| kit.available)), (ItemKind::Kit, Some(1)));
        let sheet = inventory.sheet(owner, "LON", "SET").await.expect("readable");
        assert_eq!((sheet.stock, sheet.kit.map(|kit| kit.available)), (Vec::new(), Some(1)));
        assert_eq!(inventory.kit(owner, "LON", "CUP").await, Ok(None));
        assert_eq!(inventory.kit(owner, "LON", "nothing").await, Err(Error::NotFound));
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_sold_kit_takes_its_parts_and_the_receipt_tells_of_the_kit() {
    on_each(async |db| {
        let store = Open::with_set(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let new = sale(vec![line("POST", "1"), line("SET", "2"), line("CUP", "1")]);
        let sold = inventory.post_sale(owner, new.clone()).await.expect("sold");
        let told: Vec<_> = sold.lines.iter().map(|line| (line.sku.as_str(), line.quantity, line.on_hand)).collect();
        assert_eq!(
            told,
            [("POST", units("1"), None), ("SET", units("2"), None), ("CUP", units("1"), Some(units("5")))]
        );
        assert_eq!(sold.total, money("10.20"), "four at 2.55");
        assert_eq!(inventory.post_sale(owner, new).await, Ok(sold.clone()), "sent twice, sold once");
        assert_eq!(store.on_hand().await, [units("5"), units("1")]);
        let undo = NewReversal { id: PostingId::new(), reason: None };
        let undone = inventory.reverse(owner, sold.id, undo).await.expect("undone");
        assert_eq!(undone.lines.iter().map(|line| line.sku.as_str()).collect::<Vec<_>>(), ["POST", "SET", "CUP"]);
        assert_eq!(undone.total, money("-10.20"));
        assert_eq!(store.on_hand().await, [units("10"), units("3")]);
        assert_eq!(inventory.rebuild(owner).await, Ok(0));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_comes_back_is_what_left_whatever_the_kit_is_made_of_by_now() {
    on_each(async |db| {
        let store = Open::with_set(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let before = Time::now();
        let sold = inventory.post_sale(owner, of_set("2")).await.expect("sold");
        store.make("SET", &[("CUP", "1"), ("PLATE", "1")]).await.expect("made anew");
        let back = ::model::NewReturn { sale: Some(sold.id), ..give_back(vec![line("SET", "1")]) };
        inventory.post_return(owner, back).await.expect("it comes back");
        assert_eq!(store.on_hand().await, [units("8"), units("2")], "two cups and a mug");
        inventory.post_return(owner, give_back(vec![line("SET", "1")])).await.expect("it comes back");
        assert_eq!(store.on_hand().await, [units("9"), units("2")], "nobody knows its sale: as it is made now");
        assert_eq!(store.level("PLATE").await.on_hand, units("1"));
        let late = NewSale { occurred_at: Some(before), ..of_set("1") };
        inventory.post_sale(owner, late).await.expect("sold");
        assert_eq!(store.on_hand().await, [units("7"), units("1")], "a till without a connection sold the old one");
        inventory.post_sale(owner, of_set("1")).await.expect("sold");
        assert_eq!(store.on_hand().await, [units("6"), units("1")]);
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_missing_part_is_sold_at_the_till_and_told_and_is_not_promised() {
    on_each(async |db| {
        let store = Open::with_set(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let promised = NewSale { channel: Channel::Web, ..of_set("4") };
        let short = Refusal::OutOfStock { sku: "MUG".into(), available: units("3") };
        assert_eq!(inventory.post_sale(owner, promised).await, Err(short.into()));
        inventory.post_sale(owner, of_set("4")).await.expect("a fact is never refused");
        assert_eq!(store.on_hand().await, [units("2"), units("-1")]);
        let open = inventory.exceptions(owner, "LON", None).await.expect("readable").data;
        let open: Vec<_> =
            open.iter().map(|open| (open.exception.sku.as_str(), open.exception.kind.as_str())).collect();
        assert_eq!(open, [("MUG", "negative")]);
        refused(inventory.post_sale(owner, of_set("0.5")).await, "kit_whole");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_kit_itself_is_not_received_counted_corrected_moved_or_set_aside() {
    on_each(async |db| {
        let store = Open::with_set(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        refused(inventory.post_receipt(owner, receipt(vec![line("SET", "1")])).await, "kit");
        refused(inventory.post_adjustment(owner, adjustment("SET", "1")).await, "kit");
        refused(store.keep(&[("SET", "1")]).await, "kit");
        refused(inventory.open_count(owner, new_count(CountBy::Items, &["SET"])).await, "kit");
        let lines = vec![Amount { sku: "SET".into(), quantity: units("1"), serials: Vec::new(), lot: None }];
        let (id, store_code) = (PaperId::new(), "LON".to_owned());
        let new = NewTransfer { id, store: store_code, from: None, to_store: None, to: None, note: None, lines };
        inventory.add_store(owner, "PAR", "Paris", "EUR", "Europe/Paris").await.expect("it opens");
        let new = NewTransfer { to_store: Some("PAR".into()), ..new };
        refused(inventory.add_transfer(owner, new).await, "kit");
        let count = inventory.open_count(owner, new_count(CountBy::Items, &["CUP"])).await.expect("opened").id;
        let entered = inventory.enter_counts(owner, count, entries(vec![entry("50SET", "1")])).await.expect("read");
        assert_eq!(entered.aside.iter().map(|aside| aside.why).collect::<Vec<_>>(), [EntryAside::Kit]);
        refused(inventory.set_reorder_rule(owner, "LON", "SET", Default::default()).await, "kit");
        let acme = inventory.add_supplier(owner, buying::supplier("ACME", "0")).await.expect("added");
        let wanted = buying::order(&acme, &[("SET", "1", "1")]);
        refused(inventory.add_purchase(owner, wanted).await, "kit");
        let lots = ItemPatch { tracking: Some(Tracking::Lot), ..ItemPatch::default() };
        refused(inventory.change_item(owner, "SET", None, lots).await, "tracking");
        let kind = item("BOX", ItemKind::Kit);
        refused(inventory.add_item(owner, kind).await, "kit");
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn only_what_has_no_stock_and_stands_nowhere_becomes_a_kit_and_never_one_of_kits() {
    on_each(async |db| {
        let store = Open::with_set(db).await;
        refused(store.make("CUP", &[("PLATE", "1")]).await, "kit_stock");
        refused(store.make("POST", &[("PLATE", "1")]).await, "kit_service");
        refused(store.make("PLATE", &[("SET", "1")]).await, "kit_in_kit");
        refused(store.make("PLATE", &[("PLATE", "1")]).await, "kit_in_kit");
        refused(store.make("PLATE", &[("POST", "1")]).await, "kit_service");
        refused(store.make("PLATE", &[("NOTHING", "1")]).await, "unknown_sku");
        refused(store.make("PLATE", &[("CUP", "0")]).await, "kit_quantity");
        refused(store.make("PLATE", &[("CUP", "10001")]).await, "kit_quantity");
        refused(store.make("PLATE", &[("CUP", "1"), ("CUP", "2")]).await, "kit_twice");
        let (inventory, owner) = (&store.inventory, &store.owner);
        inventory.add_item(owner, item("BOX", ItemKind::Stocked)).await.expect("added");
        store.make("SET", &[("BOX", "1")]).await.expect("made anew");
        refused(store.make("BOX", &[("CUP", "1")]).await, "kit_in_kit");
        let drafted = inventory.add_order(owner, order(&[("PLATE", "1"), ("SET", "1")])).await.expect("drafted");
        refused(store.make("PLATE", &[("CUP", "1")]).await, "kit_document");
        refused(store.make("SET", &[]).await, "kit_document");
        store.make("SET", &[("CUP", "1")]).await.expect("a draft is not promised yet");
        inventory.cancel_order(owner, drafted.id, None, Default::default()).await.expect("cancelled");
        store.make("SET", &[]).await.expect("it is a kit no more");
        assert_eq!(inventory.product(owner, "SET").await.expect("there").data.item.kind, ItemKind::Stocked);
        store.receive(&[("SET", "1")]).await;
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_a_kit_is_made_of_changes_with_a_new_version_and_comes_back_when_it_is_undone() {
    on_each(async |db| {
        let store = Open::with_set(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        let product = async || inventory.product(owner, "SET").await.expect("there").data;
        let was = product().await;
        let done = store.make("SET", &[("PLATE", "3"), ("CUP", "2")]).await.expect("made anew");
        let is = product().await;
        assert_eq!((is.version, is.components.clone()), (was.version + 1, made(&[("CUP", "2"), ("PLATE", "3")])));
        assert_eq!(store.make("SET", &[("CUP", "2"), ("PLATE", "3")]).await.expect("answered").changed, 0);
        let stale = ItemPatch { components: Some(Vec::new()), ..ItemPatch::default() };
        let answer = inventory.change_item(owner, "SET", Some(was.version), stale).await;
        assert_eq!(answer, Err(Error::Conflict(Reused::Version)));
        inventory.undo_change(owner, done.journal.expect("a line")).await.expect("undone");
        assert_eq!(product().await.components, was.components);
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn an_order_keeps_and_hands_over_what_its_kits_are_made_of() {
    on_each(async |db| {
        let store = Open::with_set(db).await;
        let (inventory, owner) = (&store.inventory, &store.owner);
        refused(inventory.add_order(owner, order(&[("SET", "1.5")])).await, "kit_whole");
        let short = Refusal::OutOfStock { sku: "MUG".into(), available: units("3") };
        assert_eq!(store.confirmed(&[("CUP", "1"), ("SET", "4")]).await, Err(short.into()));
        assert_eq!(store.figures("CUP").await, three("10", "0", "10"), "all of it or none");
        let promised = store.confirmed(&[("CUP", "1"), ("SET", "3"), ("POST", "1")]).await.expect("confirmed");
        assert_eq!(store.figures("CUP").await, three("10", "7", "3"));
        assert_eq!(store.figures("MUG").await, three("3", "3", "0"));
        let kit = &promised.lines[1];
        assert_eq!((kit.reserved, kit.stocked, kit.location.as_str()), (units("3"), true, "SHOP"));
        assert_eq!(kit.parts.iter().map(|part| part.sku.as_str()).collect::<Vec<_>>(), ["CUP", "MUG"]);
        // What is said of the kit from now on does not change what was promised.
        store.make("SET", &[("PLATE", "1")]).await.expect("made anew");
        let pick =
            |picked: &str| Picking { lines: vec![Pick { line: 2, before: Quantity::ZERO, picked: units(picked) }] };
        refused(inventory.pick_order(owner, promised.id, pick("0.5")).await, "kit_whole");
        inventory.pick_order(owner, promised.id, pick("2")).await.expect("picked");
        refused(inventory.hand_over(owner, promised.id, None, hand_over(&[(2, "0.5")])).await, "kit_whole");
        let leaving = hand_over(&[]);
        let gone = inventory.hand_over(owner, promised.id, None, leaving.clone()).await.expect("handed over");
        assert_eq!((gone.lines[1].fulfilled, gone.lines[1].reserved), (units("2"), units("1")));
        assert_eq!(store.figures("CUP").await, three("6", "3", "3"));
        assert_eq!(store.figures("MUG").await, three("1", "1", "0"));
        store.assert_sound().await;
        store.undo(leaving.id).await;
        let back = store.order(promised.id).await;
        assert_eq!((back.lines[1].fulfilled, back.lines[1].reserved), (units("0"), units("3")));
        assert_eq!(store.figures("MUG").await, three("3", "3", "0"), "what it was made of is kept for it again");
        store.assert_sound().await;
        let gone = inventory.hand_over(owner, promised.id, None, hand_over(&[(2, "2")])).await.expect("handed over");
        assert_eq!(gone.lines[1].fulfilled, units("2"));
        inventory.cancel_order(owner, promised.id, None, Default::default()).await.expect("cancelled");
        assert_eq!(store.figures("MUG").await, three("1", "0", "1"));
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

async fn take_walls_down(store: &Open) {
    let mut tx = store.db.begin().await.expect("a transaction");
    let walls: &[&str] = match tx.engine() {
        Engine::Sqlite => &[
            "drop trigger inventory_kit_line_stays",
            "drop trigger inventory_kit_part_stays",
            "drop trigger inventory_kit_part_remains",
        ],
        Engine::Postgres => &[
            "drop trigger inventory_kit_line_stays on inventory_kit_line",
            "drop trigger inventory_kit_part_stays on inventory_kit_part",
        ],
    };
    for wall in walls {
        execute!(&mut tx, *wall).expect("the wall comes down");
    }
    tx.commit().await.expect("committed");
}

#[tokio::test]
async fn a_hand_in_what_kits_are_and_were_made_of_is_found() {
    on_each(async |db| {
        let store = Open::with_set(db).await;
        store.inventory.post_sale(&store.owner, of_set("1")).await.expect("sold");
        store.confirmed(&[("SET", "1")]).await.expect("confirmed");
        store.assert_sound().await;
        take_walls_down(&store).await;
        let hands = [
            (
                "update inventory_component set quantity = quantity + 1",
                "update inventory_component set quantity = quantity - 1",
                "an item is what the journal says",
            ),
            (
                "update inventory_kit_line set unit_price = unit_price + 1",
                "update inventory_kit_line set unit_price = unit_price - 1",
                "a kit's line is what the journal says",
            ),
            (
                "update inventory_kit_part set size = size * 2",
                "update inventory_kit_part set size = size / 2",
                "a kit moves what it is made of",
            ),
            (
                "update inventory_order_part set size = size * 2",
                "update inventory_order_part set size = size / 2",
                "an order's kit keeps what it is made of",
            ),
            (
                "update inventory_item set kind = 'kit' where sku = 'CUP'",
                "update inventory_item set kind = 'stocked' where sku = 'CUP'",
                "a kit has no stock of its own",
            ),
            (
                "update inventory_item set kind = 'stocked' where sku = 'SET'",
                "update inventory_item set kind = 'kit' where sku = 'SET'",
                "there is no kit within a kit",
            ),
        ];
        for (wrong, right, invariant) in hands {
            let hand = async |sql: &'static str| {
                let mut tx = store.db.begin().await.expect("a transaction");
                assert!(execute!(&mut tx, sql).expect("the hand succeeds") > 0, "{sql}");
                tx.commit().await.expect("committed");
            };
            hand(wrong).await;
            let found = store.inventory.verify(&store.owner).await.expect("readable");
            assert!(found.iter().any(|finding| finding.invariant == invariant), "{wrong}: {found:?}");
            hand(right).await;
            store.assert_sound().await;
        }
        store.close().await;
    })
    .await;
}
