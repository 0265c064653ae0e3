//! What Auth works with, once for all of its handles.

use crate::{password, pin, problem, standing, token};
use db::Db;
use log::Log;
use std::sync::atomic::AtomicBool;

/// Reached through the handle; nobody outside can name it.
pub struct Parts {
    pub(crate) db: Db,
    pub(crate) log: Log,
    pub(crate) tokens: token::Tokens,
    pub(crate) passwords: password::Passwords,
    pub(crate) pins: pin::Pins,
    pub(crate) standings: standing::Standings,
    /// There is an administrator: once so it stays so, because the last one stays.
    pub(crate) administered: AtomicBool,
    pub(crate) limits: problem::Limits,
}
