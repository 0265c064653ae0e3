//! API keys: how other systems are recognised, where they reach, and for how long.

use crate::grant::Reach;
use crate::standing::Named;
use crate::{Auth, Event, Secret, secret};
use db::Tx;
use model::{Action, Actor, Error, Flaw, KeyId, Principal, Result, Scope, StoreId, Time, Via};

/// How every key begins, so that scanners for lost secrets know one.
const MARK: &str = "sr_live_";
/// How long a key lives when nobody says.
const YEAR_SECONDS: i64 = 365 * 86_400;
/// How many are listed, and how many are read at once for it.
const LISTED: usize = 1_000;
const AT_ONCE: i64 = 500;
/// How exact `last_used_at` is.
const TOUCH_SECONDS: i64 = 60;

/// A key, as it is listed: never its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Which.
    pub id: KeyId,
    /// The visible beginning of its text, such as `sr_live_Ab3dE6gH`.
    pub prefix: String,
    /// What it is for.
    pub name: String,
    /// What it may do: `all`, or scopes such as `sales:write`.
    pub scopes: Vec<String>,
    /// Where.
    pub stores: Scope,
    /// Since when.
    pub created_at: Time,
    /// Until when.
    pub expires_at: Time,
    /// When it was revoked.
    pub revoked_at: Option<Time>,
    /// When it was last used, to a minute.
    pub last_used_at: Option<Time>,
}

impl Auth {
    /// Makes a key and answers with its text, which is told this once. It never reaches further than its creator at
    /// that moment, and ends after a year at the latest (the default).
    ///
    /// `scopes` are names from [`Action::scope`], or `all`. Errors: [`Error::Invalid`]; [`Error::Forbidden`] for a
    /// store whose keys the actor does not manage.
    pub async fn add_key(
        &self,
        actor: &Actor,
        name: &str,
        scopes: &[String],
        stores: &Scope,
        expires: Option<Time>,
    ) -> Result<(KeyId, Secret)> {
        self.permit_key(actor, stores).await?;
        let now = Time::now();
        let expires_at = expires.unwrap_or(now.plus_seconds(YEAR_SECONDS));
        check(name, scopes, stores, now, expires_at)?;
        let created_by = match actor.principal {
            Principal::Person(person) => Some(person),
            Principal::System => None,
            // No key makes keys; no role of one allows it, and this makes it sure.
            Principal::Key(_) => return Err(self.refuse(actor, Action::ManageKeys.anywhere()).await?),
        };
        let (id, prefix) = (KeyId::new(), random_prefix()?);
        let text = Secret::from(format!("{MARK}{prefix}_{}", secret::random_text()?.expose()));
        let mut act = self.open_act(actor).await?;
        db::execute!(
            act,
            "insert into auth_key (id, prefix, name, hash, scopes, stores, created_by, created_at, expires_at,
                                   revoked_at, last_used_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, null, null)",
            id,
            prefix,
            name.trim(),
            secret::hash(text.expose()),
            scopes.join(" "),
            Reach::print(stores),
            created_by,
            now,
            expires_at
        )?;
        let stores = match stores {
            Scope::All => None,
            Scope::Only(stores) => Some(stores.clone()),
        };
        act.commit(Event::KeyAdded { key: id, scopes: scopes.to_vec(), stores, expires_at }).await?;
        Ok((id, text))
    }

    /// Recognises a key by its text (what follows `Bearer `). At most half a second behind a revocation.
    /// Errors: [`Error::SignedOut`], whatever is wrong with it.
    pub async fn identify_key(&self, bearer: &str, via: Via) -> Result<Actor> {
        let prefix = prefix_of(bearer).ok_or(Error::SignedOut)?;
        let standing = self.standing(Named::Prefix(prefix.to_owned())).await?.ok_or(Error::SignedOut)?;
        if standing.is_key(bearer) { Ok(standing.actor(via)) } else { Err(Error::SignedOut) }
    }

    /// Ends a key; it acts within a second everywhere. Ending it twice is no error. Errors: [`Error::NotFound`].
    pub async fn revoke_key(&self, actor: &Actor, key: KeyId) -> Result<()> {
        self.permit(actor, Action::ManageKeys.anywhere()).await?;
        let mut act = self.open_act(actor).await?;
        let row: Option<(String,)> = db::fetch_optional!(act, "select stores from auth_key where id = $1", key)?;
        let (stores,) = row.ok_or(Error::NotFound)?;
        if !manages(actor, &Reach::parse(&stores).scope()) {
            return Err(Error::NotFound);
        }
        let revoked = db::execute!(
            act,
            "update auth_key set revoked_at = $1 where id = $2 and revoked_at is null",
            Time::now(),
            key
        )?;
        if revoked == 0 {
            return act.withdraw().await;
        }
        act.commit(Event::KeyRevoked(key)).await?;
        self.standings.forget();
        Ok(())
    }

    /// The keys of the stores whose keys the actor manages: those that are good, then the others, latest first; at most
    /// 1000.
    pub async fn keys(&self, actor: &Actor) -> Result<Vec<Key>> {
        let mut tx = self.read(actor, Action::ManageKeys.anywhere()).await?;
        managed(&mut tx, actor, LISTED).await
    }

    async fn permit_key(&self, actor: &Actor, stores: &Scope) -> Result<()> {
        if manages(actor, stores) {
            return Ok(());
        }
        let managed = actor.scope(Action::ManageKeys);
        let beyond = match stores {
            Scope::All => None,
            Scope::Only(stores) => stores.iter().copied().find(|store| !managed.holds(*store)),
        };
        let permission = model::Permission { action: Action::ManageKeys, store: beyond };
        Err(self.refuse(actor, permission).await?)
    }

    /// Notes that a key was used: at most once a minute, and never in the way of its request.
    pub(crate) fn touch_key(&self, key: KeyId, last_used_at: Option<Time>) {
        let now = Time::now();
        let since = now.plus_seconds(-TOUCH_SECONDS);
        if last_used_at.is_some_and(|at| at > since) || !self.standings.may_touch(key) {
            return;
        }
        let db = self.db.clone();
        tokio::spawn(async move {
            let noted = async {
                let mut tx = db.begin().await?;
                db::execute!(
                    &mut tx,
                    "update auth_key set last_used_at = $1 where id = $2 and coalesce(last_used_at, 0) < $3",
                    now,
                    key,
                    since
                )?;
                tx.commit().await
            };
            if let Err(error) = noted.await {
                tracing::debug!(%error, %key, "the last use of a key was not noted");
            }
        });
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    id: KeyId,
    prefix: String,
    name: String,
    scopes: String,
    stores: String,
    created_at: Time,
    expires_at: Time,
    revoked_at: Option<Time>,
    last_used_at: Option<Time>,
}

impl Row {
    fn key(self) -> Key {
        Key {
            id: self.id,
            prefix: format!("{MARK}{}", self.prefix),
            name: self.name,
            scopes: self.scopes.split_ascii_whitespace().map(str::to_owned).collect(),
            stores: Reach::parse(&self.stores).scope(),
            created_at: self.created_at,
            expires_at: self.expires_at,
            revoked_at: self.revoked_at,
            last_used_at: self.last_used_at,
        }
    }
}

/// The keys that the actor manages, those that are good first. Others' keys are read over, so that they take no place.
pub(crate) async fn managed(tx: &mut Tx, actor: &Actor, most: usize) -> Result<Vec<Key>> {
    let (now, mut keys, mut read) = (Time::now(), Vec::new(), 0);
    loop {
        let rows: Vec<Row> = db::fetch_all!(
            tx,
            "select id, prefix, name, scopes, stores, created_at, expires_at, revoked_at, last_used_at from auth_key
             order by case when revoked_at is null and expires_at > $1 then 0 else 1 end, created_at desc, id desc
             limit $2 offset $3",
            now,
            AT_ONCE,
            read
        )?;
        read += AT_ONCE;
        let last = rows.is_empty();
        keys.extend(rows.into_iter().map(Row::key).filter(|key| manages(actor, &key.stores)));
        if last || keys.len() >= most {
            keys.truncate(most);
            return Ok(keys);
        }
    }
}

/// Does the actor manage keys in all of these stores?
fn manages(actor: &Actor, stores: &Scope) -> bool {
    let managed = actor.scope(Action::ManageKeys);
    match stores {
        Scope::All => managed == Scope::All,
        Scope::Only(stores) => !managed.is_empty() && stores.iter().all(|store: &StoreId| managed.holds(*store)),
    }
}

fn check(name: &str, scopes: &[String], stores: &Scope, now: Time, expires_at: Time) -> Result<()> {
    let mut flaws = Vec::new();
    if name.trim().is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
        flaws.push(Flaw::new("name", "bad_name", "say in 1 to 100 characters what the key is for"));
    }
    if scopes.is_empty() {
        flaws.push(Flaw::new("scopes", "none", "name at least one scope, or all"));
    }
    for scope in scopes {
        if scope != "all" && Action::ALL.into_iter().all(|action| action.scope() != scope) {
            flaws.push(Flaw::new("scopes", "unknown_scope", format!("{scope:?} is no scope; see the documentation")));
        }
    }
    if stores.is_empty() || matches!(stores, Scope::Only(stores) if stores.len() > 1_000) {
        flaws.push(Flaw::new("stores", "none", "name 1 to 1000 stores, or all"));
    }
    if expires_at <= now || expires_at > now.plus_seconds(YEAR_SECONDS) {
        flaws.push(Flaw::new("expires", "bad_time", "choose a time within a year from now"));
    }
    if flaws.is_empty() { Ok(()) } else { Err(Error::Invalid(flaws)) }
}

/// Eight letters and digits: 47 bits, unique by the table's index.
fn random_prefix() -> Result<String> {
    const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let bytes = secret::random_bytes::<8>()?;
    Ok(bytes.iter().map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()])).collect())
}

/// The eight characters of a text that has the shape of a key.
pub(crate) fn prefix_of(text: &str) -> Option<&str> {
    let (prefix, random) = text.strip_prefix(MARK)?.split_at_checked(8)?;
    let random = random.strip_prefix('_')?;
    let plain = prefix.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (plain && secret::is_random_text(random)).then_some(prefix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_shows_its_prefix() {
        let text = format!("{MARK}Ab3dE6gH_{}", secret::random_text().unwrap().expose());
        assert_eq!(prefix_of(&text), Some("Ab3dE6gH"));
    }

    #[test]
    fn what_has_not_the_shape_of_a_key_is_none() {
        let random = secret::random_text().unwrap();
        let random = random.expose();
        for text in [
            String::new(),
            MARK.to_owned(),
            format!("{MARK}Ab3dE6gH{random}"),
            format!("{MARK}Ab3dE6g_{random}"),
            format!("{MARK}Ab3dE6g'_{random}"),
            format!("{MARK}Ab3dE6gH_{random}A"),
            format!("sr_test_Ab3dE6gH_{random}"),
            format!("{MARK}Ab3dE6éé_{random}"),
        ] {
            assert_eq!(prefix_of(&text), None, "{text}");
        }
    }
}
