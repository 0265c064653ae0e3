//! Documents as they come in, and the receipt that goes back.

use crate::{Costing, ItemKind, LineList, LineLot, Money, PaperId, PostingId, Quantity, Time};
use serde::{Deserialize, Serialize};

/// What kind of thing was posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// Goods to a customer: a fact.
    Sale,
    /// Goods back from a customer.
    Return,
    /// A correction with a reason.
    Adjustment,
    /// Goods from a supplier.
    Receipt,
    /// The undoing of one of the others.
    Reversal,
    /// Goods from one place, or one condition, to another.
    Transfer,
    /// Goods back to a supplier.
    SupplierReturn,
}

impl DocumentKind {
    /// All of them, for lists to choose from.
    pub const ALL: [Self; 7] = [
        Self::Sale,
        Self::Return,
        Self::Receipt,
        Self::SupplierReturn,
        Self::Transfer,
        Self::Adjustment,
        Self::Reversal,
    ];

    /// The name in the database and in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sale => "sale",
            Self::Return => "return",
            Self::Adjustment => "adjustment",
            Self::Receipt => "receipt",
            Self::Reversal => "reversal",
            Self::Transfer => "transfer",
            Self::SupplierReturn => "supplier_return",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Through what a sale or an order came. It decides whether a sale is a fact or a promise, and by which of an item's
/// policies an order is promised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The customer holds the goods: never refused; a shortfall opens an exception.
    #[default]
    Till,
    /// A promise over the web: refused when the stock does not cover it, by the item's policy for the web.
    Web,
}

impl Channel {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Till, Self::Web];

    /// The name in the database and in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Till => "till",
            Self::Web => "web",
        }
    }

    /// In the store?
    #[must_use]
    pub fn is_till(&self) -> bool {
        *self == Self::Till
    }
}

impl TryFrom<String> for Channel {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        Self::ALL.into_iter().find(|channel| channel.name() == name).ok_or_else(|| format!("no channel: {name}"))
    }
}

/// Where goods go that came back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReturnTo {
    /// Where they are sold again.
    #[default]
    Shelf,
    /// Aside, until somebody has looked at them.
    Quarantine,
    /// They are good for nothing.
    Scrap,
}

impl ReturnTo {
    /// Are they sold again at once?
    #[must_use]
    pub fn is_shelf(&self) -> bool {
        *self == Self::Shelf
    }
}

/// One line of a sale or a return.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewLine {
    /// The item.
    pub sku: String,
    /// How many, above zero.
    pub quantity: Quantity,
    /// Price of one, at or above zero. When left out, a sale's is the best of the day's price lists, else the item's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<Money>,
    /// The lot that stands on the goods, where they are told apart by lot (1 to 64 characters). A sale without one takes
    /// what expires first, a return the lots that its sale took.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub lot: Option<String>,
    /// The serial numbers of an item that has such, each once, at most one for each piece (each 1 to 64 characters). A
    /// delivery names all of them, and so does what comes back; a sale is taken as it is, and what does not fit opens an
    /// exception.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(max_items = 1000))]
    pub serials: Vec<String>,
}

/// A sale: goods that left with a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewSale {
    /// Made by the till; sending the same again answers with the first receipt.
    pub id: PostingId,
    /// The store's code.
    pub store: String,
    /// When it happened; now when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<Time>,
    /// Fact or promise.
    #[serde(default)]
    pub channel: Channel,
    /// The number on the slip, if there is one (at most 64 characters).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub number: Option<String>,
    /// 1 to 1 000 lines.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 1000))]
    pub lines: Vec<NewLine>,
    /// By which price lists lines were sold that say their price; the receipt tells it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(max_items = 1000))]
    pub lists: Vec<LineList>,
}

/// A return: goods that came back from a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewReturn {
    /// Made by the till.
    pub id: PostingId,
    /// The store's code.
    pub store: String,
    /// When it happened; now when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<Time>,
    /// The number on the slip, if there is one (at most 64 characters).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub number: Option<String>,
    /// Why they came back, in any words (1 to 200 characters).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub reason: Option<String>,
    /// The sale that brought them out, when it is known: they come back at what they cost then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sale: Option<PostingId>,
    /// Where all of its lines go; the shelf when left out.
    #[serde(default, skip_serializing_if = "ReturnTo::is_shelf")]
    pub to: ReturnTo,
    /// 1 to 1 000 lines, quantities above zero.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 1000))]
    pub lines: Vec<NewLine>,
}

/// One line of an adjustment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The item.
    pub sku: String,
    /// How many more (above zero) or fewer (below zero); never zero.
    pub quantity: Quantity,
    /// Why this line, when it differs from the document's reason (at most 200 characters).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub reason: Option<String>,
    /// The lot that it is of, where goods are told apart by lot (1 to 64 characters); without one, fewer take what must not
    /// be sold first, and then what expires first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub lot: Option<String>,
    /// The serial numbers of an item that has such, each once, at most one for each piece (each 1 to 64 characters).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(max_items = 1000))]
    pub serials: Vec<String>,
}

/// An adjustment: the shelf was found to hold more or less.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewAdjustment {
    /// Made by whoever adjusts.
    pub id: PostingId,
    /// The store's code.
    pub store: String,
    /// When it happened; now when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<Time>,
    /// A number of one's own, if there is one (at most 64 characters).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub number: Option<String>,
    /// Why: `damaged`, `lost`, `found`, `own use`, or any words (1 to 200 characters).
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub reason: String,
    /// 1 to 1 000 lines.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 1000))]
    pub lines: Vec<Line>,
}

/// A receipt: goods that arrived from a supplier, with or without an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewReceipt {
    /// Made by whoever receives.
    pub id: PostingId,
    /// The store's code.
    pub store: String,
    /// When it happened; now when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<Time>,
    /// The delivery note's number, if there is one (at most 64 characters).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub number: Option<String>,
    /// The purchase order that they were ordered with; it says what one cost where a line does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<PaperId>,
    /// 1 to 1 000 lines, quantities above zero; `unit_price` is what one cost.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 1000))]
    pub lines: Vec<NewLine>,
    /// Of which lots its lines are, each line once; a line of an item that is tracked by lot has to be there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(max_items = 1000))]
    pub lots: Vec<LineLot>,
    /// What arrived with an order and was not taken: at most 1 000, each item once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(max_items = 1000))]
    pub rejected: Vec<NotTaken>,
}

/// Goods that arrived and were not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NotTaken {
    /// The item; it stands in the order.
    pub sku: String,
    /// How many, above zero.
    pub quantity: Quantity,
    /// Why: `damaged`, `expired`, `wrong`, or any words (1 to 200 characters).
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub reason: String,
}

/// The undoing of a posting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewReversal {
    /// The reversal's own id, made by whoever undoes.
    pub id: PostingId,
    /// Why (at most 200 characters).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub reason: Option<String>,
}

/// A new item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewItem {
    /// Made by whoever adds it.
    pub id: crate::ItemId,
    /// Its stock keeping unit: 1 to 64 visible characters, case-sensitive, unique.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub sku: String,
    /// What people call it: 1 to 200 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub name: String,
    /// Scanned codes that mean this item; each unique.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 50))]
    pub barcodes: Vec<String>,
    /// Packs of it, such as a case of 12, each with a barcode of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(max_items = 20))]
    pub packs: Vec<crate::Pack>,
    /// The base unit, such as `piece` or `kg`.
    #[serde(default = "piece")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 20))]
    pub unit: String,
    /// Price of one in the stores' currency, if it has a fixed one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    /// Stocked, or a service. A kit is one once it is said what it is made of.
    #[serde(default)]
    pub kind: ItemKind,
    /// How its goods are costed: the oldest first, or at their average.
    #[serde(default)]
    pub costing: Costing,
}

/// What one of a delivery's line cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LineCost {
    /// The delivery's line, from 1.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub line: i64,
    /// What one cost, at or above zero.
    pub unit_cost: Money,
}

/// What a delivery cost, told after it was posted: by the supplier's invoice, the carrier's, the customs'.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewCosts {
    /// Made by whoever tells; sending the same again counts once.
    pub id: PostingId,
    /// When it was told; now when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<Time>,
    /// What one cost, for lines that said nothing or something else; at most 1 000.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 1000))]
    pub lines: Vec<LineCost>,
    /// Freight, duty and the like of all of it, shared out among its lines by their worth; at or above zero.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub landed: Option<Money>,
    /// What that is for, in any words (1 to 200 characters).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub what: Option<String>,
    /// Takes the `landed` of this earlier telling back, each share from where it went; nothing else is told then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<PostingId>,
}

fn piece() -> String {
    "piece".to_owned()
}
