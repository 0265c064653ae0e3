//! Signing in: name and password against a session, telling nobody which names exist.

use crate::password::Verified;
use crate::session::{NewTokens, begin, doorkeeper};
use crate::throttle::{self, Attempt};
use crate::{Auth, Event, Secret, grant, pin};
use model::{Actor, Error, PersonId, Principal, Refusal, Result, SessionId, Via};
use std::net::IpAddr;

/// Someone who has just signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// Who.
    pub actor: Actor,
    /// The new session.
    pub session: SessionId,
    /// Its first tokens.
    pub tokens: NewTokens,
    /// The language that they chose, such as `en`; empty when they chose none.
    pub language: String,
}

#[derive(sqlx::FromRow)]
struct Known {
    id: PersonId,
    display_name: String,
    password_hash: String,
    language: String,
    disabled: bool,
}

impl Auth {
    /// Signs someone in. An unknown name, a wrong password and a disabled person get the same answer in the same
    /// time. The attempt is counted before anything is checked, for the name and for where it came from.
    ///
    /// Errors: [`Error::Refused`] with [`Refusal::SignIn`]; [`Error::TooMany`]; [`Error::Busy`].
    pub async fn sign_in(&self, name: &str, password: &Secret, address: IpAddr, via: Via) -> Result<SignedIn> {
        let name = plain_name(name);
        let attempt = Attempt::new(&name, address);
        self.count(&attempt).await?;
        let known = self.find_known(&name).await?;
        let stored = known.as_ref().map(|known| known.password_hash.clone());
        let verified = match self.passwords.verify(stored, password).await {
            Err(Error::Busy) => {
                self.uncount(&attempt).await?;
                return Err(Error::Busy);
            }
            verified => verified?,
        };
        let id = known.as_ref().map(|known| known.id);
        if let (Some(known), Verified::Right(renewed)) = (known.filter(|known| !known.disabled), verified)
            && let Some(signed_in) = self.enter(known, renewed, &attempt, via.clone()).await?
        {
            return Ok(signed_in);
        }
        self.note(&doorkeeper(via), Event::SignInFailed(id)).await?;
        tracing::info!(%address, "a sign-in failed");
        Err(Refusal::SignIn.into())
    }

    async fn find_known(&self, name: &str) -> Result<Option<Known>> {
        let mut tx = self.db.read().await?;
        let row = db::fetch_optional!(
            &mut tx,
            "select id, display_name, password_hash, language, disabled from auth_person where name = $1",
            name
        )?;
        Ok(row)
    }

    /// Opens the session; `None` when the person was disabled or given another password since.
    async fn enter(
        &self,
        known: Known,
        renewed: Option<String>,
        attempt: &Attempt,
        via: Via,
    ) -> Result<Option<SignedIn>> {
        let device = via.device.clone();
        let principal = Principal::Person(known.id);
        let mut actor = Actor { principal, name: known.display_name, grants: Vec::new(), scopes: None, via };
        let mut act = self.open_act(&actor).await?;
        // Writing the row, even unchanged, makes a change of password and this sign-in wait for each other.
        let version: Option<(i64,)> = db::fetch_optional!(
            act,
            "update auth_person set password_hash = $1 where id = $2 and password_hash = $3 and disabled = false
             returning version",
            renewed.as_ref().unwrap_or(&known.password_hash),
            known.id,
            &known.password_hash
        )?;
        let Some((version,)) = version else { return Ok(None) };
        actor.grants = grant::of_person(&mut act, known.id).await?;
        throttle::forgive(&mut act, attempt).await?;
        pin::forgive(&mut act, known.id).await?;
        let (session, refresh, expires) = begin(&mut act, known.id, &device, None).await?;
        let access = self.tokens.sign(known.id, session, version)?;
        act.commit(Event::SignedIn(session, known.id)).await?;
        let tokens = NewTokens { access, refresh, expires };
        Ok(Some(SignedIn { actor, session, tokens, language: known.language }))
    }
}

/// A sign-in name as it is stored: without the spaces around it, in lower case.
pub(crate) fn plain_name(name: &str) -> String {
    name.trim().to_lowercase()
}
