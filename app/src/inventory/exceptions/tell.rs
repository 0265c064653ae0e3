//! A code that nobody knows, on its way to whoever keeps the products: `/exceptions?tell=5012345678900`.

use super::Board;
use crate::prelude::*;
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, tu_string, use_i18n},
    inventory::api::tell_code,
    parts::{Icon, Notice, Svg, Tone},
};
use leptos::task::spawn_local;
use leptos_router::hooks::use_query_map;
use model::Action;

/// The question whether to tell of it, until it is told.
#[component]
pub fn Tell(board: Board) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let code = use_query_map().read_untracked().get("tell").unwrap_or_default();
    let code = StoredValue::new(code.trim().chars().take(128).collect::<String>());
    let (told, busy) = (RwSignal::new(false), RwSignal::new(false));
    let failure = RwSignal::new(None::<Failure>);
    let tell = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let store = here.store().get_untracked().code;
        spawn_local(async move {
            let answer = tell_code(store, code.get_value()).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(()) => {
                    board.say(
                        Tone::Done,
                        tu_string!(words, day.exceptions.was_told, code = code.get_value()).to_string(),
                    );
                    told.set(true);
                    board.now();
                }
                Err(error) => failure.set(Some(error)),
            }
        });
    };
    view! {
        <Show when=move || !told.get() && !code.read_value().is_empty() && here.may(Action::Adjust)>
            <section class="card case">
                <div class="case-head"><Svg icon=Icon::Barcode /><h2>{t!(words, day.exceptions.tell_title, code = move || code.get_value())}</h2></div>
                <p>{t!(words, day.exceptions.tell_text)}</p>
                <Notice failure />
                <div class="case-ways">
                    <button type="button" class="button primary" disabled=busy on:click=tell>{t!(words, day.exceptions.tell)}</button>
                </div>
            </section>
        </Show>
    }
}
