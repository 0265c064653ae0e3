//! The command line: each flag is also a variable, and its comment here is its help.

mod obey;
mod people;
mod stock;
mod variables;
mod words;

pub use obey::{obey, say};
pub use variables::known as known_variables;

use crate::Place;
use crate::http::Range;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;

/// Real-time inventory for stores.
///
/// With nothing configured the data is in an SQLite file in ./storeroom-data. Every flag with a variable beside it
/// can be set either way.
#[derive(Parser, Debug)]
#[command(name = "storeroom", version, arg_required_else_help = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
    /// Which messages to write: `warn`, `info`, `debug`, or a filter such as `storeroom=debug,sqlx=warn`.
    #[arg(long, global = true, value_name = "FILTER", env = "STOREROOM_LOG", default_value = "info")]
    pub log: String,
    /// How messages are written, to standard error.
    #[arg(long, global = true, value_name = "FORMAT", env = "STOREROOM_LOG_FORMAT", default_value = "text")]
    pub log_format: LogFormat,
}

/// How messages are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Cli {
    /// Is this a server on an SQLite file?
    #[must_use]
    pub const fn serves_sqlite(&self) -> bool {
        matches!(&self.command, Command::Serve(Serve { place: Place { database_url: None, .. }, .. }))
    }
}

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Serve the screens, the interface for other systems and the live socket.
    Serve(Serve),
    /// Stores.
    #[command(subcommand)]
    Store(Store),
    /// People who sign in.
    #[command(subcommand)]
    User(User),
    /// Keys for other systems.
    #[command(subcommand)]
    Key(Key),
    /// Bring files in.
    #[command(subcommand)]
    Import(Import),
    /// Bring the database's tables up to date; `serve` does it too.
    Migrate(Place),
    /// Check the journal's chain and every rule of the ledger: exit status 0 when all is well, 1 with the first bad row,
    /// 2 when it cannot be read.
    Verify(Place),
    /// Copy everything to a dated folder inside that one, or to one file when its name ends with .tar, while the store
    /// stays open; the copy is checked before it counts.
    Backup(Backup),
    /// Fill a new data folder from a backup, check all of it, and let every screen start over.
    Restore(Restore),
    /// Look at everything around the store: disk, clock, keys, address, journal, backup. Exit status 1 when something
    /// fails. Takes the flags of `serve`.
    Doctor(Serve),
    /// Compute every balance and every report anew, from the movements.
    Rebuild(Place),
    /// Print the OpenAPI document of the interface for other systems.
    Openapi,
}

#[derive(Args, Debug)]
pub struct Serve {
    #[command(flatten)]
    pub place: Place,
    /// The address to listen on. Other than this machine's own only when an administrator exists.
    #[arg(long, value_name = "ADDR", env = "STOREROOM_BIND", default_value = "127.0.0.1:3000")]
    pub bind: SocketAddr,
    /// How browsers reach this server, such as https://stock.example.org; needed behind a proxy.
    #[arg(long, value_name = "URL", env = "STOREROOM_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// The proxies in front of this server, such as 127.0.0.1,10.0.0.0/8: their X-Forwarded-For says where a request
    /// came from. Nobody else's does.
    #[arg(long, value_name = "CIDR", env = "STOREROOM_TRUSTED_PROXY", value_delimiter = ',')]
    pub trusted_proxy: Vec<Range>,
    /// Open a demo store, with people whose passwords are printed, when the database is empty.
    #[arg(long, env = "STOREROOM_DEMO")]
    pub demo: bool,
    /// How many requests one person or one key may make in a second, four times as many at once; an address from which
    /// nobody is signed in, a fifth.
    #[arg(long, value_name = "N", env = "STOREROOM_REQUESTS_PER_SECOND", default_value = "100")]
    pub requests_per_second: NonZeroU32,
}

#[derive(Args, Debug)]
pub struct Backup {
    /// A folder, made when it is missing, in which a new dated one is made; or a file ending with .tar.
    #[arg(value_name = "FILE-OR-FOLDER")]
    pub to: PathBuf,
    #[command(flatten)]
    pub place: Place,
}

#[derive(Args, Debug)]
pub struct Restore {
    /// The backup: a folder, or a file ending with .tar.
    #[arg(value_name = "FILE-OR-FOLDER")]
    pub from: PathBuf,
    /// The lost store's checkpoints.jsonl, if a copy is left: tells which lines came after the backup.
    #[arg(long, value_name = "FILE")]
    pub checkpoints: Option<PathBuf>,
    #[command(flatten)]
    pub place: Place,
}

#[derive(Subcommand, Debug)]
pub enum Store {
    /// Open a store.
    Add(StoreAdd),
}

#[derive(Args, Debug)]
pub struct StoreAdd {
    /// Its short code: 1 to 12 of A-Z, 0-9 and "-".
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its currency, ISO 4217.
    #[arg(long, value_name = "CODE")]
    pub currency: String,
    /// Its time zone, such as Europe/London.
    #[arg(long, value_name = "ZONE")]
    pub time_zone: String,
    #[command(flatten)]
    pub place: Place,
}

#[derive(Subcommand, Debug)]
pub enum User {
    /// Add someone who signs in. The password comes from a file or from standard input, never from an argument.
    Add(UserAdd),
}

#[derive(Args, Debug)]
pub struct UserAdd {
    /// The sign-in name.
    pub name: String,
    /// The name that others see; the sign-in name when left out.
    #[arg(long, value_name = "NAME")]
    pub display: Option<String>,
    /// employee, manager, administrator, integration or read-only.
    #[arg(long, value_name = "ROLE")]
    pub role: String,
    /// Where: all, or store codes such as LON,PAR.
    #[arg(long, value_name = "CODES", default_value = "all")]
    pub stores: String,
    /// A file whose first line is the password; without one it is read from standard input.
    #[arg(long, value_name = "FILE", env = "STOREROOM_PASSWORD_FILE")]
    pub password_file: Option<PathBuf>,
    #[command(flatten)]
    pub place: Place,
}

#[derive(Subcommand, Debug)]
pub enum Key {
    /// Make a key and print it, once, alone on its line.
    Add(KeyAdd),
}

#[derive(Args, Debug)]
pub struct KeyAdd {
    /// What it is for.
    #[arg(long, value_name = "NAME", default_value = "command line")]
    pub name: String,
    /// What it may do: all, or scopes such as sales:write,stock:read.
    #[arg(long, value_name = "SCOPES")]
    pub scopes: String,
    /// Where: all, or store codes such as LON,PAR.
    #[arg(long, value_name = "CODES")]
    pub stores: String,
    #[command(flatten)]
    pub place: Place,
}

#[derive(Subcommand, Debug)]
pub enum Import {
    /// Sales lines of a till, CSV, plain or gzip. What was imported before is not imported again.
    Till(ImportTill),
}

#[derive(Args, Debug)]
pub struct ImportTill {
    /// The files, in the order of time.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// The store's code.
    #[arg(long, value_name = "CODE")]
    pub store: String,
    #[command(flatten)]
    pub place: Place,
}
