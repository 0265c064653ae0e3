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
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use uuid::Uuid;

/// How long a file is kept.
const KEPT: Duration = Duration::from_secs(3_600);
/// The most files at once: of everybody, and of one person, whose next one takes the place of their own.
const JOBS: usize = 16;
const OWN: usize = 4;
/// How many files are read or written at once, since each takes memory, and how long one waits for its turn.
const DESKS: usize = 2;
const WAIT: Duration = Duration::from_secs(30);
/// Rows that are shown before anything is done, and characters of one cell of them.
const PREVIEW: usize = 20;
const SHOWN: usize = 60;

/// One file and what became of it.
pub(super) struct Job {
    pub(super) id: Uuid,
    owner: Principal,
    born: Instant,
    /// Until its import begins, which takes it along and lets it go.
    content: Mutex<Option<Arc<Content>>>,
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
#[derive(Clone)]
pub struct Imports {
    jobs: Arc<Mutex<HashMap<Uuid, Arc<Job>>>>,
    desks: Arc<Semaphore>,
}

impl Default for Imports {
    fn default() -> Self {
        Self { jobs: Arc::default(), desks: Arc::new(Semaphore::new(DESKS)) }
    }
}

impl Imports {
    fn keep(&self, job: Arc<Job>) -> Result<()> {
        let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.retain(|_, job| job.is_running() || job.born.elapsed() < KEPT);
        let own = jobs.values().filter(|known| known.owner == job.owner).count() >= OWN;
        if own || jobs.len() >= JOBS {
            let idle = jobs.values().filter(|known| !known.is_running() && (!own || known.owner == job.owner));
            let oldest = idle.min_by_key(|known| known.born).map(|known| known.id);
            jobs.remove(&oldest.ok_or(Error::Busy)?);
        }
        jobs.insert(job.id, job);
        Ok(())
    }

    fn find(&self, id: Uuid) -> Option<Arc<Job>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    /// A place to read or write a file at, for [`aside`].
    pub(super) async fn desk(&self) -> Result<OwnedSemaphorePermit> {
        match tokio::time::timeout(WAIT, self.desks.clone().acquire_owned()).await {
            Ok(Ok(desk)) => Ok(desk),
            _ => Err(Error::Busy),
        }
    }
}

impl Job {
    /// What the file holds, while its import has not begun.
    fn content(&self) -> Option<Arc<Content>> {
        self.content.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The same, for the import that begins: whoever takes it is the only one.
    pub(super) fn take(&self) -> Option<Arc<Content>> {
        self.content.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

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
        let (content, mut uploaded) = aside(self.imports.desk().await?, move || look(&name, bytes)).await??;
        uploaded.as_of = as_of;
        let job = Job {
            id: uploaded.id,
            owner: actor.principal,
            born: Instant::now(),
            content: Mutex::new(Some(Arc::new(content))),
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
    ///
    /// # Errors
    /// `NotFound` also once it has begun: the file is let go then.
    pub async fn check_import(&self, actor: &Actor, id: Uuid, mapping: Mapping) -> Result<Checked> {
        let job = self.job(actor, id).await?;
        let content = job.content().ok_or(Error::NotFound)?;
        if let Content::Till(reading) = &*content {
            return self.check_till(actor, &mapping.store, reading).await;
        }
        let read = self.rows(&job, content, &mapping).await?;
        Ok(self.plan(actor, &mapping, read).await?.checked())
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

    /// The rows by what their columns mean.
    pub(super) async fn rows(&self, job: &Arc<Job>, content: Arc<Content>, mapping: &Mapping) -> Result<rows::Read> {
        let (job, mapping) = (job.clone(), mapping.clone());
        let read = move || match &*content {
            Content::Products { table, titles } => rows::read(table, &job.uploaded.columns, *titles, &mapping),
            Content::Till(_) => rows::Read::default(),
        };
        aside(self.imports.desk().await?, read).await
    }
}

/// Off the threads that serve others: reading takes its time. The desk moves into the work, because a caller that hangs
/// up does not end it.
pub(super) async fn aside<T: Send + 'static>(
    desk: OwnedSemaphorePermit,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    let work = move || {
        let _desk = desk;
        work()
    };
    tokio::task::spawn_blocking(work).await.map_err(|cause| {
        let ticket = Uuid::now_v7().to_string();
        tracing::error!(%cause, ticket, "reading or writing a file broke off");
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
    let shown = |cell: Option<&Cell>| cell.unwrap_or(&Cell::Empty).text().chars().take(SHOWN).collect::<String>();
    let preview = body().take(PREVIEW).map(|row| (0..table.columns).map(|at| shown(row.get(at))).collect()).collect();
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
