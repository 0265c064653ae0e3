//! Grey bars of the right shape, while something takes longer than a blink.

use leptos::prelude::*;

/// Grey bars in place of `rows` lines.
#[component]
pub fn Skeleton(
    /// How many lines.
    #[prop(default = 6)]
    rows: usize,
) -> impl IntoView {
    view! {
        <div class="skeleton" aria-hidden="true">
            {(0..rows).map(|_| view! { <span class="skeleton-row"></span> }).collect_view()}
        </div>
    }
    .into_any()
}
