//! Files that wait, run, or ran: kept by this process for an hour, each for whoever brought it.

use super::{Cell, Table, guess, rows};
use crate::Integration;
use crate::till::{Reading, Source};
use model::{
    Action, Actor, Checked, Error, ImportProgress, ImportState, Mapping, PostingId, Principal, Result, SheetKind,
    Ticket, Uploaded,
};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;
use uuid::Uuid;

/// How long a file is kept.
const KEPT: Duration = Duration::from_secs(3_600);
/// The most files at once, of everybody.
const JOBS: usize = 16;
/// Rows that are shown before anything is done, and characters of one cell of them.
const PREVIEW: usize = 20;
const SHOWN: usize = 60;

/// One file and what became of it.
pub(super) struct Job {
    pub(super) id: Uuid,
    owner: Principal,
    born: Instant,
    pub(super) content: Content,
    pub(super) uploaded: Uploaded,
    pub(super) progress: watch::Sender<ImportProgress>,
    pub(super) stop: AtomicBool,
    /// Documents posted by a till's import, for its undo.
    pub(super) posted: Mutex<Vec<PostingId>>,
}

/// What a file holds.
pub(super) enum Content {
    Products { table: Table, titles: bool },
    Till(Reading),
}

/// All files of this process.
#[derive(Clone, Default)]
pub struct Imports(Arc<Mutex<HashMap<Uuid, Arc<Job>>>>);

impl Imports {
    fn keep(&self, job: Arc<Job>) -> Result<()> {
        let mut jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.retain(|_, job| job.is_running() || job.born.elapsed() < KEPT);
        if jobs.len() >= JOBS {
            let idle = jobs.values().filter(|job| !job.is_running()).min_by_key(|job| job.born).map(|job| job.id);
            jobs.remove(&idle.ok_or(Error::Busy)?);
        }
        jobs.insert(job.id, job);
        Ok(())
    }

    fn find(&self, id: Uuid) -> Option<Arc<Job>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }
}

impl Job {
    pub(super) fn is_running(&self) -> bool {
        matches!(self.progress.borrow().state, ImportState::Running | ImportState::Undoing)
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// What the acts of this import are found by.
    pub(super) fn cause(&self) -> String {
        format!("import:{}", self.id)
    }
}

impl Integration {
    /// Reads a file and keeps it; nothing is changed.
    ///
    /// # Errors
    /// `Invalid` when it cannot be read; `Forbidden`.
    pub async fn upload(&self, actor: &Actor, file: &str, bytes: Vec<u8>) -> Result<Uploaded> {
        let mut tx = self.auth.read(actor, Action::Import.anywhere()).await?;
        let as_of = self.auth.log().head(&mut tx).await?;
        drop(tx);
        let name: String = file.chars().filter(|c| !c.is_control()).take(100).collect();
        let read = aside(move || look(&name, bytes)).await?;
        let (content, mut uploaded) = read?;
        uploaded.as_of = as_of;
        let job = Job {
            id: uploaded.id,
            owner: actor.principal,
            born: Instant::now(),
            content,
            uploaded: uploaded.clone(),
            progress: watch::channel(ImportProgress::default()).0,
            stop: AtomicBool::new(false),
            posted: Mutex::default(),
        };
        self.imports.keep(Arc::new(job))?;
        Ok(uploaded)
    }

    /// The file as it was read, and how far its import is.
    pub async fn import(&self, actor: &Actor, id: Uuid) -> Result<(Uploaded, ImportProgress)> {
        let job = self.job(actor, id).await?;
        let progress = job.progress.borrow().clone();
        Ok((job.uploaded.clone(), progress))
    }

    /// Says what the import would do, and changes nothing.
    pub async fn check_import(&self, actor: &Actor, id: Uuid, mapping: Mapping) -> Result<Checked> {
        let job = self.job(actor, id).await?;
        match &job.content {
            Content::Products { .. } => {
                let read = job.clone().rows(mapping.clone()).await?;
                Ok(self.plan(actor, &mapping, read).await?.checked())
            }
            Content::Till(reading) => self.check_till(actor, &mapping.store, reading).await,
        }
    }

    /// How far an import is, as it goes; for whoever brought the file only.
    #[must_use]
    pub fn watch_import(&self, actor: &Actor, id: Uuid) -> Option<watch::Receiver<ImportProgress>> {
        self.imports.find(id).filter(|job| job.owner == actor.principal).map(|job| job.progress.subscribe())
    }

    /// Ends an import after the act that is under way; what is in stays.
    pub async fn stop_import(&self, actor: &Actor, id: Uuid) -> Result<()> {
        self.job(actor, id).await?.stop.store(true, Ordering::Relaxed);
        Ok(())
    }

    pub(super) async fn job(&self, actor: &Actor, id: Uuid) -> Result<Arc<Job>> {
        self.auth.read(actor, Action::Import.anywhere()).await?;
        self.imports.find(id).filter(|job| job.owner == actor.principal).ok_or(Error::NotFound)
    }
}

impl Job {
    /// The rows by what their columns mean.
    pub(super) async fn rows(self: Arc<Self>, mapping: Mapping) -> Result<rows::Read> {
        aside(move || match &self.content {
            Content::Products { table, titles } => rows::read(table, &self.uploaded.columns, *titles, &mapping),
            Content::Till(_) => rows::Read::default(),
        })
        .await
    }
}

/// Off the threads that serve others: reading takes its time.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|cause| {
        let ticket = Uuid::now_v7().to_string();
        tracing::error!(%cause, ticket, "reading a file broke off");
        Error::Internal(Ticket(ticket))
    })
}

fn look(name: &str, bytes: Vec<u8>) -> Result<(Content, Uploaded)> {
    if bytes.starts_with(b"InvoiceNo,") || bytes.starts_with(b"\x1f\x8b") {
        let reading = Reading::of(vec![Source::bytes(name, bytes)])?;
        let rows = reading.lines;
        let uploaded = described(name, SheetKind::Till, Vec::new(), Vec::new(), rows, false);
        return Ok((Content::Till(reading), uploaded));
    }
    let table = Table::read(&bytes)?;
    let titles = guess::has_titles(&table);
    let columns = guess::columns(&table, titles);
    let body = || table.rows.iter().skip(usize::from(titles));
    let shown = |cell: &Cell| cell.text().chars().take(SHOWN).collect::<String>();
    let preview = body().take(PREVIEW).map(|row| row.iter().map(shown).collect()).collect();
    let comma = guess::comma(&table, titles, &columns);
    let rows = body().count() as u64;
    let uploaded = described(name, SheetKind::Products, columns, preview, rows, comma);
    Ok((Content::Products { table, titles }, uploaded))
}

fn described(
    file: &str,
    kind: SheetKind,
    columns: Vec<model::Column>,
    preview: Vec<Vec<String>>,
    rows: u64,
    comma: bool,
) -> Uploaded {
    Uploaded { id: Uuid::now_v7(), file: file.to_owned(), kind, columns, preview, rows, comma, as_of: 0 }
}
