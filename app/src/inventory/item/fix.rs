//! Fix stock: one counts what is on the shelf and says why, and the difference is booked.

use super::book::Book;
use crate::prelude::*;
use crate::{
    frame::use_here,
    i18n::{t, tu_string, use_i18n},
    inventory::{
        corrections::{HeldBar, HeldNow},
        count::Count,
        done::{Done, DoneBar},
    },
    parts::{Icon, Speaker, Svg, Tone, quantity},
};
use leptos_router::hooks::use_query_map;
use model::Corrected;

/// The button, and the form that it opens; `?fix=1` opens it at once.
#[component]
pub fn Fix(
    /// The item.
    book: Book,
) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let open = RwSignal::new(use_query_map().read_untracked().get_str("fix") == Some("1"));
    let (done, held) = (RwSignal::new(None::<Done>), RwSignal::new(None::<HeldNow>));
    let right = RwSignal::new(false);
    let speaker = expect_context::<Speaker>();
    let level = Signal::derive(move || book.level());
    let booked = move |corrected: Option<Corrected>| {
        match corrected {
            Some(Corrected::Posted(receipt)) => {
                let now = receipt.lines.first().and_then(|line| line.on_hand).unwrap_or_default();
                let number = quantity(words.get_locale_untracked(), now);
                let text = tu_string!(words, day.fixed, number = number).to_string();
                held.set(None);
                done.set(Some(Done::new(receipt.id, text)));
                speaker.play(Tone::Done);
            }
            None => {
                done.set(None);
                held.set(None);
                right.set(true);
                speaker.play(Tone::Done);
            }
            Some(Corrected::Held(correction)) => {
                done.set(None);
                held.set(Some(HeldNow::from(*correction)));
                speaker.play(Tone::Kept);
            }
        }
        open.set(false);
        book.load();
    };
    view! {
        <DoneBar done on_undone=Callback::new(move |()| book.load()) />
        <HeldBar held />
        <Show when=move || right.get()><p class="notice" role="status">{t!(words, item.fix.right)}</p></Show>
        <Show
            when=move || open.get()
            fallback=move || view! {
                <button type="button" class="button wide" on:click=move |_| { right.set(false); open.set(true) }>
                    <Svg icon=Icon::Check />{t!(words, item.fix.open)}
                </button>
            }
        >
            <Count sku=book.sku() store=here.store().get_untracked().code level
                on_done=Callback::new(booked) on_moved=Callback::new(move |()| book.load()) on_close=Callback::new(move |()| open.set(false)) />
        </Show>
    }
}
