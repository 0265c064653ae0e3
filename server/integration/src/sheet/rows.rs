//! Rows of a product file, read by what their columns mean; what cannot be taken is told with how to mend it.

use super::export::unguarded;
use super::{Cell, Table, number, options};
use model::{Category, Column, Field, Mapping, Money, NewFamily, OfFamily, Quantity, RowFault, barcode, gtin};
use std::collections::HashMap;

/// One product as its row says it; what the row leaves empty stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Row {
    /// The row's number as a spreadsheet shows it.
    pub number: u64,
    pub sku: String,
    pub name: Option<String>,
    pub barcodes: Option<Vec<String>>,
    pub unit: Option<String>,
    pub price: Option<Money>,
    pub category: Option<String>,
    pub tax_class: Option<String>,
    pub family: Option<OfFamily>,
    pub quantity: Option<Quantity>,
    pub minimum: Option<Quantity>,
    pub maximum: Option<Quantity>,
    pub archived: Option<bool>,
}

/// What a file says.
#[derive(Default)]
pub(super) struct Read {
    pub rows: Vec<Row>,
    pub faults: Vec<RowFault>,
    /// What stands above the column of each meaning.
    pub titles: HashMap<Field, String>,
}

/// Reads all rows.
pub(super) fn read(table: &Table, columns: &[Column], titles: bool, mapping: &Mapping) -> Read {
    let titles_of = mapping.fields.iter().zip(columns).map(|(field, column)| (*field, column.title.clone()));
    let mut read = Read { titles: titles_of.collect(), ..Read::default() };
    let mut skus: HashMap<String, u64> = HashMap::new();
    let mut codes: HashMap<String, u64> = HashMap::new();
    for (at, cells) in table.rows.iter().enumerate().skip(usize::from(titles)) {
        if cells.iter().all(|cell| cell.text().trim().is_empty()) {
            continue;
        }
        let mut reader = Reader { cells, columns, mapping, number: at as u64 + 1, faults: Vec::new() };
        let row = reader.row();
        let twice = skus.insert(row.sku.clone(), row.number).filter(|_| !row.sku.is_empty());
        if let Some(before) = twice {
            reader.fault(Field::Sku, "twice", before.to_string());
        }
        for code in row.barcodes.iter().flatten() {
            let before = codes.get(code).copied();
            if let Some(before) = before.filter(|before| *before != row.number) {
                reader.fault(Field::Barcode, "code_twice", before.to_string());
            }
            codes.extend(barcode::twins(code).into_iter().map(|twin| (twin, row.number)));
        }
        if reader.faults.is_empty() {
            read.rows.push(row);
        } else {
            read.faults.append(&mut reader.faults);
        }
    }
    read
}

/// The longest names, in characters.
const TAX_CLASS_MAX: usize = 40;
const FAMILY_MAX: usize = 200;

fn is_word(text: &str) -> bool {
    text.chars().count() <= NewFamily::WORD_MAX
}

struct Reader<'a> {
    cells: &'a [Cell],
    columns: &'a [Column],
    mapping: &'a Mapping,
    number: u64,
    faults: Vec<RowFault>,
}

impl Reader<'_> {
    fn row(&mut self) -> Row {
        let barcodes = self.barcodes();
        let sku = self.text(Field::Sku, 64).or_else(|| barcodes.as_ref().and_then(|codes| codes.first().cloned()));
        if sku.is_none() {
            self.fault(Field::Sku, "no_sku", String::new());
        }
        let price: Option<Money> = self.number(Field::Price);
        if price.is_some_and(|price| price < Money::ZERO || price > Money::PRICE_MAX) {
            self.fault(Field::Price, "negative", "0".to_owned());
        }
        let [quantity, minimum, maximum] =
            [Field::Quantity, Field::Minimum, Field::Maximum].map(|field| self.number::<Quantity>(field));
        for (field, size) in [(Field::Minimum, minimum), (Field::Maximum, maximum)] {
            if size.is_some_and(|size| size.is_negative() || size > Quantity::LINE_MAX) {
                self.fault(field, "negative", "0".to_owned());
            }
        }
        if quantity.is_some_and(|size| size.abs() > Quantity::LINE_MAX) {
            self.fault(Field::Quantity, "too_many", "1000000000".to_owned());
        }
        if minimum.zip(maximum).is_some_and(|(minimum, maximum)| maximum < minimum) {
            self.fault(Field::Maximum, "turned", minimum.unwrap_or_default().to_string());
        }
        Row {
            number: self.number,
            sku: sku.unwrap_or_default(),
            name: self.text(Field::Name, 200),
            barcodes,
            unit: self.text(Field::Unit, 20),
            price,
            category: self.text(Field::Category, Category::NAME_MAX),
            tax_class: self.text(Field::TaxClass, TAX_CLASS_MAX),
            family: self.family(),
            quantity,
            minimum,
            maximum,
            archived: self.yes_or_no(),
        }
    }

    fn cell(&self, field: Field) -> &Cell {
        let at = self.mapping.fields.iter().position(|known| *known == field);
        at.and_then(|at| self.cells.get(at)).unwrap_or(&Cell::Empty)
    }

    fn fault(&mut self, field: Field, code: &str, hint: String) {
        let at = self.mapping.fields.iter().position(|known| *known == field);
        let column = at.and_then(|at| self.columns.get(at)).map(|column| column.title.clone()).unwrap_or_default();
        let found = self.cell(field).text().chars().take(60).collect();
        self.faults.push(RowFault { row: self.number, column, found, code: code.to_owned(), hint });
    }

    fn text(&mut self, field: Field, most: usize) -> Option<String> {
        let text = unguarded(self.cell(field).text());
        let text: String = text.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        if text.chars().count() > most {
            self.fault(field, "too_long", most.to_string());
        }
        (!text.is_empty()).then_some(text)
    }

    fn number<T: std::str::FromStr>(&mut self, field: Field) -> Option<T> {
        let cell = self.cell(field);
        if cell.text().trim().is_empty() {
            return None;
        }
        let read = number::read(cell, self.mapping.comma);
        if read.is_none() {
            let hint = number::hint(cell, self.mapping.comma);
            self.fault(field, "not_number", hint);
        }
        read
    }

    /// Codes with spaces, commas or semicolons between them, each with a right check digit.
    fn barcodes(&mut self) -> Option<Vec<String>> {
        let text = unguarded(self.cell(Field::Barcode).text());
        let split = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|');
        let mut codes: Vec<String> = text.split(split).filter(|code| !code.is_empty()).map(str::to_owned).collect();
        codes.sort();
        codes.dedup();
        for code in &codes {
            if let Some(right) = gtin::wrong_check_digit(code) {
                let mended = format!("{}{right}", &code[..code.len() - 1]);
                self.fault(Field::Barcode, "check_digit", mended);
            } else if code.chars().count() > 128 {
                self.fault(Field::Barcode, "too_long", "128".to_owned());
            }
        }
        if codes.len() > 50 {
            self.fault(Field::Barcode, "too_many_codes", "50".to_owned());
        }
        (!codes.is_empty()).then_some(codes)
    }

    /// A family's name and what the item is in it: one of them says nothing without the other.
    fn family(&mut self) -> Option<OfFamily> {
        let (name, told) = (self.text(Field::Family, FAMILY_MAX), unguarded(self.cell(Field::Options).text()));
        let told = told.trim();
        match (name, told.is_empty()) {
            (None, true) => None,
            (Some(_), true) => {
                self.fault(Field::Options, "no_options", options::EXAMPLE.to_owned());
                None
            }
            (None, false) => {
                self.fault(Field::Family, "no_family", String::new());
                None
            }
            (Some(name), false) => {
                let Some(options) = options::read(told) else {
                    self.fault(Field::Options, "not_options", options::EXAMPLE.to_owned());
                    return None;
                };
                if options.iter().any(|(option, value)| [option, value].iter().any(|word| !is_word(word))) {
                    self.fault(Field::Options, "too_long", NewFamily::WORD_MAX.to_string());
                }
                Some(OfFamily { name, options })
            }
        }
    }

    fn yes_or_no(&mut self) -> Option<bool> {
        let text = self.cell(Field::Archived).text().trim().to_lowercase();
        match text.as_str() {
            "" => None,
            "yes" | "y" | "true" | "1" | "x" | "sí" | "si" | "s" | "verdadero" => Some(true),
            "no" | "n" | "false" | "0" | "falso" => Some(false),
            _ => {
                self.fault(Field::Archived, "not_yes_no", "yes".to_owned());
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::guess;
    use super::*;

    fn read_file(file: &str, comma: bool) -> Read {
        let table = Table::read(file.as_bytes()).expect("it is read");
        let columns = guess::columns(&table, true);
        let fields = columns.iter().map(|column| column.guess).collect();
        read(&table, &columns, true, &Mapping { store: "LON".into(), fields, comma })
    }

    #[test]
    fn a_sound_row_is_read_whole() {
        let read =
            read_file("sku;nombre;código de barras;precio;min\nA1;Taza;5012345678900 96385074;1.234,50 €;2\n", true);
        assert!(read.faults.is_empty(), "{:?}", read.faults);
        let row = &read.rows[0];
        assert_eq!((row.number, row.sku.as_str(), row.name.as_deref()), (2, "A1", Some("Taza")));
        assert_eq!(row.price.map(|price| price.to_string()).as_deref(), Some("1234.50"));
        assert_eq!(row.barcodes.as_ref().map(Vec::len), Some(2));
    }

    #[test]
    fn each_mistake_is_told_with_its_row_and_what_to_write() {
        let file = "sku,name,barcode,price,min,max\nA,Cup,5012345678901,2,,\nB,Mug,,abc,,\n,Jug,,1,,\nB,Pot,,1,5,2\n";
        let read = read_file(file, false);
        let told: Vec<_> = read.faults.iter().map(|f| (f.row, f.code.as_str(), f.hint.as_str())).collect();
        let expected = [
            (2, "check_digit", "5012345678900"),
            (3, "not_number", "2.55"),
            (4, "no_sku", ""),
            (5, "turned", "5"),
            (5, "twice", "3"),
        ];
        assert_eq!(told, expected);
        assert!(read.rows.is_empty());
    }

    #[test]
    fn a_family_is_read_with_its_options_and_half_of_it_is_told() {
        let file = "sku,name,family,options\nA,Shirt S,Shirt,Size: S | Colour: Red\nB,Shirt,Shirt,\nC,Shirt,,Size: S\n\
                    D,Shirt,Shirt,large\nE,Plain,,\n";
        let read = read_file(file, false);
        let part = read.rows[0].family.as_ref().expect("it is read");
        let words = [("Size", "S"), ("Colour", "Red")].map(|(option, value)| (option.to_owned(), value.to_owned()));
        assert_eq!((part.name.as_str(), part.options.as_slice()), ("Shirt", &words[..]));
        assert_eq!(read.rows[1].family, None);
        let told: Vec<_> = read.faults.iter().map(|f| (f.row, f.column.as_str(), f.code.as_str())).collect();
        let expected = [(3, "options", "no_options"), (4, "family", "no_family"), (5, "options", "not_options")];
        assert_eq!(told, expected);
    }
}
