//! The same change made to many products.

use crate::{ItemPatch, JournalId, Limit, Money, Product, PromisePolicy, Quantity, TaxClassId};
use serde::{Deserialize, Serialize};

/// The same change for many items.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Bulk {
    /// This much is added to each price; taken off when below zero.
    PriceBy(Money),
    /// So many percent are added to each price, rounded half away from zero to the currency's smallest coin.
    PriceByPercent(Quantity),
    /// These limits in a store.
    Limits(Limit),
    /// Archived, or brought back.
    Archived(bool),
    /// Their pictures are taken off.
    WithoutImage,
    /// They are of this category, or of none.
    Category(Option<String>),
    /// Their prices include that tax, or none.
    TaxClass(Option<TaxClassId>),
    /// This is what happens when more of them is promised than can be.
    Promise(PromisePolicy),
    /// The same for what is promised over the web; as elsewhere when there is none.
    WebPromise(Option<PromisePolicy>),
}

impl Bulk {
    /// What it is for one of them, in a currency with so many digits after the point; `None` where it does not apply.
    #[must_use]
    pub fn patch(&self, product: &Product, digits: u32) -> Option<ItemPatch> {
        let priced = |price: Option<Money>| {
            let price = price?.max(Money::ZERO).min(Money::PRICE_MAX);
            Some(ItemPatch { price: Some(Some(price)), ..ItemPatch::default() })
        };
        match self {
            Self::PriceBy(amount) => priced(product.item.price?.checked_add(*amount)),
            Self::PriceByPercent(percent) => priced(product.item.price?.checked_percent(*percent, digits)),
            Self::Limits(limit) => Some(ItemPatch { limits: Some(vec![limit.clone()]), ..ItemPatch::default() }),
            Self::Category(name) => Some(ItemPatch { category: Some(name.clone()), ..ItemPatch::default() }),
            Self::TaxClass(class) => Some(ItemPatch { tax_class: Some(*class), ..ItemPatch::default() }),
            Self::Promise(policy) => Some(ItemPatch { promise: Some(*policy), ..ItemPatch::default() }),
            Self::WebPromise(policy) => Some(ItemPatch { web_promise: Some(*policy), ..ItemPatch::default() }),
            Self::WithoutImage => Some(ItemPatch { image: Some(None), ..ItemPatch::default() }),
            Self::Archived(archived) => Some(ItemPatch { archived: Some(*archived), ..ItemPatch::default() }),
        }
    }
}

/// What a change of many items did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// Its line in the journal, by which it is undone; none when nothing was different.
    pub journal: Option<JournalId>,
    /// How many items are different now.
    pub changed: u64,
    /// SKUs of those that stayed, and why: no price to change, or changed by someone since.
    pub kept: Vec<String>,
}
