//! Pages whose code comes to the browser when they are first opened: the start of the day does not wait for them.
//!
//! The till is not among them. It shares most of its code with the start, and in one file with it that code is smallest.

use crate::prelude::*;
use crate::{
    activity::ActivityPage,
    auth::{SignIn, WhoPage},
    counting::{CountPage, CountsPage},
    design::DesignPage,
    frame::{Here, Overlay, Sheets},
    import::ImportPage,
    inventory::{
        self, AsidePage, CorrectionPage, CorrectionsPage, DeliveryPage, ExceptionsPage, HistoryPage, ItemPage,
        LotsPage, NewProductPage, OrderPage, OrdersPage, PickPage, PlacesPage, ProductPage, ProductsPage, StockPage,
        TransferPage, TransfersPage, WaitingPage, purchases,
    },
    people::{KeysPage, PeoplePage, SessionsPage, SettingsPage},
    problems::ProblemsPage,
    report::{DashboardPage, LayersPage, MarginsPage, WorthPage},
    rules::RulesPage,
    setup::{self, NewStorePage, PracticePage, ScanPage, SetUpPage},
};
use leptos::task::spawn_local;
use leptos_router::ChooseView;
use std::{future::Future, pin::Pin};

/// What comes to the browser and is then shown.
type Coming<T> = Pin<Box<dyn Future<Output = T>>>;

/// A page whose code comes when it is opened: what a route shows. One kind of view for all routes, so that the router's
/// code is there once.
#[derive(Clone, Copy)]
pub struct Page {
    address: &'static str,
    view: fn(&'static str) -> Coming<AnyView>,
    fetch: fn() -> Coming<()>,
}

impl ChooseView for Page {
    async fn choose(self) -> AnyView {
        (self.view)(self.address).await
    }

    async fn preload(&self) {
        (self.fetch)().await;
    }
}

/// The pages, by group. The pages of a group share a piece of WASM: the more pieces, the more code that several of them
/// need, and each such part is a file of its own to fetch.
macro_rules! pages {
    ($($group:ident { $($(#[$doc:meta])* $name:ident => $page:path, at $address:literal,)* })*) => {
        $(
            mod $group {
                use super::*;

                #[lazy($group)]
                fn view(address: &'static str) -> AnyView {
                    match address {
                        $($address => $page().into_any(),)*
                        _ => ().into_any(),
                    }
                }

                pub fn shown(address: &'static str) -> Coming<AnyView> {
                    Box::pin(view(address))
                }

                pub fn fetched() -> Coming<()> {
                    Box::pin(async {
                        #[cfg(target_arch = "wasm32")]
                        __preload_view().await;
                    })
                }
            }

            $(
                $(#[$doc])*
                pub const $name: Page = Page { address: $address, view: $group::shown, fetch: $group::fetched };
            )*
        )*

        /// The group of the page that an address leads to: by all of it, else by its first segment.
        #[cfg(feature = "ssr")]
        pub fn at(path: &str) -> Option<&'static str> {
            let pages = [$($(($address, stringify!($group)),)*)*];
            let whole = path.trim_matches('/');
            let below = format!("{}/*", whole.split('/').next().unwrap_or_default());
            let page = pages.iter().find(|page| page.0 == whole).or_else(|| pages.iter().find(|page| page.0 == below));
            page.map(|page| page.1)
        }
    };
}

/// How long a page has the line for itself.
const FIRST: std::time::Duration = std::time::Duration::from_millis(500);

/// Fetches the pages of the day beside the one that is open: once the network is gone nothing more comes, and what
/// waits to be sent is looked at on one of them.
pub fn fetch_day() {
    set_timeout(|| spawn_local(async { WAITING.preload().await }), FIRST);
}

/// The sheets that lie over a page.
#[lazy(sheets)]
pub fn sheets(here: Here, overlay: Overlay) -> AnyView {
    view! { <Sheets here overlay /> }
}

pages! {
    // The way in.
    door {
        /// Signing in.
        DOOR => SignIn, at "sign-in",
        /// Taking one's place at a shared tablet.
        WHO => WhoPage, at "who",
    }
    // What an employee has open all day.
    day {
        /// Scan anything.
        HOME => inventory::Home, at "",
        /// What a supplier brings.
        RECEIVE => inventory::Receive, at "receive",
        /// What a customer brings back.
        TAKE_BACK => inventory::TakeBack, at "return",
        /// What was set aside, until somebody has looked at it.
        ASIDE => AsidePage, at "aside",
        /// Every posting, told in words.
        HISTORY => HistoryPage, at "history",
        /// What waits for a person.
        EXCEPTIONS => ExceptionsPage, at "exceptions",
        /// What is left to send.
        WAITING => WaitingPage, at "waiting",
    }
    goods {
        /// The stock grid.
        STOCK => StockPage, at "stock",
        /// One item.
        ITEM => ItemPage, at "items/*",
        /// The catalogue.
        PRODUCTS => ProductsPage, at "products",
        /// A new product.
        NEW_PRODUCT => NewProductPage, at "products/new",
        /// One product, edited.
        PRODUCT => ProductPage, at "products/*",
        /// Prices beside the items' own.
        PRICE_LISTS => inventory::prices::PriceListsPage, at "prices",
        /// One list of them.
        PRICE_LIST => inventory::prices::PriceListPage, at "prices/*",
        /// What share of the prices is tax.
        TAXES => inventory::taxes::TaxesPage, at "taxes",
        /// One class of it.
        TAX_CLASS => inventory::taxes::TaxClassPage, at "taxes/*",
        /// Products in several sizes or colours.
        FAMILIES => inventory::variants::FamiliesPage, at "variants",
        /// One of them.
        FAMILY => inventory::variants::FamilyPage, at "variants/*",
        /// What expires, and what must not be sold.
        LOTS => LotsPage, at "lots",
        /// Files coming in.
        IMPORT => ImportPage, at "import",
    }
    // Documents that live.
    papers {
        /// What was promised to customers.
        ORDERS => OrdersPage, at "orders",
        /// One order.
        ORDER => OrderPage, at "orders/*",
        /// An order's goods, from the shelves.
        PICK => PickPage, at "pick/*",
        /// Orders to suppliers.
        PURCHASES => purchases::OrdersPage, at "purchases",
        /// What to order, and why.
        BUY => purchases::BuyPage, at "purchases/buy",
        /// One order.
        PURCHASE => purchases::OrderPage, at "purchases/*",
        /// What came with an order.
        ARRIVAL => purchases::ReceivePage, at "purchases/*/receive",
        /// What a delivery cost.
        DELIVERY => DeliveryPage, at "deliveries/*",
        /// What goes back to them.
        SUPPLIER_RETURNS => purchases::SupplierReturnsPage, at "supplier-returns",
        /// One of those.
        SUPPLIER_RETURN => purchases::SupplierReturnPage, at "supplier-returns/*",
        /// Whom we buy from.
        SUPPLIERS => purchases::SuppliersPage, at "suppliers",
        /// One of them.
        SUPPLIER => purchases::SupplierPage, at "suppliers/*",
        /// Corrections that wait for somebody else.
        CORRECTIONS => CorrectionsPage, at "corrections",
        /// One of them.
        CORRECTION => CorrectionPage, at "corrections/*",
        /// The counts of a store.
        COUNTS => CountsPage, at "counts",
        /// One count: counting, or the look at what differs.
        COUNT => CountPage, at "counts/*",
        /// What is moved between places.
        TRANSFERS => TransfersPage, at "transfers",
        /// One of them.
        TRANSFER => TransferPage, at "transfers/*",
        /// Rooms, shelves and bins.
        PLACES => PlacesPage, at "places",
    }
    insight {
        /// Charts and figures.
        DASHBOARD => DashboardPage, at "dashboard",
        /// What the stock is worth.
        WORTH => WorthPage, at "worth",
        /// Why an item is worth that.
        LAYERS => LayersPage, at "worth/*",
        /// What sales brought.
        MARGINS => MarginsPage, at "margins",
        /// The journal in sentences.
        ACTIVITY => ActivityPage, at "activity",
        /// What went wrong, and what becomes of it.
        PROBLEMS => ProblemsPage, at "problems",
    }
    settings {
        /// The settings' index.
        SETTINGS => SettingsPage, at "settings",
        /// Who may sign in.
        PEOPLE => PeoplePage, at "settings/people",
        /// Keys for other systems.
        KEYS => KeysPage, at "settings/keys",
        /// Who is signed in where.
        SESSIONS => SessionsPage, at "settings/sessions",
        /// The rules of a store.
        RULES => RulesPage, at "settings/rules",
        /// The design language.
        DESIGN => DesignPage, at "design",
        /// The first start.
        SET_UP => SetUpPage, at "setup",
        /// One more store.
        NEW_STORE => NewStorePage, at "setup/store",
        /// A demo, a file, or nothing yet.
        FIRST_PRODUCTS => setup::ProductsPage, at "setup/products",
        /// A first scan.
        SCAN => ScanPage, at "setup/scan",
        /// The practice sheet.
        PRACTICE => PracticePage, at "setup/practice",
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::at;

    #[test]
    fn a_page_is_found_by_its_whole_address_or_by_its_first_segment() {
        assert_eq!(at("/settings/people"), Some("settings"));
        assert_eq!(at("/items/85123A"), Some("goods"));
        assert_eq!(at("/products/85123A"), Some("goods"));
        assert_eq!(at("/"), Some("day"));
    }

    #[test]
    fn a_page_without_a_piece_of_its_own_fetches_none() {
        assert_eq!(at("/till"), None);
    }
}
