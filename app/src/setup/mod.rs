//! First start: from an empty house to the first scan in five steps, each of which can be left out.

mod administrator;
pub mod api;
#[cfg(feature = "ssr")]
mod bars;
mod demo;
mod guess;
mod page;
mod practice;
mod products;
mod scan;
mod steps;
mod store;

pub use demo::Demo;
pub use page::SetUpPage;
pub use practice::PracticePage;
pub use products::ProductsPage;
pub use scan::ScanPage;
pub use store::NewStorePage;

use model::{PersonId, Store};
use serde::{Deserialize, Serialize};

/// How far the set-up has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// The token is good: what follows is open.
    pub open: bool,
    /// The stores that there are; only told to whoever has the token.
    pub stores: Vec<Store>,
}

/// What the step with the products, and the demo's own card, look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shelves {
    /// The stores that there are.
    pub stores: Vec<Store>,
    /// The demo store is open.
    pub demo: bool,
}

/// What became of opening the demo store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Opening {
    /// It is open.
    Done,
    /// It takes longer than one may wait for an answer: ask again.
    UnderWay,
}

/// Who could sign in to the demo that was removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    /// They are let in again when the removal is undone.
    pub people: Vec<PersonId>,
}

/// What one practises with: barcodes, and the store in which they are looked up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// The store; none when the reader has none.
    pub store: Option<Store>,
    /// Some codes, never none.
    pub cards: Vec<Card>,
}

/// A barcode to practise with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// What it is the code of; empty for one that belongs to nothing.
    pub name: String,
    /// What a scanner reads.
    pub code: String,
    /// The dark stripes, as an SVG path on a height of 1.
    pub stripes: String,
    /// How wide all of it is, in the width of the narrowest stripe.
    pub width: u32,
}
