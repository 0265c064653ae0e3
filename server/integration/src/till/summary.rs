//! What an import did, in figures that can be laid beside the till's own.

use super::line::{LeftOut, LineKind};
use model::{Flaw, Money, Quantity};
use serde::Serialize;
use std::collections::BTreeMap;

/// Lines of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// Lines.
    pub lines: u64,
    /// Of those, lines about services.
    pub services: u64,
    /// Documents: invoices with such lines.
    pub documents: u64,
    /// Σ quantity, with the file's sign.
    pub units: Quantity,
    /// Σ quantity × price, with the file's sign.
    pub value: Money,
}

impl Figures {
    pub(super) fn add(&mut self, quantity: Quantity, price: Money, is_service: bool) -> Result<(), Flaw> {
        let value = price.checked_times(quantity).and_then(|value| self.value.checked_add(value));
        let (Some(units), Some(value)) = (self.units.checked_add(quantity), value) else {
            return Err(Flaw::new("", "too_much", "the totals are beyond what can be counted"));
        };
        (self.units, self.value) = (units, value);
        self.lines += 1;
        self.services += u64::from(is_service);
        Ok(())
    }
}

/// What an import did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// The store's code.
    pub store: String,
    /// The files' names.
    pub files: Vec<String>,
    /// Lines read, headers not counted.
    pub lines: u64,
    /// What customers took.
    pub sales: Figures,
    /// What customers brought back (below zero).
    pub returns: Figures,
    /// What the shelf was corrected by.
    pub adjustments: Figures,
    /// Lines left out, by reason.
    pub left_out: BTreeMap<LeftOut, u64>,
    /// Items that were new here.
    pub items_added: u64,
    /// Documents posted now.
    pub posted: u64,
    /// Documents that an earlier import had posted: nothing changed for them.
    pub known: u64,
    /// How long it took, in milliseconds.
    pub elapsed_ms: u64,
}

impl Summary {
    /// Sales without returns.
    #[must_use]
    pub const fn gross(&self) -> Money {
        self.sales.value
    }

    /// Sales and returns together.
    #[must_use]
    pub fn net(&self) -> Money {
        Money::from_parts(self.sales.value.parts().saturating_add(self.returns.value.parts()))
    }

    /// Did an earlier import do all of this?
    #[must_use]
    pub const fn is_repeat(&self) -> bool {
        self.posted == 0
    }
}

impl std::fmt::Display for Summary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{} lines of {} into {}", self.lines, self.files.join(", "), self.store)?;
        let kinds = [
            (LineKind::Sale, &self.sales),
            (LineKind::Return, &self.returns),
            (LineKind::Adjustment, &self.adjustments),
        ];
        for (kind, figures) in kinds {
            let Figures { lines, documents, units, .. } = figures;
            writeln!(f, "  {:<11} {lines:>8} lines {documents:>7} documents {units:>10} units", kind.name())?;
        }
        writeln!(f, "  gross {}, returns {}, net {}", self.gross(), self.returns.value, self.net())?;
        for (why, lines) in &self.left_out {
            writeln!(f, "  left out: {lines} lines, {}", reason(*why))?;
        }
        if self.is_repeat() {
            return write!(f, "  nothing changed: these {} documents were imported before", self.known);
        }
        write!(f, "  posted {} documents", self.posted)?;
        if self.known > 0 {
            write!(f, "; {} were imported before", self.known)?;
        }
        write!(f, "; {} new items; {}.{:03} s", self.items_added, self.elapsed_ms / 1_000, self.elapsed_ms % 1_000)
    }
}

const fn reason(why: LeftOut) -> &'static str {
    match why {
        LeftOut::NotStock => "not a stock matter (a price below zero, or an invoice A…)",
        LeftOut::NoQuantity => "a quantity of zero, or a return of less than nothing",
    }
}
