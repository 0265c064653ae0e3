//! Many postings folded into few rows, in memory: what a batch adds to each figure.

use inventory::{Behind, Posted};
use model::{DocumentKind, ItemId, ReceiptLine, SaleLine, StoreId};
use std::collections::BTreeMap;

/// A figure beyond this is left out: no till writes it, and sums of what remains stay inside 64 bits.
pub const FIGURE_MAX: i64 = 1_000_000_000_000_000_000;

/// What a posting counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counts {
    /// A sale.
    Sale,
    /// A return.
    Return,
    /// An adjustment.
    Adjustment,
}

/// One line of a posting. Sold is above zero, brought back below; adjusted is how the stock changed.
#[derive(Clone, Debug)]
pub struct SeenLine {
    /// The item.
    pub item: ItemId,
    /// Its stock keeping unit.
    pub sku: String,
    /// Its name at that time.
    pub name: String,
    /// Stocked, or a service.
    pub stocked: bool,
    /// In 1/100 000 of its unit.
    pub quantity: i64,
    /// In millionths.
    pub value: i64,
    /// It left in a kit, whose line is there too: it counts for its own item only.
    pub part: bool,
}

/// A posting as the reports see it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Where.
    pub store: StoreId,
    /// When, on the store's clock: `2026-11-22T14:05`.
    pub local: String,
    /// As what.
    pub counts: Counts,
    /// The undoing of one: it is taken off the figures of its own day.
    pub undoes: bool,
    /// Its lines.
    pub lines: Vec<SeenLine>,
}

impl Seen {
    /// What the reports see in a posting; `None` for deliveries, what goes back of them, and what is moved.
    pub fn of(posted: &Posted) -> Option<Self> {
        let counts = match posted.effect {
            DocumentKind::Sale => Counts::Sale,
            DocumentKind::Return => Counts::Return,
            DocumentKind::Adjustment => Counts::Adjustment,
            DocumentKind::Receipt | DocumentKind::Reversal | DocumentKind::SupplierReturn | DocumentKind::Transfer => {
                return None;
            }
        };
        let lines = match posted.sale("") {
            Some(sale) => sale.lines.into_iter().map(SeenLine::from).collect(),
            None => posted.lines().map(adjusted).collect(),
        };
        let undoes = posted.receipt.kind == DocumentKind::Reversal;
        Some(Self { store: posted.store, local: posted.local.clone(), counts, undoes, lines })
    }
}

impl From<SaleLine> for SeenLine {
    fn from(line: SaleLine) -> Self {
        Self {
            item: line.item,
            sku: line.sku,
            name: line.name,
            stocked: line.stocked,
            quantity: line.quantity.parts(),
            value: line.value.parts(),
            part: line.part,
        }
    }
}

fn adjusted((line, behind): (&ReceiptLine, Behind<'_>)) -> SeenLine {
    SeenLine {
        item: behind.item(),
        sku: line.sku.clone(),
        name: line.name.clone(),
        stocked: behind.movements().iter().all(|moved| moved.stocked),
        quantity: line.quantity.parts(),
        value: 0,
        part: false,
    }
}

/// An item's names, as last seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its stock keeping unit.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Stocked, or a service.
    pub stocked: bool,
}

/// `[sold, gross, returned, refunded]` of an item on a day.
pub type ItemDay = [i64; 4];
/// `[sales, sale lines, sold, gross, returns, return lines, returned, refunded, adjustments, lines, adjusted]` of a day.
pub type Day = [i64; 11];
/// `[sales, quantity, value]` of an hour.
pub type Hour = [i64; 3];
/// `[sales, value]` of a minute.
pub type Minute = [i64; 2];

/// What a batch of postings adds.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Fold {
    /// The items seen.
    pub items: BTreeMap<ItemId, Named>,
    /// By store, day and item.
    pub item_days: BTreeMap<(StoreId, String, ItemId), ItemDay>,
    /// By store and day.
    pub days: BTreeMap<(StoreId, String), Day>,
    /// By store and hour.
    pub hours: BTreeMap<(StoreId, String), Hour>,
    /// By store and minute.
    pub minutes: BTreeMap<(StoreId, String), Minute>,
    /// New names of items that are not in `items`.
    pub renamed: BTreeMap<ItemId, String>,
}

impl Fold {
    /// Takes in one posting, whatever it is.
    pub fn take(&mut self, posted: &Posted) {
        if let Some(seen) = Seen::of(posted) {
            self.add(&seen);
        }
    }

    /// Adds one posting. One whose time is not `YYYY-MM-DDTHH…` belongs to no day and is left out.
    pub fn add(&mut self, seen: &Seen) {
        let (Some(day), Some(hour)) = (seen.local.get(..10), seen.local.get(..13)) else { return };
        let documents = if seen.undoes { -1 } else { 1 };
        let own = || seen.lines.iter().filter(|line| !line.part);
        let lines = i64::try_from(own().count()).unwrap_or(i64::MAX).saturating_mul(documents);
        let (quantity, value) = own().fold((0, 0), |sum: (i64, i64), line| {
            (sum.0.saturating_add(line.quantity), sum.1.saturating_add(line.value))
        });
        let figures = self.days.entry((seen.store, day.to_owned())).or_default();
        match seen.counts {
            Counts::Sale => add(&mut figures[..4], &[documents, lines, quantity, value]),
            Counts::Return => add(&mut figures[4..8], &[documents, lines, quantity, value]),
            Counts::Adjustment => return add(&mut figures[8..], &[documents, lines, quantity]),
        }
        let sales = if seen.counts == Counts::Sale { documents } else { 0 };
        add(self.hours.entry((seen.store, hour.to_owned())).or_default(), &[sales, quantity, value]);
        if let Some(minute) = seen.local.get(..16) {
            add(self.minutes.entry((seen.store, minute.to_owned())).or_default(), &[sales, value]);
        }
        seen.lines.iter().for_each(|line| self.add_line(seen, day, line));
    }

    /// An item has that name from now on.
    pub fn rename(&mut self, item: ItemId, name: String) {
        match self.items.get_mut(&item) {
            Some(named) => named.name = name,
            None => drop(self.renamed.insert(item, name)),
        }
    }

    fn add_line(&mut self, seen: &Seen, day: &str, line: &SeenLine) {
        let named = Named { sku: line.sku.clone(), name: line.name.clone(), stocked: line.stocked };
        self.renamed.remove(&line.item);
        self.items.insert(line.item, named);
        let figures = self.item_days.entry((seen.store, day.to_owned(), line.item)).or_default();
        let half = if seen.counts == Counts::Sale { 0 } else { 2 };
        add(&mut figures[half..half + 2], &[line.quantity, line.value]);
    }
}

/// Adds to each figure, as the database does: what would leave the range is left out.
pub fn add(figures: &mut [i64], more: &[i64]) {
    for (figure, more) in figures.iter_mut().zip(more) {
        *figure = figure.checked_add(*more).filter(|sum| sum.abs() <= FIGURE_MAX).unwrap_or(*figure);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sale(local: &str, quantity: i64) -> Seen {
        let line = SeenLine {
            item: ItemId::new(),
            sku: "A".into(),
            name: "A".into(),
            stocked: true,
            quantity,
            value: 7,
            part: false,
        };
        Seen { store: StoreId::new(), local: local.into(), counts: Counts::Sale, undoes: false, lines: vec![line] }
    }

    #[test]
    fn a_sale_counts_in_its_hour_its_day_and_its_item() {
        let mut fold = Fold::default();
        let seen = sale("2026-11-22T14:05", 3);
        fold.add(&seen);
        assert_eq!(fold.hours[&(seen.store, "2026-11-22T14".into())], [1, 3, 7]);
        assert_eq!(fold.days[&(seen.store, "2026-11-22".into())][..4], [1, 1, 3, 7]);
        assert_eq!(fold.item_days[&(seen.store, "2026-11-22".into(), seen.lines[0].item)], [3, 7, 0, 0]);
    }

    #[test]
    fn a_sale_undone_leaves_nothing_but_zeros() {
        let mut fold = Fold::default();
        let seen = sale("2026-11-22T14:05", 3);
        let mut undo = Seen { undoes: true, ..seen.clone() };
        undo.lines[0].quantity = -3;
        undo.lines[0].value = -7;
        fold.add(&seen);
        fold.add(&undo);
        assert!(fold.days.values().flatten().all(|figure| *figure == 0), "{fold:?}");
        assert!(fold.hours.values().flatten().all(|figure| *figure == 0), "{fold:?}");
        assert!(fold.item_days.values().flatten().all(|figure| *figure == 0), "{fold:?}");
    }

    #[test]
    fn what_is_in_a_kit_counts_for_its_item_and_not_once_more_for_the_day() {
        let mut seen = sale("2026-11-22T14:05", 3);
        let part = SeenLine { item: ItemId::new(), quantity: 6, value: 0, part: true, ..seen.lines[0].clone() };
        seen.lines.push(part);
        let mut fold = Fold::default();
        fold.add(&seen);
        assert_eq!(fold.days[&(seen.store, "2026-11-22".into())][..4], [1, 1, 3, 7]);
        assert_eq!(fold.item_days[&(seen.store, "2026-11-22".into(), seen.lines[1].item)], [6, 0, 0, 0]);
    }

    #[test]
    fn an_adjustment_is_no_sale() {
        let mut fold = Fold::default();
        fold.add(&Seen { counts: Counts::Adjustment, ..sale("2026-11-22T14:05", -3) });
        assert!(fold.hours.is_empty() && fold.item_days.is_empty());
        assert_eq!(fold.days.values().next().map(|day| day[8..].to_vec()), Some(vec![1, 1, -3]));
    }

    #[test]
    fn a_figure_that_no_till_writes_does_not_stop_the_others() {
        let mut figures = [FIGURE_MAX, 1];
        add(&mut figures, &[1, 1]);
        add(&mut figures, &[i64::MAX, i64::MIN]);
        assert_eq!(figures, [FIGURE_MAX, 2]);
    }
}
