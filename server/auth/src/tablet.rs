//! Shared tablets: a browser that a store's people share, known by a secret of its own, until somebody ends that.

use crate::{Auth, Event, Secret, secret};
use db::Tx;
use model::{Action, Actor, DeviceId, Error, Flaw, Principal, Result, StoreId, Time};

/// The longest name of a tablet, in characters.
const NAME_MAX: usize = 60;
/// After how many minutes without a touch a tablet may ask who is working.
const LOCKS: [i64; 3] = [1, 5, 15];
/// The most tablets that a store shares at a time.
const TABLETS_MAX: i64 = 200;
/// How many are listed.
const LISTED: i64 = 1_000;

/// A tablet to share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDevice {
    /// The store whose people share it.
    pub store: StoreId,
    /// What it is called, such as `Till 2`: 1 to 60 characters.
    pub name: String,
    /// After so many minutes without a touch it asks who is working: 1, 5 or 15.
    pub lock_minutes: i64,
}

/// A shared tablet, as it is listed: never its secret.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Device {
    /// Which.
    pub id: DeviceId,
    /// The store whose people share it.
    pub store: StoreId,
    /// What it is called.
    pub name: String,
    /// After so many minutes without a touch it asks who is working.
    pub lock_minutes: i64,
    /// Since when it is shared.
    pub created_at: Time,
    /// When somebody last typed a PIN there.
    pub used_at: Option<Time>,
}

/// A shared tablet, as it is known by its secret.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Tablet {
    /// Which.
    pub id: DeviceId,
    /// The store whose people share it.
    pub store: StoreId,
    /// What it is called.
    pub name: String,
    /// After so many minutes without a touch it asks who is working.
    pub lock_minutes: i64,
}

impl Auth {
    /// Makes a browser a shared tablet of a store, and answers with the secret that it keeps from now on. What that
    /// browser was before (`old`) ends.
    ///
    /// Errors: [`Error::Forbidden`] for who does not manage the people of that store; [`Error::Invalid`].
    pub async fn share_device(
        &self,
        actor: &Actor,
        new: NewDevice,
        old: Option<&Secret>,
    ) -> Result<(DeviceId, Secret)> {
        self.permit(actor, Action::ManagePeople.at(new.store)).await?;
        let name = checked(&new)?;
        let created_by = match actor.principal {
            Principal::Person(person) => Some(person),
            Principal::Key(_) | Principal::System => None,
        };
        let (id, text, now) = (DeviceId::new(), secret::random_text()?, Time::now());
        let mut act = self.open_people_act(actor).await?;
        if let Some(old) = old
            && let Some(before) = find(&mut act, old).await?
        {
            end(&mut act, before.id).await?;
        }
        let (open,): (i64,) =
            db::fetch_one!(act, "select count(*) from auth_device where store = $1 and revoked_at is null", new.store)?;
        if open >= TABLETS_MAX {
            let message = format!("a store shares at most {TABLETS_MAX} tablets; end one that is no longer used");
            return Err(Flaw::new("name", "too_many", message).into());
        }
        db::execute!(
            act,
            "insert into auth_device (id, store, name, hash, lock_minutes, created_by, created_at, used_at, revoked_at)
             values ($1, $2, $3, $4, $5, $6, $7, null, null)",
            id,
            new.store,
            &name,
            secret::hash(text.expose()),
            new.lock_minutes,
            created_by,
            now
        )?;
        act.commit(Event::DeviceShared(id, new.store, name)).await?;
        self.standings.forget();
        Ok((id, text))
    }

    /// The shared tablets of the stores whose people the actor manages, by name; at most 1000.
    pub async fn devices(&self, actor: &Actor) -> Result<Vec<Device>> {
        let mut tx = self.read(actor, Action::ManagePeople.anywhere()).await?;
        let open: Vec<Device> = db::fetch_all!(
            &mut tx,
            "select id, store, name, lock_minutes, created_at, used_at from auth_device
             where revoked_at is null order by name, id limit $1",
            LISTED
        )?;
        let managed = actor.scope(Action::ManagePeople);
        Ok(open.into_iter().filter(|device| managed.holds(device.store)).collect())
    }

    /// Ends the sharing of a tablet, and whatever a PIN has opened there; it acts within a second everywhere. Ending it
    /// twice is no error. Errors: [`Error::NotFound`]; [`Error::Forbidden`].
    pub async fn end_device(&self, actor: &Actor, device: DeviceId) -> Result<()> {
        self.permit(actor, Action::ManagePeople.anywhere()).await?;
        let mut act = self.open_people_act(actor).await?;
        let row: Option<(StoreId, String)> =
            db::fetch_optional!(act, "select store, name from auth_device where id = $1", device)?;
        let (store, name) = row.ok_or(Error::NotFound)?;
        if !actor.may(Action::ManagePeople.at(store)) {
            return Err(Error::NotFound);
        }
        if !end(&mut act, device).await? {
            return act.withdraw().await;
        }
        act.commit(Event::DeviceEnded(device, store, name)).await?;
        self.standings.forget();
        Ok(())
    }

    /// The shared tablet that keeps this secret, if it is still one.
    pub async fn tablet(&self, text: &Secret) -> Result<Option<Tablet>> {
        if !secret::is_random_text(text.expose()) {
            return Ok(None);
        }
        find(&mut self.db.read().await?, text).await
    }
}

fn checked(new: &NewDevice) -> Result<String> {
    let name = new.name.trim();
    if name.is_empty() || name.chars().count() > NAME_MAX || name.chars().any(char::is_control) {
        return Err(Flaw::new("name", "bad_device_name", "use 1 to 60 characters, such as Till 2").into());
    }
    if !LOCKS.contains(&new.lock_minutes) {
        return Err(Flaw::new("lock_minutes", "bad_minutes", "use 1, 5 or 15 minutes").into());
    }
    Ok(name.to_owned())
}

async fn find(tx: &mut Tx, text: &Secret) -> Result<Option<Tablet>> {
    Ok(db::fetch_optional!(
        tx,
        "select id, store, name, lock_minutes from auth_device where hash = $1 and revoked_at is null",
        secret::hash(text.expose())
    )?)
}

/// Ends a tablet and what PINs have opened there; `false` when it had ended.
async fn end(tx: &mut Tx, device: DeviceId) -> Result<bool> {
    let now = Time::now();
    let ended =
        db::execute!(tx, "update auth_device set revoked_at = $1 where id = $2 and revoked_at is null", now, device)?;
    db::execute!(tx, "update auth_session set revoked_at = $1 where tablet = $2 and revoked_at is null", now, device)?;
    Ok(ended == 1)
}
