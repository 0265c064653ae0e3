//! A shop with a journal, a ledger and its figures, on whatever engine.

use ::replay::Store;
use db::Db;
use model::{Money, NewLine, NewReturn, NewReversal, NewSale, Period, PostingId, RankBy, Receipt};
use std::ops::Deref;

pub struct Shop(Store);

impl Deref for Shop {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.0
    }
}

impl Shop {
    pub async fn open(db: Db) -> Self {
        let store = Store::open(db).await;
        for (sku, name, kind) in
            [("85123A", "White heart", "stocked"), ("71053", "Lantern", "stocked"), ("POST", "Postage", "service")]
        {
            store.add_item(sku, name, kind).await;
        }
        Self(store)
    }

    pub async fn close(self) {
        self.0.close().await;
    }

    pub async fn sell(&self, at: &str, lines: &[(&str, &str, &str)]) -> Receipt {
        let sale = NewSale {
            id: PostingId::new(),
            store: "LON".into(),
            occurred_at: Some(at.parse().expect("a time")),
            channel: model::Channel::Till,
            number: None,
            lines: new_lines(lines),
            lists: Vec::new(),
        };
        self.inventory.post_sale(&self.boss, sale).await.expect("a sale is never refused")
    }

    pub async fn take_back(&self, at: &str, lines: &[(&str, &str, &str)]) -> Receipt {
        let back = NewReturn {
            id: PostingId::new(),
            store: "LON".into(),
            occurred_at: Some(at.parse().expect("a time")),
            number: None,
            reason: None,
            sale: None,
            to: model::ReturnTo::Shelf,
            lines: new_lines(lines),
        };
        self.inventory.post_return(&self.boss, back).await.expect("it comes back")
    }

    pub async fn undo(&self, receipt: &Receipt) -> Receipt {
        self.undo_posting(receipt.id).await
    }

    pub async fn undo_posting(&self, posting: PostingId) -> Receipt {
        let undo = NewReversal { id: PostingId::new(), reason: None };
        self.inventory.reverse(&self.boss, posting, undo).await.expect("it is undone")
    }

    pub async fn best(&self, from: &str, to: &str, by: RankBy) -> Vec<(String, String, String)> {
        let found = self.report.most_sold(&self.boss, "LON", &period(from, to), by, 10).await.expect("a list");
        let row = |row: model::MostSold| (row.sku, row.quantity.to_string(), row.value.to_string());
        found.data.into_iter().map(row).collect()
    }
}

pub fn money(text: &str) -> Money {
    text.parse().expect("an amount")
}

pub fn new_lines(lines: &[(&str, &str, &str)]) -> Vec<NewLine> {
    let line = |(sku, quantity, price): &(&str, &str, &str)| NewLine {
        sku: (*sku).into(),
        quantity: quantity.parse().expect("a quantity"),
        unit_price: Some(price.parse().expect("a price")),
        lot: None,
        serials: Vec::new(),
    };
    lines.iter().map(line).collect()
}

pub fn period(from: &str, to: &str) -> Period {
    Period { from: from.into(), to: to.into() }
}

pub fn row(sku: &str, quantity: &str, value: &str) -> (String, String, String) {
    (sku.into(), quantity.into(), value.into())
}
