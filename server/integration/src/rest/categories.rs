//! The categories of the catalogue.

use super::documents::Keyed;
use super::which;
use crate::Integration;
use crate::http::{Answered, Caller, Listed, Nothing, Order, Problem, Problems, Query, Work, settle};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use inventory::Inventory;
use model::{Action, Actor, Category, CategoryId, Error, Page, Renaming, Result};

impl Answered for Category {}

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

struct Naming {
    inventory: Inventory,
    id: CategoryId,
    renaming: Renaming,
}

impl Work for Naming {
    type Answer = Category;
    const STATUS: StatusCode = StatusCode::OK;

    async fn permit(&self, actor: &Actor) -> Result<()> {
        let right = Action::EditItems;
        if actor.may(right.anywhere()) { Ok(()) } else { Err(Error::Forbidden(right)) }
    }

    async fn carry_out(self, actor: &Actor) -> Result<Category> {
        self.inventory.rename_category(actor, self.id, self.renaming).await
    }
}

/// Rename a category
///
/// For all its items at once. Its former names still lead to it, in an item's `category` as in files and links. Refused
/// with 412 when it is not called `was` any more.
#[utoipa::path(patch, path = "/categories/{id}", operation_id = "rename_category", tag = "items", params(
    ("id" = CategoryId, Path, description = "The category."), Keyed
), request_body = Renaming, responses(
    (status = 200, description = "It is called so.", body = Category), Problems
))]
pub(super) async fn rename(
    State(it): State<Integration>,
    Path(id): Path<String>,
    order: Order<Renaming>,
) -> Result<Response, Problem> {
    let id: CategoryId = which(&id)?;
    let naming = Naming { inventory: it.inventory, id, renaming: order.body };
    settle(it.auth, order.actor, naming).await
}
