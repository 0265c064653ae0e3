//! Signing out: whoever leaves something unsent behind is told so first, and whoever could not leave is told that.

use super::Outbox;
use crate::auth::api::sign_out;
use crate::prelude::*;
use leptos::task::spawn_local;

/// What stands in the way of signing out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaving {
    /// So many things are not sent; they stay here.
    Unsent(usize),
    /// The server did not hear of it, or could not do it.
    Failed,
}

impl Outbox {
    /// What stands in the way of signing out, once somebody asked to.
    #[must_use]
    pub fn leaving(self) -> Signal<Option<Leaving>> {
        self.leaving.into()
    }

    /// Signs out. With something unsent it says so first, and the person decides.
    pub fn leave(self) {
        let unsent = self.queue.with_untracked(|queue| queue.all().count()) + self.strange.get_untracked();
        if unsent > 0 {
            return self.leaving.set(Some(Leaving::Unsent(unsent)));
        }
        self.leave_now();
    }

    /// Signs out, whatever waits here: it is sent when its owner is back.
    pub fn leave_now(self) {
        self.leaving.set(None);
        spawn_local(async move {
            // A yes leads to the sign-in page by itself.
            if sign_out().await.is_err() {
                self.leaving.try_set(Some(Leaving::Failed));
            }
        });
    }

    /// Stays.
    pub fn stay(self) {
        self.leaving.set(None);
    }
}
