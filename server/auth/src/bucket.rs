//! Buckets: how often somebody may do something. Kept in this process's memory, bounded.

use model::{Error, Result};
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How many are remembered at most. Whoever comes beyond that is let through: memory is bounded, not service.
const KEPT: usize = 20_000;

/// So many at once, and then one more after each pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many at once.
    pub burst: u32,
    /// The pause after which one more is free.
    pub pause: Duration,
}

/// One bucket for each key.
#[derive(Debug)]
pub struct Buckets<Key> {
    rate: Rate,
    /// When each bucket is full again.
    full_at: Mutex<HashMap<Key, Instant>>,
}

impl<Key: Eq + Hash> Buckets<Key> {
    /// All full.
    #[must_use]
    pub fn new(rate: Rate) -> Self {
        Self { rate, full_at: Mutex::default() }
    }

    /// Takes one.
    ///
    /// # Errors
    /// [`Error::TooMany`] with the seconds to wait, when there is none left.
    pub fn take(&self, key: Key) -> Result<()> {
        self.take_at(key, Instant::now())
    }

    /// Whether one could be taken; none is.
    ///
    /// # Errors
    /// As [`Self::take`].
    pub fn look(&self, key: &Key) -> Result<()> {
        let now = Instant::now();
        let buckets = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        self.over(buckets.get(key).copied().unwrap_or(now).max(now), now)
    }

    fn over(&self, full_at: Instant, now: Instant) -> Result<()> {
        let depth = self.rate.pause * self.rate.burst;
        let over = (full_at + self.rate.pause).saturating_duration_since(now + depth);
        if over.is_zero() {
            return Ok(());
        }
        let seconds = u32::try_from(over.as_millis().div_ceil(1_000)).unwrap_or(u32::MAX);
        Err(Error::TooMany(seconds.max(1)))
    }

    fn take_at(&self, key: Key, now: Instant) -> Result<()> {
        let mut buckets = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= KEPT {
            buckets.retain(|_, full_at| *full_at > now);
        }
        let full_at = buckets.get(&key).copied().unwrap_or(now).max(now);
        self.over(full_at, now)?;
        if buckets.len() < KEPT || buckets.contains_key(&key) {
            buckets.insert(key, full_at + self.rate.pause);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_as_the_burst_are_let_through_and_the_next_waits() {
        let buckets = Buckets::new(Rate { burst: 3, pause: Duration::from_secs(10) });
        let now = Instant::now();
        for _ in 0..3 {
            assert_eq!(buckets.take_at("ann", now), Ok(()));
        }
        assert_eq!(buckets.take_at("ann", now), Err(Error::TooMany(10)));
        assert_eq!(buckets.take_at("bob", now), Ok(()), "another one has a bucket of their own");
        assert_eq!(buckets.take_at("ann", now + Duration::from_secs(10)), Ok(()), "one came back");
        assert_eq!(buckets.take_at("ann", now + Duration::from_secs(10)), Err(Error::TooMany(10)));
    }

    #[test]
    fn memory_is_bounded() {
        let buckets = Buckets::new(Rate { burst: 1, pause: Duration::from_secs(1_000) });
        for number in 0..KEPT + 10 {
            assert_eq!(buckets.take(number), Ok(()));
        }
        assert_eq!(buckets.full_at.lock().expect("nobody panics").len(), KEPT);
    }
}
