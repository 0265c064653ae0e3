//! The undo bar: what was just done, and the way back, for a while.

use super::{Icon, Svg};
use crate::i18n::{t, t_string, use_i18n};
use crate::prelude::*;

/// Shows what was done, with the way back. The clock is the CSS animation of its lower edge: it stands still while the
/// pointer or the focus is on the bar, and its end closes it.
#[component]
pub fn UndoBar(
    /// What was done.
    #[prop(into)]
    text: Signal<String>,
    /// Whether the undoing is under way.
    #[prop(into)]
    busy: Signal<bool>,
    /// Undo it.
    on_undo: Callback<()>,
    /// The time is over, or the bar was closed.
    on_close: Callback<()>,
) -> impl IntoView {
    let words = use_i18n();
    view! {
        <div class="undo" role="status" on:animationend=move |event| {
            if event.animation_name() == "undo-clock" { on_close.run(()) }
        }>
            <Svg icon=Icon::Check />
            <p>{text}</p>
            <button type="button" class="button undo-button" disabled=busy on:click=move |_| on_undo.run(())>
                <Svg icon=Icon::Undo />{t!(words, common.undo)}
            </button>
            <button type="button" class="icon-button" aria-label=move || t_string!(words, common.close) on:click=move |_| on_close.run(())>
                <Svg icon=Icon::Close />
            </button>
            <span class="undo-clock" aria-hidden="true"></span>
        </div>
    }
}
