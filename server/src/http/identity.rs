//! Who asks: a browser by its cookies, another system by its key, or nobody.

use super::Front;
use super::cookies;
use super::device::device;
use super::shape::RequestId;
use app::auth::session;
use auth::{Credential, Identified, NewTokens, Secret};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use integration::http::Problem;
use model::{Actor, Error, Principal, Via};
use std::net::IpAddr;
use std::sync::Arc;

/// Somebody signed in, as far as the live socket needs it.
#[derive(Clone)]
pub struct Signed {
    /// Who.
    pub principal: Principal,
    /// What is looked at again while the socket lives.
    pub credential: Credential,
    /// How they reached us.
    pub via: Via,
}

/// Recognises who asks and puts their [`Actor`] into the request; renewed cookies go out with the answer.
pub async fn recognised(State(front): State<Arc<Front>>, mut request: Request, next: Next) -> Response {
    let id = integration::http::RequestId(id(&request));
    request.extensions_mut().insert(id);
    let via = via(&request);
    let stranger = |request: &Request| front.pace.stranger(request.extensions().get::<IpAddr>());
    // Asked before the database is: an address full of strangers is told to wait, but for whom we know without a look.
    let may_try = |request: &Request, known: &dyn Fn() -> bool| {
        let pace = front.pace.may_try(request.extensions().get::<IpAddr>());
        pace.or_else(|error| if known() { Ok(()) } else { Err(error) })
    };
    if let Some(bearer) = bearer(&request) {
        if let Err(error) = may_try(&request, &|| front.house.auth.knows_key(&bearer)) {
            return Problem::from(error).into_response();
        }
        let known = match front.house.auth.identify_key(&bearer, via).await {
            Ok(actor) => front.pace.caller(actor.principal).map(|()| actor),
            // Whoever tries keys is slowed down.
            Err(error) => stranger(&request).and(Err(error)),
        };
        return match known {
            Ok(actor) => {
                request.extensions_mut().insert::<Actor>(actor);
                next.run(request).await
            }
            Err(error) => Problem::from(error).into_response(),
        };
    }
    // For those who are about to sign in.
    request.extensions_mut().insert(via.clone());
    let secure = front.home.is_trustworthy(request.headers());
    let [access, refresh] =
        session::names(secure).map(|name| cookies::find(request.headers(), name).map(str::to_owned));
    let (access, refresh) = (access.as_deref(), refresh.as_deref());
    let tablet = cookies::find(request.headers(), session::tablet_name(secure)).map(Secret::from);
    if let Some(secret) = &tablet {
        request.extensions_mut().insert(session::AtTablet(secret.clone()));
    }
    let shows = access.is_some() || refresh.is_some();
    let known = || !shows || access.is_some_and(|access| front.house.auth.knows_access(access));
    let permitted = may_try(&request, &known);
    let identified = match permitted {
        Ok(()) => identify(&front, access, refresh, tablet.as_ref(), via).await,
        Err(error) => Err(error),
    };
    let identified = match identified {
        Ok(identified) => identified,
        Err(error) => return Problem::from(error).into_response(),
    };
    let pace = match &identified {
        Some(Identified { actor, .. }) => front.pace.caller(actor.principal),
        None => stranger(&request),
    };
    if let Err(error) = pace {
        return Problem::from(error).into_response();
    }
    let Some(Identified { actor, session, renewed }) = identified else { return next.run(request).await };
    let credential = Credential::Session(session);
    let signed = Signed { principal: actor.principal, credential, via: actor.via.clone() };
    request.extensions_mut().insert(signed);
    request.extensions_mut().insert(session);
    request.extensions_mut().insert(actor);
    let mut answer = next.run(request).await;
    if let Some(tokens) = renewed {
        renew(&mut answer, secure, &tokens);
    }
    answer
}

/// Nobody, when the cookies are missing, spoilt or too old; that is no error, only nobody.
async fn identify(
    front: &Front,
    access: Option<&str>,
    refresh: Option<&str>,
    tablet: Option<&Secret>,
    via: Via,
) -> model::Result<Option<Identified>> {
    if access.is_none() && refresh.is_none() {
        return Ok(None);
    }
    match front.house.auth.identify(access, refresh, tablet, via).await {
        Ok(identified) => Ok(Some(identified)),
        Err(Error::SignedOut) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Gives the browser its new tokens; unless what it asked for was a sign-out or another sign-in, which are newer.
fn renew(answer: &mut Response, secure: bool, tokens: &NewTokens) {
    let [_, refresh] = session::names(secure);
    let is_refresh =
        |value: &HeaderValue| value.as_bytes().strip_prefix(refresh.as_bytes()).is_some_and(|v| v.starts_with(b"="));
    if answer.headers().get_all(header::SET_COOKIE).iter().any(is_refresh) {
        return;
    }
    for cookie in session::cookies(tokens, secure) {
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            answer.headers_mut().append(header::SET_COOKIE, value);
        }
    }
}

/// Keys speak to the interface for other systems only; anywhere else the header means nothing.
fn bearer(request: &Request) -> Option<String> {
    let value = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let key = value.strip_prefix("Bearer ").or_else(|| value.strip_prefix("bearer "))?;
    request.uri().path().starts_with("/api/v1/").then(|| key.trim().to_owned())
}

fn id(request: &Request) -> String {
    request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default()
}

fn via(request: &Request) -> Via {
    let agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    Via { request_id: id(request), device: device(agent), client_key: None }
}
