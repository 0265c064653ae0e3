//! The words that browser and server share: ids, exact numbers, people, documents, errors. No I/O.

mod actor;
mod decimal;
mod document;
mod error;
mod id;
mod live;
mod money;
mod page;
mod quantity;
mod report;
mod stock;
mod time;

pub use actor::{Action, Actor, ClientKey, Grant, Permission, Principal, Role, Scope, Via};
pub use decimal::NotDecimal;
pub use document::{
    Channel, DocumentKind, Line, NewAdjustment, NewItem, NewLine, NewReceipt, NewReturn, NewReversal, NewSale, Receipt,
    ReceiptLine,
};
pub use error::{Error, Flaw, Refusal, Result, Reused, Ticket};
pub use id::{ExceptionId, ItemId, JournalId, KeyId, LocationId, PersonId, PostingId, SessionId, StoreId};
pub use live::{Change, Frame, Hello, SaleLine, SaleSeen};
pub use money::Money;
pub use page::{Page, Since};
pub use quantity::Quantity;
pub use report::{Dashboard, Figures, HourFigure, MostSold, Period, RankBy, Totals};
pub use stock::{
    GridQuery, GridSort, Item, ItemKind, ItemSheet, Location, LocationKind, Movement, StockException, StockRow, Store,
};
pub use time::Time;
