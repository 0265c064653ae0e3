//! The catalogue.

use super::documents::Keyed;
use crate::Integration;
use crate::http::{Caller, Limit, Listed, Nothing, Order, Problem, Problems, Query, Work, settle};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use inventory::{Inventory, ItemFilter};
use model::{Action, Actor, Error, Item, NewItem, Page, Result};
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Words in the SKU, the name or a barcode: at most 64 characters.
    #[serde(default)]
    #[param(max_length = 64)]
    search: String,
    /// How many at once.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// List items
///
/// By SKU.
#[utoipa::path(get, path = "/items", operation_id = "list_items", tag = "items", params(Asked), responses(
    (status = 200, description = "A page of items.", body = Page<Item>), Problems
))]
pub(super) async fn list(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Query(asked): Query<Asked>,
) -> Result<Listed<Item>, Problem> {
    if asked.search.chars().count() > 64 {
        return Err(Problem::unreadable(model::Flaw::new("search", "too_long", "search with at most 64 characters")));
    }
    let list = format!("items {:?}", asked.search);
    let after = it.cursors.asked(&list, asked.cursor.as_deref())?;
    let filter = ItemFilter { search: asked.search, after, limit: asked.limit.rows() };
    let page = it.inventory.items(&actor, &filter).await?;
    Ok(Listed(it.cursors.signed(&list, page)))
}

/// Find an item
///
/// By its SKU or one of its barcodes.
#[utoipa::path(get, path = "/items/{sku}", operation_id = "find_item", tag = "items", params(("sku" = String, Path, description = "SKU or barcode.")), responses(
    (status = 200, description = "The item.", body = Item), Problems
))]
pub(super) async fn show(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Path(sku): Path<String>,
    Query(Nothing {}): Query<Nothing>,
) -> Result<Json<Item>, Problem> {
    let item = it.inventory.find_item(&actor, &sku).await?.ok_or(Error::NotFound)?;
    Ok(Json(item))
}

struct Adding {
    inventory: Inventory,
    item: NewItem,
}

impl Work for Adding {
    type Answer = Item;

    async fn permit(&self, actor: &Actor) -> Result<()> {
        let right = Action::EditItems;
        if actor.may(right.anywhere()) { Ok(()) } else { Err(Error::Forbidden(right)) }
    }

    async fn carry_out(self, actor: &Actor) -> Result<Item> {
        self.inventory.add_item(actor, self.item).await
    }
}

/// Add an item
#[utoipa::path(post, path = "/items", operation_id = "add_item", tag = "items", params(Keyed), request_body = NewItem, responses(
    (status = 201, description = "It is added; also when this same item (its id) was added before.", body = Item), Problems
))]
pub(super) async fn add(State(it): State<Integration>, order: Order<NewItem>) -> Result<Response, Problem> {
    let place = format!("{}/items/{}", super::PREFIX, escaped(&order.body.sku));
    let adding = Adding { inventory: it.inventory, item: order.body };
    let mut response = settle(it.auth, order.actor, adding).await?;
    if let Ok(place) = HeaderValue::try_from(place)
        && response.status().is_success()
    {
        response.headers_mut().insert(header::LOCATION, place);
    }
    Ok(response)
}

/// A path segment: all but unreserved characters written as `%XX`.
fn escaped(text: &str) -> String {
    let one = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_segment_is_escaped_where_it_must_be() {
        assert_eq!(escaped("85123A"), "85123A");
        assert_eq!(escaped("BANK CHARGES/é"), "BANK%20CHARGES%2F%C3%A9");
    }
}
