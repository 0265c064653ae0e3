//! Acts: permitted, not yet committed changes, and the one way to begin and to end them.

use crate::answer::{self, Answer};
use crate::{Auth, Event};
use db::{Engine, Tx};
use model::{Action, Actor, Error, JournalId, Permission, Result, Reused, Scope};
use serde::Serialize;
use std::ops::{Deref, DerefMut};

/// A person's act in progress: permitted and not yet committed.
///
/// Auth alone can make one, so holding an `Act` is the proof. Dropping it undoes everything.
#[must_use = "an act that is dropped undoes everything"]
pub struct Act {
    tx: Tx,
    actor: Actor,
    journal: JournalId,
    auth: Auth,
}

/// What a committed act can tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// Its line in the journal (the nil id when a twin was refused by a rule: nothing happened).
    pub journal: JournalId,
    /// That line's place in the order of the world; `None` when PostgreSQL's sequencer did not answer within 5 s.
    pub seq: Option<i64>,
    /// Set when a twin of this request committed first: this act was undone, the line above is the twin's, and this
    /// is what was answered to it. Only [`Act::commit_answering`] sets it.
    pub before: Option<Answer>,
}

impl Auth {
    /// Begins an act of this actor, if they may. A refusal gets its own line in the journal, written before any
    /// act is opened: SQLite has one writer, and a second transaction would wait for the first for ever.
    ///
    /// Errors: [`Error::Forbidden`]; [`Error::Busy`] when too many acts wait.
    pub async fn act(&self, actor: &Actor, permission: Permission) -> Result<Act> {
        self.permit(actor, permission).await?;
        self.open_act(actor).await
    }

    /// [`Auth::act`] for an act that as a rule only adds rows, such as a sale: on SQLite it is written together with
    /// others. When that fails by anyone's fault, or once a row of its own is there already, its commit and each of its
    /// statements say [`Error::Busy`], and it is to be done again with [`Auth::act`].
    pub async fn act_among_others(&self, actor: &Actor, permission: Permission) -> Result<Act> {
        self.permit(actor, permission).await?;
        let tx = self.db.begin_among_others().await?;
        Ok(self.act_in(tx, actor))
    }

    /// Opens a read-only snapshot for this actor, if they may see that. Errors: [`Error::Forbidden`].
    pub async fn read(&self, actor: &Actor, permission: Permission) -> Result<Tx> {
        self.permit(actor, permission).await?;
        Ok(self.db.read().await?)
    }

    /// [`Auth::act`] for what belongs to the whole house: who may do that in some stores only is refused.
    pub async fn act_everywhere(&self, actor: &Actor, action: Action) -> Result<Act> {
        self.permit_everywhere(actor, action).await?;
        self.open_act(actor).await
    }

    /// [`Auth::read`] for what belongs to the whole house.
    pub async fn read_everywhere(&self, actor: &Actor, action: Action) -> Result<Tx> {
        self.permit_everywhere(actor, action).await?;
        Ok(self.db.read().await?)
    }

    async fn permit_everywhere(&self, actor: &Actor, action: Action) -> Result<()> {
        if actor.scope(action) == Scope::All { Ok(()) } else { Err(self.refuse(actor, action.anywhere()).await?) }
    }

    /// May they? If not, the refusal is written down and told.
    pub(crate) async fn permit(&self, actor: &Actor, permission: Permission) -> Result<()> {
        if actor.may(permission) { Ok(()) } else { Err(self.refuse(actor, permission).await?) }
    }

    /// Writes a refusal down and answers with the error to tell.
    pub(crate) async fn refuse(&self, actor: &Actor, permission: Permission) -> Result<Error> {
        if let Some(times) = self.limits.refused(actor.principal, permission.action) {
            self.note(actor, Event::ActRefused(permission, times)).await?;
        }
        Ok(Error::Forbidden(permission.action))
    }

    /// A journal line of its own, in a short transaction of its own, for what changed nothing.
    pub(crate) async fn note(&self, actor: &Actor, event: Event) -> Result<()> {
        let mut act = self.open_act(actor).await?;
        act.append(&event).await?;
        Ok(act.tx.commit().await?)
    }

    /// Returns when the acts that shared SQLite's writer so far are on disk; on PostgreSQL what is seen is on disk.
    pub(crate) async fn wait_for_others(&self) -> Result<()> {
        if self.db.engine() == Engine::Sqlite {
            self.db.begin().await?.commit().await?;
        }
        Ok(())
    }

    /// Has the database look how much there is, after a great deal was written: see [`db::Db::measure`].
    pub async fn measure(&self) -> Result<()> {
        Ok(self.db.measure().await?)
    }

    /// What was done under the key of a request whose own act was undone in favour of its twin, which was faster.
    async fn twin_of(&self, actor: &Actor) -> Result<Option<Done>> {
        self.wait_for_others().await?;
        let Some(key) = &actor.via.client_key else { return Ok(None) };
        let Some(before) = self.recall(actor, key).await? else { return Ok(None) };
        // A twin that was refused by a rule has no line: nothing happened, and its answer says why.
        let journal = before.journal.unwrap_or(JournalId(uuid::Uuid::nil()));
        Ok(Some(Done { journal, seq: before.seq, before: Some(before) }))
    }

    /// Begins an act whose right was settled by the caller: one's own sign-in, sign-out, or [`Auth::permit`].
    pub(crate) async fn open_act(&self, actor: &Actor) -> Result<Act> {
        let tx = self.db.begin().await?;
        Ok(self.act_in(tx, actor))
    }

    fn act_in(&self, tx: Tx, actor: &Actor) -> Act {
        Act { tx, actor: actor.clone(), journal: JournalId::new(), auth: self.clone() }
    }
}

impl Act {
    /// Who acts.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The journal line that this act will have, known from the start so that rows can name it.
    #[must_use]
    pub fn journal(&self) -> JournalId {
        self.journal
    }

    /// Ends the act by saying what happened: the journal line joins the transaction, then all of it becomes true at
    /// once. Returns when it is on disk and its place in the journal is known.
    pub async fn commit(self, event: impl log::Event) -> Result<Done> {
        Ok(self.end(&event).await?)
    }

    /// Like [`Act::commit`]; what is answered joins the same transaction, under the request's `Idempotency-Key` (if
    /// it has one), so that a repeat is told the same.
    ///
    /// When a twin with the same key and content was faster, this act is undone and [`Done::before`] is set; `None` when
    /// this act is undone because another row that it kept back is there already. Errors: [`Error::Conflict`] with
    /// [`model::Reused::Key`] when the key was taken by another content meanwhile.
    pub async fn commit_answering<T: Serialize>(
        mut self,
        event: impl log::Event,
        status: u16,
        answer: &T,
    ) -> Result<Option<Done>> {
        let (auth, actor) = (self.auth.clone(), self.actor.clone());
        if let Some(key) = &actor.via.client_key {
            let body = answer::text(answer)?;
            let client = answer::client(&actor);
            answer::store(&mut self.tx, client, key, status, body, Some(self.journal));
        }
        match self.end(&event).await {
            Err(db::Error::Duplicate(_)) => auth.twin_of(&actor).await,
            done => Ok(done.map(Some)?),
        }
    }

    /// [`Act::commit_answering`], for an act that is over with it.
    ///
    /// Errors: [`Error::Conflict`] with [`Reused::Key`] when its twin was faster, whose answer is then to be told;
    /// [`Error::Busy`] when another row that it kept back is there already.
    pub async fn conclude<T: Serialize>(self, event: impl log::Event, status: u16, answer: &T) -> Result<()> {
        let done = self.commit_answering(event, status, answer).await?.ok_or(Error::Busy)?;
        if done.before.is_some() { Err(Error::Conflict(Reused::Key)) } else { Ok(()) }
    }

    /// Undoes this act, and returns once everything that it could see is on disk. For an act that finds itself done
    /// already: with group commit, what it saw may have been a twin's act that was not yet durable.
    pub async fn withdraw(self) -> Result<()> {
        let Self { tx, auth, .. } = self;
        drop(tx);
        auth.wait_for_others().await
    }

    /// Ends what the journal does not tell, because nothing in the store changed: one more of a problem that it knows
    /// already, a file that waits, how far an import is.
    pub async fn commit_silently(self) -> Result<()> {
        Ok(self.tx.commit().await?)
    }

    async fn append(&mut self, event: &impl log::Event) -> db::Result<Option<i64>> {
        let entry = log::Entry::of(self.journal, &self.actor, event);
        self.auth.log.append(&mut self.tx, entry).await
    }

    async fn end(mut self, event: &impl log::Event) -> db::Result<Done> {
        let seq = self.append(event).await?;
        let Self { tx, journal, auth, .. } = self;
        tx.commit().await?;
        let seq = match seq {
            Some(seq) => Some(seq),
            None => auth.log.sealed(journal).await,
        };
        Ok(Done { journal, seq, before: None })
    }
}

impl Deref for Act {
    type Target = Tx;
    fn deref(&self) -> &Tx {
        &self.tx
    }
}

impl DerefMut for Act {
    fn deref_mut(&mut self) -> &mut Tx {
        &mut self.tx
    }
}
