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

/// What the stock is worth, item by item.
pub fn worth(here: Here) -> String {
    here.link("/worth")
}

/// What sales brought.
pub fn margins(here: Here) -> String {
    here.link("/margins")
}

/// What waits for a person.
pub fn exceptions(here: Here) -> String {
    here.link("/exceptions")
}

/// An item's sheet.
pub fn item(here: Here, sku: &str) -> String {
    item_link(sku, &here.store().get().code)
}
