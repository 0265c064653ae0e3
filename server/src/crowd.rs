//! A crowd: how many of each are in at once, and no more than so many.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

/// At most so many at once for each key. Cheap to clone.
#[derive(Clone)]
pub struct Crowd<Key> {
    most: usize,
    inside: Arc<Mutex<HashMap<Key, usize>>>,
}

/// One that is in; dropping it lets the next one in.
pub struct Inside<Key: Eq + Hash> {
    crowd: Crowd<Key>,
    key: Key,
}

impl<Key: Copy + Eq + Hash> Crowd<Key> {
    /// At most so many of each.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self { most, inside: Arc::default() }
    }

    /// How many are in.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner).values().map(|count| *count as u64).sum()
    }

    /// One more of that key, if there is room.
    pub fn enter(&self, key: Key) -> Option<Inside<Key>> {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let count = inside.entry(key).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Inside { crowd: self.clone(), key })
    }
}

impl<Key: Eq + Hash> Drop for Inside<Key> {
    fn drop(&mut self) {
        let mut inside = self.crowd.inside.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = inside.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                inside.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_are_let_in_and_the_next_when_one_leaves() {
        let crowd = Crowd::new(10);
        let mut inside: Vec<_> = (0..10).map_while(|_| crowd.enter("ann")).collect();
        assert_eq!((inside.len(), crowd.count()), (10, 10));
        assert!(crowd.enter("ann").is_none());
        inside.pop();
        assert!(crowd.enter("ann").is_some());
    }

    #[test]
    fn another_one_is_not_affected() {
        let crowd = Crowd::new(1);
        let _ann = crowd.enter("ann");
        assert!(crowd.enter("bob").is_some());
    }

    #[test]
    fn who_left_is_forgotten() {
        let crowd = Crowd::new(1);
        drop(crowd.enter("ann"));
        assert!(crowd.inside.lock().expect("nobody panics").is_empty());
    }
}
