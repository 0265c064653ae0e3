//! What a scanned text is: an item's number, a GS1 label, an in-store label with its weight or price, or a plain code.

mod date;
mod element;
mod fault;
mod label;
mod link;
mod measured;
mod table;

pub use date::{Date, NotADate};
pub use fault::{Fault, Wrong};
pub use label::{Element, Label, Payable, Place};
pub use measured::{Measure, Measured, Rule, ScaleLabel, Value};

use crate::gtin::{Gtin, NotGtin, is_digits};
use serde::{Deserialize, Serialize};

/// The most bytes of a scanned text.
pub const TEXT_MAX: usize = 1024;

/// A scanned text, understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scan {
    /// How it was written.
    pub form: Form,
    /// What it says.
    pub says: Says,
}

/// How a code is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Eight digits.
    Ean8,
    /// Eight digits that stand for twelve.
    UpcE,
    /// Twelve digits.
    UpcA,
    /// Thirteen digits.
    Ean13,
    /// Fourteen digits, as ITF-14 has them.
    Gtin14,
    /// A GS1 element string: GS1-128, GS1 DataMatrix, GS1 QR, GS1 `DataBar`, or written in brackets.
    ElementString,
    /// A GS1 Digital Link.
    DigitalLink,
    /// None of these.
    Plain,
}

/// What a code says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Says {
    /// An item's number.
    Item {
        /// The number.
        gtin: Gtin,
        /// Of eight digits that are right as an EAN-8 and as a UPC-E, the other one's number: one of them is known.
        or: Option<Gtin>,
    },
    /// An item of varying measure.
    Measured(Measured),
    /// A GS1 label.
    Label(Box<Label>),
    /// A code that only its owner understands, without a symbology identifier and space around it.
    Code(String),
}

impl Scan {
    /// The item's number, the same for every form of a code; for an in-store label, that of [`Measured::base`]. `None`
    /// for plain codes and for labels that name no item.
    #[must_use]
    pub fn gtin(&self) -> Option<Gtin> {
        match &self.says {
            Says::Item { gtin, .. } => Some(*gtin),
            Says::Measured(measured) => Some(measured.base),
            Says::Label(label) => label.gtin,
            Says::Code(_) => None,
        }
    }
}

/// All texts that may mean the same as this code: itself, and what its number may be written as. Eight digits may be an
/// EAN-8 and a UPC-E (those that end with 5 to 9 and the check digit always are): then what either number may be.
#[must_use]
pub fn twins(code: &str) -> Vec<String> {
    let numbers = [code.parse().ok(), Gtin::from_upc_e(code).ok()].into_iter().flatten();
    let mut twins: Vec<String> = numbers.flat_map(Gtin::forms).collect();
    twins.push(code.to_owned());
    twins.sort();
    twins.dedup();
    twins
}

/// Understands a scanned or typed text. `this_year` decides the century of days on labels; `rules` say how the store's
/// own scales print theirs.
///
/// A symbology identifier (`]C1` and the like, ISO/IEC 15424) is heeded. Without one, a text of 8, 12, 13 or 14 digits
/// is an item's number; one with a separator, in brackets, or beginning with 00, 01 or 02 and as many digits as belong
/// to them is an element string; one that reads as an element string with an item or a load in it is one. A store's own
/// code may look like any of these with a wrong check digit: look for the exact text first.
///
/// # Errors
/// [`Fault`] says what is wrong with a text that is meant to be a GS1 code, and where.
pub fn read(text: &str, this_year: u16, rules: &[Rule]) -> Result<Scan, Fault> {
    let (symbology, code) = parted(text.trim_matches(|c: char| c.is_ascii_whitespace()));
    if code.is_empty() {
        return Err(Fault::new(Wrong::Empty, "", 0));
    }
    if code.len() > TEXT_MAX {
        return Err(Fault::new(Wrong::TooLong, "", 0));
    }
    if let Some(label) = link::read(text, code, this_year) {
        return label.map(|label| labelled(Form::DigitalLink, label));
    }
    if element::bracketed(code).is_some() {
        return element::read_bracketed(text, code, this_year).map(|label| labelled(Form::ElementString, label));
    }
    match symbology {
        "C1" | "d2" | "Q3" | "J1" | "e0" | "e1" | "e2" | "e3" => elements(text, code, this_year),
        "E0" => number(code, Some(Form::UpcE), rules),
        // The digits of an add-on, a magazine's issue or price, follow those of the item.
        "E3" => number(without_add_on(code), None, rules),
        "E4" => number(code, Some(Form::Ean8), rules),
        _ => unidentified(text, code, this_year, rules),
    }
}

/// The symbology identifier without its bracket, and what follows it: a letter and a digit or letter.
fn parted(text: &str) -> (&str, &str) {
    let identifier = text.strip_prefix(']').and_then(|rest| rest.split_at_checked(2));
    match identifier {
        Some((identifier, code)) if starts_as_symbology(identifier) => (identifier, code),
        _ => ("", text),
    }
}

fn starts_as_symbology(identifier: &str) -> bool {
    identifier.starts_with(|c: char| c.is_ascii_alphabetic())
        && identifier.ends_with(|c: char| c.is_ascii_alphanumeric())
}

/// A UPC-A or EAN-13 without the two or five digits of an add-on.
fn without_add_on(code: &str) -> &str {
    let size = match code.len() {
        14 | 17 => 12,
        15 | 18 => 13,
        size => size,
    };
    code.get(..size).unwrap_or(code)
}

fn labelled(form: Form, label: Label) -> Scan {
    Scan { form, says: Says::Label(Box::new(label)) }
}

fn elements(text: &str, code: &str, this_year: u16) -> Result<Scan, Fault> {
    element::read(text, code, this_year).map(|label| labelled(Form::ElementString, label))
}

/// A text of which nothing is known but itself.
fn unidentified(text: &str, code: &str, this_year: u16, rules: &[Rule]) -> Result<Scan, Fault> {
    if matches!(code.len(), 8 | 12..=14) && is_digits(code) {
        return number(code, None, rules);
    }
    if code.contains(element::SEPARATOR) || begins_with_key(code) {
        return elements(text, code, this_year);
    }
    let named = |label: &Label| label.gtin.is_some() || label.sscc.is_some();
    Ok(match element::read(text, code, this_year) {
        Ok(label) if named(&label) => labelled(Form::ElementString, label),
        _ => Scan { form: Form::Plain, says: Says::Code(code.to_owned()) },
    })
}

/// Whether an element string seems to begin with a load's or an item's number.
fn begins_with_key(code: &str) -> bool {
    let size = match code.get(..2) {
        Some("00") => 20,
        Some("01" | "02") => 16,
        _ => return false,
    };
    code.get(..size).is_some_and(is_digits)
}

/// A trade item's number on its own, of eight digits in that form when it is known.
fn number(code: &str, eight: Option<Form>, rules: &[Rule]) -> Result<Scan, Fault> {
    if code.len() == 8 {
        return eight_digits(code, eight);
    }
    let gtin = code.parse::<Gtin>().map_err(|wrong| not_gtin(code, wrong))?;
    let form = match code.len() {
        12 => Form::UpcA,
        13 => Form::Ean13,
        _ => Form::Gtin14,
    };
    match measured::read(gtin, rules).filter(|_| form != Form::Gtin14) {
        Some(measured) => Ok(Scan { form, says: Says::Measured(measured?) }),
        None => Ok(Scan { form, says: Says::Item { gtin, or: None } }),
    }
}

/// An EAN-8 or a UPC-E. What is told of a wrong one is the last digit of the form that it is known to have, else of an
/// EAN-8.
fn eight_digits(code: &str, known: Option<Form>) -> Result<Scan, Fault> {
    let item = |form: Form, gtin: Gtin, or: Option<Gtin>| Ok(Scan { form, says: Says::Item { gtin, or } });
    let (ean, upc) = (code.parse::<Gtin>(), Gtin::from_upc_e(code));
    match (known, ean, upc) {
        (Some(Form::UpcE), _, Ok(upc)) | (None, Err(_), Ok(upc)) => item(Form::UpcE, upc, None),
        (None, Ok(ean), upc) => item(Form::Ean8, ean, upc.ok()),
        (Some(_), Ok(ean), _) => item(Form::Ean8, ean, None),
        (Some(Form::UpcE), Err(_), Err(wrong @ NotGtin::CheckDigit(_))) => Err(not_gtin(code, wrong)),
        (_, Err(wrong), _) => Err(not_gtin(code, wrong)),
    }
}

fn not_gtin(code: &str, wrong: NotGtin) -> Fault {
    let wrong = match wrong {
        NotGtin::CheckDigit(right) => Wrong::CheckDigit(right),
        NotGtin::Shape => match code.chars().find(|c| !c.is_ascii_digit()) {
            Some(foreign) => Wrong::Character(foreign),
            None => Wrong::Length { least: 8, most: 14, found: code.len() },
        },
    };
    Fault::new(wrong, "", 0)
}

/// Where a part of a text begins in it, in bytes.
fn offset(whole: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(whole.as_ptr() as usize)
}

#[cfg(test)]
mod tests;
