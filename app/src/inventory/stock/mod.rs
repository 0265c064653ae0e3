//! The stock grid: everything that a store holds, each figure alive.

mod bar;
mod figures;
mod filter;
mod keys;
mod kits;
mod list;
mod loader;
mod row;
mod shelf;
mod views;
mod whereabouts;

pub use filter::{escape, item_link};
pub use row::lit;

use super::api::grid;
use crate::{
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    live::Live,
    parts::{Empty, Icon, Notice, Skeleton},
};
use crate::{json::brought, prelude::*};
use bar::Bar;
use leptos::either::{EitherOf3, EitherOf4};
use leptos_meta::Title;
use leptos_router::{
    components::A,
    hooks::{use_location, use_query_map},
};
use list::List;
use model::{Action, GridQuery, Since, StockRow};
use shelf::CHUNK;

/// The stock grid's page: its filters live in the URL.
#[component]
pub fn StockPage() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let params = use_query_map();
    let path = use_location().pathname;
    // While another page is on its way in, its URL says nothing about this one.
    let query = Memo::new(move |shown: Option<&GridQuery>| match shown {
        Some(shown) if path.get() != "/stock" => shown.clone(),
        _ => filter::read(&params.read(), &here.store().read().code),
    });
    let from = Memo::new(move |_| filter::read_from(&params.read()) / CHUNK * CHUNK);
    let rows = brought(
        move || (query.get(), from.get()),
        |(query, from)| async move {
            let rows =
                grid(query.clone(), i64::try_from(from).unwrap_or_default(), i64::try_from(CHUNK).unwrap_or_default());
            rows.await.map(|rows| (query, from, rows))
        },
    );
    view! {
        <Title text=move || t_string!(words, stock.title) />
        <header class="page-head stock-title">
            <h1>{t!(words, stock.title)}</h1>
            <p>{t!(words, stock.lead, store = move || here.store().get().name)}</p>
        </header>
        <Bar query />
        <Transition fallback=|| view! { <Skeleton rows=12 /> }>
            {drawn(move || async move {
                match rows.await {
                    Ok((query, _, Since { as_of, total: 0, .. })) => {
                        EitherOf3::A(view! { <Nothing query as_of reload=move || rows.refetch() /> })
                    }
                    Ok((query, from, rows)) => EitherOf3::B(view! { <Found query from rows /> }),
                    Err(failure) => EitherOf3::C(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn Found(query: GridQuery, from: usize, rows: Since<Vec<StockRow>>) -> impl IntoView {
    let currency = use_here().store().get_untracked().currency;
    view! { <List query from first=rows currency /> }
}

/// An empty list says why it is empty and what to do, and fills as soon as there is something.
#[component]
fn Nothing(query: GridQuery, as_of: i64, reload: impl Fn() + Copy + 'static) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let topics = vec![format!("stock:{}", query.store)];
    expect_context::<Live>().hear(topics, as_of, move |_| reload(), reload);
    let all =
        filter::link(&GridQuery { search: String::new(), short: false, category: String::new(), ..query.clone() });
    let search = StoredValue::new(query.search.clone());
    let searched = move || search.get_value();
    if !query.search.is_empty() {
        let title = move || t!(words, stock.unmatched_title, search = searched);
        EitherOf4::A(view! {
            <Empty icon=Icon::Search title text=move || t!(words, stock.unmatched_text)>
                <a href=all class="button primary">{t!(words, stock.clear)}</a>
            </Empty>
        })
    } else if query.short {
        let title = move || t!(words, stock.unmatched_short_title);
        EitherOf4::B(view! {
            <Empty icon=Icon::Check title text=move || t!(words, stock.unmatched_short_text)>
                <a href=all class="button primary">{t!(words, stock.clear)}</a>
            </Empty>
        })
    } else if !query.category.is_empty() {
        let category = StoredValue::new(query.category.clone());
        let title = move || t!(words, stock.unmatched_title, search = move || category.get_value());
        EitherOf4::C(view! {
            <Empty icon=Icon::Search title text=move || t!(words, stock.unmatched_text)>
                <a href=all class="button primary">{t!(words, stock.clear)}</a>
            </Empty>
        })
    } else {
        let title = move || t!(words, stock.empty_title);
        EitherOf4::D(view! {
            <Empty icon=Icon::Box title text=move || t!(words, stock.empty_text)>
                <A href=here.link("/till") attr:class="button primary">{t!(words, stock.empty_action)}</A>
                {here.may(Action::ManageStores).then(|| view! {
                    <A href="/setup/products" attr:class="button">{t!(words, setup.none.sample)}</A>
                })}
            </Empty>
        })
    }
}
