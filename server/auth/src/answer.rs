//! Answers given, so that a repeated request is told the same and does nothing.
//!
//! An answer is stored in the transaction of its act: never one without the other. It is found by the client and the
//! key that the client chose, for 35 days; a document's own id protects it for ever.

use crate::{Auth, unexpected};
use db::Tx;
use model::{Actor, ClientKey, Error, JournalId, Result, Reused, Time};
use serde::Serialize;
use std::time::Duration;

/// How long an answer is kept.
const KEPT_SECONDS: i64 = 35 * 86_400;
/// How many rows one transaction of [`Auth::prune`] removes, so that nobody waits long for the writer.
const PRUNED_AT_ONCE: i64 = 1_000;

/// What was answered before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body, as JSON.
    pub body: String,
    /// The journal line of the act; `None` when a rule refused and nothing happened.
    pub journal: Option<JournalId>,
    /// That line's place in the journal, if there is one and it is known.
    pub seq: Option<i64>,
}

impl Auth {
    /// What was answered to this client under this key before, if anything was. The caller authorises first: this
    /// checks no right. Errors: [`Error::Conflict`] with [`Reused::Key`] when the key came with another request.
    pub async fn recall(&self, actor: &Actor, key: &ClientKey) -> Result<Option<Answer>> {
        let mut tx = self.db.glance().await?;
        let row: Option<(Vec<u8>, i64, String, Option<JournalId>)> = db::fetch_optional!(
            &mut tx,
            "select request_hash, status, body, journal from auth_answer where client = $1 and key = $2",
            client(actor),
            &key.key
        )?;
        drop(tx);
        let Some((request_hash, status, body, journal)) = row else { return Ok(None) };
        if request_hash != key.request_hash {
            return Err(Error::Conflict(Reused::Key));
        }
        let seq = match journal {
            Some(journal) => self.log.seq_of(journal).await,
            None => None,
        };
        let status = u16::try_from(status).map_err(|cause| unexpected("a stored status is none", cause))?;
        Ok(Some(Answer { status, body, journal, seq }))
    }

    /// Keeps what was answered to a request that changed nothing (a document sent before, under another key; 409, or
    /// 422 by rule), so that a repeat is told the same; never to be called for 401, 403, 404 by right, 413, 429 or any
    /// 5xx. Answers with what now counts: a faster twin's answer, if there was one. `journal` is the line that the
    /// answer tells of, if there is one. Without an `Idempotency-Key` nothing is kept.
    pub async fn keep_answer<T: Serialize>(
        &self,
        actor: &Actor,
        status: u16,
        answer: &T,
        journal: Option<JournalId>,
    ) -> Result<Answer> {
        let body = text(answer)?;
        let Some(key) = &actor.via.client_key else { return Ok(Answer { status, body, journal, seq: None }) };
        let mut tx = self.db.begin().await?;
        store(&mut tx, client(actor), key, status, body.clone(), journal);
        match tx.commit().await {
            Err(db::Error::Duplicate(_)) => {}
            kept => return Ok(kept.map(|()| Answer { status, body, journal, seq: None })?),
        }
        self.wait_for_others().await?;
        self.recall(actor, key).await?.ok_or(Error::Busy)
    }

    /// Prunes at once and then again and again, for as long as it is polled.
    pub async fn keep_pruned(&self, every: Duration) {
        let mut beat = tokio::time::interval(every);
        loop {
            beat.tick().await;
            if let Err(error) = self.prune(Time::now()).await {
                tracing::warn!(%error, "old answers and sessions could not be removed; it is tried again later");
            }
        }
    }

    /// Removes what has had its time: answers of 35 days, attempts of a day, sessions a week after their end. Answers
    /// with the number of rows removed.
    pub async fn prune(&self, now: Time) -> Result<u64> {
        let mut removed = 0;
        loop {
            let mut tx = self.db.begin().await?;
            let count = prune_some(&mut tx, now).await?;
            tx.commit().await?;
            removed += count;
            if count == 0 {
                return Ok(removed);
            }
        }
    }
}

async fn prune_some(tx: &mut Tx, now: Time) -> Result<u64> {
    let answers = db::execute!(
        tx,
        "delete from auth_answer where (client, key) in
            (select client, key from auth_answer where created_at < $1 limit $2)",
        now.plus_seconds(-KEPT_SECONDS),
        PRUNED_AT_ONCE
    )?;
    let attempts = db::execute!(
        tx,
        "delete from auth_attempt where subject in
            (select subject from auth_attempt where last_at < $1 limit $2)",
        now.plus_seconds(-86_400),
        PRUNED_AT_ONCE
    )?;
    let ended = now.plus_seconds(-7 * 86_400);
    let spent = db::execute!(
        tx,
        "delete from auth_spent where hash in
            (select hash from auth_spent where session in
                (select id from auth_session where expires_at < $1) limit $2)",
        ended,
        PRUNED_AT_ONCE
    )?;
    let sessions = db::execute!(
        tx,
        "delete from auth_session where id in
            (select id from auth_session where expires_at < $1 and not exists
                (select 1 from auth_spent where auth_spent.session = auth_session.id) limit $2)",
        ended,
        PRUNED_AT_ONCE
    )?;
    Ok(answers + attempts + spent + sessions)
}

/// Stores an answer with the act's commit, which says [`db::Error::Duplicate`] when one is there already. On PostgreSQL
/// it waits for a twin that is still at work.
pub(crate) fn store(
    tx: &mut Tx,
    client: String,
    key: &ClientKey,
    status: u16,
    body: String,
    journal: Option<JournalId>,
) {
    db::insert_later!(
        tx,
        "insert into auth_answer (client, key, request_hash, status, body, journal, created_at) ",
        [(client, body)],
        |row, (client, body)| {
            row.push_bind(client)
                .push_bind(key.key.clone())
                .push_bind(key.request_hash.clone())
                .push_bind(i64::from(status));
            row.push_bind(body).push_bind(journal).push_bind(Time::now());
        }
    );
}

/// The client whose keys these are: another principal's same key is another key.
pub(crate) fn client(actor: &Actor) -> String {
    actor.principal.to_string()
}

pub(crate) fn text<T: Serialize>(answer: &T) -> Result<String> {
    serde_json::to_string(answer).map_err(|cause| unexpected("an answer cannot be written as JSON", cause))
}
