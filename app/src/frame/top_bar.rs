//! The top bar: where one is, which store, whether the line is live, and who is here.

use super::use_here;
use crate::{
    auth::api::SignOut,
    i18n::{t, t_string, use_i18n},
    parts::{Icon, Languages, Menu, Pill, Sounds, Svg, Themes},
};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_location};
use model::Action;

/// The top bar.
#[component]
pub fn TopBar() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let till = move || here.may(Action::Sell);
    let stock = move || here.may(Action::SeeStock);
    let dashboard = move || here.may(Action::SeeReports);
    view! {
        <header class="top">
            <A href=move || here.link("/") attr:class="brand" attr:aria-label="Storeroom">
                <Mark />
                <span class="brand-name">"Storeroom"</span>
            </A>
            <nav class="nav" aria-label=move || t_string!(words, common.nav.label)>
                <Show when=till><Tab path="/till" icon=Icon::Till name=move || t!(words, common.nav.till) /></Show>
                <Show when=stock><Tab path="/stock" icon=Icon::Box name=move || t!(words, common.nav.stock) /></Show>
                <Show when=dashboard><Tab path="/dashboard" icon=Icon::Chart name=move || t!(words, common.nav.dashboard) /></Show>
            </nav>
            <div class="top-end">
                <Pill />
                <StoreMenu />
                <PersonMenu />
            </div>
        </header>
    }
    .into_any()
}

/// One page's tab; an item is a page of the stock, and the start is the till.
#[component]
fn Tab(path: &'static str, icon: Icon, #[prop(into)] name: ViewFn) -> impl IntoView {
    let here = use_here();
    let at = use_location().pathname;
    let current = move || {
        let at = at.read();
        let page = match at.as_str() {
            "/" => "/till",
            at if at.starts_with("/items/") => "/stock",
            at => at,
        };
        (page == path).then_some("page")
    };
    view! {
        <a href=move || here.link(path) aria-current=current><Svg icon /><span>{name.run()}</span></a>
    }
    .into_any()
}

/// The product's mark: three shelves, the lowest one lit.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <rect x="3" y="3" width="18" height="4.5" rx="1.6" />
            <rect x="3" y="9.750" width="12" height="4.5" rx="1.6" />
            <rect class="mark-lit" x="3" y="16.500" width="18" height="4.5" rx="1.6" />
        </svg>
    }
    .into_any()
}

/// The store looked at; a menu when there are several.
#[component]
fn StoreMenu() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let path = use_location().pathname;
    let stores = here.me().stores;
    let name = move || here.store().get().name;
    if stores.len() < 2 {
        return view! { <span class="top-store"><Svg icon=Icon::Store /><span>{name}</span></span> }.into_any();
    }
    let rows = stores.into_iter().map(move |store| {
        let code = store.code.clone();
        let chosen = move || here.store().get().code == code;
        let link = move || format!("{}?store={}", path.get(), store.code);
        view! { <li><a class="menu-item" href=link aria-current=move || chosen().then_some("true")>{store.name.clone()}</a></li> }
    });
    view! {
        <Menu
            label=Signal::derive(move || t_string!(words, common.menu.store, name = name()).to_string())
            face=move || view! { <Svg icon=Icon::Store /><span class="menu-store">{name}</span> }
        >
            <ul class="menu-list">{rows.collect_view()}</ul>
        </Menu>
    }
    .into_any()
}

/// Who is here, this browser's switches, and the way out.
#[component]
fn PersonMenu() -> impl IntoView {
    let words = use_i18n();
    let name = use_here().me().name;
    let sign_out = ServerAction::<SignOut>::new();
    let (label, face) = (name.clone(), name.clone());
    view! {
        <Menu
            label=Signal::derive(move || t_string!(words, common.menu.person, name = label.clone()).to_string())
            face=move || view! { <Svg icon=Icon::Person /><span class="menu-name">{face.clone()}</span> }
        >
            <p class="menu-who">{t!(words, common.menu.signed_in_as)}<strong>{name}</strong></p>
            <Languages />
            <Themes />
            <Sounds />
            <ActionForm action=sign_out>
                <button type="submit" class="button wide"><Svg icon=Icon::SignOut />{t!(words, common.menu.sign_out)}</button>
            </ActionForm>
        </Menu>
    }
    .into_any()
}
