//! Above the list of products: the search, the filters and the files.

use super::{categories::Categories, filter};
use crate::prelude::*;
use crate::{
    i18n::{t_string, use_i18n},
    parts::{Files, FilterChip, Icon, SearchForm},
    prefs::Words,
};
use leptos_i18n::Locale as _;
use model::ProductQuery;

/// The search field, the chips and the files.
#[component]
pub fn Bar(
    /// What is shown now.
    query: Memo<ProductQuery>,
) -> impl IntoView {
    let words = use_i18n();
    let chip = move |icon: Icon, name: fn(Words) -> &'static str, of: fn(&mut ProductQuery) -> &mut bool| {
        let on = Signal::derive(move || *of(&mut query.get()));
        let link = Signal::derive(move || {
            let mut query = query.get();
            let flag = of(&mut query);
            *flag = !*flag;
            filter::link(&query)
        });
        view! { <FilterChip icon name on link /> }
    };
    view! {
        <div class="stock-bar">
            <SearchForm
                id="product-search"
                action="/products"
                label=|words| t_string!(words, products.search)
                hint=|words| t_string!(words, products.search_hint)
                button=|words| t_string!(words, products.search_button)
                search=Signal::derive(move || query.get().search)
                link=Callback::new(move |search| filter::link(&ProductQuery { search, ..query.get_untracked() }))
            >
                <input type="hidden" name="store" value=move || query.get().store />
                <Show when=move || !query.read().category.is_empty()><input type="hidden" name="category" value=move || query.get().category /></Show>
            </SearchForm>
            <div class="chips">
                {chip(Icon::Warning, |words| t_string!(words, products.low), |query| &mut query.low)}
                {chip(Icon::Barcode, |words| t_string!(words, products.bare), |query| &mut query.bare)}
                {chip(Icon::Box, |words| t_string!(words, products.archived), |query| &mut query.archived)}
            </div>
            <Categories
                chosen=Signal::derive(move || query.get().category)
                link=Callback::new(move |category| filter::link(&ProductQuery { category, ..query.get() }))
            />
            <Files link=Callback::new(move |format| filter::export_link(&query.read(), format, words.get_locale().as_str())) />
        </div>
    }
}
