//! Counts: documents by which what lies on the shelves is found out, blindly, by several people at once.

use crate::{CountEntryId, Money, PaperId, Quantity, Time};
use serde::{Deserialize, Serialize};

/// What a count goes over, or by what the items in it were chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CountBy {
    /// Everything in the store.
    #[default]
    Store,
    /// These items.
    Items,
    /// The few items that make the first 80 % of what was sold in 90 days, by value.
    ClassA,
    /// Those that make the next 15 %.
    ClassB,
    /// The many that make the rest, or nothing.
    ClassC,
    /// Those sold most often in 30 days.
    Fast,
    /// Those with something open against them, then those not counted for the longest time.
    Doubt,
}

impl CountBy {
    /// All of them, for forms.
    pub const ALL: [Self; 7] =
        [Self::Store, Self::Items, Self::ClassA, Self::ClassB, Self::ClassC, Self::Fast, Self::Doubt];

    /// The name in the database and in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Store => "store",
            Self::Items => "items",
            Self::ClassA => "class_a",
            Self::ClassB => "class_b",
            Self::ClassC => "class_c",
            Self::Fast => "fast",
            Self::Doubt => "doubt",
        }
    }
}

impl TryFrom<String> for CountBy {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        Self::ALL.into_iter().find(|by| by.name() == name).ok_or_else(|| format!("no choice of what to count: {name}"))
    }
}

/// Where a count stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CountState {
    /// Nobody has counted anything yet.
    Planned,
    /// People count.
    Counting,
    /// Others count some of it again.
    Recounting,
    /// Counted; a person looks at what differs.
    Review,
    /// What differs is to be booked.
    Approved,
    /// Booked.
    Posted,
    /// Counted, and found to be no good.
    Rejected,
    /// Given up before it was handed in.
    Cancelled,
    /// Booked, and what it booked was undone: it counts nowhere.
    Undone,
}

impl CountState {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Planned,
        Self::Counting,
        Self::Recounting,
        Self::Review,
        Self::Approved,
        Self::Posted,
        Self::Rejected,
        Self::Cancelled,
        Self::Undone,
    ];

    /// The name in the database and in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Counting => "counting",
            Self::Recounting => "recounting",
            Self::Review => "review",
            Self::Approved => "approved",
            Self::Posted => "posted",
            Self::Rejected => "rejected",
            Self::Cancelled => "cancelled",
            Self::Undone => "undone",
        }
    }

    /// May somebody write down what they counted?
    #[must_use]
    pub const fn counts(self) -> bool {
        matches!(self, Self::Planned | Self::Counting | Self::Recounting)
    }
}

impl TryFrom<String> for CountState {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        Self::ALL.into_iter().find(|state| state.name() == name).ok_or_else(|| format!("no state of a count: {name}"))
    }
}

/// A count to be opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewStockCount {
    /// Made by whoever opens it; sending the same again answers with it.
    pub id: PaperId,
    /// The store's code.
    pub store: String,
    /// What it goes over.
    #[serde(default)]
    pub by: CountBy,
    /// The code of the place that it goes over; where sales leave from (`SHOP`) when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// With `items`: which, by SKU, 1 to 1 000.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(max_items = 1000))]
    pub skus: Vec<String>,
    /// With a plan (`class_a` to `doubt`): how many items at most, 1 to 200; 50 when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 200))]
    pub most: Option<i64>,
    /// The day for which it is planned, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<String>,
    /// What those who count should know (1 to 200 characters).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub note: Option<String>,
}

/// What came of a count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CountOutcome {
    /// How many items were counted.
    pub lines: i64,
    /// How many of them were right, within the store's tolerance.
    pub accurate: i64,
    /// What was found beyond what we thought, at the items' prices.
    pub gained: Money,
    /// What was missing, at the items' prices.
    pub lost: Money,
}

/// A count: its head, which says nothing of what we think is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StockCount {
    /// Its id.
    pub id: PaperId,
    /// Its number, such as `CT-LON-12`.
    pub number: String,
    /// The store's code.
    pub store: String,
    /// What it goes over.
    pub by: CountBy,
    /// In which place, by its code.
    pub place: String,
    /// That place's name.
    pub place_name: String,
    /// Where it stands.
    pub state: CountState,
    /// Rises by one with each step.
    pub version: i64,
    /// What those who count should know.
    pub note: Option<String>,
    /// The day for which it is planned.
    pub due_on: Option<String>,
    /// Who opened it.
    pub author: String,
    /// Who approved it.
    pub approver: Option<String>,
    /// When it was opened.
    pub created_at: Time,
    /// When it was last brought further.
    pub changed_at: Time,
    /// How many entries people have made.
    pub entries: i64,
    /// How many different items they have counted.
    pub items: i64,
    /// What came of it, once it is approved.
    pub outcome: Option<CountOutcome>,
}

/// Something counted: so many of it lie there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewCountEntry {
    /// Made by whoever counts: the same id twice counts once.
    pub id: CountEntryId,
    /// The item's SKU or barcode, or whatever a scanner reads from it.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub code: String,
    /// How many; entries of one item add up. 0 says that none is there; below zero takes back what was counted too much.
    pub quantity: Quantity,
    /// When it was counted; now when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted_at: Option<Time>,
    /// On which shelf, in any words (1 to 40 characters).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 40))]
    pub shelf: Option<String>,
}

/// What somebody counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewCountEntries {
    /// What the counter's own clock says while this is sent: by it a clock that is wrong is put right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Time>,
    /// 1 to 100.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 100))]
    pub entries: Vec<NewCountEntry>,
}

/// An item in a count, as those who count see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CountedLine {
    /// Its stock keeping unit.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// The base unit.
    pub unit: String,
    /// How many were counted so far, by all; `null` when nobody counted it yet.
    pub counted: Option<Quantity>,
    /// It is counted again.
    pub again: bool,
    /// Somebody else has to count it: you did before.
    pub not_you: bool,
}

/// Why an entry was put aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum EntryAside {
    /// No item has that code.
    Unknown,
    /// It is nothing that lies on a shelf.
    Service,
    /// It is a kit: what it is made of is counted.
    Kit,
    /// Only some items are counted again, and this is none of them.
    NotAgain,
    /// Somebody else counts it again than who counted it before.
    NotYou,
    /// It would take back more than was counted.
    BelowZero,
    /// The label of a load does not say how many it holds, or more than can be.
    NoNumber,
    /// It was counted before the item was to be counted again.
    Late,
}

/// An entry that was put aside; it counts for nothing, and the others count all the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AsideEntry {
    /// Which.
    pub id: CountEntryId,
    /// Its code, as it was sent.
    pub code: String,
    /// Why.
    pub why: EntryAside,
}

/// What became of entries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CountEntered {
    /// The count after them.
    pub count: StockCount,
    /// Their items, each once.
    pub lines: Vec<CountedLine>,
    /// What was put aside.
    pub aside: Vec<AsideEntry>,
    /// Those that count for more than they say, because their code is a pack's or a load's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub packs: Vec<PackEntry>,
}

/// An entry of packs or loads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PackEntry {
    /// Which.
    pub id: CountEntryId,
    /// How many of the item it counts for.
    pub quantity: Quantity,
}

/// Somebody who counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CountingPerson {
    /// By the name shown.
    pub name: String,
    /// The shelf at which they were last.
    pub shelf: Option<String>,
    /// How many entries they have made.
    pub entries: i64,
    /// When they made the last one.
    pub last_at: Time,
    /// It is you.
    pub mine: bool,
}

/// An entry, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CountEntry {
    /// Which.
    pub id: CountEntryId,
    /// The item.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// How many.
    pub quantity: Quantity,
    /// On which shelf.
    pub shelf: Option<String>,
    /// Who counted.
    pub author: String,
    /// When.
    pub counted_at: Time,
    /// It is yours.
    pub mine: bool,
}

/// A count in progress, as those who count see it: what they found, never what we think is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Counting {
    /// Its head.
    pub count: StockCount,
    /// Who counts, the latest first.
    pub people: Vec<CountingPerson>,
    /// The last 20 entries.
    pub latest: Vec<CountEntry>,
    /// What is still to be counted, by SKU, at most 200.
    pub left: Vec<CountedLine>,
    /// How many that are in all.
    pub left_total: i64,
    /// The journal line up to which it is true.
    pub as_of: i64,
}
