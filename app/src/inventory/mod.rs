//! The shop's pages: home, the baskets, the stock, the single item, the history and what waits for a person.

mod ago;
pub mod api;
mod aside;
mod basket;
pub mod corrections;
mod count;
pub mod delivery;
mod done;
mod exceptions;
#[cfg(feature = "ssr")]
mod flaw;
mod history;
mod home;
mod item;
pub mod keep;
pub mod lots;
mod orders;
mod outbox;
mod picker;
mod plausible;
pub mod prices;
pub mod products;
pub mod purchases;
mod reason;
mod stock;
pub mod taxes;
mod told;
pub mod transfers;
mod undo;
pub mod variants;

pub use ago::{Ago, Clock};
pub use aside::AsidePage;
pub use basket::{Receive, TakeBack, Till};
pub use corrections::{CorrectionPage, CorrectionsPage};
pub use delivery::DeliveryPage;
pub use done::{Done, DoneBar};
pub use exceptions::ExceptionsPage;
pub use history::HistoryPage;
pub use home::Home;
pub use item::ItemPage;
pub use lots::LotsPage;
pub use orders::{OrderPage, OrdersPage, PickPage};
pub use outbox::{Leaving, Outbox, WaitingPage, use_outbox};
pub use products::{NewProductPage, ProductPage, ProductsPage};
pub use stock::{StockPage, escape, item_link, lit};
pub use transfers::{PlacesPage, TransferPage, TransfersPage};
