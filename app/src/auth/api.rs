//! Server functions of people: signing in, signing out, and who one is.
#![expect(missing_docs, reason = "the arguments of a server function become fields of a type that its macro makes")]

use super::{DemoSignIn, Me as Person};
use crate::failure::Failure;
use crate::{json::Answer, prelude::*};
use leptos::server_fn::codec::Json;

#[cfg(feature = "ssr")]
use {super::session, crate::caller, auth::Auth, integration::Integration, inventory::Inventory, model::Error};

/// Signs in and goes on to `next`, a path of this site.
#[server(prefix = "/api/auth", endpoint = "sign_in", output = Answer)]
pub async fn sign_in(name: String, password: String, next: Option<String>) -> Result<(), Failure> {
    let (auth, visitor) = (caller::module::<Auth>()?, session::visitor());
    session::begin(&caller::complete(async move { visitor.sign_in(&auth, &name, &password).await }).await?);
    leptos_axum::redirect(session::path_or_home(next.as_deref()));
    Ok(())
}

/// Signs out; what was typed and not sent stays in the browser.
#[server(prefix = "/api/auth", endpoint = "sign_out", output = Answer)]
pub async fn sign_out() -> Result<(), Failure> {
    session::end(&caller::module::<Auth>()?).await?;
    leptos_axum::redirect("/sign-in");
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
    Ok(Some(Person::of(actor, stores)))
}

/// How one signs in to the demo, when everybody here is the demo's.
#[server(prefix = "/api/auth", endpoint = "demo_sign_ins", input = Json, output = Answer)]
pub async fn demo_sign_ins() -> Result<Vec<DemoSignIn>, Failure> {
    let people = caller::module::<Integration>()?.demo_sign_ins().await?;
    Ok(people.into_iter().map(DemoSignIn::from).collect())
}
