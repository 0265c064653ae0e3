//! Filters that someone gave a name: chips above the grid, kept in this browser for this person. Each is a link.

use super::filter;
use crate::prelude::*;
use crate::{
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    parts::{Icon, Menu, Svg},
};
use leptos::{ev, html};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use model::GridQuery;
use serde::{Deserialize, Serialize};

/// Filters kept at most.
const VIEWS_MAX: usize = 12;

/// A filter with a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// What it is called.
    name: String,
    /// What it shows; its store is whichever is looked at.
    query: GridQuery,
    /// The stock opens with it.
    first: bool,
}

/// The chips, and the sheet to save the filter that is shown.
#[component]
pub fn Views(
    /// What is shown now.
    query: Memo<GridQuery>,
) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let key = StoredValue::new(format!("views:{}", here.me().key()));
    let views = RwSignal::new(Vec::<View>::new());
    let navigate = use_navigate();
    let bare = use_location().search.with_untracked(|search| is_bare(search));
    Effect::new(move |_| {
        views.set(load(&key.get_value()));
        let first = views.with_untracked(|views| views.iter().find(|view| view.first).cloned());
        // Only when one comes to the stock, and asked for nothing else.
        if let (true, Some(view)) = (bare, first) {
            let link = filter::link(&view.at(&here.store().get_untracked().code));
            navigate(&link, NavigateOptions { replace: true, ..NavigateOptions::default() });
        }
    });
    let change = move |change: &dyn Fn(&mut Vec<View>)| {
        views.update(|views| change(views));
        views.with_untracked(|views| save(&key.get_value(), views));
    };
    let shown = move |view: &View| query.with(|query| view.at(&query.store) == *query);
    let chip = move |view: View| {
        let (name, icon) = (view.name.clone(), if view.first { Icon::Star } else { Icon::Search });
        let link = {
            let view = view.clone();
            move || filter::link(&view.at(&here.store().get().code))
        };
        let chosen = Memo::new(move |_| shown(&view));
        view! {
            <a href=link data-noscroll="" class=move || if chosen.get() { "chip chosen" } else { "chip" } aria-current=move || chosen.get().then_some("true")>
                <Svg icon /><span class="view-name">{name}</span>
            </a>
        }
    };
    let changed = Callback::new(move |view: (String, Change)| {
        change(&|views| view.1.make(views, &view.0, &query.get_untracked()));
    });
    view! {
        {move || views.get().into_iter().map(chip).collect_view()}
        <Menu label=Signal::derive(move || t_string!(words, stock.views.title).to_string()) face=move || view! { <Svg icon=Icon::Star />{t!(words, stock.views.open)} }>
            <Keep changed />
            <ul class="views-list">
                {move || views.get().into_iter().map(|view| view! { <Kept view changed /> }).collect_view()}
            </ul>
            <p class="quiet">{t!(words, stock.views.text)}</p>
        </Menu>
    }
}

/// The name for what is shown now.
#[component]
fn Keep(changed: Callback<(String, Change)>) -> impl IntoView {
    let words = use_i18n();
    let field = NodeRef::<html::Input>::new();
    let keep = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let Some(field) = field.get_untracked() else { return };
        let name = field.value().trim().chars().take(40).collect::<String>();
        if !name.is_empty() {
            changed.run((name, Change::Keep));
            field.set_value("");
        }
    };
    view! {
        <form class="field" on:submit=keep>
            <label for="view-name">{t!(words, stock.views.name)}</label>
            <input id="view-name" type="text" maxlength="40" autocomplete="off" required=true node_ref=field />
            <button type="submit" class="button wide">{t!(words, stock.views.keep)}</button>
        </form>
    }
}

/// A kept filter: open with it, or take it off the list.
#[component]
fn Kept(view: View, changed: Callback<(String, Change)>) -> impl IntoView {
    let words = use_i18n();
    let View { name, first, .. } = view;
    let [shown, starred, gone] = [name.clone(), name.clone(), name.clone()];
    let star_label = {
        let name = name.clone();
        move || t_string!(words, stock.views.first, name = name.clone()).to_string()
    };
    let gone_label = move || t_string!(words, stock.views.remove, name = name.clone()).to_string();
    view! {
        <li class="views-line">
            <span class="view-name">{shown}</span>
            <button type="button" class="icon-button" aria-pressed=first.to_string() aria-label=star_label on:click=move |_| changed.run((starred.clone(), Change::First))>
                <Svg icon=Icon::Star />
            </button>
            <button type="button" class="icon-button" aria-label=move || gone_label() on:click=move |_| changed.run((gone.clone(), Change::Remove))>
                <Svg icon=Icon::Close />
            </button>
        </li>
    }
}

/// What is done to the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    /// Keeps what is shown under that name, in place of an older one of the same name.
    Keep,
    /// Opens the stock with that one, or no longer.
    First,
    /// Takes that one off.
    Remove,
}

impl Change {
    fn make(self, views: &mut Vec<View>, name: &str, shown: &GridQuery) {
        match self {
            Self::Keep => {
                views.retain(|view| view.name != name);
                let query = GridQuery { store: String::new(), ..shown.clone() };
                views.push(View { name: name.to_owned(), query, first: false });
                let spare = views.len().saturating_sub(VIEWS_MAX);
                views.drain(..spare);
            }
            Self::First => views.iter_mut().for_each(|view| view.first = view.name == name && !view.first),
            Self::Remove => views.retain(|view| view.name != name),
        }
    }
}

impl View {
    fn at(&self, store: &str) -> GridQuery {
        GridQuery { store: store.to_owned(), ..self.query.clone() }
    }
}

/// Nothing is asked for but the store.
fn is_bare(search: &str) -> bool {
    search.trim_start_matches('?').split('&').all(|part| part.is_empty() || part.starts_with("store="))
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

fn load(key: &str) -> Vec<View> {
    let text = storage().and_then(|storage| storage.get_item(key).ok().flatten());
    text.and_then(|text| crate::json::read(&text).ok()).unwrap_or_default()
}

fn save(key: &str, views: &[View]) {
    if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(views)) {
        storage.set_item(key, &text).ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(names: &[&str]) -> Vec<View> {
        let mut views = Vec::new();
        names.iter().for_each(|name| Change::Keep.make(&mut views, name, &GridQuery::default()));
        views
    }

    #[test]
    fn a_name_is_kept_once_and_the_oldest_make_room() {
        let views = kept(&["low", "red", "low"]);
        assert_eq!(views.iter().map(|view| view.name.as_str()).collect::<Vec<_>>(), ["red", "low"]);
        let many: Vec<_> = (0..20).map(|number| number.to_string()).collect();
        let views = kept(&many.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!((views.len(), views[0].name.as_str()), (VIEWS_MAX, "8"));
    }

    #[test]
    fn the_stock_opens_with_one_or_none() {
        let mut views = kept(&["low", "red"]);
        Change::First.make(&mut views, "low", &GridQuery::default());
        Change::First.make(&mut views, "red", &GridQuery::default());
        assert_eq!(views.iter().map(|view| view.first).collect::<Vec<_>>(), [false, true]);
        Change::First.make(&mut views, "red", &GridQuery::default());
        assert!(views.iter().all(|view| !view.first));
    }

    #[test]
    fn a_filter_in_the_address_is_not_overruled() {
        assert!(is_bare("") && is_bare("?store=LON"));
        assert!(!is_bare("?store=LON&short=1") && !is_bare("?q=lamp"));
    }
}
