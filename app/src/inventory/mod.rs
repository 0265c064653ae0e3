//! The shop's pages: the till, the stock and the single item.

pub mod api;
mod item;
mod stock;
mod till;

pub use item::ItemPage;
pub use stock::{StockPage, item_link, lit};
pub use till::Till;
