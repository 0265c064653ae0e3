//! A row's figures, which move: what is told of them, and what is only read.

use crate::prelude::*;
use model::{Quantity, StockRow};
use std::sync::Arc;

/// The figures of a row that live updates touch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// What is there.
    pub on_hand: Quantity,
    /// Of that, what is promised.
    pub reserved: Quantity,
    /// Of what is there, what must not be sold; as it was when the row was read.
    pub barred: Quantity,
    /// What is on its way here, likewise.
    pub incoming: Quantity,
    /// What customers were promised and is still to come, likewise.
    pub backordered: Quantity,
    /// What is available in other places of the store, likewise.
    pub elsewhere: Quantity,
    /// How many can be made now, of a kit; nothing of it is there, promised or to come.
    pub made: Option<i64>,
    /// The balance's turn: news with a lower one is old.
    pub version: i64,
}

impl Figures {
    /// What can still be promised.
    #[must_use]
    pub fn available(self) -> Quantity {
        if let Some(made) = self.made {
            return Quantity::whole(made);
        }
        Quantity::from_parts(self.on_hand.parts() - self.reserved.parts() - self.barred.parts())
    }

    /// What there will be when all of it has come, and those who wait have got theirs.
    #[must_use]
    pub fn projected(self) -> Quantity {
        Quantity::from_parts(self.available().parts() + self.incoming.parts() - self.backordered.parts())
    }

    /// That figure, unless it is one that a kit does not have.
    #[must_use]
    pub fn unless_kit(self, figure: Quantity) -> Option<Quantity> {
        self.made.is_none().then_some(figure)
    }

    /// These, with what is only read as it was read there.
    fn reading(self, read: Self) -> Self {
        let Self { barred, incoming, backordered, elsewhere, .. } = read;
        Self { barred, incoming, backordered, elsewhere, ..self }
    }
}

/// A row on the screen.
#[derive(Clone)]
pub struct Live {
    /// What does not move.
    pub row: Arc<StockRow>,
    /// What does.
    pub figures: ArcRwSignal<Figures>,
    /// How often it changed while shown; each time it lights up.
    pub changes: ArcRwSignal<u32>,
}

impl PartialEq for Live {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.row, &other.row)
    }
}

impl Live {
    /// A row as it was read.
    #[must_use]
    pub fn new(row: StockRow) -> Self {
        let figures = Figures {
            on_hand: row.on_hand,
            reserved: row.reserved,
            barred: row.barred,
            incoming: row.incoming,
            backordered: row.backordered,
            elsewhere: row.elsewhere,
            made: row.kit.as_ref().map(|kit| kit.available),
            version: row.turn(),
        };
        Self { row: Arc::new(row), figures: ArcRwSignal::new(figures), changes: ArcRwSignal::new(0) }
    }

    /// What is told by no change of a balance, as it was read just now.
    pub fn read(&self, read: Figures) {
        let known = self.figures.get_untracked();
        let now = known.reading(read);
        if now != known {
            self.figures.set(now);
        }
    }

    /// Takes news in; `false` when it was older than what is known.
    pub fn take(&self, news: Figures, light: bool) -> bool {
        let known = self.figures.get_untracked();
        if news.version <= known.version {
            return false;
        }
        self.figures.set(Figures { made: known.made, ..news.reading(known) });
        if light {
            self.light();
        }
        true
    }

    /// So many can be made of it now, or it is no kit.
    pub fn make(&self, made: Option<i64>) {
        if self.figures.with_untracked(|figures| figures.made) != made {
            self.figures.update(|figures| figures.made = made);
            self.light();
        }
    }

    fn light(&self) {
        self.changes.update(|changes| *changes = changes.wrapping_add(1));
    }
}
