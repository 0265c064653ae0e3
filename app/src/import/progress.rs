//! An import under way or over: how far, the way out, and the way back.

use super::{
    api::{resume_import, stop_import, undo_import},
    check::counted,
};
use crate::prelude::*;
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    parts::{Icon, Notice, Svg},
};
use leptos::task::spawn_local;
use leptos_router::components::A;
use model::{ImportProgress, ImportState, Uploaded};

/// What can be done with it.
#[derive(Clone, Copy)]
enum Way {
    Stop,
    GoOn,
    Undo,
}

/// How far it is, told by the server as it goes.
#[component]
pub fn Progress(file: Uploaded, progress: Memo<ImportProgress>) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let id = file.id;
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    let state = Memo::new(move |_| progress.read().state);
    let moving = move || state.get().is_moving();
    let go = move |way: Way| {
        busy.set(true);
        spawn_local(async move {
            let answer = match way {
                Way::Stop => stop_import(id).await,
                Way::GoOn => resume_import(id).await,
                Way::Undo => undo_import(id).await,
            };
            if busy.try_set(false).is_none() {
                failure.set(answer.err());
            }
        });
    };
    let title = move || match state.get() {
        ImportState::Waiting | ImportState::Running => t_string!(words, import.running),
        ImportState::Undoing => t_string!(words, import.undoing),
        ImportState::Done => t_string!(words, import.done),
        ImportState::Stopped => t_string!(words, import.stopped),
        ImportState::Failed => t_string!(words, import.failed),
        ImportState::Interrupted => t_string!(words, import.interrupted),
        ImportState::Undone => t_string!(words, import.undone),
    };
    let resumable = Memo::new(move |_| progress.read().resumable);
    let more = move || match state.get() {
        _ if resumable.get() => Some(t_string!(words, import.resumable_text)),
        ImportState::Interrupted | ImportState::Stopped | ImportState::Failed => {
            Some(t_string!(words, import.stopped_text))
        }
        ImportState::Undone => Some(t_string!(words, import.undone_text)),
        _ => None,
    };
    let figures = move || {
        let ImportProgress { added, changed, stocked, .. } = progress.get();
        let [added, changed, stocked] = [added, changed, stocked].map(|count| counted(words, count));
        t_string!(words, import.what_is_in, added = added, changed = changed, stocked = stocked).to_string()
    };
    let far = move || {
        let ImportProgress { done, total, .. } = progress.get();
        let (done, total) = (counted(words, done), counted(words, total));
        t_string!(words, import.progress, done = done, total = total).to_string()
    };
    view! {
        <section class="card import-progress" aria-label=move || t_string!(words, import.title)>
            <div role="status">
                <h2>
                    <Show when=move || state.get() == ImportState::Done><Svg icon=Icon::Check /></Show>
                    {move || title()}
                </h2>
            </div>
            <p class="hint">{file.file.clone()}</p>
            <Show when=moving>
                <progress
                    aria-label=move || t_string!(words, import.title)
                    max=move || progress.read().total.max(1)
                    value=move || progress.read().done
                ></progress>
                <p>{move || far()}</p>
            </Show>
            <p>{move || figures()}</p>
            {move || more().map(|text| view! { <p>{text}</p> })}
            {move || progress.get().trouble.map(|trouble| view! { <p class="wrong"><Svg icon=Icon::Warning />{trouble}</p> })}
            <Notice failure />
            <div class="import-acts">
                <Show when=move || state.get() == ImportState::Running>
                    <button type="button" class="button" disabled=busy on:click=move |_| go(Way::Stop)>
                        <Svg icon=Icon::Close />{t!(words, import.stop)}
                    </button>
                </Show>
                <Show when=move || !moving()>
                    <A href=move || here.link("/products") attr:class="button primary">{t!(words, import.see)}</A>
                </Show>
                <Show when=move || resumable.get()>
                    <button type="button" class="button" disabled=busy on:click=move |_| go(Way::GoOn)>
                        <Svg icon=Icon::Up />{t!(words, import.go_on)}
                    </button>
                </Show>
                <Show when=move || state.get().has_ended()>
                    <button type="button" class="button" disabled=busy on:click=move |_| go(Way::Undo)>
                        <Svg icon=Icon::Undo />{t!(words, import.undo)}
                    </button>
                </Show>
                <Show when=move || !moving()>
                    <A href=move || here.link("/import") attr:class="button">{t!(words, import.again)}</A>
                </Show>
            </div>
        </section>
    }
}
