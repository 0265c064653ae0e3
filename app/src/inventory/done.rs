//! What was just posted from here, and the way back, for a while.

use super::api::reverse;
use crate::prelude::*;
use crate::{
    failure::Failure,
    frame::use_here,
    parts::{Notice, UndoBar},
};
use leptos::task::spawn_local;
use model::{NewReversal, PostingId};

/// Something that was just posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// Which posting.
    posting: PostingId,
    /// Its undoing; the same id for every try.
    reversal: PostingId,
    /// What was done, in words.
    text: String,
}

impl Done {
    /// That posting, in these words.
    #[must_use]
    pub fn new(posting: PostingId, text: String) -> Self {
        Self { posting, reversal: PostingId::new(), text }
    }
}

/// The bar, while there is something to undo.
#[component]
pub fn DoneBar(
    /// What was just done.
    done: RwSignal<Option<Done>>,
    /// It was undone.
    on_undone: Callback<()>,
) -> impl IntoView {
    let here = use_here();
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    let undo = move |()| {
        let Some(Done { posting, reversal, .. }) = done.get_untracked() else { return };
        busy.set(true);
        let by = Some(here.me().key());
        spawn_local(async move {
            let answer = reverse(posting, NewReversal { id: reversal, reason: None }, by).await;
            if busy.try_set(false).is_some() {
                return; // The page is gone.
            }
            match answer {
                Ok(_) => {
                    failure.set(None);
                    done.set(None);
                    on_undone.run(());
                }
                Err(error) => failure.set(Some(error)),
            }
        });
    };
    let close = move |()| {
        if !busy.get_untracked() {
            done.set(None);
        }
    };
    view! {
        {move || done.get().map(|done| view! {
            <UndoBar text=Signal::stored(done.text) busy on_undo=Callback::new(undo) on_close=Callback::new(close) />
        })}
        <Notice failure />
    }
}
