//! The words that browser and server share: ids, exact numbers, people, documents, errors. No I/O.

mod activity;
mod actor;
pub mod barcode;
mod cost;
mod day;
mod decimal;
mod document;
mod error;
mod forecast;
pub mod gtin;
mod id;
mod import;
mod live;
mod money;
mod order;
mod page;
mod paper;
mod problem;
mod product;
mod promise;
mod quantity;
mod report;
mod stock;
mod time;

pub use activity::{Activity, ActivityKind, ActivityLine, ActivityQuery, Doer, Verified};
pub use actor::{Action, Actor, ClientKey, Grant, Permission, Principal, Role, Scope, Via};
pub use cost::{CostEntry, CostLayer, CostLayers, Margin, MarginRow, Margins, PostingCost, Worth, WorthRow};
pub use day::{HistoryLine, HistoryQuery, Meant, NewCount, OpenException, Waiting};
pub use decimal::NotDecimal;
pub use document::{
    Channel, DocumentKind, Line, LineCost, NewAdjustment, NewCosts, NewItem, NewLine, NewReceipt, NewReturn,
    NewReversal, NewSale, Receipt, ReceiptLine,
};
pub use error::{Error, Flaw, Refusal, Result, Reused, Ticket};
pub use forecast::{ForecastError, ForecastMethod, ForecastQuality};
pub use gtin::Gtin;
pub use id::{
    ExceptionId, ItemId, JournalId, KeyId, LocationId, LotId, PaperId, PersonId, PostingId, ProblemId, ReservationId,
    SessionId, StoreId,
};
pub use import::{Checked, Column, Field, ImportProgress, ImportState, Mapping, RowFault, SheetKind, Uploaded};
pub use live::{Change, Frame, Hello, SaleLine, SaleSeen};
pub use money::Money;
pub use order::{Cancelling, HandOver, NewOrder, OfLine, Order, OrderContent, OrderLine, OrderRow, Pick, Picking};
pub use page::{Page, Since};
pub use paper::{PaperKind, PaperStep};
pub use problem::{Doing, NewReport, Problem, ProblemFilter, ProblemSource, Problems, SeenError, Settling};
pub use product::{Bulk, Changed, ItemChange, ItemNews, ItemPatch, Limit, Product, ProductQuery, ProductRow};
pub use promise::{
    Held, HoldKind, HoldLine, NewEnd, NewHold, PromisePolicy, Reservation, ReservationKind, ReservationState,
};
pub use quantity::Quantity;
pub use report::{
    Dashboard, Figures, HourFigure, LastAct, MostSold, Period, RankBy, Standing, StockValue, TakenBy, Totals,
};
pub use stock::{
    Condition, Costing, FoundItem, GridQuery, GridSort, Item, ItemKind, ItemSheet, Location, LocationKind, Movement,
    StockException, StockRow, Store,
};
pub use time::{NotAMoment, Time};
