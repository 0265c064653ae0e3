//! Sessions: one signed-in browser each; recognised, renewed, listed, ended.

use crate::act::Act;
use crate::standing::{Credential, IDLE_SECONDS, Named};
use crate::{Auth, Event, Secret, secret, token};
use db::Tx;
use model::{Actor, DeviceId, Error, PersonId, Principal, Result, SessionId, Time, Via};

/// How long a session lives at most.
const SESSION_SECONDS: i64 = 7 * 86_400;
/// How long one that a PIN opened lives at most: a long shift.
const SHIFT_SECONDS: i64 = 12 * 3_600;
/// How long a used refresh token still gets its successor: two requests of one page may carry the same one.
const GRACE_SECONDS: i64 = 10;

/// The longest name (characters) that is kept of a device.
const DEVICE_MAX: usize = 300;

/// Someone who was recognised by their session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identified {
    /// Who, with what they may do at this moment.
    pub actor: Actor,
    /// Which session.
    pub session: SessionId,
    /// New tokens to give to the browser, when the old ones had served.
    pub renewed: Option<NewTokens>,
}

/// What a browser is given, in two cookies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTokens {
    /// The access token; good for [`crate::ACCESS_SECONDS`].
    pub access: Secret,
    /// The refresh token; good once.
    pub refresh: Secret,
    /// When the session ends whatever happens.
    pub expires: Time,
}

/// A session, as it is listed.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Session {
    /// Which.
    pub id: SessionId,
    /// Whose.
    pub person: PersonId,
    /// The name that others see of them.
    pub name: String,
    /// On which device, in words.
    pub device: String,
    /// When it began.
    pub created_at: Time,
    /// When its tokens were last renewed.
    #[sqlx(rename = "rotated_at")]
    pub used_at: Time,
}

impl Auth {
    /// Recognises a browser by its cookies: a good access token is enough; with none, an old one, or one from before
    /// the person's last change, a good refresh token is exchanged for new ones. What a PIN opened counts only together
    /// with the secret of its shared tablet. Errors: [`Error::SignedOut`].
    pub async fn identify(
        &self,
        access: Option<&str>,
        refresh: Option<&str>,
        tablet: Option<&Secret>,
        via: Via,
    ) -> Result<Identified> {
        if let Some(access) = access
            && let Some(known) = self.by_access(access, tablet, &via).await?
        {
            return Ok(known);
        }
        match refresh {
            Some(refresh) if token::is_refresh(refresh) => self.renew(refresh, tablet, via).await,
            _ => Err(Error::SignedOut),
        }
    }

    async fn by_access(&self, access: &str, tablet: Option<&Secret>, via: &Via) -> Result<Option<Identified>> {
        let Some(claims) = self.read_access(access).await? else { return Ok(None) };
        let named = Named::Credential(Credential::Session(claims.sid));
        let Some(standing) = self.standing(named).await? else { return Ok(None) };
        if standing.principal != Principal::Person(claims.sub)
            || standing.version != claims.ver
            || !standing.is_at(tablet)
        {
            return Ok(None);
        }
        Ok(Some(Identified { actor: standing.actor(via.clone()), session: claims.sid, renewed: None }))
    }

    /// Exchanges a refresh token. Used twice within 10 s it gives the same successor; used later, the session ends:
    /// one of the two users has stolen it, and nobody can say which.
    async fn renew(&self, refresh: &str, tablet: Option<&Secret>, via: Via) -> Result<Identified> {
        let next = self.tokens.successor(refresh);
        let chain = Chain { old: secret::hash(refresh), new: secret::hash(next.expose()) };
        // Of several at once one turns the token; the others see in a second look that it was turned.
        for _ in 0..2 {
            let seen = self.look(&chain).await?;
            if let Seen::Current(session) | Seen::JustUsed(session) | Seen::JustUsedElsewhere(session) = seen {
                self.meet(session, tablet).await?;
            }
            match seen {
                Seen::Current(session) => {
                    if self.turn(&chain, session).await? {
                        return self.renewed(session, next, via).await;
                    }
                }
                Seen::JustUsed(session) => return self.renewed(session, next, via).await,
                Seen::JustUsedElsewhere(session) => return self.known(session, via).await,
                Seen::UsedBefore(session) => {
                    self.end_stolen(session, via).await?;
                    return Err(Error::SignedOut);
                }
                Seen::Never => return Err(Error::SignedOut),
            }
        }
        Err(Error::SignedOut)
    }

    /// Meets who shows what that session is bound to. Errors: [`Error::SignedOut`] for everybody else.
    async fn meet(&self, session: SessionId, tablet: Option<&Secret>) -> Result<()> {
        let named = Named::Credential(Credential::Session(session));
        let is_at = self.standing(named).await?.is_some_and(|standing| standing.is_at(tablet));
        if is_at { Ok(()) } else { Err(Error::SignedOut) }
    }

    async fn look(&self, chain: &Chain) -> Result<Seen> {
        let mut tx = self.db.read().await?;
        let current: Option<(SessionId,)> =
            db::fetch_optional!(&mut tx, "select id from auth_session where refresh_hash = $1", &chain.old)?;
        if let Some((session,)) = current {
            return Ok(Seen::Current(session));
        }
        let spent: Option<Spent> = db::fetch_optional!(
            &mut tx,
            "select s.id, s.refresh_hash, s.previous_hash, s.rotated_at
             from auth_spent u join auth_session s on s.id = u.session where u.hash = $1",
            &chain.old
        )?;
        let Some(spent) = spent else { return Ok(Seen::Never) };
        let in_time = Time::now() <= spent.rotated_at.plus_seconds(GRACE_SECONDS);
        Ok(match in_time && spent.previous_hash.as_ref() == Some(&chain.old) {
            true if spent.refresh_hash == chain.new => Seen::JustUsed(spent.id),
            true => Seen::JustUsedElsewhere(spent.id),
            false => Seen::UsedBefore(spent.id),
        })
    }

    async fn turn(&self, chain: &Chain, session: SessionId) -> Result<bool> {
        let now = Time::now();
        let mut tx = self.db.begin().await?;
        let turned = db::execute!(
            &mut tx,
            "update auth_session set refresh_hash = $1, previous_hash = refresh_hash, rotated_at = $2
             where id = $3 and refresh_hash = $4 and revoked_at is null and expires_at > $2 and rotated_at > $5",
            &chain.new,
            now,
            session,
            &chain.old,
            now.plus_seconds(-IDLE_SECONDS)
        )?;
        if turned == 0 {
            // Whoever was faster may share our group commit: only once it is on disk can the next look see it.
            drop(tx);
            self.wait_for_others().await?;
            return Ok(false);
        }
        db::execute!(
            &mut tx,
            "insert into auth_spent (hash, session, spent_at) values ($1, $2, $3)",
            &chain.old,
            session,
            now
        )?;
        tx.commit().await?;
        Ok(true)
    }

    async fn renewed(&self, session: SessionId, refresh: Secret, via: Via) -> Result<Identified> {
        let named = Named::Credential(Credential::Session(session));
        let standing = self.standing_now(named).await?.ok_or(Error::SignedOut)?;
        let Principal::Person(person) = standing.principal else { return Err(Error::SignedOut) };
        let access = self.tokens.sign(person, session, standing.version)?;
        let tokens = NewTokens { access, refresh, expires: standing.ends_at };
        Ok(Identified { actor: standing.actor(via), session, renewed: Some(tokens) })
    }

    async fn known(&self, session: SessionId, via: Via) -> Result<Identified> {
        let named = Named::Credential(Credential::Session(session));
        let standing = self.standing_now(named).await?.ok_or(Error::SignedOut)?;
        Ok(Identified { actor: standing.actor(via), session, renewed: None })
    }

    async fn end_stolen(&self, session: SessionId, via: Via) -> Result<()> {
        let mut act = self.open_act(&doorkeeper(via)).await?;
        let ended = revoke(&mut act, session).await?;
        if ended {
            act.commit(Event::RefreshReused(session)).await?;
            self.standings.forget();
        }
        Ok(())
    }
}

/// Hashes of a refresh token and of the one that follows it.
struct Chain {
    old: Vec<u8>,
    new: Vec<u8>,
}

/// What the tables know about a refresh token.
enum Seen {
    Current(SessionId),
    JustUsed(SessionId),
    /// By another process with another key: its successor cannot be told again, and is on its way to the browser.
    JustUsedElsewhere(SessionId),
    UsedBefore(SessionId),
    Never,
}

/// The session of a refresh token that was used.
#[derive(sqlx::FromRow)]
struct Spent {
    id: SessionId,
    refresh_hash: Vec<u8>,
    previous_hash: Option<Vec<u8>>,
    rotated_at: Time,
}

/// Who acts when nobody was recognised.
pub(crate) fn doorkeeper(via: Via) -> Actor {
    Actor { grants: Vec::new(), via, ..Actor::system("sign-in") }
}

/// A new session, which a PIN opened when a shared tablet is named; its first tokens.
pub(crate) async fn begin(
    act: &mut Act,
    person: PersonId,
    device: &str,
    tablet: Option<DeviceId>,
) -> Result<(SessionId, Secret, Time)> {
    let (session, refresh, now) = (SessionId::new(), secret::random_text()?, Time::now());
    let expires = now.plus_seconds(if tablet.is_some() { SHIFT_SECONDS } else { SESSION_SECONDS });
    db::execute!(
        act,
        "insert into auth_session
             (id, person, refresh_hash, previous_hash, rotated_at, created_at, expires_at, revoked_at, device, tablet)
         values ($1, $2, $3, null, $4, $4, $5, null, $6, $7)",
        session,
        person,
        secret::hash(refresh.expose()),
        now,
        expires,
        device.chars().take(DEVICE_MAX).collect::<String>(),
        tablet
    )?;
    Ok((session, refresh, expires))
}

pub(crate) async fn revoke(tx: &mut Tx, session: SessionId) -> Result<bool> {
    let rows = db::execute!(
        tx,
        "update auth_session set revoked_at = $1 where id = $2 and revoked_at is null",
        Time::now(),
        session
    )?;
    Ok(rows == 1)
}

/// Ends whatever a person has open, but for one session; answers with how many that were.
pub(crate) async fn end_sessions(tx: &mut Tx, person: PersonId, but: Option<SessionId>) -> Result<u64> {
    let spared = but.unwrap_or(SessionId(uuid::Uuid::nil()));
    Ok(db::execute!(
        tx,
        "update auth_session set revoked_at = $1 where person = $2 and revoked_at is null and id <> $3",
        Time::now(),
        person,
        spared
    )?)
}

/// Ends whatever a person's PIN has opened.
pub(crate) async fn end_pin_sessions(tx: &mut Tx, person: PersonId) -> Result<()> {
    db::execute!(
        tx,
        "update auth_session set revoked_at = $1 where person = $2 and tablet is not null and revoked_at is null",
        Time::now(),
        person
    )?;
    Ok(())
}
