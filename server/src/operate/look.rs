//! A look at every line of the journal, every movement, every balance and every figure.

use crate::Stop;
use crate::house::command_line;
use auth::Auth;
use bus::Bus;
use db::Db;
use inventory::Inventory;
use log::Log;
use report::Report;
use std::path::{Path, PathBuf};

/// The modules, as far as looking needs them. Nothing is written through them.
pub struct Looker {
    db: Db,
    log: Log,
    inventory: Inventory,
    report: Report,
    /// Keys that nobody uses, removed at the end.
    scratch: PathBuf,
}

impl Looker {
    /// On a database that is open, with the keys and the checkpoints of that folder.
    pub async fn on(db: Db, folder: &Path) -> Result<Self, Stop> {
        let scratch = std::env::temp_dir().join(format!("storeroom-look-{}", uuid::Uuid::now_v7().simple()));
        let log = Log::open(db.clone(), folder).await?;
        let auth = Auth::beside(db.clone(), log.clone(), &scratch)?;
        let inventory = Inventory::new(auth.clone());
        let report = Report::new(auth, inventory.clone(), Bus::new(db.clone(), log.clone()), log.clone());
        Ok(Self { db, log, inventory, report, scratch })
    }

    /// The journal's modules.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// The first bad row, if there is one, and how many journal lines there are.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn look(&self) -> Result<(Option<String>, i64), Stop> {
        let journal = self.log.verify().await?;
        if let Some(finding) = journal.findings.first() {
            return Ok((Some(finding.to_string()), journal.lines));
        }
        if let Some(finding) = self.inventory.verify(&command_line()).await?.first() {
            return Ok((Some(finding.to_string()), journal.lines));
        }
        let mut tx = self.db.read().await?;
        Ok((self.report.verify(&mut tx).await?, journal.lines))
    }
}

impl Drop for Looker {
    fn drop(&mut self) {
        // What stays behind is a key that signs nothing.
        let _gone = std::fs::remove_dir_all(&self.scratch);
    }
}
