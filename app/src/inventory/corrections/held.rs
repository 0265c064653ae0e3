//! What one just told is worth more than one may book alone: it waits, and where it can be seen.

use super::link;
use crate::i18n::{t, use_i18n};
use crate::parts::{Icon, Svg};
use crate::prelude::*;
use leptos_router::components::A;
use model::{Correction, PaperId};

/// A correction that was told from here and waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldNow {
    id: PaperId,
    number: String,
    store: String,
}

impl From<Correction> for HeldNow {
    fn from(correction: Correction) -> Self {
        let Correction { id, number, store, .. } = correction;
        Self { id, number, store }
    }
}

/// The bar, while one is told.
#[component]
pub fn HeldBar(held: RwSignal<Option<HeldNow>>) -> impl IntoView {
    let words = use_i18n();
    view! {
        <div role="status">
            {move || held.get().map(|HeldNow { id, number, store }| view! {
                <div class="notice correction-held" data-kind="warn">
                    <Svg icon=Icon::Clock />
                    <p>{t!(words, corrections.held, number = number)}</p>
                    <A href=link(id, &store) attr:class="button">{t!(words, corrections.see)}</A>
                </div>
            })}
        </div>
    }
}
