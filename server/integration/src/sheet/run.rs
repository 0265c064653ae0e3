//! An import under way: batch after batch, each an act of its own, with a way out between them, and its undo.

use super::families::FamilyStep;
use super::job::Content;
use super::kept::{Kept, Next, Run};
use super::plan::{Plan, ROWS, Step};
use crate::Integration;
use crate::till::{self, Document, Reading};
use auth::Credential;
use futures::FutureExt;
use inventory::{Edit, OPENING};
use model::{
    Action, Actor, Checked, Error, ImportProgress, ImportState, Line, Mapping, NewAdjustment, NewReversal, Permission,
    PostingId, Principal, Refusal, Result, StoreId, Ticket, Uploaded,
};
use std::collections::HashSet;
use std::panic::AssertUnwindSafe;
use uuid::Uuid;

/// Documents of a till that are posted before the page is told.
const DOCUMENTS: usize = 100;
/// Acts of an undo before the page is told.
const UNDONE: u64 = 20;

impl Integration {
    /// Starts the import; it goes on by itself and tells how far it is.
    ///
    /// # Errors
    /// `Busy` when it was started before. `NotFound` for somebody else's file or store.
    pub async fn start_import(&self, actor: &Actor, id: Uuid, mapping: Mapping) -> Result<()> {
        let kept = self.kept(actor, id).await?;
        if kept.progress.state != ImportState::Waiting {
            return Err(Error::Busy);
        }
        self.set_off(actor, kept, mapping).await
    }

    /// Goes on with an import that was stopped, broke off or was interrupted: what is in already is left as it is.
    ///
    /// # Errors
    /// `Busy` when it cannot be gone on with.
    pub async fn resume_import(&self, actor: &Actor, id: Uuid) -> Result<()> {
        let kept = self.kept(actor, id).await?;
        let mapping = kept.mapping.clone().filter(|_| kept.progress.resumable).ok_or(Error::Busy)?;
        self.set_off(actor, kept, mapping).await
    }

    async fn set_off(&self, actor: &Actor, kept: Kept, mapping: Mapping) -> Result<()> {
        let store = self.inventory.store(actor, Action::Import, &mapping.store).await?.id;
        let ImportProgress { added, changed, stocked, .. } = kept.progress;
        let state = ImportState::Running;
        let progress = ImportProgress { state, added, changed, stocked, ..ImportProgress::default() };
        let file = kept.uploaded.clone();
        let mut run = self.take_up(actor, kept, progress, Some(&mapping)).await?;
        let (it, mut actor) = (self.clone(), actor.clone());
        actor.via.client_key = None;
        tokio::spawn(async move {
            let (id, turn) = (run.id, run.turn);
            let outcome = tokio::select! {
                outcome = unbroken(it.run(&actor, &mut run, &file, store, &mapping)) => outcome,
                taken = it.beat(&actor, id, turn) => Err(taken),
            };
            run.end(outcome);
            let told = it.tell_import(&actor, &run, store).await;
            or_interrupted(told);
            if let Err(cause) = it.auth.measure().await {
                tracing::warn!(%cause, "how much was imported is not known to the database yet");
            }
        });
        Ok(())
    }

    async fn run(
        &self,
        actor: &Actor,
        run: &mut Run,
        file: &Uploaded,
        store: StoreId,
        mapping: &Mapping,
    ) -> Result<ImportState> {
        let content = self.content(actor, run.id, &run.file).await?;
        if let Content::Till(reading) = &content {
            return self.run_till(actor, run, store, &mapping.store, reading).await;
        }
        let read = self.rows(file, content, mapping).await?;
        let Plan { steps, families, .. } = self.plan(actor, mapping, read).await?;
        run.progress.total = steps.len() as u64;
        // By their rows: a batch is the same when the import is gone on with, and so is the id of what it posts.
        for steps in steps.chunk_by(|one, next| one.batch() == next.batch()) {
            let actor = self.still(actor, Action::Import.at(store)).await?;
            if self.run_batch(&actor, run, &mapping.store, steps).await? == Next::Stop {
                return Ok(ImportState::Stopped);
            }
        }
        // Once all items are there: a family has them from everywhere in the file.
        for FamilyStep { id, new } in families {
            let actor = self.still(actor, Action::Import.at(store)).await?;
            if self.note(&actor, run, 0, &[]).await? == Next::Stop {
                return Ok(ImportState::Stopped);
            }
            self.inventory.save_family_for(&actor, id, new, &run.cause()).await?;
        }
        Ok(ImportState::Done)
    }

    /// One batch: what is new is added, what differs is changed, opening stock is booked; each an act.
    async fn run_batch(&self, actor: &Actor, run: &mut Run, store: &str, steps: &[Step]) -> Result<Next> {
        let counted: Vec<&str> =
            steps.iter().filter(|step| step.stock.is_some()).map(|step| step.sku.as_str()).collect();
        let _others_wait = self.desks.opening.lock().await;
        // Another import may have brought it since this one was planned.
        let moved = self.inventory.moved_otherwise(actor, store, &counted, OPENING).await?;
        let counted = steps.iter().filter(|step| !moved.get(&step.sku).copied().unwrap_or_default());
        let counted = counted.filter_map(|step| Some((step.sku.clone(), step.stock?)));
        let lines: Vec<Line> = counted
            .map(|(sku, quantity)| Line { sku, quantity, reason: None, lot: None, serials: Vec::new() })
            .collect();
        let opening = (!lines.is_empty()).then(|| opening(run.id, store, lines));
        let posting = opening.as_ref().map(|opening| opening.id);
        let first = steps.first().map_or(0, Step::batch);
        if self.note(actor, run, first, posting.as_slice()).await? == Next::Stop {
            return Ok(Next::Stop);
        }
        let new: Vec<_> = steps.iter().filter_map(|step| step.new.clone()).collect();
        let added = if new.is_empty() { 0 } else { self.inventory.add_items_for(actor, new, &run.cause()).await? };
        let edits: Vec<Edit> = steps
            .iter()
            .filter(|step| !step.patch.is_empty())
            .map(|step| Edit { sku: step.sku.clone(), patch: step.patch.clone() })
            .collect();
        if !edits.is_empty() {
            self.inventory.change_items(actor, edits, &run.cause()).await?;
        }
        let stocked = opening.as_ref().map_or(0, |opening| opening.lines.len());
        if let Some(opening) = opening {
            self.inventory.post_adjustment(actor, opening).await?;
        }
        let changed = steps.iter().filter(|step| step.changes()).count();
        run.progress.done += steps.len() as u64;
        run.progress.added += added as u64;
        run.progress.changed += changed as u64;
        run.progress.stocked += stocked as u64;
        Ok(Next::GoOn)
    }

    pub(super) async fn check_till(&self, actor: &Actor, store: &str, reading: &Reading) -> Result<Checked> {
        let store = self.inventory.store(actor, Action::Import, store).await?;
        let skus: Vec<&str> = reading.items.iter().map(|item| item.code.as_str()).collect();
        let mut known = 0;
        for skus in skus.chunks(ROWS) {
            known += self.inventory.products_of(actor, skus).await?.len() as u64;
        }
        let ids = documents_of(reading, &store.code).iter().map(Document::id).collect::<Vec<_>>();
        let before = self.inventory.posted(actor, &ids).await?.len() as u64;
        Ok(Checked {
            new: skus.len() as u64 - known,
            same: before,
            stocked: ids.len() as u64 - before,
            ..Checked::default()
        })
    }

    async fn run_till(
        &self,
        actor: &Actor,
        run: &mut Run,
        store: StoreId,
        code: &str,
        reading: &Reading,
    ) -> Result<ImportState> {
        let all = documents_of(reading, code);
        run.progress.total = all.len() as u64;
        for items in reading.items.chunks(ROWS) {
            let actor = self.still(actor, Action::Import.at(store)).await?;
            if self.note(&actor, run, 0, &[]).await? == Next::Stop {
                return Ok(ImportState::Stopped);
            }
            let items = items.iter().map(till::new_item).collect();
            run.progress.added += self.inventory.add_items_for(&actor, items, &run.cause()).await? as u64;
        }
        for (chunk, documents) in all.chunks(DOCUMENTS).enumerate() {
            let actor = self.still(actor, Action::Import.at(store)).await?;
            let ids: Vec<PostingId> = documents.iter().map(Document::id).collect();
            let before: HashSet<PostingId> = self.inventory.posted(&actor, &ids).await?.into_iter().collect();
            let new: Vec<_> = documents.iter().filter(|document| !before.contains(&document.id())).cloned().collect();
            let ids: Vec<PostingId> = new.iter().map(Document::id).collect();
            if self.note(&actor, run, chunk * DOCUMENTS, &ids).await? == Next::Stop {
                return Ok(ImportState::Stopped);
            }
            self.post_all(&actor, new).await?;
            run.progress.done += documents.len() as u64;
            run.progress.stocked += ids.len() as u64;
        }
        Ok(ImportState::Done)
    }

    /// Tells how it ended, the journal too, also of one that broke off, because what was in by then stays.
    async fn tell_import(&self, actor: &Actor, run: &Run, store: StoreId) -> Result<()> {
        let act = self.close(actor, run).await?;
        let (progress, stopped) = (run.progress.clone(), run.progress.state == ImportState::Stopped);
        act.commit(ImportEnded { store, job: run.id, file: run.file.clone(), progress, stopped }).await?;
        Ok(())
    }

    /// The same author as of this moment: who was disabled, or lost the right, ends the import with it. Signing out does
    /// not: it was permitted when it began.
    async fn still(&self, actor: &Actor, permission: Permission) -> Result<Actor> {
        let now = match actor.principal {
            Principal::Key(key) => self.auth.still_valid(Credential::Key(key), &actor.via).await?,
            Principal::Person(_) | Principal::System => self.auth.person_now(actor).await?,
        };
        let now = now.ok_or(Error::SignedOut)?;
        self.auth.read(&now, permission).await?;
        Ok(now)
    }

    /// Undoes all that an import did, by acts of the other kind: opening stock and documents are reversed, changed items
    /// get their former values, new ones are archived.
    ///
    /// # Errors
    /// `Busy` while it is under way, and when nothing was done.
    pub async fn undo_import(&self, actor: &Actor, id: Uuid) -> Result<()> {
        let kept = self.kept(actor, id).await?;
        if !kept.progress.state.has_ended() {
            return Err(Error::Busy);
        }
        let progress = ImportProgress { state: ImportState::Undoing, done: 0, total: 0, ..kept.progress.clone() };
        let mapping = kept.mapping.clone();
        let mut run = self.take_up(actor, kept, progress, mapping.as_ref()).await?;
        let (it, mut actor) = (self.clone(), actor.clone());
        actor.via.client_key = None;
        tokio::spawn(async move {
            let (id, turn) = (run.id, run.turn);
            let outcome = tokio::select! {
                outcome = unbroken(it.run_undo(&actor, &mut run)) => outcome,
                taken = it.beat(&actor, id, turn) => Err(taken),
            };
            run.end(outcome);
            or_interrupted(async { it.close(&actor, &run).await?.commit_silently().await }.await);
        });
        Ok(())
    }

    async fn run_undo(&self, actor: &Actor, run: &mut Run) -> Result<ImportState> {
        let postings = self.postings_of(actor, run.id).await?;
        let postings = self.inventory.posted(actor, &postings).await?;
        let acts = self.inventory.changes_of(actor, &run.cause()).await?;
        run.progress.total = (postings.len() + acts.len()) as u64;
        for posting in postings.into_iter().rev() {
            let actor = self.undoing(actor, run).await?;
            let id = PostingId(Uuid::new_v5(&posting.0, b"undo"));
            or_undone(
                self.inventory.reverse(&actor, posting, NewReversal { id, reason: Some(OPENING.to_owned()) }).await,
            )?;
            run.progress.done += 1;
        }
        for act in acts {
            let actor = self.undoing(actor, run).await?;
            or_undone(self.inventory.undo_change(&actor, act).await)?;
            run.progress.done += 1;
        }
        Ok(ImportState::Undone)
    }

    /// Who undoes, as of this moment; now and then the page is told how far it is.
    async fn undoing(&self, actor: &Actor, run: &Run) -> Result<Actor> {
        if run.progress.done.is_multiple_of(UNDONE) {
            self.note(actor, run, 0, &[]).await?;
        }
        self.still(actor, Action::Import.anywhere()).await
    }
}

impl Run {
    /// How far it is at its end.
    fn end(&mut self, outcome: Result<ImportState>) {
        match outcome {
            Ok(state) => self.progress.state = state,
            Err(error) => {
                self.progress.state = ImportState::Failed;
                self.progress.trouble = Some(error.to_string());
            }
        }
    }
}

/// An undo that was done before, perhaps by the same hand before it was interrupted, is done.
fn or_undone<T>(outcome: Result<T>) -> Result<()> {
    match outcome {
        Ok(_) | Err(Error::Refused(Refusal::AlreadyReversed)) => Ok(()),
        Err(error) => Err(error),
    }
}

/// An end that cannot be written is none: the import then looks interrupted, and can be gone on with.
fn or_interrupted(told: Result<()>) {
    if let Err(cause) = told {
        tracing::warn!(%cause, "the end of an import was not written");
    }
}

fn documents_of(reading: &Reading, store: &str) -> Vec<Document> {
    reading.documents.iter().flat_map(|seen| till::documents(reading, seen, store)).collect()
}

/// The outcome, also of work that panics: one that never ends would look as if it were under way for ever.
async fn unbroken(work: impl Future<Output = Result<ImportState>>) -> Result<ImportState> {
    AssertUnwindSafe(work).catch_unwind().await.unwrap_or_else(|_| {
        let ticket = Ticket::new();
        tracing::error!(ticket = ticket.0, "an import broke off");
        Err(Error::Internal(ticket))
    })
}

/// A batch's opening stock. Its id is the same however often the batch is tried, since an item stands in one batch only.
fn opening(import: Uuid, store: &str, lines: Vec<Line>) -> NewAdjustment {
    let first = lines.first().map_or("", |line| line.sku.as_str());
    NewAdjustment {
        id: PostingId(Uuid::new_v5(&import, format!("stock/{first}").as_bytes())),
        store: store.to_owned(),
        occurred_at: None,
        number: None,
        reason: OPENING.to_owned(),
        lines,
    }
}

/// `integration.import_finished`
struct ImportEnded {
    store: StoreId,
    job: Uuid,
    file: String,
    progress: ImportProgress,
    stopped: bool,
}

impl log::Event for ImportEnded {
    fn topic(&self) -> &'static str {
        "integration.import_finished"
    }

    fn subject(&self) -> String {
        self.file.clone()
    }

    fn store(&self) -> Option<StoreId> {
        Some(self.store)
    }

    fn body(&self) -> serde_json::Value {
        serde_json::json!({ "import": self.job, "file": self.file, "progress": self.progress, "stopped": self.stopped })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_that_panics_ends_and_says_so() {
        let broken = unbroken(async { panic!("a mistake of ours") }).await;
        assert!(matches!(broken, Err(Error::Internal(_))));
        assert_eq!(unbroken(async { Ok(ImportState::Done) }).await, Ok(ImportState::Done));
    }
}
