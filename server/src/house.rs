//! All modules of a store, opened on one database and wired to each other.

use crate::{Place, Stop, trouble};
use auth::Auth;
use bus::Bus;
use db::Db;
use integration::Integration;
use inventory::Inventory;
use log::Log;
use model::Actor;
use report::Report;
use std::time::Duration;
use tokio_util::task::AbortOnDropHandle;

/// How often what has had its time is removed: old answers, attempts and sessions.
const PRUNED_EVERY: Duration = Duration::from_secs(3_600);
/// How often promises are looked at: what has had its time is let go, and who waits gets what has come.
const PROMISES_EVERY: Duration = Duration::from_secs(1);
/// How often it is looked whether it is morning in a store, for what to buy and what to count.
const MORNINGS_EVERY: Duration = Duration::from_secs(60);

/// The modules. Cheap to clone.
#[derive(Clone)]
pub struct House {
    /// The database; the wiring opens and closes it, and nothing here asks it anything.
    pub db: Db,
    /// The journal.
    pub log: Log,
    /// Who hears of it.
    pub bus: Bus,
    /// People, sessions, keys.
    pub auth: Auth,
    /// The ledger.
    pub inventory: Inventory,
    /// Figures.
    pub report: Report,
    /// Other systems' way in and out.
    pub integration: Integration,
}

/// What runs beside the requests; stopped in the order of the fields.
#[must_use = "what runs ends when this is dropped"]
pub struct Beside {
    report: report::Running,
    log: log::Running,
    pruning: AbortOnDropHandle<()>,
    promises: AbortOnDropHandle<()>,
    mornings: AbortOnDropHandle<()>,
    count_plans: AbortOnDropHandle<()>,
    troubles: AbortOnDropHandle<()>,
}

impl House {
    /// Opens the database, brings its tables up to date, and wires the modules.
    ///
    /// # Errors
    /// As [`Place::open`]; and when a key cannot be read or made.
    pub async fn open(place: &Place) -> Result<Self, Stop> {
        Self::on(place.open().await?, place).await
    }

    /// Wires the modules on a database that is open.
    ///
    /// # Errors
    /// When a key cannot be read or made.
    pub async fn on(db: Db, place: &Place) -> Result<Self, Stop> {
        let log = Log::open(db.clone(), &place.data_dir).await?;
        let bus = Bus::new(db.clone(), log.clone());
        let auth = Auth::open(db.clone(), log.clone(), &place.data_dir).await?;
        let inventory = Inventory::new(auth.clone());
        let report = Report::new(auth.clone(), inventory.clone(), bus.clone(), log.clone());
        let integration = Integration::open(auth.clone(), inventory.clone()).await?;
        Ok(Self { db, log, bus, auth, inventory, report, integration })
    }

    /// Starts what runs beside the requests: the journal's own tasks, and the reports' ear.
    pub fn start(&self) -> Beside {
        let (log, auth, inventory) = (self.log.start(), self.auth.clone(), self.inventory.clone());
        let (report, counts) = (self.report.clone(), self.inventory.clone());
        Beside {
            report: self.report.start(),
            log,
            pruning: AbortOnDropHandle::new(tokio::spawn(async move { auth.keep_pruned(PRUNED_EVERY).await })),
            promises: AbortOnDropHandle::new(tokio::spawn(
                async move { inventory.keep_promises(PROMISES_EVERY).await },
            )),
            mornings: AbortOnDropHandle::new(tokio::spawn(async move { report.keep_mornings(MORNINGS_EVERY).await })),
            count_plans: AbortOnDropHandle::new(tokio::spawn(
                async move { counts.keep_count_plans(MORNINGS_EVERY).await },
            )),
            troubles: AbortOnDropHandle::new(tokio::spawn(trouble::keep(self.auth.clone()))),
        }
    }

    /// Ends what runs, then closes the database.
    pub async fn close(self, beside: Beside) {
        let stopped = tokio::time::timeout(Duration::from_secs(10), beside.stop()).await;
        if stopped.is_err() {
            tracing::warn!("what runs beside the requests did not end within 10 s");
        }
        self.db.close().await;
    }
}

impl Beside {
    /// Ends each at a place from which it can go on.
    pub async fn stop(self) {
        self.pruning.abort();
        self.promises.abort();
        self.mornings.abort();
        self.count_plans.abort();
        self.troubles.abort();
        self.report.stop().await;
        self.log.stop().await;
    }
}

/// The program itself, as the journal names it when somebody types a command.
#[must_use]
pub fn command_line() -> Actor {
    Actor::system("command line")
}
