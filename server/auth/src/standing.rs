//! Standings: what a session or a key is worth at this moment, looked up at most half a second ago.

use crate::grant::{self, Reach};
use crate::token::Read;
use crate::{Auth, Secret, key, secret};
use db::Tx;
use model::{Actor, Grant, KeyId, PersonId, Principal, Result, SessionId, StoreId, Time, Via};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How old a standing may be: with it, whatever is taken away has gone everywhere within a second.
const FRESH: Duration = Duration::from_millis(500);
/// How many standings are remembered at most.
const KEPT: usize = 10_000;
/// How often one process notes the use of one key.
const TOUCHED: Duration = Duration::from_secs(60);
/// A session that was not used for so long has ended.
pub(crate) const IDLE_SECONDS: i64 = 12 * 3_600;
/// The same for one that a PIN opened.
pub(crate) const PIN_IDLE_SECONDS: i64 = 15 * 60;

/// What someone showed to be recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Credential {
    /// A session's tokens.
    Session(SessionId),
    /// An API key.
    Key(KeyId),
}

/// Under what name a standing is remembered.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) enum Named {
    /// As in a token, or at a live socket.
    Credential(Credential),
    /// As in the text of an API key.
    Prefix(String),
}

/// What a session or key is worth.
pub(crate) struct Standing {
    pub(crate) principal: Principal,
    name: String,
    /// The person's version; 0 for keys.
    pub(crate) version: i64,
    grants: Vec<Grant>,
    scopes: Option<Vec<String>>,
    /// Of the whole text, for keys; of the shared tablet's secret, for what a PIN opened; empty for other sessions.
    pub(crate) hash: Vec<u8>,
    /// The shared tablet at which a PIN opened it: its store, and what it is called.
    tablet: Option<(StoreId, String)>,
    /// Its end, if nothing happens before.
    until: Time,
    /// Its end, whatever happens.
    pub(crate) ends_at: Time,
}

impl Standing {
    /// As the one who acts, by that way.
    pub(crate) fn actor(&self, via: Via) -> Actor {
        let actor = Actor {
            principal: self.principal,
            name: self.name.clone(),
            grants: self.grants.clone(),
            scopes: self.scopes.clone(),
            via,
        };
        match &self.tablet {
            Some((store, name)) => {
                let via = Via { device: name.clone(), ..actor.via.clone() };
                Actor { via, ..actor.on_floor(*store) }
            }
            None => actor,
        }
    }
}

type Remembered = HashMap<Named, (Instant, Option<Arc<Standing>>)>;

/// The standings of this process.
#[derive(Default)]
pub(crate) struct Standings {
    known: Mutex<Remembered>,
    touched: Mutex<HashMap<KeyId, Instant>>,
}

impl Standings {
    fn find(&self, named: &Named) -> Option<Option<Arc<Standing>>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(named).filter(|(at, _)| at.elapsed() < FRESH).map(|(_, standing)| standing.clone())
    }

    /// As it was when it was last asked for, however long ago.
    fn seen(&self, named: &Named) -> Option<Arc<Standing>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(named).and_then(|(_, standing)| standing.clone())
    }

    fn keep(&self, named: Named, asked: Instant, standing: Option<Arc<Standing>>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= KEPT {
            known.retain(|_, (at, _)| at.elapsed() < FRESH);
        }
        if known.len() < KEPT {
            known.insert(named, (asked, standing));
        }
    }

    /// Is it a while since this process noted the use of that key? Then it is to do so now.
    pub(crate) fn may_touch(&self, key: KeyId) -> bool {
        let mut touched = self.touched.lock().unwrap_or_else(PoisonError::into_inner);
        touched.retain(|_, at| at.elapsed() < TOUCHED);
        touched.len() < KEPT && touched.insert(key, Instant::now()).is_none()
    }

    /// After a change made here, it acts here at once.
    pub(crate) fn forget(&self) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Auth {
    /// Whether that session or key is still good, and for what: for a live socket, asked whenever something is sent.
    /// `None`: it has ended, was revoked, or its person was disabled. At most half a second behind the truth.
    pub async fn still_valid(&self, credential: Credential, via: &Via) -> Result<Option<Actor>> {
        let standing = self.standing(Named::Credential(credential)).await?;
        Ok(standing.map(|standing| standing.actor(via.clone())))
    }

    /// That person as of now, signed in or not: for work that they began and that goes on by itself. `None`: they were
    /// disabled. Who is no person stays as they are.
    pub async fn person_now(&self, actor: &Actor) -> Result<Option<Actor>> {
        let Principal::Person(person) = actor.principal else { return Ok(Some(actor.clone())) };
        let mut tx = self.db.read().await?;
        let row: Option<(String,)> = db::fetch_optional!(
            &mut tx,
            "select display_name from auth_person where id = $1 and disabled = false",
            person
        )?;
        let Some((name,)) = row else { return Ok(None) };
        let grants = grant::of_person(&mut tx, person).await?;
        Ok(Some(Actor { name, grants, ..actor.clone() }))
    }

    /// Whether this key was good when it was asked for last; told from memory, so that it costs nothing.
    #[must_use]
    pub fn knows_key(&self, bearer: &str) -> bool {
        let Some(prefix) = key::prefix_of(bearer) else { return false };
        let standing = self.standings.seen(&Named::Prefix(prefix.to_owned()));
        standing.is_some_and(|standing| standing.is_key(bearer))
    }

    /// Whether this is an access token of ours, still within its minutes; told without asking the database.
    #[must_use]
    pub fn knows_access(&self, access: &str) -> bool {
        matches!(self.tokens.read(access), Read::Good(_))
    }

    /// The standing, from memory when it is fresh enough.
    pub(crate) async fn standing(&self, named: Named) -> Result<Option<Arc<Standing>>> {
        let found = match self.standings.find(&named) {
            Some(standing) => standing,
            None => self.standing_now(named).await?,
        };
        Ok(found.filter(|standing| standing.until > Time::now()))
    }

    /// The standing, from the database.
    pub(crate) async fn standing_now(&self, named: Named) -> Result<Option<Arc<Standing>>> {
        // The age counts from the question: a change that came while it was answered is then seen in time.
        let asked = Instant::now();
        let mut tx = self.db.read().await?;
        let standing = match &named {
            Named::Credential(Credential::Session(session)) => of_session(&mut tx, *session).await?,
            Named::Credential(Credential::Key(key)) => self.of_key(&mut tx, Some(*key), "").await?,
            Named::Prefix(prefix) => self.of_key(&mut tx, None, prefix).await?,
        };
        drop(tx);
        let standing = standing.map(Arc::new);
        self.standings.keep(named, asked, standing.clone());
        Ok(standing.filter(|standing| standing.until > Time::now()))
    }

    async fn of_key(&self, tx: &mut Tx, id: Option<KeyId>, prefix: &str) -> Result<Option<Standing>> {
        let row: Option<KeyRow> = db::fetch_optional!(
            tx,
            "select k.id, k.name, k.hash, k.scopes, k.stores, k.created_by, k.expires_at, k.revoked_at, k.last_used_at,
                    coalesce(p.disabled, false) as orphaned
             from auth_key k left join auth_person p on p.id = k.created_by
             where k.id = $1 or k.prefix = $2",
            id,
            prefix
        )?;
        let Some(key) = row.filter(|key| key.revoked_at.is_none() && !key.orphaned) else { return Ok(None) };
        let creator = match key.created_by {
            Some(person) => Some(grant::of_person(tx, person).await?),
            None => None,
        };
        self.touch_key(key.id, key.last_used_at);
        Ok(Some(Standing {
            principal: Principal::Key(key.id),
            name: key.name,
            version: 0,
            grants: Reach::parse(&key.stores).within(creator.as_deref()),
            scopes: Some(key.scopes.split_ascii_whitespace().map(str::to_owned).collect()),
            hash: key.hash,
            tablet: None,
            until: key.expires_at,
            ends_at: key.expires_at,
        }))
    }
}

#[derive(sqlx::FromRow)]
struct KeyRow {
    id: KeyId,
    name: String,
    hash: Vec<u8>,
    scopes: String,
    stores: String,
    created_by: Option<PersonId>,
    expires_at: Time,
    revoked_at: Option<Time>,
    last_used_at: Option<Time>,
    orphaned: bool,
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    person: PersonId,
    display_name: String,
    version: i64,
    rotated_at: Time,
    expires_at: Time,
    by_pin: bool,
    tablet_hash: Option<Vec<u8>>,
    tablet_name: Option<String>,
    store: Option<StoreId>,
}

async fn of_session(tx: &mut Tx, session: SessionId) -> Result<Option<Standing>> {
    let row: Option<SessionRow> = db::fetch_optional!(
        tx,
        "select s.person, p.display_name, p.version, s.rotated_at, s.expires_at, s.tablet is not null as by_pin,
                d.hash as tablet_hash, d.name as tablet_name, d.store
         from auth_session s join auth_person p on p.id = s.person
              left join auth_device d on d.id = s.tablet and d.revoked_at is null
         where s.id = $1 and s.revoked_at is null and p.disabled = false",
        session
    )?;
    // What a PIN opened has ended with its tablet.
    let Some(row) = row.filter(|row| row.by_pin == row.store.is_some()) else { return Ok(None) };
    let idle_seconds = if row.by_pin { PIN_IDLE_SECONDS } else { IDLE_SECONDS };
    Ok(Some(Standing {
        principal: Principal::Person(row.person),
        name: row.display_name,
        version: row.version,
        grants: grant::of_person(tx, row.person).await?,
        scopes: None,
        hash: row.tablet_hash.unwrap_or_default(),
        tablet: row.store.zip(row.tablet_name),
        until: row.expires_at.min(row.rotated_at.plus_seconds(idle_seconds)),
        ends_at: row.expires_at,
    }))
}

impl Standing {
    /// Is it shown with what it is bound to: what a PIN opened, with the secret of its tablet?
    pub(crate) fn is_at(&self, tablet: Option<&Secret>) -> bool {
        self.tablet.is_none() || tablet.is_some_and(|text| secret::same(&secret::hash(text.expose()), &self.hash))
    }

    /// Is this the text of the key that stands here?
    pub(crate) fn is_key(&self, text: &str) -> bool {
        secret::same(&secret::hash(text), &self.hash)
    }
}
