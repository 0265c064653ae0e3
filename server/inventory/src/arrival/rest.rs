//! What a device counted beyond what was booked in of its part meanwhile.

use model::{LineLot, NewLine, NewReceipt, NotTaken, PostingId, Quantity};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// An item, and of which lot it is.
type Key = (String, Option<String>);

/// What was said beyond what was booked, under an id of its own that is the same each time: nothing when that was all.
/// `None` where less was said of something, or not all of the pieces: what is too much is for a person to see.
pub(super) fn beyond(booked: &NewReceipt, said: &NewReceipt) -> Option<Option<NewReceipt>> {
    let mut left = sums(booked);
    let (mut lines, mut lots) = (Vec::new(), Vec::new());
    let named: HashMap<u32, &LineLot> = said.lots.iter().map(|lot| (lot.line, lot)).collect();
    let (known, pieces) = (serials(booked), serials(said));
    if !known.is_subset(&pieces) {
        return None;
    }
    for (nth, line) in (1..).zip(&said.lines) {
        let lot = named.get(&nth);
        let was = left.get_mut(&(line.sku.clone(), lot.map(|lot| lot.lot.clone())));
        let off = was.map_or(0, |was| {
            let off = line.quantity.parts().min(*was);
            *was -= off;
            off
        });
        let more = line.quantity.parts() - off;
        if more > 0 {
            let serials = line.serials.iter().filter(|serial| !known.contains(&(&line.sku, *serial)));
            lines.push(NewLine {
                quantity: Quantity::from_parts(more),
                serials: serials.cloned().collect(),
                ..line.clone()
            });
            let line = u32::try_from(lines.len()).unwrap_or(u32::MAX);
            lots.extend(lot.map(|lot| LineLot { line, ..(*lot).clone() }));
        }
    }
    let mut rejected = Vec::new();
    let mut not_taken: HashMap<&str, i64> =
        booked.rejected.iter().map(|line| (line.sku.as_str(), line.quantity.parts())).collect();
    for line in &said.rejected {
        let more = line.quantity.parts() - not_taken.remove(line.sku.as_str()).unwrap_or_default();
        match more {
            0 => {}
            1.. => rejected.push(NotTaken { quantity: Quantity::from_parts(more), ..line.clone() }),
            _ => return None,
        }
    }
    if !not_taken.is_empty() || left.values().any(|left| *left > 0) {
        return None;
    }
    if lines.is_empty() && rejected.is_empty() {
        return Some(None);
    }
    Some(Some(NewReceipt { id: next(said.id), lines, lots, rejected, ..said.clone() }))
}

fn sums(receipt: &NewReceipt) -> BTreeMap<Key, i64> {
    let lots: HashMap<u32, &LineLot> = receipt.lots.iter().map(|lot| (lot.line, lot)).collect();
    let mut sums = BTreeMap::new();
    for (nth, line) in (1..).zip(&receipt.lines) {
        let lot = lots.get(&nth).map(|lot| lot.lot.clone());
        *sums.entry((line.sku.clone(), lot)).or_insert(0) += line.quantity.parts();
    }
    sums
}

/// The pieces that are told apart: of which item, and their numbers.
fn serials(receipt: &NewReceipt) -> HashSet<(&str, &str)> {
    receipt
        .lines
        .iter()
        .flat_map(|line| line.serials.iter().map(|serial| (line.sku.as_str(), serial.as_str())))
        .collect()
}

/// The id of what follows that one: always the same, and of the same moment.
fn next(id: PostingId) -> PostingId {
    let tail = Sha256::new().chain_update(b"rest").chain_update(id.0.as_bytes()).finalize();
    let mut bytes = *id.0.as_bytes();
    bytes[9..].copy_from_slice(&tail[..7]);
    PostingId(Uuid::from_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt(lines: &[(&str, i64, &str)], rejected: &[(&str, i64)]) -> NewReceipt {
        let line = |(sku, size, _): &(&str, i64, &str)| NewLine {
            sku: (*sku).into(),
            quantity: Quantity::whole(*size),
            unit_price: None,
            lot: None,
            serials: Vec::new(),
        };
        let lots = (1..).zip(lines).filter(|(_, line)| !line.2.is_empty());
        let lots = lots.map(|(nth, line)| LineLot { line: nth, lot: line.2.into(), expires_on: None });
        let not_taken = |(sku, size): &(&str, i64)| NotTaken {
            sku: (*sku).into(),
            quantity: Quantity::whole(*size),
            reason: "damaged".into(),
        };
        NewReceipt {
            id: PostingId(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001)),
            store: "LON".into(),
            occurred_at: None,
            number: None,
            order: None,
            lots: lots.collect(),
            lines: lines.iter().map(line).collect(),
            rejected: rejected.iter().map(not_taken).collect(),
        }
    }

    fn told(rest: Option<Option<NewReceipt>>) -> Vec<(String, i64, String)> {
        let rest = rest.expect("no less was said").expect("more was said");
        let lot = |nth| rest.lots.iter().find(|lot| lot.line == nth).map(|lot| lot.lot.clone()).unwrap_or_default();
        let lines = (1..).zip(&rest.lines);
        lines.map(|(nth, line)| (line.sku.clone(), line.quantity.parts() / Quantity::ONE, lot(nth))).collect()
    }

    #[test]
    fn what_was_said_beyond_is_left_lot_by_lot() {
        let booked = receipt(&[("CUP", 5, ""), ("MILK", 3, "A")], &[("CUP", 1)]);
        let said = receipt(&[("MILK", 3, "A"), ("MILK", 2, "B"), ("CUP", 7, ""), ("MUG", 1, "")], &[("CUP", 3)]);
        let rest = beyond(&booked, &said);
        let line = |sku: &str, size, lot: &str| (sku.to_owned(), size, lot.to_owned());
        assert_eq!(told(rest.clone()), [line("MILK", 2, "B"), line("CUP", 2, ""), line("MUG", 1, "")]);
        let rest = rest.flatten().expect("more");
        assert_eq!(rest.rejected[0].quantity, Quantity::whole(2));
        assert_ne!(rest.id, said.id);
        assert_eq!(beyond(&booked, &said).flatten().expect("more").id, rest.id, "the same each time");
        assert_eq!(rest.id.0.get_version_num(), 7);
    }

    #[test]
    fn nothing_is_left_of_the_same_and_less_is_for_a_person() {
        let booked = receipt(&[("CUP", 5, "")], &[]);
        assert_eq!(beyond(&booked, &receipt(&[("CUP", 2, ""), ("CUP", 3, "")], &[])), Some(None));
        assert_eq!(beyond(&booked, &receipt(&[("CUP", 4, "")], &[])), None);
        assert_eq!(beyond(&booked, &receipt(&[("MUG", 9, "")], &[])), None);
        let pieces = |names: [&str; 2]| {
            let mut receipt = receipt(&[("PHONE", 2, "")], &[]);
            receipt.lines[0].serials = names.map(str::to_owned).to_vec();
            receipt
        };
        assert_eq!(beyond(&pieces(["a", "b"]), &pieces(["b", "a"])), Some(None));
        assert_eq!(beyond(&pieces(["a", "b"]), &pieces(["a", "c"])), None, "as many, but not the same");
        assert_eq!(beyond(&receipt(&[], &[("CUP", 1)]), &receipt(&[("MUG", 9, "")], &[])), None);
    }
}
