//! One line of a till's file, and how it is read: the four rules of `fixtures/README.md`.

use csv::ByteRecord;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use model::{Flaw, Money, Quantity, Time};
use serde::Serialize;

/// The columns, in order.
pub(super) const COLUMNS: [&str; 8] =
    ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"];

/// What a line says that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// Goods to a customer.
    Sale,
    /// Goods back from a customer.
    Return,
    /// The shelf corrected.
    Adjustment,
}

impl LineKind {
    /// The word in ids and messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sale => "sale",
            Self::Return => "return",
            Self::Adjustment => "adjustment",
        }
    }
}

/// Why a line was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftOut {
    /// Bad debt and the like: the price is negative or the invoice starts with `A`.
    NotStock,
    /// A line about nothing, or a return of less than nothing.
    NoQuantity,
}

/// What is to be done with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Post(LineKind),
    Leave(LeftOut),
}

/// A line, its fields parsed.
#[derive(Debug)]
pub(super) struct Line {
    pub invoice: String,
    pub code: String,
    pub description: String,
    pub quantity: Quantity,
    pub at: Time,
    pub price: Money,
    pub verdict: Verdict,
}

/// Reads lines one after another; the till's clock is London's.
pub(super) struct Clock {
    zone: TimeZone,
    last: (String, Time),
}

impl Clock {
    pub(super) fn london() -> Option<Self> {
        let zone = TimeZone::get("Europe/London").ok()?;
        Some(Self { zone, last: (String::new(), Time::default()) })
    }

    /// `2010-12-01 08:26:00` on the till's clock as a moment. In the hour that spring skips the clock was not put
    /// forward yet; in the hour that autumn repeats it is the first one.
    fn moment(&mut self, text: &str) -> Option<Time> {
        if self.last.0 != text {
            let local: DateTime = text.parse().ok()?;
            let moment = self.zone.to_ambiguous_timestamp(local).compatible().ok()?;
            self.last = (text.to_owned(), Time::from_micros(moment.as_microsecond()));
        }
        Some(self.last.1)
    }

    /// Reads one record, or says which column is wrong and why.
    pub(super) fn line(&mut self, record: &ByteRecord) -> Result<Line, Flaw> {
        let fields: Vec<String> = record.iter().map(text).collect();
        let [invoice, code, description, quantity, at, price, customer, _country] = &fields[..] else {
            let message = format!("this line has {} columns, not {}", fields.len(), COLUMNS.len());
            return Err(Flaw::new("", "columns", message));
        };
        if fields.iter().any(|field| field.contains(['\n', '\0'])) {
            return Err(Flaw::new("", "unbalanced_quote", "a quoted text is not closed on its line"));
        }
        let line = Line {
            invoice: named("InvoiceNo", invoice, 48)?,
            code: named("StockCode", code, 64)?,
            description: clean(description),
            quantity: number("Quantity", quantity)?,
            at: self.moment(at).ok_or_else(|| wrong("InvoiceDate", at, "a time such as 2010-12-01 08:26:00"))?,
            price: number("UnitPrice", price)?,
            verdict: Verdict::Leave(LeftOut::NotStock),
        };
        within_bounds(&line)?;
        let verdict = line.judge(!customer.trim().is_empty());
        Ok(Line { verdict, ..line })
    }
}

impl Line {
    fn judge(&self, has_customer: bool) -> Verdict {
        if self.price < Money::ZERO || self.invoice.starts_with('A') {
            return Verdict::Leave(LeftOut::NotStock);
        }
        if self.quantity == Quantity::ZERO {
            return Verdict::Leave(LeftOut::NoQuantity);
        }
        if self.invoice.starts_with('C') {
            let back = self.quantity.is_negative();
            return if back { Verdict::Post(LineKind::Return) } else { Verdict::Leave(LeftOut::NoQuantity) };
        }
        let paid = self.price > Money::ZERO || has_customer;
        let sold = !self.quantity.is_negative() && paid;
        Verdict::Post(if sold { LineKind::Sale } else { LineKind::Adjustment })
    }
}

/// A code that is not five digits plus at most two letters is a service: postage, a fee, a voucher.
pub(super) fn is_service(code: &str) -> bool {
    let Some((digits, letters)) = code.as_bytes().split_at_checked(5) else { return true };
    let stocked = digits.iter().all(u8::is_ascii_digit) && letters.iter().all(u8::is_ascii_alphabetic);
    !stocked || letters.len() > 2
}

/// UTF-8, or else Latin-1, which some exports of such tills are.
fn text(field: &[u8]) -> String {
    match std::str::from_utf8(field) {
        Ok(text) => text.to_owned(),
        Err(_) => field.iter().map(|&byte| char::from(byte)).collect(),
    }
}

/// Spaces trimmed, control characters gone, at most 200 characters.
fn clean(text: &str) -> String {
    let kept: String = text.chars().filter(|c| !c.is_control()).collect();
    kept.trim().chars().take(200).collect::<String>().trim_end().to_owned()
}

fn named(column: &str, text: &str, longest: usize) -> Result<String, Flaw> {
    let trimmed = text.trim();
    let fits = !trimmed.is_empty() && trimmed.chars().count() <= longest && !trimmed.chars().any(char::is_control);
    if fits { Ok(trimmed.to_owned()) } else { Err(wrong(column, text, &format!("1 to {longest} visible characters"))) }
}

fn number<N: std::str::FromStr>(column: &str, text: &str) -> Result<N, Flaw> {
    text.trim().parse().map_err(|_| wrong(column, text, "a decimal number such as 6 or 2.55"))
}

fn within_bounds(line: &Line) -> Result<(), Flaw> {
    if line.quantity.abs() > Quantity::LINE_MAX {
        return Err(wrong("Quantity", &line.quantity.to_string(), "at most 1000000000"));
    }
    if line.price > Money::PRICE_MAX {
        return Err(wrong("UnitPrice", &line.price.to_string(), "at most 1000000000"));
    }
    Ok(())
}

fn wrong(column: &str, text: &str, needed: &str) -> Flaw {
    let shown: String = text.chars().take(40).collect();
    Flaw::new(column, "invalid_value", format!("{column} is {shown:?}; it needs {needed}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fields: [&str; 8]) -> Result<Line, Flaw> {
        Clock::london().expect("London is bundled").line(&ByteRecord::from(fields.to_vec()))
    }

    fn verdict(invoice: &str, quantity: &str, price: &str, customer: &str) -> Verdict {
        let at = "2010-12-01 08:26:00";
        read([invoice, "85123A", " X ", quantity, at, price, customer, "UK"]).expect("it is sound").verdict
    }

    #[test]
    fn the_four_rules_in_their_order() {
        use LineKind::{Adjustment, Return, Sale};
        assert_eq!(verdict("A563185", "1", "11062.06", ""), Verdict::Leave(LeftOut::NotStock));
        assert_eq!(verdict("536365", "1", "-1", "17850.0"), Verdict::Leave(LeftOut::NotStock));
        assert_eq!(verdict("C536379", "-1", "27.50", "14527.0"), Verdict::Post(Return));
        assert_eq!(verdict("536365", "6", "2.55", ""), Verdict::Post(Sale));
        assert_eq!(verdict("536365", "6.0", "0.0", "17850.0"), Verdict::Post(Sale));
        assert_eq!(verdict("536365", "6", "0.0", ""), Verdict::Post(Adjustment));
        assert_eq!(verdict("536365", "-6", "2.55", "17850.0"), Verdict::Post(Adjustment));
        assert_eq!(verdict("536365", "0", "2.55", ""), Verdict::Leave(LeftOut::NoQuantity));
    }

    #[test]
    fn goods_and_services_are_told_apart_by_their_code() {
        for code in ["85123A", "22423", "15056BL", "84029e"] {
            assert!(!is_service(code), "{code}");
        }
        for code in ["POST", "C2", "M", "gift_0001_20", "BANK CHARGES", "1234", "123456", "85123ABC", "8512A"] {
            assert!(is_service(code), "{code}");
        }
    }

    #[test]
    fn the_clock_is_londons_also_where_it_jumps() {
        let mut clock = Clock::london().expect("London is bundled");
        let mut moment = |text| clock.moment(text).map(|moment| moment.to_string());
        assert_eq!(moment("2010-12-01 08:26:00").as_deref(), Some("2010-12-01T08:26:00Z"));
        assert_eq!(moment("2011-05-01 10:51:00").as_deref(), Some("2011-05-01T09:51:00Z"));
        assert_eq!(moment("2011-03-27 01:30:00").as_deref(), Some("2011-03-27T01:30:00Z"));
        assert_eq!(moment("2010-10-31 01:30:00").as_deref(), Some("2010-10-31T00:30:00Z"));
        assert_eq!(moment("2010-02-30 01:30:00"), None);
    }

    #[test]
    fn latin_1_reads_as_well_as_utf_8() {
        assert_eq!(text("£20".as_bytes()), "£20");
        assert_eq!(text(b"\xa320"), "£20");
    }

    #[test]
    fn a_wrong_column_is_named() {
        let at = "2010-12-01 08:26:00";
        let field = |fields| read(fields).expect_err("it is wrong").field;
        assert_eq!(field(["1", "a", "", "six", at, "1", "", ""]), "Quantity");
        assert_eq!(field(["1", "a", "", "6", "1/12/2010", "1", "", ""]), "InvoiceDate");
        assert_eq!(field(["1", "a", "", "6", at, "1,5", "", ""]), "UnitPrice");
        assert_eq!(field(["", "a", "", "6", at, "1", "", ""]), "InvoiceNo");
        assert_eq!(field(["1", "", "", "6", at, "1", "", ""]), "StockCode");
    }
}
