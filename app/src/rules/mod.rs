//! The rules of a store: its lock date, and from which value on somebody else approves.

pub mod api;
mod page;
mod scales;
mod steps;
mod words;

pub use page::RulesPage;
pub use words::approves;
