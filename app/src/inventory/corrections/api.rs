//! Server functions of corrections that had to wait.
#![expect(missing_docs, reason = "the arguments of a server function become fields of a type that its macro makes")]

use crate::failure::Failure;
use crate::{json::Answer, prelude::*};
use leptos::server_fn::codec::Json;
use model::{Correction, CorrectionQuery, CorrectionRow, CorrectionStep, Page, PaperId, Since};

#[cfg(feature = "ssr")]
use {
    crate::caller::{caller, complete},
    inventory::Inventory,
};

/// How many rows come at once.
#[cfg(feature = "ssr")]
const AT_ONCE: i64 = 50;

/// A page of a store's corrections that had to wait, the latest step first.
#[server(prefix = "/api/inventory", endpoint = "corrections", input = Json, output = Answer)]
pub async fn corrections(query: CorrectionQuery) -> Result<Page<CorrectionRow>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.corrections(&actor, &query, AT_ONCE).await?)
}

/// One of them.
#[server(prefix = "/api/inventory", endpoint = "correction", input = Json, output = Answer)]
pub async fn find_correction(id: PaperId) -> Result<Since<Correction>, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(inventory.correction(&actor, id).await?)
}

/// Approves it, does not, or takes it back.
#[server(prefix = "/api/inventory", endpoint = "step_correction", input = Json, output = Answer)]
pub async fn step_correction(
    id: PaperId,
    seen: i64,
    step: CorrectionStep,
    reason: Option<String>,
) -> Result<Correction, Failure> {
    let (actor, inventory) = caller::<Inventory>().await?;
    Ok(complete(async move { inventory.step_correction(&actor, id, Some(seen), step, reason.as_deref()).await })
        .await?)
}
