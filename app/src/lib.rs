//! The pages of the shop, rendered on the server and brought to life in the browser.

pub mod auth;
#[cfg(feature = "ssr")]
pub mod caller;
pub mod failure;
pub mod frame;
pub mod inventory;
pub mod live;
pub mod parts;
pub mod prefs;
pub mod report;
#[cfg(feature = "ssr")]
pub mod shell;

/// The words of the pages, checked when they are compiled; `app/locales` holds them.
#[expect(missing_docs, reason = "made by leptos_i18n")]
mod words {
    include!(concat!(env!("OUT_DIR"), "/words.rs"));
}
pub use failure::Failure;
pub use words::i18n;

#[cfg(feature = "ssr")]
pub use {
    caller::Handles,
    shell::{Assets, shell},
};

use auth::SignIn;
use frame::{Frame, Lost};
use inventory::{ItemPage, StockPage, Till};
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    path,
};
use report::DashboardPage;

/// The whole application, below `<body>`.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    prefs::provide();
    view! {
        <Title formatter=|text: String| if text.is_empty() { "Storeroom".into() } else { format!("{text} · Storeroom") } />
        <Router>
            <Routes fallback=Lost>
                <Route path=path!("/sign-in") view=SignIn ssr=SsrMode::Async />
                <ParentRoute path=path!("") view=Frame ssr=SsrMode::Async>
                    <Route path=path!("/") view=Till />
                    <Route path=path!("/till") view=Till />
                    <Route path=path!("/stock") view=StockPage />
                    <Route path=path!("/items/:sku") view=ItemPage />
                    <Route path=path!("/dashboard") view=DashboardPage />
                </ParentRoute>
            </Routes>
        </Router>
    }
}
