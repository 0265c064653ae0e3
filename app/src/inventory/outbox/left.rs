//! What is left to send, in a line below the scan field, and the way to it.

use super::use_outbox;
use crate::prelude::*;
use crate::{
    frame::use_here,
    i18n::{t, use_i18n},
    parts::{Icon, Svg},
};
use leptos_router::components::A;

/// `2 are waiting to be sent`, and `1 could not be booked`; nothing when nothing is left.
#[component]
pub fn Left() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let outbox = use_outbox();
    let (waiting, refused) = (outbox.waiting(), outbox.refused());
    let link = move || here.link("/waiting");
    view! {
        <Show when=move || { waiting.get() > 0 }>
            <p class="left">
                <Svg icon=Icon::Clock /><span>{t!(words, waiting.left, count = move || waiting.get())}</span>
                <A href=link>{t!(words, waiting.look)}</A>
            </p>
        </Show>
        <Show when=move || { refused.get() > 0 }>
            <p class="left" data-kind="bad">
                <Svg icon=Icon::Warning /><span>{t!(words, waiting.left_refused, count = move || refused.get())}</span>
                <A href=link>{t!(words, waiting.mend)}</A>
            </p>
        </Show>
    }
}
