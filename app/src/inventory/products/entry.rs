//! What a person types about a product, field by field, and how two people's changes become one.

use model::{Costing, ItemPatch, Limit, Money, Pack, Product, Quantity, gtin};
use serde::{Deserialize, Serialize};

/// A field of the editor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Field {
    /// The name.
    Name,
    /// All barcodes, one a line.
    Barcodes,
    /// All packs, one a line: name, how many and barcode, with tabs between them.
    Packs,
    /// Price of one.
    Price,
    /// The base unit.
    Unit,
    /// The name of the category.
    Category,
    /// The id of the tax class; empty for none.
    TaxClass,
    /// The name of the rule by which its goods are costed.
    Costing,
    /// The fewest that the store wants.
    Minimum,
    /// The most.
    Maximum,
}

impl Field {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 10] = [
        Self::Name,
        Self::Barcodes,
        Self::Packs,
        Self::Price,
        Self::Unit,
        Self::Category,
        Self::TaxClass,
        Self::Costing,
        Self::Minimum,
        Self::Maximum,
    ];
}

/// The text of each field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry([String; 10]);

/// A field that two people changed to two things.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    /// Which.
    pub field: Field,
    /// What is typed here.
    pub mine: String,
    /// What the other one saved.
    pub theirs: String,
}

/// Why a field cannot be taken as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// Nothing stands there.
    Missing,
    /// No number.
    NotNumber,
    /// A code whose last digit should be another.
    Digit(String, char),
    /// Below the minimum.
    Turned,
    /// A pack without a name, a number or a barcode.
    Pack,
    /// A pack whose barcode is another code of the product too.
    Twice(String),
}

impl Entry {
    /// The text of a field.
    #[must_use]
    pub fn get(&self, field: Field) -> &str {
        &self.0[field as usize]
    }

    /// Another text for a field.
    pub fn set(&mut self, field: Field, text: String) {
        self.0[field as usize] = text;
    }

    /// What the editor shows of a product, seen from a store; numbers with a point or a comma.
    #[must_use]
    pub fn of(product: &Product, store: &str, comma: bool) -> Self {
        let limit = product.limits.iter().find(|limit| limit.store == store);
        let number = |text: String| if comma { text.replace('.', ",") } else { text };
        let quantity = |size: Option<Quantity>| size.map(|size| number(size.to_string())).unwrap_or_default();
        let mut entry = Self::default();
        entry.set(Field::Name, product.item.name.clone());
        entry.set(Field::Barcodes, product.item.barcodes.join("\n"));
        let line = |pack: &Pack| {
            [&pack.name, &number(pack.quantity.to_string()), &pack.barcode].map(String::as_str).join("\t")
        };
        entry.set(Field::Packs, product.item.packs.iter().map(line).collect::<Vec<_>>().join("\n"));
        entry.set(Field::Price, product.item.price.map(|price| number(price.to_string())).unwrap_or_default());
        entry.set(Field::Unit, product.item.unit.clone());
        entry.set(Field::Category, product.category.clone().unwrap_or_default());
        entry.set(Field::TaxClass, product.tax_class.map(|class| class.to_string()).unwrap_or_default());
        entry.set(Field::Costing, product.item.costing.name().to_owned());
        entry.set(Field::Minimum, quantity(limit.and_then(|limit| limit.minimum)));
        entry.set(Field::Maximum, quantity(limit.and_then(|limit| limit.maximum)));
        entry
    }

    /// The barcodes, each once.
    #[must_use]
    pub fn barcodes(&self) -> Vec<String> {
        let mut codes: Vec<String> = self
            .get(Field::Barcodes)
            .lines()
            .map(str::trim)
            .filter(|code| !code.is_empty())
            .map(str::to_owned)
            .collect();
        codes.sort();
        codes.dedup();
        codes
    }

    /// The cells of each pack's line: name, how many, barcode.
    #[must_use]
    pub fn pack_lines(&self) -> Vec<[String; 3]> {
        let text = self.get(Field::Packs);
        let line = |line: &str| {
            let mut cells = line.splitn(3, '\t').map(str::to_owned);
            std::array::from_fn(|_| cells.next().unwrap_or_default())
        };
        if text.is_empty() { Vec::new() } else { text.split('\n').map(line).collect() }
    }

    /// Other lines for the packs.
    pub fn set_pack_lines(&mut self, lines: &[[String; 3]]) {
        self.set(Field::Packs, lines.iter().map(|cells| cells.join("\t")).collect::<Vec<_>>().join("\n"));
    }

    /// The packs, without empty lines; `None` when one is not whole.
    #[must_use]
    pub fn packs(&self) -> Option<Vec<Pack>> {
        let lines = self.pack_lines().into_iter().filter(|cells| cells.iter().any(|cell| !cell.trim().is_empty()));
        let pack = |[name, many, barcode]: [String; 3]| {
            let (name, barcode) = (name.trim().to_owned(), barcode.trim().to_owned());
            let quantity = quantity(&many).filter(|many| *many > Quantity::ZERO)?;
            (!name.is_empty() && !barcode.is_empty()).then_some(Pack { name, barcode, quantity })
        };
        lines.map(pack).collect()
    }

    /// What is wrong with the packs.
    fn wrong_pack(&self, saved: &Self) -> Option<Wrong> {
        let Some(packs) = self.packs() else { return Some(Wrong::Pack) };
        let known = saved.packs().unwrap_or_default();
        let mut codes = self.barcodes();
        for Pack { barcode, .. } in packs {
            if codes.contains(&barcode) {
                return Some(Wrong::Twice(barcode));
            }
            let right = gtin::wrong_check_digit(&barcode).filter(|_| known.iter().all(|pack| pack.barcode != barcode));
            if let Some(right) = right {
                return Some(Wrong::Digit(barcode, right));
            }
            codes.push(barcode);
        }
        None
    }

    /// The price; none when nothing stands there.
    #[must_use]
    pub fn price(&self) -> Option<Money> {
        plain(self.get(Field::Price)).parse().ok()
    }

    /// How its goods are costed, if that is said.
    #[must_use]
    pub fn costing(&self) -> Option<Costing> {
        Costing::named(self.get(Field::Costing))
    }

    /// What is wrong with a field. A barcode that was `saved` before is a till's own, whatever its last digit.
    #[must_use]
    pub fn wrong(&self, field: Field, saved: &Self) -> Option<Wrong> {
        let text = self.get(field).trim();
        match field {
            Field::Name | Field::Unit => text.is_empty().then_some(Wrong::Missing),
            Field::Barcodes => {
                let known = saved.barcodes();
                self.barcodes().into_iter().filter(|code| !known.contains(code)).find_map(|code| {
                    let right = gtin::wrong_check_digit(&code)?;
                    Some(Wrong::Digit(code, right))
                })
            }
            Field::Packs => self.wrong_pack(saved),
            Field::Category | Field::TaxClass | Field::Costing => None,
            Field::Price => {
                let sound = text.is_empty() || self.price().is_some_and(|price| price >= Money::ZERO);
                (!sound).then_some(Wrong::NotNumber)
            }
            Field::Minimum | Field::Maximum => {
                let size = quantity(text);
                if !text.is_empty() && size.is_none_or(Quantity::is_negative) {
                    return Some(Wrong::NotNumber);
                }
                let turned = field == Field::Maximum
                    && quantity(self.get(Field::Minimum)).zip(size).is_some_and(|(least, most)| most < least);
                turned.then_some(Wrong::Turned)
            }
        }
    }

    /// The change that makes a product, which showed as `base`, into what is typed: fields that are still as they were
    /// shown are left out.
    #[must_use]
    pub fn patch(&self, base: &Self, store: &str) -> ItemPatch {
        let differs = |field: Field| self.get(field).trim() != base.get(field).trim();
        let text = |field: Field| differs(field).then(|| self.get(field).trim().to_owned());
        let limits = (differs(Field::Minimum) || differs(Field::Maximum)).then(|| {
            let [minimum, maximum] = [Field::Minimum, Field::Maximum].map(|field| quantity(self.get(field)));
            vec![Limit { store: store.to_owned(), minimum, maximum }]
        });
        ItemPatch {
            name: text(Field::Name),
            barcodes: differs(Field::Barcodes).then(|| self.barcodes()),
            packs: self.packs().filter(|packs| Some(packs) != base.packs().as_ref()),
            unit: text(Field::Unit),
            price: differs(Field::Price).then(|| self.price()),
            archived: None,
            image: None,
            promise: None,
            web_promise: None,
            tracking: None,
            components: None,
            category: text(Field::Category).map(|name| Some(name).filter(|name| !name.is_empty())),
            tax_class: (differs(Field::TaxClass)).then(|| self.get(Field::TaxClass).trim().parse().ok()),
            costing: self.costing().filter(|costing| Some(*costing) != base.costing()),
            limits,
        }
    }

    /// Somebody else saved `theirs` while this was typed over `base`: what only they changed is taken over, what only I
    /// changed stays, and what both changed is for a person to decide.
    #[must_use]
    pub fn rebased(&self, base: &Self, theirs: &Self) -> (Self, Vec<Clash>) {
        let (mut merged, mut clashes) = (self.clone(), Vec::new());
        for field in Field::ALL {
            let (mine, was, now) = (self.get(field), base.get(field), theirs.get(field));
            if mine == was {
                merged.set(field, now.to_owned());
            } else if now != was && now != mine {
                clashes.push(Clash { field, mine: mine.to_owned(), theirs: now.to_owned() });
            }
        }
        (merged, clashes)
    }

    /// What `sent` was is saved now, and reads as `saved`: only what was typed since stays. There is nothing to decide,
    /// because both are one's own.
    #[must_use]
    pub fn since(&self, sent: &Self, saved: &Self) -> Self {
        self.rebased(sent, saved).0
    }
}

/// Both people's barcodes together.
#[must_use]
pub fn both(clash: &Clash) -> String {
    let mut codes: Vec<&str> = clash.mine.lines().chain(clash.theirs.lines()).collect();
    codes.sort_unstable();
    codes.dedup();
    codes.join("\n")
}

fn plain(text: &str) -> String {
    text.trim().replace(',', ".")
}

fn quantity(text: &str) -> Option<Quantity> {
    plain(text).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, price: &str, codes: &str) -> Entry {
        let mut entry = Entry::default();
        for (field, text) in
            [(Field::Name, name), (Field::Price, price), (Field::Barcodes, codes), (Field::Unit, "piece")]
        {
            entry.set(field, text.to_owned());
        }
        entry
    }

    #[test]
    fn what_two_people_changed_in_different_fields_becomes_one() {
        let base = entry("Cup", "2.50", "");
        let (merged, clashes) = entry("Blue cup", "2.50", "").rebased(&base, &entry("Cup", "3.00", ""));
        assert_eq!((merged, clashes), (entry("Blue cup", "3.00", ""), vec![]));
    }

    #[test]
    fn what_both_changed_is_for_a_person_to_decide_and_what_is_typed_stays() {
        let base = entry("Cup", "2.50", "1");
        let (merged, clashes) = entry("Blue cup", "2.50", "1\n2").rebased(&base, &entry("Red cup", "2.50", "1\n3"));
        assert_eq!(merged.get(Field::Name), "Blue cup");
        assert_eq!(clashes.iter().map(|clash| clash.field).collect::<Vec<_>>(), [Field::Name, Field::Barcodes]);
        assert_eq!(both(&clashes[1]), "1\n2\n3");
    }

    #[test]
    fn what_was_typed_after_it_was_sent_stays_and_the_rest_reads_as_it_was_saved() {
        let (sent, saved) = (entry(" Cup", "3,1", ""), entry("Cup", "3.10", ""));
        assert_eq!(entry(" Cup", "3,15", "").since(&sent, &saved), entry("Cup", "3,15", ""));
        assert_eq!(sent.since(&sent, &saved), saved);
    }

    #[test]
    fn only_what_was_touched_is_sent() {
        let base = entry("Cup", "2,50", "");
        let patch = entry("Cup", "3,10", "").patch(&base, "LON");
        assert_eq!(patch, ItemPatch { price: Some("3.10".parse().ok()), ..ItemPatch::default() });
        assert!(base.patch(&base, "LON").is_empty());
    }

    #[test]
    fn another_way_of_costing_is_sent_and_the_same_is_not() {
        let (mut base, mut typed) = (entry("Cup", "", ""), entry("Cup", "", ""));
        base.set(Field::Costing, Costing::Fifo.name().to_owned());
        typed.set(Field::Costing, Costing::Average.name().to_owned());
        let patch = ItemPatch { costing: Some(Costing::Average), ..ItemPatch::default() };
        assert_eq!((typed.patch(&base, "LON"), typed.patch(&typed, "LON")), (patch, ItemPatch::default()));
    }

    #[test]
    fn a_pack_is_whole_and_its_code_is_its_own() {
        let (base, mut typed) = (entry("Cup", "", "96385074"), entry("Cup", "", "96385074"));
        let mut packs = |lines: &[[&str; 3]]| {
            let lines: Vec<_> = lines.iter().map(|cells| cells.map(str::to_owned)).collect();
            typed.set_pack_lines(&lines);
            assert_eq!(typed.pack_lines(), lines);
            (typed.wrong(Field::Packs, &base), typed.patch(&base, "LON").packs)
        };
        let case = Pack { name: "Case".into(), barcode: "C-1".into(), quantity: "12.5".parse().expect("a decimal") };
        assert_eq!(packs(&[["Case ", "12,5", "C-1"], ["", "", ""]]), (None, Some(vec![case])), "an empty line is none");
        assert_eq!(packs(&[["Case", "", "C-1"]]), (Some(Wrong::Pack), None));
        assert_eq!(packs(&[["Case", "0", "C-1"]]).0, Some(Wrong::Pack));
        assert_eq!(packs(&[["Case", "12", "96385074"]]).0, Some(Wrong::Twice("96385074".into())));
        assert_eq!(packs(&[["Case", "12", "5012345678901"]]).0, Some(Wrong::Digit("5012345678901".into(), '0')));
        assert_eq!(packs(&[]), (None, None));
    }

    #[test]
    fn a_field_says_what_is_wrong_with_it() {
        let mut wrong = entry("", "abc", "5012345678901");
        wrong.set(Field::Minimum, "5".into());
        wrong.set(Field::Maximum, "2".into());
        let none = Entry::default();
        assert_eq!(wrong.wrong(Field::Name, &none), Some(Wrong::Missing));
        assert_eq!(wrong.wrong(Field::Price, &none), Some(Wrong::NotNumber));
        assert_eq!(wrong.wrong(Field::Barcodes, &none), Some(Wrong::Digit("5012345678901".into(), '0')));
        assert_eq!(wrong.wrong(Field::Barcodes, &wrong), None, "it was there before");
        assert_eq!(wrong.wrong(Field::Maximum, &none), Some(Wrong::Turned));
        assert_eq!(entry("Cup", "", "").wrong(Field::Price, &none), None);
    }
}
