//! The catalogue.

use super::documents::Keyed;
use crate::Integration;
use crate::http::{Caller, Limit, Listed, Nothing, Order, Problem, Problems, Query, Work, settle};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use inventory::{Inventory, ItemFilter};
use model::{Action, Actor, Error, Item, ItemPatch, Kit, NewItem, Page, Product, Result};
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Words in the SKU, the name or a barcode: at most 64 characters. When a word is in no item, the nearest one is looked for.
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
/// By its SKU or one of its barcodes, in whatever form of GS1 it was read; archived ones too. Its `ETag` is its version, for `If-Match`.
#[utoipa::path(get, path = "/items/{sku}", operation_id = "find_item", tag = "items", params(("sku" = String, Path, description = "SKU or barcode.")), responses(
    (status = 200, description = "The item.", body = Product), Problems
))]
pub(super) async fn show(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Path(sku): Path<String>,
    Query(Nothing {}): Query<Nothing>,
) -> Result<Response, Problem> {
    let product = it.inventory.product(&actor, &sku).await?.data;
    Ok(super::shown(product))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct In {
    /// The store's code.
    store: String,
}

/// Show what a kit is made of
///
/// With what of that the store has, and how many kits it is enough for. What a kit is made of is said with `components` in a
/// change of the item; an item that is no kit is not found here.
#[utoipa::path(get, path = "/items/{sku}/components", operation_id = "show_components", tag = "items", params(
    ("sku" = String, Path, description = "SKU or barcode."), In
), responses(
    (status = 200, description = "What it is made of.", body = Kit), Problems
))]
pub(super) async fn components(
    State(it): State<Integration>,
    Caller(actor): Caller,
    Path(sku): Path<String>,
    Query(asked): Query<In>,
) -> Result<Json<Kit>, Problem> {
    let kit = it.inventory.kit(&actor, &asked.store, &sku).await?;
    Ok(Json(kit.ok_or(Error::NotFound)?))
}

struct Changing {
    inventory: Inventory,
    sku: String,
    /// The version that the caller saw; none for whichever it is.
    version: Option<i64>,
    patch: ItemPatch,
}

impl Work for Changing {
    type Answer = Product;
    const STATUS: StatusCode = StatusCode::OK;

    async fn permit(&self, actor: &Actor) -> Result<()> {
        let right = Action::EditItems;
        if actor.may(right.anywhere()) { Ok(()) } else { Err(Error::Forbidden(right)) }
    }

    async fn carry_out(self, actor: &Actor) -> Result<Product> {
        self.inventory.change_item(actor, &self.sku, self.version, self.patch).await
    }
}

/// Change an item
///
/// Fields that are left out stay. `If-Match` carries the `ETag` of the item as you saw it (`*` for whichever it is): when
/// somebody changed it since, the answer is 412 and nothing is changed. Archive with `{"archived":true}`.
#[utoipa::path(patch, path = "/items/{sku}", operation_id = "change_item", tag = "items", params(
    ("sku" = String, Path, description = "SKU."), ("If-Match" = String, Header, description = "The ETag of the item, or *."), Keyed
), request_body = ItemPatch, responses(
    (status = 200, description = "It is changed.", body = Product), Problems
))]
pub(super) async fn change(
    State(it): State<Integration>,
    Path(sku): Path<String>,
    headers: HeaderMap,
    order: Order<ItemPatch>,
) -> Result<Response, Problem> {
    let version = if_match(&headers)?;
    let changing = Changing { inventory: it.inventory, sku, version, patch: order.body };
    settle(it.auth, order.actor, changing).await
}

/// The version in `If-Match`, which is needed: `*` for none in particular.
pub(super) fn if_match(headers: &HeaderMap) -> Result<Option<i64>, Problem> {
    if !headers.contains_key(header::IF_MATCH) {
        let detail = "send its ETag as If-Match, so that nobody's change is lost";
        return Err(Problem::new(StatusCode::PRECONDITION_REQUIRED, "version_needed", detail));
    }
    Ok(seen(headers))
}

/// The version in `If-Match`, if there is one: `"7"`, or `*` for none in particular. What is no version of ours matches
/// nothing.
pub(super) fn seen(headers: &HeaderMap) -> Option<i64> {
    let tag = headers.get(header::IF_MATCH)?;
    let text = tag.to_str().unwrap_or_default().trim();
    if text == "*" {
        return None;
    }
    let version = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).and_then(|text| text.parse().ok());
    Some(version.unwrap_or(0))
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
