//! Server functions of the import; the file itself goes to `/files/import`.
#![expect(missing_docs, reason = "the arguments of a server function become fields of a type that its macro makes")]

use crate::failure::Failure;
use crate::{json::Answer, prelude::*};
use leptos::server_fn::codec::Json;
use model::{Checked, ImportProgress, Mapping, Uploaded};
use uuid::Uuid;

#[cfg(feature = "ssr")]
use {
    crate::caller::{caller, complete},
    integration::Integration,
};

/// The file as it was read, and how far its import is.
#[server(prefix = "/api/integration", endpoint = "import", input = Json, output = Answer)]
pub async fn import(id: Uuid) -> Result<(Uploaded, ImportProgress), Failure> {
    let (actor, integration) = caller::<Integration>().await?;
    Ok(integration.import(&actor, id).await?)
}

/// What the import would do; nothing is changed.
#[server(prefix = "/api/integration", endpoint = "check_import", input = Json, output = Answer)]
pub async fn check_import(id: Uuid, mapping: Mapping) -> Result<Checked, Failure> {
    let (actor, integration) = caller::<Integration>().await?;
    Ok(complete(async move { integration.check_import(&actor, id, mapping).await }).await?)
}

/// Starts the import; it tells how far it is over the live socket.
#[server(prefix = "/api/integration", endpoint = "start_import", input = Json, output = Answer)]
pub async fn start_import(id: Uuid, mapping: Mapping) -> Result<(), Failure> {
    let (actor, integration) = caller::<Integration>().await?;
    Ok(complete(async move { integration.start_import(&actor, id, mapping).await }).await?)
}

/// Goes on with one that ended before all was in.
#[server(prefix = "/api/integration", endpoint = "resume_import", input = Json, output = Answer)]
pub async fn resume_import(id: Uuid) -> Result<(), Failure> {
    let (actor, integration) = caller::<Integration>().await?;
    Ok(complete(async move { integration.resume_import(&actor, id).await }).await?)
}

/// Ends it after the act under way; what is in stays.
#[server(prefix = "/api/integration", endpoint = "stop_import", input = Json, output = Answer)]
pub async fn stop_import(id: Uuid) -> Result<(), Failure> {
    let (actor, integration) = caller::<Integration>().await?;
    Ok(complete(async move { integration.stop_import(&actor, id).await }).await?)
}

/// Undoes all that it did.
#[server(prefix = "/api/integration", endpoint = "undo_import", input = Json, output = Answer)]
pub async fn undo_import(id: Uuid) -> Result<(), Failure> {
    let (actor, integration) = caller::<Integration>().await?;
    Ok(complete(async move { integration.undo_import(&actor, id).await }).await?)
}
