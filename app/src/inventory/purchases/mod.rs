//! Purchasing: suppliers, orders to them, receiving what they bring, and sending it back.

pub mod api;
mod arrival;
pub mod back;
mod buy;
mod choose;
mod counted;
mod desk;
mod draft;
mod lines;
mod list;
mod lots;
mod order;
mod print;
mod receive;
mod supplier;
mod suppliers;
mod told;
mod ways;

pub use back::{SupplierReturnPage, SupplierReturnsPage};
pub use buy::BuyPage;
pub use list::OrdersPage;
pub use order::{OrderPage, nobody};
pub use receive::ReceivePage;
pub use supplier::SupplierPage;
pub use suppliers::SuppliersPage;
