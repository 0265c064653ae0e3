//! What whoever runs the program needs: backups, their way back, and a look at everything around it.

mod backup;
mod doctor;
mod files;
mod look;
mod manifest;
mod restore;

pub use backup::backup;
pub use doctor::{doctor, wal_bytes};
pub use look::Looker;
pub use restore::restore;
