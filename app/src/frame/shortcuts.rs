//! The list of keys, for those who would rather not touch the mouse.

use super::{Here, Overlay, destination::Destination, palette::close_outside};
use crate::prelude::*;
use crate::{
    i18n::{t, t_string, use_i18n},
    parts::{Icon, Svg},
};

/// The list of keys; closed until it is asked for.
#[component]
pub fn Shortcuts(here: Here, overlay: Overlay) -> impl IntoView {
    let words = use_i18n();
    let places = move || {
        let line = |place: &'static Destination| {
            view! { <Keys keys=vec!["g".to_owned(), place.key.to_string()] does=move || place.word(words) /> }
        };
        Destination::open_to(here).map(line).collect_view()
    };
    let one = |key: &str| vec![key.to_owned()];
    view! {
        <dialog class="sheet keys" node_ref=overlay.keys() aria-labelledby="keys-title" on:click=close_outside>
            <div class="keys-sheet">
                <header class="keys-head">
                    <h2 id="keys-title">{t!(words, frame.keys.title)}</h2>
                    <button type="button" class="icon-button" aria-label=move || t_string!(words, common.close) on:click=move |_| overlay.close_keys()>
                        <Svg icon=Icon::Close />
                    </button>
                </header>
                <p class="quiet">{t!(words, frame.keys.text)}</p>
                <dl class="keys-list">
                    <Keys keys=vec!["Ctrl".to_owned(), "K".to_owned()] does=move || t_string!(words, frame.find.title) />
                    <Keys keys=one("?") does=move || t_string!(words, frame.keys.title) />
                    <Keys keys=one("Esc") does=move || t_string!(words, frame.keys.escape) />
                    <Keys keys=vec!["↑".to_owned(), "↓".to_owned()] does=move || t_string!(words, frame.keys.arrows) />
                    {move || places()}
                </dl>
            </div>
        </dialog>
    }
}

/// One line: the keys, and what they do.
#[component]
fn Keys(keys: Vec<String>, does: impl Fn() -> &'static str + Send + Sync + Copy + 'static) -> impl IntoView {
    let keys = keys.into_iter().map(|key| view! { <kbd>{key}</kbd> }).collect_view();
    view! { <div class="keys-line"><dt>{keys}</dt><dd>{does}</dd></div> }
}
