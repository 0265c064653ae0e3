//! Server functions of people, keys and sessions; each asks Auth whether the caller may.
#![expect(missing_docs, reason = "the arguments of a server function become fields of a type that its macro makes")]

use super::{Device, Key, NewDevice, NewKey, Newcomer, Person, Session};
use crate::failure::Failure;
use crate::{json::Answer, prelude::*};
use leptos::server_fn::codec::Json;
use model::{DeviceId, Grant, KeyId, PersonId, SessionId};

#[cfg(feature = "ssr")]
use {
    crate::auth::session::{here, keep_tablet, tablet, visitor},
    crate::caller::{caller, complete},
    auth::{Auth, Secret},
    model::{Action, Actor, Principal, Scope, Time},
};

/// The people whom the caller manages, by name; at most 200, those after `after`.
#[server(prefix = "/api/people", endpoint = "list", input = Json, output = Answer)]
pub async fn people(after: String) -> Result<Vec<Person>, Failure> {
    let (actor, auth) = caller::<Auth>().await?;
    Ok(auth.people(&actor, &after).await?.into_iter().map(Person::from).collect())
}

/// Adds somebody.
#[server(prefix = "/api/people", endpoint = "add", input = Json, output = Answer)]
pub async fn add_person(new: Newcomer) -> Result<PersonId, Failure> {
    let (actor, auth) = caller::<Auth>().await?;
    Ok(complete(async move { auth.add_person(&actor, new.into()).await }).await?)
}

/// Trusts somebody with a role.
#[server(prefix = "/api/people", endpoint = "grant", input = Json, output = Answer)]
pub async fn give_role(person: PersonId, grant: Grant) -> Result<(), Failure> {
    let (actor, auth) = caller::<Auth>().await?;
    Ok(complete(async move { auth.grant(&actor, person, grant).await }).await?)
}

/// Takes a role away.
#[server(prefix = "/api/people", endpoint = "revoke", input = Json, output = Answer)]
pub async fn take_role(person: PersonId, grant: Grant) -> Result<(), Failure> {
    let (actor, auth) = caller::<Auth>().await?;
    Ok(complete(async move { auth.revoke(&actor, person, grant).await }).await?)
}

/// Keeps somebody from signing in, or lets them sign in again.
#[server(prefix = "/api/people", endpoint = "set_disabled", input = Json, output = Answer)]
pub async fn set_disabled(person: PersonId, disabled: bool) -> Result<(), Failure> {
    let (actor, auth) = caller::<Auth>().await?;
    Ok(complete(async move {
        if disabled { auth.disable(&actor, person).await } else { auth.enable(&actor, person).await }
    })
    .await?)
}

/// Gives somebody a new password.
#[server(prefix = "/api/people", endpoint = "set_password", input = Json, output = Answer)]
pub async fn set_password(person: PersonId, password: String) -> Result<(), Failure> {
    let (actor, auth) = caller::<Auth>().await?;
    Ok(complete(async move { auth.set_password(&actor, person, Secret::new(password)).await }).await?)
}

/// Changes one's own password.
#[server(prefix = "/api/people", endpoint = "change_password", input = Json, output = Answer)]
pub async fn change_password(old: String, new: String) -> Result<(), Failure> {
    let ((actor, auth), here, address) = (caller::<Auth>().await?, here()?, visitor().address);
    let (old, new) = (Secret::new(old), Secret::new(new));
    Ok(complete(async move { auth.change_password(&actor, here, &old, &new, address).await }).await?)
}

/// Has the caller a PIN?
#[server(prefix = "/api/people", endpoint = "own_pin", input = Json, output = Answer)]
pub async fn own_pin() -> Result<bool, Failure> {
    let (actor, auth) = caller::<Auth>().await?;
    Ok(auth.has_pin(&actor).await?)
}

/// Sets one's own PIN, for who knows their password.
#[server(prefix = "/api/people", endpoint = "set_pin", input = Json, output = Answer)]
pub async fn set_pin(password: String, pin: String) -> Result<(), Failure> {
    let ((actor, auth), address) = (caller::<Auth>().await?, visitor().address);
    let (password, pin) = (Secret::new(password), Secret::new(pin));
    Ok(complete(async move { auth.set_pin(&actor, &password, &pin, address).await }).await?)
}

/// Takes a PIN away: one's own, or that of somebody whom the caller manages.
#[server(prefix = "/api/people", endpoint = "take_pin", input = Json, output = Answer)]
pub async fn take_pin(person: PersonId) -> Result<(), Failure> {
    let (actor, auth) = caller::<Auth>().await?;
    Ok(complete(async move { auth.take_pin(&actor, person).await }).await?)
}

/// The shared tablets of the stores whose people the caller manages.
#[server(prefix = "/api/devices", endpoint = "list", input = Json, output = Answer)]
pub async fn devices() -> Result<Vec<Device>, Failure> {
    let (actor, auth) = caller::<Auth>().await?;
    Ok(auth.devices(&actor).await?.into_iter().map(Device::from).collect())
}

/// Makes the browser that calls a shared tablet; what it was before ends.
#[server(prefix = "/api/devices", endpoint = "share", input = Json, output = Answer)]
pub async fn share_device(new: NewDevice) -> Result<(), Failure> {
    let ((actor, auth), before) = (caller::<Auth>().await?, tablet());
    let (_, secret) = complete(async move { auth.share_device(&actor, new.into(), before.as_ref()).await }).await?;
    keep_tablet(&secret);
    Ok(())
}

/// Ends the sharing of a tablet.
#[server(prefix = "/api/devices", endpoint = "end", input = Json, output = Answer)]
pub async fn end_device(device: DeviceId) -> Result<(), Failure> {
    let (actor, auth) = caller::<Auth>().await?;
    Ok(complete(async move { auth.end_device(&actor, device).await }).await?)
}

/// The keys of the stores whose keys the caller manages: good ones first, the latest of them on top.
#[server(prefix = "/api/keys", endpoint = "list", input = Json, output = Answer)]
pub async fn keys() -> Result<Vec<Key>, Failure> {
    let (actor, auth) = caller::<Auth>().await?;
    Ok(auth.keys(&actor).await?.into_iter().map(Key::from).collect())
}

/// Makes a key and answers with its text, this once.
#[server(prefix = "/api/keys", endpoint = "add", input = Json, output = Answer)]
pub async fn add_key(new: NewKey) -> Result<String, Failure> {
    let (actor, auth) = caller::<Auth>().await?;
    let stores = new.stores.map_or(Scope::All, Scope::Only);
    // A second less than a year of days: the clock goes on until it is looked at.
    let ends = Time::now().plus_seconds(i64::from(new.days) * 86_400 - 1);
    let made = complete(async move { auth.add_key(&actor, &new.name, &new.scopes, &stores, Some(ends)).await });
    Ok(made.await?.1.expose().to_owned())
}

/// Ends a key.
#[server(prefix = "/api/keys", endpoint = "revoke", input = Json, output = Answer)]
pub async fn revoke_key(key: KeyId) -> Result<(), Failure> {
    let (actor, auth) = caller::<Auth>().await?;
    Ok(complete(async move { auth.revoke_key(&actor, key).await }).await?)
}

/// The open sessions: of everybody whom the caller manages, else one's own; last used first.
#[server(prefix = "/api/sessions", endpoint = "list", input = Json, output = Answer)]
pub async fn sessions() -> Result<Vec<Session>, Failure> {
    let ((actor, auth), here) = (caller::<Auth>().await?, here()?);
    let found = match actor.principal {
        _ if actor.may(Action::ManagePeople.anywhere()) => auth.all_sessions(&actor).await?,
        Principal::Person(person) => auth.sessions(&actor, person).await?,
        Principal::Key(_) | Principal::System => Vec::new(),
    };
    Ok(found.into_iter().map(|session| Session::of(session, &actor, here)).collect())
}

/// Ends one session.
#[server(prefix = "/api/sessions", endpoint = "end", input = Json, output = Answer)]
pub async fn end_session(session: SessionId) -> Result<(), Failure> {
    let (actor, auth) = caller::<Auth>().await?;
    Ok(complete(async move { auth.sign_out(&actor, session).await }).await?)
}

/// Ends one's own sessions but this one.
#[server(prefix = "/api/sessions", endpoint = "end_others", input = Json, output = Answer)]
pub async fn end_others() -> Result<(), Failure> {
    let ((actor, auth), here) = (caller::<Auth>().await?, here()?);
    Ok(complete(async move { auth.sign_out_others(&actor, here).await }).await?)
}

/// Ends all sessions of somebody.
#[server(prefix = "/api/sessions", endpoint = "end_all", input = Json, output = Answer)]
pub async fn end_all(person: PersonId) -> Result<(), Failure> {
    let (actor, auth) = caller::<Auth>().await?;
    Ok(complete(async move { auth.sign_out_all(&actor, person).await }).await?)
}

#[cfg(feature = "ssr")]
impl Session {
    fn of(session: auth::Session, actor: &Actor, here: SessionId) -> Self {
        let auth::Session { id, person, name, device, created_at, used_at } = session;
        let mine = actor.principal == Principal::Person(person);
        Self { id, name, device, created_at, used_at, mine, here: id == here }
    }
}
