//! The signed-in frame: who is here, which store, the top bar, and the page below it.

mod top_bar;

use crate::{
    auth::{Me, api::me},
    i18n::{t, use_i18n},
    live::Live,
    parts::{Empty, Icon, Notice, Skeleton, Speaker},
};
use leptos::{either::EitherOf3, prelude::*};
use leptos_router::{
    components::{A, Outlet, Redirect},
    hooks::{use_location, use_navigate, use_query_map},
};
use model::{Action, Store};
pub use top_bar::Mark;
use top_bar::TopBar;

/// Who is here and which store is looked at: in context on every page below [`Frame`].
#[derive(Clone, Copy)]
pub struct Here {
    me: StoredValue<Me>,
    store: Memo<Store>,
}

/// Who is here and which store is looked at.
///
/// # Panics
/// Outside [`Frame`], where nobody is signed in.
#[must_use]
pub fn use_here() -> Here {
    expect_context()
}

impl Here {
    /// Who.
    #[must_use]
    pub fn me(self) -> Me {
        self.me.get_value()
    }

    /// The store in the URL (`?store=LON`), else the person's first.
    #[must_use]
    pub fn store(self) -> Memo<Store> {
        self.store
    }

    /// May they, in the store looked at?
    #[must_use]
    pub fn may(self, action: Action) -> bool {
        let store = self.store.get().id;
        self.me.with_value(|me| me.may(action, store))
    }

    /// That page, for the store looked at.
    #[must_use]
    pub fn link(self, path: &str) -> String {
        if self.me.with_value(|me| me.stores.len() > 1) {
            format!("{path}?store={}", self.store.get().code)
        } else {
            path.to_owned()
        }
    }
}

/// Everything behind the sign-in.
#[component]
pub fn Frame() -> impl IntoView {
    let who = Resource::new_blocking(|| (), |()| me());
    let location = use_location();
    let back = move || {
        let wanted = location.pathname.get_untracked() + &location.search.get_untracked().replace('&', "%26");
        if wanted.len() > 1 { format!("/sign-in?next={wanted}") } else { "/sign-in".to_owned() }
    };
    view! {
        <Suspense fallback=|| view! { <Skeleton /> }>
            {move || Suspend::new(async move {
                match who.await {
                    Ok(Some(me)) => EitherOf3::A(view! { <Inside me /> }),
                    Ok(None) => EitherOf3::B(view! { <Redirect path=back() /> }),
                    Err(failure) => EitherOf3::C(view! {
                        <main class="page"><Notice failure=Signal::stored(Some(failure)) /></main>
                    }),
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn Inside(me: Me) -> impl IntoView {
    let words = use_i18n();
    let query = use_query_map();
    let Some(first) = me.stores.first().cloned() else {
        return view! {
            <main class="page">
                <Empty icon=Icon::Store title=move || t!(words, common.no_store.title) text=move || t!(words, common.no_store.text) />
            </main>
        }
        .into_any();
    };
    let stores = me.stores.clone();
    let store = Memo::new(move |_| {
        let asked = query.read().get("store");
        let found = asked.and_then(|code| stores.iter().find(|store| store.code == code));
        found.unwrap_or(&first).clone()
    });
    provide_context(Here { me: StoredValue::new(me), store });
    let live = Live::provide();
    Speaker::provide();
    crate::prefs::follow_person();
    let navigate = use_navigate();
    Effect::new(move || {
        if live.ended().get() {
            navigate("/sign-in", leptos_router::NavigateOptions::default());
        }
    });
    view! {
        <a class="skip" href="#page">{t!(words, common.skip)}</a>
        <TopBar />
        <main id="page" class="page" tabindex="-1">
            <Outlet />
        </main>
    }
    .into_any()
}

/// An address that leads nowhere.
#[component]
pub fn Lost() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(options) = use_context::<leptos_axum::ResponseOptions>() {
        options.set_status(axum::http::StatusCode::NOT_FOUND);
    }
    let words = use_i18n();
    view! {
        <main class="page">
            <Empty icon=Icon::Search title=move || t!(words, common.lost.title) text=move || t!(words, common.lost.text)>
                <A href="/" attr:class="button primary">{t!(words, common.lost.home)}</A>
            </Empty>
        </main>
    }
    .into_any()
}
