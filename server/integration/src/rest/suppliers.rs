//! Suppliers, and what they sell to us.

use super::documents::Keyed;
use super::items::if_match;
use super::which;
use crate::Integration;
use crate::http::{Caller, Limit, Listed, Nothing, Order, Problem, Problems, Query, Work, settle};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use inventory::Inventory;
use model::{
    Action, Actor, Error, NewSupplier, Page, Result, Scope, Supplier, SupplierId, SupplierItem, SupplierPatch,
    SupplierQuery,
};
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Words in the code or the name: at most 64 characters.
    #[serde(default)]
    #[param(max_length = 64)]
    search: String,
    /// Those that are archived instead of those that are not.
    #[serde(default)]
    archived: bool,
    /// How many at once.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// List suppliers
///
/// By code.
#[utoipa::path(get, path = "/suppliers", operation_id = "list_suppliers", tag = "purchasing", params(Asked), responses(
    (status = 200, description = "A page of suppliers.", body = Page<Supplier>), Problems
))]
pub(super) async fn list(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Query(asked): Query<Asked>,
) -> Result<Listed<Supplier>, Problem> {
    if asked.search.chars().count() > 64 {
        return Err(Problem::unreadable(model::Flaw::new("search", "too_long", "search with at most 64 characters")));
    }
    let list = format!("suppliers {:?} {}", asked.search, asked.archived);
    let after = it.cursors.asked(&list, asked.cursor.as_deref())?;
    let query = SupplierQuery { search: asked.search, archived: asked.archived, after };
    let page = it.inventory.suppliers(&actor, &query, asked.limit.rows()).await?;
    Ok(Listed(it.cursors.signed(&list, page)))
}

/// Find a supplier
///
/// Its `ETag` is its version, for `If-Match`.
#[utoipa::path(get, path = "/suppliers/{id}", operation_id = "find_supplier", tag = "purchasing", params(("id" = SupplierId, Path, description = "Which.")), responses(
    (status = 200, description = "The supplier.", body = Supplier), Problems
))]
pub(super) async fn show(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    Query(Nothing {}): Query<Nothing>,
) -> Result<Response, Problem> {
    let supplier = it.inventory.supplier(&actor, which(&id)?).await?.data;
    Ok(super::shown(supplier))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AskedItems {
    /// How many at once.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// List what a supplier sells to us
///
/// By SKU.
#[utoipa::path(get, path = "/suppliers/{id}/items", operation_id = "list_supplier_items", tag = "purchasing", params(("id" = SupplierId, Path, description = "Whose."), AskedItems), responses(
    (status = 200, description = "A page of lines.", body = Page<SupplierItem>), Problems
))]
pub(super) async fn items(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Path(id): Path<String>,
    Query(asked): Query<AskedItems>,
) -> Result<Listed<SupplierItem>, Problem> {
    let list = format!("supplier-items {id}");
    let after = it.cursors.asked(&list, asked.cursor.as_deref())?;
    let page = it.inventory.supplier_items(&actor, which(&id)?, after.as_deref(), asked.limit.rows()).await?;
    Ok(Listed(it.cursors.signed(&list, page)))
}

/// Suppliers are the whole house's.
fn permitted(actor: &Actor) -> Result<()> {
    let right = Action::Purchase;
    if actor.scope(right) == Scope::All { Ok(()) } else { Err(Error::Forbidden(right)) }
}

struct Adding {
    inventory: Inventory,
    new: NewSupplier,
}

impl Work for Adding {
    type Answer = Supplier;

    async fn permit(&self, actor: &Actor) -> Result<()> {
        permitted(actor)
    }

    async fn carry_out(self, actor: &Actor) -> Result<Supplier> {
        self.inventory.add_supplier(actor, self.new).await
    }
}

/// Add a supplier
#[utoipa::path(post, path = "/suppliers", operation_id = "add_supplier", tag = "purchasing", params(Keyed), request_body = NewSupplier, responses(
    (status = 201, description = "They are added; also when this same supplier (the id) was added before.", body = Supplier), Problems
))]
pub(super) async fn add(State(it): State<Integration>, order: Order<NewSupplier>) -> Result<Response, Problem> {
    let adding = Adding { inventory: it.inventory, new: order.body };
    settle(it.auth, order.actor, adding).await
}

struct Changing {
    inventory: Inventory,
    id: SupplierId,
    /// The version that the caller saw; none for whichever it is.
    version: Option<i64>,
    patch: SupplierPatch,
}

impl Work for Changing {
    type Answer = Supplier;
    const STATUS: StatusCode = StatusCode::OK;

    async fn permit(&self, actor: &Actor) -> Result<()> {
        permitted(actor)
    }

    async fn carry_out(self, actor: &Actor) -> Result<Supplier> {
        self.inventory.change_supplier(actor, self.id, self.version, self.patch).await
    }
}

/// Change a supplier
///
/// Fields that are left out stay; `items` are the lines that are new or different. `If-Match` carries the `ETag` of the
/// supplier as you saw them (`*` for whichever it is): when somebody changed them since, the answer is 412.
#[utoipa::path(patch, path = "/suppliers/{id}", operation_id = "change_supplier", tag = "purchasing", params(
    ("id" = SupplierId, Path, description = "Whom."), ("If-Match" = String, Header, description = "The ETag of the supplier, or *."), Keyed
), request_body = SupplierPatch, responses(
    (status = 200, description = "They are changed.", body = Supplier), Problems
))]
pub(super) async fn change(
    State(it): State<Integration>,
    Path(id): Path<String>,
    headers: HeaderMap,
    order: Order<SupplierPatch>,
) -> Result<Response, Problem> {
    let version = if_match(&headers)?;
    let changing = Changing { inventory: it.inventory, id: which(&id)?, version, patch: order.body };
    settle(it.auth, order.actor, changing).await
}
