//! The first run: nobody is there yet, and whoever reads the server's console becomes the first administrator.

use crate::{Auth, Event, NewPerson, Secret, person, secret};
use db::Tx;
use model::{Actor, Error, Flaw, Grant, PersonId, Result, Role, Time, Via};
use std::sync::atomic::Ordering;

/// How long a set-up token is good.
const SETUP_SECONDS: i64 = 30 * 60;

impl Auth {
    /// Is there someone who can sign in and administer everything? Until then the server binds loopback only.
    pub async fn has_administrator(&self) -> Result<bool> {
        if self.administered.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let mut tx = self.db.read().await?;
        let found = person::count_administrators(&mut tx).await? > 0;
        self.administered.store(found, Ordering::Relaxed);
        Ok(found)
    }

    /// Is there someone who can sign in at all?
    pub async fn has_people(&self) -> Result<bool> {
        let mut tx = self.db.read().await?;
        let (count,): (i64,) = db::fetch_one!(&mut tx, "select count(*) from auth_person where disabled = false")?;
        Ok(count > 0)
    }

    /// A new set-up token, to be printed once: good for 30 minutes and for one administrator; an older one is void.
    /// Errors: [`Error::NotFound`] when there is an administrator already.
    pub async fn setup_token(&self) -> Result<Secret> {
        let token = secret::random_text()?;
        let mut tx = self.db.begin().await?;
        if person::count_administrators(&mut tx).await? > 0 {
            return Err(Error::NotFound);
        }
        db::execute!(
            &mut tx,
            "update auth_house set setup_hash = $1, setup_until = $2 where one = 1",
            secret::hash(token.expose()),
            Time::now().plus_seconds(SETUP_SECONDS)
        )?;
        tx.commit().await?;
        Ok(token)
    }

    /// Who sets the house up: whoever knows the token, as long as there is no administrator. Errors:
    /// [`Error::Invalid`] for a token that is wrong, used or too old.
    pub async fn setup_actor(&self, token: &Secret, via: Via) -> Result<Actor> {
        let mut tx = self.db.read().await?;
        if !is_good(&mut tx, token).await? || person::count_administrators(&mut tx).await? > 0 {
            return Err(bad_token());
        }
        Ok(Actor { via, ..Actor::system("set-up") })
    }

    /// Makes the first administrator, for who knows the set-up token; `new.grants` are not looked at. Errors:
    /// [`Error::Invalid`] also for a token that is wrong, used or too old; [`model::Refusal::NameTaken`].
    pub async fn create_first_administrator(&self, token: &Secret, new: NewPerson, via: Via) -> Result<PersonId> {
        // A look before the work: no stranger makes us hash passwords.
        let actor = self.setup_actor(token, via).await?;
        let new = NewPerson { grants: vec![Grant { role: Role::Administrator, store: None }], ..new };
        let hash = self.check_new(&new).await?;
        let mut act = self.open_people_act(&actor).await?;
        let used = db::execute!(
            act,
            "update auth_house set setup_hash = null where setup_hash = $1 and setup_until > $2",
            secret::hash(token.expose()),
            Time::now()
        )?;
        if used == 0 || person::count_administrators(&mut act).await? > 0 {
            return Err(bad_token());
        }
        let person = person::insert(&mut act, &new, &hash).await?;
        act.commit(Event::SetUp(person)).await?;
        Ok(person)
    }
}

async fn is_good(tx: &mut Tx, token: &Secret) -> Result<bool> {
    let (found,): (i64,) = db::fetch_one!(
        tx,
        "select count(*) from auth_house where setup_hash = $1 and setup_until > $2",
        secret::hash(token.expose()),
        Time::now()
    )?;
    Ok(found > 0)
}

fn bad_token() -> Error {
    let message = "this set-up token is wrong, used or older than 30 minutes; restart the server for a new one";
    Flaw::new("token", "bad_token", message).into()
}
