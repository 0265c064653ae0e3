//! Purchasing: suppliers, orders to them, and receiving what they bring.

pub mod api;
mod arrival;
mod buy;
mod desk;
mod lines;
mod list;
mod order;
mod print;
mod receive;
mod supplier;
mod suppliers;
mod told;
mod ways;

pub use buy::BuyPage;
pub use list::OrdersPage;
pub use order::OrderPage;
pub use receive::ReceivePage;
pub use supplier::SupplierPage;
pub use suppliers::SuppliersPage;
