//! A browser's session on the server's side: who knocks, and the two cookies that it is given.

use crate::caller::{Secure, parts, set_cookie};
use auth::{ACCESS_SECONDS, Auth, NewTokens, Secret, SignedIn};
use axum::extract::ConnectInfo;
use axum::http::{header::USER_AGENT, request::Parts};
use leptos::prelude::use_context;
use model::{Actor, Error, Result, SessionId, Time, Via};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The names of the access and the refresh cookie. `__Host-` is the browser's promise that no other site set them; it
/// demands `Secure`.
#[must_use]
pub const fn names(secure: bool) -> [&'static str; 2] {
    if secure { ["__Host-at", "__Host-rt"] } else { ["at", "rt"] }
}

/// The cookies that carry these tokens, as `Set-Cookie` says it.
#[must_use]
pub fn cookies(tokens: &NewTokens, secure: bool) -> [String; 2] {
    let lasts = (tokens.expires.micros() - Time::now().micros()).max(0) / 1_000_000;
    let [access, refresh] = names(secure);
    [
        cookie(access, tokens.access.expose(), ACCESS_SECONDS, secure),
        cookie(refresh, tokens.refresh.expose(), lasts, secure),
    ]
}

/// The cookies that take them away.
#[must_use]
pub fn no_cookies(secure: bool) -> [String; 2] {
    names(secure).map(|name| cookie(name, "", 0, secure))
}

/// The name of the cookie that makes a browser a shared tablet.
#[must_use]
pub const fn tablet_name(secure: bool) -> &'static str {
    if secure { "__Host-tablet" } else { "tablet" }
}

/// The secret of a shared tablet, as the browser showed it: in the request's extensions.
#[derive(Clone)]
pub struct AtTablet(pub Secret);

/// The secret of the shared tablet that calls, if it says that it is one.
pub(crate) fn tablet() -> Option<Secret> {
    parts().and_then(|parts| parts.extensions.get::<AtTablet>().map(|at| at.0.clone()))
}

/// Makes the browser that tablet, for as long as a browser keeps anything.
pub(crate) fn keep_tablet(secret: &Secret) {
    const KEPT_SECONDS: i64 = 400 * 86_400;
    let secure = is_secure();
    set_cookie(&cookie(tablet_name(secure), secret.expose(), KEPT_SECONDS, secure));
}

fn cookie(name: &str, value: &str, lasts_seconds: i64, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={lasts_seconds}{secure}")
}

/// Someone at the door, before they are recognised.
pub(crate) struct Visitor {
    /// Where they come from.
    pub(crate) address: IpAddr,
    /// How they came.
    pub(crate) via: Via,
}

/// Who knocks: the server's layers leave their address and how they came in the request's extensions.
pub(crate) fn visitor() -> Visitor {
    let parts = parts();
    let address = parts.as_ref().and_then(address).unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let via = parts.as_ref().map(via).unwrap_or_default();
    Visitor { address, via }
}

/// The client's address (after trusted proxies) and its device, in words.
pub(crate) fn knock() -> (IpAddr, String) {
    let Visitor { address, via } = visitor();
    (address, via.device)
}

fn address(parts: &Parts) -> Option<IpAddr> {
    let direct = || parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|from| from.0.ip());
    parts.extensions.get::<IpAddr>().copied().or_else(direct)
}

fn via(parts: &Parts) -> Via {
    parts.extensions.get::<Via>().cloned().unwrap_or_else(|| {
        let device = parts.headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Via { device: device.chars().take(200).collect(), ..Via::default() }
    })
}

impl Visitor {
    /// Signs them in.
    pub(crate) async fn sign_in(self, auth: &Auth, name: &str, password: &str) -> Result<SignedIn> {
        auth.sign_in(name, &Secret::from(password), self.address, self.via).await
    }
}

/// Gives the browser its cookies, and its person's language when they chose one.
pub(crate) fn begin(signed_in: &SignedIn) {
    cookies(&signed_in.tokens, is_secure()).iter().for_each(|cookie| set_cookie(cookie));
    if let "en" | "es" = signed_in.language.as_str() {
        set_cookie(&format!("lang={}; Path=/; Max-Age=31536000; SameSite=Lax", signed_in.language));
    }
}

/// Who is signed in at the browser that calls, and their session.
pub(super) fn known() -> Option<(Actor, SessionId)> {
    let parts = parts()?;
    Some((parts.extensions.get::<Actor>()?.clone(), *parts.extensions.get::<SessionId>()?))
}

/// Ends the session, if there is one, and takes its cookies away.
pub(super) async fn end(auth: &Auth) -> Result<()> {
    no_cookies(is_secure()).iter().for_each(|cookie| set_cookie(cookie));
    match known() {
        Some((actor, session)) => end_of(auth, &actor, session).await,
        None => Ok(()),
    }
}

/// Ends that session; one that is gone already is no error.
pub(super) async fn end_of(auth: &Auth, actor: &Actor, session: SessionId) -> Result<()> {
    match auth.sign_out(actor, session).await {
        Err(Error::NotFound) => Ok(()),
        done => done,
    }
}

/// The session of the browser that calls.
pub(crate) fn here() -> Result<SessionId> {
    parts().and_then(|parts| parts.extensions.get::<SessionId>().copied()).ok_or(Error::SignedOut)
}

fn is_secure() -> bool {
    use_context::<Secure>().is_some_and(|secure| secure.0)
}

/// Where to go after signing in: a path of this site, or home. `//host` and `/\host` would be another site.
pub(super) fn path_or_home(wanted: Option<&str>) -> &str {
    match wanted {
        Some(path)
            if path.starts_with('/')
                && !path.starts_with("//")
                && !path.contains('\\')
                && path.bytes().all(|byte| byte.is_ascii_graphic()) =>
        {
            path
        }
        _ => "/",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_goes_on_within_the_site_and_nowhere_else() {
        assert_eq!(path_or_home(Some("/stock?store=LON")), "/stock?store=LON");
        for path in ["//evil.example", "/\\evil.example", "https://evil.example", "", "/a\r\nb: c", "evil"] {
            assert_eq!(path_or_home(Some(path)), "/", "{path:?}");
        }
        assert_eq!(path_or_home(None), "/");
    }

    #[test]
    fn cookies_are_out_of_reach_of_scripts_and_other_sites() {
        let tokens =
            NewTokens { access: Secret::from("a"), refresh: Secret::from("b"), expires: Time::now().plus_seconds(60) };
        for cookie in cookies(&tokens, true) {
            assert!(cookie.starts_with("__Host-") && cookie.ends_with("; Secure"), "{cookie}");
            assert!(cookie.contains("Path=/; HttpOnly; SameSite=Strict;"), "{cookie}");
        }
        assert!(cookies(&tokens, false).iter().all(|cookie| !cookie.contains("Secure") && !cookie.contains("__Host-")));
        assert!(no_cookies(true).iter().all(|cookie| cookie.contains("Max-Age=0")));
    }
}
