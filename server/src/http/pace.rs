//! Pace: how many requests one caller may make in a second, so that nobody takes the server from the others.

use auth::{Buckets, Rate};
use model::{Principal, Result};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

/// So many times what comes in a second may come at once.
const BURST: u32 = 4;
/// An address from which nobody is signed in gets one part of so many.
const STRANGER: u32 = 5;

/// The pace of every caller of this process.
#[derive(Clone, Debug)]
pub struct Pace {
    callers: Arc<Buckets<Principal>>,
    strangers: Arc<Buckets<IpAddr>>,
}

impl Pace {
    /// So many requests in a second for each person and each key, four times as many at once; a fifth of that for an
    /// address from which nobody is signed in.
    #[must_use]
    pub fn new(per_second: NonZeroU32) -> Self {
        let rate = |per_second: u32| Rate {
            burst: per_second.saturating_mul(BURST),
            pause: Duration::from_secs(1) / per_second,
        };
        let stranger = (per_second.get() / STRANGER).max(1);
        Self {
            callers: Arc::new(Buckets::new(rate(per_second.get()))),
            strangers: Arc::new(Buckets::new(rate(stranger))),
        }
    }

    /// One more request of somebody.
    ///
    /// # Errors
    /// `TooMany`, with the seconds to wait.
    pub fn caller(&self, principal: Principal) -> Result<()> {
        self.callers.take(principal)
    }

    /// One more request of nobody that we know, from that address.
    ///
    /// # Errors
    /// As [`Self::caller`].
    pub fn stranger(&self, address: Option<&IpAddr>) -> Result<()> {
        address.map_or(Ok(()), |address| self.strangers.take(*address))
    }
}
