//! The words that browser and server share: ids, exact numbers, people, documents, errors. No I/O.

mod activity;
mod actor;
mod arrival;
mod aside;
pub mod barcode;
mod bulk;
mod category;
mod correction;
mod cost;
mod count_plan;
mod counting;
mod day;
mod decimal;
mod delivery;
mod document;
mod error;
mod family;
mod floor;
mod forecast;
mod grid;
pub mod gtin;
mod id;
mod import;
mod kit;
mod language;
mod levels;
mod live;
mod lot;
mod money;
mod order;
mod pack;
mod page;
mod paper;
mod price;
mod problem;
mod product;
mod product_list;
mod promise;
mod purchase;
mod quantity;
mod receipt;
mod reorder;
mod report;
mod review;
mod rules;
mod stock;
mod supplier;
mod supplier_return;
mod tax;
mod time;
mod transfer;

pub use activity::{Activity, ActivityKind, ActivityLine, ActivityQuery, Doer, Verified};
pub use actor::{Action, Actor, ClientKey, Grant, Permission, Principal, Role, Scope, Via};
pub use arrival::{Arrival, ArrivalLine, ArrivalState, NewArrival};
pub use aside::{NewInspection, SetAside};
pub use bulk::{Bulk, Changed};
pub use category::{Category, Renaming};
pub use correction::{
    Corrected, Correction, CorrectionLine, CorrectionQuery, CorrectionRow, CorrectionState, CorrectionStep,
};
pub use cost::{CostEntry, CostLayer, CostLayers, Margin, MarginRow, Margins, PostingCost, Worth, WorthRow};
pub use count_plan::{CountMissed, CountPlan, CountPlanState, NewCountPlan};
pub use counting::{
    AsideEntry, CountBy, CountEntered, CountEntry, CountOutcome, CountState, CountedLine, Counting, CountingPerson,
    EntryAside, NewCountEntries, NewCountEntry, NewStockCount, PackEntry, StockCount,
};
pub use day::{ExceptionKind, HistoryLine, HistoryQuery, Meant, NewCount, OpenException, StockException, Waiting};
pub use decimal::NotDecimal;
pub use delivery::{DeliveryCosts, DeliveryLine, ToldCosts};
pub use document::{
    Channel, DocumentKind, Line, LineCost, NewAdjustment, NewCosts, NewItem, NewLine, NewReceipt, NewReturn,
    NewReversal, NewSale, NotTaken, ReturnTo,
};
pub use error::{Error, Flaw, Refusal, Result, Reused, Ticket};
pub use family::{
    Family, FamilyOption, MadeItem, NewFamily, NewVariant, Variant, Variants, combinations, variant_name, variant_sku,
};
pub use forecast::{ForecastError, ForecastMethod, ForecastQuality};
pub use grid::{GridQuery, GridSort};
pub use gtin::Gtin;
pub use id::{
    CategoryId, CountEntryId, CountPlanId, DeviceId, ExceptionId, FamilyId, ItemId, JournalId, KeyId, LocationId,
    LotId, PaperId, PersonId, PostingId, PriceListId, ProblemId, ReservationId, SessionId, StoreId, SupplierId,
    TaxClassId,
};
pub use import::{Checked, Column, Field, ImportProgress, ImportState, Mapping, RowFault, SheetKind, Uploaded};
pub use kit::{Component, Kit, KitPart};
pub use language::Language;
pub use levels::Levels;
pub use live::{Change, Frame, Hello, SaleLine, SaleSeen};
pub use lot::{
    LineLot, Lot, LotAfter, LotLabel, LotList, LotMove, LotPaper, LotPatch, LotPlace, LotQuery, LotStatus, LotTrace,
    Tracking,
};
pub use money::Money;
pub use order::{
    Cancelling, HandOver, KeepUntil, LotTake, NewOrder, OfLine, Order, OrderContent, OrderLine, OrderPart, OrderRow,
    Pick, Picking, Take, Taken,
};
pub use pack::{FoundItem, Pack};
pub use page::{COUNT_REACH, LIST_REACH, Page, SEARCH_REACH, Since};
pub use paper::{PaperKind, PaperStep};
pub use price::{LineList, NewPrice, NewPriceList, Offer, PriceLine, PriceList, Prices, best};
pub use problem::{Doing, NewReport, Problem, ProblemFilter, ProblemSource, Problems, SeenError, Settling};
pub use product::{ItemChange, ItemNews, ItemPatch, Limit, Product};
pub use product_list::{OfFamily, ProductQuery, ProductRow};
pub use promise::{
    Held, HoldKind, HoldLine, NewEnd, NewHold, PromisePolicy, Reservation, ReservationKind, ReservationState,
};
pub use purchase::{
    NewPurchase, NewPurchaseLine, Purchase, PurchaseDraft, PurchaseLine, PurchaseList, PurchaseQuery, PurchaseReceipt,
    PurchaseRow, PurchaseShow, PurchaseState, PurchaseStep,
};
pub use quantity::Quantity;
pub use receipt::{Receipt, ReceiptLine};
pub use reorder::{Buying, Proposal, ReorderRule, ToBuy, Why};
pub use report::{
    Dashboard, Figures, HourFigure, LastAct, MostSold, Period, RankBy, Standing, StockValue, TakenBy, Totals,
};
pub use review::{CountDone, CountFigures, CountReview, CountTolerance, NewRecount, VarianceLine};
pub use rules::{ApprovalLimit, Approver, RulesPatch, StoreRules};
pub use stock::{
    Condition, Costing, Incoming, Item, ItemKind, ItemSheet, Location, LocationKind, Movement, StockRow, StockThen,
    Store,
};
pub use supplier::{NewSupplier, NewSupplierItem, Supplier, SupplierItem, SupplierPatch, SupplierQuery};
pub use supplier_return::{
    NewSupplierReturn, NewSupplierReturnLine, ReturnReason, SupplierCredit, SupplierReturn, SupplierReturnLine,
    SupplierReturnQuery, SupplierReturnRow, SupplierReturnState, ToSendBack,
};
pub use tax::{DayTax, LineTax, NewTaxClass, RateSince, TaxClass, TaxRate, TaxTotal, coin_digits, included, taxes};
pub use time::{NotAMoment, Time};
pub use transfer::{
    Amount, Goods, NewPlace, NewTransfer, NewTransferStep, Place, PlaceChange, Transfer, TransferLine, TransferQuery,
    TransferRow, TransferState, TransferStep,
};
