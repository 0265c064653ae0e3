//! Another name for the category that the list is narrowed to, and the way back.

use super::{
    api::{categories, rename_category},
    filter,
};
use crate::prelude::*;
use crate::{
    failure::Failure,
    i18n::{t, t_string, use_i18n},
    parts::{Icon, Notice, Svg, UndoBar},
};
use leptos::{ev, task::spawn_local};
use leptos_router::hooks::use_navigate;
use model::{Category, ProductQuery, Renaming};

/// The button, its form, and afterwards what was done.
#[component]
pub fn Rename(
    /// The list.
    query: Memo<ProductQuery>,
) -> impl IntoView {
    let words = use_i18n();
    let navigate = StoredValue::new(use_navigate());
    let open = RwSignal::new(None::<Category>);
    let (busy, failure, name) = (RwSignal::new(false), RwSignal::new(None::<Failure>), RwSignal::new(String::new()));
    // What it was called before, and what it is called now.
    let done = RwSignal::new(None::<(String, Category)>);
    let shown = Memo::new(move |_| query.read().category.clone());
    let ask = move |_| {
        busy.set(true);
        spawn_local(async move {
            let answer = categories().await;
            if busy.try_set(false).is_some() {
                return;
            }
            let all = answer.map(|all| all.data.into_iter().find(|one| one.is(&shown.read_untracked())));
            failure.set(all.as_ref().err().cloned());
            if let Ok(Some(known)) = all {
                name.set(known.name.clone());
                open.set(Some(known));
            }
        });
    };
    let call = move |known: Category, name: String| {
        busy.set(true);
        let was = known.name;
        spawn_local(async move {
            let answer = rename_category(known.id, Renaming { was: was.clone(), name }).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(now) => {
                    let list = ProductQuery { category: now.name.clone(), ..query.get_untracked() };
                    let back = done.read_untracked().as_ref().is_some_and(|(before, _)| *before == now.name);
                    done.set(Some((was, now)).filter(|_| !back));
                    open.set(None);
                    failure.set(None);
                    navigate.with_value(|navigate| navigate(&filter::link(&list), Default::default()));
                }
                Err(reason) => failure.set(Some(reason)),
            }
        });
    };
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if let Some(known) = open.get_untracked() {
            call(known, name.read_untracked().trim().to_owned());
        }
    };
    let undo = Callback::new(move |()| {
        if let Some((before, now)) = done.get_untracked() {
            call(now, before);
        }
    });
    let told = Signal::derive(move || {
        done.get().map_or_else(String::new, |(before, now)| {
            t_string!(words, products.rename.done, before = before, now = now.name).to_string()
        })
    });
    let same = move || {
        let name = name.read();
        name.trim().is_empty() || open.read().as_ref().is_none_or(|known| known.name == name.trim())
    };
    view! {
        <Show when=move || !shown.read().is_empty() && open.read().is_none()>
            <button type="button" class="button quiet" disabled=busy on:click=ask>
                <Svg icon=Icon::Tag />{t!(words, products.rename.open, name = move || shown.get())}
            </button>
        </Show>
        {move || open.get().map(|known| view! {
            <form class="card form rename" on:submit=on_submit>
                <div class="field">
                    <label for="category-name">{t!(words, products.rename.field, name = known.name)}</label>
                    <input id="category-name" autocomplete="off" maxlength="40" prop:value=name on:input:target=move |event| name.set(event.target().value()) />
                </div>
                <p class="hint">{t!(words, products.rename.hint)}</p>
                <div class="choices">
                    <button type="submit" class="button primary" disabled=move || busy.get() || same()>{t!(words, products.rename.act)}</button>
                    <button type="button" class="button quiet" on:click=move |_| { open.set(None); failure.set(None) }>{t!(words, products.rename.leave)}</button>
                </div>
            </form>
        })}
        <Notice failure />
        <Show when=move || done.read().is_some()>
            <UndoBar text=told busy on_undo=undo on_close=Callback::new(move |()| done.set(None)) />
        </Show>
    }
}
