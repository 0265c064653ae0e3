//! What is above the grid: the search, the filter, the saved views and the files.

use super::{filter, views::Views};
use crate::prelude::*;
use crate::{
    i18n::{t_string, use_i18n},
    inventory::products::Categories,
    parts::{Files, FilterChip, Icon, SearchForm},
};
use leptos_i18n::Locale as _;
use model::GridQuery;

/// The search field, the filter chip and the files.
#[component]
pub fn Bar(
    /// What is shown now.
    query: Memo<GridQuery>,
) -> impl IntoView {
    let words = use_i18n();
    let toggled = Signal::derive(move || {
        let query = query.get();
        filter::link(&GridQuery { short: !query.short, ..query })
    });
    view! {
        <div class="stock-bar">
            <SearchForm
                id="stock-search"
                action="/stock"
                label=|words| t_string!(words, stock.search)
                hint=|words| t_string!(words, stock.search_hint)
                button=|words| t_string!(words, stock.search_button)
                search=Signal::derive(move || query.get().search)
                link=Callback::new(move |search| filter::link(&GridQuery { search, ..query.get_untracked() }))
            >
                <input type="hidden" name="store" value=move || query.get().store />
                <Show when=move || query.get().short><input type="hidden" name="short" value="1" /></Show>
                <Show when=move || !query.read().category.is_empty()><input type="hidden" name="category" value=move || query.get().category /></Show>
                <input type="hidden" name="sort" value=move || filter::name(query.get().sort) />
                <Show when=move || query.get().descending><input type="hidden" name="desc" value="1" /></Show>
            </SearchForm>
            <FilterChip
                icon=Icon::Warning
                name=|words| t_string!(words, stock.short)
                on=Signal::derive(move || query.get().short)
                link=toggled
            />
            <Views query />
            <Files link=Callback::new(move |format| filter::export_link(&query.read(), format, words.get_locale().as_str())) />
        </div>
        <Categories
            chosen=Signal::derive(move || query.get().category)
            link=Callback::new(move |category| filter::link(&GridQuery { category, ..query.get() }))
        />
    }
}
