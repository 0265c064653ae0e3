//! HTTP: every route, and the layers that lie around all of them.

mod accept;
mod assets;
mod body;
mod cookies;
mod costs;
mod device;
mod docs;
mod files;
mod forgery;
mod headers;
mod health;
mod home;
pub mod identity;
mod metrics;
mod pace;
mod pages;
mod patience;
mod problem;
mod proxies;
mod reports;
mod shape;
mod squeeze;

pub use accept::serve;
pub use files::FILES;
pub use health::Pulse;
pub use home::Home;
pub use pace::Pace;
pub use pages::{functions, routes as pages};
pub use problem::refuse;
pub use proxies::{Proxies, Range};

use crate::live::{self, Live};
use crate::{House, Place};
use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use metrics::{Gauges, Metrics};
use reports::Desk;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use utoipa_axum::router::OpenApiRouter;

/// The routes beside the screens, the server functions and `/api/v1`; the access matrix lists them all.
pub const PLAIN: [&str; 5] = ["/healthz", "/readyz", "/metrics", "/live", "/api/docs"];

/// What handlers and layers share.
#[derive(Clone)]
pub struct Front {
    /// The modules.
    pub house: House,
    /// Where the data is.
    pub place: Place,
    /// The proxies in front of us.
    pub proxies: Proxies,
    /// How many requests each caller may make.
    pub pace: Pace,
    /// Our own origin.
    pub home: Home,
    /// The same, as it was configured.
    pub public_url: Option<String>,
    /// Whether the database takes writes.
    pub pulse: Pulse,
    /// Cancelled when the process is asked to stop.
    pub stopping: CancellationToken,
}

/// Everything that this server answers.
pub fn router(front: &Arc<Front>, live: Live) -> Router {
    let metrics = Metrics::default();
    let gauges = Gauges { front: front.clone(), metrics: metrics.clone(), sockets: live.sockets.clone() };
    let known = Router::new()
        .merge(pages::router(front))
        .merge(files::router())
        .with_state(front.clone())
        .merge(Router::new().route("/live", get(live::upgrade)).with_state(live))
        .merge(integration::rest::serve(rest(front)))
        .layer(from_fn_with_state(front.clone(), identity::recognised));
    let open = Router::new()
        .route("/readyz", get(health::ready))
        .route("/api/docs", docs::page())
        .route_layer(from_fn_with_state(front.clone(), pace::of_strangers))
        .route("/healthz", get(health::alive))
        .fallback(pages::otherwise)
        .with_state(front.clone());
    let watched = Router::new().route("/metrics", get(metrics::page)).with_state(gauges);
    secure(known.merge(open).merge(watched), front, metrics)
}

/// `/api/v1`: what Integration answers, and the reports.
fn rest(front: &Front) -> OpenApiRouter {
    let House { integration, inventory, report, .. } = front.house.clone();
    let desk = Desk { report, inventory, cursors: integration.cursors().clone() };
    integration::rest::routes().with_state(integration).merge(reports::routes().merge(costs::routes()).with_state(desk))
}

/// The OpenAPI 3.1 document of `/api/v1`, as JSON.
#[must_use]
pub fn openapi() -> String {
    let (_, documents) = integration::rest::routes().split_for_parts();
    let (_, reports) = reports::routes().merge(costs::routes()).split_for_parts();
    integration::rest::document(OpenApiRouter::with_openapi(documents).merge(OpenApiRouter::with_openapi(reports)))
}

/// The layers around everything, applied last: a route that is added later is inside them too.
fn secure(router: Router, front: &Front, metrics: Metrics) -> Router {
    let home = front.home.clone();
    router
        .layer(from_fn_with_state(home.clone(), forgery::own_pages_only))
        .layer(forgery::layer(front.public_url.as_deref()))
        .layer(from_fn(patience::within_time))
        .layer(from_fn(body::bounded))
        .layer(from_fn(shape::origin_form_only))
        .layer(patience::catch_panic())
        .layer(from_fn_with_state(front.proxies.clone(), proxies::seen_through))
        .layer(from_fn_with_state(metrics, metrics::counted))
        .layer(from_fn(shape::remembered))
        .layer(from_fn_with_state(home, headers::dressed))
}
