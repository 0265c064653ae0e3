//! Server functions of people: signing in, signing out, and who one is.
#![expect(missing_docs, reason = "the arguments of a server function become fields of a type that its macro makes")]

use super::{AtWork, DemoSignIn, Me as Person};
use crate::failure::Failure;
use crate::{json::Answer, prelude::*};
use leptos::server_fn::codec::Json;
use model::PersonId;

#[cfg(feature = "ssr")]
use {
    super::session,
    crate::caller,
    auth::{Auth, Secret},
    integration::Integration,
    inventory::Inventory,
    model::Error,
};

/// Signs in and goes on to `next`, a path of this site.
#[server(prefix = "/api/auth", endpoint = "sign_in", output = Answer)]
pub async fn sign_in(name: String, password: String, next: Option<String>) -> Result<(), Failure> {
    let (auth, visitor) = (caller::module::<Auth>()?, session::visitor());
    session::begin(&caller::complete(async move { visitor.sign_in(&auth, &name, &password).await }).await?);
    leptos_axum::redirect(session::path_or_home(next.as_deref()));
    Ok(())
}

/// Lets somebody take their place at a shared tablet, with their PIN, and goes on to `next`, a path of this site. Whoever
/// was there before is signed out.
#[server(prefix = "/api/auth", endpoint = "take_place", output = Answer)]
pub async fn take_place(person: PersonId, pin: String, next: Option<String>) -> Result<(), Failure> {
    let (auth, via, tablet) = (caller::module::<Auth>()?, session::visitor().via, session::tablet());
    let (pin, before) = (Secret::new(pin), session::known());
    let work = async move {
        let signed_in = auth.sign_in_by_pin(tablet.as_ref(), person, &pin, via).await?;
        if let Some((actor, session)) = before {
            session::end_of(&auth, &actor, session).await?;
        }
        Ok((signed_in, tablet))
    };
    let (signed_in, tablet) = caller::complete(work).await?;
    session::begin(&signed_in);
    tablet.iter().for_each(session::keep_tablet);
    leptos_axum::redirect(session::path_or_home(next.as_deref()));
    Ok(())
}

/// Who may take a place at this shared tablet; none when it is no shared tablet.
#[server(prefix = "/api/auth", endpoint = "who", input = Json, output = Answer)]
pub async fn who() -> Result<Option<AtWork>, Failure> {
    let (auth, Some(tablet)) = (caller::module::<Auth>()?, session::tablet()) else { return Ok(None) };
    Ok(auth.faces(&tablet).await?.map(AtWork::from))
}

/// Signs out; what was typed and not sent stays in the browser. A shared tablet then asks who is working.
#[server(prefix = "/api/auth", endpoint = "sign_out", output = Answer)]
pub async fn sign_out() -> Result<(), Failure> {
    session::end(&caller::module::<Auth>()?).await?;
    leptos_axum::redirect(if session::tablet().is_some() { "/who" } else { "/sign-in" });
    Ok(())
}

/// Who is signed in, if anybody.
#[server(prefix = "/api/auth", endpoint = "me", input = Json, output = Answer)]
pub async fn me() -> Result<Option<Person>, Failure> {
    let (actor, inventory) = match caller::caller::<Inventory>().await {
        Err(Error::SignedOut) => return Ok(None),
        found => found?,
    };
    let stores = inventory.stores(&actor).await?;
    let tablet = match session::tablet() {
        Some(secret) => caller::module::<Auth>()?.tablet(&secret).await?,
        None => None,
    };
    let lock_minutes = tablet.and_then(|tablet| u16::try_from(tablet.lock_minutes).ok());
    Ok(Some(Person { lock_minutes, ..Person::of(actor, stores) }))
}

/// How one signs in to the demo, when everybody here is the demo's.
#[server(prefix = "/api/auth", endpoint = "demo_sign_ins", input = Json, output = Answer)]
pub async fn demo_sign_ins() -> Result<Vec<DemoSignIn>, Failure> {
    let people = caller::module::<Integration>()?.demo_sign_ins().await?;
    Ok(people.into_iter().map(DemoSignIn::from).collect())
}
