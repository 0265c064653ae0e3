//! Products in several sizes or colours: all of them, one in its editor, and the grid on an item's page.

pub mod api;
mod desk;
mod editor;
mod grid;
mod rows;
mod typed;

pub use editor::FamilyPage;
pub use grid::Siblings;

use crate::{
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    inventory::escape,
    live::follow,
    parts::{Empty, Icon, Notice, Skeleton, Svg},
};
use crate::{json::brought, prelude::*};
use api::families;
use leptos::either::Either;
use leptos_meta::Title;
use leptos_router::{components::A, hooks::use_query_map};
use model::{Action, Family, FamilyId, Page, Since};

/// The way to a family.
pub fn link(id: FamilyId, store: &str) -> String {
    format!("/variants/{id}?store={}", escape(store))
}

/// The way to a new one, begun with an item.
pub fn new_link(sku: &str, store: &str) -> String {
    format!("{}&like={}", link(FamilyId::new(), store), escape(sku))
}

/// The page: `/variants?store=LON`, from the family `after` on.
#[component]
pub fn FamiliesPage() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let params = use_query_map();
    let after = Memo::new(move |_| params.read().get("after").and_then(|id| id.parse::<FamilyId>().ok()));
    let first = brought(
        move || (here.store().get().code, after.get()),
        |(store, after)| async move { families(after).await.map(|families| (store, after, families)) },
    );
    view! {
        <Title text=move || t_string!(words, variants.title) />
        <A href=move || here.link("/products") attr:class="back"><Svg icon=Icon::Back />{t!(words, variants.products)}</A>
        <header class="page-head products-head">
            <div>
                <h1>{t!(words, variants.title)}</h1>
                <p>{t!(words, variants.lead)}</p>
            </div>
            <Show when=move || here.may(Action::EditItems)>
                <div class="products-acts">
                    <A href=move || link(FamilyId::new(), &here.store().get().code) attr:class="button primary"><Svg icon=Icon::Plus />{t!(words, variants.add)}</A>
                </div>
            </Show>
        </header>
        <Transition fallback=|| view! { <Skeleton rows=6 /> }>
            {drawn(move || async move {
                match first.await {
                    Ok((store, after, first)) => Either::Left(view! { <List store after first /> }),
                    Err(failure) => Either::Right(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn List(store: String, after: Option<FamilyId>, first: Page<Family>) -> impl IntoView {
    let words = use_i18n();
    let next = first.next.clone().map(|id| format!("/variants?store={}&after={id}", escape(&store)));
    let all = RwSignal::new(first.data);
    let code = StoredValue::new(store.clone());
    let read = move || async move {
        let Page { data, as_of, .. } = families(after).await?;
        Ok(Since { total: 0, data, as_of })
    };
    follow(vec![format!("stock:{store}")], first.as_of, read, move |now| all.set(now));
    view! {
        <Show when=move || !all.read().is_empty() fallback=move || view! {
            <Empty icon=Icon::Tag title=move || t!(words, variants.none_title) text=move || t!(words, variants.none_text) />
        }>
            <ul class="purchases" aria-label=move || t_string!(words, variants.title)>
                <For each=move || all.get() key=|family| (family.id, family.version) let:family><Row family store=code.get_value() /></For>
            </ul>
        </Show>
        {next.map(|next| view! { <a class="button wide" href=next>{t!(words, variants.more)}</a> })}
    }
}

#[component]
fn Row(family: Family, store: String) -> impl IntoView {
    let words = use_i18n();
    let Family { id, name, options, items, .. } = family;
    let count = items.unsigned_abs();
    let differ = options.into_iter().map(|option| option.name).collect::<Vec<_>>().join(", ");
    view! {
        <li>
            <a class="purchase-row" href=link(id, &store)>
                <span class="purchase-name"><b>{name}</b><small>{move || t_string!(words, variants.count, count = count).to_string()}" · "{differ}</small></span>
                <Svg icon=Icon::Chevron />
            </a>
        </li>
    }
}
