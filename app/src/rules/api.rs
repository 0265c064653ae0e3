//! Server functions of a store's rules.
#![expect(missing_docs, reason = "the arguments of a server function become fields of a type that its macro makes")]

use crate::failure::Failure;
use crate::{json::Answer, prelude::*};
use leptos::server_fn::codec::Json;
use model::barcode::ScaleLabel;
use model::{RulesPatch, StoreRules};

#[cfg(feature = "ssr")]
use {
    crate::caller::{caller, complete},
    inventory::Inventory,
};

/// A store's rules.
#[server(prefix = "/api/inventory", endpoint = "rules", input = Json, output = Answer)]
pub async fn rules(store: String) -> Result<StoreRules, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.rules(&actor, &store).await?)
}

/// Sets them.
#[server(prefix = "/api/inventory", endpoint = "change_rules", input = Json, output = Answer)]
pub async fn change_rules(store: String, patch: RulesPatch) -> Result<StoreRules, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.change_rules(&actor, &store, patch).await }).await?)
}

/// What the labels of the scales say.
#[server(prefix = "/api/inventory", endpoint = "scale_labels", input = Json, output = Answer)]
pub async fn scale_labels() -> Result<Vec<ScaleLabel>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.scale_labels(&actor).await?)
}

/// Settles that, all of it.
#[server(prefix = "/api/inventory", endpoint = "set_scale_labels", input = Json, output = Answer)]
pub async fn set_scale_labels(labels: Vec<ScaleLabel>) -> Result<(), Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.set_scale_labels(&actor, labels).await }).await?)
}
