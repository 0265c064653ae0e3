//! Grey bars of the right shape, while something takes longer than a blink. The style sheet holds them back for 400 ms.

use crate::prelude::*;

/// What will be there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    /// A list.
    #[default]
    Rows,
    /// Tiles with figures, and cards below them.
    Board,
    /// A heading, a card and a list.
    Sheet,
}

/// Grey bars in place of what is on its way.
#[component]
pub fn Skeleton(
    /// How many lines a list has.
    #[prop(default = 6)]
    rows: usize,
    /// What will be there.
    #[prop(optional)]
    shape: Shape,
) -> impl IntoView {
    let lines = (0..rows).map(|_| view! { <span class="skeleton-row"></span> }).collect_view();
    let inner = match shape {
        Shape::Rows => lines.into_any(),
        Shape::Board => view! {
            <span class="skeleton-row low"></span>
            <div class="skeleton-tiles">{(0..4).map(|_| view! { <span class="skeleton-row"></span> }).collect_view()}</div>
            <span class="skeleton-row tall"></span>
        },
        Shape::Sheet => view! {
            <span class="skeleton-row low"></span>
            <span class="skeleton-row tall"></span>
            {lines}
        },
    };
    view! { <div class="skeleton" aria-hidden="true">{inner}</div> }
}
