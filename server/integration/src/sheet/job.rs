//! Files that people bring: read, looked at, and kept for a week, each for whoever brought it.

use super::{Cell, Table, guess, rows};
use crate::Integration;
use crate::till::{Reading, Source};
use model::{Action, Actor, Checked, Error, ImportProgress, ImportState, Mapping, Result, SheetKind, Ticket, Uploaded};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

/// How many files are read or written at once, since each takes memory, and how long one waits for its turn.
const DESKS: usize = 2;
const WAIT: Duration = Duration::from_secs(30);
/// Rows that are shown before anything is done, and characters of one cell of them.
const PREVIEW: usize = 20;
const SHOWN: usize = 60;

/// What a file holds.
pub(super) enum Content {
    Products { table: Table, titles: bool },
    Till(Reading),
}

/// Where this process reads and writes files.
#[derive(Clone)]
pub struct Desks {
    desks: Arc<Semaphore>,
    /// Held from the look at what moved already to the booking of opening stock: two imports of one file would both find
    /// nothing and book it twice.
    pub(super) opening: Arc<Mutex<()>>,
}

impl Default for Desks {
    fn default() -> Self {
        Self { desks: Arc::new(Semaphore::new(DESKS)), opening: Arc::default() }
    }
}

impl Desks {
    /// A place to read or write a file at, for [`aside`].
    pub(crate) async fn desk(&self) -> Result<OwnedSemaphorePermit> {
        match tokio::time::timeout(WAIT, self.desks.clone().acquire_owned()).await {
            Ok(Ok(desk)) => Ok(desk),
            _ => Err(Error::Busy),
        }
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
        let read = move || look(&name, &bytes).map(|(_, uploaded)| (uploaded, bytes));
        let (mut uploaded, bytes) = aside(self.desks.desk().await?, read).await??;
        uploaded.as_of = as_of;
        self.keep(actor, &uploaded, &bytes).await?;
        Ok(uploaded)
    }

    /// The file as it was read, and how far its import is, in whichever process it runs.
    pub async fn import(&self, actor: &Actor, id: Uuid) -> Result<(Uploaded, ImportProgress)> {
        let kept = self.kept(actor, id).await?;
        Ok((kept.uploaded, kept.progress))
    }

    /// Says what the import would do, and changes nothing.
    ///
    /// # Errors
    /// `NotFound` also once it has begun.
    pub async fn check_import(&self, actor: &Actor, id: Uuid, mapping: Mapping) -> Result<Checked> {
        let kept = self.kept(actor, id).await?;
        if kept.progress.state != ImportState::Waiting {
            return Err(Error::NotFound);
        }
        let content = self.content(actor, id, &kept.uploaded.file).await?;
        if let Content::Till(reading) = &content {
            return self.check_till(actor, &mapping.store, reading).await;
        }
        let read = self.rows(&kept.uploaded, content, &mapping).await?;
        Ok(self.plan(actor, &mapping, read).await?.checked())
    }

    /// The rows by what their columns mean.
    pub(super) async fn rows(&self, file: &Uploaded, content: Content, mapping: &Mapping) -> Result<rows::Read> {
        let (columns, mapping) = (file.columns.clone(), mapping.clone());
        let read = move || match content {
            Content::Products { table, titles } => rows::read(&table, &columns, titles, &mapping),
            Content::Till(_) => rows::Read::default(),
        };
        aside(self.desks.desk().await?, read).await
    }
}

/// Off the threads that serve others: reading takes its time. The desk moves into the work, because a caller that hangs
/// up does not end it.
pub(crate) async fn aside<T: Send + 'static>(
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

pub(super) fn look(name: &str, bytes: &[u8]) -> Result<(Content, Uploaded)> {
    if bytes.starts_with(b"InvoiceNo,") || bytes.starts_with(b"\x1f\x8b") {
        let reading = Reading::of(vec![Source::bytes(name, bytes.to_vec())])?;
        let rows = reading.lines;
        let uploaded = described(name, SheetKind::Till, Vec::new(), Vec::new(), rows, false);
        return Ok((Content::Till(reading), uploaded));
    }
    let table = Table::read(bytes)?;
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
