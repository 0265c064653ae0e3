//! Starting a count: what it goes over is one tap.

use super::{api::open_count, words as called};
use crate::prelude::*;
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    inventory::find_places,
    parts::{Icon, Notice, Svg},
};
use leptos::{ev, task::spawn_local};
use leptos_router::hooks::use_navigate;
use model::{CountBy, NewStockCount, PaperId, Place};

/// The code of the place where sales leave from.
pub const SHOP: &str = "SHOP";

/// The button, and the form behind it.
#[component]
pub fn Start(
    /// The store's code.
    store: StoredValue<String>,
) -> impl IntoView {
    let words = use_i18n();
    let open = RwSignal::new(false);
    view! {
        <Show
            when=move || open.get()
            fallback=move || view! {
                <button type="button" class="button primary wide" on:click=move |_| open.set(true)>
                    <Svg icon=Icon::Plus />
                    {t!(words, counting.start)}
                </button>
            }
        >
            <Form store open />
        </Show>
    }
}

#[component]
fn Form(store: StoredValue<String>, open: RwSignal<bool>) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let navigate = use_navigate();
    let by = RwSignal::new(CountBy::Doubt);
    let (skus, note) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (place, places) = (RwSignal::new(SHOP.to_owned()), RwSignal::new(Vec::<Place>::new()));
    Effect::new(move || {
        spawn_local(async move {
            // Without an answer it is where sales leave from.
            if let Ok(found) = find_places(store.get_value()).await {
                places.try_set(found.data.into_iter().filter(|place| !place.archived).collect());
            }
        });
    });
    let (busy, failure) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    // Sent again after a broken line it keeps its id.
    let id = StoredValue::new(PaperId::new());
    let go = StoredValue::new(Callback::new(move |to: String| navigate(&to, Default::default())));
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let text = note.get_untracked().trim().to_owned();
        let listed = by.get_untracked() == CountBy::Items;
        let named = skus.get_untracked();
        let named = named.lines().map(str::trim).filter(|sku| listed && !sku.is_empty()).map(str::to_owned);
        let new = NewStockCount {
            id: id.get_value(),
            store: store.get_value(),
            by: by.get_untracked(),
            place: Some(place.get_untracked()).filter(|code| code != SHOP),
            skus: named.collect(),
            most: None,
            due_on: None,
            note: (!text.is_empty()).then_some(text),
        };
        busy.set(true);
        spawn_local(async move {
            let answer = open_count(new).await;
            if busy.try_set(false).is_some() {
                return; // The page is gone.
            }
            match answer {
                Ok(count) => go.get_value().run(untrack(|| here.link(&format!("/counts/{}", count.id)))),
                Err(error) => {
                    if !error.is_open() {
                        id.set_value(PaperId::new());
                    }
                    failure.set(Some(error));
                }
            }
        });
    };
    let choice = move |one: CountBy| {
        view! {
            <label class="count-choice">
                <input type="radio" name="by" checked=one == by.get_untracked() on:change=move |_| by.set(one) />
                <span><strong>{move || called::by(words, one)}</strong><small>{move || called::by_help(words, one)}</small></span>
            </label>
        }
    };
    view! {
        <form class="card count-start" on:submit=on_submit>
            <fieldset>
                <legend>{t!(words, counting.start_lead)}</legend>
                {[CountBy::Doubt, CountBy::Fast, CountBy::ClassA, CountBy::ClassB, CountBy::ClassC, CountBy::Store, CountBy::Items].map(choice)}
            </fieldset>
            <Show when=move || by.get() == CountBy::Items>
                <div class="field">
                    <label for="count-skus">{t!(words, counting.skus)}</label>
                    <textarea id="count-skus" rows="5" maxlength="20000" prop:value=skus on:input:target=move |event| skus.set(event.target().value())></textarea>
                </div>
            </Show>
            <Show when=move || places.with(|all| all.len() > 1)>
                <div class="field">
                    <label for="count-place">{t!(words, counting.place)}</label>
                    <select id="count-place" prop:value=place on:change:target=move |event| place.set(event.target().value())>
                        {move || places.get().into_iter().map(|one| view! { <option value=one.code.clone() selected=one.code == place.get_untracked()>{one.name}</option> }).collect_view()}
                    </select>
                </div>
            </Show>
            <div class="field">
                <label for="count-note">{t!(words, counting.note)}</label>
                <input id="count-note" maxlength="200" autocomplete="off" on:input:target=move |event| note.set(event.target().value()) />
            </div>
            <Notice failure />
            <button type="submit" class="button primary wide" disabled=busy>{t!(words, counting.go)}</button>
            <button type="button" class="button wide" on:click=move |_| open.set(false)>{move || t_string!(words, common.close)}</button>
        </form>
    }
}
