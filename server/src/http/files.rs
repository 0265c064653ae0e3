//! Files in and out: pictures of items, imports, and lists as spreadsheets.

use super::Front;
use super::patience::in_time;
use super::problem::refuse;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Path, Query, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use integration::http::Problem;
use integration::sheet::Format;
use model::{Action, Actor, Error, GridQuery, GridSort, Language, ProductQuery, Result, Time};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

/// The routes of this file, as the access matrix lists them.
pub const FILES: [&str; 4] =
    ["GET /files/image/{hash}", "POST /files/image", "POST /files/import", "GET /files/export"];

/// The largest import, in bytes.
const IMPORT: usize = 10 * 1024 * 1024;
/// The longest that a file may take to arrive.
const ARRIVE: Duration = Duration::from_secs(60);

/// Takes files of people who may send them; nobody else's is even read.
pub fn router() -> Router<Arc<Front>> {
    Router::new()
        .route("/files/image/{hash}", get(image))
        .route("/files/image", post(set_image))
        .route("/files/import", post(import))
        .route("/files/export", get(export))
}

/// Whether the body at that path is read by its handler, once it is known who sends it.
pub fn reads_its_own_body(path: &str) -> bool {
    matches!(path, "/files/image" | "/files/import")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfItem {
    sku: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    name: String,
}

/// Which list, as which file; the filters are those of its page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    list: String,
    store: String,
    #[serde(default)]
    format: String,
    #[serde(default)]
    lang: String,
    #[serde(default)]
    q: String,
    #[serde(default)]
    short: String,
    #[serde(default)]
    archived: String,
    #[serde(default)]
    low: String,
    #[serde(default)]
    bare: String,
    #[serde(default)]
    category: String,
    #[serde(default)]
    sort: String,
    #[serde(default)]
    desc: String,
}

/// A picture never changes under its name: browsers keep it, each for its own person.
async fn image(State(front): State<Arc<Front>>, actor: Option<Extension<Actor>>, Path(hash): Path<String>) -> Response {
    let Some(Extension(actor)) = actor else { return Problem::from(Error::SignedOut).into_response() };
    match front.house.inventory.image(&actor, &hash).await {
        Ok(bytes) => {
            let keep = HeaderValue::from_static("private, max-age=31536000, immutable");
            let kind = HeaderValue::from_static("image/jpeg");
            ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, keep)], bytes).into_response()
        }
        Err(error) => Problem::from(error).into_response(),
    }
}

async fn set_image(
    State(front): State<Arc<Front>>,
    actor: Option<Extension<Actor>>,
    asked: Result<Query<OfItem>, QueryRejection>,
    request: Request,
) -> Response {
    let actor = match permitted(actor, Action::EditItems) {
        Ok(actor) => actor,
        Err(error) => return Problem::from(error).into_response(),
    };
    let Ok(Query(asked)) = asked else { return unclear("name the item: ?sku=…") };
    let bytes = match body(request, inventory::IMAGE_BYTES_MAX).await {
        Ok(bytes) => bytes,
        Err(refused) => return *refused,
    };
    let inventory = front.house.inventory.clone();
    told(async move { inventory.set_image(&actor, &asked.sku, bytes).await }).await
}

async fn import(
    State(front): State<Arc<Front>>,
    actor: Option<Extension<Actor>>,
    asked: Result<Query<Named>, QueryRejection>,
    request: Request,
) -> Response {
    let actor = match permitted(actor, Action::Import) {
        Ok(actor) => actor,
        Err(error) => return Problem::from(error).into_response(),
    };
    let Ok(Query(asked)) = asked else { return unclear("name the file: ?name=…") };
    let bytes = match body(request, IMPORT).await {
        Ok(bytes) => bytes,
        Err(refused) => return *refused,
    };
    let integration = front.house.integration.clone();
    told(async move { integration.upload(&actor, &asked.name, bytes).await }).await
}

async fn export(
    State(front): State<Arc<Front>>,
    actor: Option<Extension<Actor>>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Response {
    let actor = match permitted(actor, Action::Export) {
        Ok(actor) => actor,
        Err(error) => return Problem::from(error).into_response(),
    };
    let Ok(Query(asked)) = asked else { return unclear("name the list, its store and the kind of file") };
    let xlsx = asked.format == "xlsx";
    let format = if xlsx { Format::Xlsx } else { Format::Csv };
    let language = if asked.lang == "es" { Language::Spanish } else { Language::English };
    let (list, store) = (asked.list.clone(), asked.store.clone());
    let file = match list.as_str() {
        "products" => front.house.integration.export_products(&actor, &asked.products(), format, language).await,
        "stock" => front.house.integration.export_stock(&actor, &asked.stock(), format, language).await,
        _ => return unclear("the lists are products and stock"),
    };
    match file {
        Ok(bytes) => attached(bytes, &list, &store, xlsx),
        Err(error) => Problem::from(error).into_response(),
    }
}

impl Asked {
    fn products(self) -> ProductQuery {
        ProductQuery {
            store: self.store,
            search: self.q,
            archived: self.archived == "1",
            low: self.low == "1",
            bare: self.bare == "1",
            category: self.category,
            by_name: self.sort == "name",
            descending: self.desc == "1",
        }
    }

    fn stock(self) -> GridQuery {
        let sort = match self.sort.as_str() {
            "name" => GridSort::Name,
            "on_hand" => GridSort::OnHand,
            _ => GridSort::Sku,
        };
        GridQuery {
            store: self.store,
            search: self.q,
            short: self.short == "1",
            category: self.category,
            sort,
            descending: self.desc == "1",
        }
    }
}

fn permitted(actor: Option<Extension<Actor>>, action: Action) -> Result<Actor> {
    let Some(Extension(actor)) = actor else { return Err(Error::SignedOut) };
    if actor.may(action.anywhere()) { Ok(actor) } else { Err(Error::Forbidden(action)) }
}

async fn body(request: Request, most: usize) -> Result<Vec<u8>, Box<Response>> {
    let too_large = || {
        let detail = format!("the file is too large; at most {} MB", most / 1024 / 1024);
        Box::new(refuse(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", &detail))
    };
    let length =
        request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > most as u64) {
        return Err(too_large());
    }
    match tokio::time::timeout(ARRIVE, to_bytes(request.into_body(), most)).await {
        Ok(Ok(bytes)) => Ok(bytes.to_vec()),
        Ok(Err(_)) => Err(too_large()),
        Err(_) => {
            Err(Box::new(refuse(StatusCode::REQUEST_TIMEOUT, "body_slow", "the file took over 60 s; send it again")))
        }
    }
}

/// Does that to its end, also when nobody waits any more, and tells what came of it.
async fn told<T: Serialize + Send + 'static>(work: impl Future<Output = Result<T>> + Send + 'static) -> Response {
    let work = tokio::spawn(work);
    let answer = async {
        match work.await {
            Ok(Ok(done)) => axum::Json(done).into_response(),
            Ok(Err(error)) => Problem::from(error).into_response(),
            Err(_) => Problem::of_status(StatusCode::INTERNAL_SERVER_ERROR).into_response(),
        }
    };
    in_time(answer).await
}

fn unclear(detail: &str) -> Response {
    refuse(StatusCode::BAD_REQUEST, "unreadable", detail)
}

fn attached(bytes: Vec<u8>, list: &str, store: &str, xlsx: bool) -> Response {
    let (ending, kind) = if xlsx {
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    } else {
        ("csv", "text/csv; charset=utf-8")
    };
    let day = Time::now().to_string();
    let day = day.get(..10).unwrap_or_default();
    let name = format!("attachment; filename=\"storeroom-{list}-{store}-{day}.{ending}\"");
    let mut answer = Body::from(bytes).into_response();
    let pairs: [(HeaderName, &str); 2] = [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, &name)];
    for (header, text) in pairs {
        if let Ok(value) = HeaderValue::from_str(text) {
            answer.headers_mut().insert(header, value);
        }
    }
    answer
}
