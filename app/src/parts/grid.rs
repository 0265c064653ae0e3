//! A long list of which only the rows in view exist.
//!
//! The page itself scrolls; a filler above and one below the rows keep the scroll bar honest. Nothing here knows what
//! a row says. Invariant: no inline style in rendered HTML; the fillers get their height from the script.

use crate::prelude::*;
use leptos::{ev, html};
use wasm_bindgen::{JsCast, closure::Closure};

/// Rows rendered by the server, before anything could be measured.
pub const FIRST_ROWS: usize = 60;
/// Rows kept on either side of what is seen.
const SPARE_ROWS: usize = 12;
/// Browsers stop laying out somewhere above 17 million pixels; beyond this the scroll bar is scaled instead.
const HEIGHT_MAX_PX: f64 = 15_000_000.0;

/// Which rows exist, and the room left for those that do not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// First row.
    pub first: usize,
    /// The row after the last.
    pub end: usize,
    /// Filler above, in pixels.
    pub above_px: f64,
    /// Filler below, in pixels.
    pub below_px: f64,
}

/// What was measured: row and window height, and how far the list is scrolled past the top.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measure {
    /// Height of one row.
    pub row_px: f64,
    /// Height of the part of the page in which rows are seen.
    pub window_px: f64,
    /// How far the list's top is above the window's top; negative before it gets there.
    pub scrolled_px: f64,
}

impl Window {
    /// What the server renders, from row `from` on.
    #[must_use]
    pub fn first(from: usize, total: usize) -> Self {
        let first = from.min(total);
        Self { first, end: total.min(first + FIRST_ROWS), above_px: 0.0, below_px: 0.0 }
    }

    /// What is needed at that place of the list.
    #[must_use]
    pub fn at(total: usize, measure: Measure) -> Self {
        let Measure { row_px, window_px, .. } = measure;
        let height_px = (total as f64 * row_px).min(HEIGHT_MAX_PX);
        let scrolled_px = measure.scrolled_px.clamp(0.0, (height_px - window_px).max(0.0));
        let top_px = unscaled(total, measure, scrolled_px);
        let first = ((top_px / row_px) as usize).saturating_sub(SPARE_ROWS);
        let end = ((top_px + window_px) / row_px).ceil() as usize + SPARE_ROWS;
        let end = end.min(total);
        let first = first.min(end);
        let above_px = (scrolled_px - (top_px - first as f64 * row_px)).max(0.0);
        let below_px = (height_px - above_px - (end - first) as f64 * row_px).max(0.0);
        Self { first, end, above_px, below_px }
    }

    /// How far to scroll so that this row is wholly seen, or `None` when it is already.
    #[must_use]
    pub fn reveal(total: usize, measure: Measure, row: usize) -> Option<f64> {
        let Measure { row_px, window_px, scrolled_px } = measure;
        let top_px = unscaled(total, measure, scrolled_px);
        let row_top_px = row as f64 * row_px;
        let wanted_px = if row_top_px < top_px {
            row_top_px
        } else if row_top_px + row_px > top_px + window_px {
            row_top_px + row_px - window_px
        } else {
            return None;
        };
        let full_px = total as f64 * row_px;
        let scale = if full_px > HEIGHT_MAX_PX { (HEIGHT_MAX_PX - window_px) / (full_px - window_px) } else { 1.0 };
        Some(wanted_px * scale)
    }
}

/// Where the window's top is in a list that could be as tall as it wants.
fn unscaled(total: usize, measure: Measure, scrolled_px: f64) -> f64 {
    let full_px = total as f64 * measure.row_px;
    if full_px <= HEIGHT_MAX_PX {
        return scrolled_px;
    }
    scrolled_px * (full_px - measure.window_px) / (HEIGHT_MAX_PX - measure.window_px)
}

/// The rows in view of a list of `total`, each drawn once by `row(number)`; `window` tells the caller which they are.
#[component]
pub fn Rows<R, V>(
    /// How many rows there are in all.
    #[prop(into)]
    total: Signal<usize>,
    /// Written here: what is in view.
    window: RwSignal<Window>,
    /// Draws a row.
    row: R,
) -> impl IntoView
where
    R: Fn(usize) -> V + Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let above = NodeRef::<html::Div>::new();
    let below = NodeRef::<html::Div>::new();
    let body = NodeRef::<html::Div>::new();
    follow(total, window, body);
    Effect::new(move |_| {
        let Window { above_px, below_px, .. } = window.get();
        set_height(above, above_px);
        set_height(below, below_px);
    });
    let shown = move || {
        let Window { first, end, .. } = window.get();
        let total = total.get();
        (first.min(total)..end.min(total)).collect::<Vec<_>>()
    };
    view! {
        <div class="rows" role="rowgroup" node_ref=body>
            <div class="rows-filler" role="presentation" node_ref=above></div>
            <For each=shown key=|number| *number children=row />
            <div class="rows-filler" role="presentation" node_ref=below></div>
        </div>
    }
}

fn set_height(filler: NodeRef<html::Div>, height_px: f64) {
    if let Some(element) = filler.get() {
        // Through the CSSOM: the page's policy forbids style attributes, not this.
        web_sys::HtmlElement::style(&element).set_property("block-size", &format!("{height_px}px")).ok();
    }
}

/// Keeps `window` true while the page scrolls or changes size.
fn follow(total: Signal<usize>, window: RwSignal<Window>, body: NodeRef<html::Div>) {
    let asked = StoredValue::new(false);
    let look = move || {
        let Some(Some(body)) = body.try_get_untracked() else { return };
        let now = Window::at(total.get_untracked(), measure(&body));
        if window.try_get_untracked().is_some_and(|known| known != now) {
            window.set(now);
        }
    };
    let look_soon = move || {
        if asked.try_get_value() == Some(false) {
            asked.set_value(true);
            request_animation_frame(move || {
                if asked.try_set_value(false).is_none() {
                    look();
                }
            });
        }
    };
    Effect::new(move |_| {
        // Scrolling does not bubble, and which part of the page scrolls is the shell's affair: listen on the way down.
        StoredValue::new_local(Ear::new(look_soon));
        let resize = window_event_listener(ev::resize, move |_| look_soon());
        on_cleanup(move || resize.remove());
    });
    Effect::new(move |_| {
        total.track();
        body.track();
        look_soon();
    });
}

/// Hears every scroll of the page until dropped.
struct Ear {
    closure: Closure<dyn Fn()>,
    document: web_sys::Document,
}

impl Ear {
    fn new(hear: impl Fn() + 'static) -> Self {
        let closure = Closure::<dyn Fn()>::new(hear);
        let document = document();
        let function = closure.as_ref().unchecked_ref();
        document.add_event_listener_with_callback_and_bool("scroll", function, true).ok();
        Self { closure, document }
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        let function = self.closure.as_ref().unchecked_ref();
        self.document.remove_event_listener_with_callback_and_bool("scroll", function, true).ok();
    }
}

/// Measures the list as it lies on the page now.
#[must_use]
pub fn measure(body: &web_sys::Element) -> Measure {
    let window_px = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(800.0);
    let row = body.query_selector("[role=row]").ok().flatten();
    let row_px = row.map(|row| row.get_bounding_client_rect().height()).filter(|height| *height > 1.0).unwrap_or(56.0);
    Measure { row_px, window_px, scrolled_px: -body.get_bounding_client_rect().top() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(total: usize, scrolled_px: f64) -> Window {
        Window::at(total, Measure { row_px: 50.0, window_px: 1_000.0, scrolled_px })
    }

    #[test]
    fn the_rows_in_view_and_a_few_more_exist() {
        let window = at(100_000, 500_000.0);
        assert_eq!((window.first, window.end), (10_000 - SPARE_ROWS, 10_020 + SPARE_ROWS));
        assert!(window.above_px + window.below_px + (window.end - window.first) as f64 * 50.0 == 5_000_000.0);
    }

    #[test]
    fn rows_that_do_not_exist_are_never_asked_for() {
        assert_eq!(at(3, 0.0), Window { first: 0, end: 3, above_px: 0.0, below_px: 0.0 });
        assert_eq!(at(0, -200.0).end, 0);
        assert_eq!(at(3, 99_999.0).end, 3);
    }

    #[test]
    fn a_list_taller_than_browsers_allow_is_still_reached_to_its_last_row() {
        let window = at(10_000_000, HEIGHT_MAX_PX - 1_000.0);
        assert_eq!(window.end, 10_000_000);
        assert!(window.below_px < 1.0, "{window:?}");
    }

    #[test]
    fn a_row_out_of_view_is_revealed_and_one_in_view_is_left() {
        let measure = Measure { row_px: 50.0, window_px: 1_000.0, scrolled_px: 0.0 };
        assert_eq!(Window::reveal(1_000, measure, 19), None);
        assert_eq!(Window::reveal(1_000, measure, 20), Some(50.0));
    }
}
