//! What a posting did: the answer to every document.

use crate::{DocumentKind, LineTax, Money, PostingId, Quantity, TaxTotal, Time};
use serde::{Deserialize, Serialize};

/// One line of a receipt slip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReceiptLine {
    /// The item.
    pub sku: String,
    /// Its name at that time.
    pub name: String,
    /// How many, as the document said it; an adjustment's is signed, and a reversal's is the original's with the other
    /// sign.
    pub quantity: Quantity,
    /// Price or cost of one.
    pub unit_price: Option<Money>,
    /// The price list that it is from, by its name at that time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<String>,
    /// By which rate its price holds tax, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax: Option<LineTax>,
    /// What can be sold at the selling place after this line; `null` where it touched something else.
    pub on_hand: Option<Quantity>,
    /// That balance's version after this line; `null` as well.
    pub version: Option<i64>,
}

/// What a posting did: the answer to every document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Receipt {
    /// The document's id.
    pub id: PostingId,
    /// What kind.
    pub kind: DocumentKind,
    /// The store's code.
    pub store: String,
    /// Its number, if it has one.
    pub number: Option<String>,
    /// The store's currency, ISO 4217.
    pub currency: String,
    /// When it happened.
    pub occurred_at: Time,
    /// When we learnt.
    pub recorded_at: Time,
    /// Which posting this undoes.
    pub reverses: Option<PostingId>,
    /// Σ quantity × unit price; a reversal's is the original's with the other sign.
    pub total: Money,
    /// The tax in it by rate; what is of no tax class is left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tax: Vec<TaxTotal>,
    /// Its lines.
    pub lines: Vec<ReceiptLine>,
    /// Its line in the journal; `null` only when the journal's sequencer could not be reached in time.
    pub seq: Option<i64>,
}
