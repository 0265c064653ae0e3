//! What was just changed about a person, and the way back for a while.

use super::api::{give_role, set_disabled, take_role};
use crate::prelude::*;
use crate::{failure::Failure, parts::UndoBar};
use leptos::task::spawn_local;
use model::{Grant, PersonId};

/// A change that can be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Given(PersonId, Grant),
    Taken(PersonId, Grant),
    Disabled(PersonId),
    Enabled(PersonId),
}

impl Change {
    /// Does it.
    pub(super) async fn run(self) -> Result<(), Failure> {
        match self {
            Self::Given(person, role) => give_role(person, role).await,
            Self::Taken(person, role) => take_role(person, role).await,
            Self::Disabled(person) => set_disabled(person, true).await,
            Self::Enabled(person) => set_disabled(person, false).await,
        }
    }

    /// What takes it back.
    const fn back(self) -> Self {
        match self {
            Self::Given(person, role) => Self::Taken(person, role),
            Self::Taken(person, role) => Self::Given(person, role),
            Self::Disabled(person) => Self::Enabled(person),
            Self::Enabled(person) => Self::Disabled(person),
        }
    }
}

/// The page's hand: it changes things, shows what went wrong, and keeps the last change for the undo bar.
#[derive(Clone, Copy)]
pub(super) struct Hand {
    last: RwSignal<Option<(String, Option<Change>)>>,
    pub(super) failure: RwSignal<Option<Failure>>,
    pub(super) busy: RwSignal<bool>,
    again: RwSignal<u32>,
}

impl Hand {
    /// A hand that turns `again` after each change.
    pub(super) fn new(again: RwSignal<u32>) -> Self {
        Self { last: RwSignal::new(None), failure: RwSignal::new(None), busy: RwSignal::new(false), again }
    }

    /// Changes something at once; `text` says what was done.
    pub(super) fn change(self, change: Change, text: String) {
        self.busy.set(true);
        spawn_local(async move {
            let answer = change.run().await;
            if self.busy.try_set(false).is_none() {
                if answer.is_ok() {
                    self.last.set(Some((text, Some(change))));
                }
                self.failure.set(answer.err());
                self.again.update(|turn| *turn += 1);
            }
        });
    }

    /// Says that something was done that has no way back.
    pub(super) fn done(self, text: String) {
        self.last.set(Some((text, None)));
        self.failure.set(None);
        self.again.update(|turn| *turn += 1);
    }

    fn take_back(self) {
        let Some((_, Some(change))) = self.last.get_untracked() else { return };
        self.busy.set(true);
        spawn_local(async move {
            let answer = change.back().run().await;
            if self.busy.try_set(false).is_none() {
                self.last.set(None);
                self.failure.set(answer.err());
                self.again.update(|turn| *turn += 1);
            }
        });
    }
}

/// What was done, and the way back if there is one.
#[component]
pub(super) fn Done(hand: Hand) -> impl IntoView {
    let text = move || hand.last.get().map(|(text, _)| text).unwrap_or_default();
    let is_change = Memo::new(move |_| hand.last.with(|last| last.as_ref().map(|(_, change)| change.is_some())));
    view! {
        <div class="people-done">
            {move || match is_change.get() {
                // Written anew for each change, so that its clock starts over.
                Some(true) => {
                    hand.last.track();
                    view! {
                        <UndoBar text=Signal::derive(text) busy=hand.busy on_undo=Callback::new(move |()| hand.take_back()) on_close=Callback::new(move |()| hand.last.set(None)) />
                    }
                }
                Some(false) => view! { <p class="notice" role="status">{move || text()}</p> },
                None => ().into_any(),
            }}
        </div>
    }
}
