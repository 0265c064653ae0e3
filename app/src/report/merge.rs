//! A sale just heard of, added to the figures on the screen.

use super::day;
use model::{Dashboard, DocumentKind, Money, MostSold, Quantity, SaleLine, SaleSeen};

/// What adding a sale led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Merged {
    /// It belongs to another day or store.
    Elsewhere,
    /// It belongs to a later day: the one that is shown is over.
    Later,
    /// The figures are true again.
    Whole,
    /// The sums are true; which items sold most has to be asked, because one came up whose earlier sales are unknown.
    RankUnsure,
}

/// Rows in the list of what sold most.
const MOST_SOLD_MAX: usize = 10;

/// Adds what was sold, takes off what came back.
pub fn merge(shown: &mut Dashboard, sale: &SaleSeen) -> Merged {
    if sale.store == shown.store && day::is_over(&shown.day, &sale.local) {
        return Merged::Later;
    }
    if sale.store != shown.store || sale.local.get(..10) != Some(shown.day.as_str()) {
        return Merged::Elsewhere;
    }
    let (quantity, value) = sums(&sale.lines);
    if let Some(hour) = shown.hours.iter_mut().find(|hour| sale.local.starts_with(&hour.hour)) {
        hour.sales += documents(sale.kind, quantity, value);
        hour.quantity = hour.quantity.checked_add(quantity).unwrap_or(hour.quantity);
        hour.value = hour.value.checked_add(value).unwrap_or(hour.value);
    }
    // With fewer rows than the list has room for, an item that is not in it was not sold before.
    let complete = shown.most_sold.len() < MOST_SOLD_MAX;
    let last = shown.most_sold.last().map(|row| row.quantity);
    let mut sure = true;
    for line in sale.lines.iter().filter(|line| line.stocked) {
        sure &= add_line(&mut shown.most_sold, line, complete);
    }
    shown.most_sold.sort_by(|one, other| other.quantity.cmp(&one.quantity).then_with(|| one.sku.cmp(&other.sku)));
    // Had the last one lost something, another one outside the list might now be ahead of it.
    let fell = !complete && shown.most_sold.last().map(|row| row.quantity) < last;
    shown.most_sold.retain(|row| row.quantity > Quantity::ZERO);
    shown.most_sold.truncate(MOST_SOLD_MAX);
    if sure && !fell { Merged::Whole } else { Merged::RankUnsure }
}

/// Adds a line to its row; `false` when its row's earlier figures are unknown.
fn add_line(rows: &mut Vec<MostSold>, line: &SaleLine, complete: bool) -> bool {
    if let Some(row) = rows.iter_mut().find(|row| row.sku == line.sku) {
        row.quantity = row.quantity.checked_add(line.quantity).unwrap_or(row.quantity);
        row.value = row.value.checked_add(line.value).unwrap_or(row.value);
        return true;
    }
    if complete {
        let SaleLine { sku, name, quantity, value, .. } = line.clone();
        rows.push(MostSold { sku, name, quantity, value });
    }
    complete && line.quantity > Quantity::ZERO
}

fn sums(lines: &[SaleLine]) -> (Quantity, Money) {
    lines.iter().filter(|line| !line.part).fold((Quantity::ZERO, Money::ZERO), |(quantity, value), line| {
        (quantity.checked_add(line.quantity).unwrap_or(quantity), value.checked_add(line.value).unwrap_or(value))
    })
}

/// How many sales more: an undone sale, known by what comes back, is one fewer.
fn documents(kind: DocumentKind, quantity: Quantity, value: Money) -> i64 {
    match kind {
        DocumentKind::Sale => 1,
        DocumentKind::Reversal if quantity.is_negative() || value < Money::ZERO => -1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{HourFigure, ItemId, Time};

    fn shown() -> Dashboard {
        let hour = |hour: u32| HourFigure {
            hour: format!("2026-11-22T{hour:02}"),
            sales: 0,
            quantity: Quantity::ZERO,
            value: Money::ZERO,
        };
        Dashboard {
            store: "LON".into(),
            currency: "GBP".into(),
            day: "2026-11-22".into(),
            hours: (0..24).map(hour).collect(),
            most_sold: vec![MostSold {
                sku: "A".into(),
                name: "Heart".into(),
                quantity: Quantity::whole(2),
                value: Money::from_parts(5_000_000),
            }],
            hours_chart: String::new(),
            most_sold_chart: String::new(),
            as_of: 7,
        }
    }

    fn sale(kind: DocumentKind, sku: &str, quantity: i64) -> SaleSeen {
        SaleSeen {
            store: "LON".into(),
            kind,
            occurred_at: Time::from_micros(0),
            local: "2026-11-22T14:05".into(),
            actor: "Ann".into(),
            lines: vec![SaleLine {
                item: ItemId::new(),
                sku: sku.into(),
                name: sku.into(),
                stocked: true,
                quantity: Quantity::whole(quantity),
                value: Money::from_parts(quantity * 2_500_000),
                part: false,
            }],
        }
    }

    #[test]
    fn a_sale_adds_to_its_hour_and_its_item() {
        let mut shown = shown();
        assert_eq!(merge(&mut shown, &sale(DocumentKind::Sale, "A", 3)), Merged::Whole);
        assert_eq!((shown.hours[14].sales, shown.hours[14].quantity), (1, Quantity::whole(3)));
        assert_eq!(shown.most_sold[0].quantity, Quantity::whole(5));
    }

    #[test]
    fn what_left_in_a_kit_counts_for_its_item_and_not_for_the_hour() {
        let mut shown = shown();
        let mut sold = sale(DocumentKind::Sale, "KIT", 1);
        let part = SaleLine { sku: "A".into(), quantity: Quantity::whole(4), part: true, ..sold.lines[0].clone() };
        sold.lines.push(SaleLine { value: Money::ZERO, ..part });
        assert_eq!(merge(&mut shown, &sold), Merged::Whole);
        assert_eq!((shown.hours[14].sales, shown.hours[14].quantity), (1, Quantity::whole(1)));
        assert_eq!((shown.most_sold[0].sku.as_str(), shown.most_sold[0].quantity), ("A", Quantity::whole(6)));
    }

    #[test]
    fn a_return_and_an_undone_sale_take_off() {
        let mut shown = shown();
        merge(&mut shown, &sale(DocumentKind::Sale, "B", 9));
        assert_eq!(shown.most_sold[0].sku, "B");
        merge(&mut shown, &sale(DocumentKind::Reversal, "B", -9));
        assert_eq!((shown.hours[14].sales, shown.most_sold.len()), (0, 1));
        merge(&mut shown, &sale(DocumentKind::Return, "A", -1));
        assert_eq!((shown.hours[14].sales, shown.most_sold[0].quantity), (0, Quantity::whole(1)));
    }

    #[test]
    fn another_day_or_store_does_not_count_here() {
        let mut figures = shown();
        let other_day = SaleSeen { local: "2026-11-21T14:05".into(), ..sale(DocumentKind::Sale, "A", 1) };
        let other_store = SaleSeen { store: "PAR".into(), ..sale(DocumentKind::Sale, "A", 1) };
        assert_eq!(merge(&mut figures, &other_day), Merged::Elsewhere);
        assert_eq!(merge(&mut figures, &other_store), Merged::Elsewhere);
        assert_eq!(figures, shown());
    }

    #[test]
    fn a_sale_after_midnight_says_that_the_day_is_over() {
        let mut figures = shown();
        let next_day = SaleSeen { local: "2026-11-23T00:05".into(), ..sale(DocumentKind::Sale, "A", 1) };
        assert_eq!(merge(&mut figures, &next_day), Merged::Later);
        let there = SaleSeen { store: "PAR".into(), ..next_day };
        assert_eq!(merge(&mut figures, &there), Merged::Elsewhere);
        assert_eq!(figures, shown());
    }

    #[test]
    fn an_item_outside_a_full_list_leaves_the_rank_unsure() {
        let mut shown = shown();
        for sku in ["B", "C", "D", "E", "F", "G", "H", "I", "J"] {
            assert_eq!(merge(&mut shown, &sale(DocumentKind::Sale, sku, 1)), Merged::Whole);
        }
        assert_eq!(merge(&mut shown, &sale(DocumentKind::Sale, "K", 1)), Merged::RankUnsure);
        assert_eq!(merge(&mut shown, &sale(DocumentKind::Return, "J", -1)), Merged::RankUnsure);
        assert_eq!(merge(&mut shown, &sale(DocumentKind::Sale, "A", 1)), Merged::Whole);
    }
}
