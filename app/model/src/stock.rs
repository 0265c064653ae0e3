//! Stores, items, stock and movements as they are shown.

use crate::{
    ItemId, LocationId, Money, Pack, PaperId, PaperKind, PostingId, Quantity, StockException, StoreId, Time, Tracking,
};
use serde::{Deserialize, Serialize};

/// A store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Store {
    /// Its id.
    pub id: StoreId,
    /// Its short code: 1 to 12 of `A-Z 0-9 -`.
    pub code: String,
    /// Its name.
    pub name: String,
    /// ISO 4217.
    pub currency: String,
    /// IANA time zone, such as `Europe/London`.
    pub time_zone: String,
}

/// What a location is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LocationKind {
    /// A real place where things lie: a room, a shelf, a bin.
    Physical,
    /// Where receipts come from.
    Supplier,
    /// Where sales go.
    Customer,
    /// Where adjustments come from and go.
    Shrinkage,
    /// Where services come from.
    Service,
    /// What has left one place and not come to the next.
    Transit,
    /// Where goods pass that are looked at, from one condition to another.
    Inspection,
    /// Where goods end that are good for nothing.
    Scrap,
}

impl LocationKind {
    /// The name in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Physical => "physical",
            Self::Supplier => "supplier",
            Self::Customer => "customer",
            Self::Shrinkage => "shrinkage",
            Self::Service => "service",
            Self::Transit => "transit",
            Self::Inspection => "inspection",
            Self::Scrap => "scrap",
        }
    }
}

/// In which condition goods are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// They may be sold.
    #[default]
    Sellable,
    /// Set aside until somebody has looked at them.
    Quarantine,
}

impl Condition {
    /// The name in the database and in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sellable => "sellable",
            Self::Quarantine => "quarantine",
        }
    }

    /// May they be sold?
    #[must_use]
    pub fn is_sellable(&self) -> bool {
        *self == Self::Sellable
    }
}

impl TryFrom<String> for Condition {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        let all = [Self::Sellable, Self::Quarantine];
        all.into_iter().find(|one| one.name() == name).ok_or_else(|| format!("no condition of goods: {name}"))
    }
}

/// A place in a store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Location {
    /// Its id.
    pub id: LocationId,
    /// The place that this one is in.
    pub parent: Option<LocationId>,
    /// Its code, unique in the store.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub kind: LocationKind,
}

/// Stocked, a service, or made of others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// Counted on the shelf.
    #[default]
    Stocked,
    /// Charged for, never counted: postage, a fee.
    Service,
    /// Made of other items when it is sold: it has no stock of its own.
    Kit,
}

impl ItemKind {
    /// The name in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stocked => "stocked",
            Self::Service => "service",
            Self::Kit => "kit",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Stocked, Self::Service, Self::Kit].into_iter().find(|kind| kind.name() == name)
    }
}

/// By which rule it is decided what goods cost that leave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Costing {
    /// The oldest leave first, each at what it cost.
    #[default]
    Fifo,
    /// All cost the same: the average of what is there.
    Average,
}

impl Costing {
    /// The name in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fifo => "fifo",
            Self::Average => "average",
        }
    }

    /// The rule of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Fifo, Self::Average].into_iter().find(|costing| costing.name() == name)
    }
}

/// An item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Item {
    /// Its id.
    pub id: ItemId,
    /// Its stock keeping unit.
    pub sku: String,
    /// What people call it.
    pub name: String,
    /// The base unit.
    pub unit: String,
    /// Price of one.
    pub price: Option<Money>,
    /// Stocked, a service or a kit.
    pub kind: ItemKind,
    /// Scanned codes.
    pub barcodes: Vec<String>,
    /// Its packs, each with a barcode of its own.
    #[serde(default)]
    pub packs: Vec<Pack>,
    /// How its goods are costed.
    #[serde(default)]
    pub costing: Costing,
    /// How its goods are told apart.
    #[serde(default)]
    pub tracking: Tracking,
}

/// One item at one location, in one condition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StockRow {
    /// The item.
    pub item: ItemId,
    /// Its stock keeping unit.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// The base unit.
    pub unit: String,
    /// Price of one.
    pub price: Option<Money>,
    /// The store's code.
    pub store: String,
    /// The location's code.
    pub location: String,
    /// In which condition.
    #[serde(default)]
    pub condition: Condition,
    /// What is there.
    pub on_hand: Quantity,
    /// Of that, what is promised.
    pub reserved: Quantity,
    /// What of it must not be sold, because its lots are expired, held or called back.
    #[serde(default)]
    pub barred: Quantity,
    /// `on_hand − reserved − barred`.
    pub available: Quantity,
    /// Rises by one with each movement on this row; 0 when nothing ever moved.
    pub version: i64,
    /// Rises by one with each change of `reserved`.
    #[serde(default)]
    pub reserved_version: i64,
    /// On its way here: ordered from suppliers, or sent by another store.
    #[serde(default)]
    pub incoming: Quantity,
    /// Promised to customers and still to come.
    #[serde(default)]
    pub backordered: Quantity,
    /// `available + incoming − backordered`.
    #[serde(default)]
    pub projected: Quantity,
    /// What of it is available in other places of the store: told only where sales leave from.
    #[serde(default)]
    pub elsewhere: Quantity,
    /// What it is made of, and what of that is there, when it is a kit in the grid: no place holds one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(ignore))]
    pub kit: Option<crate::Kit>,
}

/// How much of an item was at a place after everything that happened up to a moment, as far as we know today. What of it
/// was promised, barred or to come then is not kept, so none of that is said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StockThen {
    /// The item.
    pub item: ItemId,
    /// Its stock keeping unit, today's as its name and unit are.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// The base unit.
    pub unit: String,
    /// The store's code.
    pub store: String,
    /// The location's code.
    pub location: String,
    /// In which condition.
    pub condition: Condition,
    /// What was there.
    pub on_hand: Quantity,
    /// How many movements this row had had by then.
    pub version: i64,
}

impl StockRow {
    /// Rises with whatever changes on this row: of two readings, the one with the lower turn is the older.
    #[must_use]
    pub const fn turn(&self) -> i64 {
        self.version + self.reserved_version
    }
}

impl StockRow {
    /// Is it what sales leave from?
    #[must_use]
    pub fn on_sale(&self) -> bool {
        self.location == "SHOP" && self.condition.is_sellable()
    }
}

/// One movement of the ledger, as "why is it 47?" tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Movement {
    /// The posting that it belongs to.
    pub posting: PostingId,
    /// Its line in that posting, from 1.
    pub line: i64,
    /// What kind of posting.
    pub kind: crate::DocumentKind,
    /// The document's number, if it has one.
    pub number: Option<String>,
    /// The item.
    pub sku: String,
    /// The store's code.
    pub store: String,
    /// From where, by code.
    pub from: String,
    /// To where, by code.
    pub to: String,
    /// How many, above zero.
    pub quantity: Quantity,
    /// In which condition.
    #[serde(default)]
    pub condition: Condition,
    /// How it changed the store's stock (negative for what left).
    pub change: Quantity,
    /// What was there after it; in an item's sheet only.
    pub on_hand: Option<Quantity>,
    /// Price or cost of one.
    pub unit_price: Option<Money>,
    /// Why, for adjustments.
    pub reason: Option<String>,
    /// Who.
    pub actor: String,
    /// On which device.
    pub device: String,
    /// When it happened.
    pub occurred_at: Time,
    /// When we learnt.
    pub recorded_at: Time,
    /// Which posting this undoes.
    pub reverses: Option<PostingId>,
    /// Which posting undid this.
    pub reversed_by: Option<PostingId>,
}

/// Everything that an item's sheet shows, at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemSheet {
    /// The item.
    pub item: Item,
    /// Its stock in each place that the reader may see.
    pub stock: Vec<StockRow>,
    /// The latest movements, newest first, in the store looked at.
    pub movements: Vec<Movement>,
    /// How many movements there are in all.
    pub movement_count: i64,
    /// Open exceptions about it.
    pub exceptions: Vec<StockException>,
    /// What is to come to the store looked at: the open lines of its orders from suppliers that were sent.
    #[serde(default)]
    pub incoming: Vec<Incoming>,
    /// For whom goods are kept in the store looked at: the oldest.
    #[serde(default)]
    pub reservations: Vec<crate::Reservation>,
    /// What it is made of and what of that the store looked at has, when it is a kit.
    #[serde(default)]
    pub kit: Option<crate::Kit>,
    /// The journal line up to which this is true.
    pub as_of: i64,
}

/// Goods of one item that a document says are to come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incoming {
    /// Which document.
    pub paper: PaperId,
    /// What kind.
    pub kind: PaperKind,
    /// Its number.
    pub number: String,
    /// The day on which it is expected.
    pub due_on: Option<String>,
    /// How many are still to come.
    pub quantity: Quantity,
}
