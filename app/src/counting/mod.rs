//! Counts: the list, counting at the shelf, and the look at what differs.

pub mod api;
mod finish;
mod list;
mod page;
mod plan_form;
mod plans;
mod review;
mod start;
mod tally;
mod tolerance;
mod words;

pub use list::CountsPage;
pub use page::CountPage;
