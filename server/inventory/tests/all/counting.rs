//! Counts, on both engines: blind, by several people at once, as of the moment of counting.

use crate::common::{Open, item, limit_of, line, money, open, receipt, sale, units};
use db::test::on_each;
use model::{
    Action, Actor, CountBy, CountDone, CountEntryId, CountState, CountTolerance, EntryAside, Error, ItemKind, NewCount,
    NewCountEntries, NewCountEntry, NewItem, NewRecount, NewReversal, NewSale, NewStockCount, PaperId, PaperKind,
    PostingId, Quantity, Refusal, Reused, Role, StockCount, Time, VarianceLine,
};
use storeroom_inventory::{CountFilter, ReviewPart};

pub fn new_count(by: CountBy, skus: &[&str]) -> NewStockCount {
    let skus = skus.iter().map(|sku| (*sku).to_owned()).collect();
    let (id, store) = (PaperId::new(), "LON".to_owned());
    NewStockCount { id, store, by, place: None, skus, most: None, due_on: None, note: None }
}

pub fn entry(code: &str, quantity: &str) -> NewCountEntry {
    let (code, quantity) = (code.to_owned(), units(quantity));
    NewCountEntry { id: CountEntryId::new(), code, quantity, counted_at: None, shelf: None }
}

pub fn entries(entries: Vec<NewCountEntry>) -> NewCountEntries {
    NewCountEntries { sent_at: None, entries }
}

/// A store with 10 cups, 20 mugs and 7919 plates, an employee and two managers.
pub struct Shop {
    pub store: Open,
    pub ann: Actor,
    pub bob: Actor,
    pub cat: Actor,
}

impl Shop {
    pub async fn open(db: db::Db) -> Self {
        let store = open(db).await;
        let there = receipt(vec![line("CUP", "10"), line("MUG", "20"), line("PLATE", "7919")]);
        store.inventory.post_receipt(&store.owner, there).await.expect("posted");
        let named = async |name: &str, role| Actor { name: name.into(), ..store.someone(role).await };
        let (ann, bob, cat) =
            (named("ann", Role::Employee).await, named("bob", Role::Manager).await, named("cat", Role::Manager).await);
        Self { store, ann, bob, cat }
    }

    pub async fn begin(&self, by: CountBy, skus: &[&str]) -> PaperId {
        self.store.inventory.open_count(&self.ann, new_count(by, skus)).await.expect("opened").id
    }

    pub async fn enter(&self, actor: &Actor, id: PaperId, all: &[(&str, &str)]) -> StockCount {
        let all = all.iter().map(|(code, quantity)| entry(code, quantity)).collect();
        self.store.inventory.enter_counts(actor, id, entries(all)).await.expect("entered").count
    }

    pub async fn hand_in(&self, id: PaperId) -> StockCount {
        self.store.inventory.submit_count(&self.ann, id, None, CountDone::default()).await.expect("handed in")
    }

    pub async fn book(&self, id: PaperId) -> StockCount {
        self.store.inventory.approve_count(&self.bob, id, None).await.expect("approved");
        self.store.inventory.post_count(&self.bob, id, None).await.expect("answered")
    }

    pub async fn line(&self, id: PaperId, sku: &str) -> VarianceLine {
        let all = ReviewPart::All(String::new(), 200);
        let review = self.store.inventory.review_count(&self.bob, id, all).await.expect("readable");
        review.lines.into_iter().find(|line| line.sku == sku).expect("it is in the count")
    }

    pub async fn on_hand(&self, sku: &str) -> Quantity {
        self.store.level(sku).await.on_hand
    }

    pub async fn sell(&self, sku: &str, quantity: &str) -> PostingId {
        let sold = self.store.inventory.post_sale(&self.store.owner, sale(vec![line(sku, quantity)])).await;
        sold.expect("posted").id
    }

    pub async fn close(self) {
        self.store.assert_sound().await;
        self.store.close().await;
    }
}

#[tokio::test]
async fn two_people_count_one_shelf_and_what_is_sold_meanwhile_changes_no_difference() {
    on_each(async |db| {
        let shop = Shop::open(db).await;
        let id = shop.begin(CountBy::Items, &["CUP", "MUG"]).await;
        let (one, other) =
            tokio::join!(shop.enter(&shop.ann, id, &[("CUP", "4")]), shop.enter(&shop.bob, id, &[("CUP", "5")]));
        assert_eq!(one.entries.max(other.entries), 2, "neither was lost");
        shop.sell("CUP", "3").await;
        shop.hand_in(id).await;
        let cup = shop.line(id, "CUP").await;
        assert_eq!((cup.counted, cup.expected, cup.variance), (Some(units("9")), Some(units("10")), Some(units("-1"))));
        assert_eq!(cup.counters, ["ann", "bob"]);
        assert_eq!(shop.line(id, "MUG").await.variance, None, "nobody counted it");
        shop.sell("CUP", "2").await;
        let count = shop.store.inventory.approve_count(&shop.cat, id, None).await.expect("approved");
        assert_eq!(count.approver.as_deref(), Some("cat"));
        shop.sell("CUP", "1").await;
        let count = shop.store.inventory.post_count(&shop.cat, id, None).await.expect("booked");
        assert_eq!(count.state, CountState::Posted);
        assert_eq!(shop.on_hand("CUP").await, units("3"), "9 counted, 6 sold after that");
        assert_eq!(shop.on_hand("MUG").await, units("20"));
        let again = shop.store.inventory.post_count(&shop.cat, id, None).await;
        assert_eq!(again.as_ref(), Ok(&count), "it is booked once");
        assert_eq!(shop.line(id, "CUP").await.variance, Some(units("-1")), "and it goes on saying what it was");
        shop.close().await;
    })
    .await;
}

#[tokio::test]
async fn an_entry_counts_once_and_one_with_the_same_id_and_another_quantity_is_a_conflict() {
    on_each(async |db| {
        let shop = Shop::open(db).await;
        let (inventory, id) = (&shop.store.inventory, shop.begin(CountBy::Store, &[]).await);
        let first = entry("50CUP", "4");
        let batch = entries(vec![first.clone(), first.clone(), entry("CUP", "1"), entry("CUP", "-2")]);
        let entered = inventory.enter_counts(&shop.ann, id, batch.clone()).await.expect("entered");
        assert_eq!((entered.count.entries, entered.count.items), (3, 1), "a barcode and a SKU mean the same item");
        assert_eq!(entered.lines[0].counted, Some(units("3")));
        let again = inventory.enter_counts(&shop.ann, id, batch).await.expect("answered");
        assert_eq!((again.count, &again.lines), (entered.count, &entered.lines), "nothing is counted twice");
        let other = entries(vec![NewCountEntry { quantity: units("5"), ..first.clone() }]);
        assert_eq!(inventory.enter_counts(&shop.ann, id, other).await, Err(Error::Conflict(Reused::Id)));
        let odd = vec![entry("NONE", "1"), entry("POST", "1"), entry("CUP", "-4"), entry("MUG", "1")];
        let entered = inventory.enter_counts(&shop.bob, id, entries(odd)).await.expect("the rest counts");
        let why: Vec<_> = entered.aside.iter().map(|aside| aside.why).collect();
        assert_eq!(why, [EntryAside::Unknown, EntryAside::Service, EntryAside::BelowZero]);
        assert_eq!((entered.count.entries, entered.count.items), (4, 2));
        shop.hand_in(id).await;
        let late = inventory.enter_counts(&shop.ann, id, entries(vec![entry("CUP", "1")])).await;
        assert_eq!(late, Err(Error::Refused(Refusal::WrongState { state: "review".into() })));
        let repeat = inventory.enter_counts(&shop.ann, id, entries(vec![first])).await;
        assert_eq!(repeat.expect("what counted before is no news").count.entries, 4);
        shop.close().await;
    })
    .await;
}

#[tokio::test]
async fn whoever_counts_is_never_told_what_we_think_is_there() {
    on_each(async |db| {
        let shop = Shop::open(db).await;
        let (inventory, ann) = (&shop.store.inventory, &shop.ann);
        let opened = inventory.open_count(ann, new_count(CountBy::Items, &["PLATE", "CUP"])).await.expect("opened");
        let id = opened.id;
        let looked = inventory.counted_item(ann, id, "50PLATE").await.expect("readable").expect("known");
        let entered = inventory.enter_counts(ann, id, entries(vec![entry("PLATE", "12")])).await.expect("entered");
        let counting = inventory.counting(ann, id, true).await.expect("readable");
        let page = CountFilter { store: "LON".into(), open: true, after: None, limit: 50 };
        let list = inventory.stock_counts(ann, &page).await.expect("readable");
        let done = shop.hand_in(id).await;
        let after = inventory.counting(ann, id, true).await.expect("readable");
        let told = serde_json::to_string(&(opened, looked, entered, &counting, list, done, after)).expect("json");
        assert!(told.contains("PLATE") && !told.contains("7919"), "{told}");
        assert_eq!(counting.left_total, 1);
        assert_eq!(inventory.review_count(ann, id, ReviewPart::Open).await, Err(Error::Forbidden(Action::Approve)));
        let open = shop.begin(CountBy::Store, &[]).await;
        shop.enter(ann, open, &[("CUP", "1")]).await;
        let early = inventory.review_count(&shop.bob, open, ReviewPart::Open).await;
        assert_eq!(early, Err(Error::Refused(Refusal::WrongState { state: "counting".into() })));
        shop.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_differs_too_much_is_counted_again_by_somebody_else_and_the_rest_is_accepted() {
    on_each(async |db| {
        let shop = Shop::open(db).await;
        let (inventory, id) = (&shop.store.inventory, shop.begin(CountBy::Store, &[]).await);
        let tolerance = CountTolerance { percent: units("1"), quantity: units("1") };
        inventory.set_count_tolerance(&shop.bob, "LON", tolerance).await.expect("set");
        shop.enter(&shop.ann, id, &[("CUP", "9"), ("MUG", "12"), ("PLATE", "7900")]).await;
        let handed_in = shop.hand_in(id).await;
        let review = inventory.review_count(&shop.bob, id, ReviewPart::Open).await.expect("readable");
        assert_eq!((review.open, review.fine, review.uncounted), (1, 2, 0));
        assert_eq!(review.lines.iter().map(|line| line.sku.as_str()).collect::<Vec<_>>(), ["MUG"]);
        let again = NewRecount { skus: vec!["MUG".into()] };
        let seen = Some(handed_in.version);
        let count = inventory.recount(&shop.bob, id, seen, again.clone()).await.expect("begun");
        assert_eq!(count.state, CountState::Recounting);
        assert_eq!(inventory.recount(&shop.bob, id, seen, again).await.as_ref(), Ok(&count), "asked twice, done once");
        let stale = inventory.approve_count(&shop.bob, id, seen).await;
        assert_eq!(stale, Err(Error::Conflict(Reused::Version)));
        let batch = || entries(vec![entry("MUG", "19"), entry("CUP", "1")]);
        let mine = inventory.enter_counts(&shop.ann, id, batch()).await.expect("answered");
        let why: Vec<_> = mine.aside.iter().map(|aside| aside.why).collect();
        assert_eq!(why, [EntryAside::NotYou, EntryAside::NotAgain]);
        assert!(inventory.counting(&shop.ann, id, false).await.expect("readable").left[0].not_you);
        let theirs = inventory.enter_counts(&shop.cat, id, batch()).await.expect("entered");
        assert_eq!(
            (theirs.aside.len(), theirs.lines.iter().find(|line| line.sku == "MUG").expect("told").counted),
            (1, Some(units("19")))
        );
        shop.hand_in(id).await;
        assert_eq!(shop.line(id, "MUG").await.round, 2);
        assert_eq!(inventory.review_count(&shop.bob, id, ReviewPart::Open).await.expect("readable").open, 0);
        assert_eq!(shop.book(id).await.state, CountState::Posted);
        assert_eq!((shop.on_hand("CUP").await, shop.on_hand("MUG").await), (units("9"), units("19")));
        let figures = inventory.count_figures(&shop.bob, "LON", Time::from_micros(0), Time::now()).await.expect("told");
        assert_eq!((figures.counts, figures.lines, figures.accurate, figures.per_mille()), (1, 3, 3, Some(1_000)));
        assert_eq!(figures.shrinkage(), money("53.55"), "1 cup, 1 mug and 19 plates at 2.55");
        shop.close().await;
    })
    .await;
}

#[tokio::test]
async fn above_the_limit_somebody_approves_who_neither_opened_it_nor_counted() {
    on_each(async |db| {
        let shop = Shop::open(db).await;
        let inventory = &shop.store.inventory;
        let limit = |amount| inventory.change_rules(&shop.store.owner, "LON", limit_of(PaperKind::Count, amount));
        limit(Some(money("20"))).await.expect("set");
        let id = shop.begin(CountBy::Store, &[]).await;
        shop.enter(&shop.bob, id, &[("CUP", "1")]).await;
        shop.hand_in(id).await;
        let own = inventory.approve_count(&shop.bob, id, None).await;
        assert_eq!(own, Err(Error::Refused(Refusal::OwnWork)), "9 cups are 22.95, and they counted them");
        let review = inventory.review_count(&shop.bob, id, ReviewPart::Open).await.expect("readable");
        assert!(review.above_limit && review.own);
        assert_eq!(inventory.approve_count(&shop.ann, id, None).await, Err(Error::Forbidden(Action::Approve)));
        inventory.approve_count(&shop.cat, id, None).await.expect("approved");
        let booked = inventory.post_count(&shop.bob, id, None).await.expect("booking is no approval");
        assert_eq!(booked.outcome.expect("known").lost, money("22.95"));
        // What has no price may be worth anything.
        let free = NewItem { price: None, ..item("FREE", ItemKind::Stocked) };
        inventory.add_item(&shop.store.owner, free).await.expect("added");
        let id = shop.begin(CountBy::Store, &[]).await;
        shop.enter(&shop.bob, id, &[("FREE", "1")]).await;
        shop.hand_in(id).await;
        assert_eq!(inventory.approve_count(&shop.bob, id, None).await, Err(Error::Refused(Refusal::OwnWork)));
        limit(None).await.expect("lifted");
        assert_eq!(shop.book(id).await.state, CountState::Posted);
        shop.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_happened_before_the_counting_and_is_learnt_after_it_is_no_difference() {
    on_each(async |db| {
        let shop = Shop::open(db).await;
        let (inventory, owner) = (&shop.store.inventory, &shop.store.owner);
        let wrong = shop.sell("MUG", "5").await;
        let before = Time::now();
        let id = shop.begin(CountBy::Store, &[]).await;
        shop.enter(&shop.ann, id, &[("CUP", "8"), ("MUG", "20")]).await;
        shop.hand_in(id).await;
        let late = NewSale { occurred_at: Some(before), ..sale(vec![line("CUP", "2")]) };
        inventory.post_sale(owner, late).await.expect("posted");
        assert_eq!(shop.line(id, "CUP").await.variance, Some(Quantity::ZERO), "a till without network had sold 2");
        inventory.reverse(owner, wrong, NewReversal { id: PostingId::new(), reason: None }).await.expect("undone");
        assert_eq!(shop.line(id, "MUG").await.variance, Some(Quantity::ZERO), "that sale never happened");
        inventory.approve_count(&shop.bob, id, None).await.expect("approved");
        let late = NewSale { occurred_at: Some(before), ..sale(vec![line("CUP", "1")]) };
        inventory.post_sale(owner, late).await.expect("posted");
        let count = inventory.post_count(&shop.bob, id, None).await.expect("answered");
        assert_eq!((count.state, count.outcome), (CountState::Review, None), "that is not what was approved");
        assert_eq!(shop.book(id).await.state, CountState::Posted);
        assert_eq!((shop.on_hand("CUP").await, shop.on_hand("MUG").await), (units("8"), units("20")));
        shop.close().await;
    })
    .await;
}

#[tokio::test]
async fn two_counts_of_the_same_item_do_not_book_its_difference_twice() {
    on_each(async |db| {
        let shop = Shop::open(db).await;
        let (early, late) = (shop.begin(CountBy::Store, &[]).await, shop.begin(CountBy::Store, &[]).await);
        shop.enter(&shop.ann, early, &[("CUP", "8"), ("MUG", "18")]).await;
        shop.enter(&shop.ann, late, &[("CUP", "8")]).await;
        for id in [early, late] {
            shop.hand_in(id).await;
            shop.store.inventory.approve_count(&shop.bob, id, None).await.expect("approved");
        }
        shop.store.inventory.post_count(&shop.bob, late, None).await.expect("booked");
        let count = shop.store.inventory.post_count(&shop.bob, early, None).await.expect("answered");
        assert_eq!(count.state, CountState::Review, "the later count knew better");
        assert_eq!(shop.line(early, "CUP").await.variance, None);
        shop.book(early).await;
        assert_eq!((shop.on_hand("CUP").await, shop.on_hand("MUG").await), (units("8"), units("18")));
        let third = shop.begin(CountBy::Items, &["CUP"]).await;
        shop.enter(&shop.ann, third, &[("CUP", "7")]).await;
        let version = shop.store.level("CUP").await.version;
        let (id, reason) = (PostingId::new(), "miscounted".to_owned());
        let just = NewCount { id, store: "LON".into(), sku: "CUP".into(), counted: units("6"), version, reason };
        shop.store.inventory.count(&shop.bob, just).await.expect("counted just this");
        shop.hand_in(third).await;
        shop.book(third).await;
        assert_eq!(shop.on_hand("CUP").await, units("6"));
        shop.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_nobody_found_is_none_only_when_that_is_said() {
    on_each(async |db| {
        let shop = Shop::open(db).await;
        let (inventory, none) = (&shop.store.inventory, CountDone { none_found: true });
        let (some, all) = (shop.begin(CountBy::Items, &["CUP", "MUG"]).await, shop.begin(CountBy::Store, &[]).await);
        assert_eq!(
            inventory.submit_count(&shop.ann, some, None, none).await,
            Err(Error::Refused(Refusal::WrongState { state: "planned".into() })),
            "nobody has counted anything"
        );
        shop.enter(&shop.ann, some, &[("CUP", "10")]).await;
        inventory.submit_count(&shop.ann, some, None, none).await.expect("handed in");
        shop.book(some).await;
        assert_eq!((shop.on_hand("MUG").await, shop.on_hand("PLATE").await), (units("0"), units("7919")));
        shop.enter(&shop.ann, all, &[("CUP", "10")]).await;
        inventory.submit_count(&shop.ann, all, None, none).await.expect("handed in");
        shop.book(all).await;
        assert_eq!(shop.on_hand("PLATE").await, units("0"));
        shop.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_count_with_more_differences_than_a_posting_has_lines_is_booked_by_several() {
    on_each(async |db| {
        let shop = Shop::open(db).await;
        let (inventory, owner) = (&shop.store.inventory, &shop.store.owner);
        let skus: Vec<String> = (0..1_100).map(|at| format!("I{at}")).collect();
        let items = skus.iter().map(|sku| NewItem { barcodes: Vec::new(), ..item(sku, ItemKind::Stocked) }).collect();
        inventory.add_items(owner, items).await.expect("added");
        let id = shop.begin(CountBy::Store, &[]).await;
        for some in skus.chunks(100) {
            shop.enter(&shop.ann, id, &some.iter().map(|sku| (sku.as_str(), "1")).collect::<Vec<_>>()).await;
        }
        shop.hand_in(id).await;
        let count = shop.book(id).await;
        assert_eq!((count.state, count.outcome.expect("known").lines), (CountState::Posted, 1_100));
        assert_eq!((shop.on_hand("I0").await, shop.on_hand("I1099").await), (units("1"), units("1")));
        shop.close().await;
    })
    .await;
}
