//! The demo store's own card: opened and removed with one tap, and the removal undone with another.

use super::{
    api::{remove_demo, restore_demo, what_is_there},
    products::{Opener, Wait},
};
use crate::{
    i18n::{t, t_string, use_i18n},
    parts::{Icon, Svg, UndoBar},
};
use crate::{json::brought, prelude::*};
use leptos::task::spawn_local;
use model::PersonId;

/// The card, for administrators.
#[component]
pub fn Demo() -> impl IntoView {
    let words = use_i18n();
    let known = brought(|| (), |()| what_is_there());
    view! {
        <section class="card" id="demo">
            <h2>{t!(words, setup.demo.title)}</h2>
            <Suspense>
                {drawn(move || async move {
                    let open = known.await.is_ok_and(|known| known.demo);
                    view! { <Switch open /> }
                })}
            </Suspense>
        </section>
    }
}

/// Loads the page anew: which stores there are has changed for all of it.
fn fresh() {
    window().location().reload().ok();
}

#[component]
fn Switch(open: bool) -> impl IntoView {
    let words = use_i18n();
    let open = RwSignal::new(open);
    let removed = RwSignal::new(None::<Vec<PersonId>>);
    let opener = Opener::new();
    let remove = move |_| {
        opener.busy.set(true);
        opener.failure.set(None);
        spawn_local(async move {
            let answer = remove_demo().await;
            if opener.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(gone) => {
                    open.set(false);
                    removed.set(Some(gone.people));
                }
                Err(failure) => opener.failure.set(Some(failure)),
            }
        });
    };
    let restore = Callback::new(move |()| {
        let Some(people) = removed.get_untracked() else { return };
        opener.busy.set(true);
        spawn_local(async move {
            let answer = restore_demo(people).await;
            if opener.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(()) => fresh(),
                Err(failure) => opener.failure.set(Some(failure)),
            }
        });
    });
    let add = move |_| {
        opener.open(None, fresh);
    };
    view! {
        <p class="quiet">{move || if open.get() { t_string!(words, setup.demo.open_text) } else { t_string!(words, setup.demo.closed_text) }}</p>
        <Wait opener />
        <Show when=move || removed.get().is_some()>
            <UndoBar text=Signal::derive(move || t_string!(words, setup.demo.removed).to_owned()) busy=opener.busy on_undo=restore
                on_close=Callback::new(move |()| fresh()) />
        </Show>
        {move || if open.get() {
            view! {
                <button type="button" class="button" disabled=opener.busy on:click=remove><Svg icon=Icon::Close />{t!(words, setup.demo.remove)}</button>
            }
        } else {
            view! {
                <button type="button" class="button" disabled=opener.busy on:click=add><Svg icon=Icon::Store />{t!(words, setup.products.demo)}</button>
            }
        }}
    }
}
