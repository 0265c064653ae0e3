//! Where a store's data is: a folder with an SQLite file, or a PostgreSQL database and a folder for the keys.

use crate::Stop;
use clap::Args;
use db::Db;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::PathBuf;

/// Something that is never printed.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// The thing itself.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for Secret {
    type Err = std::convert::Infallible;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("****")
    }
}

/// Where the data is.
#[derive(Args, Clone, Debug)]
pub struct Place {
    /// The folder of the database, the keys and the signed checkpoints; made when it is missing.
    #[arg(long, value_name = "DIR", env = "STOREROOM_DATA_DIR", default_value = "storeroom-data")]
    pub data_dir: PathBuf,
    /// A PostgreSQL database, `postgres://user@host/name`; without one the data is in an SQLite file in the folder.
    #[arg(long, value_name = "URL", env = "STOREROOM_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<Secret>,
}

impl Place {
    /// An SQLite file in that folder.
    #[must_use]
    pub fn folder(data_dir: impl Into<PathBuf>) -> Self {
        Self { data_dir: data_dir.into(), database_url: None }
    }

    /// That PostgreSQL database, with its keys in that folder.
    #[must_use]
    pub fn postgres(data_dir: impl Into<PathBuf>, url: &str) -> Self {
        Self { data_dir: data_dir.into(), database_url: Some(Secret(url.to_owned())) }
    }

    /// Opens the database, and brings its tables up to date.
    ///
    /// # Errors
    /// Says what to do when the folder cannot be made, another process holds the file, or the database is no match.
    pub async fn open(&self) -> Result<Db, Stop> {
        let db = self.open_as_it_is().await?;
        db.migrate().await?;
        Ok(db)
    }

    /// Opens the database without touching its tables.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub async fn open_as_it_is(&self) -> Result<Db, Stop> {
        self.make_folder()?;
        match self.url() {
            None => Ok(Db::open_sqlite(&self.file()).await?),
            Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                Ok(Db::open_postgres(url).await?)
            }
            Some(_) => Err(Stop::new(
                "the database URL starts with neither postgres:// nor postgresql://; leave it out for an SQLite file",
            )),
        }
    }

    /// The PostgreSQL database, when it is one.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        self.database_url.as_ref().map(Secret::reveal)
    }

    /// The SQLite file.
    #[must_use]
    pub fn file(&self) -> PathBuf {
        self.data_dir.join("storeroom.db")
    }

    /// Keys lie in there: nobody else may look.
    fn make_folder(&self) -> Result<(), Stop> {
        let shown = self.data_dir.display();
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.data_dir)
            .map_err(|error| Stop::new(format!("the data folder {shown} cannot be made: {error}")))?;
        let mode = self.data_dir.metadata()?.permissions().mode();
        if mode & 0o007 != 0 {
            tracing::warn!(folder = %shown, "everybody on this machine can look into the data folder; chmod 700 helps");
        }
        Ok(())
    }
}
