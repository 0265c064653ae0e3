//! What SQLite's one writer remembers from one act to the next, so that it need not be read again.

use std::any::{Any, TypeId};
use std::collections::HashMap;

/// One thing of each type: a module keeps a private type of its own, and nobody else sees it. See
/// [`Tx::memo`](crate::Tx::memo).
#[derive(Default)]
pub struct Memo(HashMap<TypeId, Box<dyn Any + Send + Sync>>);

impl Memo {
    /// Takes out what is remembered of that type.
    pub fn take<T: Any + Send + Sync>(&mut self) -> Option<T> {
        self.0.remove(&TypeId::of::<T>())?.downcast().ok().map(|kept| *kept)
    }

    /// Remembers it for the next act.
    pub fn keep<T: Any + Send + Sync>(&mut self, thing: T) {
        self.0.insert(TypeId::of::<T>(), Box::new(thing));
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}
