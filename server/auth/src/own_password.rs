//! One's own password, changed by whoever knows the old one.

use crate::password::{self, Verified};
use crate::session::end_sessions;
use crate::throttle::{self, Attempt};
use crate::{Auth, Event, Secret, pin};
use model::{Action, Actor, Error, PersonId, Principal, Result, SessionId};
use std::net::IpAddr;

impl Auth {
    /// Changes one's own password: the old one must be right, and is counted like an attempt to sign in. The session
    /// `here` goes on, all others end, and the PIN goes too.
    ///
    /// Errors: [`Error::Invalid`] for a wrong old password and for a new one that is too weak; [`Error::TooMany`];
    /// [`Error::Forbidden`] for who is no person.
    pub async fn change_password(
        &self,
        actor: &Actor,
        here: SessionId,
        old: &Secret,
        new: &Secret,
        address: IpAddr,
    ) -> Result<()> {
        let Principal::Person(person) = actor.principal else {
            return Err(self.refuse(actor, Action::ManagePeople.anywhere()).await?);
        };
        let (name, stored) = self.find_password(person).await?;
        password::check(new, &[&name, &actor.name])?;
        let attempt = Attempt::new(&name, address);
        self.count(&attempt).await?;
        if self.passwords.verify(Some(stored.clone()), old).await? == Verified::Wrong {
            return Err(password::wrong("old").into());
        }
        let hash = self.passwords.hash(new).await?;
        let mut act = self.open_act(actor).await?;
        let changed = db::execute!(
            act,
            "update auth_person set password_hash = $1, version = version + 1 where id = $2 and password_hash = $3",
            hash,
            person,
            stored
        )?;
        if changed == 0 {
            return Err(Error::Conflict(model::Reused::Version));
        }
        throttle::forgive(&mut act, &attempt).await?;
        pin::forget(&mut act, person).await?;
        end_sessions(&mut act, person, Some(here)).await?;
        act.commit(Event::PasswordSet(person)).await?;
        self.standings.forget();
        Ok(())
    }

    pub(crate) async fn find_password(&self, person: PersonId) -> Result<(String, String)> {
        let mut tx = self.db.read().await?;
        let row: Option<(String, String)> =
            db::fetch_optional!(&mut tx, "select name, password_hash from auth_person where id = $1", person)?;
        row.ok_or(Error::NotFound)
    }
}
