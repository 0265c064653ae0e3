//! The grid by keyboard: arrows between rows and cells, page up and down, home and end.

use super::loader::Loader;
use crate::parts::{Measure, Window, measure};
use crate::prelude::*;
use leptos::{ev, html};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

type Grid = NodeRef<html::Div>;

/// Rows that page up and down go by.
const PAGE_ROWS: usize = 10;

/// Where a key leads from a row and cell of a list of that many.
fn led(key: &str, (row, cell): (usize, usize), total: usize) -> Option<(usize, usize)> {
    let last = total.checked_sub(1)?;
    Some(match key {
        "ArrowDown" => ((row + 1).min(last), cell),
        "ArrowUp" => (row.saturating_sub(1), cell),
        "PageDown" => ((row + PAGE_ROWS).min(last), cell),
        "PageUp" => (row.saturating_sub(PAGE_ROWS), cell),
        "Home" => (0, cell),
        "End" => (last, cell),
        "ArrowRight" => (row, cell + 1),
        "ArrowLeft" => (row, cell.saturating_sub(1)),
        _ => return None,
    })
}

/// The cell that waits for its row to exist, to get the focus.
pub type Wanted = StoredValue<Option<(usize, usize)>>;

/// A key was pressed inside the grid.
pub fn pressed(event: &ev::KeyboardEvent, grid: Grid, loader: Loader, active: RwSignal<usize>, wanted: Wanted) {
    if event.ctrl_key() || event.alt_key() || event.meta_key() {
        return;
    }
    // While a row is on its way the grid itself has the focus, and keys go on from where they were leading.
    let here = event.target().and_then(|target| place(&target.unchecked_into())).or_else(|| wanted.get_value());
    let Some(here) = here else { return };
    let Some((row, cell)) = led(&event.key(), here, loader.total.get_untracked()) else { return };
    event.prevent_default();
    active.set(row);
    if focus(grid, row, cell) {
        wanted.set_value(None);
    } else {
        wanted.set_value(Some((row, cell)));
        grid.get_untracked().map(|grid| grid.focus().ok());
        reveal(grid, loader, row);
    }
}

/// The focus moved inside the grid, by whatever means.
pub fn focused(event: &ev::FocusEvent, active: RwSignal<usize>) {
    if let Some((row, _)) = event.target().and_then(|target| place(&target.unchecked_into())) {
        active.set(row);
    }
}

/// A cell that was far away gets the focus once its row exists.
pub fn keep_focus(grid: Grid, loader: Loader, wanted: Wanted) {
    Effect::new(move |_| {
        loader.window.track();
        loader.track_arrivals();
        request_animation_frame(move || {
            if let Some(Some((row, cell))) = wanted.try_get_value()
                && focus(grid, row, cell)
            {
                wanted.set_value(None);
            }
        });
    });
}

/// The row and cell that an element stands in.
fn place(element: &Element) -> Option<(usize, usize)> {
    let row = element.closest("[role=row]").ok()??;
    let number: usize = row.get_attribute("aria-rowindex")?.parse().ok()?;
    let cell = element.closest("[role=rowheader], [role=gridcell]").ok()??;
    let cells = row.children();
    let cell = (0..cells.length()).position(|number| cells.item(number).is_some_and(|other| other == cell))?;
    Some((number.checked_sub(2)?, cell))
}

/// Puts the focus on a cell, or on the link in it; `false` when the row does not exist on the page, or not yet whole.
fn focus(grid: Grid, row: usize, cell: usize) -> bool {
    let found = grid.get_untracked().and_then(|grid| {
        let row = grid.query_selector(&format!("[aria-rowindex='{}']", row + 2)).ok()??;
        let cells = row.children();
        let cell = cells.item(u32::try_from(cell).ok()?.min(cells.length().checked_sub(1)?))?;
        cell.query_selector("a").ok()?.or(Some(cell))?.dyn_into::<HtmlElement>().ok()
    });
    found.is_some_and(|element| {
        element.focus().is_ok() && document().active_element().is_some_and(|active| active.is_same_node(Some(&element)))
    })
}

/// Scrolls to a row that does not exist yet; [`keep_focus`] does the rest.
fn reveal(grid: Grid, loader: Loader, row: usize) {
    let Some(body) = grid.get_untracked().and_then(|grid| grid.query_selector(".rows").ok().flatten()) else { return };
    let here: Measure = measure(&body);
    if let Some(to_px) = Window::reveal(loader.total.get_untracked(), here, row) {
        window().scroll_by_with_x_and_y(0.0, to_px - here.scrolled_px);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_lead_to_rows_and_cells_and_never_out_of_the_list() {
        assert_eq!(led("ArrowDown", (4, 1), 6), Some((5, 1)));
        assert_eq!(led("ArrowDown", (5, 1), 6), Some((5, 1)));
        assert_eq!(led("ArrowUp", (0, 1), 6), Some((0, 1)));
        assert_eq!(led("End", (0, 2), 100_000), Some((99_999, 2)));
        assert_eq!(led("ArrowLeft", (3, 0), 6), Some((3, 0)));
    }

    #[test]
    fn other_keys_lead_nowhere_and_an_empty_list_has_no_rows() {
        assert_eq!(led("a", (3, 0), 6), None);
        assert_eq!(led("ArrowDown", (0, 0), 0), None);
    }
}
