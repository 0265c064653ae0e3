//! The catalogue: every product in a list, one in its editor, many changed at once.

pub mod api;
mod bar;
mod bulk;
mod categories;
mod codes;
mod costing;
mod editor;
mod entry;
mod fields;
mod filter;
mod form;
mod list;
mod loader;
mod made;
mod merge;
mod new;
mod packs;
mod picture;
mod promise;
mod rename;

pub use categories::Categories;
pub use editor::ProductPage;
pub use filter::{new_link, product_link};
pub use new::NewProductPage;
pub use picture::Picture;

use crate::{
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    parts::{Empty, Icon, Notice, Skeleton, Svg},
};
use crate::{json::brought, prelude::*};
use api::products;
use bar::Bar;
use leptos::either::EitherOf3;
use leptos_meta::Title;
use leptos_router::{
    components::A,
    hooks::{use_location, use_query_map},
};
use list::List;
use loader::CHUNK;
use model::{Action, ProductQuery};
use rename::Rename;

/// The list's page: its filters live in the URL.
#[component]
pub fn ProductsPage() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let params = use_query_map();
    let path = use_location().pathname;
    // While another page is on its way in, its URL says nothing about this one.
    let query = Memo::new(move |shown: Option<&ProductQuery>| match shown {
        Some(shown) if path.get() != "/products" => shown.clone(),
        _ => filter::read(&params.read(), &here.store().read().code),
    });
    let rows = brought(
        move || query.get(),
        |query| async move {
            let rows = products(query.clone(), 0, i64::try_from(CHUNK).unwrap_or_default()).await;
            rows.map(|rows| (query, rows))
        },
    );
    let may_edit = move || here.may(Action::EditItems);
    let may_import = move || here.may(Action::Import);
    view! {
        <Title text=move || t_string!(words, products.title) />
        <header class="page-head products-head">
            <div>
                <h1>{t!(words, products.title)}</h1>
                <p>{t!(words, products.lead, store = move || here.store().get().name)}</p>
            </div>
            <div class="products-acts">
                <A href=move || here.link("/taxes") attr:class="button"><Svg icon=Icon::Shield />{t!(words, taxes.title)}</A>
                <A href=move || here.link("/variants") attr:class="button"><Svg icon=Icon::Palette />{t!(words, variants.title)}</A>
                <A href=move || here.link("/prices") attr:class="button"><Svg icon=Icon::Tag />{t!(words, prices.title)}</A>
                <Show when=may_import>
                    <A href=move || here.link("/import") attr:class="button"><Svg icon=Icon::Up />{t!(words, products.import)}</A>
                </Show>
                <Show when=may_edit>
                    <A href=move || here.link("/products/new") attr:class="button primary"><Svg icon=Icon::Plus />{t!(words, products.add)}</A>
                </Show>
            </div>
        </header>
        <Bar query />
        <Show when=may_edit><Rename query /></Show>
        <Transition fallback=|| view! { <Skeleton rows=12 /> }>
            {drawn(move || async move {
                match rows.await {
                    Ok((query, rows)) if rows.total == 0 => EitherOf3::A(view! { <Nothing query /> }),
                    Ok((query, rows)) => EitherOf3::B(view! { <List query first=rows /> }),
                    Err(failure) => EitherOf3::C(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
    }
}

/// An empty list says what belongs here, and how to start.
#[component]
fn Nothing(query: ProductQuery) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let all = filter::link(&ProductQuery { store: query.store.clone(), ..ProductQuery::default() });
    let filtered = !query.search.is_empty() || query.archived || query.low || query.bare || !query.category.is_empty();
    if filtered {
        let ProductQuery { archived, low, bare, search, category, .. } = query;
        let category = StoredValue::new(category);
        let search = StoredValue::new(search);
        let title = move || match (search.with_value(String::is_empty), archived, low, bare) {
            (false, ..) => t_string!(words, products.none.unmatched, search = search.get_value()).to_string(),
            (_, true, ..) => t_string!(words, products.none.archived).to_string(),
            (_, _, true, _) => t_string!(words, products.none.low).to_string(),
            _ if !category.with_value(String::is_empty) => {
                t_string!(words, products.none.category, category = category.get_value()).to_string()
            }
            _ => t_string!(words, products.none.bare).to_string(),
        };
        return view! {
            <Empty icon=Icon::Search title text=move || t!(words, products.none.try_other)>
                <a href=all class="button">{t!(words, products.none.show_all)}</a>
            </Empty>
        };
    }
    let may_edit = move || here.may(Action::EditItems);
    view! {
        <Empty icon=Icon::Box title=move || t!(words, products.none.title) text=move || t!(words, products.none.text)>
            <Show when=may_edit>
                <A href=move || here.link("/import") attr:class="button">{t!(words, products.none.import)}</A>
            </Show>
        </Empty>
    }
}
