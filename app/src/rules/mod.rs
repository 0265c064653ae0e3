//! The rules of a store: its lock date, and from which value on somebody else approves.

pub mod api;
mod page;
mod scales;

pub use page::RulesPage;
