//! Packs: so many of an item with a barcode of their own, and what is wrong with one.

use model::{Flaw, Item, Pack, Quantity, barcode};
use std::collections::HashSet;

/// What is wrong with an item's packs. A pack's barcode is none of the item's other codes in whatever form: it would
/// stand for two numbers.
pub(crate) fn flaws(at: &str, sku: &str, barcodes: &[String], packs: &[Pack]) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    let mut flaw = |code: &str, message: String| flaws.push(Flaw::new(format!("{at}packs"), code, message));
    if packs.len() > Pack::MOST {
        flaw("packs", format!("use at most {} packs", Pack::MOST));
        return flaws;
    }
    let mut codes: HashSet<String> = std::iter::once(sku.to_owned()).collect();
    codes.extend(barcodes.iter().flat_map(|code| barcode::twins(code)));
    let visible = |text: &str, most: usize| {
        (1..=most).contains(&text.chars().count()) && text.trim() == text && !text.chars().any(char::is_control)
    };
    for pack in packs {
        if !visible(&pack.name, Pack::NAME_MAX) {
            flaw(
                "pack_name",
                format!("call the pack with 1 to {} visible characters, such as Case of 12", Pack::NAME_MAX),
            );
        }
        if pack.quantity <= Quantity::ZERO || pack.quantity > Quantity::LINE_MAX {
            flaw("pack_quantity", "say how many are in the pack: more than 0, at most 1 000 000 000".to_owned());
        }
        if !visible(&pack.barcode, 128) {
            flaw("pack_barcode", "give the pack a barcode of 1 to 128 visible characters".to_owned());
        }
        let twins = barcode::twins(&pack.barcode);
        if twins.iter().any(|twin| codes.contains(twin)) {
            flaw("code_twice", format!("{} is another code of this item already; a pack needs its own", pack.barcode));
        }
        codes.extend(twins);
    }
    flaws
}

/// All codes of an item that are scanned, its packs' too.
pub(crate) fn codes(item: &Item) -> impl Iterator<Item = &String> {
    item.barcodes.iter().chain(item.packs.iter().map(|pack| &pack.barcode))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(barcodes: &[&str], packs: &[(&str, &str, i64)]) -> Vec<String> {
        let barcodes: Vec<String> = barcodes.iter().map(ToString::to_string).collect();
        let pack = |(name, barcode, many): &(&str, &str, i64)| Pack {
            name: (*name).into(),
            barcode: (*barcode).into(),
            quantity: Quantity::whole(*many),
        };
        let packs: Vec<Pack> = packs.iter().map(pack).collect();
        flaws("", "CUP", &barcodes, &packs).into_iter().map(|flaw| flaw.code).collect()
    }

    #[test]
    fn a_pack_has_a_name_a_number_and_a_code_of_its_own() {
        assert!(told(&["036000291452"], &[("Case of 12", "10036000291459", 12), ("Pallet", "P-1", 480)]).is_empty());
        assert_eq!(told(&[], &[("", "X", 0)]), ["pack_name", "pack_quantity"]);
        assert_eq!(told(&[], &[("Case", "", -1)]), ["pack_quantity", "pack_barcode"]);
        assert_eq!(told(&["036000291452"], &[("Case", "0036000291452", 12)]), ["code_twice"], "in another form");
        assert_eq!(told(&[], &[("Case", "CUP", 12)]), ["code_twice"]);
        assert_eq!(told(&[], &[("Case", "X", 12), ("Tray", "X", 6)]), ["code_twice"]);
        assert_eq!(told(&[], &vec![("Case", "X", 12); 21]), ["packs"]);
    }
}
