//! What does not add up in a store, and waits for a person.

use crate::Integration;
use crate::http::{Caller, Limit, Listed, Problem, Problems, Query, moment_and_id};
use axum::extract::State;
use inventory::ExceptionFilter;
use model::{ExceptionKind, Page, StockException};
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// The store's code.
    store: String,
    /// Only those of a kind.
    #[param(inline)]
    kind: Option<ExceptionKind>,
    /// How many at once.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// List exceptions
///
/// Those that are open in a store, the oldest first, each with who is on it. They close by themselves with what takes
/// their cause away: a delivery, a count, an item that gets the code, a cost that is told.
#[utoipa::path(get, path = "/exceptions", operation_id = "list_exceptions", tag = "stock", params(Asked), responses(
    (status = 200, description = "A page of exceptions.", body = Page<StockException>), Problems
))]
pub(super) async fn list(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Query(asked): Query<Asked>,
) -> Result<Listed<StockException>, Problem> {
    let list = format!("exceptions {:?} {:?}", asked.store, asked.kind);
    let after = it.cursors.after(&list, asked.cursor.as_deref(), moment_and_id)?;
    let filter = ExceptionFilter { kind: asked.kind, after, limit: asked.limit.rows() };
    let page = it.inventory.exception_page(&actor, &asked.store, &filter).await?;
    Ok(Listed(it.cursors.signed(&list, page)))
}
