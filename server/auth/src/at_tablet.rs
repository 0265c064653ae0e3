//! At a shared tablet: who may take a place there, and taking it with a PIN.

use crate::password::Verified;
use crate::pin::TRIES;
use crate::session::{begin, doorkeeper};
use crate::tablet::Tablet;
use crate::{Auth, Event, NewTokens, Secret, SignedIn, grant};
use model::{Actor, Error, Flaw, PersonId, Principal, Result, Time, Via};

/// How many faces a tablet shows.
const FACES_MAX: i64 = 200;

/// Someone who may take a place at a shared tablet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Face {
    /// Who.
    pub person: PersonId,
    /// The name that others see of them.
    pub name: String,
    /// Their PIN was tried too often: they need their password.
    pub spent: bool,
}

/// A PIN that was tried, and counted.
#[derive(sqlx::FromRow)]
struct Tried {
    hash: String,
    fails: i64,
    name: String,
}

impl Auth {
    /// The shared tablet that keeps this secret and who may take a place there, by name: people with a PIN and a role
    /// in its store; at most 200. `None`: it is no shared tablet.
    pub async fn faces(&self, text: &Secret) -> Result<Option<(Tablet, Vec<Face>)>> {
        let Some(tablet) = self.tablet(text).await? else { return Ok(None) };
        let mut tx = self.db.read().await?;
        let rows: Vec<(PersonId, String, i64)> = db::fetch_all!(
            &mut tx,
            "select p.id, p.display_name, n.fails from auth_pin n join auth_person p on p.id = n.person
             where p.disabled = false and n.pepper = $1 and exists
                 (select 1 from auth_grant g where g.person = p.id and (g.store is null or g.store = $2))
             order by p.display_name, p.id limit $3",
            &self.pins.mark,
            tablet.store,
            FACES_MAX
        )?;
        let face = |(person, name, fails)| Face { person, name, spent: fails >= TRIES };
        Ok(Some((tablet, rows.into_iter().map(face).collect())))
    }

    /// Lets someone take their place at a shared tablet, with their PIN: a new session, which ends with the tablet and
    /// opens the floor of its store only. Somebody who is not there, has no PIN or no role there gets the answer of a
    /// wrong one, in the same time. Each try is counted before it is looked at; after five wrong ones only the password
    /// helps, at whatever tablet.
    ///
    /// Errors: [`Error::SignedOut`] from any other browser; [`Error::Invalid`] for a wrong PIN; [`Error::TooMany`];
    /// [`Error::Busy`].
    pub async fn sign_in_by_pin(
        &self,
        tablet: Option<&Secret>,
        person: PersonId,
        pin: &Secret,
        via: Via,
    ) -> Result<SignedIn> {
        let known = match tablet {
            Some(text) => self.tablet(text).await?,
            None => None,
        };
        let tablet = known.ok_or(Error::SignedOut)?;
        self.pins.pace.take(tablet.id)?;
        let tried = self.count_pin(&tablet, person).await?;
        let stored = tried.as_ref().map(|tried| tried.hash.clone());
        let verified = match self.passwords.verify(stored, &self.pins.peppered(person, pin)).await {
            Err(Error::Busy) => {
                if tried.is_some() {
                    self.uncount_pin(person).await?;
                }
                return Err(Error::Busy);
            }
            verified => verified?,
        };
        let via = Via { device: tablet.name.clone(), ..via };
        let whose = tried.as_ref().map(|_| person);
        let left = tried.as_ref().map_or(0, |tried| TRIES - tried.fails);
        if let (Some(tried), Verified::Right(renewed)) = (tried, verified)
            && let Some(signed_in) = self.take_place(&tablet, person, &tried, renewed, via.clone()).await?
        {
            return Ok(signed_in);
        }
        self.note(&doorkeeper(via), Event::PinFailed(whose, tablet.id)).await?;
        tracing::info!(tablet = %tablet.id, "a PIN was wrong");
        Err(wrong(left).into())
    }

    /// Counts a try, of who may have a place here and has tries left; `None` for everybody else. The tablet's own row is
    /// written in any case, so that the time tells nothing.
    async fn count_pin(&self, tablet: &Tablet, person: PersonId) -> Result<Option<Tried>> {
        let mut tx = self.db.begin().await?;
        db::execute!(&mut tx, "update auth_device set used_at = $1 where id = $2", Time::now(), tablet.id)?;
        let tried = db::fetch_optional!(
            &mut tx,
            "update auth_pin set fails = fails + 1
             where person = $1 and fails < $2 and pepper = $3
                 and exists (select 1 from auth_person p where p.id = auth_pin.person and p.disabled = false)
                 and exists (select 1 from auth_grant g
                             where g.person = auth_pin.person and (g.store is null or g.store = $4))
             returning hash, fails,
                 (select display_name from auth_person p where p.id = auth_pin.person) as name",
            person,
            TRIES,
            &self.pins.mark,
            tablet.store
        )?;
        tx.commit().await?;
        Ok(tried)
    }

    /// Takes a counted try back that was never looked at, because the server was too busy.
    async fn uncount_pin(&self, person: PersonId) -> Result<()> {
        let mut tx = self.db.begin().await?;
        db::execute!(&mut tx, "update auth_pin set fails = fails - 1 where person = $1 and fails > 0", person)?;
        Ok(tx.commit().await?)
    }

    /// Opens the session; `None` when the person was disabled, or their PIN changed or taken away, since.
    async fn take_place(
        &self,
        tablet: &Tablet,
        person: PersonId,
        tried: &Tried,
        renewed: Option<String>,
        via: Via,
    ) -> Result<Option<SignedIn>> {
        let (principal, device) = (Principal::Person(person), via.device.clone());
        let mut actor = Actor { principal, name: tried.name.clone(), grants: Vec::new(), scopes: None, via };
        let mut act = self.open_act(&actor).await?;
        // Writing both rows makes a change of password, a switching off and this wait for each other.
        let row: Option<(i64, String)> = db::fetch_optional!(
            act,
            "update auth_person set version = version where id = $1 and disabled = false
             returning version, language",
            person
        )?;
        let Some((version, language)) = row else { return Ok(None) };
        let right = db::execute!(
            act,
            "update auth_pin set fails = 0, hash = $1 where person = $2 and hash = $3",
            renewed.as_ref().unwrap_or(&tried.hash),
            person,
            &tried.hash
        )?;
        if right == 0 {
            return Ok(None);
        }
        actor.grants = grant::of_person(&mut act, person).await?;
        let actor = actor.on_floor(tablet.store);
        let (session, refresh, expires) = begin(&mut act, person, &device, Some(tablet.id)).await?;
        let access = self.tokens.sign(person, session, version)?;
        act.commit(Event::PinSignedIn(session, person, tablet.id)).await?;
        let tokens = NewTokens { access, refresh, expires };
        Ok(Some(SignedIn { actor, session, tokens, language }))
    }
}

/// Tells how many tries are left; with none, the password helps.
fn wrong(left: i64) -> Flaw {
    match left {
        0 => Flaw::new("pin", "pin_spent", "no PIN opens this any more; sign in with the password"),
        left => Flaw::new("pin", "wrong_pin", format!("the PIN is wrong; {left} more tries")),
    }
}
