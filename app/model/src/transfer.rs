//! Transfers: goods that go from one place to another, and what became of them on the way.

use crate::{Approver, ItemId, LocationId, PaperId, PostingId, Quantity, Time, Tracking};
use serde::{Deserialize, Serialize};

/// How far a transfer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TransferState {
    /// It is being put together.
    Draft,
    /// Somebody else has approved it.
    Approved,
    /// It has left, and nothing of it has arrived.
    InTransit,
    /// Some of it has arrived, and the rest is on the way.
    PartlyReceived,
    /// Nothing more comes: the sender says what became of the rest.
    Short,
    /// Nothing is on the way any more.
    Received,
    /// Done and looked over.
    Closed,
    /// It never left, or all of it came home or is lost.
    Cancelled,
}

impl TransferState {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Draft,
        Self::Approved,
        Self::InTransit,
        Self::PartlyReceived,
        Self::Short,
        Self::Received,
        Self::Closed,
        Self::Cancelled,
    ];

    /// The name in the database and in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Approved => "approved",
            Self::InTransit => "in_transit",
            Self::PartlyReceived => "partly_received",
            Self::Short => "short",
            Self::Received => "received",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Has it left, and is there something to come or to settle?
    #[must_use]
    pub const fn is_under_way(self) -> bool {
        matches!(self, Self::InTransit | Self::PartlyReceived | Self::Short)
    }

    /// May its lines still change?
    #[must_use]
    pub const fn is_draft(self) -> bool {
        matches!(self, Self::Draft)
    }
}

/// So many of an item, or of one of its lots: several lots of it are several amounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Amount {
    /// The item.
    pub sku: String,
    /// How many.
    pub quantity: Quantity,
    /// The serial numbers of these pieces, where the item has such: what is sent has all of them when it leaves, and what
    /// arrives when it is not all that is on the way (each 1 to 64 characters).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(max_items = 1000))]
    pub serials: Vec<String>,
    /// The lot, as it stands on the goods, where lots are told apart; left out, what expires first is sent, and what is left
    /// by those that are named arrives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 64))]
    pub lot: Option<String>,
}

/// A transfer to be put together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewTransfer {
    /// Made by whoever sends; sending the same again answers with the transfer as it is.
    pub id: PaperId,
    /// The code of the store that sends.
    pub store: String,
    /// The code of the place in it; where sales leave from when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The code of the store where it goes; the same store when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_store: Option<String>,
    /// The code of the place there; where sales leave from when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// What the others should know (at most 200 characters).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub note: Option<String>,
    /// At most 1000 lines, quantities above zero; they may come later.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 1000))]
    pub lines: Vec<Amount>,
}

/// What became of goods that did not arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Goods {
    /// They are back where they came from.
    Home,
    /// They are lost.
    WrittenOff,
}

/// What is done with a transfer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum TransferStep {
    /// So many of these are to be sent; none takes the line out. Other lines stay. All amounts of an item together are its
    /// line: lots that are not among them are not named any more.
    Lines {
        /// At most 1000.
        #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 1000))]
        lines: Vec<Amount>,
    },
    /// It may leave.
    Approve,
    /// It leaves.
    Dispatch,
    /// So many have arrived, besides those that had before.
    Arrive {
        /// What arrived. None: everything that is on the way; with `last`, nothing.
        #[serde(default)]
        #[cfg_attr(feature = "openapi", schema(max_items = 1000))]
        lines: Vec<Amount>,
        /// Nothing more comes: what is missing is for the sender to settle.
        #[serde(default)]
        last: bool,
    },
    /// What did not arrive is home, or lost; what of it is neither goes on being missed.
    Settle {
        /// Which of them.
        goods: Goods,
        /// Of what how many. None: everything that is on the way.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(feature = "openapi", schema(max_items = 1000))]
        lines: Vec<Amount>,
    },
    /// It is called off. What has left already is somewhere: say where.
    Cancel {
        /// Where the goods are; left out as long as nothing has left.
        #[serde(default)]
        goods: Option<Goods>,
    },
    /// It is done.
    Close,
}

/// A step to be taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewTransferStep {
    /// Made by whoever takes it; goods that move are posted under it, once.
    pub id: PostingId,
    /// The version that one looked at; when somebody was faster, nothing is done. Left out, it does not matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// What is done.
    pub step: TransferStep,
}

/// One line of a transfer: `shipped = received + in transit + returned + lost`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TransferLine {
    /// The item.
    pub item: ItemId,
    /// Its stock keeping unit.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// How many are to be sent.
    pub asked: Quantity,
    /// How many have left.
    pub shipped: Quantity,
    /// Of these, how many have arrived.
    pub received: Quantity,
    /// How many are on the way.
    pub in_transit: Quantity,
    /// How many came home.
    pub returned: Quantity,
    /// How many are lost.
    pub lost: Quantity,
    /// What there is of it where it comes from; nothing for who does not see that store's stock.
    pub here: Option<Quantity>,
    /// What there is of it where it goes; nothing for who does not see that store's stock.
    pub there: Option<Quantity>,
    /// How its goods are told apart.
    #[serde(default)]
    pub tracking: Tracking,
    /// The serial numbers that are to be sent, or were.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub serials: Vec<String>,
    /// The lots that are to be sent by their names, or were, where lots are told apart.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub named: Vec<crate::LotTake>,
    /// Until it leaves, the lots from which the rest leaves first; then those that are on the way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lots: Vec<crate::LotTake>,
}

/// A transfer as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Transfer {
    /// Its id.
    pub id: PaperId,
    /// Its number.
    pub number: String,
    /// How far it is.
    pub state: TransferState,
    /// Rises by one with each step.
    pub version: i64,
    /// The code of the store that sends.
    pub store: String,
    /// The code of the place in it.
    pub from: String,
    /// The code of the store where it goes.
    pub to_store: String,
    /// The code of the place there.
    pub to: String,
    /// What the others should know.
    pub note: Option<String>,
    /// Who wrote it.
    pub author: String,
    /// Who approved it.
    pub approver: Option<String>,
    /// Somebody else than its author has to approve it before it leaves.
    pub needs_approval: bool,
    /// Who may approve it, beside its author; `null` while its value is within the store's limit.
    #[serde(default)]
    pub approved_by: Option<Approver>,
    /// When.
    pub created_at: Time,
    /// When the last step was taken.
    pub changed_at: Time,
    /// Its lines, by SKU.
    pub lines: Vec<TransferLine>,
}

/// A transfer in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TransferRow {
    /// Its id.
    pub id: PaperId,
    /// Its number.
    pub number: String,
    /// How far it is.
    pub state: TransferState,
    /// The code of the store that sends.
    pub store: String,
    /// The code of the store where it goes.
    pub to_store: String,
    /// Who wrote it.
    pub author: String,
    /// When the last step was taken.
    pub changed_at: Time,
    /// How many items.
    pub items: i64,
    /// How many pieces, as its lines ask for.
    pub asked: Quantity,
    /// How many are on the way.
    pub in_transit: Quantity,
}

/// Which transfers a list shows, seen from one store.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferQuery {
    /// The store's code.
    pub store: String,
    /// What comes to it from other stores; else what it sends.
    #[serde(default)]
    pub arriving: bool,
    /// What is done with, too; else only what waits for somebody.
    #[serde(default)]
    pub all: bool,
}

/// A place to be added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewPlace {
    /// Made by whoever adds it.
    pub id: LocationId,
    /// The store's code.
    pub store: String,
    /// The code of the place that it is in; none for a room of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Its code, unique in the store: 1 to 20 of `A-Z 0-9 -`.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 20))]
    pub code: String,
    /// What people call it: 1 to 100 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub name: String,
}

/// What is different about a place; what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PlaceChange {
    /// What people call it from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub name: Option<String>,
    /// It is given up, or taken up again. Only an empty one is given up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived: Option<bool>,
}

/// A place where goods lie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Place {
    /// Its id.
    pub id: LocationId,
    /// The store's code.
    pub store: String,
    /// The code of the place that it is in.
    pub parent: Option<String>,
    /// Its code.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// It is given up.
    pub archived: bool,
    /// How many different items lie there; 1 001 when there are more than a thousand.
    pub items: i64,
}
