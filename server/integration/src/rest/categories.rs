//! The categories of the catalogue.

use crate::Integration;
use crate::http::{Caller, Listed, Nothing, Problem, Problems, Query};
use axum::extract::State;
use model::{Category, Page};

/// List categories
///
/// All that something offered is of, by name. One is made by naming it in an item's `category`.
#[utoipa::path(get, path = "/categories", operation_id = "list_categories", tag = "items", responses(
    (status = 200, description = "The categories.", body = Page<Category>), Problems
))]
pub(super) async fn list(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Query(Nothing {}): Query<Nothing>,
) -> Result<Listed<Category>, Problem> {
    Ok(Listed(it.inventory.categories(&actor).await?))
}
