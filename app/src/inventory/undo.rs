//! Undoing a posting from a list: what will happen is said first, because an undo is not undone.

use crate::prelude::*;
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    inventory::api::reverse,
    parts::{Icon, Notice, Svg},
    prefs::Words,
};
use leptos::task::spawn_local;
use model::{DocumentKind, NewReversal, PostingId};

/// The button, and what it says before it does it.
#[component]
pub fn Undo(
    /// What would be undone.
    posting: PostingId,
    /// What kind of thing that is.
    kind: DocumentKind,
    /// The server has answered: what is shown is old.
    on_answer: Callback<()>,
) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let asking = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    // One id for all tries, so that an answer that was lost does not undo twice.
    let reversal = StoredValue::new(None::<PostingId>);
    let undo = move |_| {
        let id = reversal.get_value().unwrap_or_default();
        reversal.set_value(Some(id));
        busy.set(true);
        let by = Some(here.me().key());
        spawn_local(async move {
            let answer = reverse(posting, NewReversal { id, reason: None }, by).await;
            if busy.try_set(false).is_none() {
                failure.set(answer.err());
                on_answer.run(());
            }
        });
    };
    let kind_name = move || one(words, kind);
    view! {
        <div class="movement-undo">
            <Show
                when=move || asking.get()
                fallback=move || view! {
                    <button type="button" class="button quiet" on:click=move |_| asking.set(true)>
                        <Svg icon=Icon::Undo />{t!(words, item.undo)}
                    </button>
                }
            >
                <p>{t!(words, item.undo_sure, kind = kind_name)}</p>
                <div class="movement-undo-choice">
                    <button type="button" class="button primary" disabled=busy on:click=undo>
                        <Svg icon=Icon::Undo />
                        {move || if busy.get() {
                            t_string!(words, item.undo_working).to_string()
                        } else {
                            t_string!(words, item.undo_do, kind = one(words, kind)).to_string()
                        }}
                    </button>
                    <button type="button" class="button" disabled=busy on:click=move |_| asking.set(false)>
                        {t!(words, item.undo_keep)}
                    </button>
                </div>
                <Notice failure />
            </Show>
        </div>
    }
}

fn one(words: Words, kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Sale => t_string!(words, item.one_sale),
        DocumentKind::Return => t_string!(words, item.one_return),
        DocumentKind::Receipt => t_string!(words, item.one_receipt),
        DocumentKind::SupplierReturn => t_string!(words, item.one_supplier_return),
        DocumentKind::Adjustment | DocumentKind::Reversal | DocumentKind::Transfer => {
            t_string!(words, item.one_adjustment)
        }
    }
}
