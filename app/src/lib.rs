//! The pages of the shop, rendered on the server and brought to life in the browser.

#![allow(clippy::redundant_closure, reason = "`view!` shares the code of the closures that it sees written out")]

pub mod activity;
pub mod auth;
#[cfg(feature = "ssr")]
pub mod caller;
pub mod counting;
mod design;
pub mod failure;
pub mod frame;
pub mod help;
pub mod import;
mod in_turn;
pub mod inventory;
pub mod json;
mod lazy;
pub mod live;
pub mod parts;
pub mod people;
pub mod prefs;
pub mod prelude;
pub mod problems;
pub mod report;
pub mod rules;
pub mod said;
pub mod setup;
#[cfg(feature = "ssr")]
pub mod shell;

/// The words of the pages, checked when they are compiled; `app/locales` holds them.
#[expect(missing_docs, unused_imports, dead_code, reason = "made by leptos_i18n")]
mod words {
    include!(concat!(env!("OUT_DIR"), "/words.rs"));
}
pub use failure::Failure;

/// The words of the pages in the reader's language.
pub mod i18n {
    pub use crate::{prefs::use_i18n, t, t_string, tu_string, words::i18n::*};
}

#[cfg(feature = "ssr")]
pub use {
    caller::Handles,
    shell::{Assets, shell},
};

use crate::prelude::*;
use frame::{Frame, Lost};
use inventory::Till;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    path,
};

/// The whole application, below `<body>`.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    prefs::provide();
    view! {
        <Title formatter=|text: String| if text.is_empty() { "Storeroom".into() } else { format!("{text} · Storeroom") } />
        <Router>
            <Routes fallback=Lost>
                <Route path=path!("/sign-in") view=lazy::DOOR ssr=SsrMode::Async />
                <Route path=path!("/who") view=lazy::WHO ssr=SsrMode::Async />
                <Route path=path!("/setup") view=lazy::SET_UP ssr=SsrMode::Async />
                <Route path=path!("/setup/store") view=lazy::NEW_STORE ssr=SsrMode::Async />
                <Route path=path!("/setup/products") view=lazy::FIRST_PRODUCTS ssr=SsrMode::Async />
                <Route path=path!("/setup/scan") view=lazy::SCAN ssr=SsrMode::Async />
                <Route path=path!("/setup/practice") view=lazy::PRACTICE ssr=SsrMode::Async />
                <ParentRoute path=path!("") view=Frame ssr=SsrMode::Async>
                    <Route path=path!("/") view=lazy::HOME />
                    <Route path=path!("/till") view=Till />
                    <Route path=path!("/receive") view=lazy::RECEIVE />
                    <Route path=path!("/return") view=lazy::TAKE_BACK />
                    <Route path=path!("/aside") view=lazy::ASIDE />
                    <Route path=path!("/history") view=lazy::HISTORY />
                    <Route path=path!("/exceptions") view=lazy::EXCEPTIONS />
                    <Route path=path!("/corrections") view=lazy::CORRECTIONS />
                    <Route path=path!("/corrections/:id") view=lazy::CORRECTION />
                    <Route path=path!("/counts") view=lazy::COUNTS />
                    <Route path=path!("/counts/:id") view=lazy::COUNT />
                    <Route path=path!("/waiting") view=lazy::WAITING />
                    <Route path=path!("/stock") view=lazy::STOCK />
                    <Route path=path!("/items/:sku") view=lazy::ITEM />
                    <Route path=path!("/products") view=lazy::PRODUCTS />
                    <Route path=path!("/products/new") view=lazy::NEW_PRODUCT />
                    <Route path=path!("/products/:sku") view=lazy::PRODUCT />
                    <Route path=path!("/prices") view=lazy::PRICE_LISTS />
                    <Route path=path!("/prices/:id") view=lazy::PRICE_LIST />
                    <Route path=path!("/taxes") view=lazy::TAXES />
                    <Route path=path!("/taxes/:id") view=lazy::TAX_CLASS />
                    <Route path=path!("/variants") view=lazy::FAMILIES />
                    <Route path=path!("/variants/:id") view=lazy::FAMILY />
                    <Route path=path!("/orders") view=lazy::ORDERS />
                    <Route path=path!("/orders/:id") view=lazy::ORDER />
                    <Route path=path!("/pick/:id") view=lazy::PICK />
                    <Route path=path!("/purchases") view=lazy::PURCHASES />
                    <Route path=path!("/purchases/buy") view=lazy::BUY />
                    <Route path=path!("/purchases/:id") view=lazy::PURCHASE />
                    <Route path=path!("/purchases/:id/receive") view=lazy::ARRIVAL />
                    <Route path=path!("/deliveries/:id") view=lazy::DELIVERY />
                    <Route path=path!("/supplier-returns") view=lazy::SUPPLIER_RETURNS />
                    <Route path=path!("/supplier-returns/:id") view=lazy::SUPPLIER_RETURN />
                    <Route path=path!("/suppliers") view=lazy::SUPPLIERS />
                    <Route path=path!("/suppliers/:id") view=lazy::SUPPLIER />
                    <Route path=path!("/import") view=lazy::IMPORT />
                    <Route path=path!("/transfers") view=lazy::TRANSFERS />
                    <Route path=path!("/transfers/:id") view=lazy::TRANSFER />
                    <Route path=path!("/places") view=lazy::PLACES />
                    <Route path=path!("/lots") view=lazy::LOTS />
                    <Route path=path!("/dashboard") view=lazy::DASHBOARD />
                    <Route path=path!("/worth") view=lazy::WORTH />
                    <Route path=path!("/worth/:sku") view=lazy::LAYERS />
                    <Route path=path!("/margins") view=lazy::MARGINS />
                    <Route path=path!("/design") view=lazy::DESIGN />
                    <Route path=path!("/settings") view=lazy::SETTINGS />
                    <Route path=path!("/settings/people") view=lazy::PEOPLE />
                    <Route path=path!("/settings/keys") view=lazy::KEYS />
                    <Route path=path!("/settings/sessions") view=lazy::SESSIONS />
                    <Route path=path!("/settings/rules") view=lazy::RULES />
                    <Route path=path!("/activity") view=lazy::ACTIVITY />
                    <Route path=path!("/problems") view=lazy::PROBLEMS />
                </ParentRoute>
            </Routes>
        </Router>
    }
}
