//! What a GS1 label says: item, lot, serial, days, counts, weight, amount, load, places.

use super::{Date, Fault, Wrong, table};
use crate::{Gtin, Money, Quantity};
use serde::{Deserialize, Serialize};

/// What the element strings of a GS1 label say, each checked by its own rules (GS1 General Specifications, 3.2).
/// What it does not say is `None`. Whether the elements fit together is not looked at: a label may be spread over
/// several barcodes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Label {
    /// The item (01).
    pub gtin: Option<Gtin>,
    /// The lot or batch (10): 1 to 20 characters.
    pub lot: Option<String>,
    /// The serial number (21): 1 to 20 characters.
    pub serial: Option<String>,
    /// Made on (11).
    pub produced: Option<Date>,
    /// Packed on (13).
    pub packed: Option<Date>,
    /// Best before (15).
    pub best_before: Option<Date>,
    /// To be sold by (16).
    pub sell_by: Option<Date>,
    /// Not to be used after (17).
    pub expiry: Option<Date>,
    /// How many pieces are in an item whose count varies (30).
    pub count: Option<u32>,
    /// Net weight in kilograms (310n).
    pub weight: Option<Quantity>,
    /// What is to be paid (392n, 393n).
    pub amount: Option<Payable>,
    /// The load's number, SSCC (00): 18 digits, the last of them right.
    pub sscc: Option<String>,
    /// The item that the load consists of (02).
    pub contained: Option<Gtin>,
    /// How many of [`Self::contained`] it holds (37).
    pub contained_count: Option<u32>,
    /// Places and parties (410 to 417), in the order of the label.
    pub places: Vec<Place>,
    /// All other elements, in the order of the label: known to GS1, of the right form, not interpreted.
    pub other: Vec<Element>,
}

/// An amount on a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payable {
    /// How much, for the whole of it.
    pub amount: Money,
    /// The currency's number in ISO 4217, such as 978 for the euro (393n); `None` for the store's own (392n).
    pub currency: Option<u16>,
}

/// A place or a party on a label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// What it is there: 410 ship to, 411 bill to, 412 purchased from, 413 ship for, 414 this place, 415 invoiced by,
    /// 416 produced at, 417 party.
    pub role: u16,
    /// Its Global Location Number: 13 digits, the last of them right.
    pub gln: String,
}

/// An element without a field of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Element {
    /// Its Application Identifier: 2 to 4 digits.
    pub ai: String,
    /// Its data as it stands there.
    pub data: String,
}

impl Label {
    /// Takes in one element that stands at byte `at` of the text, or says what is wrong with it.
    pub(super) fn add(&mut self, ai: &str, data: &str, at: usize, this_year: u16) -> Result<(), Fault> {
        let known = table::find(ai).filter(|(found, _)| *found == ai).ok_or(Wrong::Unknown);
        known
            .and_then(|(_, form)| form.check(data, this_year))
            .and_then(|()| self.take(ai, data, this_year))
            .map_err(|wrong| Fault::new(wrong, ai, at))
    }

    /// Takes in data whose form is right.
    fn take(&mut self, ai: &str, data: &str, this_year: u16) -> Result<(), Wrong> {
        match ai {
            "00" => set(&mut self.sscc, Some(data.to_owned())),
            "01" => set(&mut self.gtin, data.parse().ok()),
            "02" => set(&mut self.contained, data.parse().ok()),
            "10" => set(&mut self.lot, Some(data.to_owned())),
            "21" => set(&mut self.serial, Some(data.to_owned())),
            "30" => set(&mut self.count, data.parse().ok()),
            "37" => set(&mut self.contained_count, data.parse().ok()),
            "11" | "13" | "15" | "16" | "17" => {
                let slot = match ai {
                    "11" => &mut self.produced,
                    "13" => &mut self.packed,
                    "15" => &mut self.best_before,
                    "16" => &mut self.sell_by,
                    _ => &mut self.expiry,
                };
                set(slot, Date::from_six(data, this_year))
            }
            _ => self.take_by_family(ai, data),
        }
    }

    /// Takes in identifiers of which several mean one thing.
    fn take_by_family(&mut self, ai: &str, data: &str) -> Result<(), Wrong> {
        let decimals = ai.bytes().last().map_or(0, |digit| u32::from(digit.wrapping_sub(b'0')));
        match ai.get(..3).unwrap_or(ai) {
            "310" => {
                let weight = scaled(data, decimals, Quantity::DIGITS).map(Quantity::from_parts);
                set(&mut self.weight, weight)
            }
            "392" => {
                let amount = scaled(data, decimals, Money::DIGITS).map(Money::from_parts).ok_or(Wrong::Amount)?;
                set(&mut self.amount, Some(Payable { amount, currency: None }))
            }
            "393" => {
                let (currency, data) = data.split_at(3);
                let amount = scaled(data, decimals, Money::DIGITS).map(Money::from_parts).ok_or(Wrong::Amount)?;
                set(&mut self.amount, Some(Payable { amount, currency: currency.parse().ok() }))
            }
            "410" | "411" | "412" | "413" | "414" | "415" | "416" | "417" => {
                let place = Place { role: ai.parse().unwrap_or_default(), gln: data.to_owned() };
                let known = self.places.iter().find(|known| known.role == place.role).cloned();
                add(&mut self.places, known, place)
            }
            _ => {
                let element = Element { ai: ai.to_owned(), data: data.to_owned() };
                let known = self.other.iter().find(|known| known.ai == ai).cloned();
                add(&mut self.other, known, element)
            }
        }
    }
}

/// Fills an empty place; the same value once more is no fault.
fn set<T: PartialEq>(slot: &mut Option<T>, value: Option<T>) -> Result<(), Wrong> {
    if slot.is_some() && *slot != value {
        return Err(Wrong::Repeated);
    }
    *slot = value;
    Ok(())
}

fn add<T: PartialEq>(all: &mut Vec<T>, known: Option<T>, new: T) -> Result<(), Wrong> {
    match known {
        Some(known) if known != new => Err(Wrong::Repeated),
        Some(_) => Ok(()),
        None => {
            all.push(new);
            Ok(())
        }
    }
}

/// Digits of which the last `decimals` stand after the point, in parts of `10^-scale`; `None` when that is not exact or
/// does not fit.
pub(super) fn scaled(digits: &str, decimals: u32, scale: u32) -> Option<i64> {
    let number: i64 = digits.parse().ok()?;
    if decimals <= scale {
        return number.checked_mul(10_i64.checked_pow(scale - decimals)?);
    }
    let coin = 10_i64.checked_pow(decimals - scale)?;
    (number % coin == 0).then_some(number / coin)
}
