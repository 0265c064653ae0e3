//! Server functions of the inventory; what they answer is true for the caller and their stores only.
#![expect(missing_docs, reason = "the arguments of a server function become fields of a type that its macro makes")]

use crate::failure::Failure;
use crate::{json::Answer, prelude::*};
use leptos::server_fn::codec::Json;
use model::{
    Corrected, ExceptionId, ExceptionKind, GridQuery, HistoryLine, HistoryQuery, Item, ItemSheet, Kit, Levels, Meant,
    Money, NewAdjustment, NewCount, NewInspection, NewReceipt, NewReturn, NewReversal, NewSale, Offer, OpenException,
    Page, PostingId, Product, Quantity, RateSince, Receipt, SetAside, Since, StockRow, Store, Time,
};
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use {
    crate::{
        auth::Me,
        caller::{caller, complete},
        inventory::{flaw, lots::barred},
        prefs::asked,
    },
    inventory::{Hit, Inventory, code_fault},
    model::{Actor, Error, FoundItem, ItemKind},
};

/// What a scanned code meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The item.
    pub item: Item,
    /// It is no longer offered; what a customer holds is sold all the same.
    #[serde(default)]
    pub archived: bool,
    /// How many of it: one, what is in a pack, or what a load's label says.
    pub quantity: Quantity,
    /// The name of the pack whose barcode it is.
    pub pack: Option<String>,
    /// Its stock in the store looked at; none for a service.
    pub stock: Option<StockRow>,
    /// What the code says of its lot.
    #[serde(default)]
    pub lot: FoundLot,
    /// The journal line up to which that is true.
    pub as_of: i64,
    /// What price lists offer for it in that store, now or later.
    #[serde(default)]
    pub offers: Vec<Offer>,
    /// At which rates its price holds tax in that store, before now, now and later.
    #[serde(default)]
    pub tax: Vec<RateSince>,
    /// What it is made of, and what of that is there, when it is a kit.
    #[serde(default)]
    pub kit: Option<Kit>,
}

/// What a label says of the lot, or somebody does; of what has serial numbers, which piece it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundLot {
    /// As it stands on the goods; empty when nothing is said.
    pub lot: String,
    /// Its last good day, such as `2026-11-30`; empty when nobody said it.
    pub day: String,
    /// Why it must not be sold, in the reader's language.
    pub warning: Option<String>,
    /// Whether that serial number is in the store looked at; nothing for a lot.
    #[serde(default)]
    pub here: Option<bool>,
    /// What to think of it when it comes in and is here, or goes out and is not, in the reader's language.
    #[serde(default)]
    pub doubt: Option<String>,
}

/// An item that a typed search may have meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// The item.
    pub item: Item,
    /// What is on hand in the store looked at; none for a service.
    pub on_hand: Option<Quantity>,
    /// What of that is promised, and what is to come; none for a kit and for a service.
    #[serde(default)]
    pub levels: Option<Levels>,
    /// Nothing holds what was typed; this comes near to it.
    pub near: bool,
}

/// The stores that the caller may see.
#[server(prefix = "/api/inventory", endpoint = "stores", input = Json, output = Answer)]
pub async fn stores() -> Result<Vec<Store>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.stores(&actor).await?)
}

/// Who calls, when it is who made what they post: somebody else may have signed in since, in another window.
#[cfg(feature = "ssr")]
pub(crate) async fn maker(by: Option<String>) -> model::Result<(Actor, Inventory)> {
    let (actor, inventory) = caller::<Inventory>().await?;
    match by {
        Some(by) if Me::of(actor.clone(), Vec::new()).key() != by => Err(Error::SignedOut),
        _ => Ok((actor, inventory)),
    }
}

/// Posts a sale; the same sale again answers with the first receipt. `by` is [`Me::key`] of who made it, `sent_at` the moment
/// of sending by the clock of the device.
#[server(prefix = "/api/inventory", endpoint = "post_sale", input = Json, output = Answer)]
pub async fn post_sale(sale: NewSale, by: Option<String>, sent_at: Option<Time>) -> Result<Receipt, Failure> {
    let (actor, inventory) = maker(by).await?;
    Ok(complete(async move { inventory.post_sale_sent(&actor, sale, sent_at).await }).await?)
}

/// Posts a delivery; the same again answers with the first receipt. `by` and `sent_at` as for a sale.
#[server(prefix = "/api/inventory", endpoint = "post_receipt", input = Json, output = Answer)]
pub async fn post_receipt(receipt: NewReceipt, by: Option<String>, sent_at: Option<Time>) -> Result<Receipt, Failure> {
    let (actor, inventory) = maker(by).await?;
    Ok(complete(async move { inventory.post_receipt_sent(&actor, receipt, sent_at).await }).await?)
}

/// Posts a return; the same again answers with the first receipt. `by` and `sent_at` as for a sale.
#[server(prefix = "/api/inventory", endpoint = "post_return", input = Json, output = Answer)]
pub async fn post_return(back: NewReturn, by: Option<String>, sent_at: Option<Time>) -> Result<Receipt, Failure> {
    let (actor, inventory) = maker(by).await?;
    Ok(complete(async move { inventory.post_return_sent(&actor, back, sent_at).await }).await?)
}

/// Sets an item's stock to what was counted, or waits for somebody else above the limit; the same again answers with what
/// became of it. `by` as for a sale.
#[server(prefix = "/api/inventory", endpoint = "count", input = Json, output = Answer)]
pub async fn count(count: NewCount, by: Option<String>) -> Result<Option<Corrected>, Failure> {
    let (actor, inventory) = maker(by).await?;
    Ok(complete(async move { inventory.count(&actor, count).await }).await?)
}

/// Posts an adjustment, or waits for somebody else above the limit, as a count does. `by` as for a sale.
#[server(prefix = "/api/inventory", endpoint = "adjust", input = Json, output = Answer)]
pub async fn adjust(adjustment: NewAdjustment, by: Option<String>) -> Result<Corrected, Failure> {
    let (actor, inventory) = maker(by).await?;
    Ok(complete(async move { inventory.correct(&actor, adjustment).await }).await?)
}

/// What of a store is set aside, by name: the first 200.
#[server(prefix = "/api/inventory", endpoint = "goods_aside", input = Json, output = Answer)]
pub async fn goods_aside(store: String) -> Result<Since<Vec<SetAside>>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    let page = inventory.set_aside(&actor, &store, SetAside::MOST.into()).await?;
    Ok(Since { data: page.data, as_of: page.as_of, total: 0 })
}

/// Says what became of set-aside goods, or waits for somebody else above the limit for corrections; the same again answers
/// with what became of it.
#[server(prefix = "/api/inventory", endpoint = "inspect", input = Json, output = Answer)]
pub async fn inspect(inspection: NewInspection) -> Result<Corrected, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.inspect(&actor, inspection).await }).await?)
}

/// Undoes a posting; the same reversal again answers with the first receipt. `by` as for a sale.
#[server(prefix = "/api/inventory", endpoint = "reverse", input = Json, output = Answer)]
pub async fn reverse(posting: PostingId, reversal: NewReversal, by: Option<String>) -> Result<Receipt, Failure> {
    let (actor, inventory) = maker(by).await?;
    Ok(complete(async move { inventory.reverse(&actor, posting, reversal).await }).await?)
}

/// The item with that barcode or SKU, and its stock in that store.
#[server(prefix = "/api/inventory", endpoint = "find", input = Json, output = Answer)]
pub async fn find(store: String, code: String) -> Result<Option<Found>, Failure> {
    // Asked for before the first wait, as for a meaning.
    let language = asked().locale;
    let (actor, inventory) = caller::<Inventory>().await?;
    let found = match inventory.find_item(&actor, &code).await? {
        // The number of one piece leads to its item too.
        None => inventory.find_serial(&actor, &code).await?,
        found => found,
    };
    let Some(found) = found else { return Ok(None) };
    let FoundItem { item, archived, quantity, pack } = found;
    let stock = inventory.level_since(&actor, &store, &item.sku).await?;
    let label = inventory.lot_label(&actor, &store, &item, &code).await?;
    let lot = label.map(|label| barred::told(language, &item.name, label)).unwrap_or_default();
    let offers = inventory.offers(&actor, &store, item.id).await?;
    let tax = inventory.rates(&actor, &store, item.id).await?;
    let is_kit = item.kind == ItemKind::Kit;
    let kit = if is_kit { inventory.kit(&actor, &store, &item.sku).await? } else { None };
    Ok(Some(Found { item, archived, quantity, pack, as_of: stock.as_of, stock: stock.data, lot, offers, tax, kit }))
}

/// The items that a typed text may mean, at most 20: those that hold its words, or else those that come near to it.
#[server(prefix = "/api/inventory", endpoint = "search", input = Json, output = Answer)]
pub async fn search(store: String, text: String) -> Result<Vec<Candidate>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.search(&actor, &store, &text).await?.into_iter().map(Candidate::from).collect())
}

/// What a scanned code or a typed word means in that store: an item, a document, a place; else what is wrong with it,
/// in the reader's language.
#[server(prefix = "/api/inventory", endpoint = "meaning", input = Json, output = Answer)]
pub async fn meaning(store: String, text: String) -> Result<Meant, Failure> {
    // Asked for before the first wait: afterwards nobody knows the request any more.
    let language = asked().locale;
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(match inventory.meaning(&actor, &store, &text).await? {
        Meant::Wrong(english) => {
            Meant::Wrong(code_fault(&text).map_or(english, |fault| flaw::sentence(language, &fault)))
        }
        meant => meant,
    })
}

/// How many things wait in that store; `total` is how many items there are.
#[server(prefix = "/api/inventory", endpoint = "waiting", input = Json, output = Answer)]
pub async fn waiting(store: String) -> Result<Since<model::Waiting>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.waiting(&actor, &store).await?)
}

/// What home shows of a store, in one call: how many things wait, and what just happened.
#[server(prefix = "/api/inventory", endpoint = "home", input = Json, output = Answer)]
pub async fn home(store: String, limit: i64) -> Result<(Since<model::Waiting>, Page<HistoryLine>), Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    let recent = HistoryQuery { store: store.clone(), ..HistoryQuery::default() };
    Ok((inventory.waiting(&actor, &store).await?, inventory.history(&actor, &recent, None, limit).await?))
}

/// A page of the history, newest first, after the posting named (with when we learnt of it).
#[server(prefix = "/api/inventory", endpoint = "history", input = Json, output = Answer)]
pub async fn history(
    query: HistoryQuery,
    after: Option<(Time, PostingId)>,
    limit: i64,
) -> Result<Page<HistoryLine>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.history(&actor, &query, after, limit).await?)
}

/// One posting with all its lines.
#[server(prefix = "/api/inventory", endpoint = "posting", input = Json, output = Answer)]
pub async fn posting(id: PostingId) -> Result<Since<HistoryLine>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.posting(&actor, id).await?)
}

/// The open exceptions of that store, oldest first; all of them or those of a kind.
#[server(prefix = "/api/inventory", endpoint = "exceptions", input = Json, output = Answer)]
pub async fn exceptions(store: String, kind: Option<ExceptionKind>) -> Result<Page<OpenException>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.exceptions(&actor, &store, kind).await?)
}

/// Marks an exception as one's own (`on`) or gives it back; `over` takes it from whoever is on it.
#[server(prefix = "/api/inventory", endpoint = "take_exception", input = Json, output = Answer)]
pub async fn take_exception(id: ExceptionId, on: bool, over: bool) -> Result<(), Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.take_exception(&actor, id, on, over).await.map(drop) }).await?)
}

/// Closes an exception because nothing has to be done about it.
#[server(prefix = "/api/inventory", endpoint = "settle_exception", input = Json, output = Answer)]
pub async fn settle_exception(id: ExceptionId, reason: String) -> Result<(), Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.settle_exception(&actor, id, &reason).await.map(drop) }).await?)
}

/// A stretch of the stock grid, and how many rows it has in all.
#[server(prefix = "/api/inventory", endpoint = "grid", input = Json, output = Answer)]
pub async fn grid(query: GridQuery, offset: i64, limit: i64) -> Result<Since<Vec<StockRow>>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.grid(&actor, &query, offset, limit).await?)
}

/// Everything about one item, seen from one store.
#[server(prefix = "/api/inventory", endpoint = "sheet", input = Json, output = Answer)]
pub async fn sheet(store: String, sku: String) -> Result<ItemSheet, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.sheet(&actor, &store, &sku).await?)
}

#[cfg(feature = "ssr")]
impl From<Hit> for Candidate {
    fn from(hit: Hit) -> Self {
        let Hit { item, on_hand, levels, near } = hit;
        Self { item, on_hand, levels, near }
    }
}

/// Tells whoever settles exceptions of a code that nobody knows.
#[server(prefix = "/api/inventory", endpoint = "tell_code", input = Json, output = Answer)]
pub async fn tell_code(store: String, code: String) -> Result<(), Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.tell_code(&actor, &store, &code).await }).await?)
}

/// Gives the code of an exception to an item as one of its barcodes.
#[server(prefix = "/api/inventory", endpoint = "give_code", input = Json, output = Answer)]
pub async fn give_code(id: ExceptionId, sku: String) -> Result<Product, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.give_code(&actor, id, &sku).await }).await?)
}

/// Says what one cost of the goods that an exception is about.
#[server(prefix = "/api/inventory", endpoint = "give_cost", input = Json, output = Answer)]
pub async fn give_cost(id: ExceptionId, telling: PostingId, cost: Money) -> Result<(), Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.give_cost(&actor, id, telling, cost).await.map(drop) }).await?)
}
