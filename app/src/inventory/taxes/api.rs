//! Server functions of tax classes, and of the tax in what was sold.
#![expect(missing_docs, reason = "the arguments of a server function become fields of a type that its macro makes")]

use crate::failure::Failure;
use crate::{json::Answer, prelude::*};
use leptos::server_fn::codec::Json;
use model::{DayTax, NewTaxClass, Page, TaxClass, TaxClassId};

#[cfg(feature = "ssr")]
use {
    crate::caller::{caller, complete},
    inventory::Inventory,
};

/// All tax classes.
#[server(prefix = "/api/inventory", endpoint = "tax_classes", input = Json, output = Answer)]
pub async fn tax_classes() -> Result<Page<TaxClass>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.tax_classes(&actor).await?)
}

/// One of them.
#[server(prefix = "/api/inventory", endpoint = "tax_class", input = Json, output = Answer)]
pub async fn find_tax_class(id: TaxClassId) -> Result<TaxClass, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.tax_class(&actor, id).await?)
}

/// Makes a class what it is to be, or adds it.
#[server(prefix = "/api/inventory", endpoint = "save_tax_class", input = Json, output = Answer)]
pub async fn save_tax_class(id: TaxClassId, class: NewTaxClass) -> Result<TaxClass, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.save_tax_class(&actor, id, class).await }).await?)
}

/// What was sold on these days with the tax in it, by day and rate.
#[server(prefix = "/api/inventory", endpoint = "taxes", input = Json, output = Answer)]
pub async fn taxes(store: String, from: String, to: String) -> Result<Page<DayTax>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.taxes(&actor, &store, &from, &to).await?)
}
