//! The categories: chips above a list, and what is offered while one types a name.

use super::api::categories;
use crate::prelude::*;
use crate::{
    frame::use_here,
    i18n::{t_string, use_i18n},
    json::brought,
    live::{Hearing, Live},
};
use leptos::task::spawn_local;
use model::{Category, CategoryId, Page};

/// The list of names that there are, for fields.
pub const KNOWN: &str = "known-categories";
/// The most chips; others are found by an item's category.
const CHIPS: usize = 24;

/// What a field for a category offers, once the page is alive: a form has come with its product already, and nothing
/// more is streamed beside it.
#[component]
pub fn Known() -> impl IntoView {
    let known = RwSignal::new(Vec::<Category>::new());
    Effect::new(move || {
        spawn_local(async move {
            // Without them a name is typed.
            if let Ok(all) = categories().await {
                known.try_set(all.data);
            }
        });
    });
    view! {
        <datalist id=KNOWN>
            {move || known.get().into_iter().map(|one| view! { <option value=one.name /> }).collect_view()}
        </datalist>
    }
}

/// A chip for each category; the one that is chosen takes the filter off.
#[component]
pub fn Categories(
    /// The name of the one that is shown, empty for all.
    #[prop(into)]
    chosen: Signal<String>,
    /// The address of the list of that category, or of all.
    link: Callback<String, String>,
) -> impl IntoView {
    let known = brought(|| (), |()| categories());
    view! {
        <Transition fallback=|| ()>
            {drawn(move || async move {
                known.await.ok().map(|first| view! { <Chips first chosen link /> })
            })}
        </Transition>
    }
}

/// What is listed, followed live: it is read anew when something comes into another category, or one gets another name.
fn followed(first: Page<Category>) -> RwSignal<Vec<Category>> {
    let topics = vec![format!("stock:{}", use_here().store().get_untracked().code)];
    let known = RwSignal::new(first.data);
    let hearing = StoredValue::new(None::<Hearing>);
    let renew = move || {
        spawn_local(async move {
            let Ok(now) = categories().await else { return };
            if known.try_set(now.data).is_none()
                && let Some(hearing) = hearing.get_value()
            {
                hearing.since(now.as_of);
            }
        });
    };
    let live = expect_context::<Live>();
    let heard = live.hear(
        topics,
        first.as_of,
        move |event| {
            if event.items.iter().any(|news| news.change.category.is_some() || news.change.archived.is_some()) {
                renew();
            }
        },
        renew,
    );
    hearing.set_value(Some(heard));
    known
}

#[component]
fn Chips(first: Page<Category>, chosen: Signal<String>, link: Callback<String, String>) -> impl IntoView {
    let words = use_i18n();
    let known = followed(first);
    let chip = move |one: Category| {
        let one = StoredValue::new(one);
        let name = move || one.with_value(|one| one.name.clone());
        let on = move || one.with_value(|one| one.is(&chosen.read()));
        let to = move || link.run(if on() { String::new() } else { name() });
        view! {
            <a href=to data-noscroll="" class=move || if on() { "chip chosen" } else { "chip" } aria-current=move || on().then_some("true")>
                {name()}
            </a>
        }
    };
    let listed = Memo::new(move |_| {
        let mut shown = known.get();
        let chosen = chosen.get();
        let at = shown.iter().position(|one| one.is(&chosen));
        // The one that is chosen is there, also as the last of many or as one that nothing is of any more.
        match at {
            _ if chosen.is_empty() => {}
            Some(at) if at >= CHIPS => shown.swap(CHIPS - 1, at),
            Some(_) => {}
            None => shown.insert(
                shown.len().min(CHIPS - 1),
                Category { id: CategoryId::default(), name: chosen, former: Vec::new() },
            ),
        }
        shown.truncate(CHIPS);
        shown
    });
    view! {
        {move || (!listed.read().is_empty()).then(|| view! {
            <nav class="chips" aria-label=move || t_string!(words, products.categories)>
                {listed.get().into_iter().map(chip).collect_view()}
            </nav>
        })}
    }
}
