//! The screens: rendered here, then alive in the browser; and the server functions that they call.

use super::Front;
use super::assets;
use super::problem::refuse;
use super::squeeze;
use app::Handles;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use integration::http::Problem;
use leptos::nonce::Nonce;
use leptos::prelude::{Owner, provide_context, use_context};
use leptos_axum::AxumRouteListing;
use model::Actor;
use std::future::poll_fn;
use std::net::IpAddr;
use std::sync::{Arc, OnceLock};

/// The page for people who are not signed in.
pub const SIGN_IN: &str = "/sign-in";
/// The same at a shared tablet; any other browser is led on to the page above.
pub const WHO: &str = "/who";
/// The page for the first of all, gone as soon as there is an administrator.
pub const SET_UP: &str = "/setup";

/// The paths of the screens.
#[must_use]
pub fn routes() -> Vec<AxumRouteListing> {
    leptos_axum::generate_route_list(app::App)
}

/// The paths of the server functions; each is a POST.
#[must_use]
pub fn functions() -> Vec<&'static str> {
    let mut paths: Vec<_> = leptos::server_fn::axum::server_fn_paths()
        .map(|(path, method)| {
            assert_eq!(method, Method::POST, "a server function that changes nothing by GET: {path}");
            path
        })
        .collect();
    paths.sort_unstable();
    paths.dedup();
    paths
}

/// All screens and all server functions.
pub fn router(front: &Arc<Front>) -> Router<Arc<Front>> {
    let mut router = Router::new();
    for listing in routes() {
        router = router.route(listing.path(), get(page));
    }
    router = router.layer(from_fn_with_state(front.clone(), right_door)).layer(from_fn(squeeze::squeezed));
    for path in functions() {
        router = router.route(path, post(function));
    }
    router
}

/// Renders a screen.
async fn page(State(front): State<Arc<Front>>, request: Request) -> Response {
    render(front, request).await
}

/// Answers everything that no route knows: a built file, or the page that says that there is none.
pub async fn otherwise(State(front): State<Arc<Front>>, request: Request) -> Response {
    if let Some(answer) = assets::answer(&request) {
        return answer;
    }
    // Files are given to everybody: a shop full of tablets that start at once shares one address.
    if let Err(error) = front.pace.stranger(request.extensions().get::<IpAddr>()) {
        return Problem::from(error).into_response();
    }
    let html = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let is_page = request.method() == Method::GET && html.is_some_and(|accepted| accepted.contains("text/html"));
    if !is_page || request.uri().path().starts_with("/api/") {
        return refuse(StatusCode::NOT_FOUND, "not_found", "there is nothing at this address");
    }
    let mut answer = render(front, request).await;
    if answer.status() == StatusCode::OK {
        *answer.status_mut() = StatusCode::NOT_FOUND;
    }
    answer
}

/// Renders with the page's own reactive owner in force at every step. Leptos writes the head after the body, outside
/// of it: a title that reads a signal would then find the arena of whichever page this thread rendered last, or none.
async fn render(front: Arc<Front>, request: Request) -> Response {
    let owner: Arc<OnceLock<Owner>> = Arc::default();
    let seen = owner.clone();
    let context = move || {
        let _ = Owner::current().is_some_and(|owner| seen.set(owner).is_ok());
        provide(&front);
    };
    let mut rendering = leptos_axum::render_app_async_with_context(context, app::shell)(request);
    poll_fn(|cx| match owner.get() {
        Some(owner) => owner.with(|| rendering.as_mut().poll(cx)),
        None => rendering.as_mut().poll(cx),
    })
    .await
}

async fn function(State(front): State<Arc<Front>>, request: Request) -> Response {
    let answer = leptos_axum::handle_server_fns_with_context(move || provide(&front), request).await.into_response();
    readable(answer).await
}

/// What a server function could not read is the sender's fault, not ours: server_fn says 500 to everything.
async fn readable(mut answer: Response) -> Response {
    if answer.status() == StatusCode::INTERNAL_SERVER_ERROR {
        let body = std::mem::take(answer.body_mut());
        let bytes = axum::body::to_bytes(body, 64 * 1024).await.unwrap_or_default();
        let internal = serde_json::from_slice::<app::Failure>(&bytes)
            .is_ok_and(|failure| matches!(failure, app::Failure::Said(model::Error::Internal(_))));
        if !internal {
            *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        }
        *answer.body_mut() = Body::from(bytes);
    }
    answer
}

/// Puts in context what pages and server functions find there: the modules, the nonce, the built files.
fn provide(front: &Front) {
    let parts = use_context::<Parts>();
    let secure = parts.as_ref().is_some_and(|parts| front.home.is_trustworthy(&parts.headers));
    let handles = Handles {
        auth: front.house.auth.clone(),
        inventory: front.house.inventory.clone(),
        report: front.house.report.clone(),
        integration: front.house.integration.clone(),
        secure,
    };
    handles.provide();
    provide_context(super::assets::addresses());
    if let Some(nonce) = parts.and_then(|parts| parts.extensions.get::<Nonce>().cloned()) {
        provide_context(nonce);
    }
}

/// Whoever is not signed in signs in first, then comes back to where they wanted to go; in a house in which nobody is
/// yet, everybody is led to the set-up.
async fn right_door(State(front): State<Arc<Front>>, request: Request, next: Next) -> Response {
    let known = request.extensions().get::<Actor>().is_some();
    match Door::of(&front, request.uri().path(), known).await {
        Ok(Door::In) => next.run(request).await,
        Ok(Door::Home) => to("/"),
        Ok(Door::SetUp) => to(SET_UP),
        Ok(Door::SignIn) => {
            let wanted = request.uri().path_and_query().map_or("/", |path| path.as_str());
            to(&format!("{SIGN_IN}?next={}", percent(wanted)))
        }
        Err(error) => Problem::from(error).into_response(),
    }
}

/// Where somebody who asks for a screen is led.
enum Door {
    In,
    Home,
    SignIn,
    SetUp,
}

impl Door {
    async fn of(front: &Front, path: &str, known: bool) -> model::Result<Self> {
        let auth = &front.house.auth;
        if known && path != SET_UP {
            return Ok(Self::In);
        }
        if auth.has_administrator().await? {
            return Ok(match path {
                SET_UP => Self::Home,
                SIGN_IN | WHO => Self::In,
                _ => Self::SignIn,
            });
        }
        // People without an administrator, made on the command line, may still sign in.
        Ok(match path {
            SET_UP => Self::In,
            SIGN_IN if auth.has_people().await? => Self::In,
            _ => Self::SetUp,
        })
    }
}

fn to(place: &str) -> Response {
    let place = HeaderValue::from_str(place).unwrap_or(HeaderValue::from_static(SIGN_IN));
    (StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response()
}

/// Percent-encodes everything that could end a query's value.
fn percent(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'_' | b'.' | b'~');
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn where_one_wanted_to_go_survives_the_query() {
        assert_eq!(percent("/stock?store=LON&q=a b"), "/stock%3Fstore%3DLON%26q%3Da%20b");
    }
}
