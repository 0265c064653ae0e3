//! The first run: nobody is there yet, and whoever reads the server's console becomes the first administrator.

use crate::{Auth, Event, NewPerson, Secret, person, secret};
use model::{Actor, Error, Flaw, Grant, PersonId, Result, Role, Time, Via};

/// How long a set-up token is good.
const SETUP_SECONDS: i64 = 30 * 60;

impl Auth {
    /// Is there someone who can sign in and administer everything? Until then the server binds loopback only.
    pub async fn has_administrator(&self) -> Result<bool> {
        let mut tx = self.db.read().await?;
        Ok(person::count_administrators(&mut tx).await? > 0)
    }

    /// A new set-up token, to be printed once: good for 30 minutes and for one use; an older one is void.
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

    /// Makes the first administrator, for who knows the set-up token. Errors: [`Error::Invalid`] also for a token
    /// that is wrong, used or too old.
    pub async fn create_first_administrator(
        &self,
        token: &Secret,
        name: &str,
        password: Secret,
        via: Via,
    ) -> Result<PersonId> {
        // A look before the work: no stranger makes us hash passwords.
        let mut tx = self.db.read().await?;
        let (found,): (i64,) = db::fetch_one!(
            &mut tx,
            "select count(*) from auth_house where setup_hash = $1 and setup_until > $2",
            secret::hash(token.expose()),
            Time::now()
        )?;
        drop(tx);
        if found == 0 {
            return Err(bad_token());
        }
        let grants = vec![Grant { role: Role::Administrator, store: None }];
        let language = String::new();
        let new = NewPerson { name: name.to_owned(), display_name: name.to_owned(), password, language, grants };
        let hash = self.check_new(&new).await?;
        let mut act = self.open_people_act(&Actor { via, ..Actor::system("set-up") }).await?;
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

fn bad_token() -> Error {
    let message = "this set-up token is wrong, used or older than 30 minutes; restart the server for a new one";
    Flaw::new("token", "bad_token", message).into()
}
