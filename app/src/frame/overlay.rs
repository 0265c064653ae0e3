//! The two sheets of the frame, the palette and the list of keys: opened from anywhere, drawn when they have come.

use crate::prelude::*;
use leptos::html::Dialog;

/// The two sheets that lie over a page: the palette, and the list of keys.
#[derive(Clone, Copy)]
pub struct Overlay {
    find: Sheet,
    keys: Sheet,
}

/// A sheet: where it is drawn, and how often it was opened.
#[derive(Clone, Copy)]
struct Sheet {
    place: NodeRef<Dialog>,
    opened: RwSignal<u32>,
}

impl Sheet {
    fn new() -> Self {
        Self { place: NodeRef::new(), opened: RwSignal::new(0) }
    }

    fn is_open(self) -> bool {
        self.place.get_untracked().is_some_and(|dialog| dialog.open())
    }

    fn close(self) {
        if let Some(dialog) = self.place.get_untracked() {
            dialog.close();
        }
    }

    /// Shows itself each time it is opened, the first time as soon as it is drawn.
    fn follow(self, first: impl Fn() + 'static) {
        Effect::new(move || {
            let Some(dialog) = self.place.get().filter(|_| self.opened.get() > 0) else { return };
            first();
            if !dialog.open() {
                dialog.show_modal().ok();
            }
        });
    }
}

impl Overlay {
    /// Puts it in context.
    pub fn provide() -> Self {
        let overlay = Self { find: Sheet::new(), keys: Sheet::new() };
        provide_context(overlay);
        overlay
    }

    /// Opens the palette, or closes it.
    pub fn toggle(self) {
        self.close_keys();
        if self.find.is_open() {
            self.find.close();
        } else {
            self.find.opened.update(|opened| *opened += 1);
        }
    }

    /// Opens the list of keys.
    pub fn show_keys(self) {
        self.close();
        self.keys.opened.update(|opened| *opened += 1);
    }

    /// Closes the palette.
    pub fn close(self) {
        self.find.close();
    }

    /// Closes the list of keys.
    pub fn close_keys(self) {
        self.keys.close();
    }

    /// Whether one of them was ever opened.
    pub fn is_wanted(self) -> bool {
        self.was_opened() || self.keys.opened.get() > 0
    }

    /// Whether the palette was ever opened.
    pub(super) fn was_opened(self) -> bool {
        self.find.opened.get() > 0
    }

    /// Where the palette is drawn; it is told before it is shown.
    pub(super) fn find(self, first: impl Fn() + 'static) -> NodeRef<Dialog> {
        self.find.follow(first);
        self.find.place
    }

    /// Where the list of keys is drawn.
    pub(super) fn keys(self) -> NodeRef<Dialog> {
        self.keys.follow(|| {});
        self.keys.place
    }
}
