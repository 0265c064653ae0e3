//! The signed-in frame: who is here, which store, the ways to every page, and the page itself.

mod choices;
mod destination;
mod device;
mod keys;
mod overlay;
mod palette;
mod shortcuts;
mod side;
mod top_bar;

use crate::{
    auth::{Me, Watch, api::me},
    help::{HelpSheet, Helping},
    i18n::{t, use_i18n},
    inventory::Outbox,
    lazy,
    live::Live,
    parts::{Empty, Icon, Notice, Reporting, Skeleton, Speaker},
    problems::ReportSheet,
};
use crate::{json::brought, prelude::*};
pub use destination::{DESTINATIONS, Destination};
use device::Device;
pub use device::InstallCard;
use leptos_router::{
    components::{A, Outlet, Redirect},
    hooks::{use_location, use_navigate, use_query_map},
};
use model::{Action, Store};
pub use overlay::Overlay;
use palette::Palette;
use shortcuts::Shortcuts;
use side::{BottomBar, Rail};
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

    /// May the person who is signed in, in all stores?
    #[must_use]
    pub fn may_everywhere(self, action: Action) -> bool {
        self.me.with_value(|me| me.may_everywhere(action))
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
    let who = brought(|| (), |()| me());
    let location = use_location();
    let back = move || {
        let wanted = location.pathname.get_untracked() + &location.search.get_untracked().replace('&', "%26");
        if wanted.len() > 1 { format!("/sign-in?next={wanted}") } else { "/sign-in".to_owned() }
    };
    view! {
        // Not a `Suspense`: while the next page is on its way that would take the frame off the screen, and put it back.
        <Transition fallback=|| view! { <Skeleton /> }>
            {drawn(move || async move {
                match who.await {
                    Ok(Some(me)) => view! { <Inside me /> },
                    Ok(None) => view! { <Redirect path=back() /> },
                    Err(failure) => view! {
                        <main class="page"><Notice failure=Signal::stored(Some(failure)) /></main>
                    },
                }
            })}
        </Transition>
    }
}

#[component]
fn Inside(me: Me) -> impl IntoView {
    let words = use_i18n();
    let query = use_query_map();
    let Some(first) = me.stores.first().cloned() else {
        let opens = me.grants.iter().any(|grant| grant.role.may(Action::ManageStores));
        return view! { <main class="page"><NoStore opens /></main> };
    };
    let stores = me.stores.clone();
    let store = Memo::new(move |_| {
        let asked = query.read().get("store");
        let found = asked.and_then(|code| stores.iter().find(|store| store.code == code));
        found.unwrap_or(&first).clone()
    });
    let here = Here { me: StoredValue::new(me), store };
    provide_context(here);
    let live = Live::provide();
    Outbox::provide(here.me().key(), live);
    Speaker::provide();
    Reporting::provide();
    Helping::provide();
    crate::prefs::follow_person();
    let navigate = use_navigate();
    Effect::new(move || {
        if live.ended().get() {
            navigate("/sign-in", leptos_router::NavigateOptions::default());
        }
    });
    let overlay = Overlay::provide();
    Device::provide();
    keys::listen(here, overlay);
    view! {
        <a class="skip" href="#page">{t!(words, common.skip)}</a>
        <TopBar overlay />
        <div class="frame">
            <Rail />
            <main id="page" class="page" tabindex="-1">
                <Outlet />
            </main>
        </div>
        <BottomBar />
        <SheetsPlace here overlay />
    }
}

/// Where the sheets lie. Their code comes when the first of them is wanted, as hardly anybody opens one to sell
/// something; on a shared tablet at once, which is watched over from there.
#[component]
fn SheetsPlace(here: Here, overlay: Overlay) -> impl IntoView {
    let (helping, reporting) = (expect_context::<Helping>(), expect_context::<Reporting>());
    // The page came without them: it has to be awake first.
    let shared = RwSignal::new(false);
    Effect::new(move || shared.set(here.me().lock_minutes.is_some()));
    let wanted = Memo::new(move |before| {
        shared.get()
            || before == Some(&true)
            || overlay.is_wanted()
            || helping.is_open()
            || reporting.open.get().is_some()
    });
    later(wanted, move || Box::pin(lazy::sheets(here, overlay)))
}

/// The sheets that lie over a page, each closed until it is asked for.
#[component]
pub fn Sheets(
    /// Who is here.
    here: Here,
    /// Which of them are open.
    overlay: Overlay,
) -> impl IntoView {
    view! {
        <Palette here overlay />
        <Shortcuts here overlay />
        <ReportSheet />
        <HelpSheet />
        <Watch here />
    }
}

/// No store to look at: an administrator opens one, everybody else asks for a role in one.
#[component]
fn NoStore(opens: bool) -> impl IntoView {
    let words = use_i18n();
    if !opens {
        return view! {
            <Empty icon=Icon::Store title=move || t!(words, common.no_store.title) text=move || t!(words, common.no_store.text) />
        };
    }
    view! {
        <Empty icon=Icon::Store title=move || t!(words, setup.none.title) text=move || t!(words, setup.none.text)>
            <A href="/setup/store" attr:class="button primary">{t!(words, setup.none.store)}</A>
            <A href="/setup/products" attr:class="button">{t!(words, setup.products.demo)}</A>
        </Empty>
    }
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
}
