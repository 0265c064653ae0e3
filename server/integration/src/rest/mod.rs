//! REST for other systems: `/api/v1`, described by its own OpenAPI document.

mod arrivals;
mod categories;
mod corrections;
mod costs;
mod count_plans;
mod counts;
mod documents;
mod events;
mod exceptions;
mod families;
mod items;
mod lots;
mod orders;
mod prices;
mod purchases;
mod reorder;
mod reservations;
mod stock;
mod stores;
mod supplier_returns;
mod suppliers;
mod taxes;
mod transfers;

use crate::Integration;
use crate::http::{Answered, Details, Problem, polish};
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use axum::{Json, Router};
use model::{Error, Flaw, Result};
use std::str::FromStr;
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Where it is served.
pub const PREFIX: &str = "/api/v1";
/// The largest body, in bytes.
const BODY_MAX: usize = 256 * 1024;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Storeroom",
        version = "1",
        description = "Real-time inventory for stores. Quantities and amounts are decimal strings, times are RFC 3339. \
                       A change needs an Idempotency-Key; sent again with the same key it is answered again and done once."
    ),
    components(schemas(Details, Flaw)),
    security(("key" = []))
)]
struct Document;

/// Every address of this module, without the prefix and without its state.
pub fn routes() -> OpenApiRouter<Integration> {
    OpenApiRouter::new()
        .routes(routes!(items::list, items::add))
        .routes(routes!(items::show, items::change))
        .routes(routes!(items::components))
        .routes(routes!(categories::list))
        .routes(routes!(categories::rename))
        .routes(routes!(families::list))
        .routes(routes!(families::show, families::save))
        .routes(routes!(prices::list))
        .routes(routes!(prices::show, prices::save))
        .routes(routes!(taxes::list))
        .routes(routes!(taxes::show, taxes::save))
        .routes(routes!(taxes::tell))
        .routes(routes!(stock::list))
        .routes(routes!(documents::post_sale))
        .routes(routes!(documents::post_return))
        .routes(routes!(corrections::post_adjustment))
        .routes(routes!(corrections::list))
        .routes(routes!(corrections::show))
        .routes(routes!(corrections::approve))
        .routes(routes!(corrections::reject))
        .routes(routes!(corrections::withdraw))
        .routes(routes!(documents::post_receipt))
        .routes(routes!(arrivals::list, arrivals::share))
        .routes(routes!(arrivals::book))
        .routes(routes!(arrivals::discard))
        .routes(routes!(costs::tell))
        .routes(routes!(lots::list))
        .routes(routes!(lots::change))
        .routes(routes!(lots::trace))
        .routes(routes!(lots::serials))
        .routes(routes!(documents::reverse))
        .routes(routes!(orders::list, orders::add))
        .routes(routes!(orders::show, orders::change))
        .routes(routes!(orders::confirm))
        .routes(routes!(orders::pick))
        .routes(routes!(orders::hand_over))
        .routes(routes!(orders::cancel))
        .routes(routes!(orders::close))
        .routes(routes!(orders::keep))
        .routes(routes!(reservations::list, reservations::add))
        .routes(routes!(reservations::release))
        .routes(routes!(reservations::extend))
        .routes(routes!(stock::movements))
        .routes(routes!(exceptions::list))
        .routes(routes!(exceptions::take))
        .routes(routes!(exceptions::settle))
        .routes(routes!(events::list))
        .routes(routes!(stores::list))
        .routes(routes!(stores::show))
        .routes(routes!(suppliers::list, suppliers::add))
        .routes(routes!(suppliers::show, suppliers::change))
        .routes(routes!(suppliers::items))
        .routes(routes!(reorder::show, reorder::set))
        .routes(routes!(purchases::list, purchases::add))
        .routes(routes!(purchases::show, purchases::change))
        .routes(routes!(purchases::pdf))
        .routes(routes!(purchases::submit))
        .routes(routes!(purchases::approve))
        .routes(routes!(purchases::reject))
        .routes(routes!(purchases::send))
        .routes(routes!(purchases::close))
        .routes(routes!(purchases::cancel))
        .routes(routes!(supplier_returns::list, supplier_returns::send))
        .routes(routes!(supplier_returns::show))
        .routes(routes!(supplier_returns::credit))
        .routes(routes!(transfers::list, transfers::open))
        .routes(routes!(transfers::show))
        .routes(routes!(transfers::step))
        .routes(routes!(transfers::places, transfers::add_place))
        .routes(routes!(transfers::change_place))
        .routes(routes!(transfers::set_aside, transfers::inspect))
        .routes(routes!(count_plans::list))
        .routes(routes!(count_plans::save))
        .routes(routes!(counts::list, counts::open))
        .routes(routes!(counts::show))
        .routes(routes!(counts::progress))
        .routes(routes!(counts::enter))
        .routes(routes!(counts::hand_in))
        .routes(routes!(counts::cancel))
}

/// The id in an address; what is no id is the id of nothing.
fn which<T: FromStr>(id: &str) -> Result<T> {
    id.parse().map_err(|_| Error::NotFound)
}

/// An answer whose `ETag` is its version, for `If-Match`.
fn shown<T: Answered>(it: T) -> Response {
    let tag = it.version().map(|version| [(header::ETAG, format!("\"{version}\""))]);
    (tag, Json(it)).into_response()
}

/// The OpenAPI 3.1 document of these addresses, as JSON.
#[must_use]
pub fn document(api: OpenApiRouter) -> String {
    to_json(whole(api).into_openapi())
}

/// Serves these addresses, with whatever else was merged into them, under [`PREFIX`], and their document beside them.
/// The caller's layer for identity goes around it.
pub fn serve(api: OpenApiRouter) -> Router {
    let (router, document) = whole(api).split_for_parts();
    let json = Bytes::from(to_json(document));
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    router
        .route(&format!("{PREFIX}/openapi.json"), get(async move || (kind, json)))
        .route(&format!("{PREFIX}/{{*rest}}"), any(async || Problem::of_status(StatusCode::NOT_FOUND)))
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(axum::middleware::from_fn(polish))
}

fn whole(api: OpenApiRouter) -> OpenApiRouter {
    let mut document = Document::openapi();
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("An API key."));
    document.components.get_or_insert_default().add_security_scheme("key", SecurityScheme::Http(bearer.build()));
    OpenApiRouter::with_openapi(document).nest(PREFIX, api)
}

fn to_json(document: utoipa::openapi::OpenApi) -> String {
    document.to_pretty_json().expect("a document of strings and maps can be written")
}
