//! The categories: chips above a list, and what is offered while one types a name.

use super::api::categories;
use crate::prelude::*;
use crate::{
    i18n::{t_string, use_i18n},
    json::brought,
};
use leptos::task::spawn_local;
use model::Category;

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
                known.try_set(all);
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
    let words = use_i18n();
    let known = brought(|| (), |()| categories());
    let chip = move |name: String| {
        let name = StoredValue::new(name);
        let on = move || name.with_value(|name| Category::key(name) == Category::key(&chosen.read()));
        let to = move || link.run(if on() { String::new() } else { name.get_value() });
        view! {
            <a href=to data-noscroll="" class=move || if on() { "chip chosen" } else { "chip" } aria-current=move || on().then_some("true")>
                {name.get_value()}
            </a>
        }
    };
    view! {
        <Transition fallback=|| ()>
            {move || Suspend::new(async move {
                let mut names: Vec<String> = known.await.unwrap_or_default().into_iter().map(|one| one.name).take(CHIPS).collect();
                let shown = chosen.get_untracked();
                if !shown.is_empty() && names.iter().all(|name| Category::key(name) != Category::key(&shown)) {
                    names.push(shown);
                }
                (!names.is_empty()).then(|| view! {
                    <nav class="chips" aria-label=move || t_string!(words, products.categories)>
                        {names.into_iter().map(chip).collect_view()}
                    </nav>
                })
            })}
        </Transition>
    }
}
