//! A till's files become documents: read whole, then posted in the order of time.

use super::document::{Document, documents, new_item};
use super::line::LineKind;
use super::reading::Reading;
use super::source::Source;
use super::summary::Summary;
use crate::Integration;
use futures::{StreamExt, TryStreamExt, stream};
use inventory::Inventory;
use model::{Action, Actor, Error, Flaw, Receipt, Result, Reused, Store, StoreId, Ticket, Time};
use std::time::{Duration, Instant};

/// How many documents are on their way at once: they share SQLite's commits, and PostgreSQL works on several.
const AT_ONCE: usize = 64;
/// How many items join the catalogue in one act.
pub(crate) const ITEMS_AT_ONCE: usize = 500;
/// How often a document is tried again while the server is busy.
const TRIES: u32 = 8;

impl Integration {
    /// Imports a till's files into a store. All of them are read before anything is posted; items are added as they
    /// first appear; a document that an earlier import posted stays as it is.
    ///
    /// # Errors
    /// `Invalid` with file, line and column when a file cannot be read, and with the invoice when it was imported
    /// before with other content; `NotFound` or `Forbidden` as for anything else.
    pub async fn import_till(&self, actor: &Actor, store: &str, sources: Vec<Source>) -> Result<Summary> {
        let clock = Instant::now();
        let store = self.inventory.store(actor, Action::Import, store).await?;
        let files: Vec<_> = sources.iter().map(|source| source.name.clone()).collect();
        let reading = read(sources).await?;
        let items_added = self.add_items(actor, &reading).await?;
        let all: Vec<_> = reading.documents.iter().flat_map(|seen| documents(&reading, seen, &store.code)).collect();
        let (posted, known) = self.post_all(actor, all).await?;
        let figures = |kind| reading.figures.get(&kind).cloned().unwrap_or_default();
        let summary = Summary {
            store: store.code.clone(),
            files,
            lines: reading.lines,
            sales: figures(LineKind::Sale),
            returns: figures(LineKind::Return),
            adjustments: figures(LineKind::Adjustment),
            left_out: reading.left_out.clone(),
            items_added,
            posted,
            known,
            elapsed_ms: u64::try_from(clock.elapsed().as_millis()).unwrap_or(u64::MAX),
        };
        self.finish(actor, &store, &summary, reading.sha256).await?;
        Ok(summary)
    }

    pub(crate) async fn add_items(&self, actor: &Actor, reading: &Reading) -> Result<u64> {
        let mut added = 0;
        for items in reading.items.chunks(ITEMS_AT_ONCE) {
            let items = items.iter().map(new_item).collect();
            added += self.inventory.add_items(actor, items).await? as u64;
        }
        Ok(added)
    }

    /// Posts them in order; answers with how many are new and how many were posted before.
    pub(crate) async fn post_all(&self, actor: &Actor, documents: Vec<Document>) -> Result<(u64, u64)> {
        let mut actor = actor.clone();
        // One request's key names one change, not these many.
        actor.via.client_key = None;
        let started = Time::now();
        let posts = documents.into_iter().map(|document| post(&self.inventory, &actor, document));
        let receipts = stream::iter(posts).buffered(AT_ONCE);
        let count = |(posted, known), receipt: Receipt| async move {
            Ok(if receipt.recorded_at < started { (posted, known + 1) } else { (posted + 1, known) })
        };
        receipts.try_fold((0, 0), count).await
    }

    async fn finish(&self, actor: &Actor, store: &Store, summary: &Summary, sha256: Vec<String>) -> Result<()> {
        let act = self.auth.act(actor, Action::Import.at(store.id)).await?;
        act.commit(ImportFinished { store: store.id, summary: summary.clone(), sha256 }).await?;
        self.auth.measure().await
    }
}

/// Off the threads that serve others: unpacking and reading take their time.
async fn read(sources: Vec<Source>) -> Result<Reading> {
    let task = tokio::task::spawn_blocking(move || Reading::of(sources));
    task.await.map_err(|cause| {
        let ticket = uuid::Uuid::now_v7().to_string();
        tracing::error!(%cause, ticket, "reading a till's files broke off");
        Error::Internal(Ticket(ticket))
    })?
}

async fn post(inventory: &Inventory, actor: &Actor, document: Document) -> Result<Receipt> {
    let mut tries = 0;
    loop {
        let outcome = match document.clone() {
            Document::Sale(sale) => inventory.post_sale(actor, sale).await,
            Document::Return(new) => inventory.post_return(actor, new).await,
            Document::Adjustment(new) => inventory.post_adjustment(actor, new).await,
            Document::Receipt(new) => inventory.post_receipt(actor, new).await,
        };
        match outcome {
            Err(Error::Busy) if tries < TRIES => tokio::time::sleep(Duration::from_millis(20 << tries)).await,
            Err(Error::Conflict(Reused::Id)) => return Err(other_content(&document)),
            Err(Error::Invalid(flaws)) => {
                return Err(Error::Invalid(flaws.into_iter().map(|flaw| of(&document, flaw)).collect()));
            }
            outcome => return outcome,
        }
        tries += 1;
    }
}

fn other_content(document: &Document) -> Error {
    let message = "this invoice was imported before with other lines; nothing was changed for it";
    of(document, Flaw::new("", "imported_otherwise", message)).into()
}

fn of(document: &Document, flaw: Flaw) -> Flaw {
    let place = format!("invoice {}", document.number());
    let field = if flaw.field.is_empty() { place } else { format!("{place}: {}", flaw.field) };
    Flaw { field, ..flaw }
}

/// `integration.import_finished`
struct ImportFinished {
    store: StoreId,
    summary: Summary,
    sha256: Vec<String>,
}

impl log::Event for ImportFinished {
    fn topic(&self) -> &'static str {
        "integration.import_finished"
    }

    fn subject(&self) -> String {
        self.summary.files.join(", ")
    }

    fn store(&self) -> Option<StoreId> {
        Some(self.store)
    }

    fn body(&self) -> serde_json::Value {
        serde_json::json!({ "summary": self.summary, "sha256": self.sha256 })
    }
}
