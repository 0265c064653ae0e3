//! Kits in the stock grid, on both engines: each stands where it belongs, with how many can be made of what is there.

use crate::common::{Open, item, line, open, sale, units};
use ::model::{GridQuery, GridSort, ItemKind, ItemPatch, Quantity, StockRow};
use db::test::on_each;
use storeroom_inventory::Edit;

fn query(search: &str, sort: GridSort) -> GridQuery {
    GridQuery { store: "LON".into(), search: search.into(), sort, ..GridQuery::default() }
}

impl Open {
    /// The kits SET of two cups and a mug and ALL of a plate, of which there is none; 10 cups and 3 mugs are there.
    async fn with_kits(db: db::Db) -> Self {
        let store = open(db).await;
        for sku in ["SET", "ALL"] {
            store.inventory.add_item(&store.owner, item(sku, ItemKind::Stocked)).await.expect("added");
        }
        store.make("SET", &[("CUP", "2"), ("MUG", "1")]).await.expect("made");
        store.make("ALL", &[("PLATE", "1")]).await.expect("made");
        store.receive(&[("CUP", "10"), ("MUG", "3")]).await;
        store
    }

    async fn in_grid(&self, query: &GridQuery) -> Vec<StockRow> {
        self.inventory.grid(&self.owner, query, 0, 200).await.expect("readable").data
    }

    async fn listed_skus(&self, query: &GridQuery) -> Vec<String> {
        self.in_grid(query).await.into_iter().map(|row| row.sku).collect()
    }

    /// How many of the kit the grid says can be made.
    async fn made_now(&self, sku: &str) -> Quantity {
        let mut rows = self.in_grid(&query(sku, GridSort::Sku)).await;
        rows.retain(|row| row.sku == sku);
        rows.remove(0).available
    }

    async fn sold_one(&self, sku: &str) {
        self.inventory.post_sale(&self.owner, sale(vec![line(sku, "1")])).await.expect("sold");
    }

    async fn change(&self, sku: &str, patch: ItemPatch) {
        let edit = Edit { sku: sku.into(), patch };
        self.inventory.change_items(&self.owner, vec![edit], "").await.expect("changed");
    }
}

#[tokio::test]
async fn a_kit_stands_in_the_grid_with_what_can_be_made_of_its_parts() {
    on_each(async |db| {
        let store = Open::with_kits(db).await;
        let rows = store.in_grid(&query("", GridSort::Sku)).await;
        assert_eq!(rows.iter().map(|row| row.sku.as_str()).collect::<Vec<_>>(), ["ALL", "CUP", "MUG", "PLATE", "SET"]);
        let told: Vec<_> = rows.iter().map(|row| (row.kit.is_some(), row.on_hand, row.available)).collect();
        let zero = Quantity::ZERO;
        assert_eq!((told[0], told[3]), ((true, zero, zero), (false, zero, zero)));
        assert_eq!((told[1], told[4]), ((false, units("10"), units("10")), (true, zero, units("3"))));
        let kit = rows[4].kit.as_ref().expect("a kit");
        let parts: Vec<_> = kit.parts.iter().map(|part| (part.sku.as_str(), part.enough_for, part.turn)).collect();
        assert_eq!((parts, kit.shortest.as_deref()), (vec![("CUP", 5, 1), ("MUG", 3, 1)], Some("MUG")));
        store.keep(&[("CUP", "7")]).await.expect("kept");
        assert_eq!(store.made_now("SET").await, units("1"), "what is promised is not there");
        store.sold_one("SET").await;
        assert_eq!(store.made_now("SET").await, zero);
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn it_stands_in_every_order_and_filter_in_which_it_belongs() {
    on_each(async |db| {
        let store = Open::with_kits(db).await;
        let backwards = |sort| GridQuery { descending: true, ..query("", sort) };
        store.change("SET", ItemPatch { name: Some("A set".into()), ..ItemPatch::default() }).await;
        assert_eq!(store.listed_skus(&query("", GridSort::Name)).await.first().map(String::as_str), Some("SET"));
        assert_eq!(store.listed_skus(&backwards(GridSort::Sku)).await[0], "SET");
        let last = ["MUG", "CUP", "ALL", "PLATE", "SET"];
        assert_eq!(store.listed_skus(&query("", GridSort::OnHand)).await, last, "of which nothing is there comes last");
        assert_eq!(store.listed_skus(&backwards(GridSort::OnHand)).await, ["CUP", "MUG", "ALL", "PLATE", "SET"]);
        assert_eq!(store.listed_skus(&query("a set", GridSort::OnHand)).await, ["SET"]);
        let category = Some(Some("Gifts".to_owned()));
        for sku in ["SET", "CUP"] {
            store.change(sku, ItemPatch { category: category.clone(), ..ItemPatch::default() }).await;
        }
        let gifts = |sort| GridQuery { category: "gifts".into(), ..query("", sort) };
        assert_eq!(store.listed_skus(&gifts(GridSort::Sku)).await, ["CUP", "SET"]);
        assert_eq!(store.listed_skus(&gifts(GridSort::OnHand)).await, ["CUP", "SET"]);
        let short = GridQuery { short: true, ..query("", GridSort::Sku) };
        assert_eq!(
            store.listed_skus(&short).await,
            Vec::<String>::new(),
            "a part that has run out stands there itself"
        );
        let found = GridQuery { search: "a set".into(), ..short };
        assert_eq!(store.listed_skus(&found).await, Vec::<String>::new());
        store.change("SET", ItemPatch { archived: Some(true), ..ItemPatch::default() }).await;
        assert_eq!(store.listed_skus(&query("", GridSort::Sku)).await, ["ALL", "CUP", "MUG", "PLATE"]);
        assert_eq!(store.inventory.whole_grid(&store.owner, &gifts(GridSort::Sku)).await.expect("read").len(), 1);
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_becomes_a_kit_and_is_none_again_stays_one_row() {
    on_each(async |db| {
        let store = Open::with_kits(db).await;
        store.receive(&[("PLATE", "2")]).await;
        store.sold_one("PLATE").await;
        store.sold_one("PLATE").await;
        store.make("ALL", &[]).await.expect("no kit any more");
        store.make("PLATE", &[("MUG", "2")]).await.expect("made");
        let all = ["ALL", "CUP", "MUG", "PLATE", "SET"];
        assert_eq!(store.listed_skus(&query("", GridSort::Sku)).await, all);
        assert_eq!(store.made_now("PLATE").await, units("1"));
        let order = store.listed_skus(&query("", GridSort::OnHand)).await;
        assert_eq!(order, ["MUG", "CUP", "ALL", "PLATE", "SET"], "that none of it was left says nothing of the kit");
        let short = GridQuery { short: true, ..query("", GridSort::Sku) };
        assert_eq!(store.listed_skus(&short).await, Vec::<String>::new());
        store.make("PLATE", &[]).await.expect("no kit any more");
        assert_eq!(store.listed_skus(&query("", GridSort::Sku)).await, all);
        assert_eq!(store.listed_skus(&short).await, ["PLATE"]);
        store.assert_sound().await;
        store.close().await;
    })
    .await;
}
