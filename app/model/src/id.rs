//! Ids: UUIDv7, made by whoever starts the act, one type for each kind of thing.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "sqlx", derive(sqlx::Type), sqlx(transparent))]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new id; ids made later on one machine sort later.
            #[must_use]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )*};
}

ids! {
    /// A store: a site with a time zone and a currency.
    StoreId
    /// A place inside a store, or one of its virtual ones (customer, supplier, shrinkage …).
    LocationId
    /// What is stocked or charged for.
    ItemId
    /// A kind of goods.
    CategoryId
    /// A batch of an item, told apart from its other ones.
    LotId
    /// An atomic set of movements with one cause: a sale, a return, an adjustment, a receipt, a reversal.
    PostingId
    /// A document that lives: a purchase order, an order, a transfer, a count.
    PaperId
    /// Whom we buy from.
    SupplierId
    /// Prices beside the items' own.
    PriceListId
    /// What share of a price is tax.
    TaxClassId
    /// A product whose items differ in size, colour or the like.
    FamilyId
    /// Something counted, written down once.
    CountEntryId
    /// A count that comes again by itself.
    CountPlanId
    /// Goods that are kept for somebody.
    ReservationId
    /// Something for a person to settle.
    ExceptionId
    /// One line of the journal.
    JournalId
    /// Someone who signs in.
    PersonId
    /// One signed-in browser.
    SessionId
    /// A tablet that the people of a store share.
    DeviceId
    /// A key with which another system calls.
    KeyId
    /// A kind of problem.
    ProblemId
}
