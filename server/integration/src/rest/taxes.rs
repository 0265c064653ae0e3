//! Tax classes, and the tax in what was sold.

use super::documents::Keyed;
use super::which;
use crate::Integration;
use crate::http::{Answered, Caller, Listed, Nothing, Order, Problem, Problems, Query, Work, settle};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use inventory::Inventory;
use model::{Action, Actor, DayTax, Error, NewTaxClass, Page, Result, TaxClass, TaxClassId};
use serde::Deserialize;
use utoipa::IntoParams;

impl Answered for TaxClass {}

/// List tax classes
///
/// All of them, by name. Shelf prices include tax; an item's `tax_class` says which.
#[utoipa::path(get, path = "/tax-classes", operation_id = "list_tax_classes", tag = "items", responses(
    (status = 200, description = "The classes with their rates.", body = Page<TaxClass>), Problems
))]
pub(super) async fn list(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Query(Nothing {}): Query<Nothing>,
) -> Result<Listed<TaxClass>, Problem> {
    Ok(Listed(it.inventory.tax_classes(&actor).await?))
}

/// Show a tax class
#[utoipa::path(get, path = "/tax-classes/{id}", operation_id = "show_tax_class", tag = "items", params(
    ("id" = TaxClassId, Path, description = "The class.")
), responses(
    (status = 200, description = "The class and its rates.", body = TaxClass), Problems
))]
pub(super) async fn show(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<Json<TaxClass>, Problem> {
    Ok(Json(it.inventory.tax_class(&actor, which(&id)?).await?))
}

struct Saving {
    inventory: Inventory,
    id: TaxClassId,
    new: NewTaxClass,
}

impl Work for Saving {
    type Answer = TaxClass;
    const STATUS: StatusCode = StatusCode::OK;

    /// It holds in all stores and needs the right in all of them, as Inventory says.
    async fn permit(&self, actor: &Actor) -> Result<()> {
        let right = Action::EditItems;
        if actor.may(right.anywhere()) { Ok(()) } else { Err(Error::Forbidden(right)) }
    }

    async fn carry_out(self, actor: &Actor) -> Result<TaxClass> {
        self.inventory.save_tax_class(actor, self.id, self.new).await
    }
}

/// Save a tax class
///
/// All of it, under an id that you make: rates that are left out go, and what was sold keeps the rate of its day.
/// `version` is the one that was read, 0 for a class that is not there yet; when somebody changed it since, the answer is 412.
#[utoipa::path(put, path = "/tax-classes/{id}", operation_id = "save_tax_class", tag = "items", params(
    ("id" = TaxClassId, Path, description = "The class."), Keyed
), request_body = NewTaxClass, responses(
    (status = 200, description = "It is so.", body = TaxClass), Problems
))]
pub(super) async fn save(
    State(it): State<Integration>,
    Path(id): Path<String>,
    order: Order<NewTaxClass>,
) -> Result<Response, Problem> {
    let id: TaxClassId = which(&id)?;
    let saving = Saving { inventory: it.inventory, id, new: order.body };
    settle(it.auth, order.actor, saving).await
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Days {
    /// The store, by its code.
    store: String,
    /// The first day on its clock, such as `2026-12-01`.
    from: String,
    /// The last day.
    to: String,
}

/// Tell taxes
///
/// What was sold in a store on these days with the tax in it, by day and rate; what was paid back is taken off.
#[utoipa::path(get, path = "/taxes", operation_id = "tell_taxes", tag = "reports", params(Days), responses(
    (status = 200, description = "By day and rate.", body = Page<DayTax>), Problems
))]
pub(super) async fn tell(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Query(asked): Query<Days>,
) -> Result<Listed<DayTax>, Problem> {
    Ok(Listed(it.inventory.taxes(&actor, &asked.store, &asked.from, &asked.to).await?))
}
