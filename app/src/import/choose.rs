//! Choosing a file: dropped, or picked; it is read by the server and nothing is changed.

use crate::prelude::*;
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, use_i18n},
    inventory::escape,
    parts::{Icon, Notice, Svg, upload},
};
use leptos::{ev, html, task::spawn_local};
use leptos_router::hooks::use_navigate;
use model::Uploaded;

/// The place for a file.
#[component]
pub fn Choose() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let field = NodeRef::<html::Input>::new();
    let reading = RwSignal::new(None::<String>);
    let over = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    let navigate = StoredValue::new(use_navigate());
    let take = move |file: web_sys::File| {
        reading.set(Some(file.name()));
        failure.set(None);
        let store = here.store().get_untracked().code;
        spawn_local(async move {
            let answer = upload::<Uploaded>(&format!("/files/import?name={}", escape(&file.name())), &file).await;
            if reading.try_set(None).is_some() {
                return;
            }
            match answer {
                Ok(read) => {
                    let to = format!("/import?store={}&file={}", escape(&store), read.id);
                    navigate.with_value(|navigate| navigate(&to, Default::default()));
                }
                Err(reason) => failure.set(Some(reason)),
            }
        });
    };
    let on_pick = move |_| {
        let Some(input) = field.get_untracked() else { return };
        let file = input.files().and_then(|files| files.get(0));
        input.set_value("");
        file.into_iter().for_each(take);
    };
    let on_drop = move |event: ev::DragEvent| {
        event.prevent_default();
        over.set(false);
        let file = event.data_transfer().and_then(|data| data.files()).and_then(|files| files.get(0));
        file.into_iter().for_each(take);
    };
    view! {
        <section
            class="card drop"
            class:over=over
            on:dragover=move |event: ev::DragEvent| {
                event.prevent_default();
                over.set(true);
            }
            on:dragleave=move |_| over.set(false)
            on:drop=on_drop
        >
            <span class="empty-icon"><Svg icon=Icon::Up /></span>
            <p class="drop-title">{t!(words, import.drop)}</p>
            <p class="hint">{t!(words, import.or)}</p>
            <label class="button primary pick-file">
                {t!(words, import.choose)}
                <input type="file" accept=".csv,.tsv,.txt,.xlsx,.gz" node_ref=field disabled=move || reading.read().is_some() on:change=on_pick />
            </label>
            <p class="hint">{t!(words, import.limits)}</p>
            <p role="status">{move || reading.get().map(|file| t!(words, import.reading, file = move || file.clone()))}</p>
            <Notice failure />
        </section>
    }
}
