//! Who is signed in where: sessions listed and ended, one's own and those of the people one manages.

use crate::session::{end_sessions, revoke};
use crate::standing::{IDLE_SECONDS, PIN_IDLE_SECONDS};
use crate::{Auth, Event, Session, grant};
use model::{Action, Actor, Error, Grant, PersonId, Principal, Result, SessionId, Time};
use std::collections::{HashMap, hash_map::Entry};

impl Auth {
    /// Ends a session: one's own, or one of a person whom the actor manages. It acts within a second everywhere.
    /// Ending it twice is no error. Errors: [`Error::NotFound`]; [`Error::Forbidden`].
    pub async fn sign_out(&self, actor: &Actor, session: SessionId) -> Result<()> {
        let mut tx = self.db.read().await?;
        let owner: Option<(PersonId,)> =
            db::fetch_optional!(&mut tx, "select person from auth_session where id = $1", session)?;
        drop(tx);
        let (owner,) = owner.ok_or(Error::NotFound)?;
        if actor.principal != Principal::Person(owner) {
            self.permit_own(actor, owner).await?;
        }
        let mut act = self.open_act(actor).await?;
        if revoke(&mut act, session).await? {
            act.commit(Event::SignedOut(session, owner)).await?;
            self.standings.forget();
        }
        Ok(())
    }

    /// Ends all sessions of a person: one's own, or of someone whom the actor manages.
    pub async fn sign_out_all(&self, actor: &Actor, person: PersonId) -> Result<()> {
        self.permit_own(actor, person).await?;
        let mut act = self.open_act(actor).await?;
        end_sessions(&mut act, person, None).await?;
        act.commit(Event::SessionsRevoked(person)).await?;
        self.standings.forget();
        Ok(())
    }

    /// Ends one's own sessions but this one. Errors: [`Error::Forbidden`] for who is no person.
    pub async fn sign_out_others(&self, actor: &Actor, here: SessionId) -> Result<()> {
        let (Principal::Person(person), false) = (actor.principal, actor.is_on_floor()) else {
            return Err(self.refuse(actor, Action::ManagePeople.anywhere()).await?);
        };
        let mut act = self.open_act(actor).await?;
        if end_sessions(&mut act, person, Some(here)).await? == 0 {
            return act.withdraw().await;
        }
        act.commit(Event::SessionsRevoked(person)).await?;
        self.standings.forget();
        Ok(())
    }

    /// The open sessions of a person, latest first: one's own, or of someone whom the actor manages. At most 200.
    pub async fn sessions(&self, actor: &Actor, person: PersonId) -> Result<Vec<Session>> {
        self.permit_own(actor, person).await?;
        let now = Time::now();
        let mut tx = self.db.read().await?;
        Ok(db::fetch_all!(
            &mut tx,
            "select s.id, s.person, p.display_name as name, s.device, s.created_at, s.rotated_at
             from auth_session s join auth_person p on p.id = s.person
             where s.person = $1 and s.revoked_at is null and s.expires_at > $2
                 and s.rotated_at > case when s.tablet is null then $3 else $4 end
             order by s.created_at desc, s.id desc limit 200",
            person,
            now,
            now.plus_seconds(-IDLE_SECONDS),
            now.plus_seconds(-PIN_IDLE_SECONDS)
        )?)
    }

    /// The open sessions of everybody whom the actor manages, last used first; at most 500. Errors:
    /// [`Error::Forbidden`].
    pub async fn all_sessions(&self, actor: &Actor) -> Result<Vec<Session>> {
        let mut tx = self.read(actor, Action::ManagePeople.anywhere()).await?;
        let now = Time::now();
        let open: Vec<Session> = db::fetch_all!(
            &mut tx,
            "select s.id, s.person, p.display_name as name, s.device, s.created_at, s.rotated_at
             from auth_session s join auth_person p on p.id = s.person
             where s.revoked_at is null and s.expires_at > $1
                 and s.rotated_at > case when s.tablet is null then $2 else $3 end
             order by s.rotated_at desc, s.id desc limit 500",
            now,
            now.plus_seconds(-IDLE_SECONDS),
            now.plus_seconds(-PIN_IDLE_SECONDS)
        )?;
        let mut grants: HashMap<PersonId, Vec<Grant>> = HashMap::new();
        for session in &open {
            if let Entry::Vacant(unknown) = grants.entry(session.person) {
                unknown.insert(grant::of_person(&mut tx, session.person).await?);
            }
        }
        Ok(open.into_iter().filter(|session| grant::covers(actor, &grants[&session.person])).collect())
    }

    /// One's own things are one's own, for whom a password let in; another person's need the right to manage that person.
    pub(crate) async fn permit_own(&self, actor: &Actor, person: PersonId) -> Result<()> {
        if actor.principal == Principal::Person(person) && !actor.is_on_floor() {
            return Ok(());
        }
        let mut tx = self.db.read().await?;
        let grants = grant::of_person(&mut tx, person).await?;
        drop(tx);
        self.permit_people(actor, &grants).await
    }
}
