//! A count that is undone counts nowhere: not in the figures, not on its page, not as the last one; on both engines.

use crate::common::{Open, booked, item, line, money, open, receipt, sale, units};
use crate::counting::{entries, entry, new_count};
use db::{fetch_all, fetch_optional, test::on_each};
use model::{
    Actor, CountBy, CountDone, CountFigures, CountState, ItemKind, NewCount, NewItem, PaperId, PostingId, Role,
    StockCount, Time,
};
use storeroom_inventory::CountFilter;

struct Shop {
    store: Open,
    ann: Actor,
    bob: Actor,
}

impl Shop {
    /// Ten cups and twenty mugs.
    async fn open(db: db::Db) -> Self {
        let store = open(db).await;
        let there = receipt(vec![line("CUP", "10"), line("MUG", "20")]);
        store.inventory.post_receipt(&store.owner, there).await.expect("posted");
        let (ann, bob) = (store.someone(Role::Employee).await, store.someone(Role::Manager).await);
        Self { store, ann, bob }
    }

    /// Counts those, and books it.
    async fn count(&self, found: &[(&str, &str)]) -> StockCount {
        let skus: Vec<&str> = found.iter().map(|(sku, _)| *sku).collect();
        let inventory = &self.store.inventory;
        let id = inventory.open_count(&self.ann, new_count(CountBy::Items, &skus)).await.expect("opened").id;
        let all = found.iter().map(|(sku, quantity)| entry(sku, quantity)).collect();
        inventory.enter_counts(&self.ann, id, entries(all)).await.expect("entered");
        self.book(id).await
    }

    async fn book(&self, id: PaperId) -> StockCount {
        let inventory = &self.store.inventory;
        inventory.submit_count(&self.ann, id, None, CountDone::default()).await.expect("handed in");
        inventory.approve_count(&self.bob, id, None).await.expect("approved");
        inventory.post_count(&self.bob, id, None).await.expect("booked")
    }

    /// Counts cups on their item's page.
    async fn count_cups(&self, counted: &str) -> PostingId {
        let (version, reason) = (self.store.level("CUP").await.version, "miscounted".to_owned());
        let (id, store, sku) = (PostingId::new(), "LON".into(), "CUP".into());
        let new = NewCount { id, store, sku, counted: units(counted), version, reason };
        booked(self.store.inventory.count(&self.bob, new).await.expect("counted")).id
    }

    async fn postings(&self, count: &StockCount) -> Vec<PostingId> {
        let mut tx = self.store.db.begin().await.expect("a transaction");
        let sql = "select posting from inventory_count_line where paper = $1 and posting is not null
                   group by posting order by count(*) desc";
        let rows: Vec<(PostingId,)> = fetch_all!(&mut tx, sql, count.id).expect("readable");
        rows.into_iter().map(|(posting,)| posting).collect()
    }

    async fn last_counted(&self, sku: &str) -> Option<Time> {
        let mut tx = self.store.db.begin().await.expect("a transaction");
        let sql =
            "select c.counted_at from inventory_counted c join inventory_item i on i.id = c.item where i.sku = $1";
        let row: Option<(Time,)> = fetch_optional!(&mut tx, sql, sku).expect("readable");
        row.map(|(at,)| at)
    }

    async fn figures(&self) -> CountFigures {
        let (from, to) = (Time::from_micros(0), Time::now());
        self.store.inventory.count_figures(&self.bob, "LON", from, to).await.expect("readable")
    }

    async fn state(&self, id: PaperId) -> CountState {
        self.store.inventory.stock_count(&self.bob, id).await.expect("readable").data.state
    }

    async fn close(self) {
        self.store.assert_sound().await;
        assert_eq!(self.store.inventory.rebuild(&self.store.owner).await, Ok(0), "a rebuild changes nothing");
        self.store.close().await;
    }
}

#[tokio::test]
async fn a_mistyped_count_that_is_undone_is_in_no_figure_and_the_count_before_is_the_last() {
    on_each(async |db| {
        let shop = Shop::open(db).await;
        shop.count(&[("CUP", "9"), ("MUG", "20")]).await;
        let (before, cups, mugs) =
            (shop.figures().await, shop.last_counted("CUP").await, shop.last_counted("MUG").await);
        assert_eq!((before.counts, before.lost), (1, money("2.55")));
        let mistyped = shop.count(&[("CUP", "900")]).await;
        assert_eq!(shop.figures().await.counts, 2);
        assert!(shop.last_counted("CUP").await > cups);
        shop.store.undo(shop.postings(&mistyped).await[0]).await;
        assert_eq!(shop.figures().await, before);
        assert_eq!(shop.state(mistyped.id).await, CountState::Undone);
        assert_eq!((shop.last_counted("CUP").await, shop.last_counted("MUG").await), (cups, mugs));
        assert_eq!(shop.store.level("CUP").await.on_hand, units("9"));
        let open = CountFilter { store: "LON".into(), open: true, after: None, limit: 50 };
        assert_eq!(shop.store.inventory.stock_counts(&shop.bob, &open).await.expect("readable").data, []);
        shop.close().await;
    })
    .await;
}

#[tokio::test]
async fn an_item_that_was_counted_by_itself_was_last_counted_before_that_again() {
    on_each(async |db| {
        let shop = Shop::open(db).await;
        let first = shop.count_cups("8").await;
        let at = shop.last_counted("CUP").await;
        let second = shop.count_cups("7").await;
        assert!(shop.last_counted("CUP").await > at);
        shop.store.undo(second).await;
        assert_eq!(shop.last_counted("CUP").await, at);
        let third = shop.count_cups("5").await;
        let newest = shop.last_counted("CUP").await;
        shop.store.undo(first).await;
        assert_eq!(shop.last_counted("CUP").await, newest, "that one stands");
        shop.store.undo(third).await;
        assert_eq!(shop.last_counted("CUP").await, None, "nobody counted it");
        shop.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_is_sold_in_between_and_undone_changes_no_count() {
    on_each(async |db| {
        let shop = Shop::open(db).await;
        let count = shop.count(&[("CUP", "9")]).await;
        let before = (shop.figures().await, shop.last_counted("CUP").await);
        let sold = shop.store.inventory.post_sale(&shop.bob, sale(vec![line("CUP", "1")])).await.expect("posted");
        shop.store.undo(sold.id).await;
        assert_eq!((shop.figures().await, shop.last_counted("CUP").await), before);
        assert_eq!(shop.state(count.id).await, CountState::Posted);
        shop.close().await;
    })
    .await;
}

#[tokio::test]
async fn of_a_count_that_was_booked_by_several_postings_the_figures_keep_what_stands() {
    on_each(async |db| {
        let shop = Shop::open(db).await;
        let (inventory, owner) = (&shop.store.inventory, &shop.store.owner);
        let skus: Vec<String> = (0..1_100).map(|at| format!("I{at}")).collect();
        let items = skus.iter().map(|sku| NewItem { barcodes: Vec::new(), ..item(sku, ItemKind::Stocked) }).collect();
        inventory.add_items(owner, items).await.expect("added");
        let id = inventory.open_count(&shop.ann, new_count(CountBy::Store, &[])).await.expect("opened").id;
        for some in skus.chunks(100) {
            let all = some.iter().map(|sku| entry(sku, "1")).collect();
            inventory.enter_counts(&shop.ann, id, entries(all)).await.expect("entered");
        }
        let count = shop.book(id).await;
        let postings = shop.postings(&count).await;
        assert_eq!((postings.len(), shop.figures().await.gained), (2, money("2805")));
        shop.store.undo(postings[0]).await;
        let figures = shop.figures().await;
        assert_eq!((figures.counts, figures.lines, figures.gained), (1, 100, money("255")));
        assert_eq!(shop.state(id).await, CountState::Posted, "a hundred of it stand");
        shop.store.undo(postings[1]).await;
        assert_eq!((shop.figures().await.counts, shop.state(id).await), (0, CountState::Undone));
        shop.close().await;
    })
    .await;
}
