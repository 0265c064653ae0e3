//! A restored journal: the act that begins its new epoch.

use crate::Auth;
use model::{Action, Actor, Result, StoreId};
use serde_json::{Value, json};

/// `log.journal_restored`
struct Restored {
    what: String,
    epoch: String,
}

impl log::Event for Restored {
    fn topic(&self) -> &'static str {
        "log.journal_restored"
    }

    fn subject(&self) -> String {
        self.epoch.clone()
    }

    fn store(&self) -> Option<StoreId> {
        None
    }

    fn body(&self) -> Value {
        json!({ "note": self.what, "epoch": self.epoch })
    }
}

impl Auth {
    /// Makes a restored database a journal of its own, and says so in it: every browser and every other system that
    /// goes on by line numbers starts over. `what` says in a sentence what was restored.
    ///
    /// Errors: [`model::Error::Forbidden`].
    pub async fn begin_epoch(&self, actor: &Actor, what: &str) -> Result<String> {
        let mut act = self.act(actor, Action::ReadJournal.anywhere()).await?;
        let epoch = self.log().begin_epoch(&mut act).await?;
        act.commit(Restored { what: what.to_owned(), epoch: epoch.clone() }).await?;
        Ok(epoch)
    }
}
