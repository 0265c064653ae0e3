//! Imports as the database keeps them, so that any process can tell of them, go on with them and undo them.

use super::job::{Content, aside, look};
use crate::Integration;
use auth::Act;
use db::{execute, fetch_all, fetch_optional, insert_rows};
use model::{
    Action, Actor, Error, ImportProgress, ImportState, Mapping, PostingId, Result, Reused, Ticket, Time, Uploaded,
};
use serde::{Serialize, de::DeserializeOwned};
use std::time::Duration;
use uuid::Uuid;

/// How long an import is kept.
const KEPT_SECONDS: i64 = 7 * 86_400;
/// The most files at once: of everybody, and of one person, whose next one takes the place of their own.
const FILES: usize = 16;
const OWN: usize = 4;
/// The most imports of everybody, with their file or without.
const IMPORTS: usize = 200;
/// How often a process says that it is still at it, and after what silence it is not.
const BEAT: Duration = Duration::from_secs(4);
const SILENT_SECONDS: i64 = 20;

/// One import.
pub(super) struct Kept {
    pub id: Uuid,
    pub uploaded: Uploaded,
    /// What the columns mean, once it was started.
    pub mapping: Option<Mapping>,
    /// How far it is, as a screen is told.
    pub progress: ImportProgress,
    /// How often it was taken up: whoever did so last is the one who may write.
    turn: i64,
}

/// An import that this process has taken up.
pub(super) struct Run {
    pub id: Uuid,
    pub file: String,
    pub turn: i64,
    pub progress: ImportProgress,
}

impl Run {
    /// What the acts of this import are found by.
    pub(super) fn cause(&self) -> String {
        format!("import:{}", self.id)
    }
}

/// Whether a step was written, and what it says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    GoOn,
    /// Somebody stopped it.
    Stop,
}

impl Integration {
    /// Keeps a file that was read, in the place of an older one when there are too many.
    ///
    /// # Errors
    /// `Busy` when all the others are under way.
    pub(super) async fn keep(&self, actor: &Actor, uploaded: &Uploaded, content: &[u8]) -> Result<()> {
        let owner = actor.principal.to_string();
        let mut act = self.auth.act(actor, Action::Import.anywhere()).await?;
        make_room(&mut act, &owner).await?;
        execute!(
            act,
            "insert into integration_import (id, owner, brought_at, uploaded, mapping, progress, stop, turn, beat_at)
             values ($1, $2, $3, $4, null, $5, false, 0, $6)",
            uploaded.id,
            owner,
            Time::now(),
            written(uploaded)?,
            written(&ImportProgress::default())?,
            Time::now()
        )?;
        execute!(act, "insert into integration_file (import, content) values ($1, $2)", uploaded.id, content)?;
        act.commit_silently().await
    }

    /// An import of this person; for everybody else it is not there.
    pub(super) async fn kept(&self, actor: &Actor, id: Uuid) -> Result<Kept> {
        let mut tx = self.auth.read(actor, Action::Import.anywhere()).await?;
        let row: Option<(String, Option<String>, String, i64, Time, bool)> = fetch_optional!(
            &mut tx,
            "select uploaded, mapping, progress, turn, beat_at,
                    exists (select 1 from integration_file f where f.import = integration_import.id)
             from integration_import where id = $1 and owner = $2",
            id,
            actor.principal.to_string()
        )?;
        let (uploaded, mapping, progress, turn, beat_at, has_file) = row.ok_or(Error::NotFound)?;
        let mut progress = as_of_now(read(&progress)?, beat_at);
        progress.resumable = has_file && progress.state.has_ended();
        let mapping = mapping.map(|mapping| read(&mapping)).transpose()?;
        Ok(Kept { id, uploaded: read(&uploaded)?, mapping, progress, turn })
    }

    /// What its file holds.
    ///
    /// # Errors
    /// `NotFound` once it was let go.
    pub(super) async fn content(&self, actor: &Actor, id: Uuid, file: &str) -> Result<Content> {
        let (desk, file) = (self.desks.desk().await?, file.to_owned());
        let mut tx = self.auth.read(actor, Action::Import.anywhere()).await?;
        let row: Option<(Vec<u8>,)> =
            fetch_optional!(&mut tx, "select content from integration_file where import = $1", id)?;
        drop(tx);
        let (bytes,) = row.ok_or(Error::NotFound)?;
        Ok(aside(desk, move || look(&file, &bytes)).await??.0)
    }

    /// Takes an import up for this process, as it was seen.
    ///
    /// # Errors
    /// `Busy` when somebody else did so first.
    pub(super) async fn take_up(
        &self,
        actor: &Actor,
        kept: Kept,
        progress: ImportProgress,
        mapping: Option<&Mapping>,
    ) -> Result<Run> {
        let turn = kept.turn + 1;
        let mut act = self.auth.act(actor, Action::Import.anywhere()).await?;
        let taken = execute!(
            act,
            "update integration_import set turn = $1, progress = $2, mapping = $3, stop = false, beat_at = $4
             where id = $5 and turn = $6",
            turn,
            written(&progress)?,
            mapping.map(written).transpose()?,
            Time::now(),
            kept.id,
            kept.turn
        )?;
        if taken == 0 {
            act.withdraw().await?;
            return Err(Error::Busy);
        }
        if progress.state == ImportState::Undoing {
            // What is being undone is not gone on with.
            execute!(act, "delete from integration_file where import = $1", kept.id)?;
        }
        act.commit_silently().await?;
        Ok(Run { id: kept.id, file: kept.uploaded.file, turn, progress })
    }

    /// Writes how far it is, and what it is about to post: whatever of that is in when it breaks off can be undone.
    ///
    /// # Errors
    /// `Conflict` when another process has taken it up.
    pub(super) async fn note(&self, actor: &Actor, run: &Run, first: usize, postings: &[PostingId]) -> Result<Next> {
        let mut act = self.auth.act(actor, Action::Import.anywhere()).await?;
        let stop = put(&mut act, run).await?;
        let placed: Vec<(PostingId, i64)> = postings.iter().copied().zip(i64::try_from(first).unwrap_or(0)..).collect();
        // What an earlier import meant to post and did not is this one's now.
        insert_rows!(
            act,
            "insert into integration_posting (posting, import, place) ",
            &placed,
            |row, placed| {
                row.push_bind(placed.0).push_bind(run.id).push_bind(placed.1);
            },
            " on conflict (posting) do update set import = excluded.import, place = excluded.place"
        )?;
        act.commit_silently().await?;
        Ok(if stop { Next::Stop } else { Next::GoOn })
    }

    /// Writes how it ended; what is all in, or undone, needs its file no longer. The act is left to be told and committed.
    pub(super) async fn close(&self, actor: &Actor, run: &Run) -> Result<Act> {
        let mut act = self.auth.act(actor, Action::Import.anywhere()).await?;
        put(&mut act, run).await?;
        if matches!(run.progress.state, ImportState::Done | ImportState::Undone) {
            execute!(act, "delete from integration_file where import = $1", run.id)?;
        }
        Ok(act)
    }

    /// Says every few seconds that this process is at it; ends when another has taken it up.
    pub(super) async fn beat(&self, actor: &Actor, id: Uuid, turn: i64) -> Error {
        loop {
            tokio::time::sleep(BEAT).await;
            // A server that is busy for a moment hears the next one.
            if let Ok(false) = self.beat_once(actor, id, turn).await {
                return Error::Conflict(Reused::Version);
            }
        }
    }

    async fn beat_once(&self, actor: &Actor, id: Uuid, turn: i64) -> Result<bool> {
        let mut act = self.auth.act(actor, Action::Import.anywhere()).await?;
        let mine = execute!(
            act,
            "update integration_import set beat_at = $1 where id = $2 and turn = $3",
            Time::now(),
            id,
            turn
        )?;
        act.commit_silently().await?;
        Ok(mine > 0)
    }

    /// Ends an import after the act that is under way, in whichever process; what is in stays.
    pub async fn stop_import(&self, actor: &Actor, id: Uuid) -> Result<()> {
        let mut act = self.auth.act(actor, Action::Import.anywhere()).await?;
        let owner = actor.principal.to_string();
        let known = execute!(act, "update integration_import set stop = true where id = $1 and owner = $2", id, owner)?;
        act.commit_silently().await?;
        if known > 0 { Ok(()) } else { Err(Error::NotFound) }
    }

    /// All that it posted, or was about to, in that order.
    pub(super) async fn postings_of(&self, actor: &Actor, id: Uuid) -> Result<Vec<PostingId>> {
        let mut tx = self.auth.read(actor, Action::Import.anywhere()).await?;
        let rows: Vec<(PostingId,)> =
            fetch_all!(&mut tx, "select posting from integration_posting where import = $1 order by place", id)?;
        Ok(rows.into_iter().map(|(posting,)| posting).collect())
    }
}

/// Writes how far it is; whether somebody stopped it.
async fn put(act: &mut Act, run: &Run) -> Result<bool> {
    let row: Option<(bool,)> = fetch_optional!(
        act,
        "update integration_import set progress = $1, beat_at = $2 where id = $3 and turn = $4 returning stop",
        written(&run.progress)?,
        Time::now(),
        run.id,
        run.turn
    )?;
    row.map(|(stop,)| stop).ok_or(Error::Conflict(Reused::Version))
}

/// How far it is, unless nobody is at it any more.
fn as_of_now(mut progress: ImportProgress, beat_at: Time) -> ImportProgress {
    if progress.state.is_moving() && beat_at.plus_seconds(SILENT_SECONDS) < Time::now() {
        progress.state = ImportState::Interrupted;
    }
    progress
}

/// One that stands in the way of a new one, or not.
struct Old {
    id: Uuid,
    owner: String,
    brought_at: Time,
    state: ImportState,
    has_file: bool,
}

/// Removes what is too old, and makes room for one more file.
async fn make_room(act: &mut Act, owner: &str) -> Result<()> {
    let rows: Vec<(Uuid, String, Time, String, Time, bool)> = fetch_all!(
        act,
        "select id, owner, brought_at, progress, beat_at,
                exists (select 1 from integration_file f where f.import = integration_import.id)
         from integration_import order by brought_at, id"
    )?;
    let mut all = Vec::new();
    for (id, owner, brought_at, progress, beat_at, has_file) in rows {
        let state = as_of_now(read(&progress)?, beat_at).state;
        all.push(Old { id, owner, brought_at, state, has_file });
    }
    let too_old = Time::now().plus_seconds(-KEPT_SECONDS);
    let (old, young): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|old| old.brought_at < too_old && !old.state.is_moving());
    for old in &old {
        remove(act, old.id).await?;
    }
    let idle = |old: &&Old| !old.state.is_moving();
    if young.len() >= IMPORTS {
        remove(act, young.iter().find(idle).ok_or(Error::Busy)?.id).await?;
    }
    let files = || young.iter().filter(|old| old.has_file);
    let own = files().filter(|old| old.owner == owner).count() >= OWN;
    if own || files().count() >= FILES {
        let oldest = files().filter(idle).find(|old| !own || old.owner == owner).ok_or(Error::Busy)?;
        let_go(act, oldest).await?;
    }
    Ok(())
}

/// Lets a file go: with all of it while nothing was done with it, else what it did can still be undone.
async fn let_go(act: &mut Act, old: &Old) -> Result<()> {
    if old.state == ImportState::Waiting {
        return remove(act, old.id).await;
    }
    execute!(act, "delete from integration_file where import = $1", old.id)?;
    Ok(())
}

async fn remove(act: &mut Act, id: Uuid) -> Result<()> {
    execute!(act, "delete from integration_posting where import = $1", id)?;
    execute!(act, "delete from integration_file where import = $1", id)?;
    execute!(act, "delete from integration_import where id = $1", id)?;
    Ok(())
}

fn written<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|cause| odd(&cause))
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|cause| odd(&cause))
}

fn odd(cause: &serde_json::Error) -> Error {
    let ticket = Ticket::new();
    tracing::error!(%cause, ticket = ticket.0, "an import is not kept as this version writes it");
    Error::Internal(ticket)
}
