//! Where a figure leads: the rows that it is the sum of.

use crate::prelude::*;
use crate::{frame::Here, inventory::item_link};

/// What was sold and brought back on a day.
pub fn sold(here: Here, day: &str) -> String {
    format!("/history?store={}&day={day}", here.store().get().code)
}

/// Items at or below zero.
pub fn short(here: Here) -> String {
    format!("/stock?store={}&short=1", here.store().get().code)
}

/// Everything on hand, the most first.
pub fn on_hand(here: Here) -> String {
    format!("/stock?store={}&sort=on_hand&desc=1", here.store().get().code)
}

/// What waits for a person.
pub fn exceptions(here: Here) -> String {
    here.link("/exceptions")
}

/// An item's sheet.
pub fn item(here: Here, sku: &str) -> String {
    item_link(sku, &here.store().get().code)
}
