//! An import under way: batch after batch, each an act of its own, with a way out between them, and its undo.

use super::job::{Content, Job};
use super::plan::{OPENING, Plan, ROWS, Step};
use crate::Integration;
use crate::till::{self, Document, Reading};
use auth::Credential;
use futures::FutureExt;
use inventory::Edit;
use model::{
    Action, Actor, Checked, Error, ImportProgress, ImportState, Line, Mapping, NewAdjustment, NewReversal, Permission,
    PostingId, Principal, Refusal, Result, StoreId, Ticket,
};
use std::collections::HashSet;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use uuid::Uuid;

/// The most batches that a file can have.
const BATCHES: u64 = 201;
/// Documents of a till that are posted before the page is told.
const DOCUMENTS: usize = 100;

impl Integration {
    /// Starts the import; it goes on by itself and tells how far it is.
    ///
    /// # Errors
    /// `Busy` when it was started before: the same file is chosen again for another run. `NotFound` for somebody else's file or store.
    pub async fn start_import(&self, actor: &Actor, id: Uuid, mapping: Mapping) -> Result<()> {
        let job = self.job(actor, id).await?;
        let store = self.inventory.store(actor, Action::Import, &mapping.store).await?;
        let content = job.take().ok_or(Error::Busy)?;
        job.progress.send_replace(ImportProgress { state: ImportState::Running, ..ImportProgress::default() });
        job.stop.store(false, Ordering::Relaxed);
        let (it, mut actor) = (self.clone(), actor.clone());
        actor.via.client_key = None;
        tokio::spawn(async move {
            let outcome = unbroken(it.run(&actor, &job, content, store.id, &mapping)).await;
            it.finish_import(&actor, &job, store.id, outcome).await;
        });
        Ok(())
    }

    async fn run(
        &self,
        actor: &Actor,
        job: &Arc<Job>,
        content: Arc<Content>,
        store: StoreId,
        mapping: &Mapping,
    ) -> Result<()> {
        if let Content::Till(reading) = &*content {
            return self.run_till(actor, job, store, &mapping.store, reading).await;
        }
        let read = self.rows(job, content, mapping).await?;
        let Plan { steps, .. } = self.plan(actor, mapping, read).await?;
        job.progress.send_modify(|progress| progress.total = steps.len() as u64);
        for (batch, steps) in steps.chunks(ROWS).enumerate() {
            if job.is_stopped() {
                return Ok(());
            }
            let actor = self.still(actor, Action::Import.at(store)).await?;
            self.run_batch(&actor, job, &mapping.store, batch as u64, steps).await?;
        }
        Ok(())
    }

    /// One batch: what is new is added, what differs is changed, opening stock is booked; each an act.
    async fn run_batch(&self, actor: &Actor, job: &Job, store: &str, batch: u64, steps: &[Step]) -> Result<()> {
        let new: Vec<_> = steps.iter().filter_map(|step| step.new.clone()).collect();
        let added = if new.is_empty() { 0 } else { self.inventory.add_items_for(actor, new, &job.cause()).await? };
        let edits: Vec<Edit> = steps
            .iter()
            .filter(|step| !step.patch.is_empty())
            .map(|step| Edit { sku: step.sku.clone(), patch: step.patch.clone() })
            .collect();
        if !edits.is_empty() {
            self.inventory.change_items(actor, edits, &job.cause()).await?;
        }
        let counted = steps.iter().filter_map(|step| Some((step.sku.clone(), step.stock?)));
        let lines: Vec<Line> = counted.map(|(sku, quantity)| Line { sku, quantity, reason: None }).collect();
        let stocked = lines.len() as u64;
        if !lines.is_empty() {
            self.inventory.post_adjustment(actor, opening(job.id, store, batch, lines)).await?;
        }
        let changed = steps.iter().filter(|step| step.new.is_none() && !step.patch.is_empty()).count() as u64;
        job.progress.send_modify(|progress| {
            progress.done += steps.len() as u64;
            progress.added += added as u64;
            progress.changed += changed;
            progress.stocked += stocked;
        });
        Ok(())
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

    async fn run_till(&self, actor: &Actor, job: &Job, store: StoreId, code: &str, reading: &Reading) -> Result<()> {
        let all = documents_of(reading, code);
        job.progress.send_modify(|progress| progress.total = all.len() as u64);
        for items in reading.items.chunks(ROWS) {
            let actor = self.still(actor, Action::Import.at(store)).await?;
            let items = items.iter().map(till::new_item).collect();
            let added = self.inventory.add_items_for(&actor, items, &job.cause()).await? as u64;
            job.progress.send_modify(|progress| progress.added += added);
        }
        for documents in all.chunks(DOCUMENTS) {
            if job.is_stopped() {
                return Ok(());
            }
            let actor = self.still(actor, Action::Import.at(store)).await?;
            let ids: Vec<PostingId> = documents.iter().map(Document::id).collect();
            let before: HashSet<PostingId> = self.inventory.posted(&actor, &ids).await?.into_iter().collect();
            let new: Vec<_> = documents.iter().filter(|document| !before.contains(&document.id())).cloned().collect();
            let posted = new.len() as u64;
            let ids: Vec<PostingId> = new.iter().map(Document::id).collect();
            // Remembered first: whatever of them is in when it breaks off can be undone.
            job.posted.lock().unwrap_or_else(PoisonError::into_inner).extend(ids);
            self.post_all(&actor, new).await?;
            job.progress.send_modify(|progress| {
                progress.done += documents.len() as u64;
                progress.stocked += posted;
            });
        }
        Ok(())
    }

    /// Tells how it ended: the journal first, also of one that broke off, because what was in by then stays.
    async fn finish_import(&self, actor: &Actor, job: &Job, store: StoreId, outcome: Result<()>) {
        let mut progress = ended(job, &outcome, ImportState::Done);
        let told = self.tell_import(actor, job, store, progress.clone()).await;
        if told.is_err() {
            progress = ended(job, &outcome.and(told), ImportState::Done);
        }
        job.progress.send_replace(progress);
    }

    async fn tell_import(&self, actor: &Actor, job: &Job, store: StoreId, progress: ImportProgress) -> Result<()> {
        let act = self.auth.act(actor, Action::Import.at(store)).await?;
        let stopped = progress.state == ImportState::Stopped;
        act.commit(ImportEnded { store, job: job.id, file: job.uploaded.file.clone(), progress, stopped }).await?;
        Ok(())
    }

    /// The same author as of this moment: what was taken from them since the import began ends it, and so does the end
    /// of their last session.
    async fn still(&self, actor: &Actor, permission: Permission) -> Result<Actor> {
        let now = match actor.principal {
            Principal::System => Some(actor.clone()),
            Principal::Key(key) => self.auth.still_valid(Credential::Key(key), &actor.via).await?,
            Principal::Person(person) => match self.auth.sessions(actor, person).await?.first() {
                Some(session) => self.auth.still_valid(Credential::Session(session.id), &actor.via).await?,
                None => None,
            },
        };
        let now = now.ok_or(Error::SignedOut)?;
        self.auth.read(&now, permission).await?;
        Ok(now)
    }

    /// Undoes all that an import did, by acts of the other kind: opening stock and documents are reversed, changed items
    /// get their former values, new ones are archived.
    pub async fn undo_import(&self, actor: &Actor, id: Uuid) -> Result<()> {
        let job = self.job(actor, id).await?;
        let started = job.progress.send_if_modified(|progress| {
            let may = matches!(progress.state, ImportState::Done | ImportState::Stopped | ImportState::Failed);
            if may {
                progress.state = ImportState::Undoing;
                (progress.done, progress.total) = (0, 0);
            }
            may
        });
        if !started {
            return Err(Error::Busy);
        }
        let (it, mut actor) = (self.clone(), actor.clone());
        actor.via.client_key = None;
        tokio::spawn(async move {
            let outcome = unbroken(it.run_undo(&actor, &job)).await;
            job.progress.send_replace(ended(&job, &outcome, ImportState::Undone));
        });
        Ok(())
    }

    async fn run_undo(&self, actor: &Actor, job: &Job) -> Result<()> {
        let mut postings = job.posted.lock().unwrap_or_else(PoisonError::into_inner).clone();
        postings.extend((0..BATCHES).map(|batch| stock_id(job.id, batch)));
        let postings = self.inventory.posted(actor, &postings).await?;
        let acts = self.inventory.changes_of(actor, &job.cause()).await?;
        job.progress.send_modify(|progress| progress.total = (postings.len() + acts.len()) as u64);
        for posting in postings.into_iter().rev() {
            let actor = self.still(actor, Action::Import.anywhere()).await?;
            let id = PostingId(Uuid::new_v5(&posting.0, b"undo"));
            match self.inventory.reverse(&actor, posting, NewReversal { id, reason: Some(OPENING.to_owned()) }).await {
                Ok(_) | Err(Error::Refused(Refusal::AlreadyReversed)) => {}
                Err(error) => return Err(error),
            }
            job.progress.send_modify(|progress| progress.done += 1);
        }
        for act in acts {
            let actor = self.still(actor, Action::Import.anywhere()).await?;
            self.inventory.undo_change(&actor, act).await?;
            job.progress.send_modify(|progress| progress.done += 1);
        }
        Ok(())
    }
}

fn documents_of(reading: &Reading, store: &str) -> Vec<Document> {
    reading.documents.iter().flat_map(|seen| till::documents(reading, seen, store)).collect()
}

/// How far it is at its end; `state` when all went well.
fn ended(job: &Job, outcome: &Result<()>, state: ImportState) -> ImportProgress {
    let progress = job.progress.borrow().clone();
    match outcome {
        Ok(()) if job.is_stopped() && state == ImportState::Done => {
            ImportProgress { state: ImportState::Stopped, ..progress }
        }
        Ok(()) => ImportProgress { state, ..progress },
        Err(error) => ImportProgress { state: ImportState::Failed, trouble: Some(error.to_string()), ..progress },
    }
}

/// The outcome, also of work that panics: a job that runs for ever would take a place for ever.
async fn unbroken(work: impl Future<Output = Result<()>>) -> Result<()> {
    AssertUnwindSafe(work).catch_unwind().await.unwrap_or_else(|_| {
        let ticket = Ticket::new();
        tracing::error!(ticket = ticket.0, "an import broke off");
        Err(Error::Internal(ticket))
    })
}

/// The id of a batch's opening stock: the same however often the batch is tried.
fn stock_id(job: Uuid, batch: u64) -> PostingId {
    PostingId(Uuid::new_v5(&job, format!("stock/{batch}").as_bytes()))
}

fn opening(job: Uuid, store: &str, batch: u64, lines: Vec<Line>) -> NewAdjustment {
    NewAdjustment {
        id: stock_id(job, batch),
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
        assert_eq!(unbroken(async { Ok(()) }).await, Ok(()));
    }
}
