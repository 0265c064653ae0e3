//! Customers' orders: what was promised, to whom, and what is to be picked.

mod api;
mod board;
mod draft;
mod list;
mod page;
mod parts;
mod pick;
mod takes;
mod terms;
mod words;
mod worth;

pub use list::OrdersPage;
pub use page::OrderPage;
pub use pick::PickPage;
