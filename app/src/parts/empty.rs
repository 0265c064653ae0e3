//! An empty screen: what belongs here, why there is nothing yet, and how to start.

use super::{Icon, Svg};
use crate::prelude::*;

/// An empty screen; its children are the way to start.
#[component]
pub fn Empty(
    /// The picture.
    icon: Icon,
    /// What belongs here.
    #[prop(into)]
    title: ViewFn,
    /// Why there is nothing yet, and what to do.
    #[prop(into)]
    text: ViewFn,
    /// The way to start.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <span class="empty-icon"><Svg icon /></span>
            <h2>{title.run()}</h2>
            <p>{text.run()}</p>
            {children.map(|children| children())}
        </div>
    }
}
