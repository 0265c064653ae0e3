//! Copying SQLite's log into its file beside the writer, who would otherwise stop for it.

use super::writer::Desk;
use crate::Result;
use sqlx::SqliteConnection;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// How long the log becomes, in pages of 4 KiB: a hot page is then copied once in 64 MiB.
const LONG: i64 = 16_384;
/// The writer itself copies a log of this length (pages), should this task not come to it.
pub(super) const TOO_LONG: &str = "65536";
/// How often at most one looks at its length.
const PAUSE: Duration = Duration::from_millis(50);

/// Folds the log whenever it is long.
pub(super) async fn fold_when_long(mut conn: SqliteConnection, desk: Arc<Desk>, mut committed: watch::Receiver<u64>) {
    while committed.changed().await.is_ok() {
        if let Err(error) = fold_if_long(&mut conn, &desk).await {
            tracing::warn!(%error, "SQLite's log could not be folded into the file; it is tried again");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn fold_if_long(conn: &mut SqliteConnection, desk: &Desk) -> Result<()> {
    let (_busy, pages, folded): (i64, i64, i64) =
        sqlx::query_as("pragma wal_checkpoint(noop)").fetch_one(&mut *conn).await?;
    if pages - folded < LONG {
        return Ok(());
    }
    sqlx::query("pragma wal_checkpoint(passive)").execute(&mut *conn).await?;
    // The log begins anew only when all of it is in the file: what was written meanwhile, which is little.
    let mut writer = desk.settled().await?;
    sqlx::query("pragma wal_checkpoint(passive)").execute(&mut writer.conn).await?;
    Ok(())
}
